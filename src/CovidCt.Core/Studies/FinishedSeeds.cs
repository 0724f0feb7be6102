using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>The runs of all folds of one network, of one seed or of several of a study.</summary>
internal sealed class FinishedSeeds
{
    private readonly IReadOnlyList<IReadOnlyList<FinishedRun>> _seeds;

    private FinishedSeeds(IReadOnlyList<IReadOnlyList<FinishedRun>> seeds) => _seeds = seeds;

    /// <summary>All runs, seed by seed, each in the order of the folds.</summary>
    public IEnumerable<FinishedRun> All => _seeds.SelectMany(folds => folds);

    /// <summary>Opens them.</summary>
    /// <param name="folder">The full path of the folder of the first seed's folds, such as <c>runs/resnet18</c> of a study.</param>
    /// <param name="count">How many seeds, from 1; null takes all that are there.</param>
    /// <param name="backbones">Makes the networks; null makes this library's.</param>
    /// <param name="decoder">Decodes images; null takes SkiaSharp.</param>
    /// <exception cref="RunFolderException">A fold or seed is missing, not finished, or of other settings than the first.</exception>
    public static FinishedSeeds Open(string folder, int? count, IBackboneFactory? backbones, IImageDecoder? decoder)
    {
        var first = FinishedFolds.Open(folder, backbones, decoder);
        var study = StudyLayout.Of(first[0].Layout);
        var wanted = count ?? (study?.FurtherSeeds is [.., var last] ? last + 1 : 1);
        List<IReadOnlyList<FinishedRun>> seeds = [first];
        for (var seed = 1; seed < wanted; seed++)
        {
            var folds = study?.Seeded(seed).RunsOf(Path.GetFileName(folder)) is { } there && FinishedFolds.AreIn(there)
                ? FinishedFolds.Open(there, backbones, decoder)
                : throw new RunFolderException(
                    $"Of the {wanted} seeds of {folder} that are wanted, {(seed == 1 ? "the first alone is" : $"the first {seed} are")} "
                        + $"there: there are no folds in {study?.Seeded(seed).Root ?? $"{StudyLayout.SeedsName}/{seed} of its study"}.",
                    FolderProblem.FewerSeeds);
            Check(first, folds);
            seeds.Add(folds);
        }

        return new(seeds);
    }

    /// <summary>How many they are, and what is fitted to their answers as one where there are several seeds.</summary>
    public CtEnsemble.Facts Facts()
    {
        var (folds, seeds) = (_seeds[0].Count, _seeds.Count);
        if (seeds == 1)
        {
            return new(folds, seeds);
        }

        var model = ModelDescription.Read(_seeds[0][0].Layout.Network);
        if (model.Classes.Count != 2)
        {
            return new(folds, seeds);
        }

        var positive = model.Classes[model.Positive];
        var predictions = SeedEnsemble.Average([.. _seeds.Select(runs => WithSources(runs.SelectMany(run => run.Predictions)))]);
        var level = All.Select(run => run.Layout.ReadSets()?.Level).OfType<double>().FirstOrDefault(ConformalSets.DefaultLevel);
        return new(
            folds, seeds, NetworkCalibration.OfAllFolds(predictions, positive), ConformalSets.OfAllFolds(predictions, positive, level));
    }

    private static void Check(IReadOnlyList<FinishedRun> first, IReadOnlyList<FinishedRun> others)
    {
        foreach (var (run, other) in first.Zip(others))
        {
            string[] differences =
                [.. run.DifferencesFrom(other).Where(difference => !difference.StartsWith("repetition:", StringComparison.Ordinal))];
            if (differences.Length > 0 || first.Count != others.Count)
            {
                throw new RunFolderException(
                    $"{other.FullPath} is not of the same study and network as {run.FullPath}: "
                        + $"{(differences.Length > 0 ? string.Join("; ", differences) : "it has another number of folds")}.");
            }

            var tested = run.Predictions.Select(image => image.Path).ToHashSet(StringComparer.Ordinal);
            if (!tested.SetEquals(other.Predictions.Select(image => image.Path)))
            {
                throw new RunFolderException($"{other.FullPath} was not tested on the images that {run.FullPath} was tested on.");
            }
        }
    }

    /// <summary>A run may be older than what is known of sources now.</summary>
    private List<Prediction> WithSources(IEnumerable<Prediction> predictions)
    {
        var study = StudyLayout.Of(_seeds[0][0].Layout);
        var folding = study is not null && File.Exists(study[StudyLayout.FoldsName]) ? study.ReadFolds() : [];
        var sources = folding.DistinctBy(row => row.Path).ToDictionary(row => row.Path, row => row.Source, StringComparer.Ordinal);
        return [.. predictions.Select(one => one with { Source = one.Source ?? sources.GetValueOrDefault(one.Path) })];
    }
}
