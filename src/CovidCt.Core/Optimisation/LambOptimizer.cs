using CovidCt.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Optimisation;

/// <summary>
/// LAMB (You et al., ICLR 2020) in the variants of <see cref="LambOptions"/>: Adam's update, scaled for each parameter
/// tensor by the trust ratio φ(‖w‖)/‖u‖.
/// </summary>
/// <remarks>
/// On the CPU in single precision a step is two sweeps over memory. On a CUDA card in single precision it is a handful of operators
/// for all parameters together, which the optimiser makes views of one buffer; else it is made of operators for each of them. Neither
/// waits for anything on the device: norms and ratios stay there. The moments have the type and the device that
/// their parameter has when the optimiser is made; make it after the network was moved. Not safe for concurrent use.
/// </remarks>
internal sealed class LambOptimizer : IDisposable
{
    private readonly LambOptions _options;
    private readonly IReadOnlyList<Slot> _slots;
    private readonly FlatLamb? _flat;

    /// <summary>An optimiser of one group of parameters.</summary>
    /// <param name="parameters">Parameters with unique names, which name the entries of <see cref="State"/>.</param>
    /// <param name="options">The variant; read once.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two of one name, or an option is out of its range.</exception>
    public LambOptimizer(IReadOnlyList<(string Name, Parameter Parameter)> parameters, LambOptions options)
        : this([new LambGroup(parameters)], options)
    {
    }

    /// <summary>An optimiser of several groups of parameters.</summary>
    /// <param name="groups">The groups; parameters have names that are unique over all groups.</param>
    /// <param name="options">The variant; read once.</param>
    /// <exception cref="ArgumentException">
    /// There are no parameters, or two of one name, or a group's number or an option is out of its range.
    /// </exception>
    public LambOptimizer(IReadOnlyList<LambGroup> groups, LambOptions options)
        : this(groups, options, isFlat: null)
    {
    }

