using System.Runtime.InteropServices;
using CovidCt.Data;

namespace CovidCt.Volumes;

/// <summary>Where the lungs are in a volume, by threshold and connected components.</summary>
/// <remarks>
/// <para>
/// Air within the body: voxels below −320 HU, without those that are connected, within their slice, to its border, which are outside of the
/// body. Of their components (six neighbours) the largest is kept, which is one lung or, by the trachea, both, and each other one of at
/// least a tenth of it. What a slice's lungs enclose, such as vessels, counts to them. Nothing is kept where the largest component is
/// smaller than a two-hundredth of the volume.
/// </para>
/// <para>
/// The trachea is not told from lungs. Consolidations at the pleura, of −320 HU and more, are missing, and so are lungs that are cut off by
/// the border of the image. The threshold and the way are those of common practice for chest CT, such as in Hu, Hoffman and Reinhardt,
/// IEEE Transactions on Medical Imaging 20(6), 2001, without its iteration.
/// </para>
/// <para>It holds the runs of its rows, some kilobytes a slice, and is safe to use from many threads at once.</para>
/// </remarks>
public sealed class LungMask
{
    private const float Air = -320;
    private const int LeastPart = 10, LeastOfVolume = 200;

    private readonly SliceRuns[] _slices;

    private LungMask(SliceRuns[] slices) => _slices = slices;

    /// <summary>How many slices there are.</summary>
    public int Count => _slices.Length;

    /// <summary>Finds the lungs of a volume.</summary>
    /// <param name="count">How many slices it has, at least 1.</param>
    /// <param name="read">
    /// Reads a slice, or gives null where it can't be read, which has no lungs then; asked once for each, on several threads at once.
    /// Slices of another size than the one below begin a volume of their own.
    /// </param>
    /// <param name="progress">Told how many slices are done: ascending, one call at a time.</param>
    /// <param name="cancellationToken">Stops the work between two slices.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LungMask Find(
        int count, Func<int, CtSlice?> read, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(read);
        var slices = new SliceRuns[count];
        RowLoop.ForEach(
            count, slice => slices[slice] = SliceRuns.Of(read(slice), Air), progress is null ? null : progress.Report, cancellationToken);
        return new(Largest(slices));
    }

    /// <summary>The share of a slice that lungs are.</summary>
    /// <param name="slice">Which slice, from 0.</param>
    /// <returns>In [0, 1].</returns>
    public double ShareOf(int slice)
    {
        var mask = Of(slice);
        return mask.Length == 0 ? 0 : (double)mask.Count(isLung => isLung) / mask.Length;
    }

    /// <summary>Where lungs are in a slice.</summary>
    /// <param name="slice">Which slice, from 0.</param>
    /// <returns>Whether each pixel is in a lung, row by row; empty where the slice couldn't be read.</returns>
    public bool[] Of(int slice) => _slices[slice].Filled();

    /// <summary>The runs of the components that are kept.</summary>
    private static SliceRuns[] Largest(SliceRuns[] slices)
    {
        var first = new int[slices.Length + 1];
        for (var slice = 0; slice < slices.Length; slice++)
        {
            first[slice + 1] = first[slice] + slices[slice].Count;
        }

        var sets = new DisjointSets(first[^1]);
        for (var slice = 0; slice < slices.Length; slice++)
        {
            slices[slice].JoinRows(sets, first[slice]);
            if (slice > 0)
            {
                slices[slice].JoinBelow(slices[slice - 1], sets, first[slice], first[slice - 1]);
            }
        }

        var sizes = new Dictionary<int, long>();
        for (var slice = 0; slice < slices.Length; slice++)
        {
            for (var run = 0; run < slices[slice].Count; run++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(sizes, sets.Find(first[slice] + run), out _) += slices[slice].LengthOf(run);
            }
        }

        var largest = sizes.Values.DefaultIfEmpty(0).Max();
        var isLarge = largest >= slices.Sum(slice => (long)slice.Width * slice.Height) / LeastOfVolume;
        return
        [
            .. slices.Select((runs, slice) => runs.Where(
                run => isLarge && sizes[sets.Find(first[slice] + run)] >= largest / LeastPart)),
        ];
    }
}
