using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html;
using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting;

/// <summary>The files that a study ends in, beside its run folders.</summary>
public static class StudyFiles
{
    /// <summary>
    /// Writes <c>results.json</c>, <c>table2.md</c>, <c>predictions.csv</c>, where patients are known <c>patients.csv</c>, of volumes
    /// <c>series.csv</c>, <c>history.csv</c>, a <c>confusion-NETWORK.png</c> a network, the report, and the cards; each is whole or not
    /// there; of a search among recipes <c>search.json</c> too. So it does for the controls that were trained anew, for further seeds and
    /// for further recipes, in their folders; of the seeds together, <c>seeds.csv</c> and <c>ensemble.csv</c>.
    /// </summary>
    /// <param name="result">What came of the study.</param>
    /// <param name="options">Which networks a report knows, and what keeps it small; the defaults when null.</param>
    /// <returns>The content of <c>results.json</c>: the report, and every configuration that was tried.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static JsonObject Write(StudyResult result, HtmlReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new();
        foreach (var below in result.Controls.Concat(result.Seeds).Concat(result.Recipes))
        {
            Write(below, options);
        }

        var (layout, report) = (result.Layout, result.Report());
        JsonObject? written = null;
        layout.Sums.Write(
            () => written = WriteTables(result, report, options),
            [
                layout[StudyLayout.ResultsName], layout[StudyLayout.TableName], layout[StudyLayout.PredictionsName],
                layout[StudyLayout.PatientsName], layout[StudyLayout.SeriesName], layout[StudyLayout.HistoryName],
                .. report.Networks.Select(network => layout.Confusion(network.Name)),
            ]);
        if (result.Recipes.Count > 0)
        {
            var file = layout[StudyLayout.SearchName];
            layout.Sums.Write(() => RecipeSearch.Of(result).Write(file), file);
        }

        if (result.SeedEnsembles.Count > 0)
        {
            layout.WriteSeeds(result.SeedEnsembles);
        }

