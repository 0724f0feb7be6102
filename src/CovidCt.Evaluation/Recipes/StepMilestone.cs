namespace CovidCt.Recipes;

/// <summary>From an epoch on, the learning rate is its initial value times a factor.</summary>
/// <param name="Epoch">The first epoch that has the factor, from 0.</param>
/// <param name="Factor">What the initial learning rate is multiplied by; finite and not negative.</param>
public readonly record struct StepMilestone(int Epoch, double Factor);
