using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class NetworkStatisticsChangeTests
{
    private const string Positive = "COVID";

    [Fact]
    public void A_change_of_last_digits_is_shown_to_be_none_and_a_larger_one_is_not()
    {
        var network = Predictions(patients: 200, noise: 0);

        var slight = NetworkStatistics.Change.Of(network, Predictions(patients: 200, noise: 0.002), Positive, TestContext.Current.CancellationToken);
        var large = NetworkStatistics.Change.Of(network, Predictions(patients: 200, noise: 0.5), Positive, TestContext.Current.CancellationToken);

        Assert.True(slight.IsEquivalent);
        Assert.InRange(slight.Patients!.Auc.Interval!.Width, 1e-6, 2 * NetworkStatistics.Change.Margin);
        Assert.False(large.IsEquivalent);
        Assert.True(large.Patients!.Auc.Interval!.Width > 2 * NetworkStatistics.Change.Margin);
    }

    [Fact]
    public void The_change_is_the_other_ways_figures_less_the_networks()
    {
        var (network, other) = (Predictions(40, 0), Predictions(40, 0.3));

        var change = NetworkStatistics.Change.Of(network, other, Positive, TestContext.Current.CancellationToken);

        Assert.Equal(FigureIntervals.OfDifference(other, network, Positive, cancellationToken: TestContext.Current.CancellationToken), change.Images);
        var (before, after) = (ByPatient(network), ByPatient(other));
        Assert.Equal(after.Auc!.Value - before.Auc!.Value, change.Patients!.Auc.Value!.Value, 1e-12);
        Assert.Equal(after.Sensitivity!.Value - before.Sensitivity!.Value, change.Patients.Sensitivity.Value!.Value, 1e-12);
    }

    [Fact]
    public void Nothing_is_shown_where_a_patient_is_unknown_or_all_are_ranked_alike()
    {
        var network = Predictions(40, 0);
        Prediction[] unknown = [network[0] with { Patient = null }, .. network.Skip(1)];

        Assert.Null(NetworkStatistics.Change.Of(unknown, unknown, Positive, TestContext.Current.CancellationToken).Patients);
        Assert.False(NetworkStatistics.Change.Of(network, network, Positive, TestContext.Current.CancellationToken).IsEquivalent);
    }

    [Fact]
    public void Other_images_are_refused() => Assert.Throws<ArgumentException>(
        () => NetworkStatistics.Change.Of(Predictions(40, 0), Predictions(41, 0), Positive, TestContext.Current.CancellationToken));

    private static FiguresOfMerit ByPatient(Prediction[] predictions) => FiguresOfMerit.From(
        [.. PatientPrediction.From(predictions).Select(patient => (patient.Label == Positive, patient.Probability))]);

    private static Prediction[] Predictions(int patients, double noise)
    {
        var (random, shaken) = (new Random(1), new Random(2));
        return
        [
            .. Enumerable.Range(0, 2 * patients).Select(image =>
            {
                var isPositive = image / 2 % 2 == 1;
                var probability = Math.Clamp((isPositive ? 0.6 : 0.4) + (0.3 * (random.NextDouble() - 0.5)), 0, 1);
                return new Prediction(
                    $"{image:0000}.png", isPositive ? Positive : "other", $"{image / 2:000}", "squeezenet1_1", 0,
                    Math.Clamp(probability + (noise * (shaken.NextDouble() - 0.5)), 0, 1));
            }),
        ];
    }
}
