using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models.Blocks;

/// <summary>A part of a network as a value: what it computes, the layers it owns, and how deep it is.</summary>
/// <remarks>
/// Steps are what the families are written in (see <see cref="Steps"/>). They own nothing by themselves: the
/// <see cref="Block"/> or <see cref="Backbone"/> that they end up in registers their layers, under their keys and in
/// their order, which makes the state_dict.
/// </remarks>
internal abstract class Step
{
    /// <summary>The modules with their keys; an empty key waits for <see cref="Steps.Sequence"/> to number it.</summary>
    public virtual IReadOnlyList<(string Key, nn.Module Module)> Layers => [];

    /// <summary>Layers with weights on the longest way through the step.</summary>
    public virtual int Depth => 0;

    /// <summary>Whether its result shares its argument's memory.</summary>
    public virtual bool IsView => false;

    /// <summary>
    /// Maps a tensor to a new one that the caller owns, or to the very same object; an argument is never changed, save
    /// where the step says that it works in place.
    /// </summary>
    public abstract Tensor Run(Tensor x);

    /// <summary>The steps that it is made of one after the other, those of chains and blocks within it laid out.</summary>
    public virtual IEnumerable<Step> Flat() => [this];

    /// <summary>The same way to combine steps, with other steps in the places of its own.</summary>
    public virtual Step With(Func<Step, Step> replacement) => this;

    /// <summary>A layer under its published key.</summary>
    public static implicit operator Step((string Key, nn.Module<Tensor, Tensor> Module) layer) => new LayerStep(layer.Key, layer.Module);

    /// <summary>A layer that is numbered by its place.</summary>
    public static implicit operator Step(nn.Module<Tensor, Tensor> layer) => ("", layer);

    /// <summary>Disposes a tensor that another one replaces, unless they are one object or it is the caller's.</summary>
    protected static Tensor Replace(Tensor old, Tensor next, Tensor keep)
    {
        if (!ReferenceEquals(old, next) && !ReferenceEquals(old, keep))
        {
            old.Dispose();
        }

        return next;
    }
}

/// <summary>A layer, or a block of them, under its key.</summary>
internal sealed class LayerStep(string key, nn.Module<Tensor, Tensor> module) : Step
{
    public string Key => key;

    public nn.Module<Tensor, Tensor> Module => module;

    public override IReadOnlyList<(string Key, nn.Module Module)> Layers => [(key, module)];

    public override int Depth => module switch
    {
        Conv2d or Linear => 1,
        Block block => block.Depth,
        _ => 0,
    };

    public override Tensor Run(Tensor x) => module.call(x);

    public override IEnumerable<Step> Flat() => module is Block block ? block.Flat() : [this];
}

/// <summary>A layer that is kept and saved, but not run.</summary>
internal sealed class UnusedStep(string key, nn.Module module) : Step
{
    public override IReadOnlyList<(string Key, nn.Module Module)> Layers => [(key, module)];

    public override Tensor Run(Tensor x) => x;

    public override IEnumerable<Step> Flat() => [];
}
