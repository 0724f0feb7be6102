using CovidCt.Benchmarks.Kit;
using CovidCt.Imaging;
using CovidCt.Models.Runtime;
using CovidCt.Networks;
using CovidCt.Onnx;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Peers;

/// <summary>A process that answers about one image, as a short program of ONNX Runtime's or TorchSharp's users; images are read as ours are.</summary>
internal static class OneAnswer
{
    /// <summary>Answers by a file that its name's ending says the kind of.</summary>
    public static int Run(string name, string path, string image)
    {
        var network = BenchmarkedNetwork.Named(name);
        var gray = new SkiaImageDecoder().DecodeFile(image);
        var input = new NetworkInput(network.Canvas, new(), ChannelNormalisation.ImageNet);
        var values = new float[input.Length];
        input.Write(gray, values);
        var logits = Path.GetExtension(path) == ".onnx" ? ByOnnxRuntime(path, values, input.Shape(1)) : ByTorchSharp(name, path, values, input.Shape(1));
        Console.WriteLine($"{image}: {string.Join(", ", logits)}");
        return 0;
    }

    private static float[] ByOnnxRuntime(string path, float[] values, long[] shape)
    {
        using var session = OnnxPeers.Plain(path);
        using var run = new OnnxRun(session, ["logits"], values, shape);
        return run.First();
    }

    private static float[] ByTorchSharp(string name, string path, float[] values, long[] shape)
    {
        TorchRuntime.EnsureLoaded();
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var network = PlainNetworks.Create(name);
        network.load(path);
        network.eval();
        return network.call(tensor(values, shape)).data<float>().ToArray();
    }
}
