using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Optimisation;

/// <summary>
/// A step of LAMB over float32 parameters on the CPU: two sweeps, of which the second finds in the cache what the first has
/// left there, where operators of tensors would sweep over memory a dozen times.
/// </summary>
/// <remarks>
/// Sums are taken by lanes and chunks whose sizes do not depend on the machine, and added up in their order: neither the
/// number of threads nor the width of the registers has a part in the bits.
/// </remarks>
internal static unsafe class LambKernel
{
    private const int Chunk = 16 * 1024; // 256 KB of four arrays: they stay in a core's own cache.
    private const int Flush = 4096; // Values summed in single precision before a sum goes on in double.
    private const int Group = 1024 * 1024; // 12 MB of weights and moments: the second sweep finds them in the shared cache.

    /// <summary>What a step does to a parameter.</summary>
    /// <param name="Weight">Its values, in the memory order that all four have.</param>
    /// <param name="Gradient">Its gradient.</param>
    /// <param name="Mean">m.</param>
    /// <param name="Square">v.</param>
    /// <param name="Length">How many values there are.</param>
    /// <param name="Rate">η of the parameter.</param>
    /// <param name="Decay">λ of the parameter.</param>
    /// <param name="IsAdapted">Whether the trust ratio is applied.</param>
    public readonly record struct Item(
        nint Weight, nint Gradient, nint Mean, nint Square, int Length, double Rate, double Decay, bool IsAdapted);

    /// <summary>What is the same for all parameters.</summary>
    /// <param name="Beta1">β₁.</param>
    /// <param name="Beta2">β₂.</param>
    /// <param name="Share1">1 − β₁, which single precision has more digits of than of the difference.</param>
    /// <param name="Share2">1 − β₂.</param>
    /// <param name="Epsilon">ε.</param>
    /// <param name="MeanFactor">What makes m̂ of m.</param>
    /// <param name="RootFactor">What makes √v̂ of √v.</param>
    /// <param name="GradientFactor">1/s.</param>
    public readonly record struct Constants(
        float Beta1, float Beta2, float Share1, float Share2, float Epsilon, float MeanFactor, float RootFactor, float GradientFactor);

    private readonly record struct Part(int Item, int Begin, int End);

    /// <summary>
    /// The place of values that lie densely in memory, plainly or channels-last; null of others. Two tensors of one shape with the
    /// same <c>IsLast</c> have the same order.
    /// </summary>
    public static (nint Address, bool IsLast)? Place(Tensor tensor)
    {
        if (tensor.dtype != ScalarType.Float32
            || tensor.device_type != TorchSharp.DeviceType.CPU
            || tensor.numel() > int.MaxValue / sizeof(float))
        {
            return null;
        }

        if (tensor.is_contiguous())
        {
            return (TensorMemory.Address(tensor), false);
        }

        if (tensor.dim() != 4)
        {
            return null;
        }

        using var last = tensor.permute(0, 2, 3, 1);
        return last.is_contiguous() ? (TensorMemory.Address(last), true) : null;
    }

    /// <summary>Σ g² over all parameters.</summary>
    public static double GradientSquares(IReadOnlyList<Item> items, ParallelOptions parallel)
    {
        var parts = Split(items, 0, items.Count);
        var squares = new double[parts.Length];
        Parallel.For(0, parts.Length, parallel, i =>
        {
            var part = parts[i];
            squares[i] = Squares((float*)items[part.Item].Gradient, part.Begin, part.End);
        });
        return squares.Sum();
    }

    /// <summary>Changes weights and moments.</summary>
    /// <param name="items">The parameters.</param>
    /// <param name="constants">What is the same for all.</param>
    /// <param name="trustRatio">The trust ratio from ‖w‖ and ‖u‖.</param>
    /// <param name="parallel">How many threads.</param>
    public static void Step(
        IReadOnlyList<Item> items, Constants constants, Func<double, double, double> trustRatio, ParallelOptions parallel)
    {
        for (var begin = 0; begin < items.Count;)
        {
            var end = begin + 1;
            for (long length = items[begin].Length; end < items.Count && length + items[end].Length <= Group; end++)
            {
                length += items[end].Length;
            }

            Step(items, begin, end, constants, trustRatio, parallel);
            begin = end;
        }
    }

    private static void Step(
        IReadOnlyList<Item> items, int begin, int end, Constants constants, Func<double, double, double> trustRatio,
        ParallelOptions parallel)
    {
        var parts = Split(items, begin, end);
        var squares = new (double Weight, double Update)[parts.Length];
        Parallel.For(0, parts.Length, parallel, i => squares[i] = Moments(items[parts[i].Item], parts[i].Begin, parts[i].End, constants));

        var factors = new float[end - begin];
        for (var (item, at) = (begin, 0); item < end; item++)
        {
            var (weight, update) = (0.0, 0.0);
            for (; at < parts.Length && parts[at].Item == item; at++)
            {
                weight += squares[at].Weight;
                update += squares[at].Update;
            }

            factors[item - begin] = (float)-(
                items[item].Rate * (items[item].IsAdapted ? trustRatio(Math.Sqrt(weight), Math.Sqrt(update)) : 1));
        }

        Parallel.For(
            0,
            parts.Length,
            parallel,
            i => Move(items[parts[i].Item], parts[i].Begin, parts[i].End, constants, factors[parts[i].Item - begin]));
    }

