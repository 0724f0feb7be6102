using CovidCt.Evaluation;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>What is known of a trained network that was tested on a data set, and what is not, in words.</summary>
/// <param name="tested">What is known of the network.</param>
internal sealed class TestedWords(TestedModel tested) : GivenWords
{
    public const string Calibrated = "The same of calibrated probabilities, as the network’s own calibration makes them";

    public const string NotFitted = "On these images, which had no part in its calibration";

    public override string Kind => "Test of a trained network";

    public override string Title => "Test";

    public override string Heading => "What was tested";

    public override string MadeFrom => "the answers of a trained network";

    public override string FilledFrom => "a test of a trained network";

    public override string Silent => "A test alone doesn’t say it.";

    public override string Data => "The data set is";

    public override string Errors => "Misclassified and unlike images";

    public override string ModelKind => tested.Networks == 1
        ? "a single network"
        : $"{Numbers.Numeral(tested.Networks)} networks that answer as one";

    public override string? ModelFiles => tested.Files.Count == 0 ? null
        : $"{string.Join("; ", tested.Files.Select(file => $"{file.Name} (SHA-256 {file.Sha256})"))}.";

    public override string TrainingData => Unknown;

    public override string Unknown => Lists.Sentences(
        tested.TrainedOn is { } data
            ? $"The network was trained on {data}; the folder of that study says how."
            : "On which images the network was trained, its file doesn’t say.",
        tested.TrainedImages switch
        {
            null => "Whether it was trained on images that are judged here is unknown: where it was, the figures are too good.",
            0 => "None of the images has the path and the class of one that it was trained on; equal images under other names are not seen "
                + "by that.",
            var known => $"{Numbers.Share(known.Value, tested.Images)} of the images have the path and the class of one that the network "
                + "was trained on: where they are the same images, the figures are too good.",
        });

    public override string? Networks => tested.Networks == 1
        ? null
        : $"It is {Numbers.Numeral(tested.Networks)} networks that answer as one: the mean of their probabilities.";

    public override string NotFromElsewhere =>
        "Whether the images come from elsewhere than those of training, such as another hospital, only people know.";

    public override string NoControls =>
        "Controls take a training, and are no part of a test: whether the network recognises something else than the disease is unknown.";

    public override string NotAudited =>
        "The images were not audited here for shortcuts, duplicates, or patients under several names.";

    public override string NoMaps => "Learning curves, embeddings and maps are no part of a test.";

    public override string LeftOut => DataWords.Rejected(tested.Rejected.Count);

    public override string NoGroups => "The data set says nothing of its images to compute figures for groups of people or scanners by.";

    public override string Threshold => "0.5, fixed beforehand";

    public override string Calibration => tested.IsCalibrated
        ? "The calibration came with the network, from its own study: nothing is fitted here. A calibrated probability holds for images "
            + "like those of that study, with as many positive ones among them; what it is worth on these is above."
        : "No calibration came with the network.";

    public override string Sets => tested.SetLevel is null
        ? "No sets came with the network."
        : "The sets came with the network, whose thresholds are from its own study: nothing is chosen here."
            + (tested.Networks == 1 ? "" : " The set of several networks has the classes that are in more than half of their sets.");

    public override string SetsReach =>
        "Their level is for new people from where those of the network’s study come from; on images from elsewhere it need not hold, and "
            + "figures of them say what it comes to there.";

    public override string Flow => "The images, by class.";

    public override string Labels => "The labels that the data set gives";

    public override string Judged(IReadOnlyList<string> displayNames, CrossValidationReport results) => Lists.Sentences(
        $"{Lists.Listed(displayNames)}, trained to tell {DataWords.Class(results.Positive)} from "
            + $"{DataWords.Class(results.Classes.First(name => name != results.Positive))}, was asked about the images of a data set, "
            + $"{results.Dataset}.",
        Networks,
        tested.ClassesThere is [var negative, var positive]
            ? $"The data set calls the classes {negative} and {positive}, the latter taken for {results.Positive}."
            : null);

    public override string Briefly(string models, string task) => $"A test of {models}, trained {task}";

    public override string Folds(CrossValidationReport results, int folds) => "All images are one test part; nothing was trained on them.";

    public override string SharedPatients(IReadOnlyList<FoldRow> images, bool isOneTest) =>
        "Whether patients of these images were in the training part too, nothing here says.";

    /// <summary>How many images are unlike those of training, and how many of these are misclassified.</summary>
    /// <param name="unlike">The unlike images.</param>
    /// <param name="images">All that were measured.</param>
    /// <param name="wrong">How many of the unlike are misclassified.</param>
    public static string Unlike(int unlike, int images, int wrong)
    {
        const string further = "further from the nearest of them, in the network’s features, than nearly all test images of its own study";
        return unlike == 0
            ? $"No image is unlike the network’s training images: none is {further}."
            : $"{Numbers.Share(unlike, images)} of the images are unlike the network’s training images: {further}. "
                + $"{Numbers.Whole(wrong)} of {Numbers.Whole(unlike)} "
                + $"{Numbers.AreOf(wrong)} misclassified.";
    }

    /// <summary>Why nothing can be said of unlike images.</summary>
    public const string NotTold = "Which images are unlike those of training can’t be told: the network carries no features of these.";
}
