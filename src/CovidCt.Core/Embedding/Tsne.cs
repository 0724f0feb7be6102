using System.Globalization;
using CovidCt.Compute;
using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>
/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 2008, 9): features of many
/// dimensions as
/// points of a plane in which neighbours stay neighbours.
/// </summary>
/// <remarks>
/// The same features, options, build, number of libtorch's threads and instruction set give the same bits, on the processor. On a card,
/// sums whose order the
/// card decides are of whole numbers, and the rest is up to its libraries. It may be used from many threads at once.
/// </remarks>
public sealed class Tsne
{
    /// <summary>The number of points up to which <see cref="TsneMethod.Auto"/> is exact.</summary>
    public const int ExactLimit = 5000;

    private readonly TsneOptions _options;

    /// <summary>Whether the way of a card is taken on the processor too.</summary>
    internal bool OnDevice { get; init; }

    /// <summary>t-SNE with the given options.</summary>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public Tsne(TsneOptions? options = null)
    {
        _options = options?.Clone() ?? new();
        OptionsValidation.ThrowIfInvalid(_options);
    }

    /// <summary>Embeds features in the plane.</summary>
    /// <param name="features">[N, D], N at least 4, of any real type, on any device; left as it is.</param>
    /// <param name="cancellationToken">Ends the work; what was done is lost.</param>
    /// <exception cref="ArgumentException">
    /// The features are no matrix, hold NaN or infinite values (the message names the first such row), are too few for the perplexity (it
    /// names
    /// the greatest that goes), or are the same in every row; or the device isn't there.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TsneEmbedding Embed(Tensor features, CancellationToken cancellationToken = default) =>
        Embed(features, progress: null, cancellationToken);

    /// <summary>The same, which tells of stages and iterations.</summary>
    internal TsneEmbedding Embed(Tensor features, IProgress<TsneProgress>? progress, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var guard = inference_mode();
        using var scope = NewDisposeScope();
        var rows = Features.Centred(features, Devices.Resolve(_options.Device), nameof(features));
        var count = CheckedCount(rows, nameof(features));
        var exact = _options.Method == TsneMethod.Exact || (_options.Method == TsneMethod.Auto && count <= ExactLimit);

        if (rows.device_type != TorchSharp.DeviceType.CPU || OnDevice)
        {
            return new DeviceTsne(_options, progress, cancellationToken).Embed(rows, exact);
        }

        var iterations = _options.EarlyIterations + _options.Iterations;
        progress?.Report(new(TsneStage.Affinities, 0, iterations));

        var distances = new DistanceBlocks(rows);
        var perplexity = _options.PerplexityFor(count);
        var reach = SparseAffinities.Reach(perplexity, count);
        var affinities = SparseAffinities.Joint(NeighbourSearch.Search(distances, reach, cancellationToken), perplexity, cancellationToken);
        var (x, y) = InitialPositions.Of(rows, _options);
        using IRepulsion<float> repulsion = exact ? new ExactRepulsion<float>(count) : new InterpolatedRepulsion(CPU);
        Descend(new TsneForces<float>(affinities, repulsion), x, y, progress, cancellationToken);

        progress?.Report(new(TsneStage.Quality, iterations, iterations));
        var (xs, ys) = (Array.ConvertAll(x, value => (double)value), Array.ConvertAll(y, value => (double)value));
        var neighbours = Math.Min(_options.QualityNeighbours, (count - 1) / 2);
        var ranks = NeighbourRanks.Of(distances, xs, ys, neighbours, cancellationToken);
        return new(
            [.. xs.Zip(ys, (px, py) => (px, py))], perplexity, exact ? TsneMethod.Exact : TsneMethod.Interpolation,
            new(affinities.KlDivergence(xs, ys, cancellationToken), ranks.Trustworthiness, ranks.Recall, neighbours));
    }

    /// <summary>Embeds training and test features together, as the paper's figures 11 and 12 do.</summary>
    /// <param name="train">[N, D].</param>
    /// <param name="test">[M, D].</param>
    /// <inheritdoc cref="Embed(Tensor, CancellationToken)"/>
    internal JointEmbedding EmbedTogether(
        Tensor train, Tensor test, IProgress<TsneProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.dim() != 2 || test.dim() != 2 || train.shape[1] != test.shape[1])
        {
            throw new ArgumentException($"Features of one network have one width: those to train have the shape "
                + $"[{string.Join(", ", train.shape)}], those to test [{string.Join(", ", test.shape)}].", nameof(test));
        }

