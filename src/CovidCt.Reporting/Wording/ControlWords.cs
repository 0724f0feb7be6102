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

    private const string BackgroundTells =
        "What surrounds the lungs tells the classes apart by itself: some of every figure here need not be of the disease.";

    private static readonly string[] Nothing = [];

    /// <summary>What a classifier was given in a control.</summary>
    public static string Name(ControlKind kind) => kind switch
    {
        ControlKind.RandomLabels => "random labels",
        ControlKind.BackgroundOnly => "images without lungs",
        _ => "the data",
    };

    /// <summary>Both controls, for a bracket.</summary>
    public static string Both { get; } = $"{Name(ControlKind.RandomLabels)}, {Name(ControlKind.BackgroundOnly)}";

    public static string Name(ControlClassifier classifier) => classifier == ControlClassifier.Head ? "linear head" : "five nearest images";

    /// <summary>Whether a control landed where it should, in a cell.</summary>
    public static string Verdict(bool? isClean) => isClean switch { true => "yes", false => "no", null => Numbers.Unknown };

    /// <summary>What controls say of the study's figures.</summary>
    /// <param name="results">Controls on features.</param>
    /// <param name="shortcut">What formats of files alone tell; null where the data were not audited.</param>
    public static string Outcome(IReadOnlyList<ControlResult> results, ShortcutProbeResult? shortcut)
    {
        List<ControlResult> bad = [.. results.Where(result => result.IsClean == false)];
        List<string> failures =
        [
            .. bad.Exists(IsRandomBy(GroupBy.Image)) ? [PatientsRecognised] : Nothing,
            .. bad.Exists(IsRandomBy(GroupBy.Patient)) ? [StrangersAlike] : Nothing,
            .. bad.Exists(result => result.Kind == ControlKind.BackgroundOnly) ? [BackgroundTells] : Nothing,
            .. shortcut is not null && !IsAtChance(shortcut) ? [FilesTell(shortcut.All.Accuracy)] : Nothing,
        ];
        return failures.Count > 0 ? Lists.Sentences(failures)
            : shortcut is null ? "Every control on features landed at chance; what file formats alone tell was not asked, since the data "
                + "were not audited."
            : "Every control landed at chance: nothing here says that the figures come from anything but the lungs.";
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

        List<ControlResult> all = [.. controls.Networks.SelectMany(network => network.Results).Where(result => result.IsClean is not null)];
        var failed = all.Count(result => result.IsClean == false);
        return (all.Count, failed) switch
        {
            (0, _) => "Controls were run, and none has an interval.",
            (_, 0) => $"All {Numbers.Whole(all.Count)} controls ({Both}) are no better than chance, as they should be.",
            _ => $"{Numbers.Whole(failed)} of {Numbers.Whole(all.Count)} controls ({Both}) are better than chance, which they "
                + "should not be: "
                + "something else than the disease tells the classes apart.",
        };
    }

    private static Predicate<ControlResult> IsRandomBy(GroupBy folds) =>
        result => (result.Kind, result.Folds) == (ControlKind.RandomLabels, folds);

    private static string FilesTell(double accuracy) =>
        "The files betray the classes: container, size, compression and gray levels alone, without anatomy, "
        + $"give an accuracy of {Numbers.Percent(accuracy)} %. A network may use the same.";
}
