using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>The study in plain language: what was done, on what, what came of it, and how far to trust that.</summary>
internal static class SummarySection
{
    public static XElement Of(StudyReport study, StudyFigures names) => Element(
        "section", Attribute("id", "summary"),
        Element("h2", "Summary"),
        Missing(study),
        Notes(study),
        Element("p", WhatWasDone(study, names)),
        study.Results is { Networks.Count: > 0 } results ? MainFigures(study, results, names) : null,
        OverSeeds(study, names),
        study.Results is not null && ControlWords.Baseline(study) is { } baseline
            ? Element("p", Attribute("id", "baseline"), baseline)
            : null,
        study.IsPhantom ? Phantom() : null,
        study.Results is null ? null : Element("p", Attribute("id", "shared-patients"), SharedPatients(study)),
        study.Results is null ? null : Element(
            "p",
            study.Given is { } given
                ? $"{GivenWords.Of(given).Unknown} {GivenWords.Of(given).NotFromElsewhere}"
                : $"{StudyWords.Chosen(study)} "
                    + (Design(study) == DesignWords.OtherDataset ? DataWords.TestedElsewhere : DataWords.NothingFromElsewhere)));

    private static string Design(StudyReport study) =>
        DesignWords.Of(study.Results?.GroupBy ?? study.Options.GroupBy.Name, study.Dataset);

    private static XElement Phantom() => Element(
        "p",
        Element("strong", "No image of this data set is a scan of a patient"),
        ": the phantom shows that the program works, and nothing else.");

    private static XElement? Missing(StudyReport study)
    {
        if (study.IsComplete)
        {
            return null;
        }

        var finished = study.Runs.Count(run => run.IsFinished);
        var lacking = study.Networks
            .Select(network => (network, Runs: study.Runs.Where(run => run.Network == network && !run.IsFinished).ToList()))
            .Where(entry => entry.Runs.Count > 0).ToList();
        return Element(
            "div", Attribute("id", "missing"), Class("notice"), Attribute("role", "note"),
            Element(
                "p", Element("strong", "This study is not finished. "),
                $"{Numbers.Whole(finished)} of {Numbers.Counted(study.Runs.Count, "run")} are done. ",
                StudyWords.StillToDo(finished, study.Runs.Count),
                study.IsConcluded ? "" : " Rejected files are listed when a study ends."),
            lacking.Count == 0 ? null : Element("ul", lacking.Select(entry => Element(
                "li", Element("code", entry.network), ": ", StudyWords.Lacking(entry.Runs, study.Folds)))),
            Element("p", StudyWords.CanGoOn));
    }

    private static XElement? Notes(StudyReport study) => study.Notes.Count == 0 ? null : Element(
        "div", Attribute("id", "notes"), Class("notice"), Attribute("role", "note"),
        Element("p", Element("strong", "What a reader has to know:")),
        Element("ul", study.Notes.Select(note => Element("li", note))));

    private static string WhatWasDone(StudyReport study, StudyFigures names)
    {
        if (study is { Given: { } given, Results: { } judged })
        {
            var words = GivenWords.Of(given);
            return Lists.Sentences(
                words.Judged([.. study.Networks.Select(names.DisplayName)], judged),
                $"{words.Data} {StudyWords.Data(judged, study.Images, study.KnowsEveryFold)}.",
                words.Folds(judged, study.Folds));
        }

        var design = Design(study);
        var done = StudyWords.Trained([.. study.Networks.Select(names.DisplayName)], StudyWords.Classes(study.Results), study.IsPhantom)
            + DesignWords.Plain(design, study.Folds);
        return study.Results is { } results
            ? $"{done} {StudyWords.Began(results.Networks, names.DisplayName)} "
                + $"The data set is {StudyWords.Data(results, study.Images, study.KnowsEveryFold)}."
            : done;
    }

