using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Optimisation;

/// <summary>
/// A step of LAMB over all parameters together, in as many operators for hundreds of them as for one: 21 in the authors' variant,
/// 31 with every option, and one to six that gather the gradients. Nothing waits for the device.
/// </summary>
/// <remarks>
/// Weights and moments are matrices of <see cref="FlatParameters"/>. A parameter's norm is the sum over its rows of what a sum over
/// columns gave; rows are laid out as [parameters, most rows of one] for it, so that no operator adds in an order that chance decides.
/// </remarks>
internal sealed class FlatLamb : IDisposable
{
    private readonly LambOptions _options;
    private readonly int _count;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private readonly Tensor _rowsOf; // [parameters · most]: rows of each, and, where it has fewer, that of the zero behind the last.
    private readonly Tensor _ownerOf; // [rows]
    private readonly Tensor _zero;
    private readonly Tensor? _decays; // [rows, 1]; null where none has any.
    private readonly Tensor? _rates; // [parameters]; null where all factors are 1.
    private readonly Tensor? _isFixed; // [parameters]: whose ratio is 1; null where none's is.

    /// <summary>Moves parameters into a buffer, with moments of 0.</summary>
    /// <param name="slots">
    /// For each parameter its factor of the learning rate, its weight decay, and whether the trust ratio is applied.
    /// </param>
    /// <param name="options">The variant.</param>
    public FlatLamb(
        IReadOnlyList<(TorchSharp.Modules.Parameter Parameter, double RateFactor, double WeightDecay, bool IsAdapted)> slots,
        LambOptions options)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        (_options, _count) = (options, slots.Count);
        Parameters = new([.. slots.Select(slot => slot.Parameter)]);
        _mean = Parameters.Zeros(ScalarType.Float32).DetachFromDisposeScope();
        _square = Parameters.Zeros(ScalarType.Float32).DetachFromDisposeScope();

        var most = Enumerable.Range(0, _count).Max(index => Parameters.RowsOf(index).Count);
        var rowsOf = new long[_count * most];
        Array.Fill(rowsOf, Parameters.Rows);
        var ownerOf = new long[Parameters.Rows];
        for (var index = 0; index < _count; index++)
        {
            var (first, count) = Parameters.RowsOf(index);
            for (var row = 0; row < count; row++)
            {
                rowsOf[(index * most) + row] = first + row;
                ownerOf[first + row] = index;
            }
        }

        var device = Parameters.Values.device;
        _rowsOf = Constant(tensor(rowsOf));
        _ownerOf = Constant(tensor(ownerOf));
        _zero = Constant(zeros(1));
        _decays = slots.Any(slot => slot.WeightDecay != 0)
            ? Constant(tensor(Array.ConvertAll(ownerOf, index => (float)slots[(int)index].WeightDecay)).unsqueeze(1))
            : null;
        _rates = slots.Any(slot => slot.RateFactor != 1) ? Constant(tensor(slots.Select(slot => (float)slot.RateFactor).ToArray())) : null;
        _isFixed = slots.Any(slot => !slot.IsAdapted) ? Constant(tensor(slots.Select(slot => !slot.IsAdapted).ToArray())) : null;

        Tensor Constant(Tensor values) => values.to(device).DetachFromDisposeScope();
    }

    /// <summary>The parameters' buffer.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>A parameter's m, a view.</summary>
    public Tensor Mean(int index) => Parameters.View(_mean, index);

    /// <summary>A parameter's v, a view.</summary>
    public Tensor Square(int index) => Parameters.View(_square, index);

    /// <summary>Changes weights and moments.</summary>
    /// <param name="gradients">A gradient for each parameter.</param>
    /// <param name="rate">η.</param>
    /// <param name="steps">t.</param>
    public void Step(IReadOnlyList<Tensor> gradients, double rate, long steps)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Move(gradients);
        using var update = Update(steps);
        var norms = Norms(Parameters.Values, update);
        var ratios = TrustRatio.Of(_options, norms.select(0, 0), norms.select(0, 1));
        if (_isFixed is not null)
        {
            ratios.masked_fill_(_isFixed, 1);
        }

        if (_rates is not null)
        {
            ratios.mul_(_rates);
        }

        Parameters.Values.addcmul_(update, ratios.gather(0, _ownerOf).unsqueeze(1), -rate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var own in (Tensor?[])[_mean, _square, _rowsOf, _ownerOf, _zero, _decays, _rates, _isFixed])
        {
            own?.Dispose();
        }

        Parameters.Dispose();
    }

    /// <summary>m and v of the step.</summary>
    private void Move(IReadOnlyList<Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        var gradient = Parameters.Gather(gradients);
        if (_options.GradientNormLimit is { } limit)
        {
            gradient.div_(gradient.norm().div_(limit).clamp_(min: 1.0));
        }

        _mean.mul_(_options.Beta1).add_(gradient, 1 - _options.Beta1);
        _square.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);
    }

    /// <summary>u = m̂/(√v̂ + ε) + λw, with the correction of m̂ taken into the divisor.</summary>
    private Tensor Update(long steps)
    {
        using var scope = NewDisposeScope();
        var root = _square.sqrt();
        var correction = 1.0;
        if (_options.BiasCorrection)
        {
            correction = 1 - Math.Pow(_options.Beta1, steps);
            root.mul_(correction / Math.Sqrt(1 - Math.Pow(_options.Beta2, steps)));
        }

        var update = _mean.div(root.add_(_options.Epsilon * correction));
        if (_decays is not null)
        {
            update.addcmul_(Parameters.Values, _decays, 1);
        }

        return update.MoveToOuterDisposeScope();
    }

    /// <summary>The norms of each parameter in two buffers: [2, parameters].</summary>
    private Tensor Norms(Tensor first, Tensor second)
    {
        var rows = cat([first.norm(1), _zero, second.norm(1), _zero]).square().view(2, -1);
        return rows.gather(1, _rowsOf.expand(2, -1)).view(2, _count, -1).sum(2).sqrt_();
    }
}
