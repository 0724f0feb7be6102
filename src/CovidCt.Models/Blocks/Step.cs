using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models.Blocks;

/// <summary>A part of a network as a value: what it computes, the layers it owns, and how deep it is.</summary>
/// <remarks>
/// Steps are what the families are written in (see <see cref="Steps"/>). They own nothing by themselves: the
/// <see cref="Block"/> or <see cref="Backbone"/> that they end up in registers their layers, under their keys and in
/// their order, which makes the state_dict.
/// </remarks>
/// <param name="run">
/// Maps a tensor to a new one that the caller owns, or to the very same object; an argument is never changed, save
/// where the step says that it works in place.
/// </param>
/// <param name="layers">The modules with their keys; an empty key waits for <see cref="Steps.Sequence"/> to number it.</param>
/// <param name="depth">Layers with weights on the longest way through the step.</param>
internal sealed class Step(Func<Tensor, Tensor> run, IReadOnlyList<(string Key, nn.Module Module)> layers, int depth)
{
    public IReadOnlyList<(string Key, nn.Module Module)> Layers => layers;

    public int Depth => depth;

    public Tensor Run(Tensor x) => run(x);

    /// <summary>A layer under its published key.</summary>
    public static implicit operator Step((string Key, nn.Module<Tensor, Tensor> Module) layer) =>
        new(layer.Module.call, [(layer.Key, layer.Module)], DepthOf(layer.Module));

    /// <summary>A layer that is numbered by its place.</summary>
    public static implicit operator Step(nn.Module<Tensor, Tensor> layer) => ("", layer);

    private static int DepthOf(nn.Module module) => module switch
    {
        Conv2d or Linear => 1,
        Block block => block.Depth,
        _ => 0,
    };
}
