using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models.MixedPrecision;

/// <summary>A parameter in a shorter type: what a layer computes with, and where the parameter's gradient arrives.</summary>
internal sealed class RoundedParameter : IDisposable
{
    /// <summary>A copy of a parameter, which gets a gradient if the parameter does.</summary>
    /// <param name="parameter">The float32 parameter that optimisers change and files hold.</param>
    /// <param name="type">The type of the copy.</param>
    /// <param name="place">Where the copy is to lie, in the parameter's shape and memory order; null for memory of its own.</param>
    public RoundedParameter(Parameter parameter, ScalarType type, Tensor? place = null)
    {
        using var guard = no_grad();
        Parameter = parameter;
        Value = (place?.detach() ?? empty_like(parameter, type)).DetachFromDisposeScope();
        Refresh();
        Value.requires_grad = parameter.requires_grad;
    }

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>Its value, rounded to the nearest, even where two are.</summary>
    public Tensor Value { get; }

    /// <summary>Rounds the parameter anew.</summary>
    public void Refresh()
    {
        using var guard = no_grad();
        Value.copy_(Parameter);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Value.grad = null;
        Value.Dispose();
    }
}
