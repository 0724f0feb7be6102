using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>Selects the least values of a row, one row after another; equal values go by their index.</summary>
internal sealed class Nearest<T>(int count)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _values = new T[(4 * count) + 64];
    private readonly int[] _indices = new int[(4 * count) + 64];
    private int _filled;
    private T _bound;

    /// <summary>The indices of the row's least values, the least first.</summary>
    /// <param name="row">Values, one an index; more than there are to select.</param>
    /// <param name="skip">An index to leave out, or -1.</param>
    public ReadOnlySpan<int> Select(ReadOnlySpan<T> row, int skip)
    {
        _filled = 0;
        _bound = T.PositiveInfinity;
        var vectors = MemoryMarshal.Cast<T, Vector512<T>>(row);
        for (var v = 0; v < vectors.Length; v++)
        {
            var below = Vector512.LessThan(vectors[v], Vector512.Create(_bound));
            if (below != Vector512<T>.Zero)
            {
                var first = v * Vector512<T>.Count;
                for (var bits = below.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                {
                    Offer(row, first + BitOperations.TrailingZeroCount(bits), skip);
                }
            }
        }

        for (var i = vectors.Length * Vector512<T>.Count; i < row.Length; i++)
        {
            Offer(row, i, skip);
        }

        Prune();
        return _indices.AsSpan(0, count);
    }

    private void Offer(ReadOnlySpan<T> row, int index, int skip)
    {
        if (index == skip || !(row[index] < _bound))
        {
            return;
        }

        (_values[_filled], _indices[_filled]) = (row[index], index);
        if (++_filled == _values.Length)
        {
            Prune();
            _bound = _values[count - 1];
        }
    }

    private void Prune()
    {
        _values.AsSpan(0, _filled).Sort(_indices.AsSpan(0, _filled));
        for (var begin = 0; begin < _filled;)
        {
            var end = begin + 1;
            while (end < _filled && _values[end] == _values[begin])
            {
                end++;
            }

            // The sort isn't stable.
            _indices.AsSpan(begin, end - begin).Sort();
            begin = end;
        }

        _filled = Math.Min(_filled, count);
    }
}
