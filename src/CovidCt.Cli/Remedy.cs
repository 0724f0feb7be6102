using CovidCt.Models.Runtime;
using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Cli;

/// <summary>Which option of this program mends what the library says is wrong.</summary>
internal static class Remedy
{
    /// <summary>What to do where the positive class is a guess.</summary>
    public const string OfGuess = "--positive NAME names it, --test-positive that of --test.";

    /// <summary>A sentence; null where there is no such option, or the message says it.</summary>
    public static string? For(Exception exception) => exception switch
    {
        RunFolderException folder => For(folder.Problem),
        TrainingFailedException training => For(training.Problem),
        GivenPredictions.ColumnException column => $"--columns {column.Meaning}=COLUMN names it.",
        _ => null,
    };

    /// <summary>What is wrong with libtorch; where there is none, in words for who has this program and no project.</summary>
    /// <param name="message">The library's message.</param>
    public static string OfRuntime(string message) => !TorchRuntime.Report.IsLibtorchMissing ? message
        : OperatingSystem.IsLinux()
            ? "This command needs libtorch, which is not beside the program: install PyTorch 2.10 (`pip install torch==2.10.0`) and set "
                + "COVIDCT_LIBTORCH to its folder lib (`python3 -c \"import torch; print(torch.__path__[0] + '/lib')\"`), or install a "
                + "covidct that was packed with libtorch."
            : "This command needs libtorch, which is not beside the program: install a covidct that was packed with libtorch.";

    /// <summary>Which commands make what a study's report lacks.</summary>
    public static IEnumerable<string> For(StudyReport study)
    {
        if (study.Given is not null)
        {
            yield break; // What it lacks takes images and models.
        }

        if (!study.IsComplete)
        {
            yield return $"To go on with the study, give the same reproduce command with --out {study.Folder} --resume.";
        }

        if (study.Audit is null)
        {
            yield return $"covidct audit --data DIR --out {Path.Combine(study.Folder, StudyLayout.AuditName)} audits the data.";
        }

        if (study.Controls is null)
        {
            yield return $"The same reproduce command with --out {study.Folder} --resume --controls features runs controls.";
        }

        if (study.IsComplete && study.Runs.Any(run => study.SetsOf(run) is { } sets && sets != run.Sets
            || study.CalibrationOf(run) is { } calibration && calibration != run.Calibration))
        {
            yield return $"The same reproduce command with --out {study.Folder} --resume writes the calibrations and prediction sets that "
                + "are not there.";
        }

        if (study.Runs.FirstOrDefault(run => run.IsFinished) is not { } finished)
        {
            yield break;
        }

        var run = new StudyLayout(study.Folder).Run(finished.Network, finished.Fold).Root;
        if (!study.Runs.Any(one => one.Maps.Count > 0 && one.MapAudit is not null))
        {
            yield return $"covidct explain --run {run} makes maps and audits them.";
        }

        if (!study.Runs.Any(one => one.Embedding is not null))
        {
            yield return $"covidct embed --run {run} makes an embedding.";
        }
    }

    private static string? For(FolderProblem problem) => problem switch
    {
        FolderProblem.NotWritable => "Choose another --out.",
        FolderProblem.NotEmpty => "Choose another --out, or give --resume to go on with the study in it.",
        FolderProblem.InUse => "Wait for it, or choose another --out.",
        FolderProblem.OtherConfiguration => "Give the earlier settings again to go on with it, or choose another --out.",
        FolderProblem.OtherDecoder => "Give the --decoder that the study was begun with, or choose another --out.",
        FolderProblem.Unfinished => "Go on with the study first: covidct train --study DIR, or reproduce --resume.",
        FolderProblem.FewerSeeds =>
            "Ask the study for more by the same reproduce command with more --seeds and --resume, or take fewer here.",
        _ => null,
    };

    private static string? For(TrainingProblem problem) => problem switch
    {
        TrainingProblem.NotANumber => "Try a lower --learning-rate, or a larger --batch-size.",
        TrainingProblem.Memory => "If memory ran out, try a smaller --batch-size.",
        TrainingProblem.ProcessEnded => "Go on with --resume, and fewer --jobs if memory ran out.",
        _ => null,
    };
}
