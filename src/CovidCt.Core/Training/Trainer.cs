using System.Diagnostics;
using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Compute;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using CovidCt.Records;
using static TorchSharp.torch;

namespace CovidCt.Training;

/// <summary>Trains one network on rows of a canvas store, and predicts rows with it.</summary>
/// <remarks>
/// The result is a function of the options, the network's initial values and the rows: the order of rows is drawn by
/// (seed, epoch), augmentation by (seed, epoch, row), dropout by (seed, epoch, step). A training that goes on from a
/// checkpoint therefore ends in the same bits as one that was never stopped, on the same build and number of threads, and, on a
/// CUDA card, with <see cref="TrainingOptions.Deterministic"/>.
/// Dropout draws from libtorch's global generator, and the number of threads is libtorch's own, so one process trains
/// one network at a time. On Linux it is up to a third faster on the process's main thread, or on any with
/// <c>MALLOC_ARENA_MAX=1</c> in the environment, since only there the C library keeps large blocks between steps.
/// </remarks>
internal sealed class Trainer
{
    private readonly TrainingOptions _options;
    private readonly long _seed;

    /// <summary>How tensors come to a device.</summary>
    internal Func<Device, DeviceMemory> MemoryOf { private get; init; } = device => new(device);

    /// <summary>The patient of each row of the canvases, for <see cref="RowSampling.Patient"/>; null where nobody knows.</summary>
    internal IReadOnlyList<string?>? Patients { private get; init; }

