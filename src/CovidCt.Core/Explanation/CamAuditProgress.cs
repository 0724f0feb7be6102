namespace CovidCt.Explanation;

/// <summary>How far an audit has come.</summary>
/// <param name="Part">The part under way.</param>
/// <param name="Done">Images done, or levels of randomisation.</param>
/// <param name="Total">Images or levels in all.</param>
internal readonly record struct CamAuditProgress(CamAuditParts Part, int Done, int Total);
