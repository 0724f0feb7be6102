using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>Images that were answered wrongly, and images unlike those of training, in words.</summary>
internal static class ErrorWords
{
    /// <summary>How many images are misclassified.</summary>
    /// <param name="images">The images.</param>
    /// <param name="networks">Of how many networks.</param>
    public static string Misclassified(int images, int networks)
    {
        var by = networks == 1 ? "the network" : "at least one network";
        return images == 0
            ? "No finished run misclassified any of its test images."
            : $"{Numbers.Counted(images, "test image")} {Numbers.WereOf(images)} put in the wrong class by {by}.";
    }

    /// <summary>Why nothing can be said of unlike images.</summary>
    public static string TooFewToTell() =>
        "Which test images are unlike the training images can’t be told here: "
        + $"that takes {Numbers.Whole(TestDistance.FewestImages())} test images of other folds to compare with.";

    /// <summary>How many images are unlike those of training, and how many of these are misclassified.</summary>
    /// <param name="images">The unlike images.</param>
    /// <param name="wrong">How many of them are misclassified.</param>
    /// <param name="networks">Of how many networks.</param>
    public static string Unlike(int images, int wrong, int networks)
    {
        const string further = "further from the nearest of them than 99 % of the other folds’ test images";
        if (images == 0)
        {
            return $"No test image is unlike its network’s training images: none is {further}.";
        }

        var of = networks > 1 ? " of some network" : "";
        return $"{Numbers.Counted(images, "test image")} {Numbers.AreOf(images)} unlike the training images{of}: {further}, "
            + "so that some one in a hundred is expected: not exactly, since images of one patient are alike and each fold has a "
            + "network of its own. "
            + $"{Numbers.Whole(wrong)} of {Numbers.Whole(images)} {Numbers.AreOf(wrong)} misclassified.";
    }

    /// <summary>How many pictures of those that there are can be seen.</summary>
    /// <param name="all">How many there are.</param>
    /// <param name="most">How many are shown at most.</param>
    /// <param name="noun">What they are of.</param>
    public static string Shown(int all, int most, string noun) =>
        all == 0 ? $"No {noun} has a map."
        : all <= most ? $"All {Numbers.Counted(all, noun)} with maps are shown."
        : $"{Numbers.Whole(most)} of {Numbers.Counted(all, noun)} with maps are shown.";

    /// <summary>How much of a list there is.</summary>
    /// <param name="all">All that could be in it.</param>
    /// <param name="shown">What is.</param>
    /// <param name="noun">One of them.</param>
    public static string List(int all, int shown, string noun) => shown == all
        ? $"List of {Numbers.Counted(all, noun)}"
        : $"List of {Numbers.Counted(shown, noun)} of {Numbers.Whole(all)}";

    /// <summary>How many patients are put in the wrong class.</summary>
    /// <param name="patients">The patients.</param>
    /// <param name="wrong">How many of them.</param>
    /// <param name="networks">Of how many networks.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static string Patients(int patients, int wrong, int networks, string positive)
    {
        var by = networks == 1 ? "" : " by at least one network";
        return $"A patient’s probability of {DataWords.Class(positive)} is the mean over the patient’s test images. "
            + $"{Numbers.Whole(wrong)} of {Numbers.Counted(patients, "patient")} {Numbers.AreOf(wrong)} put in the wrong class{by}. "
            + "A patient whose images have both labels counts as two.";
    }
}
