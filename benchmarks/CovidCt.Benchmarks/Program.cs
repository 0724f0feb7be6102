using System.Globalization;
using CovidCt.Benchmarks;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Peers;
using CovidCt.Benchmarks.Suites;
using CovidCt.Models.Runtime;

try
{
    // Workers, and what answers once, load what they are measured with.
    if (args is not ["worker" or "answer" or "answer-series" or "decode-all" or "compare-serve", ..])
    {
        TorchRuntime.EnsureLoaded();
    }

    return args switch
    {
        ["bench", .. var rest] => BenchCommand.Run(rest),
        ["compare", .. var rest] => CompareCommand.Run(rest),
        ["worker"] => Worker.Run(),
        ["write", var network, var file] => ExportedNetwork.Write(network, file),
        ["answer", var network, var file, var image] => OneAnswer.Run(network, file, image),
        ["load", var mode, var file] => LoadWorker.Run(mode, file),
        ["compare-load", .. var rest] => LoadComparison.Run(rest),
        ["compare-serve", var program, var network, var image, .. var rest] => ServeComparison.Run(program, network, image, rest),
        ["serve-bare", var network, var image, var seconds] => ServeComparison.Worker(network, image, seconds),
        ["compare-ensemble", .. var rest] => EnsembleComparison.Run(rest),
        ["decode-all", var decoder, var folder] => DecoderWorker.Run(decoder, folder),
        ["answer-series", var network, var folder] => SeriesComparison.Answer(network, folder),
        ["compare-series", .. var rest] => SeriesComparison.Run(rest),
        ["compare-decoders", .. var rest] => DecoderComparison.Run(rest),
        ["tsne", var file, var rows, var columns, var seed, var iterations, var method, var repeat, var points] =>
            TsneWorker.Run(file, rows, columns, seed, iterations, method, repeat, points),
        ["compare-tsne", var features, .. var rest] => CompareTsne(features, rest),
        _ => Usage(),
    };
}
catch (Exception e) when (e is PeerException or ArgumentException or NativeRuntimeException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int CompareTsne(string features, string[] rest)
{
    var options = rest.Where(option => option.Contains('=', StringComparison.Ordinal)).Select(option => option.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
    return TsneComparison.Run(
        features, int.Parse(options.GetValueOrDefault("seeds", "5"), CultureInfo.InvariantCulture),
        int.Parse(options.GetValueOrDefault("iterations", "1000"), CultureInfo.InvariantCulture), options.GetValueOrDefault("method", "Auto"), !rest.Contains("alone"));
}

static int Usage()
{
    Console.Error.WriteLine(BenchCommand.Usage);
    Console.Error.WriteLine(CompareCommand.Usage);
    Console.Error.WriteLine("compare-load [ROUNDS]: ResNet101 from .pth and safetensors, beside torch.load; python3 with torch and torchvision must be at hand");
    Console.Error.WriteLine(ServeComparison.Usage);
    Console.Error.WriteLine(EnsembleComparison.Usage);
    Console.Error.WriteLine("compare-decoders [ROUNDS]: COVID19-CT (a phantom of its size where COVIDCT_DATA is not set) by SkiaSharp and by ImageSharp, on one thread");
    Console.Error.WriteLine("compare-series [ROUNDS]: 400 slices of 512x512 pixels from DICOM files to one answer, beside pydicom, scipy, Pillow and PyTorch");
    Console.Error.WriteLine("compare-tsne covid19-ct|ROWSxCOLUMNS|mixture-ROWSxCOLUMNS [seeds=5] [iterations=1000] [method=Auto|Exact|Interpolation] [alone]: t-SNE, beside scikit-learn's; " +
        "covid19-ct needs COVIDCT_DATA and COVIDCT_WEIGHTS, and python3 scikit-learn, without `alone`");
    return 2;
}
