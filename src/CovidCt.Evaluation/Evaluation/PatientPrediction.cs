using System.Globalization;
using CovidCt.Data;

namespace CovidCt.Evaluation;

/// <summary>What one network said about one patient.</summary>
/// <param name="Patient">Whose images they are.</param>
/// <param name="Label">The name of their actual class.</param>
/// <param name="Network">The published name of the network.</param>
/// <param name="Images">How many there are.</param>
/// <param name="Probability">The mean over them of the probability of the positive class, in [0, 1].</param>
public sealed record PatientPrediction(string Patient, string Label, string Network, int Images, double Probability)
{
    /// <summary>Where the first of the images comes from; null when the data set doesn't say.</summary>
    public string? Source { get; init; }

    /// <summary>Whether the patient is put in the wrong class; a probability of one half is positive.</summary>
    /// <param name="positive">The name of the positive class.</param>
    public bool IsWrong(string positive) => DecisionThreshold.IsPositive(Probability) != (Label == positive);

    /// <summary>
    /// The mean probability over the images of each patient and network, in the ordinal order of network, patient and label.
    /// </summary>
    /// <remarks>
    /// A patient whose images have two labels counts once for each, as the folds by patient count such patients: as two
    /// examinations. Where folds were drawn by image, a patient's images were tested by the networks of several folds, which have
    /// seen the patient's other images; the mean is then over all of them, and as flattering as they are.
    /// <see cref="FiguresOfMerit.From"/> takes <c>(p.Label == positive, p.Probability)</c>.
    /// </remarks>
    /// <param name="predictions">Of any number of networks and folds, each image once a network.</param>
    /// <exception cref="ArgumentException">
    /// An image's patient is unknown, an image is there twice, or a probability is no number; the message names the image.
    /// </exception>
    public static IReadOnlyList<PatientPrediction> From(IEnumerable<Prediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var all = predictions.ToList();
        var seen = new HashSet<(string, string)>();
        foreach (var prediction in all)
        {
            if (prediction.Patient is null)
            {
                throw new ArgumentException(
                    $"The patient of {prediction.Path} is unknown; figures of patients need that of every image.", nameof(predictions));
            }

            if (!double.IsFinite(prediction.Probability))
            {
                throw new ArgumentException(
                    $"The probability of {prediction.Path} is {prediction.Probability}, not a finite number.", nameof(predictions));
            }

            if (!seen.Add((prediction.Network, prediction.Path)))
            {
                throw new ArgumentException($"{prediction.Path} is there twice for {prediction.Network}.", nameof(predictions));
            }
        }

        return
        [
            .. all.GroupBy(prediction => (prediction.Network, Patient: prediction.Patient!, prediction.Label))
                .OrderBy(group => group.Key.Network, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Patient, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Label, StringComparer.Ordinal)
                .Select(group => new PatientPrediction(
                    group.Key.Patient, group.Key.Label, group.Key.Network, group.Count(),
                    group.Average(prediction => prediction.Probability))
                {
                    Source = group.MinBy(prediction => prediction.Path, StringComparer.Ordinal)!.Source,
                }),
        ];
    }

    /// <summary>
    /// Writes <c>patients.csv</c>: <c>patient,label,network,images,probability</c>, in RFC 4180's quoting; the file is whole or not there.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="patients">In the order of the rows.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<PatientPrediction> patients) => Csv.Write(
        path,
        ["patient", "label", "network", "images", "probability"],
        patients.Select(patient => (string[])
        [
            patient.Patient,
            patient.Label,
            patient.Network,
            patient.Images.ToString(CultureInfo.InvariantCulture),
            patient.Probability.ToString("R", CultureInfo.InvariantCulture),
        ]));
}
