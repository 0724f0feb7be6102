
namespace CovidCt.Recipes;

/// <summary>What of a network a step of training changes.</summary>
public enum NetworkPart
{
    /// <summary>All weights: fine-tuning, the paper's way.</summary>
    All,

    /// <summary>The classifier alone: feature extraction.</summary>
    Head,
}