        WriteReport(StudyReport.Read(layout.Root) with { SeedEnsembles = result.SeedEnsembles }, options: options);
        return written!;
    }

    private static JsonObject WriteTables(StudyResult result, CrossValidationReport report, HtmlReportOptions options)
    {
        var layout = result.Layout;
        var extra = new JsonObject { ["configurations"] = new JsonArray(JsonNode.Parse(File.ReadAllText(layout.Configuration))) };
        if (result.SeedEnsembles.Count > 0)
        {
            extra["overSeeds"] = new JsonArray([.. result.SeedEnsembles.Select(ensemble => ensemble.ToJson())]);
        }

        var written = layout.WriteResults(report, extra);
        WriteTables(layout, report, [.. result.Predictions], options);
        if (result.Series is { Count: > 0 } series)
        {
            SeriesPrediction.Write(layout[StudyLayout.SeriesName], series);
        }

        layout.WriteHistory(result.Runs);
        return written;
    }

    private static void WriteTables(
        StudyLayout layout, CrossValidationReport report, IReadOnlyList<Prediction> predictions, HtmlReportOptions options)
    {
        Table2.Write(layout[StudyLayout.TableName], report);
        layout.WritePredictions(predictions);
        if (predictions.All(prediction => prediction.Patient is not null))
        {
            PatientPrediction.Write(layout[StudyLayout.PatientsName], PatientPrediction.From(predictions));
        }

        Together([.. report.Networks.Select(network => (Action)(() => ConfusionMatrixFigure.Save(
            layout.Confusion(network.Name),
            network,
            report,
            options.Networks.FirstOrDefault(spec => spec.Name == network.Name)?.DisplayName)))]);
    }

    /// <summary>
    /// Writes a folder of predictions that were made elsewhere: <c>evaluation.json</c>, and what a study's folder has beside its runs,
    /// without a history. The folder is whole or not there: it is written under another name, beside its own.
    /// </summary>
    /// <param name="study">What was read and judged.</param>
    /// <param name="folder">The folder, which must be empty or not there.</param>
    /// <param name="others">Predictions or studies to put beside it; null where there are none.</param>
    /// <param name="options">Which networks a report knows, and what keeps it small; the defaults when null.</param>
    /// <param name="cancellationToken">Looked at before the folder gets its name.</param>
    /// <returns>The full paths of the report and, after it, of the figures.</returns>
    /// <exception cref="ArgumentException">It is a study of this program.</exception>
    /// <exception cref="RunFolderException">The folder is not empty, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<string> WriteEvaluation(
        StudyReport study,
        string folder,
        IReadOnlyList<StudyReport>? others = null,
        HtmlReportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (study.Given is null)
        {
            throw new ArgumentException($"{study.Folder} is a study, not predictions that were made elsewhere.", nameof(study));
        }

        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireEmpty(target);
        var unfinished = $"{target}.{Guid.NewGuid():N}{AtomicFile.Ending}";
        try
        {
            var written = WriteEvaluation(study with { Folder = unfinished }, others, options ?? new());
            cancellationToken.ThrowIfCancellationRequested();
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(unfinished, target);
            return [.. written.Select(file => Path.Combine(target, Path.GetRelativePath(unfinished, file)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The output folder {target} can't be written: {e.Message}", e, FolderProblem.NotWritable);
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    /// <summary>Refuses a folder that <c>WriteEvaluation</c> would refuse, before there is anything to write.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="RunFolderException">It is a file, or is not empty.</exception>
    public static void RequireEmpty(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var full = Path.GetFullPath(folder);
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
        {
            throw new RunFolderException(
                $"The output folder {full} is {(File.Exists(full) ? "a file" : "not empty")}.", FolderProblem.NotWritable);
        }
    }

    private static IReadOnlyList<string> WriteEvaluation(StudyReport study, IReadOnlyList<StudyReport>? others, HtmlReportOptions options)
    {
        var layout = new StudyLayout(study.Folder);
        WriteGiven(layout, study);
        layout.WriteColumns(study.Columns);
        if (study.Given!.Tested is not null)
        {
            layout.WriteAnswers(study.Runs.SelectMany(run => run.Answers));
        }

        var results = study.Results!;
        layout.Sums.Write(
            () => WriteTables(layout, results, [.. study.Runs.SelectMany(run => run.Predictions)], options),
            [
                layout[StudyLayout.TableName], layout[StudyLayout.PatientsName],
                .. results.Networks.Select(network => layout.Confusion(network.Name)),
            ]);
        foreach (var seed in study.Seeds)
        {
            var below = layout.Seeded(seed.Options.Repetition);
            WriteGiven(below, seed);
            below.WritePredictions(seed.Runs.SelectMany(run => run.Predictions));
        }

        if (study.SeedEnsembles.Count > 0)
        {
            layout.WriteSeeds(study.SeedEnsembles);
        }

        return WriteReport(study, others, options);
    }

    /// <summary>Draws at once, and throws what the first that failed threw.</summary>
    private static void Together(params Action[] actions)
    {
        try
        {
            Parallel.Invoke(actions);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void WriteGiven(StudyLayout layout, StudyReport study)
    {
        Directory.CreateDirectory(layout.Root);
        layout.BeginSums();
        layout.WriteEvaluation(study.Given!);
        layout.WriteResults(study.Results!);
    }

    /// <summary>
    /// Writes <c>report.html</c>, <c>figures/</c>, <c>MODEL_CARD.md</c> and <c>CHECKLIST.md</c> into a study's folder, finished
    /// or not, and with other studies beside it <c>comparison.md</c>.
    /// </summary>
    /// <param name="study">What lies in the folder.</param>
    /// <param name="others">Studies to put beside it; null where there are none.</param>
    /// <param name="options">Which networks a report knows, and what keeps it small; the defaults when null.</param>
    /// <returns>The full paths of the report and, after it, of the figures.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static IReadOnlyList<string> WriteReport(
        StudyReport study,
        IReadOnlyList<StudyReport>? others = null,
        HtmlReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        options ??= new();
        var layout = new StudyLayout(study.Folder);
        var figures = layout[StudyLayout.FiguresName];
        IReadOnlyList<string> drawn = [];
        layout.Sums.Write(
            Write, layout.FigureFiles.Append(layout[StudyLayout.ReportName]).Append(layout[StudyLayout.ComparisonName]));
        return [layout[StudyLayout.ReportName], .. drawn.Select(name => Path.Combine(figures, name))];

        // The cards, which are people's to complete, are not listed.
        void Write()
        {
            StudyCards.Write(study, study.Folder); // What the others share is computed by it.
            IReadOnlyList<StudyReport> studies = [study, .. others ?? []];
            var compared = studies.Count > 1 ? ComparedNetwork.Of(studies) : [];
            if (studies.Count > 1)
            {
                AtomicFile.WriteAllText(layout[StudyLayout.ComparisonName], ComparisonTables.Of(studies, compared).ToString());
            }

            Together(
                () => drawn = new StudyFigures(options.Networks).Save(study, figures),
                () => new HtmlReport(options).Write(layout[StudyLayout.ReportName], study, compared));
        }
    }
}
