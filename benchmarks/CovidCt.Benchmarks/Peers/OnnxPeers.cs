using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace CovidCt.Benchmarks.Peers;

/// <summary>
/// ONNX Runtime in .NET: on torchvision's export with its ordinary settings, and on ours as <see cref="OnnxClassifier"/> runs it. Both have
/// the same number of threads.
/// </summary>
internal static class OnnxPeers
{
    /// <summary>The logits of a batch that lies ready, by torchvision's export.</summary>
    public static Measurement Inference(BenchmarkedNetwork network, int batch)
    {
        using var exported = ExportedNetwork.OfTorchvision(network, batch);
        var session = Plain(exported.Path);
        return Timed(network, batch, session, ["logits"], session);
    }

    /// <summary>What <see cref="OnnxClassifier"/> asks for of such a batch, by our export.</summary>
    public static Measurement OwnInference(BenchmarkedNetwork network, int batch)
    {
        using var exported = ExportedNetwork.AsOurOnnx(network);
        var file = OnnxFile.Open(exported.Path, Environment.ProcessorCount);
        return Timed(network, batch, file.Session, [OnnxFile.Logits, OnnxFile.Features], file);
    }

    /// <summary>The peak of the process's memory, in MiB, once it has answered about one image by torchvision's export.</summary>
    public static Measurement PeakOfAnswer(BenchmarkedNetwork network)
    {
        var exported = ExportedNetwork.OfTorchvision(network, batch: 1);
        return Measurement.OfPeak(() =>
        {
            using var session = Plain(exported.Path);
            using var run = new OnnxRun(session, ["logits"], new float[network.Numbers], [1, 3, network.Canvas.Height, network.Canvas.Width]);
            run.Answer();
        }, exported);
    }

    /// <summary>The same of an <see cref="OnnxClassifier"/>, which decodes an image too.</summary>
    public static Measurement OwnPeakOfAnswer(BenchmarkedNetwork network, string image)
    {
        var exported = ExportedNetwork.AsOurOnnx(network);
        return Measurement.OfPeak(() =>
        {
            using var classifier = OnnxClassifier.Load(exported.Path, threads: Environment.ProcessorCount);
            classifier.Classify(image);
        }, exported);
    }

    /// <summary>A session as an application makes one, with the threads that all sides have.</summary>
    public static InferenceSession Plain(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
        return new(path, options);
    }

    private static Measurement Timed(BenchmarkedNetwork network, int batch, InferenceSession session, string[] outputs, IDisposable owner)
    {
        var input = new float[batch * network.Numbers];
        var random = new Random(0);
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (2 * random.NextSingle()) - 1;
        }

        var run = new OnnxRun(session, outputs, input, [batch, 3, network.Canvas.Height, network.Canvas.Width]);
        return Measurement.OfTime(run.Answer, run, owner);
    }
}
