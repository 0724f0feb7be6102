using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>One prediction a patient in the place of one an image.</summary>
/// <param name="Rows">The mean probability of each patient; one with images of both classes is there for each.</param>
/// <param name="Clusters">The cluster of each, among those of the images.</param>
/// <param name="Folds">How their folds become one figure: a patient whose images lie in several folds is in none alone.</param>
internal sealed record PatientRows(IReadOnlyList<Prediction> Rows, IReadOnlyList<int> Clusters, FoldSummary Folds)
{
    /// <summary>The patients of one network's predictions; null where one is unknown.</summary>
    /// <param name="predictions">The images.</param>
    /// <param name="clusters">Their clusters.</param>
    public static PatientRows? Of(IReadOnlyList<Prediction> predictions, Clusters clusters)
    {
        if (predictions.Any(prediction => prediction.Patient is null))
        {
            return null;
        }

        var first = predictions.Index().GroupBy(row => (row.Item.Patient, row.Item.Label)).ToDictionary(row => row.Key, row => row.First());
        var patients = PatientPrediction.From(predictions).Select(patient => (
            Answer: patient, First: first[(patient.Patient, patient.Label)])).ToList();
        return new(
            [
                .. patients.Select(patient => new Prediction(
                    $"{patient.Answer.Patient}/{patient.Answer.Label}",
                    patient.Answer.Label,
                    patient.Answer.Patient,
                    patient.Answer.Network,
                    patient.First.Item.Fold, patient.Answer.Probability)
                {
                    Source = patient.First.Item.Source,
                }),
            ],
            [.. patients.Select(patient => clusters.OfRow[patient.First.Index])],
            FoldSummaries.For(predictions.Select(prediction => (prediction.Patient!, prediction.Fold))));
    }
}
