using System.Globalization;
using CovidCt.Networks;

namespace CovidCt.Records;

/// <summary>One run of a study: a network on a fold.</summary>
/// <param name="Part">Where it belongs: empty for the study itself, else the path of the study below it, such as <c>seeds/1</c>.</param>
/// <param name="Network">The network's published name.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Cost">What a training image costs, as <see cref="BackboneSpec.TrainingCost"/> has it; null where nobody knows.</param>
public sealed record PlannedRun(string Part, string Network, int Fold, double? Cost)
{
    private const char Separator = '/';

    /// <summary>Its name, such as <c>resnet18/fold-0</c> or <c>seeds/1/resnet18/fold-0</c>.</summary>
    public string Name => string.Create(
        CultureInfo.InvariantCulture, $"{Part}{(Part.Length == 0 ? "" : Separator)}{Network}{Separator}{RunLayout.FoldPrefix}{Fold}");

    /// <summary>Where it lies.</summary>
    /// <param name="study">The folder of the study.</param>
    public RunLayout In(StudyLayout study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return study.Part(Part).Run(Network, Fold);
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
