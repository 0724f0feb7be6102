using System.Runtime.InteropServices;
using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks;

/// <summary>Features to embed.</summary>
internal static class TsneFeatures
{
    /// <summary>SqueezeNet 1.1's pooled features of COVID19-CT, with published weights: 746 × 512.</summary>
    public static Tensor Covid19Ct()
    {
        var data = Environment.GetEnvironmentVariable("COVIDCT_DATA") ?? throw new InvalidOperationException("COVIDCT_DATA is not set.");
        var weights = Environment.GetEnvironmentVariable("COVIDCT_WEIGHTS") ?? throw new InvalidOperationException("COVIDCT_WEIGHTS is not set.");
        using var guard = inference_mode();
        using var scope = NewDisposeScope();
        using var network = BackboneWeights.LoadPretrained(new BackboneFactory(), "squeezenet1_1", Path.Combine(weights, "squeezenet1_1-imagenet.safetensors"));
        network.Network.eval();
        var canvas = new CanvasOptions();
        var (dataset, stores) = CanvasDecoding.Decode(
            CtDataset.Open(Path.Combine(data, "covid19-ct")), [network.Spec.Canvas], new CanvasTransform(canvas), new SkiaImageDecoder());
        var input = new Augmenter(AugmentationOptions.None, network.Spec.Normalisation, canvas.Fill);
        List<Tensor> features = [];
        foreach (var rows in Enumerable.Range(0, dataset.Samples.Count).Chunk(16))
        {
            using var inner = NewDisposeScope();
            using var batch = stores[network.Spec.Canvas].Batch(rows, CPU);
            features.Add(network.Pool(network.FeatureMap(input.Prepare(batch))).MoveToOuterDisposeScope());
        }

        return cat(features).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A mixture of twenty Gaussians whose common spectrum falls as 1 / rank, as that of pooled features does, cut off at zero as a ReLU does.
    /// </summary>
    public static Tensor Wide(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var spectrum = arange(1, columns + 1).pow(-0.5);
        var centres = randn([20, columns], generator: generator) * spectrum * 1.5;
        var mixing = randn([columns, columns], generator: generator) / Math.Sqrt(columns);
        var latent = centres.index_select(0, randint(0, 20, [rows], generator: generator)) + (randn([rows, columns], generator: generator) * spectrum);
        return latent.mm(mixing).relu_().MoveToOuterDisposeScope();
    }

    /// <summary>A mixture of a hundred round Gaussians, their centres three deviations apart in every direction.</summary>
    public static Tensor Mixture(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var centres = randn([100, columns], generator: generator) * 3;
        return (centres.index_select(0, randint(0, 100, [rows], generator: generator)) + randn([rows, columns], generator: generator)).MoveToOuterDisposeScope();
    }

    public static void Write(Tensor features, string path) => File.WriteAllBytes(path, features.to(ScalarType.Float32).contiguous().bytes.ToArray());

    public static Tensor Read(string path, int rows, int columns) =>
        tensor(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray(), [rows, columns]);
}
