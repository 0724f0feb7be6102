using CovidCt.Answers;
using CovidCt.Audit;
using CovidCt.Calibration;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What lies in a study's folder, finished or not: all that figures and the HTML report are made from.</summary>
/// <param name="Folder">The full path of the study's folder.</param>
/// <param name="Configuration">What the study was asked to do: <c>study.json</c>.</param>
/// <param name="Machines">
/// What the study and its runs say of build, device, threads and the like; more than one where it was gone on with elsewhere.
/// </param>
/// <param name="Runs">A run for each network and fold that was asked for, network by network.</param>
/// <param name="Results">
/// The content of <c>results.json</c>; where the study is not finished, the same computed over the runs that are, and
/// null where none is.
/// </param>
/// <param name="IsConcluded">Whether <c>results.json</c> is there; without it, rejected files are not known.</param>
/// <param name="Notes">Sentences about what could not be read or does not agree; a reader has to see them.</param>
public sealed record StudyReport(
    string Folder,
    StudyConfiguration Configuration,
    IReadOnlyList<MachineFacts> Machines,
    IReadOnlyList<RunReport> Runs,
    CrossValidationReport? Results,
    bool IsConcluded,
    IReadOnlyList<string> Notes)
{
    /// <summary>The options of the study.</summary>
    public StudyOptions Options => Configuration.Options;

    /// <summary>
    /// What is known of predictions that were made elsewhere; null of a study. Of such, <see cref="Configuration"/> holds classes, networks
    /// and the number of folds, and nothing of a recipe: what is no part of this is unknown.
    /// </summary>
    public GivenPredictions? Given { get; init; }

    /// <summary>The name of the data set.</summary>
    public string Dataset => Configuration.Dataset ?? "";

    /// <summary>The published names of the networks that the study was asked for, in that order.</summary>
    public IReadOnlyList<string> Networks => Options.Networks;

    /// <summary>The number of folds that were drawn.</summary>
    public int Folds => Options.Folds;

    /// <summary>Whether the images are those that the study generated into its own folder: drawings, of nobody.</summary>
    public bool IsPhantom { get; init; }

    /// <summary>In which fold each image is tested: <c>folds.csv</c>; empty where it isn't there.</summary>
    public IReadOnlyList<FoldRow> Folding { get; init; } = [];

    /// <summary>
    /// What the data set says of each image: <c>columns.csv</c>; null where it isn't there, of a data set that says nothing and of older
    /// studies.
    /// </summary>
    public ImageColumns? Columns { get; init; }

    /// <summary>What an audit of the data found: <c>audit.json</c>; null where it isn't there.</summary>
    public DatasetAuditReport? Audit { get; init; }

    /// <summary>What controls on features found: <c>controls.json</c>; null where it isn't there.</summary>
    public ControlReport? Controls { get; init; }

    /// <summary>The controls that networks can be trained anew for, with the names of their folders.</summary>
    public static IReadOnlyList<(ControlKind Kind, string Name)> RetrainedControls { get; } =
    [
        (ControlKind.RandomLabels, "random-labels"), (ControlKind.SourceLabels, "random-labels-by-source"),
        (ControlKind.BackgroundOnly, "background-only"),
    ];

    /// <summary>The studies of those that were made.</summary>
    public IReadOnlyList<(ControlKind Kind, StudyReport Study)> Retrained { get; init; } = [];

    /// <summary>
    /// The networks of <see cref="Retrained"/>, each held against chance: one-sided by the lower half of the interval of its area, all of
    /// them corrected together by Holm's method.
    /// </summary>
    public IReadOnlyList<RetrainedVerdict> RetrainedVerdicts => field ??= ControlVerdicts.OfRetrained(this);

    /// <summary>The further trainings of the same networks on the same folds, from other seeds; none where each was trained once.</summary>
    public IReadOnlyList<StudyReport> Seeds { get; init; } = [];

    /// <summary>
    /// What the networks came to over all seeds, in the order of <see cref="Results"/>; without those that were trained from one seed.
    /// </summary>
    public IReadOnlyList<SeedSpread> OverSeeds => field ??= SeedSpread.Of(this);

    /// <summary>The choice among recipes: <c>search.json</c>; null where the study has one recipe.</summary>
    public RecipeSearch? Search { get; init; }

    /// <summary>
    /// What the networks of all seeds come to together, in the order of <see cref="Results"/>; without those that were trained from one
    /// seed.
    /// </summary>
    public IReadOnlyList<SeedEnsemble> SeedEnsembles
    {
        get => field ??= SeedEnsemble.Of(this);
        init;
    }

    /// <summary>Intervals, comparisons and calibration of the finished runs; null where there is none.</summary>
    public StudyStatistics? Statistics
    {
        get => field ??= CanBeJudged ? StudyStatistics.Of(
            Runs.SelectMany(run => run.Predictions), Results!, Folds, SetLevel, AnswersOf(), progress: null, CancellationToken.None) : null;
        private init;
    }

    private bool CanBeJudged => Results is { Networks.Count: > 0, Classes.Count: 2 } && Runs.Any(run => run.Predictions.Count > 0);

    /// <summary>
    /// How often prediction sets are to hold the class of an image: the level of those that lie beside the networks, else the usual one.
    /// </summary>
    public double SetLevel => Given?.Tested?.SetLevel
        ?? Runs.Select(run => run.Sets?.Level).OfType<double>().FirstOrDefault(ConformalSets.DefaultLevel);

    /// <summary>
    /// What the networks' prediction sets come to by each of the <see cref="Columns"/>, network by network; empty where nothing is known of
    /// the images, or sets can't be judged.
    /// </summary>
    public IReadOnlyList<SetStatistics.Group> SetGroups => field ??= Columns is { } columns && Statistics is { } statistics
        ?
        [
            .. statistics.Networks.Where(network => network.Sets is not null).SelectMany(network => network.Sets!.ByGroup(
                Runs.Where(run => run.Network == network.Network).SelectMany(run => run.Predictions), Results!.Positive, columns)),
        ]
        : [];

    /// <summary>
    /// The calibration that a run's network is judged with, and that lies beside it once all runs are finished and the study was gone on
    /// with; null where it has none.
    /// </summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    public NetworkCalibration? CalibrationOf(RunReport run) =>
        Statistics?.Networks.FirstOrDefault(network => network.Network == run.Network)?.Calibrations.GetValueOrDefault(run.Fold);

    /// <summary>
    /// The prediction sets of a run's network, from its own test predictions, which lie beside it once all runs are finished and the study
    /// was gone on with; null where the run isn't finished, or has more classes than two.
    /// </summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    public ConformalSets? SetsOf(RunReport run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Results is { Classes.Count: 2, Positive: var positive } && run.Predictions.Count > 0
            ? ConformalSets.OfFolds(RunsOf(run.Network).SelectMany(one => one.Predictions), positive, SetLevel)[run.Fold]
            : null;
    }

    /// <summary>Predictive values and likelihood ratios of the finished runs, a network each; empty where there are none.</summary>
    public IReadOnlyList<PredictiveValues> PredictiveValues
    {
        get => field ??= Statistics is { } statistics
            ? ClinicalStatistics.Predictive(Runs.SelectMany(run => run.Predictions), Results!, statistics)
            : [];
        private init;
    }

    /// <summary>Figures by each of the <see cref="Columns"/>; empty where nothing is known of the images or tested.</summary>
    public IReadOnlyList<Subgroups> Subgroups
    {
        get => field ??= Columns is { } columns && Statistics is not null
            ? ClinicalStatistics.Groups([.. Runs.SelectMany(run => run.Predictions)], columns, Results!.Positive)
            : [];
        private init;
    }

    /// <summary>Whether every run is finished and the study has its results.</summary>
    public bool IsComplete => IsConcluded && Runs.All(run => run.IsFinished);

    /// <summary>
    /// The test images whose patient has images in the training part too, and all test images; null where patients are
    /// unknown, or not every image of the data set is known (<see cref="KnowsEveryImage"/>).
    /// </summary>
    public (int Shared, int Images)? SharedPatients
    {
        get
        {
            if (Images.Count == 0 || !KnowsEveryImage)
            {
                return null;
            }

            var shared = Enumerable.Range(0, Folds).Select(fold => FoldRow.SharedPatients(Images, fold)).ToList();
            return shared.Contains(null) ? null : (shared.Sum()!.Value, Images.Count(row => row.Fold is not null));
        }
    }

    /// <summary>
    /// Every image of the study with the fold that tests it; of an older study without <c>folds.csv</c>, those that finished
    /// runs were tested on.
    /// </summary>
    public IReadOnlyList<FoldRow> Images => field ??= Folding.Count > 0
        ? Folding
        : [.. Runs.SelectMany(run => run.Predictions).DistinctBy(prediction => prediction.Path)
            .OrderBy(prediction => prediction.Path, StringComparer.Ordinal)
            .Select(prediction => new FoldRow(prediction.Path, prediction.Label, prediction.Patient, prediction.Source, prediction.Fold))];

    /// <summary>Whether the images of every fold are known, so that every row of the data set is.</summary>
    public bool KnowsEveryFold => Images.Select(image => image.Fold).OfType<int>().Distinct().Count() == Folds;

    /// <summary>
    /// Whether every image of the data set is known: <c>folds.csv</c> lists them, or each was tested, which on a split of one test part
    /// is not so.
    /// </summary>
    public bool KnowsEveryImage => Folding.Count > 0 || (Given is null && KnowsEveryFold && Options.GroupBy != GroupBy.Official);

    /// <summary>The finished runs of a network.</summary>
    /// <param name="network">The published name.</param>
    public IEnumerable<RunReport> RunsOf(string network) => Runs.Where(run => run.Network == network && run.IsFinished);

    /// <summary>
    /// The test predictions of a network, seed by seed, the study's own first: of each seed that finished the folds that the study has
    /// finished. None where it has finished none.
    /// </summary>
    /// <param name="network">The published name.</param>
    public IReadOnlyList<IReadOnlyList<Prediction>> PredictionsBySeed(string network)
    {
        List<Prediction> own = [.. RunsOf(network).SelectMany(run => run.Predictions)];
        var tested = Tested(own);
        return own.Count == 0
            ? []
            : [own, .. Seeds.Select(seed => seed.RunsOf(network).SelectMany(run => run.Predictions).ToList())
                .Where(predictions => Tested(predictions).SetEquals(tested))];

        static HashSet<(string, string, string?, int)> Tested(List<Prediction> predictions) =>
            [.. predictions.Select(image => (image.Path, image.Label, image.Patient, image.Fold))];
    }

    /// <summary>Reads a study's folder. Nothing is written, and a study under way is not disturbed.</summary>
    /// <param name="folder">The folder with <c>study.json</c> in it.</param>
    /// <exception cref="RunFolderException">
    /// It is no study's folder, or one of its files is damaged; the message names the file and says what to do. What
    /// explanations left (embeddings, maps) is optional: where it is damaged, it is left out with a note.
    /// </exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static StudyReport Read(string folder) => StudyReader.Read(folder);

    /// <summary>
    /// Reads predictions that were made elsewhere, and judges them as a study's are: figures with intervals, differences, calibration,
    /// predictive values and groups. Nothing is written; <see cref="Folder"/> is where the process works.
    /// </summary>
    /// <param name="options">Which files, and how they are read.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops between rows, and between resamples.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or names a column that no file has.</exception>
    /// <exception cref="UnusableDataException">A file can't be read, or contradicts itself or another; the message says where.</exception>
    /// <exception cref="GivenPredictions.ColumnException">What is needed is in no column, or may be in several.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static StudyReport Evaluate(
        EvaluationOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var (given, table) = new PredictionsReader(options, progress, cancellationToken).Read();
        return GivenStudy.Of(Environment.CurrentDirectory, given, table.BySeed(), table.Columns(options.Groups))
            .Judged(progress, cancellationToken);
    }

    /// <summary>Judges predictions that are in memory in the same way.</summary>
    /// <param name="given">What is known of them.</param>
    /// <param name="predictions">Of any number of models, each image once a model, all of the classes that are named.</param>
    /// <param name="columns">What else is known of the images, which makes groups; null where nothing is.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="ArgumentException">
    /// There are none, one is of another class, a model answered twice about an image, or a probability is not a finite number.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static StudyReport Judge(
        GivenPredictions given,
        IReadOnlyList<Prediction> predictions,
        ImageColumns? columns = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(predictions);
        return predictions.Count > 0
            ? GivenStudy.Of(Environment.CurrentDirectory, given, [predictions], columns).Judged(progress, cancellationToken)
            : throw new ArgumentException("There are no predictions.", nameof(predictions));
    }

    /// <summary>
    /// Asks a trained network, or an ensemble, about a data set, and judges its answers as a study's are: figures with intervals, its
    /// calibrated probabilities and prediction sets as they come with it, groups, and what is unlike its training images. Nothing is
    /// written but the journal; <see cref="Folder"/> is where the process works.
    /// </summary>
    /// <param name="classifier">The network, of two classes; it stays the caller's.</param>
    /// <param name="dataset">
    /// The data set, of two classes: those of the network by their names, or else the positive and the other one.
    /// </param>
    /// <param name="options">What is said of the network; null says nothing.</param>
    /// <param name="progress">Told how many images are done, and how far the judging is.</param>
    /// <param name="cancellationToken">Stops between batches of images, and between resamples.</param>
    /// <exception cref="ArgumentException">The network tells other than two classes apart.</exception>
    /// <exception cref="UnusableDataException">The data set has other than two classes, or no image of it can be read.</exception>
    /// <exception cref="RunFolderException">
    /// The journal can't be written, or another process writes it; or a decoder has to be given (<see cref="ModelTestOptions.ReadBy"/>).
    /// </exception>
    /// <exception cref="Networks.WeightsException">The network answers no numbers: its weights are not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what was answered is in the journal.</exception>
    public static StudyReport Test(
        ICtClassifier classifier,
        CtDataset dataset,
        ModelTestOptions? options = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(dataset);
        return new ModelTest(classifier, dataset, options ?? new(), cancellationToken)
            .Run(Environment.CurrentDirectory, progress, cancellationToken).Judged(progress, cancellationToken);
    }

    private Dictionary<string, TestedModel.Answer>? AnswersOf() => Given?.Tested is null ? null
        : Runs.SelectMany(run => run.Answers).ToDictionary(answer => answer.Path, StringComparer.Ordinal);

    /// <summary>The same, with what else would be computed when it is asked for.</summary>
    private StudyReport Judged(IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        if (!CanBeJudged)
        {
            return this;
        }

        List<Prediction> predictions = [.. Runs.SelectMany(run => run.Predictions)];
        var (ofNetworks, ofGroups) = (StudyStatistics.Parts * (Results!.Networks.Count + 1), StudyStatistics.Parts);
        var statistics = StudyStatistics.Of(
            predictions, Results, Folds, SetLevel, AnswersOf(), Tell,
            cancellationToken);
        var values = ClinicalStatistics.Predictive(predictions, Results, statistics, cancellationToken);
        var subgroups = Columns is null ? [] : ClinicalStatistics.Groups(predictions, Columns, Results.Positive, cancellationToken);
        Tell(ofNetworks + ofGroups);
        return this with { Statistics = statistics, PredictiveValues = values, Subgroups = subgroups };

        void Tell(int done) => progress?.Report(new(StepKind.Judging, done, ofNetworks + ofGroups));
    }

    /// <summary>A network that was trained anew on a control, held against chance.</summary>
    /// <param name="Kind">What it was trained on in the place of the data.</param>
    /// <param name="Study">The study of the control.</param>
    /// <param name="Network">What the network came to.</param>
    /// <param name="AdjustedPValue">
    /// One-sided, in [0, 1], corrected for all networks and controls (Holm 1979): how likely an area so large is where a network learns
    /// nothing. Null where the area has no interval.
    /// </param>
    public sealed record RetrainedVerdict(ControlKind Kind, StudyReport Study, NetworkStatistics Network, double? AdjustedPValue)
    {
        /// <inheritdoc cref="ControlReport.Verdict.IsClean"/>
        public bool? IsClean => AdjustedPValue is { } p ? p > ControlReport.Verdict.Level : null;
    }
}
