using System.Numerics;
using System.Runtime.InteropServices;
using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>
/// Squared distances from some rows to reference rows, a block of rows at a time, each row less its own squared norm, which changes no
/// order: so a
/// block is one matrix product. Its tensors belong to the dispose scope of whoever made it.
/// </summary>
internal sealed class DistanceBlocks
{
    // A block's distances stay in the processor's caches while they are looked at.
    private const long Elements = 1 << 22;

    // From here on single precision: half the time, and an error in the seventh digit of the greatest distance.
    private const int SinglePrecisionFrom = 20_000;

    // Up to so many distances, they are kept for whoever asks next.
    private const long Kept = 1 << 23;

    private readonly Tensor _rows;
    private readonly Tensor _referenceT;
    private readonly Tensor _norms;
    private Tensor? _all;

    /// <param name="reference">[N, D], float64, centred.</param>
    /// <param name="rows">[M, D] with the same mean taken off; null takes the reference rows, each of which then leaves itself out.</param>
    public DistanceBlocks(Tensor reference, Tensor? rows = null)
    {
        ExcludesSelf = rows is null;
        var type = TypeFor(
            reference.shape[0], reference.device_type == TorchSharp.DeviceType.CPU ? ScalarType.Float32 : DeviceDistances.Single);
        var converted = reference.to(type);
        _norms = (converted * converted).sum(1);
        _referenceT = converted.t();
        _rows = (rows ?? reference).to(type);
        (Count, References) = ((int)_rows.shape[0], (int)reference.shape[0]);
        IsSingle = type == ScalarType.Float32;
    }

    public int Count { get; }

    public int References { get; }

    public bool ExcludesSelf { get; }

    public bool IsSingle { get; }

    /// <summary>The precision of distances to so many rows: float64, and for many what stands for single precision.</summary>
    public static ScalarType TypeFor(long references, ScalarType single) => references >= SinglePrecisionFrom ? single : ScalarType.Float64;

    /// <summary>Each row's own squared norm, which its distances lack.</summary>
    public double[] RowNorms()
    {
        using var scope = NewDisposeScope();
        return (_rows * _rows).sum(1).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <summary>The rows, where they are of single precision.</summary>
    public float[] RowValues() => Values(_rows);

    /// <summary>The reference rows, where they are of single precision.</summary>
    public float[] ReferenceValues() => Values(_referenceT.t());

    /// <summary>Calls <paramref name="row"/> once for every row, on several threads, with its number and its distances.</summary>
    /// <param name="state">What a thread works with.</param>
    public void ForEach<T, TState>(Func<TState> state, RowAction<T, TState> row, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var keep = (long)Count * References <= Kept;
        var size = keep ? Math.Max(1, Count) : (int)Math.Clamp(Elements / References, 32, 4096);
        for (var begin = 0; begin < Count; begin += size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(size, Count - begin);
            var block = _all ?? addmm(_norms, _rows.narrow(0, begin, count), _referenceT, 1, -2).cpu();
            if (keep)
            {
                _all ??= block.MoveToOuterDisposeScope();
            }

            var first = begin;
            Workers.Run(count, 1, (from, to) =>
            {
                var own = state();
                var distances = MemoryMarshal.Cast<byte, T>(block.bytes);
                for (var i = from; i < to; i++)
                {
                    row(first + i, distances.Slice(i * References, References), own);
                }
            }, cancellationToken);
        }
    }

    private static float[] Values(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return rows.cpu().contiguous().data<float>().ToArray();
    }
}

/// <summary>What is done with a row of distances.</summary>
internal delegate void RowAction<T, in TState>(int row, ReadOnlySpan<T> distances, TState state);
