using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>What lies on both sides of a cross-validation's folds.</summary>
/// <param name="GroupBy">What the folds keep together.</param>
/// <param name="TestImages">Images tested over all folds: every image once.</param>
/// <param name="SharedImages">Test images with an image of the same patient in training; null where no patient is known.</param>
/// <param name="SharedPatients">Patients with images on both sides of a fold; null where no patient is known.</param>
/// <param name="TwinImages">Test images with the same slice in training, whosever it is said to be.</param>
internal sealed record FoldLeakage(GroupBy GroupBy, int TestImages, int? SharedImages, int? SharedPatients, int TwinImages)
{
    /// <summary><see cref="SharedImages"/> of <see cref="TestImages"/>, in [0, 1]; null where no patient is known.</summary>
    public double? SharedShare => SharedImages is { } shared && TestImages > 0 ? (double)shared / TestImages : null;
}
