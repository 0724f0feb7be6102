using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>
/// Squared distances of some rows to all rows by one matrix product, each less its row's own squared norm, which changes no order within a
/// row; a row's
/// distance to itself is infinite. Its tensors belong to the dispose scope of whoever made it.
/// </summary>
internal sealed class DeviceDistances
{
    private readonly Tensor _converted;
    private readonly Tensor _norms;

    /// <param name="rows">[N, D], float64, centred.</param>
    /// <param name="type">float32 or float64.</param>
    public DeviceDistances(Tensor rows, ScalarType type)
    {
        (Rows, Type) = (rows, type);
        _converted = rows.to(type);
        _norms = (_converted * _converted).sum(1);
    }

    /// <summary>[N, D], float64.</summary>
    public Tensor Rows { get; }

    public ScalarType Type { get; }

    public long Count => Rows.shape[0];

    /// <summary>The bytes of a row of distances.</summary>
    public long BytesARow => Count * (Type == ScalarType.Float32 ? sizeof(float) : sizeof(double));

    /// <summary>The precision that ranks of so many points are counted with.</summary>
    public static ScalarType TypeFor(long count) => DistanceBlocks.TypeFor(count, Single);

    /// <summary>
    /// float32, unless an application lets matrix products of it be rounded to TF32's 10 bits, which no distance stands: then float64.
    /// </summary>
    public static ScalarType Single => backends.cuda.matmul.allow_tf32 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Distances of some rows.</summary>
    /// <param name="numbers">[B], int64: which.</param>
    /// <returns>[B, N].</returns>
    public Tensor Of(Tensor numbers)
    {
        using var scope = NewDisposeScope();
        var own = numbers.unsqueeze(1);
        return addmm(_norms, _converted.index_select(0, numbers), _converted.t(), 1, -2)
            .scatter_(1, own, full(own.shape, double.PositiveInfinity, Type, own.device))
            .MoveToOuterDisposeScope();
    }
}
