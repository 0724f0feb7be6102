namespace CovidCt.Audit;

/// <summary>How far an audit is.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">How much of it is done; ascending.</param>
/// <param name="Total">How much there is.</param>
public readonly record struct AuditProgress(AuditStep Step, int Done, int Total);
