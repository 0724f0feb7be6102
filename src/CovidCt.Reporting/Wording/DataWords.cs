using System.Globalization;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>The images, whose they are, and what that means for figures, in words.</summary>
internal static class DataWords
{
    /// <summary>What is said where the images are drawings.</summary>
    public const string NoGroups = "The images are of nobody: there are no groups of people to compare.";

    public const string TestedElsewhere = "The test images are of another data set than the training images; no third one was tested.";

    public const string NothingFromElsewhere =
        "No image came from elsewhere: how the networks do on other hospitals, scanners or people was not tested.";

    public const string GroupsUnknown =
        "No figures were computed for groups of people (age, sex, severity) or scanners: the study’s folder names none of them for "
            + "the test images.";

    /// <summary>A class in a sentence: one whose name is a number, as in many files of predictions, is called so.</summary>
    /// <param name="name">Its name.</param>
    public static string Class(string name) => double.TryParse(name, CultureInfo.InvariantCulture, out _) ? $"class {name}" : name;

    /// <summary>The same of a study, or of predictions that are none’s.</summary>
    /// <param name="study">What lies in the folder.</param>
    public static string GroupsUnknownOf(StudyReport study) => study.Given is { } given ? GivenWords.Of(given).NoGroups : GroupsUnknown;

    /// <summary>The caption of what is known of the images.</summary>
    public const string Metadata = "How complete the data set’s metadata are: images, and patients, with a value";

    public const string NobodyShared = "No test image shows a patient who is in the training part too.";

    public const string NotAudited = "The data were not audited.";

    /// <summary>Goes on after <see cref="SomeShared"/>.</summary>
    public const string WhatSharingMeans =
        ": the networks may have recognised the patient and not the disease, and the figures are too good. "
        + "Folds by patient avoid this.";

    /// <summary>What the images are.</summary>
    public static string Images(bool isPhantom) =>
        isPhantom ? "generated drawings that look like slices of chest CT" : "single slices of chest CT";

    /// <summary>What is to be known where nothing said which class is the positive one.</summary>
    /// <param name="positive">The class that was taken.</param>
    public static string PositiveGuessed(string positive) =>
        $"Nobody named the positive class, and neither the data set nor the names of its classes say it: {positive} was taken, the last by "
            + "its name. Sensitivity and probabilities are of it, specificity is of the other class.";

    /// <summary>What was assumed of images of 16 bits a sample whose files don't say it.</summary>
    /// <param name="bits">The bits that were taken for significant.</param>
    public static string SampleBits(int bits) =>
        $"Some images have 16 bits a sample, and their files do not say how many of them are significant: {Numbers.Whole(bits)} were taken "
            + "for all of them, the fewest of 8, 10, 12, 14 and 16 that hold their values.";

    /// <summary>The name of the data set, for a title.</summary>
    public static string Title(string dataset, bool isPhantom) => $"{dataset}{(isPhantom ? ", generated drawings" : "")}";

    /// <summary>Images, patients and classes.</summary>
    /// <param name="rows">The images.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="knowsAll">Whether the data set has no further images.</param>
    public static string Counts(IReadOnlyList<FoldRow> rows, IReadOnlyList<string> classes, bool knowsAll)
    {
        var sizes = classes.Select(name => $"{Numbers.Whole(rows.Count(row => row.Label == name))} {Class(name)}");
        var soFar = knowsAll ? "" : " in the parts tested so far";
        return $"{Numbers.Counted(rows.Count, "image")}{OfPatients(rows)}: {string.Join(", ", sizes)}{soFar}.";
    }

    /// <summary>What came of files that can't be used.</summary>
    public static string Rejected(int count) => count == 0
        ? "No file was rejected."
        : $"{Numbers.Counted(count, "file")} could not be used and {Numbers.WereOf(count)} left out; the report lists them with "
            + "their reasons.";

    /// <summary>Test images of patients who are trained on, for a publication.</summary>
    /// <param name="shared">How many there are, and all test images; null where that isn't known.</param>
    /// <param name="lacksPatients">Whether patients are unknown.</param>
    /// <param name="byPatient">Whether folds keep patients together.</param>
    /// <param name="isTested">Whether every fold has been tested.</param>
    public static string SharedPatients(
        (int Shared, int Images)? shared, bool lacksPatients, bool byPatient, bool isTested) => shared switch
        {
            null when lacksPatients =>
                "The patients of some or all images are unknown, so nobody can say how many test images share a patient with training.",
            null when byPatient => "Folds are drawn by patient, so that no patient is on both sides.",
            null when isTested => $"How many test images share a patient with training is not known: {TrainingUnlisted}.",
            null => "How many test images share a patient with training is not known before every fold has been drawn or tested.",
            (0, _) => "No test image is of a patient who is in the training part too.",
            var (count, images) => $"{Numbers.Percent((double)count / images)} % of the test images "
                + $"({Numbers.Whole(count)} of {Numbers.Whole(images)}) are of a patient who is in the training part too: the figures "
                + "are too good.",
        };

    /// <summary>Test images of patients who are trained on, where there are any; <see cref="WhatSharingMeans"/> goes on.</summary>
    public static string SomeShared(int shared, int images) =>
        $"{Numbers.Share(shared, images)} of the test images show a patient who is in the training part too";

    /// <summary>Why it isn't known how many there are.</summary>
    /// <param name="knowsPatients">Whether the data set says whose the images are.</param>
    /// <param name="isTested">Whether every fold has been tested.</param>
    public static string SharedUnknown(bool knowsPatients, bool isTested) => knowsPatients
        ? "How many test images show a patient who is in the training part too is not known"
            + (isTested ? $": {TrainingUnlisted}." : " before every fold has been tested.")
        : "The data set does not say which images are of one patient. If slices of a patient lie in training and test parts both, "
            + "the figures are too good; how many do is unknown.";

    /// <summary>A part of a whole, in a table.</summary>
    public static string Part(int part, int whole) => $"{Numbers.Whole(part)} of {Numbers.Whole(whole)}";

    /// <summary>Of how many images each column has a value, by class; null without columns.</summary>
    /// <param name="rows">The images.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="columns">What is known of them.</param>
    public static string? Completeness(IReadOnlyList<FoldRow> rows, IReadOnlyList<string> classes, ImageColumns? columns)
    {
        return columns is null ? null : $"The data set gives, {string.Join("; ", classes.Select(OfClass))}.";

        string OfClass(string name)
        {
            List<FoldRow> images = [.. rows.Where(row => row.Label == name)];
            var known = columns.Names.Select(column => (
                Column: column, Count: images.Count(image => columns.ValueOf(image.Path, column) is not null)));
            List<string> named = [.. known.Where(of => of.Count > 0).Select(of => $"{of.Column} ({Numbers.Whole(of.Count)})")];
            return $"for {Numbers.Counted(images.Count, $"{Class(name)} image")}: "
                + (named.Count == 0 ? "nothing else" : Lists.Listed(named));
        }
    }

    private const string TrainingUnlisted = "the study does not list the images that it trained on";

    /// <summary>How many different patients there are.</summary>
    public static int PatientsOf(IEnumerable<FoldRow> rows) => rows.Select(row => row.Patient).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Whose images they are, to go on with after their number.</summary>
    /// <param name="rows">The images.</param>
    public static string OfPatients(IReadOnlyList<FoldRow> rows)
    {
        if (rows.All(row => row.Patient is not null))
        {
            return $" of {Numbers.Counted(PatientsOf(rows), "patient")}";
        }

        return rows.Any(row => row.Patient is not null) ? ", the patient of some of them unknown" : ", whose patients are unknown";
    }
}
