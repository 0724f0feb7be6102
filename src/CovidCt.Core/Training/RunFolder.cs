using CovidCt.Evaluation;
using CovidCt.Inference;
using CovidCt.Models;

namespace CovidCt.Training;

/// <summary>
/// The folder of one run, which is one (data set, network, fold): <c>configuration.json</c>, <c>checkpoint.safetensors</c>
/// while it is under way, then <c>network.safetensors</c>, <c>history.csv</c> and, last of all, <c>predictions.csv</c>,
/// whose presence says that the run is finished.
/// </summary>
internal sealed class RunFolder
{
    private RunFolder(string path) => FullPath = path;

    public string FullPath { get; }

    public string ConfigurationFile => Path.Combine(FullPath, "configuration.json");

    public string CheckpointFile => Path.Combine(FullPath, "checkpoint.safetensors");

    public string NetworkFile => Path.Combine(FullPath, ModelFile.Name);

    public string HistoryFile => Path.Combine(FullPath, "history.csv");

    public string PredictionsFile => Path.Combine(FullPath, "predictions.csv");

    public bool IsFinished => File.Exists(PredictionsFile) && File.Exists(HistoryFile) && File.Exists(NetworkFile);

    public static RunFolder At(string path) => new(path);

    public static RunFolder At(string studyFolder, string network, int fold) =>
        new(Path.Combine(studyFolder, "runs", network, $"fold-{fold}"));

    /// <summary>Makes the folder, or finds it; another configuration in it is an error that names each difference.</summary>
    public void Claim(RunConfiguration configuration)
    {
        try
        {
            Directory.CreateDirectory(FullPath);
            foreach (var leftover in Directory.EnumerateFiles(FullPath, "*.tmp"))
            {
                File.Delete(leftover); // A killed process leaves the file that it was writing.
            }

            if (RunConfiguration.ReadFrom(ConfigurationFile) is { } earlier)
            {
                ThrowOnDifference(FullPath, configuration, earlier);
            }
            else
            {
                configuration.WriteTo(ConfigurationFile);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The run folder {FullPath} can't be written: {e.Message} Choose another --out.", e);
        }
    }

    /// <summary>Keeps what came of the run; the checkpoint, three times the network's size, is no longer needed.</summary>
    public void Finish(
        IBackbone backbone, ModelDescription description, IReadOnlyList<HistoryEntry> history, IReadOnlyList<Prediction> predictions)
    {
        ModelFile.Save(NetworkFile, backbone, description);
        HistoryCsv.Write(HistoryFile, history);
        PredictionsCsv.Write(PredictionsFile, predictions);
        File.Delete(CheckpointFile);
    }

    public IReadOnlyList<HistoryEntry> ReadHistory() => Read(HistoryFile, HistoryCsv.Read);

    /// <summary>The test predictions, which must be those of the rows that the fold has now.</summary>
    public IReadOnlyList<Prediction> ReadPredictions(IEnumerable<string> paths)
    {
        var predictions = Read(PredictionsFile, PredictionsCsv.Read);
        return predictions.Select(prediction => prediction.Path).Order(StringComparer.Ordinal).SequenceEqual(paths.Order(StringComparer.Ordinal))
            ? predictions
            : throw new RunFolderException($"{PredictionsFile} is not of this fold's test images. {RunAgain}");
    }

    private const string RunAgain = "Delete it, and the fold is run again.";

    /// <summary>Reads one of a run's files; a damaged one is an error that says what to do.</summary>
    public static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (InvalidDataException e)
        {
            throw new RunFolderException($"{e.Message} {RunAgain}", e);
        }
    }

    public static void ThrowOnDifference(string folder, RunConfiguration here, RunConfiguration earlier)
    {
        if (here.DifferencesFrom(earlier) is { Count: > 0 } differences)
        {
            throw new RunFolderException(
                $"{folder} holds a run of another configuration: {string.Join("; ", differences)}. " +
                "Give the earlier settings again to go on with it, or choose another --out.");
        }
    }
}
