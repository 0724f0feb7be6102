using System.Globalization;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Cards;

/// <summary>Answers that the checklists ask for.</summary>
internal static class Answers
{
    public const string DrawingFolder = $"{StudyLayout.PhantomName}/";

    private const string StudyFile = StudyLayout.ConfigurationName;
    private const string EveryRun = "runs/*/";
    private const string MapFiles = $"{EveryRun}maps/";
    private const string NetworkFiles = $"{EveryRun}{RunLayout.NetworkName}";

    /// <summary>Only people can answer, whatever the study.</summary>
    public static Answer? Nobody(StudyFacts facts) => null;

    /// <summary>Answered for the phantom, whose images are of nobody; else only people can answer.</summary>
    public static Func<StudyFacts, Answer?> OfDrawings(string text) => facts => facts.IsPhantom ? new(text, DrawingFolder) : null;

    /// <summary>The same for every study.</summary>
    public static Func<StudyFacts, Answer?> Always(string text, string? rest = null) => _ => new(text, Answer.Program, rest);

    public static Answer Technique(StudyFacts facts) => new(
        $"Deep learning: {facts.Networks}, trained {facts.Task}.", StudyFile, "The title itself.");

    public static Answer? Summary(StudyFacts facts) => facts is { Counts: { } counts, Figures: { } figures }
        ? new(
            Lists.Sentences($"Design: {facts.DesignInWords}. Data: {counts} {figures}", facts.PatientFigures),
            facts.ResultsFile,
            "The abstract itself, and what is concluded.")
        : null;

    public static Answer Goal(StudyFacts facts) => new(
        $"Training networks {facts.Task}, and testing them by {facts.DesignInWords}.",
        StudyFile,
        "What the study is to show, and the hypotheses.");

    public static Answer Collection(StudyFacts facts) => facts switch
    {
        { IsPhantom: true } => new("Neither: the images are drawn by the program.", DrawingFolder),
        _ when PublicDataset.AllOf(facts) is { Count: > 0 } published => new(
            Lists.Sentences(published.Select(data => $"Retrospective: of {data.Name}, {data.Collected}")),
            string.Join("; ", published.Select(data => data.Reference))),
        _ => new(
            "Whether images were collected for this study or before it is not in the folder; their labels were there before any training.",
            StudyFile,
            "Whether the study is prospective or retrospective."),
    };

    public static Answer Source(StudyFacts facts) => facts.IsPhantom
        ? new("Drawings that the program makes from a seed; no image is of a person.", DrawingFolder)
        : new(
            $"The data set {facts.Study.Dataset}{(facts.Counts is { } counts ? $": {counts}" : ".")}",
            facts.Counts is null ? StudyFile : facts.RowsFile,
            "Who collected it, where and when, why it was chosen, and whom it represents.");

    public static Answer Eligibility(StudyFacts facts) => facts.IsPhantom
        ? new("Every drawing was taken.", DrawingFolder)
        : new(
            $"Every readable image of the data set {Taken(facts)}. {facts.Rejected}".TrimEnd(),
            StudyFile,
            "By which rules people and images came into the data set, where and when.");

    public static Answer Preprocessing(StudyFacts facts) =>
        Scaling(facts) with { Rest = facts.IsPhantom ? null : "What was done to the images before they came into the data set." };

    public static Answer Scaling(StudyFacts facts) => new(facts.Preprocessing, StudyFile);

    public static Answer Subsets(StudyFacts facts) =>
        new($"Of the data set every readable image {Taken(facts)}; whole slices, not lungs or lesions.", StudyFile);

    public static Answer Inputs(StudyFacts facts) => new(
        "The pixels of one slice are all that a network sees: no age, sex, symptom or laboratory value.",
        Answer.Program,
        facts.IsPhantom ? null : "How the images were made: scanners, protocols, windows, and who chose the slices.");

    public static Answer? Missing(StudyFacts facts) => facts.Rejected is { } rejected
        ? new(
            $"{rejected} {(facts.HasPatients ? "The patient of every image is known." : "Patients are unknown for some or all images.")} "
                + $"{(facts.Completeness is { } known ? $"{known} " : "")}Nothing was imputed.",
            facts.Study.Columns is null ? facts.ResultsFile : $"{facts.ResultsFile}, {StudyLayout.ColumnsName}")
        : null;

