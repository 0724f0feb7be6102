using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tables;

/// <summary>What a clinic asks, as tables: predictive values, figures by groups, and how complete the metadata are.</summary>
internal static class ClinicTables
{
    private const double Thousand = 1000;

    /// <summary>Likelihood ratios, a row a network.</summary>
    /// <param name="networks">The networks.</param>
    public static TableData Ratios(IEnumerable<PredictiveValues> networks) => new(
        ["Network", "Of", "Sensitivity", "Specificity", "Positive ratio", "Negative ratio"],
        [
            .. networks.Select(of => (string[])
            [
                of.Network,
                ClinicWords.Counted(of),
                PerCent(of.Sensitivity),
                PerCent(of.Specificity),
                Numbers.Two(of.PositiveRatio),
                Numbers.Two(of.NegativeRatio),
            ]),
        ]);

    /// <summary>Predictive values, a row a network and prevalence.</summary>
    /// <param name="networks">The networks.</param>
    public static TableData Values(IEnumerable<PredictiveValues> networks) => new(
        ["Network", "Prevalence (%)", "Positive answers right", "Negative answers right", "Missed in 1,000", "False alarms in 1,000"],
        [
            .. networks.SelectMany(of => of.Points.Select(point => (string[])
            [
                of.Network,
                ClinicWords.Prevalence(point),
                PerCent(point.Positive),
                PerCent(point.Negative),
                Rounded(point.Prevalence * (1 - of.Sensitivity.Value!.Value)),
                Rounded((1 - point.Prevalence) * (1 - of.Specificity.Value!.Value)),
            ])),
        ]);

    /// <summary>Figures by groups of one network, a row a group.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="network">The published name.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="negative">The name of the other.</param>
    public static TableData Groups(IEnumerable<Subgroups> columns, string network, string positive, string negative) => new(
        ["Column", "Group", "Images", "Patients", positive, negative, "Sensitivity", "Specificity", "Accuracy", "AUC"],
        [
            .. from column in columns
               from @group in column.Groups
               let figures = @group.Networks.FirstOrDefault(of => of.Network == network).Figures
               select (string[])
               [
                   column.Column,
                   GroupWords.Name(@group.Band),
                   Numbers.Whole(@group.Images),
                   @group.Patients is { } patients ? Numbers.Whole(patients) : Numbers.Unknown,
                   Numbers.Whole(@group.Positives),
                   Numbers.Whole(@group.Negatives),
                   .. figures is null
                       ? Enumerable.Repeat(Numbers.Unknown, 4)
                       : new[] { figures.Sensitivity, figures.Specificity, figures.Accuracy, figures.Auc }.Select(PerCent),
               ],
        ]);

    /// <summary>How many images have a value of each column, by class, and how many patients have one.</summary>
    /// <param name="study">What lies in the study's folder.</param>
    /// <param name="classes">The names of the classes.</param>
    public static TableData Metadata(StudyReport study, IReadOnlyList<string> classes)
    {
        return new(
            ["Column", .. classes.Select(name => $"{name} images"), "Images", "Patients"],
            [
                Known("patient", image => image.Patient),
                Known("source", image => image.Source),
                .. (study.Columns?.Names ?? []).Select(name => Known(name, image => study.Columns!.ValueOf(image.Path, name))),
            ]);

        string[] Known(string column, Func<FoldRow, string?> of)
        {
            var known = study.Images.ToLookup(image => of(image) is not null);
            return
            [
                column,
                .. classes.Select(name => DataWords.Part(
                    known[true].Count(image => image.Label == name), study.Images.Count(image => image.Label == name))),
                DataWords.Part(known[true].Count(), study.Images.Count),
                study.Images.Any(image => image.Patient is null)
                    ? Numbers.Unknown
                    : DataWords.Part(DataWords.PatientsOf(known[true]), DataWords.PatientsOf(study.Images)),
            ];
        }
    }

    private static string PerCent(EstimatedFigure figure) => Numbers.Estimate(figure.Value, figure.Interval);

    private static string Rounded(double share) => Numbers.Whole((long)Math.Round(Thousand * share, MidpointRounding.AwayFromZero));
}
