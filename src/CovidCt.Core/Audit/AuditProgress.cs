namespace CovidCt.Audit;

/// <summary>How far an audit is.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">How much of it is done; ascending.</param>
/// <param name="Total">How much there is.</param>
public readonly record struct AuditProgress(AuditStep Step, int Done, int Total);

/// <summary>The parts of an audit, in their order.</summary>
public enum AuditStep
{
    /// <summary>Files are read, hashed and decoded; counted in images.</summary>
    Reading,

    /// <summary>Images are compared with each other; counted in images.</summary>
    Comparing,

    /// <summary>Classifiers are fitted to what isn't anatomy; counted in cross-validations.</summary>
    Probing,
}
