using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>
/// What a study leaves beyond its figures: maps of every fold's mistakes and the features of its training images, and, of each network's first fold, an audit of its
/// maps and an embedding of its features.
/// </summary>
internal static class RunInsights
{
    private const int Fold = 0;

    /// <summary>Writes what is not there yet.</summary>
    public static void Write(ConsoleOutput console, StudyFolder folder, StudyResult result, bool auditMaps, ComputeDevice device, CancellationToken cancellationToken) =>
        RunStepDisplay.Show(console, progressOf =>
        {
            foreach (var network in result.Networks)
            {
                var runs = network.Folds.Select(fold => FinishedRun.Open(folder.Layout.Run(network.Network, fold.Fold).Root)).ToList();
                foreach (var (run, fold) in runs.Select((run, fold) => (run, fold)).Where(entry => !RunExplainer.IsDone(entry.run)))
                {
                    new RunExplainer(new BackboneFactory(), new SkiaImageDecoder())
                        .Write(run, result.Dataset, new RunExplainerOptions { Device = device }, progressOf($"{network.Network} fold {fold + 1}/{runs.Count}"), cancellationToken);
                }

                foreach (var (run, fold) in runs.Select((run, fold) => (run, fold)).Where(entry => !RunReferenceMaker.IsDone(entry.run)))
                {
                    Refer(console, run, result.Dataset, device, progressOf($"{network.Network} fold {fold + 1}/{runs.Count}"), cancellationToken);
                }

                var progress = progressOf(network.Network);
                if (auditMaps)
                {
                    Audit(runs[Fold], runs, result.Dataset, device, progress, cancellationToken);
                }

                Embed(console, runs[Fold], result.Dataset, device, progress, cancellationToken);
            }

            return true;
        });

    private static void Refer(ConsoleOutput console, FinishedRun run, CtDataset dataset, ComputeDevice device, IProgress<RunStep> progress, CancellationToken cancellationToken)
    {
        try
        {
            new RunReferenceMaker(new BackboneFactory(), new SkiaImageDecoder()).Write(run, dataset, new TrainingReferenceOptions { Device = device }, progress, cancellationToken);
        }
        catch (ArgumentException e)
        {
            console.Warning($"{run.FullPath} won't tell inputs that are unlike its training images: {e.Message}");
        }
    }

    private static void Audit(FinishedRun run, IEnumerable<FinishedRun> runs, CtDataset dataset, ComputeDevice device, IProgress<RunStep> progress, CancellationToken cancellationToken)
    {
        if (!RunMapAuditor.IsDone(run))
        {
            new RunMapAuditor(new BackboneFactory(), new SkiaImageDecoder()).Write(run, dataset, runs, new RunMapAuditorOptions { Device = device }, progress, cancellationToken);
        }
    }

    private static void Embed(ConsoleOutput console, FinishedRun run, CtDataset dataset, ComputeDevice device, IProgress<RunStep> progress, CancellationToken cancellationToken)
    {
        if (RunEmbedder.IsDone(run))
        {
            return;
        }

        try
        {
            new RunEmbedder(new BackboneFactory(), new SkiaImageDecoder()).Write(run, dataset, new TsneOptions { Device = device }, progress, cancellationToken);
        }
        catch (ArgumentException e)
        {
            // A network that has learnt nothing may have the same features for every image: no embedding, and no failure.
            console.Warning($"{run.Network} has no embedding: {e.Message}");
        }
    }
}
