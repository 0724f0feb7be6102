namespace CovidCt.Records;

/// <summary>Why a folder can't be used as asked.</summary>
public enum FolderProblem
{
    /// <summary>What the message says: a file is missing or damaged, or it is no such folder.</summary>
    Unusable,

    /// <summary>It can't be written.</summary>
    NotWritable,

    /// <summary>It is not empty, and was not to be gone on with.</summary>
    NotEmpty,

    /// <summary>Another process works in it.</summary>
    InUse,

    /// <summary>It holds a study or run of other settings.</summary>
    OtherConfiguration,

    /// <summary>The study or run in it is not finished.</summary>
    Unfinished,

    /// <summary>It has fewer seeds than were asked for.</summary>
    FewerSeeds,

    /// <summary>Its images were read by another decoder.</summary>
    OtherDecoder,
}
