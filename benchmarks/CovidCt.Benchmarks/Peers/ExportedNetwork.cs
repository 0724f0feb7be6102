using System.Globalization;
using CovidCt.Benchmarks.Kit;
using CovidCt.Export;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models.Runtime;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Peers;

/// <summary>
/// A network's file in a temporary folder, made by another process, so that the one that is measured has nothing of it. Weights are random.
/// </summary>
internal sealed class ExportedNetwork : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("covidct-benchmark-");

    private ExportedNetwork(string name) => Path = System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Our own file of a trained network.</summary>
    public static ExportedNetwork OfOurs(BenchmarkedNetwork network) => Written(network, "network.safetensors");

    /// <summary>The same as our ONNX.</summary>
    public static ExportedNetwork AsOurOnnx(BenchmarkedNetwork network) => Written(network, "network.onnx");

    /// <summary>torchvision's network as torch.onnx.export writes it, for batches of one size.</summary>
    public static ExportedNetwork OfTorchvision(BenchmarkedNetwork network, int batch)
    {
        var exported = new ExportedNetwork("torchvision.onnx");
        string[] numbers = [.. new[] { batch, network.Canvas.Width, network.Canvas.Height }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        Peer.Run(Peer.Python, [Peer.Script("compared", "export.py"), network.Name, .. numbers, exported.Path]);
        return exported;
    }

    /// <summary>TorchSharp's network as its <c>save</c> writes it.</summary>
    public static ExportedNetwork OfTorchSharp(BenchmarkedNetwork network) => Written(network, "network.dat");

    /// <summary>Writes a file of the kind that its name ends in: what the other process does.</summary>
    public static int Write(string name, string path)
    {
        TorchRuntime.EnsureLoaded();
        var network = BenchmarkedNetwork.Named(name);
        if (System.IO.Path.GetExtension(path) == ".dat")
        {
            using var plain = PlainNetworks.Create(name);
            plain.save(path);
            return 0;
        }

        using var classifier = new CtClassifier(
            network.Create(CPU), new(name, ["COVID", "non-COVID"], 0, network.Canvas, CanvasFit.KeepAspect, RandomCanvases.Fill));
        if (System.IO.Path.GetExtension(path) == ".onnx")
        {
            OnnxExport.Write(classifier, path);
        }
        else
        {
            ModelFile.Save(path, classifier.Backbone, classifier.Model);
        }

        return 0;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static ExportedNetwork Written(BenchmarkedNetwork network, string name)
    {
        var exported = new ExportedNetwork(name);
        var (program, first) = Peer.Self;
        Peer.Run(program, [.. first, "write", network.Name, exported.Path]);
        return exported;
    }
}
