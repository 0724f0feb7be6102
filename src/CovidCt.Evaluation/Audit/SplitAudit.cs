namespace CovidCt.Audit;

/// <summary>The split that a data set brings along.</summary>
/// <param name="Train">Images to train on.</param>
/// <param name="Val">Images to choose by.</param>
/// <param name="Test">Images to test on.</param>
/// <param name="Outside">Images in no part.</param>
/// <param name="SharedPatients">Patients with images in several parts, in ordinal order.</param>
/// <param name="Twins">Pairs of the same slice in two parts.</param>
/// <param name="LookAlikes">Pairs of slices alike enough to be one person's, of two patients or unknown ones, in two parts.</param>
internal sealed record SplitAudit(
    int Train, int Val, int Test, int Outside, IReadOnlyList<string> SharedPatients, int Twins, int LookAlikes)
{
    /// <summary>Images of the test part whose source has images in another part; null where sources are unknown.</summary>
    public int? SourceImages { get; init; }
}
