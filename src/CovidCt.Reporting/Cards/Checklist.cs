namespace CovidCt.Reporting.Cards;

/// <summary>An item of a checklist: a line of its table.</summary>
/// <param name="Number">Its number in the publication.</param>
/// <param name="Topic">What it is about, in a word or three.</param>
/// <param name="Wording">What has to be stated, in words of this program.</param>
/// <param name="Ask">What a study's folder says to it; null where only people can answer.</param>
internal sealed record ChecklistItem(string Number, string Topic, string Wording, Func<StudyFacts, Answer?> Ask);

/// <summary>A published checklist.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Reference">Where it was published.</param>
/// <param name="Remark">What a reader has to know of its form here.</param>
/// <param name="Items">In the publication's order.</param>
internal sealed record Checklist(string Name, string Reference, string Remark, IReadOnlyList<ChecklistItem> Items)
{
    /// <summary>All checklists.</summary>
    public static IReadOnlyList<Checklist> All { get; } = [Claim.Checklist, TripodAi.Checklist, StardAi.Checklist, ProbastAi.Checklist];

    /// <summary>What its words mean in a study of this program; null where they need no such word.</summary>
    public string? InAStudy { get; init; }

    /// <summary>Whether its items tell predictions that were made elsewhere from a study by themselves.</summary>
    public bool KnowsGiven { get; init; }

    /// <summary>Asks a study's folder every item.</summary>
    public FilledChecklist Fill(StudyFacts facts) => new(this, [.. Items.Select(item => new FilledItem(item, Ask(item, facts)))]);

    private Answer? Ask(ChecklistItem item, StudyFacts facts) =>
        facts.IsGiven && !KnowsGiven ? GivenAnswers.Of(item.Ask, facts) : item.Ask(facts);
}

/// <summary>An item with what a study's folder says to it.</summary>
internal sealed record FilledItem(ChecklistItem Item, Answer? Answer)
{
    public ItemState State => Answer switch { null => ItemState.Open, { Rest: null } => ItemState.Answered, _ => ItemState.Partly };
}

/// <summary>A checklist with what a study's folder says to it.</summary>
internal sealed record FilledChecklist(Checklist Checklist, IReadOnlyList<FilledItem> Items)
{
    public int Count(ItemState state) => Items.Count(item => item.State == state);
}
