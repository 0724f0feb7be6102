using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Onnx;

/// <summary>
/// Runs folded steps over images and sees in which ranges the values between them lie. Of each range the outermost numbers are left
/// out, since a few of them would make all others coarse: Wu et al., "Integer quantization for deep learning inference: principles and
/// empirical evaluation", arXiv 2004.09602, section 4 (percentile calibration).
/// </summary>
internal sealed class RangeObserver : IStepOperators<Tensor>
{
    private const int Bins = 4096;

    private readonly List<int> _parent = [];
    private readonly Dictionary<int, (double Low, double High)> _ends = [];
    private readonly Dictionary<int, long[]> _counts = [];
    private bool _areEndsKnown;

    private RangeObserver()
    {
    }

    /// <summary>The ranges of steps, as a <see cref="StepReader{T}"/> counts them.</summary>
    /// <param name="steps">Folded steps with plain weights.</param>
    /// <param name="batches">Images, [N, 3, H, W]; they are gone through twice.</param>
    /// <exception cref="ArgumentException">There are no images, or values are not finite.</exception>
    public static IReadOnlyList<QuantisedRange> Of(Step steps, IEnumerable<Tensor> batches)
    {
        var observer = new RangeObserver();
        observer.Run(steps, batches);
        observer._areEndsKnown = true;
        observer.Run(steps, batches);
        return [.. observer._parent.Select((_, range) => observer.Narrowed(observer.RootOf(range)))];
    }

    /// <inheritdoc/>
    public Tensor Apply(Step step, Tensor x) => step.Run(x);

    /// <inheritdoc/>
    public Tensor Sum(Tensor one, Tensor other, bool relu) => relu ? one.add(other).relu_() : one.add(other);

    /// <inheritdoc/>
    public Tensor Concat(IReadOnlyList<Tensor> parts) => cat([.. parts], 1);

    /// <inheritdoc/>
    public Tensor ByTurns(Tensor halves) => halves.unflatten(1, 2, -1).transpose(1, 2).flatten(1, 2);

    /// <inheritdoc/>
    public Tensor Keep(Tensor value, int range)
    {
        if (_parent.Count == range)
        {
            _parent.Add(range);
        }

        var root = RootOf(range);
        if (_areEndsKnown)
        {
            Count(value, root);
        }
        else
        {
            var (low, high) = _ends.GetValueOrDefault(root);
            _ends[root] = (Math.Min(low, value.min().item<float>()), Math.Max(high, value.max().item<float>()));
        }

        return value;
    }

    /// <inheritdoc/>
    public void Unite(int one, int other)
    {
        var (root, joining) = (RootOf(one), RootOf(other));
        var ((low, high), (alsoLow, alsoHigh)) = (_ends[root], _ends[joining]);
        if (root != joining && low < 0 == alsoLow < 0)
        {
            _parent[joining] = root;
            _ends[root] = (Math.Min(low, alsoLow), Math.Max(high, alsoHigh));
        }
    }

    private int RootOf(int range) => _parent[range] == range ? range : RootOf(_parent[range]);

    private void Run(Step steps, IEnumerable<Tensor> batches)
    {
        using var guard = no_grad();
        foreach (var images in batches)
        {
            using var scope = NewDisposeScope();
            new StepReader<Tensor>(this).Read(steps, images);
        }

        if (_parent.Count == 0 || !_ends.Values.All(ends => double.IsFinite(ends.Low) && double.IsFinite(ends.High)))
        {
            throw new ArgumentException("Ranges are found from images on which the network computes finite numbers; there are none.");
        }
    }

    private void Count(Tensor value, int root)
    {
        var (low, high) = _ends[root];
        if (low == high)
        {
            return;
        }

        using var counts = value.sub(low).mul_(Bins / (high - low)).histc(Bins, 0, Bins).to(ScalarType.Int64);
        var sums = _counts.TryGetValue(root, out var known) ? known : _counts[root] = new long[Bins];
        foreach (var (bin, count) in counts.data<long>().ToArray().Index())
        {
            sums[bin] += count;
        }
    }

    /// <summary>
    /// A range without the bins at its ends that hold no more than <see cref="OnnxModel.LeftOut"/> of all numbers together.
    /// </summary>
    private QuantisedRange Narrowed(int root)
    {
        var (low, high) = _ends[root];
        if (!_counts.TryGetValue(root, out var counts))
        {
            return QuantisedRange.Of(low, high);
        }

        var most = (long)(OnnxModel.LeftOut * counts.Sum());
        var width = (high - low) / Bins;
        return QuantisedRange.Of(low + (width * Empty(counts, most)), high - (width * Empty(counts.Reverse(), most)));
    }

    private static int Empty(IEnumerable<long> counts, long most) => counts.TakeWhile(count => (most -= count) >= 0).Count();
}
