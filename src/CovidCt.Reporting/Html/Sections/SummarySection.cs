using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>The study in plain language: what was done, on what, what came of it, and how far to trust that.</summary>
internal static class SummarySection
{
    private static readonly string[] Numerals = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    public static XElement Of(StudyReport study, StudyFigures names) => Element(
        "section", Attribute("id", "summary"),
        Element("h2", "Summary"),
        Missing(study),
        Notes(study),
        Element("p", WhatWasDone(study, names)),
        study.Results is { Networks.Count: > 0 } results ? MainFigures(results, names) : null,
        study.IsPhantom ? Element("p", Element("strong", "No image of this data set is a scan of a patient"), ": the phantom shows that the program works, and nothing else.") : null,
        study.Results is null ? null : Element("p", Attribute("id", "shared-patients"), SharedPatients(study)),
        study.Results is null ? null : Element(
            "p",
            "Nothing was chosen on a test fold: the recipe was fixed beforehand, and the figures are those of the last epoch. ",
            "No image came from elsewhere, so how the networks do on other data was not tested."));

    private static XElement? Missing(StudyReport study)
    {
        if (study.IsComplete)
        {
            return null;
        }

        var finished = study.Runs.Count(run => run.State == RunState.Finished);
        var lacking = study.Networks
            .Select(network => (network, Runs: study.Runs.Where(run => run.Network == network && run.State != RunState.Finished).ToList()))
            .Where(entry => entry.Runs.Count > 0).ToList();
        return Element(
            "div", Attribute("id", "missing"), Class("notice"), Attribute("role", "note"),
            Element(
                "p", Element("strong", "This study is not finished. "),
                $"{FigureNumbers.Whole(finished)} of {FigureNumbers.Counted(study.Runs.Count, "run")} are done. ",
                finished == 0 ? "There are no figures yet."
                    : finished == study.Runs.Count ? "What is still to be done is to conclude it: there is no results.json yet."
                    : "All figures below are of the finished runs alone, and will change.",
                study.IsConcluded ? "" : " Rejected files are listed when a study ends."),
            lacking.Count == 0 ? null : Element("ul", lacking.Select(entry => Element(
                "li", Element("code", entry.network), ": ",
                entry.Runs.Count == study.Folds
                    ? entry.Runs.Exists(run => run.State == RunState.UnderWay) ? "no fold is finished" : "not begun"
                    : $"without {(entry.Runs.Count == 1 ? "fold" : "folds")} {string.Join(", ", entry.Runs.Select(run => FigureNumbers.Whole(run.Fold)))}",
                entry.Runs.Exists(run => run.State == RunState.UnderWay)
                    ? $" (begun: fold {string.Join(", ", entry.Runs.Where(run => run.State == RunState.UnderWay).Select(run => FigureNumbers.Whole(run.Fold)))})"
                    : ""))),
            Element("p", "The same ", Element("code", "covidct reproduce"), " command with ", Element("code", "--resume"), " goes on with it."));
    }

    private static XElement? Notes(StudyReport study) => study.Notes.Count == 0 ? null : Element(
        "div", Attribute("id", "notes"), Class("notice"), Attribute("role", "note"),
        Element("p", Element("strong", "What a reader has to know:")),
        Element("ul", study.Notes.Select(note => Element("li", note))));

    private static string WhatWasDone(StudyReport study, StudyFigures names)
    {
        var networks = study.Networks.Count == 1
            ? $"One network ({names.DisplayName(study.Networks[0])})"
            : $"{Capital(Numeral(study.Networks.Count))} networks ({Listed([.. study.Networks.Select(names.DisplayName)])})";
        var groupBy = study.Results?.GroupBy ?? Settings.Text(study, "groupBy");
        var done = $"{networks} {(study.Networks.Count == 1 ? "was" : "were each")} trained to tell {Classes(study)} on {(study.IsPhantom ? "generated drawings that look like slices of chest CT scans" : "slices of chest CT scans")}"
            + groupBy switch
            {
                CrossValidationReport.Official => " and tested once, on the test part of the data set’s own split.",
                CrossValidationReport.BySource => $": each of {Numeral(study.Folds)} sources in turn is kept for testing while the network learns from the others.",
                _ => $", by {Numeral(study.Folds)}-fold cross-validation: the images are split into {Numeral(study.Folds)} parts, {(groupBy == "patient" ? "keeping each patient's images together" : "image by image, as in the paper")}; each part in turn is kept for testing while the network learns from the others.",
            };
        return study.Results is not { } results ? done : $"{done} {Began(results, names)} The data set is {Data(study, results)}.";
    }

    private static string Classes(StudyReport study) => study.Results is { Classes.Count: 2 } results
        ? $"{results.Positive} from {results.Classes.First(name => name != results.Positive)}"
        : "two classes apart";

