using CovidCt.Calibration;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>One run's folder: a network on a fold.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Fold">From 0.</param>
/// <param name="IsFinished">Whether its test predictions are there.</param>
/// <param name="Predictions">Its test predictions; empty while it is not finished.</param>
/// <param name="History">Its epochs; empty while it is not finished.</param>
/// <param name="Embedding">The embedding of its features, where one was made.</param>
/// <param name="Maps">The images that were explained, where any were.</param>
public sealed record RunReport(
    string Network,
    int Fold,
    bool IsFinished,
    IReadOnlyList<Prediction> Predictions,
    IReadOnlyList<EpochRecord> History,
    EmbeddingReport? Embedding,
    IReadOnlyList<MapEntry> Maps)
{
    /// <summary>Whether it has begun, finished or not; false too where its folder was removed.</summary>
    public bool HasBegun => IsFinished || Configuration is not null;

    /// <summary>What it was asked to do: <c>configuration.json</c>; null before it has begun.</summary>
    public StudyConfiguration? Configuration { get; init; }

    /// <summary>What an audit found of its maps, where one was made.</summary>
    public RunMapAudit? MapAudit { get; init; }

    /// <summary>How its network's probabilities become calibrated ones: <c>calibration.json</c>; null where it isn't there.</summary>
    public NetworkCalibration? Calibration { get; init; }

    /// <summary>The prediction sets of its network: <c>calibration.json</c>; null where there are none.</summary>
    public ConformalSets? Sets { get; init; }

    /// <summary>What a network that was tested answered besides probabilities, by path; empty of a study's run.</summary>
    public IReadOnlyList<TestedModel.Answer> Answers { get; init; } = [];

    /// <summary>How far its test images are from its training images: <c>distances.csv</c>; empty where it isn't there.</summary>
    public IReadOnlyList<TestDistance> Distances { get; init; } = [];
}
