namespace CovidCt.Embedding;

/// <summary>
/// The joint probabilities between nearest neighbours, p(ij) = (p(j|i) + p(i|j)) / 2N, as compressed sparse rows with ascending columns;
/// all others are 0
/// (van der Maaten, "Accelerating t-SNE using tree-based algorithms", JMLR 2014, 15, section 4.1).
/// </summary>
/// <param name="starts">[N + 1]: where each row begins.</param>
internal sealed class SparseAffinities(int[] starts, int[] columns, double[] values)
{
    /// <summary>[N + 1]: where each row begins.</summary>
    public int[] Starts { get; } = starts;

    public int[] Columns { get; } = columns;

    public double[] Values { get; } = values;

    public int Count => Starts.Length - 1;

    /// <summary>The number of neighbours that a perplexity looks at: three times as many, as van der Maaten 2014 has it.</summary>
    public static int Reach(double perplexity, int points) => Math.Min((int)(3 * perplexity), points - 1);

    /// <summary>Each row's conditional probabilities, [N · k], which sum to 1.</summary>
    public static double[] Conditional(Neighbours neighbours, double perplexity, CancellationToken cancellationToken)
    {
        var k = neighbours.PerRow;
        var probabilities = new double[neighbours.Squared.Length];
        Workers.Run(probabilities.Length / k, 64, (begin, end) =>
        {
            var scratch = new double[k];
            for (var i = begin; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var squared = neighbours.Squared.AsSpan(i * k, k);
                squared.CopyTo(scratch);
                var (beta, shift) = BandwidthSearch.Find(scratch, perplexity);
                for (var n = 0; n < k; n++)
                {
                    probabilities[(i * k) + n] = Math.Exp(shift - (beta * squared[n]));
                }
            }
        }, cancellationToken);
        return probabilities;
    }

    public static SparseAffinities Joint(Neighbours neighbours, double perplexity, CancellationToken cancellationToken = default)
    {
        var k = neighbours.PerRow;
        var count = neighbours.Indices.Length / k;
        var half = Conditional(neighbours, perplexity, cancellationToken);
        for (var i = 0; i < half.Length; i++)
        {
            half[i] *= 0.5 / count;
        }

        var (rows, reversed) = (Sorted(neighbours.Indices, half, count, k), Transposed(neighbours.Indices, half, count, k));
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            starts[i + 1] = checked(starts[i] + Merge(i, null, null));
        }

        var (columns, values) = (new int[starts[count]], new double[starts[count]]);
        for (var i = 0; i < count; i++)
        {
            Merge(i, columns, values);
        }

        return new(starts, columns, values);

        int Merge(int i, int[]? columns, double[]? values)
        {
            var (a, endA, b, endB, length) = (i * k, (i + 1) * k, reversed.Starts[i], reversed.Starts[i + 1], 0);
            for (; a < endA || b < endB; length++)
            {
                var (columnA, columnB) = (a < endA ? rows.Columns[a] : int.MaxValue, b < endB ? reversed.Columns[b] : int.MaxValue);
                var value = 0.0;
                value += columnA <= columnB ? rows.Values[a++] : 0;
                value += columnB <= columnA ? reversed.Values[b++] : 0;
                if (columns is not null)
                {
                    (columns[starts[i] + length], values![starts[i] + length]) = (Math.Min(columnA, columnB), value);
                }
            }

            return length;
        }
    }

    /// <summary>
    /// The Kullback-Leibler divergence of the embedding's probabilities from these, Σ p log(p / q), with an exact normalisation of q.
    /// </summary>
    public double KlDivergence(double[] x, double[] y, CancellationToken cancellationToken = default)
    {
        var parts = new double[Count];
        Workers.Run(Count, 64, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                for (var e = Starts[i]; e < Starts[i + 1]; e++)
                {
                    var (dx, dy, p) = (x[i] - x[Columns[e]], y[i] - y[Columns[e]], Values[e]);
                    parts[i] += p > 0 ? p * Math.Log(p * (1 + (dx * dx) + (dy * dy))) : 0;
                }
            }
        }, cancellationToken);
        return parts.Sum() + (Values.Sum() * Math.Log(PlanarKernel.Sum(x, y, cancellationToken)));
    }

    private static (int[] Columns, double[] Values) Sorted(int[] indices, double[] values, int count, int k)
    {
        var (columns, sorted) = ((int[])indices.Clone(), (double[])values.Clone());
        Workers.Run(count, 64, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                columns.AsSpan(i * k, k).Sort(sorted.AsSpan(i * k, k));
            }
        }, CancellationToken.None);
        return (columns, sorted);
    }

    private static (int[] Starts, int[] Columns, double[] Values) Transposed(int[] indices, double[] values, int count, int k)
    {
        var starts = new int[count + 1];
        foreach (var column in indices)
        {
            starts[column + 1]++;
        }

        for (var i = 0; i < count; i++)
        {
            starts[i + 1] += starts[i];
        }

        var (columns, transposed, next) = (new int[indices.Length], new double[indices.Length], starts.AsSpan(0, count).ToArray());
        for (var e = 0; e < indices.Length; e++)
        {
            var place = next[indices[e]]++;
            (columns[place], transposed[place]) = (e / k, values[e]);
        }

        return (starts, columns, transposed);
    }
}
