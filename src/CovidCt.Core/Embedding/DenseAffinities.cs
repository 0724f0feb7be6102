using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>
/// The joint probabilities of all pairs, p(ij) = (p(j|i) + p(i|j)) / 2N, in double precision, computed from squared distances
/// whenever they are asked for.
/// </summary>
internal sealed class DenseAffinities
{
    private readonly double[] _squared;
    private readonly double[] _beta;
    private readonly double[] _shift;

    /// <param name="squared">[N, N] squared distances, row by row.</param>
    public DenseAffinities(double[] squared, int count, double perplexity, CancellationToken cancellationToken = default)
    {
        Count = count;
        _squared = squared;
        _beta = new double[count];
        _shift = new double[count];
        Workers.Run(count, 1, (begin, end) =>
        {
            var others = new double[count - 1];
            for (var i = begin; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var row = SquaredDistances(i);
                row[..i].CopyTo(others);
                row[(i + 1)..].CopyTo(others.AsSpan(i));
                (_beta[i], _shift[i]) = BandwidthSearch.Find(others, perplexity);
            }
        }, cancellationToken);
    }

    public int Count { get; }

    public ReadOnlySpan<double> SquaredDistances(int row) => _squared.AsSpan(row * Count, Count);

    /// <exception cref="ArgumentException">A matrix of all pairs is more than an array holds.</exception>
    public static void CheckCount(int count, string remedy, string parameter)
    {
        const int most = 32_000;
        if (count > most)
        {
            throw new ArgumentException($"A matrix of all pairs goes up to {most} points; there are {count}. {remedy}", parameter);
        }
    }

    /// <summary>The squared Euclidean distances between all rows.</summary>
    /// <param name="features">[N, D], float64, centred.</param>
    public static double[] Distances(Tensor features)
    {
        using var scope = NewDisposeScope();
        var norms = (features * features).sum(1);
        var squared = addmm(norms.unsqueeze(0), features, features.t(), 1, -2).add_(norms.unsqueeze(1)).clamp_(min: 0);
        squared.diagonal().zero_();
        var result = new double[squared.numel()];
        squared.cpu().data<double>().CopyTo(result);
        return result;
    }

    /// <summary>The joint probabilities of one point with all, 0 with itself.</summary>
    public void Joint(int row, Span<double> probabilities)
    {
        var squared = SquaredDistances(row);
        var (beta, shift, half) = (_beta[row], _shift[row], 0.5 / Count);
        var distances = MemoryMarshal.Cast<double, Vector512<double>>(squared);
        var betas = MemoryMarshal.Cast<double, Vector512<double>>(_beta.AsSpan());
        var shifts = MemoryMarshal.Cast<double, Vector512<double>>(_shift.AsSpan());
        var results = MemoryMarshal.Cast<double, Vector512<double>>(probabilities);
        for (var v = 0; v < distances.Length; v++)
        {
            var d = distances[v];
            results[v] = (Vector512.Exp(Vector512.Create(shift) - (d * beta)) + Vector512.Exp(shifts[v] - (d * betas[v]))) * half;
        }

        for (var j = distances.Length * Vector512<double>.Count; j < Count; j++)
        {
            probabilities[j] = (Math.Exp(shift - (squared[j] * beta)) + Math.Exp(_shift[j] - (squared[j] * _beta[j]))) * half;
        }

        probabilities[row] = 0;
    }

    /// <summary>The Kullback-Leibler divergence of the embedding's probabilities from these, Σ p log(p / q), exactly.</summary>
    public double KlDivergence(double[] x, double[] y)
    {
        var parts = new (double PLogPK, double P)[Count];
        Workers.Run(Count, 1, (begin, end) =>
        {
            var row = new double[Count];
            for (var i = begin; i < end; i++)
            {
                Joint(i, row);
                var part = (PLogPK: 0.0, P: 0.0);
                for (var j = 0; j < row.Length; j++)
                {
                    var (dx, dy, p) = (x[i] - x[j], y[i] - y[j], row[j]);
                    if (p > 0)
                    {
                        part.P += p;
                        part.PLogPK += p * Math.Log(p * (1 + (dx * dx) + (dy * dy)));
                    }
                }

                parts[i] = part;
            }
        });
        return parts.Sum(part => part.PLogPK) + (parts.Sum(part => part.P) * Math.Log(PlanarKernel.Sum(x, y, CancellationToken.None)));
    }
}
