using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>
/// Recipes that are tried on the same patients in five folds: a recipe's score of an image is ± d + √ρ · what all recipes see + √(1 - ρ) ·
/// what it alone does, either of them a patient's part (60 % of the variance) and an image's, all normal. The network of a recipe and fold is
/// better or worse than its recipe by chance. Images a patient are 1 + geometric. A recipe's AUC, over all its networks, is known.
/// </summary>
/// <param name="Patients">Of each class in each fold.</param>
/// <param name="Images">The mean number a patient, from 1.</param>
/// <param name="Correlation">ρ, in [0, 1].</param>
/// <param name="Luck">The standard deviation of a network's d about its recipe's.</param>
/// <param name="Separations">d of each recipe, in standard deviations.</param>
internal sealed record SimulatedRecipes(int Patients, double Images, double Correlation, double Luck, params double[] Separations)
{
    private const int Folds = 5;
    private const double Sharing = 0.6;

    /// <summary>A recipe's AUC: E Φ(√2 (d + luck z)) over normal z.</summary>
    public double Auc(int recipe) => Distributions.NormalCdf(Math.Sqrt(2) * Separations[recipe] / Math.Sqrt(1 + (2 * Luck * Luck)));

    /// <summary>The recipes and their predictions, by name <c>r0</c>, <c>r1</c>, …</summary>
    public (string Name, IReadOnlyList<Prediction> Predictions)[] Draw(long seed)
    {
        var random = new CounterRandom(CounterRandom.Key(seed, 24));
        List<Prediction>[] rows = [.. Separations.Select(_ => new List<Prediction>())];
        double[] effects = new double[1 + rows.Length], networks = new double[rows.Length];
        for (int fold = 0; fold < Folds; fold++)
        {
            for (int recipe = 0; recipe < rows.Length; recipe++)
                networks[recipe] = Separations[recipe] + (Luck * SimulatedPatients.Normal(ref random));
            for (int patient = 0; patient < 2 * Patients; patient++)
            {
                Fill(effects, Math.Sqrt(Sharing), ref random);
                int image = 0;
                do
                {
                    Add(fold, patient, image++, ref random);
                }
                while (random.NextBoolean(1 - (1 / Images)));
            }
        }

        return [.. rows.Select((recipe, i) => ($"r{i}", (IReadOnlyList<Prediction>)recipe))];

        void Add(int fold, int patient, int image, ref CounterRandom random)
        {
            var (side, label) = patient < Patients ? (1, "COVID") : (-1, "non-COVID");
            double common = effects[0] + (Math.Sqrt(1 - Sharing) * SimulatedPatients.Normal(ref random));
            for (int recipe = 0; recipe < rows.Length; recipe++)
            {
                double own = effects[1 + recipe] + (Math.Sqrt(1 - Sharing) * SimulatedPatients.Normal(ref random));
                double score = (side * networks[recipe]) + (Math.Sqrt(Correlation) * common) + (Math.Sqrt(1 - Correlation) * own);
                rows[recipe].Add(new($"{fold}-{patient:000}-{image:000}", label, $"{fold}-{patient}", "net", fold, 1 / (1 + Math.Exp(-score))));
            }
        }
    }

    private static void Fill(double[] values, double deviation, ref CounterRandom random)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = deviation * SimulatedPatients.Normal(ref random);
    }
}
