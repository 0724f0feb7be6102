using CovidCt.Models.Blocks;

namespace CovidCt.Models.Folding;

/// <summary>
/// Reads folded steps in their order, and knows of each value between them in which range its numbers lie: one of its own, or the
/// argument's, where a step only chooses or moves numbers. Whoever reads the same steps comes to the same ranges.
/// </summary>
/// <typeparam name="T">A value between two steps.</typeparam>
/// <param name="operators">What is done with each step.</param>
internal sealed class StepReader<T>(IStepOperators<T> operators)
{
    private int _ranges;

    /// <summary>Reads a step and all within.</summary>
    /// <param name="step">The step.</param>
    /// <param name="x">Its argument, which has a range of its own.</param>
    public T Read(Step step, T x) => Read(step, New(x)).Content;

    private Value Read(Step step, Value x) => step switch
    {
        ChainStep chain => chain.Flat().Aggregate(x, (value, next) => Read(next, value)),
        IdentityStep => x,
        FoldedSum sum => Sum(Read(sum.Other, x), Read(sum.Last, Read(sum.Before, x)), sum.EndsInRelu),
        ResidualStep residual => Sum(Read(residual.First, x), Read(residual.Second, x), relu: false),
        ConcatStep concat => Concat([.. concat.Branches.Select(branch => Read(branch, x))]),
        InterleaveStep interleave => ByTurns(Concat([Read(interleave.First, x), Read(interleave.Second, x)])),
        MaxPoolStep or HalfStep => Kept(operators.Apply(step, x.Content), x.Range),
        _ => New(operators.Apply(step, x.Content)),
    };

    private Value Sum(Value one, Value other, bool relu) => New(operators.Sum(one.Content, other.Content, relu));

    private Value Concat(Value[] parts)
    {
        var whole = New(operators.Concat([.. parts.Select(part => part.Content)]));
        foreach (var part in parts)
        {
            operators.Unite(whole.Range, part.Range);
        }

        return whole;
    }

    private Value ByTurns(Value halves) => Kept(operators.ByTurns(halves.Content), halves.Range);

    private Value New(T content) => Kept(content, _ranges++);

    private Value Kept(T content, int range) => new(operators.Keep(content, range), range);

    private readonly record struct Value(T Content, int Range);
}