    /// <summary>A trainer with one recipe.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="seed">Decides the order of rows, the augmentation and dropout.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Trainer(TrainingOptions options, long seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);
        _options = options;
        _seed = seed;
    }

    /// <summary>Trains the network in place, on its own device, to the last epoch.</summary>
    /// <param name="backbone">The network; it is left in evaluation mode.</param>
    /// <param name="canvases">The canvases of all rows.</param>
    /// <param name="labels">The class index of each row of <paramref name="canvases"/>.</param>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="fill">The colour of the padding.</param>
    /// <param name="checkpoint">
    /// A file that is written after each epoch and gone on from where it exists; or null. On a card it is written while the next epochs
    /// run, which are passed over until it is there.
    /// </param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Asked before each step; what the last checkpoint holds is kept.</param>
    /// <returns>One record an epoch, those before a resume included.</returns>
    /// <exception cref="TrainingFailedException">The loss is no longer a number.</exception>
    /// <exception cref="RunFolderException">The checkpoint can't be read, or is not what was written.</exception>
    /// <exception cref="ArgumentException">
    /// The card or the network can't compute in the precision that was asked for, or libtorch can't be asked for determinism.
    /// </exception>
    public IReadOnlyList<EpochRecord> Fit(
        IBackbone backbone,
        CanvasStore canvases,
        IReadOnlyList<int> labels,
        IReadOnlyList<int> rows,
        (byte R, byte G, byte B) fill,
        string? checkpoint = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(canvases);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count, nameof(rows));

        set_num_threads(_options.Threads);
        using var memory = FreedMemory.Keep();
        using var algorithms = TrainingAlgorithms.Choose(DeviceOf(backbone), _options.Deterministic);
        using var optimizer = OptimizerOf(backbone);
        List<EpochRecord> history = checkpoint is not null && File.Exists(checkpoint)
            ? [.. TrainingCheckpoint.Restore(checkpoint, backbone, optimizer)]
            : [];
        using var mixed = InMixedPrecision(backbone, optimizer);
        var augmenter = new Augmenter(_options.Augmentation, backbone.Spec.Normalisation, fill);
        var there = MemoryOf(DeviceOf(backbone));
        using var input = TrainingInput.For(canvases, labels, rows, augmenter, _seed, there);
        var sampler = new RowSampler(_options.Sampling, rows, Patients, _seed);
        using var keeper = new CheckpointKeeper(checkpoint, isBehind: there.IsApart);

        for (var epoch = history.Count; epoch < _options.Epochs; epoch++)
        {
            var record = RunEpoch(mixed ?? backbone, input, sampler.Epoch(epoch), optimizer, epoch, progress, cancellationToken);
            if (!double.IsFinite(record.Loss))
            {
                throw new TrainingFailedException(
                    $"The loss of {backbone.Spec.Name} is no longer a number in epoch {epoch + 1} of {_options.Epochs} "
                        + $"(it is {record.Loss}). A learning rate lower than {_options.Lamb.LearningRate:R} may help, "
                        + $"or a batch size larger than {_options.BatchSize}.",
                    TrainingProblem.NotANumber);
            }

            history.Add(record);
            keeper.Keep(backbone, optimizer, history, isLast: history.Count == _options.Epochs);
        }

        backbone.Network.eval();
        return history;
    }

    /// <summary>The probability of each class for each row.</summary>
    /// <param name="backbone">The network; it is left in evaluation mode.</param>
    /// <param name="canvases">The canvases of all rows.</param>
    /// <param name="rows">The rows to predict.</param>
    /// <param name="fill">The colour of the padding.</param>
    /// <param name="cancellationToken">Asked before each batch.</param>
    /// <returns>[rows, classes], each row adding up to 1.</returns>
    public double[,] Predict(
        IBackbone backbone, CanvasStore canvases, IReadOnlyList<int> rows, (byte R, byte G, byte B) fill,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(canvases);
        ArgumentNullException.ThrowIfNull(rows);

        set_num_threads(_options.Threads);
        using var algorithms = _options.Deterministic
            ? TrainingAlgorithms.Choose(DeviceOf(backbone), deterministic: true)
            : null; // Few passes: measuring wouldn't pay.
        backbone.Network.eval();
        var augmenter = new Augmenter(AugmentationOptions.None, backbone.Spec.Normalisation, fill);
        using var network = backbone.ForInference();
        using var outer = NewDisposeScope();
        var all = empty([rows.Count, backbone.Classes], ScalarType.Float64, network.Device);
        var start = 0;
        foreach (var prepared in augmenter.Prepare(canvases, rows.Chunk(Chunk), MemoryOf(network.Device)))
        {
            using var images = prepared;
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var guard = inference_mode();
            var softmax = network.Logits(images).to_type(ScalarType.Float64).softmax(1);
            all.narrow(0, start, softmax.shape[0]).copy_(softmax);
            start += (int)softmax.shape[0];
        }

        var probabilities = new double[rows.Count, backbone.Classes];
        Buffer.BlockCopy(all.cpu().data<double>().ToArray(), 0, probabilities, 0, probabilities.Length * sizeof(double));
        return probabilities;
    }

    /// <summary>Whether all parameters are changed together; null for what is best on their device.</summary>
    internal bool? IsFlat { get; init; }

    private int Chunk => _options.MicroBatchSize is { } micro ? Math.Min(micro, _options.BatchSize) : _options.BatchSize;

    /// <summary>The optimiser of a network, which is made ready for it.</summary>
    internal LambOptimizer OptimizerOf(IBackbone backbone) => new(Groups(backbone, Prepare(backbone)), _options.Lamb, IsFlat);

    private IReadOnlyList<LambGroup> Groups(
        IBackbone backbone, IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Parameter)> trained)
    {
        if (_options.Head?.RateFactor is null or 1)
        {
            return [new(trained)];
        }

        var head = backbone.TrainableParameters(NetworkPart.Head).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var groups = trained.ToLookup(entry => head.Contains(entry.Name));
        return [new([.. groups[false]]), new([.. groups[true]], _options.Head.RateFactor)];
    }

    /// <summary>Lets gradients reach only what is trained, and brings weights into the order of the images that they meet.</summary>
    private IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Parameter)> Prepare(IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        foreach (var parameter in backbone.Network.parameters())
        {
            parameter.requires_grad = false;
            if (parameter.dim() == 4)
            {
                // Channels-last, for which TorchSharp has no word of its own; otherwise each step would copy them.
                parameter.set_(parameter.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
            }
        }

        var trained = backbone.TrainableParameters(_options.Train);
        foreach (var (_, parameter) in trained)
        {
            parameter.requires_grad = true;
        }

        return trained;
    }

    /// <summary>The network as it is trained, where that isn't in float32; what is frozen must have its values by now.</summary>
    internal IBackbone? InMixedPrecision(IBackbone backbone, LambOptimizer optimizer)
    {
        if (Precisions.Resolve(_options.Precision, DeviceOf(backbone)) == ComputePrecision.Float32)
        {
            return null;
        }

        var mixed = backbone.ForMixedPrecision(
            [.. backbone.TrainableParameters(_options.Train).Select(entry => entry.Parameter)], optimizer.Flat?.Values)
            ?? throw new ArgumentException($"{backbone.Spec.Name} doesn't train in bfloat16, which only networks with "
                + $"{nameof(IBackbone.ForMixedPrecision)} do. Choose the precision float32.");
        optimizer.LeafOf = mixed.LeafOf;
        return mixed;
    }

    private EpochRecord RunEpoch(
        IBackbone backbone,
        TrainingInput input,
        int[] order,
        LambOptimizer optimizer,
        int epoch,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var device = DeviceOf(backbone);
        var steps = (order.Length + _options.BatchSize - 1) / _options.BatchSize;
        optimizer.LearningRate = _options.Lamb.LearningRate * _options.RateFactor(epoch);
        backbone.Network.train();

        using var epochScope = NewDisposeScope();
        using var parts = input.Epoch(epoch, [.. order.Chunk(_options.BatchSize).SelectMany(batch => batch.Chunk(Chunk))]).GetEnumerator();
        var loss = zeros(1, ScalarType.Float64, device);
        var correct = zeros(1, ScalarType.Int64, device);
        for (var step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_options.BatchSize, order.Length - (step * _options.BatchSize));
            SeedDropout(device, CounterRandom.Key(_seed, DropoutStream, epoch, step));
            optimizer.ZeroGrad();
            for (var start = 0; start < count; start += Chunk)
            {
                using var scope = NewDisposeScope();
                parts.MoveNext();
                var (images, expected) = parts.Current;
                var logits = Logits(backbone, images);
                var total = Loss(logits, expected);
                (total / count).backward();
                if (count > Chunk)
                {
                    optimizer.Accumulate();
                }

                loss.add_(total.detach());
                correct.add_(logits.detach().argmax(1).eq(expected).sum());
            }

            optimizer.Step();
            progress?.Report(new(epoch, _options.Epochs, step + 1, steps, null));
        }

        // The only place where the host waits for the device.
        var sums = cat([loss, correct.to_type(ScalarType.Float64)]).cpu().data<double>();
        var record = new EpochRecord(
            epoch, optimizer.LearningRate, sums[0] / order.Length, sums[1] / order.Length, clock.Elapsed.TotalSeconds);
        progress?.Report(new(epoch, _options.Epochs, steps, steps, record));
        return record;
    }

    /// <summary>The cross-entropy of a pass, summed over its images.</summary>
    private Tensor Loss(Tensor logits, Tensor expected)
    {
        var total = nn.functional.cross_entropy(logits, expected, reduction: nn.Reduction.Sum);
        if (_options.LabelSmoothing == 0)
        {
            return total;
        }

        // TorchSharp has no word for it: each class has the share ε/K of the target besides.
        var ofAll = logits.log_softmax(1).sum() / -logits.shape[1];
        return (total * (1 - _options.LabelSmoothing)) + (ofAll * _options.LabelSmoothing);
    }

    // TorchSharp's manual_seed reaches the processor's generator alone, and a card has its own, which begins at random.
    private static void SeedDropout(Device device, long key)
    {
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            cuda.manual_seed(key);
        }
        else
        {
            manual_seed(key);
        }
    }

    private Tensor Logits(IBackbone backbone, Tensor images)
    {
        if (_options.Train == NetworkPart.All)
        {
            using var featureMap = backbone.FeatureMap(images);
            return backbone.Head(featureMap);
        }

        // A frozen network keeps its batch norm statistics: only the head is in training mode.
        Tensor features;
        backbone.Network.eval();
        using (no_grad())
        {
            features = backbone.FeatureMap(images);
        }

        backbone.Network.train();
        return backbone.Head(features);
    }

    private const int DropoutStream = 2; // Those of RowSampler are 1 and 3.

    private static Device DeviceOf(IBackbone backbone) => backbone.Network.parameters().First().device;
}