    public static Answer Standard(StudyFacts facts) => facts.IsPhantom
        ? new("The program knows what it drew.", DrawingFolder)
        : new(
            $"The labels that the data set gives{InBrackets(facts.Classes)}, taken as they are.",
            facts.Counts is null ? StudyFile : facts.RowsFile,
            "How each label was established, such as by RT-PCR or by readers, when, and how certain it is.");

    public static Answer TestLabels(StudyFacts facts) => facts.IsPhantom
        ? new("As the others: the program knows what it drew.", DrawingFolder)
        : new(
            "Labels of test images are those that the data set gives, as in training.",
            StudyFile,
            "By whom, how and with what tools test images were annotated.");

    public static Answer Classes(StudyFacts facts) => facts.IsPhantom
        ? new("None: the program knows what it drew.", DrawingFolder)
        : new(
            $"An image has one of the classes that the data set gives{InBrackets(facts.Classes)}; no cut-off is applied here.",
            StudyFile,
            "What makes an image one of either class, and whether that was fixed beforehand.");

    public static Answer Devices(StudyFacts facts) => new(
        $"The networks were made with {facts.Versions}, for research on methods.",
        StudyFile,
        facts.IsPhantom ? null : "Scanners, with manufacturer and model.");

    public static Answer? Raters(StudyFacts facts) => facts switch
    {
        { IsPhantom: true } => new("There are no readers: the program knows what it drew.", DrawingFolder),
        { Audit: { } audit } => new(
            $"{Numbers.Counted(audit.PairsAcrossLabels, "pair")} of images of one slice under two labels.",
            StudyLayout.AuditName,
            "How far readers agreed, and how disagreements were settled."),
        _ => null,
    };

    public static Answer? Size(StudyFacts facts) => facts.Counts is { } counts
        ? new(
            $"{counts} The program computes no sample size beforehand"
                + (facts.Intervals is null ? "." : "; the widths of the intervals show what it suffices for."),
            facts.RowsFile,
            "How the size was determined, or why it could not be.")
        : null;

    public static Answer Partitions(StudyFacts facts)
    {
        var sizes = facts.Folds.Select(fold => Numbers.Whole(facts.Rows.Count(row => row.Fold == fold)));
        var byFold = facts.Folds.Count == 0 ? null : $"Test images by fold: {string.Join(", ", sizes)}.";
        return new(
            Lists.Sentences($"By {facts.DesignInWords}.", byFold, "No part is kept for choosing: nothing was chosen in this study."),
            facts.RowsFile);
    }

    public static Answer Disjoint(StudyFacts facts) => new(
        $"Training and test part are disjoint by {DesignWords.DisjointBy(facts.Design)}. {facts.SharedPatients}", facts.RowsFile);

    public static Answer Model(StudyFacts facts) => new(
        $"{string.Join("; ", facts.Study.Networks.Select(network => Architecture(facts, network)))}. Output: a probability for each class. "
            + "The layers are those of the published networks, as CovidCt.Models builds them.",
        StudyFile);

    public static Answer Software(StudyFacts facts) => new($"{facts.Versions}; {facts.Device}.", StudyFile);

    public static Answer? Initialization(StudyFacts facts)
    {
        var origins = facts.Study.Networks.Select(network => (Name: facts.DisplayName(network), Origin: facts.OriginOf(network)))
            .Where(entry => entry.Origin is not null).ToList();
        return origins.Count == 0 ? null : new(
            $"{string.Join("; ", origins.Select(entry => $"{entry.Name}: {entry.Origin!.Text}"))}. New heads are drawn from the seed.",
            $"{EveryRun}{RunLayout.ConfigurationName}",
            origins.TrueForAll(entry => entry.Origin!.IsKnown)
                ? null
                : "Where the files of weights come from that are none of the published ones.");
    }

    public static Answer HowTrained(StudyFacts facts) => new(
        $"{facts.Recipe}. {facts.Schedule} Augmentation: {facts.Augmentation}. "
            + SeedWords.Trainings(facts.Study),
        StudyFile);

