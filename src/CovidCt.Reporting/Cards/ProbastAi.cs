using CovidCt.Records;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Cards.Answers;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// PROBAST+AI: Moons et al., BMJ 2025, 388, e082505: 16 signalling questions on the development of networks and 18 on their evaluation, in
/// four domains each; a judgement of each domain and of each part; and of the first three domains, whether they fit the use in question.
/// </summary>
/// <remarks>
/// A domain's judgement is high where a question is answered by no or probably no, else unclear where one lacks information, else low: the
/// tool leaves weighing to people, and this takes every objection for one. A part is judged as its gravest domain.
/// </remarks>
internal static class ProbastAi
{
    private const string Above = "the answers above", People = "Whether people who know the data judge alike.";

    /// <summary>What predictions that were made elsewhere say; none of the others is asked of them.</summary>
    private static readonly Func<StudyFacts, PublicDataset?, Signal?>[] OfPredictions = [Signals.EvaluationSize, Signals.Performance];

    private static readonly Domain[] Shared =
    [
        new(
            "Participants and data sources",
            [
                new("Data sources", "were the sources of the data appropriate", Signals.Sources),
                new("Study design", "was the design of the study appropriate", Signals.Design),
                new(
                    "Representativeness",
                    "did taking in and leaving out people make data that stand for those in question",
                    Signals.Representative),
            ]),
        new(
            "Predictors",
            [
                new("Same assessment", "were images made in a similar way for all people", Signals.SamePredictors),
                new("Same preparation", "were they prepared in a similar way for all", Signals.SamePreparation),
                new("Blinding", "were they made and chosen without knowing the label", Signals.Blind),
                new("Availability", "is the input at hand when the network is meant to be used", Signals.Available),
            ]),
        new(
            "Outcome",
            [
                new("Definition", "were labels defined and given appropriately", Signals.Outcome),
                new("Same definition", "were they defined and given in a similar way for all people", Signals.SameOutcome),
                new("Blinding", "were they given without using or knowing the image", Signals.OutcomeBlind),
                new("Interval", "was the time between image and diagnosis appropriate", Signals.Interval),
            ]),
    ];

    private static readonly Part Development = new(
        "D",
        "Development",
        "Concern about quality",
        PublicDataset.TrainedOn,
        [
            .. Shared,
            new(
                "Analysis",
                [
                    new("Sample size", "is there evidence that there were enough people", Signals.DevelopmentSize),
                    new("Predictors", "were values on scales and in categories handled appropriately", Signals.GrayLevels),
                    new("Missing data", "were people with missing data handled appropriately", Signals.Missing),
                    new("Imbalance", "if classes were balanced, were probabilities recalibrated", Signals.Balanced),
                    new("Overfitting", "was something done about overfitting", Signals.Overfitting),
                ]),
        ]);

    private static readonly Part Evaluation = new(
        "E",
        "Evaluation",
        "Risk of bias",
        PublicDataset.TestedOn,
        [
            .. Shared,
            new(
                "Analysis",
                [
                    new(
                        "Apparent performance",
                        "were networks tested on more than the images that they were trained on",
                        Signals.BeyondApparent),
                    new("Sample size", "is there evidence that there were enough people", Signals.EvaluationSize),
                    new("Missing data", "were people with missing data handled appropriately", Signals.Missing),
                    new("Imbalance", "if classes were balanced for training, were they left alone for testing", Signals.Balanced),
                    new(
                        "Leakage",
                        "if data were split, is there evidence that nothing leaked from one part into the other",
                        Signals.Leakage),
                    new("Resampling", "if data were resampled, was every step of development repeated each time", Signals.Repeated),
                    new(
                        "Measures",
                        "was performance evaluated appropriately: discrimination, calibration, net benefit",
                        Signals.Performance),
                ]),
        ]);

    public static Checklist Checklist { get; } = new(
        "PROBAST+AI",
        "Moons et al., “PROBAST+AI: an updated quality, risk of bias, and applicability assessment tool for prediction models using "
            + "regression or artificial intelligence methods”, BMJ 2025, 388, e082505.",
        "A tool for judging studies, answered here by the study itself: D are its questions on development, E those on evaluation. A "
            + "domain is judged high where a question of it is answered by no or probably no, else unclear where one lacks information; "
            + "a part is "
            + "judged as its gravest domain.",
        [.. Items(Development), .. Items(Evaluation)])
    {
        InAStudy = "The predictor is the image, the outcome its class.",
        KnowsGiven = true,
    };

    /// <summary>Both overall judgements in a sentence; null as long as there are none.</summary>
    public static string? InWords(StudyFacts facts) =>
        (Phrase(Development, facts), Phrase(Evaluation, facts)) is ({ } development, { } evaluation)
            ? $"By the signalling questions of PROBAST+AI, as {StudyLayout.ChecklistsName} answers them: development: {development}; "
                + $"evaluation: {evaluation}."
            : null;

