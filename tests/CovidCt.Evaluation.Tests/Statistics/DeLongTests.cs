using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class DeLongTests
{
    [Fact]
    public void Equals_the_definition_by_all_pairs()
    {
        foreach (var golden in GoldenStatistics.Cases("delong"))
        {
            var (actual, first, second, clusters) = Read(golden);
            double[] areas = golden.Numbers("areas");
            double[][] covariance = [.. golden.GetProperty("covariance").EnumerateArray().Select(row => row.Numbers())];
            var one = DeLong.Of([.. actual.Zip(first)], clusters)!;
            Close(areas[0], one.Auc);
            Close(Math.Sqrt(covariance[0][0]), one.StandardError!.Value);
            Close(golden.Numbers("own"), one.Interval!);

            var compared = DeLong.Compare(actual, first, second, clusters)!;
            Close(areas[1], compared.Second);
            Close(covariance[0][1], compared.Covariance!.Value);
            Close(golden.Number("z"), compared.Z!.Value);
            Close(golden.Number("p"), compared.PValue!.Value);
            Close(golden.Numbers("interval"), compared.Interval!);
        }
    }

    /// <summary>
    /// DeLong et al.'s patients with ovarian cancer, as the SAS/STAT User's Guide prints them ("Comparing Receiver Operating
    /// Characteristic Curves"): areas, standard errors and p-values.
    /// </summary>
    [Fact]
    public void Equals_the_published_example()
    {
        var cases = GoldenStatistics.Cases("delong").Take(2).Select(Read).ToArray();
        var score = DeLong.Of([.. cases[0].Actual.Zip(cases[0].First)])!;
        var albumin = DeLong.Of([.. cases[0].Actual.Zip(cases[0].Second)])!;
        var protein = DeLong.Of([.. cases[1].Actual.Zip(cases[1].Second)])!;
        Assert.Equal((0.7258, 0.1028), (Math.Round(score.Auc, 4), Math.Round(score.StandardError!.Value, 4)));
        Assert.Equal((0.7366, 0.0927), (Math.Round(albumin.Auc, 4), Math.Round(albumin.StandardError!.Value, 4)));
        Assert.Equal((0.6478, 0.1000), (Math.Round(protein.Auc, 4), Math.Round(protein.StandardError!.Value, 4)));
        Assert.Equal(0.9102, DeLong.Compare(cases[0].Actual, cases[0].First, cases[0].Second)!.PValue!.Value, 4);
        Assert.Equal(0.4561, DeLong.Compare(cases[1].Actual, cases[1].First, cases[1].Second)!.PValue!.Value, 4);
    }

    /// <summary>
    /// The ratings of 109 CT images by Hanley and McNeil (Radiology 1982, 143, 29-36); error and interval as Stata's manual
    /// prints them for <c>roctab</c>.
    /// </summary>
    [Fact]
    public void Equals_the_published_example_with_ties()
    {
        int[] normal = [33, 6, 6, 11, 2], abnormal = [3, 2, 2, 11, 33];
        var outcomes = Enumerable.Range(0, 5).SelectMany(rating =>
            Enumerable.Repeat((false, (double)rating), normal[rating]).Concat(Enumerable.Repeat((true, (double)rating), abnormal[rating])));
        var area = DeLong.Of([.. outcomes])!;
        Assert.Equal((0.8932, 0.0307), (Math.Round(area.Auc, 4), Math.Round(area.StandardError!.Value, 4)));
        Assert.Equal((0.83295, 0.95339), (Math.Round(area.Interval!.Low, 5), Math.Round(area.Interval.High, 5)));
    }

    [Fact]
    public void The_area_is_that_of_the_figures_of_merit()
    {
        var predictions = new SimulatedPatients(20, 30, 0.6, 0.5, 2).Draw(1);
        Assert.Equal(
            FiguresOfMerit.AreaUnderCurve(predictions.Select(p => (p.Label == "COVID", p.Probability)))!.Value,
            DeLong.ByPatient(predictions, "COVID")!.Auc, 12);
    }

    [Fact]
    public void Folds_of_whole_patients_are_averaged_and_folds_that_share_one_are_pooled()
    {
        Prediction[] predictions = [.. new SimulatedPatients(20, 30, 0.6, 0.5, 2).Draw(1)
            .Select(p => p with { Fold = int.Parse(p.Patient!, System.Globalization.CultureInfo.InvariantCulture) % 3 })];
        var folds = predictions.GroupBy(p => p.Fold).Select(fold => DeLong.ByPatient([.. fold], "COVID")!).ToList();
        var mean = DeLong.ByPatient(predictions, "COVID")!;
        Close(folds.Average(fold => fold.Auc), mean.Auc);
        Close(Math.Sqrt(folds.Sum(fold => Math.Pow(fold.StandardError!.Value, 2))) / 3, mean.StandardError!.Value);

        // One network after another gives higher scores, which is no matter within a fold.
        Prediction[] uneven = [.. predictions.Select(p => p with { Probability = (p.Probability + p.Fold) / 3 })];
        Close(mean.Auc, DeLong.ByPatient(uneven, "COVID")!.Auc);

        Prediction[] shared = [.. uneven.Select((p, row) => p with { Fold = row % 3 })];
        Close(FiguresOfMerit.AreaUnderCurve(uneven.Select(p => (p.Label == "COVID", p.Probability)))!.Value, DeLong.ByPatient(shared, "COVID")!.Auc);
    }

    [Fact]
    public void The_order_of_the_images_changes_nothing_but_rounding()
    {
        var predictions = new SimulatedPatients(20, 30, 0.6, 0.5, 2).Draw(1);
        var turned = DeLong.ByPatient([.. predictions.Reverse()], "COVID")!;
        Assert.Equal(DeLong.ByPatient(predictions, "COVID")!.StandardError!.Value, turned.StandardError!.Value, 12);
    }

    [Fact]
    public void Patients_widen_the_error()
    {
        var predictions = new SimulatedPatients(40, 40, 0.6, 0.9, 5).Draw(1);
        var byImage = DeLong.Of([.. predictions.Select(p => (p.Label == "COVID", p.Probability))])!;
        Assert.True(DeLong.ByPatient(predictions, "COVID")!.StandardError > 1.3 * byImage.StandardError);
    }

    [Fact]
    public void A_missing_class_makes_nothing()
    {
        Assert.Null(DeLong.Of([(true, 0.1), (true, 0.9)]));
        Assert.Null(DeLong.Of([]));
        Assert.Null(DeLong.Compare([false, false], [0.1, 0.2], [0.2, 0.1]));
    }

    [Fact]
    public void One_cluster_of_a_class_has_an_area_and_no_error()
    {
        (bool, double)[] outcomes = [(true, 0.3), (true, 0.8), (false, 0.1), (false, 0.5)];
        Assert.Equal(new AucEstimate(0.75, null, null), DeLong.Of(outcomes, [0, 0, 1, 2]));
        Assert.Equal(new AucEstimate(0.75, null, null), DeLong.Of(outcomes, [0, 0, 0, 0]));
        Assert.NotNull(DeLong.Of(outcomes)!.Interval);
    }

    [Fact]
    public void A_perfect_separation_has_no_error() =>
        Assert.Equal(new AucEstimate(1, null, null), DeLong.Of([(true, 0.8), (true, 0.9), (false, 0.1), (false, 0.2)]));

    [Fact]
    public void Equal_scores_do_not_differ()
    {
        bool[] actual = [true, true, true, false, false, false];
        double[] scores = [0.3, 0.8, 0.9, 0.1, 0.5, 0.85];
        var compared = DeLong.Compare(actual, scores, scores)!;
        Assert.Equal((null, null, 1.0, null), (compared.StandardError, compared.Z, compared.PValue, compared.Interval));

        // Perfect against perfectly wrong: a difference without spread says no p-value.
        var opposite = DeLong.Compare(actual, [7, 8, 9, 1, 2, 3], [1, 2, 3, 7, 8, 9])!;
        Assert.Equal((1.0, null, null), (opposite.Difference, opposite.StandardError, opposite.PValue));
    }

    [Fact]
    public void Refuses_scores_that_are_no_numbers_and_counts_that_differ()
    {
        Assert.Throws<ArgumentException>(() => DeLong.Of([(true, double.NaN), (false, 1)]));
        Assert.Throws<ArgumentException>(() => DeLong.Of([(true, 0), (false, 1)], [1]));
        Assert.Throws<ArgumentException>(() => DeLong.Compare([true, false], [0.1], [0.2, 0.3]));
    }

    private static (bool[] Actual, double[] First, double[] Second, int[] Clusters) Read(System.Text.Json.JsonElement golden)
    {
        double[][] scores = [.. golden.GetProperty("scores").EnumerateArray().Select(s => s.Numbers())];
        return ([.. golden.Integers("actual").Select(a => a == 1)], scores[0], scores[1], golden.Integers("clusters"));
    }

    private static void Close(double[] expected, Interval actual)
    {
        Close(expected[0], actual.Low);
        Close(expected[1], actual.High);
    }

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, GoldenStatistics.Tolerance);
}
