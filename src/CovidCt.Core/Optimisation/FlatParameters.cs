using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Optimisation;

/// <summary>
/// Parameters as views of one buffer, so that one operator does to all of them what would otherwise take one for each.
/// </summary>
/// <remarks>
/// The buffer is float32 [rows, <see cref="RowLength"/>]. Each parameter begins a row and lies in its own memory order; zeros
/// fill up its last row. Those of more than one dimension come first: what mixed precision rounds then lies together. The
/// parameters keep the buffer's memory alive when this is disposed.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    /// <summary>How many values a row has: so many that batch norms waste little, and a sum of rows is short.</summary>
    public const int RowLength = 1024;

    private readonly Piece[] _pieces;
    private readonly int[] _order;
    private readonly Device _device;
    private readonly Dictionary<(ScalarType Type, long Length), Tensor> _zeros = [];

    /// <summary>Moves parameters into a buffer; their values, shapes and gradients stay.</summary>
    public FlatParameters(IReadOnlyList<Parameter> parameters)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        _device = parameters[0].device;
        _order = [.. Enumerable.Range(0, parameters.Count).OrderBy(index => parameters[index].dim() > 1 ? 0 : 1)];
        _pieces = new Piece[parameters.Count];
        foreach (var index in _order)
        {
            _pieces[index] = Piece.Of(parameters[index], Rows);
            Rows += _pieces[index].Rows;
        }

        Values = Gather(parameters).DetachFromDisposeScope();
        for (var index = 0; index < parameters.Count; index++)
        {
            parameters[index].set_(View(Values, index));
        }
    }

    /// <summary>The buffer.</summary>
    public Tensor Values { get; }

    /// <summary>How many rows the buffer has.</summary>
    public long Rows { get; }

    /// <summary>Whether parameters can share a buffer: float32 on one device, each of them once.</summary>
    public static bool CanHold(IReadOnlyList<Parameter> parameters) =>
        parameters.Distinct(ReferenceEqualityComparer.Instance).Count() == parameters.Count
        && parameters.All(parameter => parameter.dtype == ScalarType.Float32 && parameter.numel() > 0)
        && parameters.Select(parameter => parameter.device.ToString()).Distinct().Count() == 1;

    /// <summary>The rows of a parameter.</summary>
    public (long First, long Count) RowsOf(int index) => (_pieces[index].Row, _pieces[index].Rows);

    /// <summary>A view of a parameter's place in a buffer like this one, in the parameter's shape and memory order.</summary>
    public Tensor View(Tensor buffer, int index)
    {
        var piece = _pieces[index];
        return buffer.as_strided(piece.Shape, piece.Strides, piece.Row * RowLength);
    }

    /// <summary>A buffer of zeros like this one.</summary>
    public Tensor Zeros(ScalarType type) => zeros([Rows, RowLength], type, _device);

    /// <summary>A new buffer with these values at the parameters' places.</summary>
    /// <param name="values">For each parameter a tensor of its shape, float32 or of a type that is converted.</param>
    public Tensor Gather(IReadOnlyList<Tensor> values)
    {
        using var scope = NewDisposeScope();
        var runs = new List<(ScalarType Type, long Rows, List<Tensor> Parts)>();
        foreach (var index in _order)
        {
            var (piece, value) = (_pieces[index], values[index]);
            if (runs is not [.., var last] || last.Type != value.dtype)
            {
                last = (value.dtype, 0, []);
                runs.Add(last);
            }

            last.Parts.Add(piece.InMemoryOrder(value));
            if (piece.Padding > 0)
            {
                last.Parts.Add(Padding(piece.Padding, value.dtype));
            }

            runs[^1] = last with { Rows = last.Rows + piece.Rows };
        }

        if (runs is [{ Type: ScalarType.Float32 } only])
        {
            return cat(only.Parts).view(-1, RowLength).MoveToOuterDisposeScope();
        }

        var gathered = empty([Rows, RowLength], ScalarType.Float32, _device);
        var row = 0L;
        foreach (var run in runs)
        {
            gathered.narrow(0, row, run.Rows).copy_(cat(run.Parts).view(-1, RowLength));
            row += run.Rows;
        }

        return gathered.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        foreach (var zero in _zeros.Values)
        {
            zero.Dispose();
        }
    }

    private Tensor Padding(long length, ScalarType type)
    {
        if (!_zeros.TryGetValue((type, length), out var values))
        {
            values = zeros(length, type, _device).DetachFromDisposeScope();
            _zeros.Add((type, length), values);
        }

        return values;
    }

    /// <summary>Where a parameter lies.</summary>
    private sealed record Piece(long Row, long Rows, long Padding, long[] Shape, long[] Strides, bool IsChannelsLast)
    {
        public static Piece Of(Parameter parameter, long row)
        {
            var isLast = parameter.dim() == 4 && !parameter.is_contiguous() && parameter.permute(0, 2, 3, 1).is_contiguous();
            var rows = (parameter.numel() + RowLength - 1) / RowLength;
            return new(row, rows, (rows * RowLength) - parameter.numel(), parameter.shape, StridesOf(parameter.shape, isLast), isLast);
        }

        public Tensor InMemoryOrder(Tensor value) => (IsChannelsLast ? value.permute(0, 2, 3, 1) : value).reshape(-1);

        private static long[] StridesOf(long[] shape, bool isChannelsLast)
        {
            var strides = new long[shape.Length];
            var next = 1L;
            foreach (var axis in isChannelsLast ? [1, 3, 2, 0] : Enumerable.Range(0, shape.Length).Reverse())
            {
                strides[axis] = next;
                next *= shape[axis];
            }

            return strides;
        }
    }
}