    private static IEnumerable<XElement> MainFigures(StudyReport study, CrossValidationReport results, StudyFigures names)
    {
        var ranked = Ranking.ByAccuracy(results);
        if (ranked.Count == 0)
        {
            yield break;
        }

        var (best, worst) = (ranked[0], ranked[^1]);
        yield return Element(
            "p",
            Element("strong", names.DisplayName(best.Name)),
            results.Networks.Count == 1 ? ", in per cent:" : ", the network of the highest accuracy, in per cent:");
        foreach (var tiles in Tiles(study, best, names.DisplayName(best.Name)))
        {
            yield return tiles;
        }

        yield return Element(
            "p",
            $"{names.DisplayName(best.Name)} put ",
            Value(best, "accuracy", f => f.Accuracy),
            " % of the test images in the right class. Of the ",
            DataWords.Class(results.Positive),
            " images it found ",
            Value(best, "sensitivity", f => f.Sensitivity), " % (sensitivity); of the others it called ",
            Value(best, "specificity", f => f.Specificity),
            " % rightly so (specificity).",
            DesignWords.Over(DesignWords.Of(results)) is { } over ? $" {over}" : null);
        if (ranked.Count > 1 && DesignWords.HasSpread(DesignWords.Of(results)))
        {
            yield return Element(
                "p",
                "The lowest accuracy is that of ", names.DisplayName(worst.Name), ", ", Value(worst, "accuracy", f => f.Accuracy),
                " %. Differences that are smaller than the spread between the folds say little: "
                + "ranking networks by means over a few folds is mostly noise.");
        }

        // What is known of no folds is left to Table 2: nothing can be compared with it.
        foreach (var published in PublishedFigures.For(results)
            .Where(p => p is { Figures.Accuracy: not null, GroupBy: not null } && IsOf(results, p.Network)))
        {
            yield return Element("p", StudyWords.Published(published, names.DisplayName));
        }
    }

    /// <summary>The main figures of images, and where patients are known of patients.</summary>
    private static IEnumerable<XElement> Tiles(StudyReport study, NetworkResult best, string displayName)
    {
        var statistics = study.Statistics?.Networks.FirstOrDefault(network => network.Network == best.Name);
        yield return Element("p", Class("tiles-of"), ResultWords.ImageHeadline);
        yield return Row("", $"Main figures of {displayName}", figure => Value(best, figure.Name, figure.Of), statistics?.Images);
        if (statistics?.Patients is { } patients)
        {
            yield return Element("p", Class("tiles-of"), ResultWords.PatientHeadline(statistics.PatientFolds));
            yield return Row(
                "by-patient",
                $"Main figures of {displayName} by patient",
                figure => Element("span", Class("figure"), Numbers.Percent(figure.Of(patients.Values), null)),
                patients);
        }
    }

    private static XElement Row(
        string id,
        string label,
        Func<(string Name, string Heading, Func<FiguresOfMerit, double?> Of), XElement> value,
        FigureIntervals? intervals) => Element(
        "dl", Class("tiles"), id.Length == 0 ? null : Attribute("id", id), Attribute("aria-label", label),
        FigureNames.All.Index().Where(figure => figure.Item.Name is not ("precision" or "f1")).Select(figure => Element(
            "div",
            Element("dt", figure.Item.Heading),
            Element("dd", value(figure.Item)),
            intervals is null
                ? null
                : Element("dd", Class("interval"), ResultWords.Range(FigureNames.Estimates(intervals)[figure.Index])))));

    private static XElement? OverSeeds(StudyReport study, StudyFigures names) =>
        SeedWords.InWords(study, names.DisplayName) is { } words ? Element("p", Attribute("id", "over-seeds"), words) : null;

    private static bool IsOf(CrossValidationReport results, string? network) =>
        network is null || results.Networks.Any(of => of.Name == network);

    private static XElement Value(NetworkResult network, string name, Func<FiguresOfMerit, double?> of) => Element(
        "span", Class("figure"), Attribute("data-network", network.Name), Attribute("data-figure", name),
        HtmlTable.Exact("data-value", of(network.Mean)), of(network.Std) is { } std ? HtmlTable.Exact("data-std", std) : null,
        Numbers.Percent(of(network.Mean), of(network.Std)));

    private static IEnumerable<object> SharedPatients(StudyReport study)
    {
        if (study.Given is { } given)
        {
            yield return GivenWords.Of(given).SharedPatients(study.Images, DesignWords.IsOneTest(study.Results!));
        }
        else if (study.SharedPatients is not { } found)
        {
            yield return DataWords.SharedUnknown(knowsPatients: study.Results!.Patients is not null, study.KnowsEveryFold);
        }
        else if (found.Shared == 0)
        {
            yield return DataWords.NobodyShared;
        }
        else
        {
            yield return Element("strong", DataWords.SomeShared(found.Shared, found.Images));
            yield return DataWords.WhatSharingMeans;
        }
    }
}
