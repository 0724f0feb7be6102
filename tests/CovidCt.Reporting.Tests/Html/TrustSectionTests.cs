using CovidCt.Evaluation;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html.Sections;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Html;

public sealed class TrustSectionTests
{
    [Fact]
    public void Networks_trained_anew_on_controls_are_judged_together()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var made = StudyReport.Read(sample.Folder);
        var study = made with { Retrained = [(ControlKind.SourceLabels, Mirrored(made)), (ControlKind.BackgroundOnly, StudyReport.Read(sample.Folder))] };

        var verdicts = study.RetrainedVerdicts;

        Assert.Equal([true, true, false, false], verdicts.Select(verdict => verdict.IsClean));
        var alone = (made with { Retrained = [study.Retrained[1]] }).RetrainedVerdicts;
        Assert.Equal(2 * alone.Min(verdict => verdict.AdjustedPValue)!.Value, verdicts.Min(verdict => verdict.AdjustedPValue)!.Value, 1e-12);
        var rows = TrustSection.Of(study, new StudyFigures())!.Descendants("table").Single(table => (string?)table.Attribute("id") == "table-retrained")
            .Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray());
        Assert.Equal(
            verdicts.Select(verdict => (verdict.Network.Network, ControlWords.Name(verdict.Kind), ControlWords.Verdict(verdict.IsClean))),
            rows.Select(row => (row[0], row[1], row[^1])));
    }

    /// <summary>A study whose networks take each class for the other one, which is no better than chance.</summary>
    private static StudyReport Mirrored(StudyReport study)
    {
        List<RunReport> runs = [.. study.Runs.Select(run => run with { Predictions = [.. run.Predictions.Select(Mirrored)] })];
        return study with { Runs = runs };
    }

    private static Prediction Mirrored(Prediction prediction) => prediction with { Probability = 1 - prediction.Probability };
}
