using System.Globalization;
using CovidCt.Calibration;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>Where everything lies in the folder of one run, which is one (data set, network, fold).</summary>
/// <remarks>
/// While it is under way there is a checkpoint; then the network, its history and, last of all, its predictions, whose
/// presence says that the run is finished.
/// </remarks>
/// <param name="Root">The folder.</param>
public sealed record RunLayout(string Root)
{
    /// <summary>All that decides the run's bits.</summary>
    public const string ConfigurationName = "configuration.json";

    /// <summary>The trained network.</summary>
    public const string NetworkName = "network.safetensors";

    /// <summary>The features of the training images, by which unlike inputs are told.</summary>
    public const string ReferenceName = "reference.safetensors";

    /// <summary>How the network's probabilities become calibrated ones, and its prediction sets.</summary>
    public const string CalibrationName = "calibration.json";

    /// <summary>What the name of a run's folder begins with; the fold follows.</summary>
    public const string FoldPrefix = "fold-";

    /// <summary>The folder of the leases, of a run and of a study.</summary>
    internal const string LeasesName = "leases";

    private const string MapsName = "maps";
    private const string RunAgain = "Delete it, and the fold is run again.";

    /// <summary>All that decides the run's bits.</summary>
    public string Configuration => this[ConfigurationName];

    /// <summary>The network, the optimiser and the history after the last epoch, while the run is under way.</summary>
    public string Checkpoint => this["checkpoint.safetensors"];

    /// <summary>The folder of the leases of who trains the run: <see cref="LeaseRecord"/>.</summary>
    public string Leases => this[LeasesName];

    /// <summary>The trained network.</summary>
    public string Network => this[NetworkName];

    /// <summary>The epochs.</summary>
    public string History => this[StudyLayout.HistoryName];

    /// <summary>The answers on the test images, written last.</summary>
    public string Predictions => this[StudyLayout.PredictionsName];

    /// <summary>The features of the training images.</summary>
    public string Reference => this[ReferenceName];

    /// <summary>How far each test image is from the training images.</summary>
    public string Distances => this["distances.csv"];

    /// <summary>How the network's probabilities become calibrated ones, and its prediction sets.</summary>
    public string Calibration => this[CalibrationName];

    /// <summary>The folder of the explained images.</summary>
    public string Maps => this[MapsName];

    /// <summary>The list of the explained images, written last.</summary>
    public string MapList => Path.Combine(Maps, "maps.json");

    /// <summary>What the maps are worth.</summary>
    public string MapAudit => Path.Combine(Maps, "audit.json");

    /// <summary>The places of the images in the plane.</summary>
    public string EmbeddingPoints => this["embedding.csv"];

    /// <summary>How the embedding was made and how good it is, written last.</summary>
    public string EmbeddingFacts => this["embedding.json"];

    /// <summary>Whether the run needs no training any more.</summary>
    /// <exception cref="RunFolderException">The list of its files is damaged.</exception>
    public bool IsFinished => Sums is var sums && sums.Has(Predictions) && sums.Has(History) && sums.Has(Network);

    /// <summary>What the folder consists of. The checkpoint is not listed: it has a sum of its own.</summary>
    public StudyLayout.FileSums Sums => new(Root);

    /// <summary>The pictures of its maps that are there or listed, and last the list of its maps.</summary>
    /// <exception cref="RunFolderException">The list of its files is damaged.</exception>
    public IEnumerable<string> MapFiles => Sums.FilesIn(Maps).Where(file => Path.GetExtension(file) == ".png").Append(MapList);