    private static Part[] Split(IReadOnlyList<Item> items, int begin, int end) =>
    [
        .. Enumerable.Range(begin, end - begin).SelectMany(item => Enumerable.Range(0, (items[item].Length + Chunk - 1) / Chunk)
            .Select(chunk => new Part(item, chunk * Chunk, Math.Min(items[item].Length, (chunk + 1) * Chunk)))),
    ];

    private static double Squares(float* values, int begin, int end)
    {
        var total = 0.0;
        for (var from = begin; from < end; from += Flush)
        {
            var to = Math.Min(end, from + Flush);
            Vector256<float> even = default, odd = default;
            var i = from;
            for (; i <= to - 16; i += 16)
            {
                var (one, other) = (Vector256.Load(values + i), Vector256.Load(values + i + 8));
                even = Vector256.FusedMultiplyAdd(one, one, even);
                odd = Vector256.FusedMultiplyAdd(other, other, odd);
            }

            total += Total(even + odd);
            for (; i < to; i++)
            {
                total += (double)values[i] * values[i];
            }
        }

        return total;
    }

    /// <summary>m and v of the step, and Σ w² and Σ u².</summary>
    private static (double Weight, double Update) Moments(Item item, int begin, int end, Constants constants)
    {
        float* w = (float*)item.Weight, g = (float*)item.Gradient, m = (float*)item.Mean, v = (float*)item.Square;
        var (weights, updates) = (0.0, 0.0);
        var decay = (float)item.Decay;
        for (var from = begin; from < end; from += Flush)
        {
            var to = Math.Min(end, from + Flush);
            Vector256<float> weightSum = default, updateSum = default;
            var i = from;
            for (; i <= to - 8; i += 8)
            {
                var gradient = Vector256.Load(g + i) * constants.GradientFactor;
                var mean = Vector256.FusedMultiplyAdd(
                    gradient, Vector256.Create(constants.Share1), Vector256.Load(m + i) * constants.Beta1);
                var square = Vector256.FusedMultiplyAdd(
                    gradient * gradient, Vector256.Create(constants.Share2), Vector256.Load(v + i) * constants.Beta2);
                mean.Store(m + i);
                square.Store(v + i);
                var weight = Vector256.Load(w + i);
                var update = Update(mean, square, weight, constants, decay);
                weightSum = Vector256.FusedMultiplyAdd(weight, weight, weightSum);
                updateSum = Vector256.FusedMultiplyAdd(update, update, updateSum);
            }

            weights += Total(weightSum);
            updates += Total(updateSum);
            for (; i < to; i++)
            {
                var gradient = g[i] * constants.GradientFactor;
                m[i] = MathF.FusedMultiplyAdd(gradient, constants.Share1, m[i] * constants.Beta1);
                v[i] = MathF.FusedMultiplyAdd(gradient * gradient, constants.Share2, v[i] * constants.Beta2);
                var update = Update(m[i], v[i], w[i], constants, decay);
                weights += (double)w[i] * w[i];
                updates += (double)update * update;
            }
        }

        return (weights, updates);
    }

    /// <summary>w of the step.</summary>
    private static void Move(Item item, int begin, int end, Constants constants, float factor)
    {
        float* w = (float*)item.Weight, m = (float*)item.Mean, v = (float*)item.Square;
        var decay = (float)item.Decay;
        var i = begin;
        for (; i <= end - 8; i += 8)
        {
            var weight = Vector256.Load(w + i);
            var update = Update(Vector256.Load(m + i), Vector256.Load(v + i), weight, constants, decay);
            Vector256.FusedMultiplyAdd(update, Vector256.Create(factor), weight).Store(w + i);
        }

        for (; i < end; i++)
        {
            w[i] = MathF.FusedMultiplyAdd(Update(m[i], v[i], w[i], constants, decay), factor, w[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Update(
        Vector256<float> mean, Vector256<float> square, Vector256<float> weight, Constants constants, float decay)
    {
        var root = Vector256.FusedMultiplyAdd(
            Vector256.Sqrt(square), Vector256.Create(constants.RootFactor), Vector256.Create(constants.Epsilon));
        return Vector256.FusedMultiplyAdd(weight, Vector256.Create(decay), mean * constants.MeanFactor / root);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Update(float mean, float square, float weight, Constants constants, float decay)
    {
        var root = MathF.FusedMultiplyAdd(MathF.Sqrt(square), constants.RootFactor, constants.Epsilon);
        return MathF.FusedMultiplyAdd(weight, decay, mean * constants.MeanFactor / root);
    }

    private static double Total(Vector256<float> lanes)
    {
        var total = 0.0;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
        {
            total += lanes[lane];
        }

        return total;
    }
}
