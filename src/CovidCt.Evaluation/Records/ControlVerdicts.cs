using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>Whether controls are better than chance, by tests of their means.</summary>
internal static class ControlVerdicts
{
    /// <summary>The share of leaks of the size <see cref="ControlReport.Verdict.Detectable"/> that are found.</summary>
    private const double Power = 0.8;

    /// <summary>The verdicts on all controls of a report.</summary>
    /// <param name="report">The report.</param>
    public static IReadOnlyList<ControlReport.Verdict> Of(ControlReport report)
    {
        List<(string Network, ControlReport.Result Result, Spread? Spread)> controls =
        [
            .. from network in report.Networks
               from result in network.Results
               where result.Kind != ControlKind.Real
               select (network.Network, result, Spread.Of(result, report.Draws)),
        ];
        double[] known = [.. controls.Where(control => control.Spread is not null).Select(PValue)];
        var adjusted = new Queue<double>(Holm.Adjust(known));
        return
        [
            .. controls.Select(control => control.Spread is not { } spread
                ? new ControlReport.Verdict(control.Network, control.Result, null, null, null)
                : new(control.Network, control.Result, PValue(control), adjusted.Dequeue(), Detectable(spread, known.Length))),
        ];
    }

    /// <summary>The verdicts on all networks that were trained anew on controls.</summary>
    /// <param name="study">The study that the controls are of.</param>
    public static IReadOnlyList<StudyReport.RetrainedVerdict> OfRetrained(StudyReport study)
    {
        var trained =
            (from control in study.Retrained
             from network in control.Study.Statistics?.Networks ?? []
             let auc = network.Images.Auc
             let p = auc is { Value: { } value, Interval: { } interval }
                 ? Spread.Of(value, interval).Above(value - ControlReport.Result.Chance)
                 : (double?)null
             select (control.Kind, control.Study, Network: network, PValue: p)).ToList();
        var adjusted = new Queue<double>(Holm.Adjust([.. trained.Select(network => network.PValue).OfType<double>()]));
        return
        [
            .. trained.Select(network => new StudyReport.RetrainedVerdict(
                network.Kind, network.Study, network.Network, network.PValue is null ? null : adjusted.Dequeue())),
        ];
    }

    private static double PValue((string Network, ControlReport.Result Result, Spread? Spread) control) =>
        control.Spread!.Value.Above(control.Result.Auc!.Value - ControlReport.Result.Chance);

    private static double Detectable(Spread spread, int tests)
    {
        var errors = spread.Quantile(1 - (ControlReport.Verdict.Level / tests)) + spread.Quantile(Power);
        return Math.Min(1, ControlReport.Result.Chance + (spread.Error * errors));
    }

    /// <summary>How a mean area scatters about its true value.</summary>
    /// <param name="Error">The standard error.</param>
    /// <param name="Freedom">Degrees of freedom of Student's distribution; null of a normal one.</param>
    private readonly record struct Spread(double Error, double? Freedom)
    {
        public static Spread? Of(ControlReport.Result result, int draws) => result switch
        {
            { Auc: null } => null,
            { Kind: ControlKind.RandomLabels, StandardError: { } error } when draws > 1 => new(error, draws - 1),
            { Kind: ControlKind.RandomLabels } => null,
            { Interval: { } interval, Auc: { } auc } => Of(auc, interval),
            _ => null,
        };

        /// <summary>By the lower half of the interval, since whether the area lies above chance is asked.</summary>
        public static Spread Of(double auc, Interval interval) =>
            new((auc - interval.Low) / Distributions.TwoSidedNormal(interval.Level), null);

        /// <summary>How likely a value so far above the true one is.</summary>
        public double Above(double distance)
        {
            if (Error == 0)
            {
                return distance > 0 ? 0 : 1;
            }

            var beyond = Freedom is { } freedom
                ? Distributions.TwoSidedStudentP(distance / Error, freedom) / 2
                : Distributions.TwoSidedNormalP(distance / Error) / 2;
            return distance > 0 ? beyond : 1 - beyond;
        }

        /// <summary>The quantile of a level above one half, in standard errors.</summary>
        public double Quantile(double level) => Freedom is { } freedom
            ? Distributions.TwoSidedStudent((2 * level) - 1, freedom)
            : Distributions.NormalQuantile(level);
    }
}
