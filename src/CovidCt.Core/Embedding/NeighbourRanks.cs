using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>What the ranks, among the features, of the plane's nearest neighbours say.</summary>
internal readonly record struct NeighbourRanks(double Trustworthiness, double Recall)
{
    /// <param name="features">Distances between the features.</param>
    /// <param name="x">Coordinates in the plane.</param>
    /// <param name="y">Coordinates in the plane.</param>
    /// <param name="neighbours">k, below half the number of points.</param>
    public static NeighbourRanks Of(
        DistanceBlocks features, double[] x, double[] y, int neighbours, CancellationToken cancellationToken = default)
    {
        var planar = PlanarNeighbours.Search(x, y, neighbours, cancellationToken);
        var strangers = new long[x.Length];
        var recalled = new int[x.Length];
        if (features.IsSingle)
        {
            Count<float>();
        }
        else
        {
            Count<double>();
        }

        return FromSums(strangers.Sum(), recalled.Sum(count => (long)count), x.Length, neighbours);

        void Count<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            features.ForEach<T, object?>(() => null, (i, distances, _) =>
            {
                foreach (var j in planar.AsSpan(i * neighbours, neighbours))
                {
                    var rank = 1 + Closer(distances, i, j);
                    strangers[i] += Math.Max(0, rank - neighbours);
                    recalled[i] += rank <= neighbours ? 1 : 0;
                }
            }, cancellationToken);
    }

    /// <param name="strangers">By how much ranks exceed k, added up.</param>
    /// <param name="recalled">How many don't.</param>
    /// <param name="count">The number of points.</param>
    /// <param name="neighbours">k.</param>
    public static NeighbourRanks FromSums(long strangers, long recalled, long count, int neighbours)
    {
        var (n, k) = ((double)count, (double)neighbours);
        return new(1 - (strangers * 2 / (n * k * ((2 * n) - (3 * k) - 1))), recalled / (n * k));
    }

    /// <summary>How many others are closer than <paramref name="j"/>; those at the same distance go by their index.</summary>
    private static int Closer<T>(ReadOnlySpan<T> distances, int i, int j)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bound = distances[j];
        var count = 0;
        var vectors = MemoryMarshal.Cast<T, Vector512<T>>(distances);
        foreach (var values in vectors)
        {
            count += BitOperations.PopCount(Vector512.LessThan(values, Vector512.Create(bound)).ExtractMostSignificantBits());
        }

        foreach (var value in distances[(vectors.Length * Vector512<T>.Count)..])
        {
            count += value < bound ? 1 : 0;
        }

        for (var begin = 0; distances[begin..j].IndexOf(bound) is >= 0 and var offset; begin += offset + 1)
        {
            count += begin + offset == i ? 0 : 1;
        }

        return count - (distances[i] < bound ? 1 : 0);
    }
}