    /// <summary>The run folders of a network's folds, finished or not, in the order of their numbers; others are passed over.</summary>
    /// <param name="folder">The folder above them, such as <see cref="StudyLayout.RunsOf"/> of a network, which may not be there.</param>
    public static IReadOnlyList<(int Fold, RunLayout Run)> FoldsIn(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder, $"{FoldPrefix}*")
            .Select(path => (Fold: NumberOf(Path.GetFileName(path)), Run: new RunLayout(path)))
            .Where(entry => entry.Fold >= 0)
            .OrderBy(entry => entry.Fold),
    ];

    /// <summary>Makes sure that what answers in a run folder, or a file in one, is what was written.</summary>
    /// <param name="path">
    /// The folder, whose network, reference and calibration are looked at; or a file, which may lie where nothing is listed.
    /// </param>
    /// <exception cref="RunFolderException">A file is not what was written.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static void CheckModel(string path)
    {
        if (Directory.Exists(path))
        {
            var run = new RunLayout(path);
            var sums = run.Sums;
            sums.Check(run.Network);
            sums.Check(run.Reference);
            sums.Check(run.Calibration);
        }
        else if (new RunLayout(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path).Sums is var sums && sums.Has(path))
        {
            sums.Check(path);
        }
    }

    /// <summary>Begins the list of the run's files. In a folder that is older than lists it takes what is there.</summary>
    /// <returns>The list where the folder is older than it; else null.</returns>
    /// <exception cref="IOException">The list can't be written.</exception>
    public StudyLayout.FileSums? BeginSums()
    {
        IEnumerable<string> trained = File.Exists(Predictions) ? [Network, History, Predictions] : []; // It was written last.
        return Sums.Begin(
            [.. trained, Configuration, Reference, Distances, Calibration, .. MapFiles, MapAudit, EmbeddingPoints, EmbeddingFacts])
            && trained.Any()
            ? Sums
            : null;
    }

    /// <summary>The full path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>The epochs of a finished run.</summary>
    /// <exception cref="RunFolderException">The file is damaged, or not what was written.</exception>
    public IReadOnlyList<EpochRecord> ReadHistory() => [.. ReadHistoryRows().Select(row => row.Epoch)];

    /// <summary>The same, each with whose it is.</summary>
    internal IReadOnlyList<HistoryEntry> ReadHistoryRows() => Read(History, HistoryCsv.Read);

    /// <summary>The answers of a finished run.</summary>
    /// <exception cref="RunFolderException">The file is damaged, or not what was written.</exception>
    public IReadOnlyList<Prediction> ReadPredictions() => Read(Predictions, PredictionsCsv.Read);

    /// <summary>The test predictions, which must be those of the images that the fold has now.</summary>
    /// <param name="paths">The fold's test images.</param>
    /// <exception cref="RunFolderException">The file is damaged, or of other images.</exception>
    public IReadOnlyList<Prediction> ReadPredictions(IEnumerable<string> paths)
    {
        var predictions = ReadPredictions();
        return predictions.Select(prediction => prediction.Path).Order(StringComparer.Ordinal)
            .SequenceEqual(paths.Order(StringComparer.Ordinal))
            ? predictions
            : throw new RunFolderException($"{Predictions} is not of this fold's test images. {RunAgain}");
    }

    /// <summary>Writes the epochs; the file is whole or not there.</summary>
    /// <param name="network">The run's network, by its published name.</param>
    /// <param name="fold">Its fold, from 0.</param>
    /// <param name="epochs">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteHistory(string network, int fold, IEnumerable<EpochRecord> epochs) =>
        Sums.Write(() => HistoryCsv.Write(History, epochs.Select(epoch => new HistoryEntry(network, fold, epoch))), History);

    /// <summary>Writes the answers; the file is whole or not there.</summary>
    /// <param name="predictions">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WritePredictions(IEnumerable<Prediction> predictions) =>
        Sums.Write(() => PredictionsCsv.Write(Predictions, predictions), Predictions);

    /// <summary>Reads how the network's probabilities become calibrated ones; null where nothing says it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="RunFolderException">The file is not what was written.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public NetworkCalibration? ReadCalibration() => ReadFitted()?.Probability;

    /// <summary>Reads the network's prediction sets; null where there are none, as in a folder of an older version.</summary>
    /// <inheritdoc cref="ReadCalibration"/>
    public ConformalSets? ReadSets() => ReadFitted()?.Sets;

    /// <summary>All that was fitted to the network's answers; null where the file isn't there.</summary>
    internal CalibrationFile? ReadFitted()
    {
        Sums.Check(Calibration);
        return File.Exists(Calibration) ? CalibrationFile.Read(Calibration) : null;
    }

    /// <summary>Writes what was fitted to the network's answers, whole or not at all; without anything, the file goes.</summary>
    /// <param name="calibration">The calibration; null where the network has none.</param>
    /// <param name="sets">Its prediction sets; null where it has none.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteCalibration(NetworkCalibration? calibration, ConformalSets? sets = null)
    {
        Sums.Write(
            () =>
            {
                if (calibration is null && sets is null)
                {
                    File.Delete(Calibration);
                }
                else
                {
                    new CalibrationFile(calibration, sets).Write(Calibration);
                }
            },
            Calibration);
    }

    private static int NumberOf(string name) =>
        int.TryParse(name[FoldPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var fold) ? fold : -1;

    private T Read<T>(string file, Func<string, T> read)
    {
        Sums.Check(file);
        try
        {
            return read(file);
        }
        catch (InvalidDataException e)
        {
            throw new RunFolderException($"{e.Message} {RunAgain}", e);
        }
    }
}
