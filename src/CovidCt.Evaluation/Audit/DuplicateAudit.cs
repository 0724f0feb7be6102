namespace CovidCt.Audit;

/// <summary>Images that are there more than once, or nearly.</summary>
/// <param name="Candidates">Pairs that the perceptual hash proposed, mirrored ones included.</param>
/// <param name="SameFile">Pairs of equal bytes; of m equal files there are m − 1, each with the first.</param>
/// <param name="SamePixels">Pairs of equal gray pixels in different files, counted in the same way.</param>
/// <param name="SameSlice">Pairs of one slice in different pixels.</param>
/// <param name="LookAlike">Pairs that look like neighbouring slices of one person.</param>
/// <param name="AcrossLabels">Pairs of the same file, pixels or slice under two labels.</param>
/// <param name="AcrossPatients">Such pairs of two patients.</param>
/// <param name="Pairs">
/// The pairs that matter: of the same file, pixels or slice all but those of one patient and label; of look-alikes those of
/// two patients or two labels, or of unknown patients. Most similar first; at most <see cref="MostPairs"/>.
/// </param>
internal sealed record DuplicateAudit(
    long Candidates,
    int SameFile,
    int SamePixels,
    int SameSlice,
    int LookAlike,
    int AcrossLabels,
    int AcrossPatients,
    IReadOnlyList<ImagePair> Pairs)
{
    /// <summary>The most pairs that are listed; all are counted.</summary>
    public const int MostPairs = 1000;
}
