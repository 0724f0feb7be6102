using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>What controls and the classifiers of controls are called.</summary>
internal static class ControlWords
{
    public const string None = "No controls were run.";

    private const string PatientsRecognised =
        "With folds by image, labels that mean nothing are predicted better than by chance: "
        + "the patient is recognised, and every figure from such folds is too good.";

    private const string StrangersAlike =
        "Even with folds by patient, labels that mean nothing are predicted better than by chance: "
        + "images of different patients are alike in a way that should be found before any figure is believed.";

    private const string SourcesRecognised =
        "With folds by patient, labels that mean nothing, one for each source, are predicted better than by chance: "
        + "the source, such as a publication, is recognised, and every figure from such folds is too good.";

    private const string SourcesShow = "The source is recognised in images without lungs, too.";

    private const string SourcesAlike =
        "Even with folds by source, labels that mean nothing are predicted better than by chance: "
        + "images of different sources are alike in a way that should be found before any figure is believed.";

    private const string BackgroundTells =
        "What surrounds the lungs tells the classes apart by itself: some of every figure here need not be of the disease.";

    private const string ShapeTells =
        "The shape of an image on the canvas, without a pixel of its own, tells the classes apart: that much of what the surroundings "
        + "tell is geometry.";

    private static readonly string[] Nothing = [];

    /// <summary>What a classifier was given in a control.</summary>
    public static string Name(ControlKind kind) => kind switch
    {
        ControlKind.RandomLabels => "random labels",
        ControlKind.BackgroundOnly => "images without lungs",
        ControlKind.Geometry => "shape of the image alone",
        ControlKind.SourceLabels => "random labels by source",
        _ => "the data",
    };

    /// <summary>The same with what random labels were dealt by, and to which images.</summary>
    public static string Name(ControlReport.Result result)
    {
        var dealt = result.DealtBy is { } by ? $" by {DesignWords.Unit(by)}" : "";
        var within = result.Within is { } name ? $" within {name}" : "";
        return $"{Name(result.Kind)}{dealt}{within}{(result.WithoutLungs ? ", without lungs" : "")}";
    }

    /// <summary>What the controls of a study were made of.</summary>
    public static string Caption(ControlReport controls)
    {
        var drawn = controls.FoldDraws == 1 ? "" : $", means over {Numbers.Whole(controls.FoldDraws)} drawings of the folds";
        return "Controls on features fitted to no label: area under the ROC curve in per cent, where chance is 50; random labels drawn "
            + $"{Numbers.Whole(controls.Draws)} times{drawn}, their interval being of single draws. A control is no better than chance "
            + $"where its mean is not above it, one-sided at {Numbers.Percent(ControlReport.Verdict.Level)} % for all controls together "
            + "(Holm); a leak that reaches the area in the column “seen from” is found four times in five";
    }

    /// <summary>The controls on features, for a bracket.</summary>
    public static string All { get; } = string.Join(
        ", ", Enum.GetValues<ControlKind>().Where(kind => kind is not (ControlKind.Real or ControlKind.SourceLabels)).Select(Name));

    /// <summary>What the controls are that networks were trained anew for.</summary>
    public const string Retrained = "Controls with the networks trained anew by the same recipe: chance is an AUC of 50 %. A network is no "
        + "better than chance where its area is not above it, one-sided at 5 % for all networks and controls together (Holm)";

    public static string Name(ControlReport.Classifier classifier) =>
        classifier == ControlReport.Classifier.Head ? "linear head" : "five nearest images";

    /// <summary>Whether a control landed where it should, in a cell.</summary>
    public static string Verdict(bool? isClean) => isClean switch { true => "yes", false => "no", null => Numbers.Unknown };

