using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// What a study leaves beyond its figures: maps of every fold's mistakes and the features of its training images, and, of each
/// network's first fold, an audit of its maps and an embedding of its features.
/// </summary>
internal sealed class StudyInsights(
    IBackboneFactory backbones, IImageDecoder decoder, StudyOptions options, IProgress<StudyProgress>? progress)
{
    private ComputeDevice Device => options.Training.Device;

    /// <summary>Writes what is not there yet.</summary>
    public void Write(StudyResult result, CancellationToken cancellationToken)
    {
        foreach (var network in result.Runs.GroupBy(run => run.Network, run => run.Fold))
        {
            List<FinishedRun> runs =
                [.. network.Select(fold => FinishedRun.Open(result.Layout.Run(network.Key, fold).Root, backbones, decoder))];
            Explain(runs, result.Dataset, cancellationToken);
            using var first = Refer(runs, result.Dataset, cancellationToken);
            if (options.Controls != StudyControls.None && !(IsKept(runs[0], runs[0].Layout.MapAudit) && runs[0].HasMapAudit))
            {
                runs[0].AuditMaps(result.Dataset, runs, new RunMapOptions { Device = Device }, On(network.Key), cancellationToken);
            }

            Embed(runs[0], first, result.Dataset, cancellationToken);
        }
    }

    private void Explain(List<FinishedRun> runs, CtDataset dataset, CancellationToken cancellationToken)
    {
        foreach (var (fold, run) in runs.Index().Where(entry => !IsKept(entry.Item, entry.Item.Layout.MapFiles)))
        {
            run.Explain(dataset, new RunMapOptions { Device = Device }, On(NameOf(run, fold, runs.Count)), cancellationToken);
        }
    }

    /// <summary>Keeps what unlike inputs are told by; gives the features of the first run, if an embedding is to be made of them.</summary>
    private RunFeatures? Refer(List<FinishedRun> runs, CtDataset dataset, CancellationToken cancellationToken)
    {
        RunFeatures? first = null;
        try
        {
            foreach (var (fold, run) in runs.Index().Where(entry => !IsReferred(entry.Item)))
            {
                var features = RunFeatures.Of(run, dataset, Device, On(NameOf(run, fold, runs.Count)), cancellationToken);
                var isKept = fold == 0 && !IsEmbedded(run);
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
            progress?.Report(new Study.Warning($"{run.FullPath} won't tell inputs that are unlike its training images: {e.Message}"));
        }
    }

    private void Embed(FinishedRun run, RunFeatures? features, CtDataset dataset, CancellationToken cancellationToken)
    {
        if (IsEmbedded(run))
        {
            return;
        }

        var own = features is null ? RunFeatures.Of(run, dataset, Device, On(run.Network), cancellationToken) : null;
        try
        {
            RunEmbedder.Write(run, features ?? own!, new TsneOptions { Device = Device }, On(run.Network), cancellationToken);
        }
        catch (ArgumentException e)
        {
            // A network that has learnt nothing may have the same features for every image: no embedding, and no failure.
            progress?.Report(new Study.Warning($"{run.Network} has no embedding: {e.Message}"));
        }
        finally
        {
            own?.Dispose();
        }
    }

    private bool IsReferred(FinishedRun run) => IsKept(run, run.Layout.Reference, run.Layout.Distances);

    private bool IsEmbedded(FinishedRun run) => IsKept(run, run.Layout.EmbeddingPoints, run.Layout.EmbeddingFacts);

    private bool IsKept(FinishedRun run, params IEnumerable<string> files) => KeptFiles.Are(run.Layout.Sums, progress, files);

    private static string NameOf(FinishedRun run, int fold, int folds) =>
        FormattableString.Invariant($"{run.Network} fold {fold + 1}/{folds}");

    private Relay<StepProgress>? On(string name) => progress is null ? null : new(step => progress.Report(step with { Name = name }));
}
