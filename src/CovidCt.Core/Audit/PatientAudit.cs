using CovidCt.Data;

namespace CovidCt.Audit;

/// <summary>Whose images a data set holds, and which of them folds and split separate.</summary>
/// <param name="Images">Images whose patient is known.</param>
/// <param name="Unknown">Images whose patient isn't.</param>
/// <param name="Patients">Patients known by name.</param>
/// <param name="OfSeveralClasses">Patients with images of several classes, in ordinal order.</param>
/// <param name="Folds">The folds by image and, where they are asked for or every patient is known, by patient; without those that can't be made.</param>
/// <param name="Split">The split that the data set brings along; null without one.</param>
public sealed record PatientAudit(
    int Images,
    int Unknown,
    int Patients,
    IReadOnlyList<string> OfSeveralClasses,
    IReadOnlyList<FoldLeakage> Folds,
    SplitAudit? Split);

/// <summary>What lies on both sides of a cross-validation's folds.</summary>
/// <param name="GroupBy">What the folds keep together.</param>
/// <param name="TestImages">Images tested over all folds: every image once.</param>
/// <param name="SharedImages">Test images with an image of the same patient in training; null where no patient is known.</param>
/// <param name="SharedPatients">Patients with images on both sides of a fold; null where no patient is known.</param>
/// <param name="TwinImages">Test images with the same slice in training, whosever it is said to be.</param>
public sealed record FoldLeakage(GroupBy GroupBy, int TestImages, int? SharedImages, int? SharedPatients, int TwinImages)
{
    /// <summary><see cref="SharedImages"/> of <see cref="TestImages"/>, in [0, 1]; null where no patient is known.</summary>
    public double? SharedShare => SharedImages is { } shared && TestImages > 0 ? (double)shared / TestImages : null;
}

/// <summary>The split that a data set brings along.</summary>
/// <param name="Train">Images to train on.</param>
/// <param name="Val">Images to choose by.</param>
/// <param name="Test">Images to test on.</param>
/// <param name="Outside">Images in no part.</param>
/// <param name="SharedPatients">Patients with images in several parts, in ordinal order.</param>
/// <param name="Twins">Pairs of the same slice in two parts.</param>
/// <param name="LookAlikes">Pairs of slices alike enough to be one person's, of two patients or unknown ones, in two parts.</param>
public sealed record SplitAudit(
    int Train, int Val, int Test, int Outside, IReadOnlyList<string> SharedPatients, int Twins, int LookAlikes);
