using CovidCt.Answers;
using CovidCt.Evaluation;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>Writing into the folder of one run.</summary>
internal static class RunFolder
{
    /// <summary>Makes the folder, or finds it; another configuration in it is an error that names each difference.</summary>
    public static void Claim(RunLayout run, RunConfiguration configuration)
    {
        try
        {
            Directory.CreateDirectory(run.Root);
            AtomicFile.Sweep(run.Root);
            run.BeginSums();
            if (RunConfiguration.ReadFrom(run.Configuration) is { } earlier)
            {
                ThrowOnDifference(run.Root, configuration, earlier);
            }
            else
            {
                run.Sums.Write(() => configuration.WriteTo(run.Configuration), run.Configuration);
            }

            if (run.IsFinished)
            {
                File.Delete(run.Checkpoint); // Of a process that was killed before it did so.
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The run folder {run.Root} can't be written: {e.Message}", e, FolderProblem.NotWritable);
        }
    }

    /// <summary>Keeps what came of the run; the checkpoint, three times the network's size, is no longer needed.</summary>
    public static void Finish(
        RunLayout layout, StudyRun run, IBackbone backbone, ModelDescription description,
        IReadOnlyList<EpochRecord> history, IReadOnlyList<Prediction> predictions)
    {
        layout.Sums.Write(() => ModelFile.Save(layout.Network, backbone, description), layout.Network);
        layout.WriteHistory(run.Network, run.Fold, history);
        layout.WritePredictions(predictions);
        File.Delete(layout.Checkpoint);
    }

    /// <summary>Refuses to go on with a run of other settings.</summary>
    public static void ThrowOnDifference(string folder, RunConfiguration here, RunConfiguration earlier)
    {
        if (here.DifferencesFrom(earlier) is { Count: > 0 } differences)
        {
            throw new RunFolderException(
                $"{folder} holds a run of another configuration: {string.Join("; ", differences)}.", FolderProblem.OtherConfiguration);
        }
    }
}
