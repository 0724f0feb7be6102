using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>The runs of all folds of one network, in a folder such as <c>runs/resnet18</c> of a study.</summary>
internal static class FinishedFolds
{
    /// <summary>Whether a folder holds folds, finished or not.</summary>
    public static bool AreIn(string folder) => RunLayout.FoldsIn(folder).Count > 0;

    /// <summary>Opens the runs of all folds, in their order.</summary>
    /// <exception cref="RunFolderException">A fold is missing, not finished, or of other settings than the first.</exception>
    public static IReadOnlyList<FinishedRun> Open(string folder, IBackboneFactory? backbones = null, IImageDecoder? decoder = null)
    {
        if (!AreIn(folder))
        {
            _ = FinishedRun.OpenToAnswer(folder, backbones, decoder); // It says what is wrong, or names runs further below.
            throw new RunFolderException($"{folder} is the run of one fold. Give the folder above it, {Path.GetDirectoryName(folder)}, "
                + "which holds those of all folds.");
        }

        var folders = RunLayout.FoldsIn(folder);
        if (folders.Where(entry => !entry.Run.IsFinished).Select(entry => entry.Fold).ToList() is { Count: > 0 } open)
        {
            throw new RunFolderException($"{folder} isn't done: {Numbered(open)} not finished.", FolderProblem.Unfinished);
        }

        var runs = folders.Select(entry => FinishedRun.OpenToAnswer(entry.Run.Root, backbones, decoder)).ToList();
        if (
            Enumerable.Range(0, runs[0].FoldsOfStudy ?? runs.Count).Except(folders.Select(entry => entry.Fold))
                .ToList() is { Count: > 0 } missing)
        {
            throw new RunFolderException($"{folder} isn't done: {Numbered(missing)} missing.", FolderProblem.Unfinished);
        }

        if (runs.Zip(folders).FirstOrDefault(pair => pair.First.Predictions[0].Fold != pair.Second.Fold) is { First: { } misnamed })
        {
            throw new RunFolderException($"{misnamed.FullPath} holds fold {misnamed.Predictions[0].Fold}. Give it its own name back.");
        }

        foreach (var run in runs.Skip(1))
        {
            if (runs[0].DifferencesFrom(run) is { Count: > 0 } differences)
            {
                throw new RunFolderException(
                    $"{run.FullPath} is not of the same study and network as {runs[0].FullPath}: {string.Join("; ", differences)}.");
            }
        }

        return runs;

        static string Numbered(IReadOnlyList<int> folds) =>
            folds.Count == 1 ? $"fold {folds[0]} is" : $"folds {string.Join(", ", folds)} are";
    }
}
