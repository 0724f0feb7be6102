using CovidCt.Models.Blocks;

namespace CovidCt.Models;

/// <summary>A network as its paper's table has it: what <see cref="Backbone"/> runs, registers and initialises.</summary>
/// <param name="Body">Images to feature map.</param>
/// <param name="Head">Feature map to logits.</param>
/// <param name="Classifier">The path of the layer that has one output a class.</param>
/// <param name="Weights">The rule for the initial weights of the layer at a path.</param>
/// <param name="Biases">The rule for the initial biases.</param>
internal sealed record Architecture(
    Step Body,
    Step Head,
    string Classifier,
    Func<string, InitialValue> Weights,
    InitialValue Biases)
{
    /// <summary>The path of a head that is kept and saved, but not run; null where there is none.</summary>
    public string? AuxiliaryHead { get; init; }

    /// <summary>The path of the layer in <see cref="AuxiliaryHead"/> that has one output a class.</summary>
    public string? AuxiliaryClassifier { get; init; }
}
