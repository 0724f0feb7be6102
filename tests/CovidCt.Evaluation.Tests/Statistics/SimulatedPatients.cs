using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>
/// Patients whose slices resemble each other: a score is class mean + patient effect + noise, all normal, and the
/// probability its logistic. The number of slices is 1 + geometric, apart from the score. What the figures are worth is
/// known: with unit total variance and class means ± d, accuracy, sensitivity and specificity are Φ(d ∓ shift), the AUC is
/// Φ(√2 d).
/// </summary>
/// <param name="Positives">Patients of the positive class.</param>
/// <param name="Negatives">Patients of the negative class.</param>
/// <param name="Separation">d, in standard deviations.</param>
/// <param name="Sharing">The share of the variance that is the patient's, in [0, 1].</param>
/// <param name="Slices">The mean number of slices a patient, from 1.</param>
/// <param name="Shift">Added to every score: above 0 sensitivity is the higher.</param>
internal sealed record SimulatedPatients(
    int Positives, int Negatives, double Separation, double Sharing, double Slices, double Shift = 0)
{
    public double Sensitivity => Distributions.NormalCdf(Separation + Shift);

    public double Specificity => Distributions.NormalCdf(Separation - Shift);

    public double Accuracy => (Positives * Sensitivity + Negatives * Specificity) / (Positives + Negatives);

    public double Precision =>
        Positives * Sensitivity / (Positives * Sensitivity + Negatives * (1 - Specificity));

    public double F1 => 2 * Precision * Sensitivity / (Precision + Sensitivity);

    public double Auc => Distributions.NormalCdf(Math.Sqrt(2) * Separation);

    public Prediction[] Draw(long seed)
    {
        // Seeds that follow one another must not make streams that resemble each other.
        var random = new CounterRandom(CounterRandom.Key(seed));
        List<Prediction> predictions = [];
        for (int patient = 0; patient < Positives + Negatives; patient++)
        {
            bool positive = patient < Positives;
            double effect = Math.Sqrt(Sharing) * Normal(ref random);
            int slices = 1;
            while (random.NextBoolean(1 - 1 / Slices))
                slices++;
            for (int slice = 0; slice < slices; slice++)
            {
                double score = (positive ? Separation : -Separation) + Shift + effect + Math.Sqrt(1 - Sharing) * Normal(ref random);
                predictions.Add(new(
                    $"{patient:0000}-{slice:0000}", positive ? "COVID" : "non-COVID", $"{patient}", "net", 0, 1 / (1 + Math.Exp(-score))));
            }
        }

        return [.. predictions];
    }

    public static double Normal(ref CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextUniform())) * Math.Cos(2 * Math.PI * random.NextUniform());
}