        using var together = cat([train, test.to(train.dtype, train.device)]);
        var embedding = Embed(together, progress, cancellationToken);
        var count = (int)train.shape[0];
        return new(embedding, [.. embedding.Points.Take(count)], [.. embedding.Points.Skip(count)]);
    }

    /// <summary>
    /// Finds places for new points in a finished embedding, whose own points stay where they are. Each new point is placed on its own: what
    /// other new
    /// points there are changes nothing.
    /// </summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="reference">[N, D]: the features that were embedded.</param>
    /// <param name="features">[M, D]: those of the new points.</param>
    /// <param name="perplexity">
    /// The effective number of reference points that a new point attends to; at most a third of their number.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>M points.</returns>
    /// <remarks>
    /// As openTSNE does it: affinities to the nearest reference points; from the mean of those, weighted by them, some steps of gradient
    /// descent
    /// (Poličar, Stražar and Zupan, Machine Learning 2023, 112). The time of a step grows with M · N.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The features are no matrices of finite numbers (the message names the first bad row), don't fit each other or the embedding, are too
    /// few for the
    /// perplexity; or an option is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<(double X, double Y)> Place(
        TsneEmbedding embedding, Tensor reference, Tensor features, double perplexity = 5, CancellationToken cancellationToken = default) =>
        Place(embedding, reference, features, new PlacementOptions { Perplexity = perplexity }, cancellationToken);

    /// <summary>The same with all options.</summary>
    internal IReadOnlyList<(double X, double Y)> Place(
        TsneEmbedding embedding, Tensor reference, Tensor features, PlacementOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        options = options.Clone();
        OptionsValidation.ThrowIfInvalid(options);
        cancellationToken.ThrowIfCancellationRequested();
        using var guard = inference_mode();
        using var scope = NewDisposeScope();
        var device = Devices.Resolve(_options.Device);
        var (fixedRows, rows) = (
            Features.Matrix(reference, device, nameof(reference)), Features.Matrix(features, device, nameof(features)));
        if (fixedRows.shape[0] != embedding.Points.Count || fixedRows.shape[1] != rows.shape[1])
        {
            throw new ArgumentException(
                $"The embedding has {embedding.Points.Count} points, the reference features the shape "
                    + $"[{string.Join(", ", fixedRows.shape)}] and the new ones [{string.Join(", ", rows.shape)}]: rows of the first two "
                    + "and widths of the last two must be equal.", nameof(features));
        }

        CheckPerplexity(options.Perplexity, embedding.Points.Count, nameof(options));
        if (rows.shape[0] == 0)
        {
            return [];
        }

        var mean = fixedRows.mean([0], keepdim: true);
        var reach = SparseAffinities.Reach(options.Perplexity, embedding.Points.Count);
        var neighbours = NeighbourSearch.Search(new DistanceBlocks(fixedRows.sub_(mean), rows.sub_(mean)), reach, cancellationToken);
        var affinities = SparseAffinities.Conditional(neighbours, options.Perplexity, cancellationToken);
        float[] referenceX = [.. embedding.Points.Select(point => (float)point.X)];
        float[] referenceY = [.. embedding.Points.Select(point => (float)point.Y)];
        var (x, y) = (new float[rows.shape[0]], new float[rows.shape[0]]);
        for (var n = 0; n < affinities.Length; n++)
        {
            x[n / reach] += (float)affinities[n] * referenceX[neighbours.Indices[n]];
            y[n / reach] += (float)affinities[n] * referenceY[neighbours.Indices[n]];
        }

        var forces = new PlacementForces(neighbours, affinities, referenceX, referenceY);
        var descent = new GradientDescent(x.Length);
        for (var i = 0; i < options.Iterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            descent.Step(
                forces,
                x,
                y,
                options.Exaggeration,
                options.LearningRate,
                options.Momentum,
                maxGradient: options.MaxGradientNorm,
                centre: false);
        }

        return [.. x.Zip(y, (px, py) => (px, py))];
    }

    internal static void CheckPerplexity(double perplexity, int count, string parameter)
    {
        if (!(perplexity >= 1 && 3 * perplexity <= count - 1))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"A perplexity of {perplexity} needs {Math.Ceiling(3 * perplexity) + 1} points, and there are {count}: "
                        + $"the greatest that goes is {(count - 1) / 3.0:0.###}, the least 1."),
                parameter);
        }
    }

    private int CheckedCount(Tensor rows, string parameter)
    {
        var count = (int)rows.shape[0];
        if (count < 4)
        {
            throw new ArgumentException($"t-SNE needs at least 4 points; there are {count}.", parameter);
        }

        CheckPerplexity(_options.PerplexityFor(count), count, parameter);
        using var scope = NewDisposeScope();
        return (rows - rows[0]).abs().max().item<double>() > 0
            ? count
            : throw new ArgumentException($"All {count} rows of the features are the same: there is nothing to tell apart.", parameter);
    }

    private void Descend(
        IForces<float> forces, float[] x, float[] y, IProgress<TsneProgress>? progress, CancellationToken cancellationToken)
    {
        var iterations = _options.EarlyIterations + _options.Iterations;
        var rate = _options.RateFor(x.Length);
        Phase(0, _options.EarlyIterations, _options.EarlyExaggeration, _options.EarlyMomentum);
        Phase(_options.EarlyIterations, iterations, 1, _options.Momentum);

        // Each phase begins with new gains, as scikit-learn has it: those of the first would tear apart what it has put in order.
        void Phase(int begin, int end, double exaggeration, double momentum)
        {
            var descent = new GradientDescent(x.Length);
            for (var i = begin; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                descent.Step(forces, x, y, exaggeration, rate, momentum, _options.MaxStepNorm);
                progress?.Report(new(TsneStage.Descent, i + 1, iterations));
            }
        }
    }
}
