using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.HtmlTable;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>One probability a patient, where it is known whose images they are.</summary>
internal static class PatientsSection
{
    private const int MostRows = 2000;

    public static XElement? Of(StudyReport study, StudyFigures names)
    {
        var predictions = study.Runs.SelectMany(run => run.Predictions).ToList();
        if (study.Results is not { Networks.Count: > 0 } results || predictions.Count == 0
            || predictions.Exists(prediction => prediction.Patient is null))
        {
            return null;
        }

        var networks = results.Networks.Select(network => network.Name).ToList();
        var patients = PatientPrediction.From(predictions).GroupBy(patient => (patient.Patient, patient.Label))
            .Select(patient => (
                patient.Key,
                Answers: patient.ToDictionary(one => one.Network, StringComparer.Ordinal),
                Wrong: patient.Count(IsWrong)))
            .OrderByDescending(patient => patient.Wrong).ThenBy(patient => patient.Key.Patient, StringComparer.Ordinal)
            .ThenBy(patient => patient.Key.Label, StringComparer.Ordinal).ToList();
        var wrong = patients.Count(patient => patient.Wrong > 0);
        return Element(
            "section", Attribute("id", "each-patient"),
            Element("h2", "Each patient"),
            Element("p", ErrorWords.Patients(patients.Count, wrong, networks.Count, results.Positive)),
            Element(
                "details",
                Element(
                    "summary",
                    $"{ErrorWords.List(patients.Count, Math.Min(MostRows, patients.Count), "patient")}, the misclassified first"),
                HtmlTable.Of(
                    "table-each-patient", $"Each patient’s mean probability of {results.Positive}",
                    [new("Patient"), new("Class"), new("Images", true), new("Wrong", true),
                        .. networks.Select(network => new Column(names.DisplayName(network), true))],
                    patients.Take(MostRows).Select(patient => Element(
                        "tr",
                        RowHeading(patient.Key.Patient),
                        Text(patient.Key.Label),
                        Number(Numbers.Whole(patient.Answers.Values.Max(one => one.Images))),
                        Number($"{Numbers.Whole(patient.Wrong)} of {Numbers.Whole(patient.Answers.Count)}", Numbers.Whole(patient.Wrong)),
                        networks.Select(network => Answer(patient.Answers.GetValueOrDefault(network))))))));

        bool IsWrong(PatientPrediction one) => one.IsWrong(results.Positive);

        XElement Answer(PatientPrediction? one) => one is null
            ? Number(Numbers.Unknown)
            : Element("td", Class(IsWrong(one) ? "number missed" : "number"), Numbers.Three(one.Probability));
    }
}
