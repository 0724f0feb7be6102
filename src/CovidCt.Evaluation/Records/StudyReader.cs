using CovidCt.Answers;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Networks;
using CovidCt.Recipes;

namespace CovidCt.Records;

/// <summary>Reads a study's folder into a <see cref="StudyReport"/>.</summary>
internal static class StudyReader
{
    private const int MostSuggestions = 3;

    public static StudyReport Read(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var layout = new StudyLayout(root);
        if (GivenStudy.IsIn(layout))
        {
            return GivenStudy.Read(layout);
        }

        var configuration = ReadConfiguration(root);
        var (options, dataset) = (configuration.Options, configuration.Dataset!);
        List<string> notes = [.. Unlisted(layout)];
        List<RunReport> runs =
        [
            .. options.Networks.SelectMany(network => Enumerable.Range(0, options.Folds)
                .Select(fold => ReadRun(layout.Run(network, fold), network, fold, notes))),
        ];

        runs.ForEach(run => ThrowOnOtherClasses(configuration, run, layout.Run(run.Network, run.Fold)));
        var resultsFile = layout[StudyLayout.ResultsName];
        var isConcluded = layout.Sums.Has(resultsFile);
        var results = isConcluded ? ReadResults(layout, resultsFile) : Compute(layout, configuration, runs);
        ThrowOnOtherClasses(configuration, results, isConcluded ? resultsFile : root);
        if (isConcluded)
        {
            notes.AddRange(Disagreements(results!, runs));
        }

        var folding = Agreeing(Optional(StudyLayout.FoldsName, FoldsCsv.Read, notes, root) ?? [], runs, notes);
        runs = [.. runs.Select(run => WithSources(run, folding))];
        var columns = Agreeing(Optional(StudyLayout.ColumnsName, ColumnsCsv.Read, notes, root), folding, runs, notes);

        // What is found of the data holds for every training on the same folds, and is made once.
        var whole = (options.Repetition > 0 || layout.IsOfRecipe) && layout.Above is { } first ? first.Root : root;
        var audit = OfDataset(Optional(StudyLayout.AuditName, AuditJson.Read, notes, whole), dataset, notes);
        var controls = Optional(StudyLayout.ControlsName, ControlReport.Read, notes, whole);
        var retrained = StudyReport.RetrainedControls.Select(control => (control.Kind, Layout: layout.Retrained(control.Name)))
            .Where(control => File.Exists(control.Layout.Configuration)).Select(control => (control.Kind, Read(control.Layout.Root)))
            .ToList();
        var seeds = Enumerable.Range(1, StudyOptions.MostSeeds - 1).Select(layout.Seeded).TakeWhile(seed => File.Exists(seed.Configuration))
            .Select(seed => Read(seed.Root)).ToList();
        notes.AddRange(Unfinished(seeds));
        return new(
            root,
            configuration,
            [
                .. runs.Select(run => run.Configuration).OfType<StudyConfiguration>().Prepend(configuration)
                    .Select(made => made.Machine).Distinct(),
            ],
            runs,
            results,
            isConcluded,
            [
                .. notes.Select(note => note.Replace(root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                    .Replace(whole + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)),
            ])
        {
            Folding = folding,
            Columns = columns,
            Audit = audit,
            Controls = controls,
            Retrained = retrained,
            Seeds = seeds,
            Search = Optional(StudyLayout.SearchName, RecipeSearch.Read, notes, root),
            IsPhantom = dataset == StudyLayout.PhantomName && (HoldsPhantom(layout) || layout.Above is { } above && HoldsPhantom(above)),
        };
    }

    /// <summary>That something of a study can't be checked, once for the studies below it too.</summary>
    private static IEnumerable<string> Unlisted(StudyLayout layout)
    {
        List<StudyLayout.FileSums> parts =
            [layout.Sums, .. layout.Runs.Where(run => File.Exists(run.Predictions)).Select(run => run.Sums)];
        if (parts.Find(part => !part.IsThere) is { } older && layout.Above is null)
        {
            yield return $"{older.Unchecked} Go on with the study, which makes lists of what is there.";
        }
    }

    private static bool HoldsPhantom(StudyLayout layout) => File.Exists(Path.Combine(layout.Phantom, StudyLayout.PhantomManifestName));

    private static IEnumerable<string> Unfinished(List<StudyReport> seeds) =>
        seeds.Where(seed => seed.Runs.Any(run => !run.IsFinished)).Select(seed =>
            $"{StudyLayout.SeedsName}/{Path.GetFileName(seed.Folder)}, a further training from another seed, is not finished: what is said "
                + "of seeds is without the networks that it lacks folds of.");

    private static IReadOnlyList<FoldRow> Agreeing(IReadOnlyList<FoldRow> folding, IEnumerable<RunReport> runs, List<string> notes)
    {
        var drawn = folding.DistinctBy(row => row.Path).ToDictionary(row => row.Path, StringComparer.Ordinal);
        if (folding.Count == 0 || runs.SelectMany(run => run.Predictions).All(IsAsDrawn))
        {
            return folding;
        }

        notes.Add($"{StudyLayout.FoldsName} does not agree with the predictions, and is left out.");
        return [];

        bool IsAsDrawn(Prediction image) => drawn.GetValueOrDefault(image.Path) is { } row
            && (row.Fold, row.Label, row.Patient) == (image.Fold, image.Label, image.Patient);
    }

    private static ImageColumns? Agreeing(
        ImageColumns? columns, IReadOnlyList<FoldRow> folding, IEnumerable<RunReport> runs, List<string> notes)
    {
        var paths = folding.Count > 0
            ? folding.Select(row => row.Path)
            : runs.SelectMany(run => run.Predictions).Select(prediction => prediction.Path);
        if (columns is null || paths.All(columns.Images.ContainsKey))
        {
            return columns;
        }

        notes.Add($"{StudyLayout.ColumnsName} lacks images of the study, and is left out.");
        return null;
    }

    /// <summary>A run with the sources of its images, which may be known since it was made.</summary>
    private static RunReport WithSources(RunReport run, IReadOnlyList<FoldRow> folding)
    {
        if (run.Predictions.All(prediction => prediction.Source is not null))
        {
            return run;
        }

        var sources = folding.DistinctBy(row => row.Path).ToDictionary(row => row.Path, row => row.Source, StringComparer.Ordinal);
        return run with
        {
            Predictions = [.. run.Predictions.Select(one => one with { Source = one.Source ?? sources.GetValueOrDefault(one.Path) })],
        };
    }

    private static DatasetAuditReport? OfDataset(DatasetAuditReport? audit, string dataset, List<string> notes)
    {
        if (audit is null || dataset.Split(CtDataset.TestedOnWords).Contains(audit.Dataset) || dataset == audit.Dataset)
        {
            return audit;
        }

        notes.Add($"{StudyLayout.AuditName} is of another data set, {audit.Dataset}, and is left out.");
        return null;
    }

    /// <summary>A file that a report can do without: damaged, it is left out with a note.</summary>
    private static T? Optional<T>(string name, Func<string, T> read, List<string> notes, string root)
        where T : class
    {
        var file = Path.Combine(root, name);
        try
        {
            new StudyLayout.FileSums(root).Check(file);
            return File.Exists(file) ? read(file) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or RunFolderException)
        {
            notes.Add($"{file} is left out: {e.Message.TrimEnd('.')}.");
            return null;
        }
    }

    private static StudyConfiguration ReadConfiguration(string root)
    {
        if (!Directory.Exists(root))
        {
            throw new RunFolderException(
                $"The folder {root} isn't there. Give the folder of a study, which has a {StudyLayout.ConfigurationName} in it.");
        }

        var file = Path.Combine(root, StudyLayout.ConfigurationName);
        if (!File.Exists(file))
        {
            throw new RunFolderException(
                $"{root} is no study's folder: there is no {StudyLayout.ConfigurationName} in it. {Suggestion(root)}");
        }

        var configuration = StudyConfiguration.ReadStudy(file);
        return configuration.Options.Folds > 0 && configuration.Options.Networks.All(IsPlainName)
            ? configuration
            : throw new RunFolderException($"{file} names folds or networks that can't be. Give another folder, or run the study again.");
    }

    private static string Suggestion(string root)
    {
        List<string> studies;
        try
        {
            studies = [.. Directory.EnumerateDirectories(root)
                .Where(sub => File.Exists(Path.Combine(sub, StudyLayout.ConfigurationName))).Order(StringComparer.Ordinal)
                .Take(MostSuggestions)];
            for (var above = Path.GetDirectoryName(root); studies.Count == 0 && above is not null; above = Path.GetDirectoryName(above))
            {
                if (File.Exists(Path.Combine(above, StudyLayout.ConfigurationName)))
                {
                    studies = [above];
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            studies = [];
        }

        return studies.Count == 0 ? "Give the output folder of a study." : $"Did you mean {string.Join(" or ", studies)}?";
    }

    /// <summary>A name becomes part of a path: it must not lead elsewhere.</summary>
    private static bool IsPlainName(string? name) => name is { Length: > 0 } and not ("." or "..") && name == Path.GetFileName(name);

    private static RunReport ReadRun(RunLayout run, string network, int fold, List<string> notes)
    {
        var sums = run.Sums;
        var configuration = sums.Has(run.Configuration) ? StudyConfiguration.ReadRun(run.Configuration) : null;
        if (!sums.Has(run.Predictions))
        {
            return new(network, fold, IsFinished: false, [], [], null, []) { Configuration = configuration };
        }

        sums.Check(run.History);
        var fitted = Optional(RunLayout.CalibrationName, _ => run.ReadFitted()!, notes, run.Root);
        return new(
            network,
            fold,
            IsFinished: true,
            OwnRows(run.ReadPredictions(), row => (row.Network, row.Fold), run.Predictions),
            File.Exists(run.History)
                ? [.. OwnRows(run.ReadHistoryRows(), row => (row.Network, row.Fold), run.History).Select(row => row.Epoch)]
                : [],
            ExplanationReader.ReadEmbedding(run, notes),
            ExplanationReader.ReadMaps(run, notes))
        {
            Configuration = configuration,
            MapAudit = ExplanationReader.ReadMapAudit(run, notes),
            Calibration = fitted?.Probability,
            Sets = fitted?.Sets,
            Distances = Optional(Path.GetFileName(run.Distances), TestDistance.Read, notes, run.Root) ?? [],
        };

        IReadOnlyList<T> OwnRows<T>(IReadOnlyList<T> rows, Func<T, (string, int)> owner,
        string file) => rows.All(row => owner(row) == (network, fold))
            ? rows
            : throw new RunFolderException(
                $"{file} has rows of another run. Delete it and go on with the study, and the fold is run again.");
    }

    /// <summary>A run of other classes, or with labels of others, would be counted wrongly.</summary>
    private static void ThrowOnOtherClasses(StudyConfiguration study, RunReport run, RunLayout layout)
    {
        if (run.Configuration is { Positive: { } own } && study.Positive is { } positive && own != positive)
        {
            throw new RunFolderException($"{layout.Root} was made with the positive class {own}, and its study with {positive}. "
                + "Delete it and go on with the study, and the fold is run again.");
        }

        if (study.Classes is { } classes && run.Predictions.FirstOrDefault(one => !classes.Contains(one.Label)) is { } strange)
        {
            throw new RunFolderException($"{layout.Predictions} has the label '{strange.Label}', which is none of the study's classes "
                + $"({string.Join(", ", classes)}). Delete it and go on with the study, and the fold is run again.");
        }
    }

    private static void ThrowOnOtherClasses(StudyConfiguration study, CrossValidationReport? results, string place)
    {
        if (results is not null && study is { Classes: { } classes, Positive: { } positive }
            && (results.Positive != positive || !results.Classes.SequenceEqual(classes)))
        {
            throw new RunFolderException($"{place} is of the classes {string.Join(", ", results.Classes)}, {results.Positive} the positive "
                + $"one, and {StudyLayout.ConfigurationName} of {string.Join(", ", classes)}, {positive} the positive one. Go on with the "
                + "study, which writes its results again.");
        }
    }

    private static CrossValidationReport ReadResults(StudyLayout layout, string file)
    {
        layout.Sums.Check(file);
        try
        {
            return ResultsJson.Read(file);
        }
        catch (InvalidDataException e)
        {
            throw new RunFolderException(
                $"{e.Message} Delete it for a report from the run folders alone, or go on with the study, which writes it again.", e);
        }
    }

    private static CrossValidationReport? Compute(StudyLayout layout, StudyConfiguration configuration, IReadOnlyList<RunReport> runs)
    {
        var finished = runs.Where(run => run.IsFinished).ToList();
        if (finished.Count == 0)
        {
            return null;
        }

        try
        {
            var first = layout.Run(finished[0].Network, finished[0].Fold);
            first.Sums.Check(first.Network);
            var model = ModelDescription.Read(first.Network);
            return CrossValidationReport.From(
                finished.SelectMany(run => run.Predictions),
                configuration.Dataset!,
                configuration.Options.GroupBy.Name,
                configuration.Options.Seed,
                model.Classes,
                model.Classes[model.Positive],
                [],
                finished.Select(run => run.Network).Distinct().ToDictionary(name => name, name => Initialization(name, runs)));
        }
        catch (Exception e) when (e is WeightsException or ArgumentException)
        {
            throw new RunFolderException(
                $"{layout.Root} has no {StudyLayout.ResultsName}, and its finished runs can't stand for it: {e.Message} Go on with the "
                    + "study, or delete what is wrong.", e);
        }
    }

    /// <summary>The results are what counts; where the run folders are others, a reader has to know.</summary>
    private static IEnumerable<string> Disagreements(CrossValidationReport results, IReadOnlyList<RunReport> runs)
    {
        foreach (var run in runs.Where(run => run.IsFinished))
        {
            var stated = results.Networks.FirstOrDefault(
                network => network.Name == run.Network)?.Folds.FirstOrDefault(fold => fold.Fold == run.Fold);
            if (stated is null)
            {
                yield return $"{run.Network}, fold {run.Fold}, is finished, and {StudyLayout.ResultsName} is without it. Go on with the "
                    + "study, which writes it again.";
            }
            else if (stated != FoldResult.From(run.Fold, run.Predictions, results.Positive))
            {
                yield return $"{StudyLayout.ResultsName} does not agree with the predictions of {run.Network}, fold {run.Fold}. The "
                    + $"tables show {StudyLayout.ResultsName}; figures are drawn from the predictions.";
            }
        }
    }

    /// <summary>What training of a network began with, as its first run says it.</summary>
    private static string Initialization(string network, IReadOnlyList<RunReport> runs)
    {
        var first = runs.FirstOrDefault(run => run.Network == network && run.Configuration is not null);
        return first?.Configuration!.InitialWeights is null or NetworkResult.Random
            ? NetworkResult.Random
            : NetworkResult.ImageNet;
    }
}
