using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>A slice of a volume in gray, or why it is left out.</summary>
/// <param name="Images">One a window; none where it is left out.</param>
/// <param name="LungShare">Which share of it lungs are, in [0, 1].</param>
/// <param name="LeftOut">Why it is left out, in a sentence; null where it isn't.</param>
internal sealed record LungSlices(IReadOnlyList<GrayImage> Images, double LungShare, string? LeftOut)
{
    /// <summary>Reads all slices of a volume, each once.</summary>
    public static IReadOnlyList<LungSlices> Read(
        ICtVolume volume, IReadOnlyList<CtWindow?> windows, double leastLungs, Action<int> progress, CancellationToken cancellationToken)
    {
        var images = new GrayImage[]?[volume.Count];
        var reasons = new string?[volume.Count];
        var lungs = LungMask.Find(volume.Count, Slice, new Relay<int>(progress), cancellationToken);
        return [.. Enumerable.Range(0, volume.Count).Select(Of)];

        CtSlice? Slice(int i)
        {
            try
            {
                var slice = volume.Read(i);
                images[i] = [.. windows.Select(slice.ToGray)];
                return slice;
            }
            catch (ImageRejectedException e)
            {
                reasons[i] = e.Message;
                return null;
            }
        }

        LungSlices Of(int i)
        {
            var share = lungs.ShareOf(i);
            return (reasons[i] ?? WhyNot(share, leastLungs)) is { } reason ? new([], share, reason) : new(images[i]!, share, null);
        }
    }

    /// <summary>Why a slice is left out that has too little of lungs; null where it has enough.</summary>
    public static string? WhyNot(double share, double least) => share >= least ? null
        : share == 0 ? "The slice shows no lungs."
        : FormattableString.Invariant($"Lungs are less than {100 * least:0.######} % of the slice.");
}
