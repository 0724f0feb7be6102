namespace CovidCt.Data;

/// <summary>What the ways of drawing folds are called in files.</summary>
public static class GroupBys
{
    /// <summary>Folds of whole sources.</summary>
    internal const string Sources = "sources";

    /// <summary>Each source left out in turn; the word is older than folds of whole sources, and older studies are read by it.</summary>
    internal const string EachSource = "source";

    /// <summary>
    /// The name in files: <c>image</c>, <c>patient</c>, <c>sources</c> for folds of whole sources, <c>source</c> for each source left out
    /// in turn, or <c>official</c>.
    /// </summary>
    /// <param name="groupBy">The way.</param>
    public static string Name(this GroupBy groupBy) => groupBy switch
    {
        GroupBy.Source => Sources,
        GroupBy.EachSource => EachSource,
        _ => groupBy.ToString().ToLowerInvariant(),
    };
}
