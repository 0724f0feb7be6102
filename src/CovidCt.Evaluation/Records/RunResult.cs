using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>What one run of a study came to: a network on a fold.</summary>
/// <param name="Network">The network's published name.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Initialization"><see cref="NetworkResult.ImageNet"/> or <see cref="NetworkResult.Random"/>.</param>
/// <param name="History">Its epochs.</param>
/// <param name="Predictions">Its answers on the test rows.</param>
public sealed record RunResult(
    string Network, int Fold, string Initialization, IReadOnlyList<EpochRecord> History, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>Its figures of merit.</summary>
    /// <param name="positive">The name of the positive class.</param>
    public FoldResult Figures(string positive) => FoldResult.From(Fold, Predictions, positive);
}
