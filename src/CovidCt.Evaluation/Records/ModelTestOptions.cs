using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Records;

/// <summary>What is said of a trained network that is tested on a data set, and where its answers are kept while it works.</summary>
public sealed class ModelTestOptions
{
    /// <summary>
    /// What is known of a trained network by where it lies: its files and, of runs in the folder of their study, the images that it was
    /// trained on.
    /// </summary>
    /// <param name="path">A file of a network or an ensemble; a run folder; or the folder above the folds of a network.</param>
    /// <exception cref="RunFolderException">A file of the study is damaged.</exception>
    /// <exception cref="InvalidDataException">A file of the study is damaged.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static ModelTestOptions For(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Directory.Exists(path))
        {
            return new() { Files = [new(Path.GetFileName(path), FileHash.Sha256(path))] };
        }

        var folds = RunLayout.FoldsIn(Path.GetFullPath(path));
        RunLayout[] runs = folds.Count > 0 ? [.. folds.Select(fold => fold.Run)] : [new(Path.GetFullPath(path))];
        var study = StudyLayout.Of(runs[0]);
        return new()
        {
            ReadBy = StudyConfiguration.DecoderOf(path),
            Files = [.. runs.SelectMany(run => FilesOf(run, folds.Count > 0))],
            TrainedOn = study is null ? null : StudyConfiguration.ReadStudy(study.Configuration).Dataset?.Split(CtDataset.TestedOnWords)[0],
            TrainedImages = study is not null && File.Exists(study[StudyLayout.FoldsName]) ? TrainedBy(runs, study.ReadFolds()) : null,
        };
    }

    /// <summary>What the test is called; null takes the name of the data set.</summary>
    public string? Name { get; set; }

    /// <summary>The files that the network consists of, by which it is told from others.</summary>
    public IReadOnlyList<TestedModel.ModelFile> Files { get; set; } = [];

    /// <summary>The name of the data set that it was trained on; null where that is unknown.</summary>
    public string? TrainedOn { get; set; }

    /// <summary>
    /// The images that it was trained on: each one's path, relative to the root of its data set, and the name of its class. Null where they
    /// are unknown.
    /// </summary>
    public IReadOnlyCollection<(string Path, string Label)>? TrainedImages { get; set; }

    /// <summary>
    /// What read the images that it was trained on (<see cref="StudyConfiguration.Decoder"/>); null of the default decoder, and where that
    /// is unknown. Where it isn't null, <see cref="Decoder"/> is to be given: that one, or another that is meant.
    /// </summary>
    public string? ReadBy { get; set; }

    /// <summary>Decodes the images; null takes <see cref="SkiaImageDecoder"/>.</summary>
    public IImageDecoder? Decoder { get; set; }

    /// <summary>
    /// A file that keeps answers while it works, so that a test that was stopped goes on where it was: by the same <see cref="Files"/>,
    /// about images of the same content. Whoever has written the outcome removes it. Null keeps none.
    /// </summary>
    public string? Journal { get; set; }

    private static IEnumerable<TestedModel.ModelFile> FilesOf(RunLayout run, bool isOneOfSeveral) =>
        new[] { run.Network, run.Reference, run.Calibration }.Where(File.Exists).Select(file => new TestedModel.ModelFile(
            isOneOfSeveral ? $"{Path.GetFileName(run.Root)}/{Path.GetFileName(file)}" : Path.GetFileName(file), FileHash.Sha256(file)));

    /// <summary>What one network at least was trained on: all that its own fold does not test.</summary>
    private static List<(string Path, string Label)> TrainedBy(RunLayout[] runs, IReadOnlyList<FoldRow> rows)
    {
        int[] folds = [.. runs.Where(run => run.IsFinished).Select(run => run.ReadPredictions()[0].Fold).Distinct()];
        return [.. rows.Where(row => folds.Any(fold => row.Fold != fold)).Select(row => (row.Path, row.Label))];
    }
}
