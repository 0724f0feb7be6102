using CovidCt.Calibration;
using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>
/// Folds of whole patients, each tested by a network of its own: of patient k's slices that network scores class mean ± d + shift, as in
/// <see cref="SimulatedPatients"/>, and states the logistic of sharpness times the score.
/// </summary>
/// <param name="Positives">Patients of the positive class in each fold.</param>
/// <param name="Negatives">Patients of the negative class in each fold.</param>
/// <param name="Slices">The mean number of slices a patient, from 1.</param>
/// <param name="Sharpness">2 d is right; more is too sure.</param>
/// <param name="Networks">d and the shift of each fold's network.</param>
internal sealed record SimulatedFolds(
    int Positives, int Negatives, double Slices, double Sharpness, params (double Separation, double Shift)[] Networks)
{
    private const double Sharing = 0.6;

    /// <summary>The mean over the folds of the figures' truths.</summary>
    public FiguresOfMerit Truth => FiguresOfMerit.Mean(
    [
        .. Worlds.Select(world => new FiguresOfMerit(world.Accuracy, world.Precision, world.Sensitivity, world.Specificity, world.F1, world.Auc)),
    ]);

    private IEnumerable<SimulatedPatients> Worlds =>
        Networks.Select(network => new SimulatedPatients(Positives, Negatives, network.Separation, Sharing, Slices, network.Shift));

    public Prediction[] Draw(long seed) =>
    [
        .. Worlds.SelectMany((world, fold) => world.Draw(CounterRandom.Key(seed, fold)).Select(p => p with
        {
            Path = $"{fold}-{p.Path}",
            Patient = $"{fold}-{p.Patient}",
            Fold = fold,
            Probability = Logits.Sigmoid(Sharpness * Logits.Of(p.Probability)),
        })),
    ];

    /// <summary>The same networks on so many more patients that what they come to is the truth.</summary>
    public SimulatedFolds Large(int times) => this with { Positives = times * Positives, Negatives = times * Negatives };

    /// <summary>What a fold's network is worth from a stated probability on.</summary>
    public (double Sensitivity, double Specificity) At(int fold, double threshold)
    {
        var (separation, shift) = Networks[fold];
        double score = Logits.Of(threshold) / Sharpness - shift;
        return (Distributions.NormalCdf(separation - score), Distributions.NormalCdf(score + separation));
    }

    /// <summary>The mean specificity over the folds at thresholds that give the other folds' networks a sensitivity together.</summary>
    public double SpecificityAt(double sensitivity) => Enumerable.Range(0, Networks.Length).Average(fold =>
    {
        double low = 0, high = 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            bool reached = Enumerable.Range(0, Networks.Length).Where(other => other != fold)
                .Average(other => At(other, middle).Sensitivity) >= sensitivity;
            (low, high) = reached ? (middle, high) : (low, middle);
        }

        return At(fold, low).Specificity;
    });
}
