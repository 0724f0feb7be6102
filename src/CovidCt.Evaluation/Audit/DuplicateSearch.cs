using System.Collections.Concurrent;

namespace CovidCt.Audit;

/// <summary>Finds images that are there more than once.</summary>
/// <remarks>
/// Of equal pixels one image stands for all. Every pair of 63-bit hashes is compared: 200 million comparisons of 64 bits for 20,000 images;
/// only pairs within <see cref="Radius"/> bits are looked at as pixels.
/// </remarks>
internal sealed class DuplicateSearch(IReadOnlyList<AuditedImage> images, DatasetAuditOptions options)
{
    /// <summary>The most bits in which the hashes of a candidate pair differ.</summary>
    public const int Radius = 12;

    private readonly record struct Match(int First, int Second, double Similarity, bool Mirrored);

    /// <summary>Images that are alike, by their rows; the first is less than the second.</summary>
    public readonly record struct Twins(int First, int Second, PairKind Kind, double Similarity, bool Mirrored);

    /// <summary>Pairs that were looked at as pixels.</summary>
    public long Candidates { get; private set; }

    /// <summary>
    /// All pairs, in order. Of m images with equal pixels there are m − 1, each with the first; of two such groups that are
    /// alike, every pair.
    /// </summary>
    public IReadOnlyList<Twins> Find(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var groups = Enumerable.Range(0, images.Count).GroupBy(row => images[row].PixelHash).Select(group => group.ToArray()).ToArray();
        var equal = groups.SelectMany(group => group.Skip(1).Select(row => Equal(First(group, row), row)));
        var alike = Matches([.. groups.Select(group => group[0])], progress, cancellationToken).SelectMany(match =>
            from a in groups[match.First]
            from b in groups[match.Second]
            select new Twins(
                Math.Min(a, b), Math.Max(a, b), match.Similarity >= options.SameSlice ? PairKind.SameSlice : PairKind.LookAlike,
                match.Similarity, match.Mirrored));
        return [.. equal.Concat(alike).OrderBy(pair => pair.First).ThenBy(pair => pair.Second)];
    }

    // The first of equal bytes where there is one, so that it is told that they are.
    private int First(int[] group, int row) =>
        group.First(other => other == row || images[other].FileHash == images[row].FileHash) is var same && same != row ? same : group[0];

    private Twins Equal(int first, int second) =>
        new(first, second, images[first].FileHash == images[second].FileHash ? PairKind.SameFile : PairKind.SamePixels, 1, false);

    private List<Match> Matches(int[] rows, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var found = new Match[rows.Length][];
        var (done, candidates) = (0, 0L);
        var progressLock = new Lock();

        // The first rows have the most others to be compared with: each is a unit of its own.
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(0, rows.Length), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new SliceMatcher(),
            (i, _, matcher) =>
            {
                var (matches, looked) = Compare(matcher, rows, i, cancellationToken);
                found[i] = matches;
                lock (progressLock)
                {
                    candidates += looked;
                    progress?.Report(++done);
                }

                return matcher;
            },
            _ => { });
        Candidates = candidates;
        return [.. found.SelectMany(matches => matches)];
    }

    private (Match[] Matches, int Candidates) Compare(SliceMatcher matcher, int[] rows, int first, CancellationToken cancellationToken)
    {
        var hash = images[rows[first]].Hash;
        List<Match>? matches = null;
        var candidates = 0;
        for (var second = first + 1; second < rows.Length; second++)
        {
            var other = images[rows[second]];
            var plain = IsNear(hash.Bits, other.Hash.Bits) || IsNear(hash.InnerBits, other.Hash.Bits)
                || IsNear(hash.Bits, other.Hash.InnerBits);
            var mirrored = IsNear(hash.Bits, other.Hash.MirroredBits);
            if (!plain && !mirrored)
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (candidates == 0)
            {
                matcher.SetFirst(images[rows[first]].Thumbnail);
            }

            var similarity = plain ? matcher.Compare(other.Thumbnail, mirrored: false) : 0;
            var asMirrored = mirrored ? matcher.Compare(other.Thumbnail, mirrored: true) : 0;
            candidates += (plain ? 1 : 0) + (mirrored ? 1 : 0);
            if (Math.Max(similarity, asMirrored) >= options.LookAlike)
            {
                (matches ??= []).Add(new(first, second, Math.Max(similarity, asMirrored), asMirrored > similarity));
            }
        }

        return (matches is null ? [] : [.. matches], candidates);
    }

    private static bool IsNear(ulong a, ulong b) => PerceptualHash.Distance(a, b) <= Radius;
}