    private static IEnumerable<ChecklistItem> Items(Part part)
    {
        foreach (var (place, domain) in part.Domains.Index())
        {
            var number = $"{part.Letter}{place + 1}";
            foreach (var (i, question) in domain.Questions.Index())
            {
                yield return new(
                    $"{number}.{i + 1}",
                    question.Topic,
                    $"{part.Name}: {question.Wording}?",
                    facts => Ask(part, question, facts)?.ToAnswer());
            }

            var judged = part.Judged.ToLowerInvariant();
            yield return new(
                number,
                domain.Topic,
                $"{part.Name}, {domain.Topic.ToLowerInvariant()}: {judged}",
                facts => Judge(part, domain, number, facts));
            if (Shared.Contains(domain))
            {
                yield return new(
                    $"{number}, use",
                    "Applicability",
                    $"{part.Name}, {domain.Topic.ToLowerInvariant()}: whether they fit the use in question",
                    OfDrawings("The drawings are meant for no use."));
            }
        }

        yield return new(
            part.Letter, "Overall", $"{part.Name}, all domains: {part.Judged.ToLowerInvariant()}", facts => Overall(part, facts));
    }

    private static Answer? Judge(Part part, Domain domain, string number, StudyFacts facts)
    {
        var signals = Ask(part, domain, facts);
        var bad = signals.Index().Where(asked => asked.Item?.IsBad == true).Select(asked => $"{number}.{asked.Index + 1}");
        return Judge(signals) switch
        {
            null => null,
            Judgement.High => new($"{part.Judged}: high, by {Lists.Listed(bad)}.", Above, People),
            Judgement.NotApplicable => new("Not applicable.", Above),
            var judgement => new($"{part.Judged}: {Word(judgement.Value)}.", Above, People),
        };
    }

    private static Answer? Overall(Part part, StudyFacts facts) => Phrase(part, facts) is { } phrase
        ? new($"{Lists.Capital(phrase)}.", Above, People)
        : null;

    private static string? Phrase(Part part, StudyFacts facts)
    {
        var judged = part.Domains.Select(domain => (domain.Topic, Judgement: Judge(Ask(part, domain, facts)))).ToList();
        var gravest = judged.Exists(domain => domain.Judgement == Judgement.High) ? Judgement.High
            : judged.Exists(domain => domain.Judgement is null) ? (Judgement?)null
            : judged.Max(domain => domain.Judgement);
        var which = judged.Where(domain => domain.Judgement == Judgement.High).Select(domain => domain.Topic.ToLowerInvariant());
        return gravest switch
        {
            null => null,
            Judgement.High => $"{part.Judged.ToLowerInvariant()} high ({string.Join("; ", which)})",
            _ => $"{part.Judged.ToLowerInvariant()} {Word(gravest.Value)}",
        };
    }

    private static List<Signal?> Ask(Part part, Domain domain, StudyFacts facts) =>
        [.. domain.Questions.Select(question => Ask(part, question, facts))];

    private static Signal? Ask(Part part, Question question, StudyFacts facts) =>
        facts.Given is { } given && !OfPredictions.Contains(question.Ask)
        ? Signal.NoInformation(given.Silent, StudyLayout.EvaluationName, "People who know models and data may say.")
        : question.Ask(facts, part.Of(facts));

    private static Judgement? Judge(List<Signal?> signals) => signals switch
    {
        _ when signals.Exists(signal => signal?.IsBad == true) => Judgement.High,
        _ when signals.Contains(null) => null,
        _ when signals.Exists(signal => signal!.Verdict == SignalVerdict.NoInformation) => Judgement.Unclear,
        _ when signals.TrueForAll(signal => signal!.Verdict == SignalVerdict.NotApplicable) => Judgement.NotApplicable,
        _ => Judgement.Low,
    };

    private static string Word(Judgement judgement) => judgement switch
    {
        Judgement.High => "high",
        Judgement.Unclear => "unclear",
        Judgement.Low => "low",
        _ => "not applicable",
    };

    /// <summary>From the least grave to the gravest.</summary>
    private enum Judgement
    {
        NotApplicable,
        Low,
        Unclear,
        High,
    }

    private sealed record Question(string Topic, string Wording, Func<StudyFacts, PublicDataset?, Signal?> Ask);

    private sealed record Domain(string Topic, IReadOnlyList<Question> Questions);

    private sealed record Part(
        string Letter, string Name, string Judged, Func<StudyFacts, PublicDataset?> Of, IReadOnlyList<Domain> Domains);
}
