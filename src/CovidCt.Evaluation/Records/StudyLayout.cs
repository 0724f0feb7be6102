using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>Where everything lies in the folder of a study: the one place that knows the names.</summary>
/// <param name="Root">The full path of the study's folder.</param>
public sealed partial record StudyLayout(string Root)
{
    private static readonly SearchValues<char> NotInNames =
        SearchValues.Create([.. "/\\:*?\"<>|%", .. Enumerable.Range(0, ' ').Select(c => (char)c)]);

    // Folders of studies that lie below another one.
    private static readonly string[] NamesBelow = [RetrainedName, SeedsName, RecipesName];

    /// <summary>What the study was asked to do.</summary>
    public const string ConfigurationName = "study.json";

    /// <summary>In the place of <see cref="ConfigurationName"/>, what is known of predictions that were made elsewhere.</summary>
    public const string EvaluationName = "evaluation.json";

    /// <summary>Which fold tests which image.</summary>
    public const string FoldsName = "folds.csv";

    /// <summary>What the data set says of each image besides class, patient and source.</summary>
    public const string ColumnsName = "columns.csv";

    /// <summary>The runs that the study consists of, dearest first.</summary>
    public const string PlanName = "plan.csv";

    /// <summary>What an audit of the data found.</summary>
    public const string AuditName = "audit.json";

    /// <summary>What controls on features came to.</summary>
    public const string ControlsName = "controls.json";

    /// <summary>The figures of every fold.</summary>
    public const string ResultsName = "results.json";

    /// <summary>The paper's Table 2, published values beside the study's.</summary>
    public const string TableName = "table2.md";

    /// <summary>The answers on test images; of the study and of each run.</summary>
    public const string PredictionsName = "predictions.csv";

    /// <summary>What a network that was tested answered besides probabilities.</summary>
    public const string AnswersName = "answers.csv";

    /// <summary>Of networks that were trained from several seeds, the figures of each seed and of all together.</summary>
    public const string SeedFiguresName = "seeds.csv";

    /// <summary>The answers on test images of the networks of all seeds together.</summary>
    public const string EnsembleName = "ensemble.csv";

    /// <summary>One probability a patient.</summary>
    public const string PatientsName = "patients.csv";

    /// <summary>One answer a series, of a data set of volumes.</summary>
    public const string SeriesName = "series.csv";

    /// <summary>The epochs; of the study and of each run.</summary>
    public const string HistoryName = "history.csv";

    /// <summary>The report.</summary>
    public const string ReportName = "report.html";

    /// <summary>The model card.</summary>
    public const string ModelCardName = "MODEL_CARD.md";

    /// <summary>The checklists.</summary>
    public const string ChecklistsName = "CHECKLIST.md";

    /// <summary>The tables of studies side by side.</summary>
    public const string ComparisonName = "comparison.md";

    /// <summary>The folder of the figures.</summary>
    public const string FiguresName = "figures";

    /// <summary>The folder of the retrained controls.</summary>
    public const string RetrainedName = "controls";

    /// <summary>The folder of the further trainings of the same folds.</summary>
    public const string SeedsName = "seeds";

    /// <summary>The folder of the trainings by further recipes on the same folds.</summary>
    public const string RecipesName = "recipes";

    /// <summary>What came of a search among recipes.</summary>
    public const string SearchName = "search.json";

    /// <summary>The folder that a generated data set lies in.</summary>
    public const string PhantomName = "phantom";

    /// <summary>The manifest of the generated data set, which is written last.</summary>
    public const string PhantomManifestName = ManifestReader.FileName;

    /// <summary>The folder of the runs.</summary>
    public const string RunsName = "runs";

    /// <summary>The full path of <see cref="ConfigurationName"/>.</summary>
    public string Configuration => this[ConfigurationName];

    /// <summary>The full path of what is known of predictions that were made elsewhere.</summary>
    public string Evaluation => this[EvaluationName];

    /// <summary>The folder of the decoded images, which may be removed and is then made again.</summary>
    public string Canvases => this["canvases"];

