using CovidCt.Statistics;

namespace CovidCt.Core.Tests.Statistics;

/// <summary>How often 95 % intervals hold the truth, on patients whose truth is known.</summary>
public sealed class CoverageTests
{
    private const double Level = 0.95;

    [Fact]
    public void Intervals_by_patient_cover_and_those_by_image_do_not()
    {
        var world = new SimulatedPatients(60, 60, 1, 0.6, 3);
        var covered = Coverage(world, 300, 400, byPatient: true);
        var naive = Coverage(world, 300, 400, byPatient: false);

        // Three standard errors of 300 draws are 0.038.
        Assert.InRange(covered[0], 0.912, 0.99);
        Assert.InRange(covered[5], 0.912, 0.99);
        Assert.True(naive[0] < 0.88 && naive[5] < 0.88, $"By image: {naive[0]}, {naive[5]}.");
    }

    /// <returns>Of accuracy, precision, sensitivity, specificity, F1 and AUC.</returns>
    private static double[] Coverage(SimulatedPatients world, int draws, int resamples, bool byPatient)
    {
        double[] truth = [world.Accuracy, world.Precision, world.Sensitivity, world.Specificity, world.F1, world.Auc];
        var hits = new int[truth.Length];
        for (int draw = 0; draw < draws; draw++)
        {
            var drawn = world.Draw(1000 + draw);
            var figures = FigureIntervals.Of(
                byPatient ? drawn : drawn.Select(p => p with { Patient = null }),
                "COVID", FoldSummary.Pooled, new() { Resamples = resamples, Level = Level }, TestContext.Current.CancellationToken);
            EstimatedFigure[] all = [figures.Accuracy, figures.Precision, figures.Sensitivity, figures.Specificity, figures.F1, figures.Auc];
            for (int i = 0; i < truth.Length; i++)
                hits[i] += all[i].Interval?.Contains(truth[i]) == true ? 1 : 0;
        }

        return [.. hits.Select(h => (double)h / draws)];
    }
}
