using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Export;
using CovidCt.Inference;
using CovidCt.Onnx;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct export</c>: a trained network, or all folds as one, as an ONNX file.</summary>
internal static class ExportCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = SharedOptions.Text("--run", "PATH", TrainedModel.Help);
        var output = SharedOptions.Text("--out", "FILE.onnx", "The file to write.");
        var precision = SharedOptions.Choice(
            "--precision", "What it computes in; int8 is of a run, or of all its folds, and says what it changes. [default: float32]",
            OnnxNames.Float32, OnnxNames.Int8);
        var data = SharedOptions.Text("--data", "DIR", "With int8: where the run's data set is now. [default: where it was]");
        var command = new Command(
            "export", "Writes a trained network, or an ensemble, as ONNX with its heatmaps: answers without libtorch.")
        {
            run, output, precision, data, SharedOptions.Json(),
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(run) ?? throw new UsageException("Give --run PATH, the trained network to export.");
            var file = Path.GetFullPath(parsed.GetValue(output) ?? throw new UsageException("Give --out FILE.onnx, the file to write."));
            if (Directory.Exists(file) || !OnnxNames.IsOnnx(file))
            {
                throw new UsageException($"--out {file} is no name of an ONNX file; give one that ends in {OnnxNames.Ending}.");
            }

            var isInt8 = parsed.GetValue(precision) == OnnxNames.Int8;
            if (!isInt8 && parsed.GetValue(data) is not null)
            {
                throw new UsageException("--data takes --precision int8 with it, whose ranges are found from training images.");
            }

            using var model = TrainedModel.Open(console, path, Decoders.ToLoad(path));
            cancellationToken.ThrowIfCancellationRequested();
            if (isInt8)
            {
                var export = new Int8Export(console, model, path, parsed.GetValue(data), cancellationToken);
                var change = export.Write(file);
                Print(console, model, file, change);
            }
            else
            {
                Write(model, path, file);
                Print(console, model, file, change: null);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(ICtClassifier model, string path, string file)
    {
        switch (model)
        {
            case CtClassifier network:
                OnnxExport.Write(network, file);
                break;
            case CtEnsemble ensemble:
                OnnxExport.Write(ensemble, file);
                break;
            case OnnxClassifier:
                throw new UsageException($"--run {path} is an ONNX file already.");
        }
    }

    private static void Print(ConsoleOutput console, ICtClassifier model, string file, PrecisionChange? change)
    {
        var size = new FileInfo(file).Length;
        var networks = TrainedModel.Networks(model);
        if (console.IsJson)
        {
            var json = new JsonObject
            {
                ["network"] = model.Model.Network,
                ["networks"] = networks,
                ["classes"] = new JsonArray([.. model.Model.Classes.Select(name => JsonValue.Create(name))]),
                ["positive"] = model.Model.Classes[model.Model.Positive],
                ["calibrated"] = model.IsCalibrated,
                ["setLevel"] = model.SetLevel,
                ["bytes"] = size,
                ["path"] = file,
                ["precision"] = change is null ? OnnxNames.Float32 : OnnxNames.Int8,
            };
            if (change is not null)
            {
                json["change"] = change.ToJson();
            }

            console.Json(json);
            return;
        }

        var what = networks == 1 ? model.Model.Network : $"{networks} networks {model.Model.Network} as one";
        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"{what}, {size / (double)(1 << 20):0.0} MiB, with Grad-CAM, Grad-CAM++ and LayerCAM of the last feature map: {file}"));
        change?.Print(console);
        console.Line("predict, explain and test take it as --run, and CovidCt.Onnx in a program; it answers by ONNX Runtime, without "
            + "libtorch.");
    }
}