    /// <summary>The folder of what TensorBoard shows, a folder a run, where the study was asked for it.</summary>
    public string TensorBoard => this["tensorboard"];

    /// <summary>The folder of the leases of who writes what belongs to the study as a whole: <see cref="LeaseRecord"/>.</summary>
    public string Leases => this[RunLayout.LeasesName];

    /// <summary>What the study was prepared with that its configuration leaves out.</summary>
    public string Preparation => this["prepared.json"];

    /// <summary>The folder of the generated data set, where the study made one.</summary>
    public string Phantom => this[PhantomName];

    /// <summary>The full path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>The folder above the folds of a network.</summary>
    /// <param name="network">The network's published name.</param>
    public string RunsOf(string network) => Path.Combine(Root, RunsName, network);

    /// <summary>The folder of one run.</summary>
    /// <param name="network">The network's published name.</param>
    /// <param name="fold">The fold, from 0.</param>
    public RunLayout Run(string network, int fold) => new(Path.Combine(RunsOf(network), $"{RunLayout.FoldPrefix}{fold}"));

    /// <summary>The picture of a network's confusion matrix.</summary>
    /// <param name="network">The network's published name.</param>
    public string Confusion(string network) => this[$"confusion-{FileNameOf(network)}.png"];

    /// <summary>
    /// What the folder consists of, but for its runs, which have lists of their own, and for what people may edit: the cards.
    /// </summary>
    public FileSums Sums => new(Root);

    /// <summary>The files of the generated data set that are there or listed.</summary>
    /// <exception cref="RunFolderException">The list of the study's files is damaged.</exception>
    public IEnumerable<string> PhantomFiles => Sums.FilesIn(Phantom);

    /// <summary>The files of the figures that are there or listed.</summary>
    /// <exception cref="RunFolderException">The list of the study's files is damaged.</exception>
    public IEnumerable<string> FigureFiles => Sums.FilesIn(this[FiguresName]);

    /// <summary>
    /// Begins the list of the study's files; in folders that are older than lists, those of its runs and of the studies below it too,
    /// it takes what is there.
    /// </summary>
    /// <returns>A folder that is older than lists; null where none is.</returns>
    /// <exception cref="IOException">A list can't be written.</exception>
    public FileSums? BeginSums()
    {
        IEnumerable<string> files =
        [
            Configuration, Preparation, this[PlanName], this[FoldsName], this[ColumnsName], this[AuditName], this[ControlsName],
            this[ResultsName], .. PhantomFiles,
        ];
        IEnumerable<FileSums?> older =
        [
            Sums.Begin(files) ? Sums : null, .. Runs.Select(run => run.BeginSums()), .. Below.Select(study => study.BeginSums()),
        ];
        return older.FirstOrDefault(folder => folder is not null);
    }

    /// <summary>The run folders that are there.</summary>
    internal IEnumerable<RunLayout> Runs => FoldersIn(RunsName)
        .SelectMany(network => Directory.EnumerateDirectories(network, $"{RunLayout.FoldPrefix}*")).Select(run => new RunLayout(run));

    /// <summary>The controls and further trainings that are there.</summary>
    private IEnumerable<StudyLayout> Below =>
        NamesBelow.SelectMany(FoldersIn).Select(study => new StudyLayout(study));

    /// <summary>
    /// Removes what processes that were killed were writing, but in the folders of runs that somebody has: <see cref="LeaseRecord"/>.
    /// </summary>
    /// <exception cref="IOException">A folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file can't be removed.</exception>
    public void Sweep()
    {
        string[] ofRuns = [RunsName, .. NamesBelow];
        AtomicFile.Sweep(Root, SearchOption.TopDirectoryOnly);
        foreach (var folder in Directory.GetDirectories(Root).Where(folder => !ofRuns.Contains(Path.GetFileName(folder))))
        {
            AtomicFile.Sweep(folder);
        }

        foreach (var run in Runs.Where(run => LeaseRecord.Last(run.Leases) is null or { Ended: not null } or { IsGone: true }))
        {
            AtomicFile.Sweep(run.Root);
        }

        foreach (var study in Below)
        {
            study.Sweep();
        }
    }

