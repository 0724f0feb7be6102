namespace CovidCt.Audit;

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
