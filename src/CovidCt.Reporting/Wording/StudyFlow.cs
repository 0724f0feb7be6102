using CovidCt.Data;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>A step of the way of images through a study.</summary>
/// <param name="Title">What and how many.</param>
/// <param name="Lines">What else is to be said of them.</param>
internal sealed record FlowStep(string Title, IReadOnlyList<string> Lines);

/// <summary>The way of images through a study, from files to training and test part, as far as the folder knows it.</summary>
/// <param name="Found">The files; null as long as it isn't known how many were left out.</param>
/// <param name="LeftOut">Those that were left out, by reason; null where none is known to be.</param>
/// <param name="Images">The images, with patients and sources.</param>
/// <param name="Classes">The same by class.</param>
/// <param name="Parts">Training and test part; of folds, one for all.</param>
internal sealed record StudyFlow(
    FlowStep? Found, FlowStep? LeftOut, FlowStep Images, IReadOnlyList<FlowStep> Classes, IReadOnlyList<FlowStep> Parts)
{
    private const int MostReasons = 3;

    /// <summary>The flow of a study; null as long as no image is known.</summary>
    /// <param name="study">What lies in the study's folder.</param>
    public static StudyFlow? Of(StudyReport study)
    {
        if (study.Images.Count == 0)
        {
            return null;
        }

        var rejected = study.IsConcluded && study.Results is { } results ? results.Rejected : null;
        return new(
            rejected is null || !study.KnowsEveryImage ? null : Files(study, rejected.Count),
            rejected is { Count: > 0 } ? Reasons(rejected) : null,
            new(
                Counted(study.Images),
                [
                    .. study.KnowsEveryImage || study.Given is not null ? (string[])[] : ["in the parts tested so far"],
                    .. People(study.Images),
                ]),
            [.. NamesOf(study).Select(name => OfClass(study, name))],
            Parted(study));
    }

    /// <summary>All of it as sentences, for those who don't see it.</summary>
    public string InWords() => Lists.Sentences(
        new[] { Found, LeftOut, Images }.Concat(Classes).Concat(Parts).OfType<FlowStep>()
            .Select(step => $"{string.Join(", ", step.Lines.Prepend(step.Title))}."));

    private static FlowStep Files(StudyReport study, int rejected)
    {
        var files = Numbers.Counted(study.Images.Count + rejected, "file");
        return study.Options.MaxImages is { } most
            ? new($"{files} taken", [$"at most {Numbers.Whole(most)} were asked for"])
            : new($"{files} found", []);
    }

    private static FlowStep Reasons(IReadOnlyList<Rejection> rejected)
    {
        var reasons = rejected.CountBy(rejection => rejection.Reason, StringComparer.Ordinal)
            .OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal).ToList();
        var others = reasons.Skip(MostReasons).Sum(reason => reason.Value);
        return new(
            $"{Numbers.Whole(rejected.Count)} left out",
            [
                .. reasons.Take(MostReasons).Select(reason => $"{Numbers.Whole(reason.Value)}: {reason.Key.TrimEnd('.')}"),
                .. others == 0 ? [] : (string[])[$"{Numbers.Whole(others)} for other reasons"],
            ]);
    }

    private static FlowStep OfClass(StudyReport study, string name)
    {
        List<FoldRow> images = [.. study.Images.Where(image => image.Label == name)];
        return new($"{name}: {Counted(images)}", People(images));
    }

    private static IReadOnlyList<FlowStep> Parted(StudyReport study)
    {
        var design = DesignWords.Of(study.Results?.GroupBy ?? study.Options.GroupBy.Name, study.Dataset);
        if (!DesignWords.IsOneTest(design))
        {
            return [OfFolds(study, design)];
        }

        var names = design == DesignWords.OtherDataset ? study.Dataset.Split(CtDataset.TestedOnWords) : [];
        var parts = study.Images.ToLookup(image => image.Fold is not null);
        return
        [
            .. study.KnowsEveryImage ? (FlowStep[])[Part(study, "Training", names.FirstOrDefault(), [.. parts[false]])] : [],
            Part(study, "Test", names.LastOrDefault(), [.. parts[true]]),
        ];
    }

    private static FlowStep Part(StudyReport study, string name, string? dataset, IReadOnlyList<FoldRow> images) => new(
        $"{name}: {Counted(images)}",
        [
            .. dataset is null ? (string[])[] : [$"of {dataset}"],
            Lists.Listed(NamesOf(study).Select(of => $"{Numbers.Whole(images.Count(image => image.Label == of))} {of}")),
            .. People(images),
        ]);

    private static FlowStep OfFolds(StudyReport study, string design)
    {
        var folds = study.Images.Where(image => image.Fold is not null).GroupBy(image => image.Fold!.Value).Select(fold => fold.ToList())
            .ToList();
        var people = folds.TrueForAll(fold => fold.TrueForAll(image => image.Patient is not null))
            ? $", of {Span(folds.Select(DataWords.PatientsOf))} patients"
            : "";
        return new(
            Lists.Capital(DesignWords.Brief(design, Numbers.Counted(study.Folds, "fold"), study.Folds)),
            [
                study.Given is null ? "each image is tested once, by a network that was not trained on it" : "each image is in one fold",
                $"test part: {Span(folds.Select(fold => fold.Count))} images{people}",
                .. study.KnowsEveryImage
                    ? (string[])[$"training part: {Span(folds.Select(fold => study.Images.Count - fold.Count))} images"]
                    : [],
            ]);
    }

    private static IEnumerable<string> NamesOf(StudyReport study) => study.Results is { } results
        ? results.Classes.OrderByDescending(name => name == results.Positive)
        : study.Images.Select(image => image.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string Counted(IReadOnlyList<FoldRow> images) => Numbers.Counted(images.Count, "image");

    private static IReadOnlyList<string> People(IReadOnlyList<FoldRow> images) =>
    [
        Known(images, image => image.Patient, "patient") ?? "patients unknown",
        .. Known(images, image => image.Source, "source") is { } sources ? [sources] : Array.Empty<string>(),
    ];

    private static string? Known(IReadOnlyList<FoldRow> images, Func<FoldRow, string?> of, string noun)
    {
        List<string> known = [.. images.Select(of).OfType<string>()];
        var unknown = known.Count == images.Count ? "" : $", unknown of {Numbers.Counted(images.Count - known.Count, "image")}";
        return known.Count == 0 ? null : $"{Numbers.Counted(known.Distinct(StringComparer.Ordinal).Count(), noun)}{unknown}";
    }

    private static string Span(IEnumerable<int> numbers)
    {
        List<int> all = [.. numbers];
        return all.Min() == all.Max() ? Numbers.Whole(all.Min()) : $"{Numbers.Whole(all.Min())} to {Numbers.Whole(all.Max())}";
    }
}