    public static Answer Selection(StudyFacts facts) => new(
        StudyWords.Chosen(facts.Study),
        StudyFile,
        "Whether other recipes were tried on this data before, and which.");

    public static Answer Metrics(StudyFacts facts) => new(
        "Accuracy, precision, sensitivity, specificity, F1 and the area under the ROC curve, at a threshold of 0.5 fixed beforehand; "
            + "Brier score and expected calibration error; likelihood ratios, and predictive values at prevalences from 1 to 50 %.",
        Answer.Program,
        "Why these are the right ones for the intended use.");

    public static Answer? Uncertainty(StudyFacts facts) => facts.Figures is null ? null
        : new($"Standard deviation between folds; {Lists.Sentences(facts.IntervalsMeaning, facts.Distinguishable, facts.OverSeeds)}",
            facts.ResultsFile);

    public static Answer? Estimates(StudyFacts facts) => facts.Figures is { } figures
        ? new(
            Lists.Sentences(
                figures,
                facts.Intervals is { } intervals ? $"95 % intervals: {intervals} {facts.IntervalsMeaning}" : null,
                facts.PatientFigures,
                facts.Predictive),
            facts.ResultsFile)
        : null;

    public static Answer? AllPartitions(StudyFacts facts)
    {
        var training = facts.TrainingAccuracy is { } accuracy
            ? $"Accuracy on augmented training images in the last epoch: {accuracy}"
            : null;
        return facts.Figures is { } figures
            ? new(Lists.Sentences($"Test parts: {figures}", training), $"{facts.ResultsFile}, {StudyLayout.HistoryName}")
            : null;
    }

    public static Answer Robustness(StudyFacts facts) => facts is { Controls: null, Audit: null }
        ? new(
            "The spread between folds is all that there is: "
                + $"neither {StudyLayout.ControlsName} nor {StudyLayout.AuditName} lies in the folder.",
            StudyFile,
            "Whatever else was done to see how robust the figures are.")
        : new(
            $"{facts.ControlsInWords ?? ControlWords.None} {facts.AuditInWords ?? DataWords.NotAudited}",
            (facts.Controls, facts.Audit) switch
            {
                (null, _) => StudyLayout.AuditName,
                (_, null) => StudyLayout.ControlsName,
                _ => $"{StudyLayout.ControlsName}, {StudyLayout.AuditName}",
            });

    public static Answer MapsShown(StudyFacts facts) => facts.MapsInWords is { } maps
        ? new(
            maps,
            MapFiles,
            facts.MapAudits.Any(audit => audit.Findings is not null)
                ? null
                : "Whether the maps lie on what experts would mark: no findings are marked in this data set.")
        : new("No maps were made.", MapFiles);

    public static Answer InternalData(StudyFacts facts) => facts.IsExternal
        ? new("None: all of the data set of training was trained on.", StudyFile)
        : new($"By {facts.DesignInWords}.", StudyFile);

    public static Answer ExternalData(StudyFacts facts) => new(facts.NotTested, StudyFile);

    public static Answer? Flow(StudyFacts facts) => facts is { Counts: { } counts, Rejected: { } rejected }
        ? new(
            $"{rejected} {counts} The diagram is in the report, and in {StudyLayout.FiguresName}/.",
            facts.ResultsFile,
            facts.IsPhantom ? null : "How many people and images there were before this data set, and why some did not come into it.")
        : null;

    public static Answer? Characteristics(StudyFacts facts) => facts.Counts is not { } counts ? null
        : facts.IsPhantom ? new($"Drawings, of nobody. {counts}", DrawingFolder)
        : new(
            Lists.Sentences(
                counts, $"{StudyLayout.ModelCardName} has the classes of each fold.", facts.Completeness ?? DataWords.GroupsUnknown),
            facts.Study.Columns is null ? facts.RowsFile : $"{facts.RowsFile}, {StudyLayout.ColumnsName}",
            facts.Study.Columns is null
                ? "Age, sex, severity, time since onset, other diseases and scanners, by part."
                : "Whatever the columns of the data set leave out of age, sex, severity, time since onset, other diseases and scanners.");

