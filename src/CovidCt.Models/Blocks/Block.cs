using static TorchSharp.torch;

namespace CovidCt.Models.Blocks;

/// <summary>A group of layers under one key, which its layers' keys stand behind.</summary>
internal sealed class Block : nn.Module<Tensor, Tensor>
{
    private readonly Step _step;

    public Block(params Step[] steps) : base(nameof(Block))
    {
        _step = Steps.Chain(steps);
        foreach (var (key, module) in _step.Layers)
        {
            register_module(key, module);
        }
    }

    /// <summary>Layers with weights on the longest way through the block.</summary>
    public int Depth => _step.Depth;

    /// <inheritdoc cref="Step.Flat"/>
    public IEnumerable<Step> Flat() => _step.Flat();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _step.Run(input);
}
