namespace CovidCt.Evaluation;

/// <summary>What one network said about one patient.</summary>
/// <param name="Patient">Whose images they are.</param>
/// <param name="Label">The name of their actual class.</param>
/// <param name="Network">The published name of the network.</param>
/// <param name="Images">How many there are.</param>
/// <param name="Probability">The mean over them of the probability of the positive class, in [0, 1].</param>
public sealed record PatientPrediction(string Patient, string Label, string Network, int Images, double Probability);