    /// <summary>The study itself, or one below it by its path, such as <c>seeds/1</c>.</summary>
    /// <param name="part">The path, with <c>/</c>; empty for the study itself.</param>
    public StudyLayout Part(string part) => new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(part, Root)));

    /// <summary>The study of a control that networks were trained anew for.</summary>
    /// <param name="name">The control's name.</param>
    public StudyLayout Retrained(string name) => new(Path.Combine(Root, RetrainedName, name));

    /// <summary>The study of a further training of the same folds.</summary>
    /// <param name="repetition">Which one, from 1.</param>
    public StudyLayout Seeded(int repetition) => new(Path.Combine(Root, SeedsName, FormattableString.Invariant($"{repetition}")));

    /// <summary>The study of a further recipe on the same folds.</summary>
    /// <param name="recipe">The recipe's name.</param>
    public StudyLayout OfRecipe(string recipe) => new(Path.Combine(Root, RecipesName, recipe));

    /// <summary>The further trainings that were begun, by their numbers, rising.</summary>
    public IReadOnlyList<int> FurtherSeeds =>
    [
        .. FoldersIn(SeedsName)
            .Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 0)
            .Where(seed => seed > 0 && File.Exists(Seeded(seed).Configuration)).Order(),
    ];

    /// <summary>The study whose control or further training this one is; null where it is neither.</summary>
    internal StudyLayout? Above =>
        Path.GetDirectoryName(Root) is { } parent && NamesBelow.Contains(Path.GetFileName(parent))
            && Path.GetDirectoryName(parent) is { } study
            ? new(study)
            : null;

    /// <summary>Whether this is the study of a further recipe of another one.</summary>
    internal bool IsOfRecipe => Above is not null && Path.GetFileName(Path.GetDirectoryName(Root)) == RecipesName;

    /// <summary>The study whose folder a run lies in; null where the run lies in none.</summary>
    /// <param name="run">The folder of the run.</param>
    public static StudyLayout? Of(RunLayout run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var study = new StudyLayout(Path.GetFullPath(Path.Combine(run.Root, "..", "..", "..")));
        return File.Exists(study.Configuration) ? study : null;
    }

    /// <summary>The study whose folder a file would lie in, if that is one.</summary>
    /// <param name="file">The file.</param>
    public static StudyLayout Holding(string file) => new(Path.GetDirectoryName(Path.GetFullPath(file)) ?? file);

    /// <summary>Writes which runs the study consists of; the file is whole or not there.</summary>
    /// <param name="plan">The runs.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WritePlan(StudyPlan plan) => Sums.Write(() => PlanCsv.Write(this[PlanName], plan), this[PlanName]);

    /// <summary>Reads which runs the study consists of.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it, the line and the fault.</exception>
    /// <exception cref="RunFolderException">The file isn't there, or is not what was written.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public StudyPlan ReadPlan()
    {
        if (!File.Exists(this[PlanName]))
        {
            throw new RunFolderException($"{Root} holds no study that was prepared: {PlanName} isn't there.");
        }

        Sums.Check(this[PlanName]);
        return PlanCsv.Read(this[PlanName]);
    }

    /// <summary>Writes which fold tests which image; the file is whole or not there.</summary>
    /// <param name="rows">In the data set's order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteFolds(IEnumerable<FoldRow> rows) => Sums.Write(() => FoldsCsv.Write(this[FoldsName], rows), this[FoldsName]);

    /// <summary>Reads which fold tests which image.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it, the line and the fault.</exception>
    /// <exception cref="RunFolderException">The file is not what was written.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IReadOnlyList<FoldRow> ReadFolds()
    {
        Sums.Check(this[FoldsName]);
        return FoldsCsv.Read(this[FoldsName]);
    }

    /// <summary>Writes what the data set says of each image; the file is whole or not there.</summary>
    /// <param name="columns">What it says; null where it says nothing, which takes a file away that was left by an earlier call.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteColumns(ImageColumns? columns)
    {
        Sums.Write(
            () =>
            {
                if (columns is null)
                {
                    File.Delete(this[ColumnsName]);
                }
                else
                {
                    ColumnsCsv.Write(this[ColumnsName], columns);
                }
            },
            this[ColumnsName]);
    }

    /// <summary>Writes what is known of predictions that were made elsewhere; the file is whole or not there.</summary>
    /// <param name="given">What is known.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteEvaluation(GivenPredictions given) =>
        Sums.Write(() => JsonFiles.Write(Evaluation, given, RecordsJson.Files.GivenPredictions), Evaluation);

    /// <summary>Writes the answers of all runs; the file is whole or not there.</summary>
    /// <param name="predictions">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WritePredictions(IEnumerable<Prediction> predictions) =>
        Sums.Write(() => PredictionsCsv.Write(this[PredictionsName], predictions), this[PredictionsName]);

    /// <summary>Writes what the networks of all seeds come to together, and their answers; each file is whole or not there.</summary>
    /// <param name="ensembles">One a network.</param>
    /// <exception cref="IOException">A file can't be written.</exception>
    public void WriteSeeds(IReadOnlyList<SeedEnsemble> ensembles)
    {
        ArgumentNullException.ThrowIfNull(ensembles);
        Sums.Write(
            () =>
            {
                SeedsCsv.Write(this[SeedFiguresName], ensembles);
                PredictionsCsv.Write(this[EnsembleName], ensembles.SelectMany(ensemble => ensemble.Predictions));
            },
            this[SeedFiguresName], this[EnsembleName]);
    }

    /// <summary>Reads the answers of the networks of all seeds together.</summary>
    /// <inheritdoc cref="ReadPredictions"/>
    public IReadOnlyList<Prediction> ReadEnsemble()
    {
        Sums.Check(this[EnsembleName]);
        return PredictionsCsv.Read(this[EnsembleName]);
    }

    /// <summary>Reads the answers of all runs.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it, the line and the fault.</exception>
    /// <exception cref="RunFolderException">The file is not what was written.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IReadOnlyList<Prediction> ReadPredictions()
    {
        Sums.Check(this[PredictionsName]);
        return PredictionsCsv.Read(this[PredictionsName]);
    }

    /// <summary>Writes what a network that was tested answered besides probabilities; the file is whole or not there.</summary>
    /// <param name="answers">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteAnswers(IEnumerable<TestedModel.Answer> answers) =>
        Sums.Write(() => AnswersCsv.Write(this[AnswersName], answers), this[AnswersName]);

    /// <summary>Reads what a network that was tested answered besides probabilities.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it, the line and the fault.</exception>
    /// <exception cref="RunFolderException">The file is not what was written.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IReadOnlyList<TestedModel.Answer> ReadAnswers()
    {
        Sums.Check(this[AnswersName]);
        return AnswersCsv.Read(this[AnswersName]);
    }

    /// <summary>Writes the epochs of all runs; the file is whole or not there.</summary>
    /// <param name="runs">In any order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteHistory(IEnumerable<RunResult> runs)
    {
        var rows = runs.SelectMany(run => run.History.Select(epoch => new HistoryEntry(run.Network, run.Fold, epoch)));
        Sums.Write(() => HistoryCsv.Write(this[HistoryName], rows), this[HistoryName]);
    }

    /// <summary>Writes the figures of every fold; the file is whole or not there.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="extra">Fields that follow those of the figures; null where there are none.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">A field is one of the figures' own.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public JsonObject WriteResults(CrossValidationReport report, JsonObject? extra = null)
    {
        Sums.Write(() => ResultsJson.Write(this[ResultsName], report, extra), this[ResultsName]);
        return ResultsJson.ToNode(report, extra);
    }

    /// <summary>A name that other programs chose may hold what no file name can.</summary>
    private static string FileNameOf(string network) =>
        network.AsSpan().IndexOfAny(NotInNames) < 0 ? network : Uri.EscapeDataString(network);

    private IEnumerable<string> FoldersIn(string name) => Directory.Exists(this[name]) ? Directory.EnumerateDirectories(this[name]) : [];
}
