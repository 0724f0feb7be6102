using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class ClusterKeysTests
{
    [Fact]
    public void Images_are_drawn_with_their_source_else_with_their_patient_else_alone()
    {
        Assert.Equal((ClusterUnit.Image, 40), Drawn(_ => null, _ => null));
        Assert.Equal((ClusterUnit.Patient, 30), Drawn(_ => null, i => $"{i % 30}"));
        Assert.Equal((ClusterUnit.Patient, 21), Drawn(_ => null, i => i < 20 ? null : "one"));
        Assert.Equal((ClusterUnit.Source, 20), Drawn(i => $"{i % 20}", i => $"{i % 40}"));
        Assert.Equal((ClusterUnit.Source, 24), Drawn(i => i % 2 == 0 ? $"{i % 24}" : null, i => $"{i % 24}"));
    }

    [Fact]
    public void A_handful_of_sources_is_not_drawn_but_their_patients_are()
    {
        Assert.Equal((ClusterUnit.Patient, 40), Drawn(i => $"{i % 18}", i => $"{i}"));
        Assert.Equal((ClusterUnit.Source, 3), Drawn(i => $"{i % 3}", i => $"{i % 3}"));
    }

    [Fact]
    public void A_source_and_a_patient_of_one_name_are_two_clusters()
    {
        var keys = ClusterKeys.Of([.. Enumerable.Range(0, 40).Select(i => ((string?)(i < 20 ? $"{i}" : null), (string?)(i < 20 ? $"of {i}" : $"{i % 20}"), $"{i}.png", i % 2))]);
        Assert.Equal(40, keys.Keys.Distinct().Count());
    }

    [Fact]
    public void Sources_that_share_a_patient_are_drawn_together_as_folds_keep_them_together()
    {
        // Patients 0 to 19 are in two sources each, all other patients in one.
        Assert.Equal((ClusterUnit.Source, 20), Drawn(i => $"{i}", i => $"{i % 20}"));
        Assert.Equal((ClusterUnit.Source, 39), Drawn(i => $"{i}", i => i is 3 or 5 ? "both" : $"{i}"));
    }

    [Fact]
    public void Intervals_are_wider_where_images_of_a_source_are_right_or_wrong_together()
    {
        Prediction[] rows =
        [
            .. Enumerable.Range(0, 400).Select(i => new Prediction($"{i:000}.png", i % 2 == 0 ? "COVID" : "other", $"p{i}", "n", 0, (i / 20 % 3 == 0) == (i % 2 == 0) ? 0.2 : 0.8)),
        ];
        var byPatient = FigureIntervals.Of(rows, "COVID", FoldSummary.Pooled, cancellationToken: TestContext.Current.CancellationToken).Accuracy;
        var bySource = FigureIntervals.Of(rows.Select((row, i) => row with { Source = $"{i % 2}-{i / 20}" }), "COVID", FoldSummary.Pooled, cancellationToken: TestContext.Current.CancellationToken).Accuracy;

        Assert.Equal(byPatient.Value, bySource.Value);
        Assert.True(bySource.Interval!.Width > 2 * byPatient.Interval!.Width);
    }

    private static (ClusterUnit, int) Drawn(Func<int, string?> source, Func<int, string?> patient)
    {
        var keys = ClusterKeys.Of([.. Enumerable.Range(0, 40).Select(i => (source(i), patient(i), $"{i}.png", i % 2))]);
        return (keys.Unit, keys.Keys.Distinct().Count());
    }
}