    /// <summary>What controls say of the study's figures.</summary>
    /// <param name="verdicts">Controls on features.</param>
    /// <param name="shortcut">What formats of files alone tell; null where the data were not audited.</param>
    public static string Outcome(IReadOnlyList<ControlReport.Verdict> verdicts, ShortcutProbeResult? shortcut)
    {
        List<ControlReport.Result> bad = [.. verdicts.Where(verdict => verdict.IsClean == false).Select(verdict => verdict.Result)];
        List<string> failures =
        [
            .. bad.Exists(IsRandom(GroupBy.Image, bySource: false)) ? [PatientsRecognised] : Nothing,
            .. bad.Exists(IsRandom(GroupBy.Patient, bySource: false)) ? [StrangersAlike] : Nothing,
            .. bad.Exists(IsRandom(GroupBy.Patient, bySource: true)) ? [SourcesRecognised] : Nothing,
            .. bad.Exists(result => result.WithoutLungs && result.Folds == GroupBy.Patient) ? [SourcesShow] : Nothing,
            .. bad.Exists(IsRandom(GroupBy.Source, bySource: true)) ? [SourcesAlike] : Nothing,
            .. bad.Exists(result => result.Kind == ControlKind.BackgroundOnly) ? [BackgroundTells] : Nothing,
            .. bad.Exists(result => result.Kind == ControlKind.Geometry) ? [ShapeTells] : Nothing,
            .. shortcut is not null && !IsAtChance(shortcut) ? [FilesTell(shortcut.All.Accuracy)] : Nothing,
        ];
        if (failures.Count > 0)
        {
            return Lists.Sentences(failures);
        }

        var landed = shortcut is null
            ? "Every control on features landed at chance; what file formats alone tell was not asked, since the data were not audited."
            : "Every control landed at chance.";
        return verdicts.Max(verdict => verdict.Detectable) is { } detectable
            ? $"{landed} Leaks that are too small to be seen remain possible: of every control, one that reaches an AUC of "
                + $"{Numbers.Percent(detectable)} would have been found four times in five."
            : landed;
    }

    /// <summary>
    /// What a study's baseline reaches, in its own folds where it was asked in them; null where the data were not audited.
    /// </summary>
    /// <param name="study">The study.</param>
    public static string? Baseline(StudyReport study) =>
        (study.Audit?.Baseline ?? study.Audit?.Shortcut) is { } probe ? Baseline(probe, study.Options.GroupBy) : null;

    /// <summary>The caption of what each kind of feature of the files tells.</summary>
    /// <param name="probe">The audit's probe.</param>
    /// <param name="dataset">The name of the data set, or of both.</param>
    internal static string Probe(ShortcutProbeResult probe, string dataset) =>
        "How well the classes can be told apart without any anatomy, in per cent: random forests, "
        + DesignWords.Brief(probe.GroupBy, probe.Folds, dataset);

    /// <summary>What a baseline that sees no anatomy reaches, to stand beside the figures of networks.</summary>
    /// <param name="probe">The audit's probe.</param>
    /// <param name="ownFolds">How the study draws its folds.</param>
    public static string Baseline(ShortcutProbeResult probe, GroupBy ownFolds)
    {
        var (part, folds) = probe.GroupBy != ownFolds ? ("", $" in folds by {DesignWords.Unit(probe.GroupBy)}")
            : DesignWords.IsOneTest(ownFolds.Name) ? (" of the same test part", "") : ("", " in the same folds");
        var area = probe.All.Auc is { } auc ? $", with an AUC of {Numbers.Percent(auc)} %" : "";
        return "A baseline that sees no anatomy, a random forest on container, size, compression and gray levels of the files alone, puts "
            + $"{Numbers.Estimate(probe.All.Accuracy, probe.All.AccuracyInterval)} % of the images{part} in the right class{folds}{area}.";
    }

    /// <summary>Whether formats of files alone tell the classes apart no better than by chance.</summary>
    public static bool IsAtChance(ShortcutProbeResult shortcut) => shortcut.All.BalancedInterval.Low <= shortcut.BalancedChance;

    /// <summary>What all controls came to; null of none.</summary>
    public static string? InWords(ControlReport? controls)
    {
        if (controls is null)
        {
            return null;
        }

        List<ControlReport.Verdict> all = [.. controls.Verdicts.Where(verdict => verdict.IsClean is not null)];
        var failed = all.Count(verdict => verdict.IsClean == false);
        return (all.Count, failed) switch
        {
            (0, _) => "Controls were run, and of none is known how exactly its area is told.",
            (_, 0) => $"All {Numbers.Whole(all.Count)} controls ({All}) are no better than chance, as they should be.",
            _ => $"{Numbers.Whole(failed)} of {Numbers.Whole(all.Count)} controls ({All}) are better than chance, corrected for their "
                + "number, which they should not be: something else than the disease tells the classes apart.",
        };
    }

    private static Predicate<ControlReport.Result> IsRandom(GroupBy folds, bool bySource) => result =>
        (result.Kind, result.Folds, result.DealtBy == GroupBy.Source) == (ControlKind.RandomLabels, folds, bySource);

    private static string FilesTell(double accuracy) =>
        "The files betray the classes: container, size, compression and gray levels alone, without anatomy, "
        + $"give an accuracy of {Numbers.Percent(accuracy)} %. A network may use the same.";
}
