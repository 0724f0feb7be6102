using CovidCt.Answers;
using CovidCt.Data;

namespace CovidCt.Records;

/// <summary>A trained network, or several that answer as one, that was tested on a data set: what is known of it.</summary>
/// <param name="Network">The published name of the network.</param>
/// <param name="Networks">How many answer together, from 1.</param>
/// <param name="Images">How many images it answered about.</param>
/// <param name="IsCalibrated">Whether it states calibrated probabilities too.</param>
/// <param name="SetLevel">How often its prediction sets are to hold the class of an image, in (0, 1); null where it has none.</param>
/// <param name="TellsUnlike">Whether it tells images that are unlike those it was trained on.</param>
public sealed record TestedModel(string Network, int Networks, int Images, bool IsCalibrated, double? SetLevel, bool TellsUnlike)
{
    /// <summary>The files that it consists of; none where that isn't said.</summary>
    public IReadOnlyList<ModelFile> Files { get; init => field = value ?? []; } = [];

    /// <summary>The name of the data set that it was trained on; null where that is unknown.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>
    /// How many of the images have the path and the class of one that it was trained on; null where these are unknown. Equal images under
    /// other names are not seen by it.
    /// </summary>
    public int? TrainedImages { get; init; }

    /// <summary>Images of the data set that were left out, each with its reason.</summary>
    public IReadOnlyList<Rejection> Rejected { get; init => field = value ?? []; } = [];

    /// <summary>What the data set calls the classes, the negative one first; null where it calls them as the network does.</summary>
    public IReadOnlyList<string>? ClassesThere { get; init; }

    /// <summary>A file of the network.</summary>
    /// <param name="Name">Its name, without the folders above the network: a report may be shown to anyone.</param>
    /// <param name="Sha256">The SHA-256 of its content, in hexadecimal digits.</param>
    public sealed record ModelFile(string Name, string Sha256);

    /// <summary>What it answered about an image besides a probability: a row of <c>answers.csv</c>.</summary>
    /// <param name="Path">The image, relative to the root of the data set, with <c>/</c>.</param>
    /// <param name="Calibrated">The calibrated probability of the positive class, in [0, 1]; null where there is none.</param>
    /// <param name="Set">Whether its prediction set holds the positive class, and the other; null where there is none.</param>
    /// <param name="Distance">How far the image is from those of training; null where that isn't known.</param>
    public sealed record Answer(string Path, double? Calibrated, (bool Positive, bool Negative)? Set, TrainingDistance? Distance);
}
