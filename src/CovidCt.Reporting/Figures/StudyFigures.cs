using CovidCt.Evaluation;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Figures;

/// <summary>Draws the figures of a study, in the manner of the paper. Safe for many threads.</summary>
public sealed class StudyFigures
{
    private readonly Dictionary<string, string> _displayNames;

    /// <summary>Figures that call networks by their display names.</summary>
    /// <param name="networks">The networks that are known; null takes <see cref="BackboneSpec.All"/>.</param>
    /// <exception cref="DllNotFoundException">The application has no native part of SkiaSharp; the message names the package.</exception>
    public StudyFigures(IReadOnlyList<BackboneSpec>? networks = null)
    {
        SkiaNativePart.Require();
        _displayNames = (networks ?? BackboneSpec.All).ToDictionary(spec => spec.Name, spec => spec.DisplayName);
    }

    /// <summary>
    /// The flow of the images, the confusion matrices (the paper's figures 9 and 10), ROC curves, learning curves, embeddings (11, 12) and
    /// maps (13 to 16) of a study, and what audits found of the maps. Nothing is drawn before a figure is asked for its PNG or SVG.
    /// </summary>
    /// <param name="study">What lies in the study's folder.</param>
    internal IReadOnlyList<FigureGroup> Of(StudyReport study)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (study.Given is { } given)
        {
            return
            [
                Flow(study), Confusion(study), Roc(study), Reliability(study),
                new("training", "Training", "", [], [], GivenWords.Of(given).NoMaps),
            ];
        }

