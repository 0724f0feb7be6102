namespace CovidCt.Embedding;

/// <summary>Nearest neighbours among reference rows.</summary>
/// <param name="PerRow">k.</param>
/// <param name="Indices">[N · k], the nearest first.</param>
/// <param name="Squared">[N · k], squared distances.</param>
internal sealed record Neighbours(int PerRow, int[] Indices, double[] Squared);

/// <summary>Exact search of nearest neighbours, by blocks of matrix products.</summary>
internal static class NeighbourSearch
{
    // Single precision may swap neighbours about the last place; that many more are looked at in double precision.
    private const int Spare = 8;

    public static Neighbours Search(DistanceBlocks distances, int neighbours, CancellationToken cancellationToken)
    {
        var result = new Neighbours(neighbours, new int[distances.Count * neighbours], new double[distances.Count * neighbours]);
        if (distances.IsSingle)
        {
            Single(distances, result, cancellationToken);
        }
        else
        {
            Double(distances, result, cancellationToken);
        }

        return result;
    }

    private static void Double(DistanceBlocks distances, Neighbours result, CancellationToken cancellationToken)
    {
        var norms = distances.RowNorms();
        distances.ForEach<double, Nearest<double>>(() => new(result.PerRow), (i, row, nearest) =>
        {
            var found = nearest.Select(row, distances.ExcludesSelf ? i : -1);
            found.CopyTo(result.Indices.AsSpan(i * result.PerRow));
            for (var n = 0; n < found.Length; n++)
            {
                result.Squared[(i * result.PerRow) + n] = Math.Max(0, row[found[n]] + norms[i]);
            }
        }, cancellationToken);
    }

    private static void Single(DistanceBlocks distances, Neighbours result, CancellationToken cancellationToken)
    {
        var k = result.PerRow;
        var (rows, references) = (distances.RowValues(), distances.ReferenceValues());
        var width = rows.Length / distances.Count;
        var looked = Math.Min(k + Spare, distances.References - (distances.ExcludesSelf ? 1 : 0));
        distances.ForEach<float, Candidates>(() => new(looked), (i, row, candidates) =>
        {
            var own = rows.AsSpan(i * width, width);
            candidates.Nearest.Select(row, distances.ExcludesSelf ? i : -1).CopyTo(candidates.Indices);
            for (var n = 0; n < looked; n++)
            {
                candidates.Squared[n] = Squared(own, references.AsSpan(candidates.Indices[n] * width, width));
            }

            candidates.Squared.AsSpan().Sort(candidates.Indices.AsSpan());
            candidates.Indices.AsSpan(0, k).CopyTo(result.Indices.AsSpan(i * k));
            candidates.Squared.AsSpan(0, k).CopyTo(result.Squared.AsSpan(i * k));
        }, cancellationToken);
    }

    private static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }

    private sealed class Candidates(int count)
    {
        public Nearest<float> Nearest { get; } = new(count);

        public int[] Indices { get; } = new int[count];

        public double[] Squared { get; } = new double[count];
    }
}
