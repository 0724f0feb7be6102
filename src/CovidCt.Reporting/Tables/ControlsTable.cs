using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tables;

/// <summary>Controls on features, a row each.</summary>
internal static class ControlsTable
{
    /// <summary>All controls, those on the data as they are first.</summary>
    /// <param name="controls">The controls.</param>
    public static TableData Rows(ControlReport controls) => new(
        ["Features of", "Given", "Folds by", "Classifier", "AUC ± standard error (%)", "95 % interval (%)", "No better than chance"],
        [
            .. controls.Networks.SelectMany(network => network.Results.Select(result => (string[])
            [
                network.Network,
                ControlWords.Name(result),
                DesignWords.Unit(result.Folds),
                ControlWords.Name(result.Classifier),
                Numbers.Percent(result.Auc, result.StandardError),
                result.Interval is { } interval ? Numbers.Range(interval) : Numbers.Unknown,
                ControlWords.Verdict(result.IsClean),
            ])),
        ]);
}
