using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tables;

/// <summary>Controls on features, a row each.</summary>
internal static class ControlsTable
{
    /// <summary>All controls, those on the data as they are first.</summary>
    /// <param name="controls">The controls.</param>
    public static TableData Rows(ControlReport controls) => new(
        [.. Named, "AUC ± standard error (%)", "95 % interval (%)", "Seen from (%)", "No better than chance"],
        [
            .. from network in controls.Networks
               from result in network.Results
               let verdict = controls.Verdicts.FirstOrDefault(verdict => ReferenceEquals(verdict.Result, result))
               select (string[])
               [
                   network.Network,
                   ControlWords.Name(result),
                   DesignWords.Unit(result.Folds),
                   ControlWords.Name(result.Classifier),
                   Numbers.Percent(result.Auc, result.StandardError),
                   result.Interval is { } interval ? Numbers.Range(interval) : Numbers.Unknown,
                   Numbers.Percent(verdict?.Detectable, null),
                   ControlWords.Verdict(verdict?.IsClean),
               ],
        ]);

    private static readonly string[] Named = ["Features of", "Given", "Folds by", "Classifier"];
}
