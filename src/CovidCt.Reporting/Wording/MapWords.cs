namespace CovidCt.Reporting.Wording;

/// <summary>Maps of what networks looked at, in words.</summary>
internal static class MapWords
{
    /// <summary>How many maps and audits there are; null of none.</summary>
    /// <param name="methods">The method of each map.</param>
    /// <param name="audits">The number of audits.</param>
    public static string? InWords(IReadOnlyList<string> methods, int audits)
    {
        if (methods.Count == 0 && audits == 0)
        {
            return null;
        }

        var by = methods.Count == 0 ? "" : $" ({Lists.Listed(methods.Distinct())})";
        var audited = audits == 0
            ? "none was audited."
            : $"{Numbers.Counted(audits, "audit")} of such maps by occlusion, deletion, insertion, ROAD and randomised layers.";
        return $"{Numbers.Counted(methods.Count, "map")} of what networks looked at{by}; {audited}";
    }
}