    private static string Began(CrossValidationReport results, StudyFigures names)
    {
        var random = results.Networks.Where(network => network.Initialization == NetworkResult.Random).Select(network => names.DisplayName(network.Name)).ToList();
        return random.Count == 0 ? "Training began with weights learned on ImageNet."
            : random.Count == results.Networks.Count ? "Training began with random weights, and not with ImageNet’s as in the paper."
            : $"Training began with weights learned on ImageNet, but for {Listed(random)}, which began with random ones.";
    }

    private static string Data(StudyReport study, CrossValidationReport results)
    {
        var counts = study.Images.CountBy(image => image.Label).ToDictionary();
        var classes = Listed([.. results.Classes.Select(name => $"{FigureNumbers.Whole(counts.GetValueOrDefault(name))} {name}")]);
        var soFar = study.KnowsEveryFold ? "" : " in the parts tested so far";
        var patients = results.Patients is { } p ? $" of {FigureNumbers.Counted(p, "patient")}" : ", whose patients are unknown";
        var rejected = results.Rejected.Count == 0 ? "" : $"; {FigureNumbers.Counted(results.Rejected.Count, "further file")} could not be read and {(results.Rejected.Count == 1 ? "was" : "were")} left out";
        return $"{results.Dataset}: {FigureNumbers.Counted(results.Images, "image")}{patients} ({classes}){soFar}{rejected}";
    }

    private static IEnumerable<XElement> MainFigures(CrossValidationReport results, StudyFigures names)
    {
        var ranked = results.Networks.Where(network => network.Mean.Accuracy is not null).OrderByDescending(network => network.Mean.Accuracy).ToList();
        if (ranked.Count == 0)
        {
            yield break;
        }

        var (best, worst) = (ranked[0], ranked[^1]);
        yield return Element("p", Element("strong", names.DisplayName(best.Name)), results.Networks.Count == 1 ? ", in per cent:" : ", the network of the highest mean accuracy, in per cent:");
        yield return Element(
            "dl", Class("tiles"), Attribute("aria-label", $"Main figures of {names.DisplayName(best.Name)}"),
            HtmlTable.Figures.Where(figure => figure.Name is "accuracy" or "sensitivity" or "specificity" or "auc").Select(figure => Element(
                "div",
                Element("dt", figure.Heading),
                Element("dd", Value(best, figure.Name, figure.Of)))));
        yield return Element(
            "p",
            $"{names.DisplayName(best.Name)} put ",
            Value(best, "accuracy", f => f.Accuracy), " % of the test images in the right class. Of the ", results.Positive, " images it found ",
            Value(best, "sensitivity", f => f.Sensitivity), " % (sensitivity); of the others it called ",
            Value(best, "specificity", f => f.Specificity), " % rightly so (specificity). Figures are means over the folds, ± their standard deviation.");
        if (ranked.Count > 1)
        {
            yield return Element(
                "p",
                "The lowest mean accuracy is that of ", names.DisplayName(worst.Name), ", ", Value(worst, "accuracy", f => f.Accuracy),
                " %. Differences that are smaller than the spread between the folds say little: ranking networks by means over a few folds is mostly noise.");
        }

        foreach (var published in PublishedFigures.For(results.Dataset).Where(p => p.Figures.Accuracy is not null && (p.Network is null || results.Networks.Any(n => n.Name == p.Network))))
        {
            yield return Element(
                "p",
                $"Published for this data set ({(published.Network is null ? "" : $"{names.DisplayName(published.Network)}, ")}{published.What}, folds by {published.GroupBy}): accuracy {FigureNumbers.Percent(published.Figures.Accuracy, null)} %.");
        }
    }

    private static XElement Value(NetworkResult network, string name, Func<FiguresOfMerit, double?> of) => Element(
        "span", Class("figure"), Attribute("data-network", network.Name), Attribute("data-figure", name),
        HtmlTable.Exact("data-value", of(network.Mean)), of(network.Std) is { } std ? HtmlTable.Exact("data-std", std) : null,
        FigureNumbers.Percent(of(network.Mean), of(network.Std)));

    private static IEnumerable<object> SharedPatients(StudyReport study)
    {
        if (study.SharedPatients is not { } found)
        {
            yield return study.Results!.Patients is null
                ? "The data set does not say which images are of one patient. If slices of a patient lie in training and test parts both, the figures are too good; how many do is unknown."
                : "How many test images show a patient who is in the training part too is not known before every fold has been tested.";
            yield break;
        }

        var share = $"{FigureNumbers.Percent((double)found.Shared / found.Images)} % ({FigureNumbers.Whole(found.Shared)} of {FigureNumbers.Whole(found.Images)})";
        yield return found.Shared == 0
            ? "No test image shows a patient who is in the training part too."
            : Element("strong", $"{share} of the test images show a patient who is in the training part too");
        if (found.Shared > 0)
        {
            yield return ": the networks may have recognised the patient and not the disease, and the figures are too good. Folds by patient (--group-by patient) avoid this.";
        }
    }

    private static string Numeral(int number) => number < Numerals.Length ? Numerals[number] : FigureNumbers.Whole(number);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Listed(List<string> items) => items.Count switch
    {
        0 => "none",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
    };
}
