namespace CovidCt.Data;

/// <summary>What the ways of drawing folds are called.</summary>
public static class GroupBys
{
    /// <summary>The name in files and on the command line: <c>image</c>, <c>patient</c>, <c>source</c> or <c>official</c>.</summary>
    /// <param name="groupBy">The way.</param>
    public static string Name(this GroupBy groupBy) => groupBy.ToString().ToLowerInvariant();
}
