using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Cards;

/// <summary>The parts of a model card that a study fills in, and predictions that are no study’s leave open.</summary>
internal static class GivenCard
{
    public static void Details(Markdown card, StudyFacts facts, GivenPredictions given) => card
        .Heading(2, "Model details")
        .Facts(
            ("Models", facts.Networks),
            ("Kind", GivenWords.Of(given).ModelKind),
            ("Files", GivenWords.Of(given).ModelFiles),
            ("Predictions", ForeignWords.Origin(given)),
            ("Names", ForeignWords.Renamed(given)),
            ("Judged with", given.JudgedWith))
        .Ask(
            "What the models are: their kind, input, size, what training began with, and their version.",
            "Who made these models and answers for them, and where questions go.",
            "The date under which they are given out, and their licence.");

    public static void IntendedUse(Markdown card, StudyFacts facts) => card
        .Heading(2, "Intended use")
        .Facts(("Task", facts.Task), ("Use", "unknown"))
        .Ask("What the models are meant for, and what not.", "Who is meant to use them, with which training.");

    public static void TrainingData(Markdown card, GivenWords words) => card
        .Heading(2, "Training data")
        .Paragraph(words.TrainingData)
        .Ask(
            "Which images the models were trained on, and what was chosen by results on which.",
            "Who collected the images, how images and people were chosen, and how the labels were established.");
}
