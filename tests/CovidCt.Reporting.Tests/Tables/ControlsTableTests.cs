using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Tables;

public sealed class ControlsTableTests
{
    [Fact]
    public void Each_control_is_a_row_with_what_it_was_given_how_folds_were_drawn_and_how_sure_its_area_is()
    {
        var controls = new ControlReport(100, 0,
        [
            new("resnet18", "imagenet",
            [
                new(ControlKind.Real, GroupBy.Collection, ControlReport.Classifier.Head, 0.613, null, 0.6),
                new(ControlKind.RandomLabels, GroupBy.Patient, ControlReport.Classifier.Neighbours, 0.706, new Interval(0.57, 0.821, 0.95), 0.6)
                {
                    DealtBy = GroupBy.Source, Within = "COVID", StandardError = 0.006,
                },
            ]),
        ]);

        var (table, caption) = TableData.OfControls(controls);

        Assert.Equal(["resnet18", "the data", "collection", "linear head", "61.3", "—", "—", "—"], table.Rows[0]);
        Assert.Equal(["resnet18", "random labels by source within COVID", "patient", "five nearest images", "70.6 ± 0.6", "57.0 to 82.1", "51.5", "no"], table.Rows[1]);
        Assert.Equal(table.Headers.Count, table.Rows[0].Count);
        Assert.Contains("random labels drawn 100 times", caption, StringComparison.Ordinal);
    }
}
