using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>The images: classes, patients, folds, and what was left out.</summary>
internal static class DataSection
{
    public static XElement? Of(StudyReport study) => study.Results is not { } results ? null : Element(
        "section", Attribute("id", "data"),
        Element("h2", "Data"),
        FlowFigure.Draw(study) is { } flow ? Element("div", Attribute("id", "flow"), FiguresSection.Panel(flow)) : null,
        study.Configuration.IsPositiveGuessed
            ? Element("p", Class("notice"), Attribute("id", "positive-guessed"), DataWords.PositiveGuessed(results.Positive))
            : null,
        study.Configuration.SampleBits is { } bits
            ? Element("p", Class("notice"), Attribute("id", "sample-bits"), DataWords.SampleBits(bits))
            : null,
        study.KnowsEveryFold ? null : Element("p", "Not every fold has been tested yet: the numbers below are of the folds that were."),
        HtmlTable.Of(
            "table-classes", $"Classes of {results.Dataset}",
            [new("Class"), new("Images", true), new("Patients", true)],
            [.. results.Classes.Select(name => Size(study, name, name == results.Positive)), Sum(study)]),
        HtmlTable.Of(
            "table-parts", DesignWords.Parts(DesignWords.Of(results), results.Seed),
            [
                new("Fold", true),
                .. study.Given is null ? [new Column("Training images", true)] : Array.Empty<Column>(),
                new("Test images", true),
                .. results.Classes.Select(name => new Column($"of them {name}", true)),
                new("Test patients", true),
                .. study.Given is null ? [new Column("Share a patient with training", true)] : Array.Empty<Column>(),
            ],
            study.Images.Where(image => image.Fold is not null).GroupBy(image => image.Fold!.Value).OrderBy(fold => fold.Key)
                .Select(fold => Element(
                "tr",
                Number(Numbers.Whole(fold.Key)),
                study.Given is not null ? null
                    : Number(study.KnowsEveryImage ? Numbers.Whole(study.Images.Count - fold.Count()) : Numbers.Unknown),
                Number(Numbers.Whole(fold.Count())),
                results.Classes.Select(name => Number(Numbers.Whole(fold.Count(image => image.Label == name)))),
                Number(Patients(fold)),
                study.Given is null ? Number(Shared(study, fold)) : null))),
        HtmlTable.Of("table-metadata", DataWords.Metadata, ClinicTables.Metadata(study, results.Classes), column => column > 0),
        Rejected(study, results));

    private static XElement Size(StudyReport study, string name, bool isPositive)
    {
        List<FoldRow> images = [.. study.Images.Where(image => image.Label == name)];
        return Element(
            "tr", RowHeading(isPositive ? $"{name} (positive)" : name), Number(Numbers.Whole(images.Count)), Number(Patients(images)));
    }

    private static XElement Sum(StudyReport study) => Element(
        "tr", Class("sum"), RowHeading("All"), Number(Numbers.Whole(study.Images.Count)), Number(Patients(study.Images)));

    private static IEnumerable<XElement> Rejected(StudyReport study, CrossValidationReport results)
    {
        if (study.Given is { Tested: null } given)
        {
            yield return Element("p", GivenWords.Of(given).LeftOut);
        }
        else if (!study.IsConcluded)
        {
            yield return Element("p", "Which files were rejected is written when a study ends.");
        }
        else if (results.Rejected.Count == 0)
        {
            yield return Element("p", "No file was rejected.");
        }
        else
        {
            yield return HtmlTable.Of(
                "table-rejected", $"{Numbers.Counted(results.Rejected.Count, "rejected file")}",
                [new("File"), new("Reason")],
                results.Rejected.Select(rejection => Element("tr", RowHeading(rejection.Path), Text(rejection.Reason))));
        }
    }

    private static string Patients(IEnumerable<FoldRow> images)
    {
        var patients = images.Select(image => image.Patient).Distinct().ToList();
        return patients.Contains(null) ? Numbers.Unknown : Numbers.Whole(patients.Count);
    }

    private static string Shared(StudyReport study, IGrouping<int, FoldRow> fold) =>
        study.SharedPatients is not null && FoldRow.SharedPatients(study.Images, fold.Key) is { } shared
            ? Numbers.Whole(shared)
            : Numbers.Unknown;
}
