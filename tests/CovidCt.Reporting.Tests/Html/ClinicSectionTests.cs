using System.Text.RegularExpressions;
using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html.Sections;

namespace CovidCt.Reporting.Tests.Html;

/// <summary>What report and card have for a clinic: predictive values, groups, patients, and how complete the metadata are.</summary>
public sealed class ClinicSectionTests(ClinicSectionTests.WithColumns finished) : IClassFixture<ClinicSectionTests.WithColumns>
{
    [Fact]
    public void Predictive_values_stand_at_each_prevalence_with_the_wrong_answers_that_they_mean()
    {
        var values = finished.Study.PredictiveValues.Single(of => of.Network == finished.Best);
        var rows = Rows(finished.Clinic, "table-predictive-values");

        Assert.Equal(["1.0", "2.0", "5.0", "10.0", "20.0", "30.0", "50.0 (these data)"], rows.Select(row => row[1]));
        Assert.All(values.Points.Zip(rows), pair =>
        {
            var right = FormattableString.Invariant($"{100 * pair.First.Positive.Value:0.0} (");
            Assert.StartsWith(right, pair.Second[2], StringComparison.Ordinal);
            var missed = 1000 * pair.First.Prevalence * (1 - values.Sensitivity.Value!.Value);
            Assert.Equal(Math.Round(missed, MidpointRounding.AwayFromZero), double.Parse(pair.Second[4]));
        });
        Assert.Equal(14, Rows(finished.Clinic, "table-predictive-values-all").Count);
        Assert.Equal(2, Rows(finished.Clinic, "table-likelihood-ratios").Count);
        Assert.Contains("18 positive and 18 negative patients", finished.Clinic.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_have_counts_and_figures_and_the_unknown_are_one_of_them()
    {
        var rows = Rows(finished.Clinic, "table-groups");

        Assert.Equal(
            [
                "age 18 to under 40", "age 40 to under 60", "age 60 to under 80", "age unknown", "collection first", "collection second",
                "sex F", "sex M", "sex unknown",
            ],
            rows.Select(row => $"{row[0]} {row[1]}"));
        Assert.Equal(["36", "36", "36"], rows.GroupBy(row => row[0]).Select(column => $"{column.Sum(row => int.Parse(row[2]))}"));
        Assert.Equal(("0", "—"), (rows[6][5], rows[6][7]));
        Assert.Contains("By age and sex there is sensitivity alone", finished.Clinic.Value, StringComparison.Ordinal);
        Assert.Contains("No groups are made by doi, of more than twelve values", finished.Clinic.Value, StringComparison.Ordinal);
        Assert.Equal(9, Rows(finished.Clinic, $"table-groups-{SampleStudy.Networks.Single(name => name != finished.Best)}").Count);
    }

    [Fact]
    public void The_headline_is_of_patients_too_with_intervals()
    {
        var summary = SummarySection.Of(finished.Study, new StudyFigures());
        var patients = finished.Study.Statistics!.Networks.Single(of => of.Network == finished.Best).Patients!;
        var tiles = summary.Descendants().Single(element => (string?)element.Attribute("id") == "by-patient").Elements("div")
            .Select(tile => tile.Elements().Select(part => part.Value).ToArray()).ToList();

        Assert.Equal(["Accuracy", "Sensitivity", "Specificity", "AUC"], tiles.Select(tile => tile[0]));
        Assert.Equal(FormattableString.Invariant($"{100 * patients.Accuracy.Value:0.0}"), tiles[0][1]);
        Assert.Equal(
            FormattableString.Invariant($"{100 * patients.Auc.Interval!.Low:0.0} to {100 * patients.Auc.Interval.High:0.0}"), tiles[3][2]);
        Assert.Equal(8, summary.Descendants("dd").Count(part => (string?)part.Attribute("class") == "interval"));
    }

    [Fact]
    public void How_complete_the_metadata_are_is_counted_by_class()
    {
        var rows = Rows(DataSection.Of(finished.Study)!, "table-metadata");
        Assert.Equal(["patient", "source", "age", "collection", "doi", "sex"], rows.Select(row => row[0]));
        Assert.Equal(["age", "0 of 18", "12 of 18", "12 of 36", "12 of 36"], rows[2]);
        Assert.Equal(["source", "0 of 18", "0 of 18", "0 of 36", "0 of 36"], rows[1]);
    }

    [Fact]
    public void The_card_and_the_checklists_say_the_same()
    {
        var files = StudyCards.Write(finished.Study, finished.Sample.PathOf("cards"));
        var (card, list) = (File.ReadAllText(files[0]), File.ReadAllText(files[1]));

        Assert.Contains("for 18 COVID images: age (12), collection (18), doi (18) and sex (6).", card, StringComparison.Ordinal);
        Assert.Contains("Figures by age, collection and sex are in the report and the model card", card, StringComparison.Ordinal);
        Assert.Contains("| sex | M | 3 | 3 | 3 | 0 |", card, StringComparison.Ordinal);
        Assert.Contains("| Network, by patient |", card, StringComparison.Ordinal);
        Assert.Contains("those of people stand beside their intervals", card, StringComparison.Ordinal);
        Assert.DoesNotContain("names none of them", card + list, StringComparison.Ordinal);
        Assert.Contains("where 10 % have the disease, a positive answer is right in", list, StringComparison.Ordinal);
        Assert.Contains("Nothing was done in training or in choosing a threshold. Figures by age", list, StringComparison.Ordinal);
        Assert.All((string[])[card, list], text => Assert.DoesNotMatch(new Regex(@"\.\.|  |\( "), Regex.Replace(text, @"(?m)^\|.*$", "")));
    }

    [Fact]
    public void Without_columns_it_is_said_that_there_are_none_and_a_damaged_file_is_left_out()
    {
        using var sample = SampleStudy.Finished();
        Assert.Contains("No figures were computed for groups of people", Section(sample).Value, StringComparison.Ordinal);

        sample.Write("columns.csv", "path,sex\nimages/0-0.png,F\n");
        var study = StudyReport.Read(sample.Folder);
        Assert.Null(study.Columns);
        Assert.Equal("columns.csv lacks images of the study, and is left out.", Assert.Single(study.Notes));

        sample.Write("columns.csv", "path\n");
        Assert.StartsWith("columns.csv is left out: ", Assert.Single(StudyReport.Read(sample.Folder).Notes), StringComparison.Ordinal);

        static XElement Section(SampleStudy sample) => ClinicSection.Of(StudyReport.Read(sample.Folder), new StudyFigures())!;
    }

    [Fact]
    public void Of_unknown_patients_images_are_counted()
    {
        using var sample = SampleStudy.Finished();
        foreach (var file in Directory.EnumerateFiles(sample.Folder, "predictions.csv", SearchOption.AllDirectories).ToList())
        {
            var run = new RunLayout(Path.GetDirectoryName(file)!);
            run.WritePredictions([.. run.ReadPredictions().Select(prediction => prediction with { Patient = null })]);
        }

        var section = ClinicSection.Of(StudyReport.Read(sample.Folder), new StudyFigures())!;

        Assert.Contains("Patients are unknown, so that figures are of images", section.Value, StringComparison.Ordinal);
        Assert.Contains("18 positive and 18 negative images", section.Value, StringComparison.Ordinal);
    }

    /// <summary>A finished study with columns, for the tests that only read.</summary>
    public sealed class WithColumns : IDisposable
    {
        private readonly Lazy<XElement> _clinic;

        public WithColumns()
        {
            Sample.AddColumns();
            Study = StudyReport.Read(Sample.Folder);
            Best = Study.Results!.Networks.MaxBy(network => network.Mean.Accuracy)!.Name;
            _clinic = new(() => ClinicSection.Of(Study, new StudyFigures())!);
        }

        internal SampleStudy Sample { get; } = SampleStudy.Finished(groupBy: "patient");

        internal StudyReport Study { get; }

        internal string Best { get; }

        internal XElement Clinic => _clinic.Value;

        public void Dispose() => Sample.Dispose();
    }

    private static List<string[]> Rows(XElement section, string table) =>
    [
        .. section.Descendants("table").Single(element => (string?)element.Attribute("id") == table).Element("tbody")!.Elements("tr")
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
    ];
}
