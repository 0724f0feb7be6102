using CovidCt.Answers;
using CovidCt.Compute;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using TorchSharp;

namespace CovidCt.Studies;

/// <summary>A run folder whose run is finished: what its network answered on its test images, and on what data.</summary>
public sealed class FinishedRun
{
    private readonly RunLayout _layout;
    private readonly RunConfiguration _configuration;

    private FinishedRun(RunLayout layout, RunConfiguration configuration, IReadOnlyList<Prediction> predictions) =>
        (_layout, _configuration, Predictions) = (layout, configuration, predictions);

    /// <summary>The folder.</summary>
    public string FullPath => _layout.Root;

    /// <summary>Where everything lies in it.</summary>
    public RunLayout Layout => _layout;

    /// <summary>The network's answers on the images of the test fold.</summary>
    public IReadOnlyList<Prediction> Predictions { get; }

    /// <summary>The network's published name.</summary>
    public string Network => Predictions[0].Network;

    /// <summary>The folder or manifest that the data set was read from; null where an older version left no word of it.</summary>
    public string? DataPath => _configuration.Stated.DataPath;

    /// <summary>Opens a run folder.</summary>
    /// <param name="path">The folder of one network and fold.</param>
    /// <exception cref="RunFolderException">
    /// There is no finished run; where the folder holds some further below, the message names one.
    /// </exception>
    public static FinishedRun Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var layout = new RunLayout(Path.GetFullPath(path));
        if (!Directory.Exists(layout.Root))
        {
            throw new RunFolderException($"The run folder {layout.Root} isn't there.");
        }

        if (!layout.IsFinished || RunConfiguration.ReadFrom(layout.Configuration) is not { } configuration)
        {
            var runs = Directory.EnumerateFiles(layout.Root, StudyLayout.PredictionsName, SearchOption.AllDirectories)
                .Select(file => new RunLayout(Path.GetDirectoryName(file)!)).Where(run => run.IsFinished).Select(run => run.Root)
                .Order(StringComparer.Ordinal).ToList();
            throw new RunFolderException(runs.Count == 0
                ? $"{layout.Root} holds no finished run."
                : $"{layout.Root} is no run, but holds {(runs.Count == 1 ? "one" : "several")}. Give "
                    + $"{runs[0]}{(runs.Count == 1 ? "" : ", for instance")}.");
        }

        try
        {
            var predictions = layout.ReadPredictions();
            return predictions.Count > 0
                ? new(layout, configuration, predictions)
                : throw new RunFolderException($"{layout.Predictions} holds no predictions.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{layout.Predictions} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The run's network with its description, which the caller disposes.</summary>
    /// <exception cref="Networks.WeightsException">The network's file is damaged.</exception>
    public (ModelDescription Description, IBackbone Backbone) LoadNetwork(IBackboneFactory backbones) =>
        ModelFile.Load(_layout.Network, backbones);

    /// <summary>The same on a device.</summary>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    /// <exception cref="Networks.WeightsException">The network's file is damaged.</exception>
    internal (ModelDescription Description, IBackbone Backbone) LoadNetwork(IBackboneFactory backbones, ComputeDevice device)
    {
        var there = Devices.Resolve(device);
        var loaded = LoadNetwork(backbones);
        loaded.Backbone.Network.to(there);
        return loaded;
    }

    /// <summary>The data set that the run was made on, as far as its study took it.</summary>
    /// <param name="path">Where it is now; null takes where it was.</param>
    /// <exception cref="UnusableDataException">It isn't there, is another one, or the run doesn't say where it was.</exception>
    public CtDataset OpenData(string? path = null)
    {
        var dataset = CtDataset.Open(path ?? DataPath ?? throw new UnusableDataException($"{FullPath} doesn't say where its data set was: give its folder."));
        if (_configuration.Stated.TestDataPath is { } test)
        {
            dataset = dataset.TestedOn(CtDataset.Open(test));
        }

        var chosen = _configuration.Stated.Options.MaxImages is { } most ? dataset.Take(most) : dataset;
        if (_configuration.RandomLabelsSeed is { } seed)
        {
            chosen = RandomLabels.Of(chosen, seed);
        }

        var known = chosen.Samples.ToDictionary(sample => sample.Path, sample => chosen.Classes[sample.Label], StringComparer.Ordinal);
        var strange = Predictions.FirstOrDefault(prediction => known.GetValueOrDefault(prediction.Path) != prediction.Label);
        return strange is null
            ? chosen
            : throw new UnusableDataException(
                $"{dataset.Root} is not the data set of {FullPath}: {strange.Path}, which was tested as {strange.Label}, is not in it.");
    }

    /// <summary>The finished runs of the same network on the other folds of the study that the run is of.</summary>
    public IReadOnlyList<FinishedRun> OtherFolds() => Path.GetDirectoryName(FullPath) is { } parent && Directory.Exists(parent)
        ?
        [
            .. Directory.EnumerateDirectories(parent, "fold-*").Order(StringComparer.Ordinal)
                .Where(folder => folder != FullPath && new RunLayout(folder) is { IsFinished: true } run && File.Exists(run.Configuration))
                .Select(Open).Where(run => run.Network == Network),
        ]
        : [];

    /// <summary>Where the study that the run lies in keeps its decoded images; null where the run lies in no study.</summary>
    internal string? Canvases => StudyLayout.Of(_layout)?.Canvases;

    /// <summary>
    /// The images that the study drew its folds of: what was added to the data set since has no part in the run. Null of an older study,
    /// which left no word of it.
    /// </summary>
    /// <exception cref="RunFolderException">The file is damaged.</exception>
    internal IReadOnlyList<string>? DrawnImages()
    {
        if (StudyLayout.Of(_layout) is not { } study || !File.Exists(study[StudyLayout.FoldsName]))
        {
            return null;
        }

        try
        {
            return [.. study.ReadFolds().Select(row => row.Path)];
        }
        catch (InvalidDataException e)
        {
            throw new RunFolderException($"{e.Message} Go on with the study, which writes it again.", e);
        }
    }

    /// <summary>How many folds the study has; null where an older version left no word of it.</summary>
    internal int? FoldsOfStudy => _configuration.Stated.Folds;

    /// <summary>What of the settings differs from another run's, but for the fold.</summary>
    internal IReadOnlyList<string> DifferencesFrom(FinishedRun other) =>
        [.. _configuration.DifferencesFrom(other._configuration).Where(difference => !difference.StartsWith("fold:", StringComparison.Ordinal))];
}