        return
        [
            Flow(study), Confusion(study), Roc(study), Reliability(study), Learning(study), Embeddings(study), Maps(study),
            MapAudits(study),
        ];
    }

    /// <summary>Writes every sheet as PNG and as SVG.</summary>
    /// <param name="study">What lies in the study's folder.</param>
    /// <param name="folder">Where to; it is made when missing.</param>
    /// <returns>The names of the files.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public IReadOnlyList<string> Save(StudyReport study, string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        List<string> names = [];
        foreach (var sheet in Of(study).SelectMany(group => group.Sheets))
        {
            foreach (var extension in (string[])[".png", ".svg"])
            {
                sheet.Save(Path.Combine(folder, sheet.Name + extension));
                names.Add(sheet.Name + extension);
            }
        }

        return names;
    }

    /// <summary>Draws the confusion matrix of one network, as the paper's figures 9 and 10 have it.</summary>
    /// <param name="path">The file: PNG of 1280×1120 pixels, or SVG where it ends in <c>.svg</c>; whole or not there.</param>
    /// <param name="network">The network's results.</param>
    /// <param name="report">The study they are of, for its data set, folds and classes.</param>
    /// <exception cref="ArgumentException">The study is not of two classes, the positive one among them.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void SaveConfusion(string path, NetworkResult network, CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(network);
        ConfusionMatrixFigure.Save(path, network, report, DisplayName(network.Name));
    }

    internal string DisplayName(string network) => _displayNames.GetValueOrDefault(network, network);

    private static bool IsOneTest(StudyReport study) =>
        study.Results is { } results && DesignWords.IsOneTest(results);

    private static string Unfinished(StudyReport study, string what) =>
        study.Results is null ? $"There are no {what} yet, since no run is finished." : $"No finished run has what {what} are drawn from.";

    private static FigureGroup Flow(StudyReport study)
    {
        const string title = "Flow of the images";
        var caption = study.Given is { } given
            ? GivenWords.Of(given).Flow
            : "The way of the images from files to training and test part.";
        return FlowFigure.Draw(study) is { } figure
            ? new(FlowFigure.Name, title, caption, [], [figure], null)
            : new(FlowFigure.Name, title, caption, [], [], "There is no flow diagram yet, since no image is known.");
    }

    private FigureGroup Confusion(StudyReport study)
    {
        const string name = "confusion-matrices", title = "Confusion matrices";
        if (study.Results is not { Networks.Count: > 0 } results || results.Classes.Count != 2)
        {
            return new(name, title, "", [], [], Unfinished(study, "confusion matrices"));
        }

        var panels = results.Networks.Select(network => ConfusionMatrixFigure.Panel(network, results, DisplayName(network.Name))).ToList();
        var caption = $"Test images by actual and predicted class{DesignWords.Summed(DesignWords.Of(results))}; "
            + "per cent of each actual class. "
            + $"{results.Positive} is called at a probability of 0.5 or more.";
        return new(name, title, caption, panels, [Sheet(study, name, title, caption, panels)], null);
    }

    private FigureGroup Roc(StudyReport study)
    {
        const string name = "roc-curves", title = "ROC curves";
        var caption = IsOneTest(study)
            ? "The curve of the test images, and the area under it (AUC)."
            : "Mean over the folds (vertical averaging, Fawcett 2006) with a band of one sample standard deviation, the folds' own curves, "
                + "and the area under the curve (AUC), mean ± standard deviation over the folds.";
        var panels = (study.Results?.Networks ?? [])
            .Select(network => RocFigure.Draw(
                network,
                study.RunsOf(network.Name).Select(run => run.Predictions),
                study.Results!.Positive,
                DisplayName(network.Name)))
            .OfType<Figure>().ToList();
        return panels.Count == 0
            ? new(name, title, caption, [], [], Unfinished(study, "ROC curves"))
            : new(name, title, caption, panels, [Sheet(study, name, title, caption, panels)], null);
    }

    private FigureGroup Reliability(StudyReport study)
    {
        const string name = "reliability", title = "Reliability and decisions";
        var isOneTest = IsOneTest(study);
        var kept = study.Statistics is { } statistics ? $" that keep {ResultWords.KeptTogether(statistics.Drawn)}" : "";
        var folds = isOneTest ? "" : "; images of all folds are taken together, whose networks may err in opposite directions";
        var caption = "Above: of the images with about one stated probability, the share that is positive. Below: what acting "
            + "from a threshold on is worth, in true positives an image, beside acting on all and on none (Vickers and Elkin 2006). "
            + $"With 95 % intervals{kept}{folds}.";
        var panels = (study.Statistics?.Networks ?? [])
            .Select(network => ReliabilityFigure.Draw(network, DisplayName(network.Network), isOneTest)).ToList();
        return panels.Count == 0
            ? new(name, title, caption, [], [], Unfinished(study, "reliability diagrams"))
            : new(name, title, caption, panels, [Sheet(study, name, title, caption, panels)], null);
    }

    private FigureGroup Learning(StudyReport study)
    {
        const string name = "learning-curves", title = "Learning curves";
        var over = IsOneTest(study) ? "" : ": mean and range over the folds";
        var caption = $"Loss and accuracy on the augmented training images by epoch{over}. Nothing here is measured on test images.";
        var panels = (study.Results?.Networks ?? [])
            .Select(network => LearningCurvesFigure.Draw(
                network.Name,
                DisplayName(network.Name),
                [.. study.RunsOf(network.Name).Select(run => run.History)]))
            .OfType<Figure>().ToList();
        return panels.Count == 0
            ? new(name, title, caption, [], [], Unfinished(study, "learning curves"))
            : new(name, title, caption, panels, [Sheet(study, name, title, caption, panels)], null);
    }

    private FigureGroup Embeddings(StudyReport study)
    {
        const string name = "embeddings", title = "Embeddings of the features";
        const string caption = "The features that a network's last layer sees, laid out in the plane so that images that it finds alike "
            + "lie together: "
            + "class by colour and shape, training images hollow, test images full. Distances between far groups mean little.";
        var runs = (study.Results?.Networks ?? []).SelectMany(network => study.RunsOf(network.Name)).Where(run => run.Embedding is not null)
            .ToList();
        var panels = runs
            .Select(run => EmbeddingFigure.Draw(
                run.Network,
                run.Fold,
                DisplayName(run.Network),
                run.Embedding!,
                study.Results!.Classes,
                study.Results.Positive))
            .ToList();
        return new(name, title, caption, panels, panels, panels.Count > 0 ? null : "No run has an embedding.");
    }

    private FigureGroup Maps(StudyReport study)
    {
        const string name = "maps", title = "Maps of what the networks looked at";
        const string caption = "Each image beside the same image under a map of what spoke for the class named. A map shows where, not "
            + "why, and is no proof that the network looked at disease.";
        var sheets = (study.Results?.Networks ?? [])
            .Select(network => (
                network.Name,
                Images: study.RunsOf(network.Name).SelectMany(run => run.Maps)
                    .OrderByDescending(image => image.Sureness).ToList()))
            .Where(entry => entry.Images.Count > 0)
            .Select(entry => MapSheet.Draw(entry.Name, DisplayName(entry.Name), entry.Images, study.Results!.Positive)).ToList();
        return new(name, title, caption, [], sheets, sheets.Count > 0 ? null : "No run has maps.");
    }

    private FigureGroup MapAudits(StudyReport study)
    {
        const string name = "map-audits", title = "Deletion, insertion and ROAD";
        const string caption = "The mean probability of the explained class while the pixels that a map marks are removed first "
            + "(deletion, ROAD), or put back first (insertion). "
            + "Of a map that marks what the network needs, deletion falls early, insertion rises early, and ROAD’s two curves "
            + "lie far apart.";
        var panels = (study.Results?.Networks ?? []).SelectMany(network => study.RunsOf(network.Name))
            .Where(run => run.MapAudit is not null)
            .Select(run => MapAuditFigure.Draw(run.Network, run.Fold, DisplayName(run.Network), run.MapAudit!)).ToList();
        return panels.Count == 0
            ? new(name, title, caption, [], [], "No run’s maps are audited.")
            : new(name, title, caption, panels, [Sheet(study, name, title, caption, panels)], null);
    }

    private static Figure Sheet(StudyReport study, string name, string title, string caption, IReadOnlyList<Figure> panels) =>
        FigureSheet.Compose(name, $"{title}: {study.Dataset}", caption, panels);
}