    /// <summary>An optimiser that changes all parameters together, or each by itself.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="options">The variant.</param>
    /// <param name="isFlat">Whether all are changed together, on any device; null for what is best on theirs.</param>
    internal LambOptimizer(IReadOnlyList<LambGroup> groups, LambOptions options, bool? isFlat)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);
        Check(groups);
        _options = options.Clone();
        LearningRate = options.LearningRate;
        var items = groups.SelectMany(group => group.Parameters.Select(item => (
            item.Name, item.Parameter, group.LearningRateFactor, WeightDecay: group.WeightDecay ?? options.WeightDecay))).ToList();
        var parameters = items.ConvertAll(item => item.Parameter);
        if (isFlat ?? (parameters[0].device_type == DeviceType.CUDA && FlatParameters.CanHold(parameters)))
        {
            _flat = new(
                [.. items.Select(item => (item.Parameter, item.LearningRateFactor, item.WeightDecay, IsAdapted(item.WeightDecay)))],
                _options);
        }

        _slots = [.. items.Select((item, index) => new Slot(
            item.Name, item.Parameter, item.LearningRateFactor, item.WeightDecay,
            _flat?.Mean(index) ?? zeros_like(item.Parameter), _flat?.Square(index) ?? zeros_like(item.Parameter)))];
    }

    /// <summary>η, which schedules change between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>The number of steps taken, those before <see cref="LoadState"/> included.</summary>
    public long Steps { get; private set; }

    /// <summary>The buffer of all parameters in their order; null where each has its own memory.</summary>
    internal FlatParameters? Flat => _flat?.Parameters;

    /// <summary>
    /// Where a parameter's gradient arrives: at itself, or, in mixed precision, at a copy in bfloat16 that layers compute with.
    /// </summary>
    internal Func<Parameter, Tensor> LeafOf { get; set; } = parameter => parameter;

    /// <summary>Changes every parameter that has a gradient; one without is left alone, and so are its moments.</summary>
    public void Step()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        Steps++;

        var active = _slots
            .Select(slot => (Slot: slot, Gradient: slot.Parameter.grad ?? LeafOf(slot.Parameter).grad))
            .Where(item => item.Gradient is not null)
            .Select(item => (item.Slot, Gradient: item.Gradient!))
            .ToList();
        if (active.Count == 0)
        {
            return;
        }

        if (_flat is not null && active.Count == _slots.Count)
        {
            _flat.Step(active.ConvertAll(item => item.Gradient), LearningRate, Steps);
            return;
        }

        active = active.ConvertAll(item => item.Gradient.dtype == item.Slot.Parameter.dtype
            ? item
            : item with { Gradient = item.Gradient.to_type(item.Slot.Parameter.dtype) });
        if (active.ConvertAll(item => InPlace(item.Slot, item.Gradient)) is var items && items.TrueForAll(item => item is not null))
        {
            Step(items.ConvertAll(item => item!.Value));
            return;
        }

        var scale = _options.GradientNormLimit is { } limit ? GradientScale([.. active.Select(item => item.Gradient)], limit) : null;
        foreach (var (slot, gradient) in active)
        {
            using var temporaries = NewDisposeScope();
            Update(slot, scale is null ? gradient : gradient.div(scale.to(gradient.device)));
        }
    }

    /// <summary>Drops all gradients, so that a parameter that takes no part in the next step has none.</summary>
    public void ZeroGrad()
    {
        foreach (var slot in _slots)
        {
            slot.Parameter.grad = null;
            LeafOf(slot.Parameter).grad = null;
        }
    }

    /// <summary>
    /// Adds the gradients that have arrived at copies to their parameters', which are float32: of many small passes, sums in
    /// bfloat16 would lose the later ones.
    /// </summary>
    internal void Accumulate()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var slot in _slots)
        {
            var (parameter, leaf) = (slot.Parameter, LeafOf(slot.Parameter));
            if (!ReferenceEquals(parameter, leaf) && leaf.grad is { } part)
            {
                parameter.grad = parameter.grad?.add_(part) ?? part.to_type(parameter.dtype);
                leaf.grad = null;
            }
        }
    }

    /// <summary>
    /// The state for a checkpoint, beside <see cref="Steps"/>: each parameter's mean of gradients as <c>NAME.m</c> and
    /// its mean of squared gradients as <c>NAME.v</c>. The tensors are the optimiser's own, not copies.
    /// </summary>
    public IEnumerable<(string Name, Tensor Tensor)> State() =>
        _slots.SelectMany(slot => new[] { (slot.MeanName, slot.Mean), (slot.SquareName, slot.Square) });

    /// <summary>Goes on from a checkpoint; where anything is wrong with it, nothing is changed.</summary>
    /// <param name="read">
    /// Gives the tensor of a name in <see cref="State"/>, on any device; one that it makes is disposed here.
    /// </param>
    /// <param name="steps">The number of steps when the state was saved.</param>
    /// <exception cref="ArgumentException">A tensor has another shape or type than its parameter.</exception>
    public void LoadState(Func<string, Tensor> read, long steps)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var loaded = State().Select(own => (Own: own.Tensor, Saved: Matching(own.Name, own.Tensor, read(own.Name)))).ToList();
        foreach (var (own, saved) in loaded)
        {
            own.copy_(saved);
        }

        Steps = steps;
    }

    /// <summary>Frees the moments; the parameters belong to their network.</summary>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }

        _flat?.Dispose();
    }

    private static void Check(IReadOnlyList<LambGroup> groups)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            if (!(group.LearningRateFactor >= 0 && double.IsFinite(group.LearningRateFactor)))
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"A group's learning rate factor is {group.LearningRateFactor}: use a finite number of at least 0."),
                    nameof(groups));
            }

            if (group.WeightDecay is { } decay && !(decay >= 0 && double.IsFinite(decay)))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A group's weight decay is {decay}: use a finite number of at least 0."),
                    nameof(groups));
            }

            foreach (var (name, _) in group.Parameters)
            {
                if (!names.Add(name))
                {
                    throw new ArgumentException(
                        $"Two parameters are named '{name}': names must be unique over all groups.", nameof(groups));
                }
            }
        }

        if (names.Count == 0)
        {
            throw new ArgumentException("There is no parameter to optimise.", nameof(groups));
        }
    }

    private static Tensor Matching(string name, Tensor own, Tensor saved) =>
        own.shape.AsSpan().SequenceEqual(saved.shape) && own.dtype == saved.dtype
            ? saved
            : throw new ArgumentException(
                $"The optimiser state '{name}' is {saved.dtype} [{string.Join(", ", saved.shape)}] where this network needs " +
                $"{own.dtype} [{string.Join(", ", own.shape)}]: it was saved for another network or number of classes.");

    private static Tensor GradientScale(IReadOnlyList<Tensor> gradients, double limit)
    {
        var device = gradients[0].device;
        var norms = stack(gradients.Select(gradient => gradient.norm().to(device)));
        return norms.norm().div_(limit).clamp_(min: 1.0);
    }

    /// <summary>The step on memory itself, where all parameters allow it.</summary>
    private void Step(List<LambKernel.Item> items)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        var scale = _options.GradientNormLimit is { } limit
            ? Math.Max(1, Math.Sqrt(LambKernel.GradientSquares(items, parallel)) / limit)
            : 1;
        var (mean, root) = _options.BiasCorrection
            ? (1 / (1 - Math.Pow(_options.Beta1, Steps)), 1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps)))
            : (1, 1);
        var constants = new LambKernel.Constants(
            (float)_options.Beta1, (float)_options.Beta2, (float)(1 - _options.Beta1), (float)(1 - _options.Beta2), (float)_options.Epsilon,
            (float)mean, (float)root, (float)(1 / scale));
        LambKernel.Step(items, constants, (weight, update) => TrustRatio.Of(_options, weight, update), parallel);
    }

    private LambKernel.Item? InPlace(Slot slot, Tensor gradient) =>
        LambKernel.Place(slot.Parameter) is { } weight && LambKernel.Place(gradient) is { } given
        && LambKernel.Place(slot.Mean) is { } mean && LambKernel.Place(slot.Square) is { } square
        && given.IsLast == weight.IsLast && mean.IsLast == weight.IsLast && square.IsLast == weight.IsLast
            ? new(
                weight.Address, given.Address, mean.Address, square.Address, (int)gradient.numel(),
                LearningRate * slot.LearningRateFactor, slot.WeightDecay, IsAdapted(slot.WeightDecay))
            : null;

    private bool IsAdapted(double weightDecay) => _options.AdaptWithoutDecay || weightDecay != 0;

    private void Update(Slot slot, Tensor gradient)
    {
        var (mean, square, weight) = (slot.Mean, slot.Square, slot.Parameter);
        mean.mul_(_options.Beta1).add_(gradient, 1 - _options.Beta1);
        square.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);

        var root = square.sqrt();
        var correction = 1.0;
        if (_options.BiasCorrection)
        {
            correction = 1 - Math.Pow(_options.Beta1, Steps);
            root.div_(Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps)));
        }

        var update = mean.div(root.add_(_options.Epsilon));
        if (_options.BiasCorrection)
        {
            update.div_(correction);
        }

        if (slot.WeightDecay != 0)
        {
            update.add_(weight, slot.WeightDecay);
        }

        var rate = LearningRate * slot.LearningRateFactor;
        if (IsAdapted(slot.WeightDecay))
        {
            weight.addcmul_(update, TrustRatio.Of(_options, weight.norm(), update.norm()), -rate);
        }
        else
        {
            weight.add_(update, -rate);
        }
    }

    /// <summary>A parameter with its moments.</summary>
    private sealed class Slot(string name, Parameter parameter, double learningRateFactor, double weightDecay, Tensor mean, Tensor square)
    {
        public string MeanName { get; } = name + ".m";

        public string SquareName { get; } = name + ".v";

        public Parameter Parameter { get; } = parameter;

        public double LearningRateFactor { get; } = learningRateFactor;

        public double WeightDecay { get; } = weightDecay;

        public Tensor Mean { get; } = mean.DetachFromDisposeScope();

        public Tensor Square { get; } = square.DetachFromDisposeScope();
    }
}
