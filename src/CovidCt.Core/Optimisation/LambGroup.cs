using CovidCt.Recipes;
using TorchSharp.Modules;

namespace CovidCt.Optimisation;

/// <summary>Parameters that share a learning rate and a weight decay.</summary>
/// <param name="Parameters">The parameters with names that are unique in the optimiser.</param>
/// <param name="LearningRateFactor">
/// What <see cref="LambOptimizer.LearningRate"/> is multiplied by for this group, so that a schedule moves all groups;
/// finite, not negative.
/// </param>
/// <param name="WeightDecay">λ of this group; null for <see cref="LambOptions.WeightDecay"/>.</param>
internal sealed record LambGroup(
    IReadOnlyList<(string Name, Parameter Parameter)> Parameters,
    double LearningRateFactor = 1,
    double? WeightDecay = null);