    /// <summary>How severe the disease was, as far as a column says it.</summary>
    public static Answer? Severity(StudyFacts facts) => facts switch
    {
        { IsPhantom: true } => new("The drawings are of nobody.", DrawingFolder),
        _ when facts.Groups.FirstOrDefault(column => column is { Column: "severity", Groups.Count: > 0 }) is { } severity => new(
            $"Test images by severity: {GroupWords.Sizes(severity)}. Their figures are in the report.",
            StudyLayout.ColumnsName,
            "How severity was graded, and of those of whom it is unknown."),
        _ => null,
    };

    /// <summary>What was done for fairness.</summary>
    public static Answer Fairness(StudyFacts facts) => facts.HasGroups
        ? new(
            $"Nothing was done in training or in choosing a threshold. {facts.Subgroups}",
            StudyLayout.ColumnsName,
            "Whether these are the groups that matter, and what is fair between them.")
        : new($"Nothing was done. {facts.Subgroups}", Answer.Program, facts.IsPhantom ? null : "Whether and how fairness was looked at.");

    public static Answer? Failures(StudyFacts facts) => facts.Errors is { } errors
        ? new(
            $"{errors} The report lists the misclassified images{(facts.MapsInWords is null ? "" : ", some with maps")}.",
            facts.ResultsFile,
            "What a reader of CT sees in them.")
        : null;

    public static Answer? CrossTabulation(StudyFacts facts) => facts.Errors is { } errors ? new(errors, facts.ResultsFile) : null;

    public static Answer? ErrorAnalysis(StudyFacts facts) => facts.Errors is null ? null
        : new(
            $"The report lists the misclassified images. {facts.Subgroups}",
            facts.ResultsFile,
            facts.IsPhantom ? null
                : facts.HasGroups ? "Whether these are the groups that matter, and what else was done about bias and fairness."
                : "Whether and how bias and fairness between groups of people were looked at.");

    public static Answer? Prevalence(StudyFacts facts) => facts.Counts is not { } counts ? null
        : new(
            Lists.Sentences(counts, "The shares are those of the data set.", facts.Predictive),
            facts.RowsFile,
            facts.IsPhantom ? null : "What the share of the disease is where the networks would be used.");

    public static Answer Harm(StudyFacts facts) => new(
        "None by the networks: they read images that were there already.",
        Answer.Program,
        facts.IsPhantom ? null : "Harm by what the reference standard took.");

    public static Answer Limitations(StudyFacts facts) => new(
        Lists.Sentences(facts.SharedPatients, facts.NotTested, facts.Subgroups, facts.AuditInWords),
        facts.Audit is null ? facts.RowsFile : $"{facts.RowsFile}, {StudyLayout.AuditName}",
        "What these mean for the conclusions, and limitations that no file shows.");

    public static Answer NoPractice(StudyFacts facts) => new(
        $"None for practice. {StudyFacts.NotADevice}",
        Answer.Program,
        "What follows from the study, for whom, and what would have to be shown first.");

    public static Answer Protocol(StudyFacts facts) => new(
        $"The settings: {facts.Recipe}; {facts.DesignInWords}.",
        StudyFile,
        "Where the protocol can be read, and whether it was written beforehand.");

    public static Answer Imbalance(StudyFacts facts) => new(
        Lists.Sentences(
            facts.Counts,
            "Folds are drawn within classes; images are neither weighted nor drawn more often, "
                + "and the probabilities behind the figures are not recalibrated.",
            facts.Figures is null ? null : ProbabilityWords.Shipped(facts.Study)),
        facts.RowsFile);

    public static Answer Output(StudyFacts facts) => new(
        $"A probability of the positive class{InBrackets(facts.Results is { } results ? [results.Positive] : [])} for one image, "
            + $"in [0, 1]; "
            + "from 0.5 on it is called positive. The threshold is fixed beforehand, and not chosen for a use.",
        Answer.Program);

    public static Answer Code(StudyFacts facts) =>
        new($"Made with {facts.Versions}.", StudyFile, "Where the code can be had, with what was changed in it.");

