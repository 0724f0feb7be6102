using CovidCt.Answers;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Export;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Onnx;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>
/// Writes a network, or all folds as one, in whole numbers of 8 bits, and tests the file on the images that each network was tested on.
/// </summary>
/// <param name="console">Where warnings and progress go.</param>
/// <param name="model">The network or the ensemble.</param>
/// <param name="path">Its run's folder, or the folder above the folds.</param>
/// <param name="data">Where the data set is now; null is where it was.</param>
/// <param name="cancellationToken">Stops it; no file is left then.</param>
internal sealed class Int8Export(
    ConsoleOutput console, ICtClassifier model, string path, string? data, CancellationToken cancellationToken)
{
    private const int TrainingImages = 64;

    /// <summary>Writes it.</summary>
    /// <param name="file">The file, whole and tested or not there.</param>
    /// <returns>What the answers of the file differ in.</returns>
    public PrecisionChange Write(string file)
    {
        var decoder = Decoders.OfModel(path);
        FinishedRun[] runs = FinishedRun.HoldsFolds(path)
            ? [.. RunLayout.FoldsIn(path).Select(fold => FinishedRun.Open(fold.Run.Root, decoder: decoder))]
            : Directory.Exists(path) && model is CtClassifier ? [FinishedRun.Open(path, decoder: decoder)]
            : throw new UsageException($"--precision int8 takes the folder of a run, or that above its folds; {path} is neither.");
        var dataset = runs[0].OpenData(data);
        var untested = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            StepDisplay.Show(console, model.Model.Network, progress => Write(runs, dataset, untested, progress));
            var change = StepDisplay.Show(console, model.Model.Network, progress => Test(runs, dataset, untested, progress));
            File.Move(untested, file, overwrite: true);
            return change;
        }
        finally
        {
            File.Delete(untested);
        }
    }

    private bool Write(FinishedRun[] runs, CtDataset dataset, string file, IProgress<StepProgress> progress)
    {
        IReadOnlyList<GrayImage>[] images = [.. runs.Select(run => run.TrainingImages(dataset, TrainingImages, cancellationToken))];
        if (model is CtEnsemble ensemble)
        {
            OnnxExport.WriteInt8(ensemble, images, file, progress, cancellationToken);
        }
        else
        {
            OnnxExport.WriteInt8((CtClassifier)model, images[0], file, progress, cancellationToken);
        }

        return true;
    }

    private PrecisionChange Test(FinishedRun[] runs, CtDataset dataset, string file, IProgress<StepProgress> progress)
    {
        using var onnx = OnnxClassifier.Load(file);
        var counted = new Counted(2 * runs.Sum(run => run.Predictions.Count), progress);
        Prediction[] exact = [.. Answers(model)], whole = [.. Answers(onnx)];
        return new(
            NetworkStatistics.Change.Of(exact, whole, model.Model.Classes[model.Model.Positive], cancellationToken),
            exact.Zip(whole).Count(pair => ClassOf(pair.First) != ClassOf(pair.Second)),
            exact.Length,
            exact.Select(answer => answer.Label).Distinct(StringComparer.Ordinal).Count());

        IEnumerable<Prediction> Answers(ICtClassifier classifier) =>
            runs.SelectMany((run, member) => run.TestWith(classifier, dataset, member, counted, cancellationToken));

        int ClassOf(Prediction answer) => model.Model.ClassOf(answer.Probability);
    }

    /// <summary>Counts the images of all networks in both precisions together.</summary>
    private sealed class Counted(int total, IProgress<StepProgress> progress) : IProgress<StepProgress>
    {
        private int _done;

        public void Report(StepProgress value) => progress.Report(new(StepKind.Testing, ++_done, total));
    }
}
