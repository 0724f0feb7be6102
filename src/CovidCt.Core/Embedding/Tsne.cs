using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>
/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 2008, 9): features of many dimensions as
/// points of a plane in which neighbours stay neighbours.
/// </summary>
/// <remarks>
/// The same features, options, build, number of libtorch's threads and instruction set give the same bits, on the processor. It may be used
/// from many threads at once.
/// </remarks>
public sealed class Tsne
{
    /// <summary>The number of points up to which <see cref="TsneMethod.Auto"/> is exact.</summary>
    public const int ExactLimit = 5000;

    private readonly TsneOptions _options;

    /// <summary>t-SNE with the given options.</summary>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public Tsne(TsneOptions? options = null)
    {
        _options = options?.Clone() ?? new();
        _options.ThrowIfInvalid();
    }

    /// <summary>Embeds features in the plane.</summary>
    /// <param name="features">[N, D], N at least 4, of any real type, on any device; left as it is.</param>
    /// <param name="progress">Is told of stages and iterations.</param>
    /// <param name="cancellation">Ends the work; what was done is lost.</param>
    /// <exception cref="ArgumentException">
    /// The features are no matrix, hold NaN or infinite values (the message names the first such row), are too few for the perplexity (it names
    /// the greatest that goes), or are the same in every row; or the device isn't there.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TsneEmbedding Embed(Tensor features, IProgress<TsneProgress>? progress = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        using var guard = inference_mode();
        using var scope = NewDisposeScope();
        var rows = Features.Centred(features, Devices.Resolve(_options.Device), nameof(features));
        var count = CheckedCount(rows, nameof(features));
        var iterations = _options.EarlyIterations + _options.Iterations;
        progress?.Report(new(TsneStage.Affinities, 0, iterations));

        var distances = new DistanceBlocks(rows);
        var reach = SparseAffinities.Reach(_options.Perplexity, count);
        var affinities = SparseAffinities.Joint(NeighbourSearch.Search(distances, reach, cancellation), _options.Perplexity, cancellation);
        var (x, y) = _options.Initialization == TsneInitialization.Pca
            ? InitialPositions.Pca(rows, _options.Seed)
            : InitialPositions.Random(count, _options.Seed);
        var exact = _options.Method == TsneMethod.Exact || (_options.Method == TsneMethod.Auto && count <= ExactLimit);
        if (exact)
        {
            Descend(new ExactForces<float>(affinities.Matrix<float>(), count), x, y, progress, cancellation);
        }
        else
        {
            using var forces = new InterpolatedForces(affinities, rows.device);
            Descend(forces, x, y, progress, cancellation);
        }

        progress?.Report(new(TsneStage.Quality, iterations, iterations));
        var (xs, ys) = (Array.ConvertAll(x, value => (double)value), Array.ConvertAll(y, value => (double)value));
        var neighbours = Math.Min(_options.QualityNeighbours, (count - 1) / 2);
        var ranks = NeighbourRanks.Of(distances, xs, ys, neighbours, cancellation);
        return new(
            [.. xs.Zip(ys, (px, py) => new EmbeddedPoint(px, py))], _options.Perplexity, exact ? TsneMethod.Exact : TsneMethod.Interpolation,
            new(affinities.KlDivergence(xs, ys, cancellation), ranks.Trustworthiness, ranks.Recall, neighbours));
    }

    /// <summary>Embeds training and test features together, as the paper's figures 11 and 12 do.</summary>
    /// <param name="train">[N, D].</param>
    /// <param name="test">[M, D].</param>
    /// <inheritdoc cref="Embed"/>
    public JointEmbedding EmbedTogether(Tensor train, Tensor test, IProgress<TsneProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.dim() != 2 || test.dim() != 2 || train.shape[1] != test.shape[1])
        {
            throw new ArgumentException($"Features of one network have one width: those to train have the shape [{string.Join(", ", train.shape)}], those to test [{string.Join(", ", test.shape)}].", nameof(test));
        }

        using var together = cat([train, test.to(train.dtype, train.device)]);
        var embedding = Embed(together, progress, cancellation);
        var count = (int)train.shape[0];
        return new(embedding, [.. embedding.Points.Take(count)], [.. embedding.Points.Skip(count)]);
    }

    internal static void CheckPerplexity(double perplexity, int count, string parameter)
    {
        if (!(perplexity >= 1 && 3 * perplexity <= count - 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A perplexity of {perplexity} needs {Math.Ceiling(3 * perplexity) + 1} points, and there are {count}: the greatest that goes is {(count - 1) / 3.0:0.###}, the least 1."), parameter);
        }
    }

    private int CheckedCount(Tensor rows, string parameter)
    {
        var count = (int)rows.shape[0];
        if (count < 4)
        {
            throw new ArgumentException($"t-SNE needs at least 4 points; there are {count}.", parameter);
        }

        CheckPerplexity(_options.Perplexity, count, parameter);
        using var scope = NewDisposeScope();
        return (rows - rows[0]).abs().max().item<double>() > 0
            ? count
            : throw new ArgumentException($"All {count} rows of the features are the same: there is nothing to tell apart.", parameter);
    }

    private void Descend(IForces<float> forces, float[] x, float[] y, IProgress<TsneProgress>? progress, CancellationToken cancellation)
    {
        var descent = new GradientDescent(x.Length);
        var iterations = _options.EarlyIterations + _options.Iterations;
        var rate = _options.LearningRate ?? Math.Max(200, x.Length / _options.EarlyExaggeration);
        for (var i = 0; i < iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (exaggeration, momentum) = i < _options.EarlyIterations ? (_options.EarlyExaggeration, _options.EarlyMomentum) : (1, _options.Momentum);
            descent.Step(forces, x, y, exaggeration, rate, momentum, _options.MaxStepNorm);
            progress?.Report(new(TsneStage.Descent, i + 1, iterations));
        }
    }
}
