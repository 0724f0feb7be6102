using CovidCt.Cli.Output;
using CovidCt.Embedding;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Training;

namespace CovidCt.Cli.Commands;

/// <summary>What a study leaves beyond its figures: for each network's first fold, an embedding of its features and maps of its answers.</summary>
internal static class RunInsights
{
    private const int Fold = 0;

    /// <summary>Writes what is not there yet.</summary>
    public static void Write(ConsoleOutput console, StudyFolder folder, StudyResult result, CancellationToken cancellationToken) =>
        RunStepDisplay.Show(console, progressOf =>
        {
            var (backbones, decoder) = (new BackboneFactory(), new SkiaImageDecoder());
            var (embedder, explainer) = (new RunEmbedder(backbones, decoder), new RunExplainer(backbones, decoder));
            foreach (var network in result.Networks)
            {
                var run = FinishedRun.Open(Path.Combine(folder.FullPath, "runs", network.Network, $"fold-{Fold}"));
                var progress = progressOf(network.Network);
                if (!RunExplainer.IsDone(run))
                {
                    explainer.Write(run, result.Dataset, progress: progress, cancellationToken: cancellationToken);
                }

                if (!RunEmbedder.IsDone(run))
                {
                    try
                    {
                        embedder.Write(run, result.Dataset, progress: progress, cancellationToken: cancellationToken);
                    }
                    catch (ArgumentException e)
                    {
                        // A network that has learnt nothing may have the same features for every image: no embedding, and no failure.
                        console.Warning($"{network.Network} has no embedding: {e.Message}");
                    }
                }
            }

            return true;
        });
}
