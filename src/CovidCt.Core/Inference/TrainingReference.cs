using CovidCt.Answers;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>
/// The features that a network has of its training images, by which an input that is unlike them is told: the distance to its
/// k-th nearest one, as Sun, Ming, Zhu and Li have it, "Out-of-distribution detection with deep nearest neighbors", ICML 2022
/// (arXiv 2204.06507).
/// </summary>
/// <remarks>
/// <para>
/// Features are the pooled last feature map divided by its length, as section 3 of the paper has them; the distance is Euclidean, in
/// [0, 2]. An input is unlike the training images where its distance exceeds the threshold, a high quantile q of the distances of the
/// run's <em>test</em> images: the network has been fitted to its training images, and has them nearer together than any others.
/// With n test images it is the ⌈q (n + 1)⌉-th smallest, or the largest where there is none; of further images of the same kind a
/// share of 1 − q, or of 1 / (n + 1) where that is more, exceeds it on average, as in split conformal prediction (Lei et al.,
/// "Distribution-free
/// predictive inference for regression", 2018, section 2.2). Where folds were drawn by image, the test images share patients with the
/// training images and are nearer to them than those of new patients, more of which are then told.
/// </para>
/// <para>
/// It can see that an image is none of the kind, such as a photograph. It can't see that an answer is wrong, nor what the features
/// ignore: another scanner, disease or protocol, often not even a negative. That an input isn't told means little.
/// </para>
/// <para>
/// Measured with SqueezeNet 1.1 on COVID19-CT (ImageNet weights, two folds by image as one): of generated noise, gradients, textures and
/// heaps of discs 100 % were told, of the negatives of the SARS-CoV-2 CT sample 43 %, and none of its slices, though other scanners
/// made them. With ShuffleNetV2 on the phantom (random weights, 168 training images, five folds by patient as one): 68 % to 84 % of the
/// generated images, 69 % of the negatives, and 1 % of the slices of new patients. Features that were centred or standardised before
/// the division told none of some kinds, and larger k fewer.
/// </para>
/// <para>It may be asked from many threads at once.</para>
/// </remarks>
internal sealed class TrainingReference : IDisposable
{
    internal const string FeaturesKey = "features";
    internal const string FactsKey = "facts";
    internal const string Remedy = "Delete it and go on with the study, which makes it again.";

    private const string Format = "covidct-reference-1";

    private TrainingReference(Tensor features, TrainingReferenceFacts facts)
    {
        Features = features.DetachFromDisposeScope();
        Facts = facts;
    }

    /// <summary>How it was made.</summary>
    public TrainingReferenceFacts Facts { get; }

    /// <summary>The width of the features.</summary>
    public int FeatureWidth => (int)Features.shape[1];

    /// <summary>float32 [rows, width], each row of length 1.</summary>
    internal Tensor Features { get; }

    /// <summary>A reference from the features of images.</summary>
    /// <param name="training">[N, D], finite, of the images that the network was trained on.</param>
    /// <param name="test">[M, D], finite, of images of the same kind that it was not trained on; at least one.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="ArgumentException">The features are no such matrices, or an option is out of its range.</exception>
    public static TrainingReference Of(Tensor training, Tensor test, TrainingReferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        options ??= new TrainingReferenceOptions();
        OptionsValidation.ThrowIfInvalid(options);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (all, tested) = (Unit(training, nameof(training)), Unit(test, nameof(test)));
        if (all.shape[0] == 0 || tested.shape[0] == 0 || all.shape[1] != tested.shape[1])
        {
            throw new ArgumentException(
                $"Features of training and of test images are needed, of one width; these are [{string.Join(", ", training.shape)}] and "
                    + $"[{string.Join(", ", test.shape)}].", nameof(test));
        }

        var kept = all.shape[0] <= options.MostRows ? all : all.index_select(0, tensor(Draw((int)all.shape[0], options.MostRows)));
        var neighbours = Math.Min(options.Neighbours, (int)kept.shape[0]);
        double[] distances = [.. Distances(kept, tested, neighbours).Order()];
        var place = Math.Clamp((int)Math.Ceiling((options.Quantile * (distances.Length + 1)) - 1e-9), 1, distances.Length);

        // The last digits of features depend on which images share a batch: the image at the threshold must not be told for that.
        var threshold = distances[place - 1] + 1e-4;
        return new(kept, new(neighbours, threshold, options.Quantile, (int)all.shape[0], (int)tested.shape[0]));
    }

    /// <summary>How far inputs are from the training images.</summary>
    /// <param name="features">[N, D]: pooled features of the network, of any length.</param>
    /// <exception cref="ArgumentException">They are no matrix of finite numbers of that width.</exception>
    public IReadOnlyList<TrainingDistance> Measure(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var unit = Unit(features, nameof(features));
        return unit.shape[1] == FeatureWidth
            ? [.. Distances(Features, unit, Facts.Neighbours).Select(distance => new TrainingDistance(distance, Facts.Threshold))]
            : throw new ArgumentException($"Features of the width {FeatureWidth} were expected, {unit.shape[1]} given.", nameof(features));
    }

    /// <summary>Writes it to a safetensors file, whole or not at all.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => TensorFile.Write(
        path, [(FeaturesKey, Features)], new Dictionary<string, string> { ["format"] = Format, [FactsKey] = Facts.ToJson() });

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="WeightsException">The file is missing, broken, or no reference.</exception>
    public static TrainingReference Load(string path)
    {
        using var file = TensorFile.Open(path);
        return (file.Metadata.GetValueOrDefault("format") == Format ? Read(file, "") : null)
            ?? throw new WeightsException($"{path} holds no features of training images. {Remedy}");
    }

    /// <summary>Reads it from a part of a file; null where that holds none.</summary>
    /// <exception cref="WeightsException">It is damaged.</exception>
    internal static TrainingReference? Read(TensorFile file, string prefix)
    {
        if (file.Find(prefix + FeaturesKey) is not { } entry)
        {
            return null;
        }

        if (entry.Type != ScalarType.Float32 || entry.Shape is not [> 0, > 0] || !file.Metadata.TryGetValue(prefix + FactsKey, out var text)
            || TrainingReferenceFacts.FromJson(text) is not { } facts || facts.Neighbours > entry.Shape[0])
        {
            throw new WeightsException($"{file.Path}: the features of the training images are damaged. {Remedy}");
        }

        using var scope = NewDisposeScope();
        return new(file.Read(entry.Name), facts);
    }

    /// <inheritdoc/>
    public void Dispose() => Features.Dispose();

    private static Tensor Unit(Tensor features, string parameter)
    {
        var rows = Embedding.Features.Matrix(features, CPU, parameter);

        // A row of zeros, of a network that is silent on the image, stays one.
        return rows.div_(rows.norm(1, keepdim: true, p: 2).clamp_min(1e-12)).to(ScalarType.Float32);
    }

    // Without matrix products, which lose half of the digits for near rows.
    private static double[] Distances(Tensor reference, Tensor rows, int neighbours) =>
    [
        .. cdist(rows, reference, 2, TorchSharp.compute_mode.donot_use_mm_for_euclid_dist)
            .topk(
                neighbours,
                dim: 1,
                largest: false,
                sorted: true).values.select(1, neighbours - 1).to(ScalarType.Float64).contiguous().data<double>(),
    ];

    private static long[] Draw(int rows, int most)
    {
        var order = Enumerable.Range(0, rows).Select(row => (long)row).ToArray();
        new CounterRandom(0, rows).Shuffle<long>(order);
        return [.. order.Take(most).Order()];
    }
}
