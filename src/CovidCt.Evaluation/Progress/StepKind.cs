namespace CovidCt.Progress;

/// <summary>What is done in a step.</summary>
public enum StepKind
{
    /// <summary>The data set is audited: files are read, hashed and decoded; counted in images.</summary>
    Reading,

    /// <summary>The data set is audited: images are compared with each other; counted in images.</summary>
    Comparing,

    /// <summary>The data set is audited: classifiers are fitted to what isn't anatomy; counted in cross-validations.</summary>
    Probing,

    /// <summary>Images are decoded, once for all networks; counted in images.</summary>
    Decoding,

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

    /// <summary>Predictions that were made elsewhere are read; counted in KiB of text.</summary>
    Predictions,

    /// <summary>A trained network answers about a data set; counted in images.</summary>
    Testing,

    /// <summary>
    /// Predictions are judged: figures with their intervals; counted in hundredths of each network, of what is between networks, and of
    /// groups.
    /// </summary>
    Judging,

    /// <summary>A network is run to see in which ranges its values lie; counted in images, of which each is run twice.</summary>
    Quantising,
}
