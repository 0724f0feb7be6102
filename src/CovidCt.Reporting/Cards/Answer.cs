namespace CovidCt.Reporting.Cards;

/// <summary>What a study's folder says to an item of a checklist.</summary>
/// <param name="Text">The answer, in plain text.</param>
/// <param name="Source">The file that it is from, or the program where it is the same in every study.</param>
/// <param name="Rest">What people have to add; null where nothing is left.</param>
internal sealed record Answer(string Text, string Source, string? Rest = null)
{
    /// <summary>The source of what holds for every study.</summary>
    public const string Program = "CovidCt";
}

/// <summary>How far a study's folder answers an item.</summary>
internal enum ItemState
{
    /// <summary>The run says it.</summary>
    Answered,

    /// <summary>The run says some of it, people have to add the rest.</summary>
    Partly,

    /// <summary>Only people can answer.</summary>
    Open,
}
