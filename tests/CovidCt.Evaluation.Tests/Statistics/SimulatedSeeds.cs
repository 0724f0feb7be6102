using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>
/// A network that is trained from several seeds and tested on the same people, one image each. A score is ± (d + what the seed is better
/// by), the person's own part, what the seed is milder by, and noise of that person and seed, all normal; the person's part has a variance
/// of 1.
/// What the recipe is worth, over all seeds and people, is known.
/// </summary>
/// <param name="People">Of each class.</param>
/// <param name="Seeds">How many there are.</param>
/// <param name="Separation">d.</param>
/// <param name="Better">The standard deviation of what a seed is better by.</param>
/// <param name="Milder">The standard deviation of what a seed is milder by: above 0 it calls more people positive.</param>
/// <param name="Noise">The standard deviation of what a seed makes of a person by chance.</param>
internal sealed record SimulatedSeeds(int People, int Seeds, double Separation, double Better, double Milder, double Noise)
{
    /// <summary>In truth; accuracy and specificity are the same.</summary>
    public double Sensitivity => Distributions.NormalCdf(
        Separation / Math.Sqrt(1 + (Better * Better) + (Milder * Milder) + (Noise * Noise)));

    /// <summary>In truth. What a seed is milder by moves both classes.</summary>
    public double Auc => Distributions.NormalCdf(
        2 * Separation / Math.Sqrt((2 * (1 + (Noise * Noise))) + (4 * Better * Better)));

    public Prediction[][] Draw(long draw)
    {
        var random = new CounterRandom(CounterRandom.Key(draw));
        var people = new double[2 * People];
        for (var i = 0; i < people.Length; i++)
        {
            people[i] = SimulatedPatients.Normal(ref random);
        }

        var seeds = new Prediction[Seeds][];
        for (var seed = 0; seed < Seeds; seed++)
        {
            seeds[seed] = Seed(people, ref random);
        }

        return seeds;
    }

    private Prediction[] Seed(double[] people, ref CounterRandom random)
    {
        var separation = Separation + (Better * SimulatedPatients.Normal(ref random));
        var shift = Milder * SimulatedPatients.Normal(ref random);
        var predictions = new Prediction[people.Length];
        for (var i = 0; i < people.Length; i++)
        {
            var isPositive = i < People;
            var score = (isPositive ? separation : -separation) + shift + people[i] + (Noise * SimulatedPatients.Normal(ref random));
            predictions[i] = new($"{i:0000}", isPositive ? "COVID" : "non-COVID", $"{i}", "net", 0, 1 / (1 + Math.Exp(-score)));
        }

        return predictions;
    }
}
