using static TorchSharp.torch;

namespace CovidCt.Models.Blocks;

/// <summary>One step after the other.</summary>
internal sealed class ChainStep(IReadOnlyList<Step> steps) : Step
{
    public override IReadOnlyList<(string Key, nn.Module Module)> Layers { get; } = [.. steps.SelectMany(step => step.Layers)];

    public override int Depth { get; } = steps.Sum(step => step.Depth);

    public override Tensor Run(Tensor x)
    {
        var y = x;
        foreach (var step in steps)
        {
            y = Replace(y, step.Run(y), keep: x);
        }

        return y;
    }

    public override IEnumerable<Step> Flat() => steps.SelectMany(step => step.Flat());
}

/// <summary>Several steps on the same tensor, their channels one behind the other.</summary>
internal sealed class ConcatStep(IReadOnlyList<Step> branches) : Step
{
    public IReadOnlyList<Step> Branches => branches;

    public override IReadOnlyList<(string Key, nn.Module Module)> Layers { get; } = [.. branches.SelectMany(branch => branch.Layers)];

    public override int Depth { get; } = branches.Max(branch => branch.Depth);

    public override Tensor Run(Tensor x)
    {
        Tensor[] parts = [.. branches.Select(branch => branch.Run(x))];
        var whole = cat(parts, 1);
        foreach (var part in parts)
        {
            Replace(part, whole, keep: x);
        }

        return whole;
    }

    public override Step With(Func<Step, Step> replacement) => new ConcatStep([.. branches.Select(replacement)]);
}

/// <summary>The sum of two steps on the same tensor, one of which may be <see cref="Steps.Identity"/>.</summary>
/// <remarks>The sum is made in place of the other's output, which must be a tensor of its own.</remarks>
internal sealed class ResidualStep(Step first, Step second) : Step
{
    public Step First => first;

    public Step Second => second;

    public override IReadOnlyList<(string Key, nn.Module Module)> Layers { get; } = [.. first.Layers, .. second.Layers];

    public override int Depth { get; } = Math.Max(first.Depth, second.Depth);

    public override Tensor Run(Tensor x)
    {
        var (one, other) = (first.Run(x), second.Run(x));
        var (sum, term) = ReferenceEquals(one, x) ? (other, one) : (one, other);
        sum = Replace(sum, sum.add_(term), keep: x);
        Replace(term, sum, keep: x);
        return sum;
    }

    public override Step With(Func<Step, Step> replacement) => new ResidualStep(replacement(first), replacement(second));
}

/// <summary>Two steps on the same tensor, their channels by turns: a concatenation and a shuffle of two groups.</summary>
internal sealed class InterleaveStep(Step first, Step second) : Step
{
    public Step First => first;

    public Step Second => second;

    public override IReadOnlyList<(string Key, nn.Module Module)> Layers { get; } = [.. first.Layers, .. second.Layers];

    public override int Depth { get; } = Math.Max(first.Depth, second.Depth);

    public override Tensor Run(Tensor x)
    {
        using var one = first.Run(x);
        using var other = second.Run(x);
        return ByTurns(one, other);
    }

    public override Step With(Func<Step, Step> replacement) => new InterleaveStep(replacement(first), replacement(second));

    private static Tensor ByTurns(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        // One copy either way: in a channels-last tensor a channel's neighbour is the next number, else the next plane.
        var shuffled = one.stride(1) == 1
            ? stack([one.permute(0, 2, 3, 1), other.permute(0, 2, 3, 1)], 4).flatten(3).permute(0, 3, 1, 2)
            : stack([one, other], 2).flatten(1, 2);
        return shuffled.MoveToOuterDisposeScope();
    }
}
