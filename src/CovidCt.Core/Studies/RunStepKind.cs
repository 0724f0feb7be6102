namespace CovidCt.Studies;

/// <summary>What is done with a finished run.</summary>
public enum RunStepKind
{
    /// <summary>The network's features of the images are computed; counted in images.</summary>
    Features,

    /// <summary>The features are embedded in the plane; counted in iterations.</summary>
    Embedding,

    /// <summary>The network's answers are explained; counted in images.</summary>
    Explaining,

    /// <summary>The features that controls are made on are computed; counted in images.</summary>
    Controls,

    /// <summary>Maps are audited; counted in images.</summary>
    Auditing,

    /// <summary>The network's layers are randomised one after the other; counted in levels.</summary>
    Randomising,
}
