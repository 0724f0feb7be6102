using CovidCt.Models.Blocks;

namespace CovidCt.Models.Folding;

/// <summary>What a <see cref="StepReader{T}"/> does with the steps that it comes to: it computes them, or writes them down.</summary>
/// <typeparam name="T">A value between two steps, [N, C, H, W] or [N, C].</typeparam>
internal interface IStepOperators<T>
{
    /// <summary>What a step makes of its one argument.</summary>
    /// <param name="step">A step that no others are within.</param>
    /// <param name="x">Its argument.</param>
    T Apply(Step step, T x);

    /// <summary>The sum of two values.</summary>
    /// <param name="one">A value.</param>
    /// <param name="other">Another one of its shape.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    T Sum(T one, T other, bool relu);

    /// <summary>Values whose channels are one behind the other.</summary>
    T Concat(IReadOnlyList<T> parts);

    /// <summary>The channels of the first half of a value and those of the second by turns.</summary>
    T ByTurns(T halves);

    /// <summary>A value as it is handed on.</summary>
    /// <param name="value">The value.</param>
    /// <param name="range">The range that its numbers lie in: the how-manieth, from 0.</param>
    T Keep(T value, int range);

    /// <summary>Tells that two ranges are to be one, since numbers of both lie in one value.</summary>
    void Unite(int one, int other);
}