    public static Answer Differences(StudyFacts facts) => facts switch
    {
        { IsExternal: true } => new(
            $"Training and test images are of two data sets: {facts.Study.Dataset}.",
            StudyFile,
            "In what the two differ: places, people, scanners, how labels were made."),
        { GroupBy: CrossValidationReport.ByEachSource or CrossValidationReport.BySource } => new(
            "Each source is tested by networks that were trained on the others.",
            facts.RowsFile,
            "In what the sources differ: places, people, scanners, how labels were made."),
        _ => new("None by design: training and test images are of one data set.", StudyFile),
    };

    public static Answer Centres(StudyFacts facts) => facts.GroupBy switch
    {
        CrossValidationReport.ByEachSource =>
            new("Sources are kept together, and each is left out of training in turn.", facts.RowsFile),
        CrossValidationReport.BySource => new(
            "Sources are kept together, each in one fold.", facts.RowsFile, "Which centres and countries the sources are of."),
        _ => new(
            $"Centres are not told apart. {facts.SharedPatients}",
            facts.RowsFile,
            facts.IsPhantom ? null : "Which centres and countries the images are from."),
    };

    public static Answer Availability(StudyFacts facts) => new(
        $"Made with {facts.Versions}. Every trained network is a file in its run’s folder."
            + (facts.IsPhantom ? " The same seed draws the same data." : ""),
        NetworkFiles,
        facts.IsPhantom ? "Where software and networks can be had." : "Where software, networks and data can be had, and on what terms.");

    public static Answer Kept(StudyFacts facts) => new(
        $"{StudyLayout.PredictionsName} has every answer with its network and fold; the networks that gave them are kept.", NetworkFiles);

    public static Answer Specification(StudyFacts facts) => facts.Study.Runs.Any(run => run.IsFinished)
        ? new(
            "Every trained network is a file that can be loaded and asked, and says what it expects.",
            NetworkFiles,
            "Where others can get these files.")
        : new("No network is trained yet; each will be a file that can be loaded and asked.", "runs/", "Where others can get these files.");

    public static Answer? Developed(StudyFacts facts) => facts.Counts is { } counts
        ? new(
            $"{counts} {Numbers.Counted(facts.Study.Runs.Count(run => run.IsFinished), "training")} of "
                + $"{Numbers.Whole(facts.Study.Runs.Count)} finished, each on all images but those of its test part.",
            facts.RowsFile)
        : null;

    public static Answer? Clusters(StudyFacts facts) => facts.Figures is null ? null
        : facts.GroupBy == CrossValidationReport.ByEachSource
        ? new($"Each source is left out in turn; {StudyLayout.ResultsName} has its figures.", facts.ResultsFile)
        : new("Between folds alone: the standard deviations. Hospitals and scanners are not told apart.", facts.ResultsFile);

    public static Answer? Performance(StudyFacts facts) => Estimates(facts) is not { } estimates ? null : estimates with
    {
        Text = $"{estimates.Text} {(facts.Calibration is { } calibration ? $"Calibration: {calibration} " : "")}{facts.Subgroups}",
        Rest = facts.IsPhantom ? null
            : facts.HasGroups ? "Figures of groups that no column names."
            : "Figures of groups of people, where they are known.",
    };

    public static Answer? Interpretation(StudyFacts facts) => facts.Figures is null ? null
        : new(
            Lists.Sentences(facts.Distinguishable, facts.SharedPatients, facts.ControlsInWords),
            facts.ResultsFile,
            "What it means, for fairness between groups too, and beside earlier studies.");

    private static string Architecture(StudyFacts facts, string network) => facts.SpecOf(network) is { } spec
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{spec.DisplayName}: input {facts.InputOf(network)}, {spec.Layers} layers, "
                + $"{spec.Parameters / 1e6:0.00} million parameters at 1,000 classes, {spec.FeatureWidth} features")
        : network;

    private static string InBrackets(IReadOnlyList<string> names) => names.Count == 0 ? "" : $" ({string.Join(", ", names)})";

    private static string Taken(StudyFacts facts) => facts.Study.Options.MaxImages is { } most
        ? FormattableString.Invariant($"up to {most}, with the classes’ shares kept, was taken")
        : "was taken";
}
