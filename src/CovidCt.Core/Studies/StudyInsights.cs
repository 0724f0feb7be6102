using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// What a study leaves beyond its figures: maps of every fold's mistakes and the features of its training images, and, of each
/// network's first fold, an audit of its maps and an embedding of its features.
/// </summary>
internal sealed class StudyInsights(IBackboneFactory backbones, IImageDecoder decoder, StudyOptions options, IProgress<StudyProgress>? progress)
{
    private ComputeDevice Device => options.Training.Device;

    /// <summary>Writes what is not there yet.</summary>
    public void Write(StudyResult result, CancellationToken cancellationToken)
    {
        foreach (var network in result.Networks)
        {
            List<FinishedRun> runs = [.. network.Folds.Select(fold => FinishedRun.Open(result.Layout.Run(network.Network, fold.Fold).Root))];
            Explain(runs, result.Dataset, cancellationToken);
            using var first = Refer(runs, result.Dataset, cancellationToken);
            if (options.Controls != StudyControls.None && !RunMapAuditor.IsDone(runs[0]))
            {
                new RunMapAuditor(backbones, decoder).Write(
                    runs[0], result.Dataset, runs, new RunMapAuditorOptions { Device = Device }, On(network.Network), cancellationToken);
            }

            Embed(runs[0], first, result.Dataset, cancellationToken);
        }
    }

    private void Explain(List<FinishedRun> runs, CtDataset dataset, CancellationToken cancellationToken)
    {
        foreach (var (fold, run) in runs.Index().Where(entry => !RunExplainer.IsDone(entry.Item)))
        {
            new RunExplainer(backbones, decoder).Write(
                run, dataset, new RunExplainerOptions { Device = Device }, On(NameOf(run, fold, runs.Count)), cancellationToken);
        }
    }

    /// <summary>Keeps what unlike inputs are told by; gives the features of the first run, if an embedding is to be made of them.</summary>
    private RunFeatures? Refer(List<FinishedRun> runs, CtDataset dataset, CancellationToken cancellationToken)
    {
        RunFeatures? first = null;
        try
        {
            foreach (var (fold, run) in runs.Index().Where(entry => !RunReferenceMaker.IsDone(entry.Item)))
            {
                var features = RunFeatures.Of(
                    run, dataset, backbones, decoder, Device, On(NameOf(run, fold, runs.Count)), cancellationToken);
                var isKept = fold == 0 && !RunEmbedder.IsDone(run);
                first = isKept ? features : first;
                using var own = isKept ? null : features;
                Refer(run, features);
            }

            return first;
        }
        catch
        {
            first?.Dispose(); // What stops a later fold must not leave the first one's tensor behind.
            throw;
        }
    }

    private void Refer(FinishedRun run, RunFeatures features)
    {
        try
        {
            RunReferenceMaker.Write(run, features, new TrainingReferenceOptions { Device = Device });
        }
        catch (ArgumentException e)
        {
            progress?.Report(new StudyWarning($"{run.FullPath} won't tell inputs that are unlike its training images: {e.Message}"));
        }
    }

    private void Embed(FinishedRun run, RunFeatures? features, CtDataset dataset, CancellationToken cancellationToken)
    {
        if (RunEmbedder.IsDone(run))
        {
            return;
        }

        var own = features is null ? RunFeatures.Of(run, dataset, backbones, decoder, Device, On(run.Network), cancellationToken) : null;
        try
        {
            RunEmbedder.Write(run, features ?? own!, new TsneOptions { Device = Device }, On(run.Network), cancellationToken);
        }
        catch (ArgumentException e)
        {
            // A network that has learnt nothing may have the same features for every image: no embedding, and no failure.
            progress?.Report(new StudyWarning($"{run.Network} has no embedding: {e.Message}"));
        }
        finally
        {
            own?.Dispose();
        }
    }

    private static string NameOf(FinishedRun run, int fold, int folds) => FormattableString.Invariant($"{run.Network} fold {fold + 1}/{folds}");

    private Relay<RunStep>? On(string name) => progress is null ? null : new(step => progress.Report(new RunUnderWay(name, step)));
}
