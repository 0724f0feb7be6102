namespace CovidCt.Audit;

/// <summary>How much a finding weighs, from nothing to a reason not to believe figures.</summary>
public enum AuditVerdict
{
    /// <summary>It was looked for and is not there.</summary>
    Clean,

    /// <summary>Good to know; figures stand.</summary>
    Note,

    /// <summary>It can flatter figures, or spoil some images.</summary>
    Warning,

    /// <summary>Figures made without dealing with it say little.</summary>
    Serious,
}
