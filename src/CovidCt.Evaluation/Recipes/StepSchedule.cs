namespace CovidCt.Recipes;

/// <summary>A learning rate that is lowered in steps.</summary>
internal sealed class StepSchedule
{
    private static readonly double[] PaperFactors = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

    // Where a factor begins, in tenths of the time that remains after the start of the decay.
    private static readonly int[] PaperTenths = [0, 5, 6, 7, 8, 9];

    /// <summary>A schedule with milestones of its own; without any, the rate never changes.</summary>
    /// <param name="milestones">
    /// In ascending order of their epochs; of several at one epoch the last one counts. Before the first one the
    /// factor is 1.
    /// </param>
    /// <exception cref="ArgumentException">An epoch is negative or out of order, or a factor is negative or not finite.</exception>
    public StepSchedule(IEnumerable<(int Epoch, double Factor)> milestones)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        Milestones = [.. milestones];
        for (var i = 0; i < Milestones.Count; i++)
        {
            var (epoch, factor) = Milestones[i];
            if (epoch < 0 || (i > 0 && epoch < Milestones[i - 1].Epoch))
            {
                throw new ArgumentException($"Milestone {i} is at epoch {epoch}: epochs start at 0 and must not fall.", nameof(milestones));
            }

            if (!(factor >= 0 && double.IsFinite(factor)))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Milestone {i} has the factor {factor}: use a finite number of at least 0."),
                    nameof(milestones));
            }
        }
    }

    /// <summary>The milestones in ascending order.</summary>
    public IReadOnlyList<(int Epoch, double Factor)> Milestones { get; }

    /// <summary>
    /// The schedule of the paper's authors, scaled to a number of epochs: with the decay starting at s, half of the
    /// epochs, the factors 0.3, 0.1, 0.03, 0.01, 0.003, 0.001 begin at s and at 50, 60, 70, 80 and 90 % of what
    /// remains. A factor begins with the first epoch that starts at or after its time.
    /// </summary>
    /// <param name="epochs">
    /// The number of epochs of the training, at least 1. 100 gives the steps 50, 75, 80, 85, 90, 95; so few epochs that
    /// several factors begin with the same one skip all but the last of these.
    /// </param>
    public static StepSchedule ForEpochs(int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);

        // s + tenths/10 (epochs − s) with s = epochs/2 is epochs (10 + tenths)/20: in whole numbers it is exact.
        return new StepSchedule(PaperTenths.Zip(PaperFactors, (tenths, factor) =>
            ((int)((((long)epochs * (10 + tenths)) + 19) / 20), factor)));
    }

    /// <summary>What the initial learning rate is multiplied by in an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public double Factor(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var factor = 1.0;
        foreach (var milestone in Milestones)
        {
            if (milestone.Epoch <= epoch)
            {
                factor = milestone.Factor;
            }
        }

        return factor;
    }
}
