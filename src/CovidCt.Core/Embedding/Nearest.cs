using System.Numerics;
using System.Runtime.CompilerServices;
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        Sort();
        return _indices.AsSpan(0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        }
    }

    /// <summary>Leaves the least, in any order, and lowers the bound to the greatest of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prune()
    {
        var (low, high) = (0, _filled - 1);
        while (low < high)
        {
            var (value, index) = (_values[(low + high) / 2], _indices[(low + high) / 2]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                for (; Before(i, value, index); i++)
                {
                }

                for (; After(j, value, index); j--)
                {
                }

                if (i <= j)
                {
                    (_values[i], _values[j]) = (_values[j], _values[i]);
                    (_indices[i], _indices[j]) = (_indices[j], _indices[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            (low, high) = (i < count ? i : low, j >= count ? j : high);
            if (j < count && i >= count)
            {
                break;
            }
        }

        _filled = count;
        _bound = T.NegativeInfinity;
        foreach (var value in _values.AsSpan(0, count))
        {
            _bound = T.Max(_bound, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Before(int place, T value, int index) => _values[place] < value || (_values[place] == value && _indices[place] < index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool After(int place, T value, int index) => _values[place] > value || (_values[place] == value && _indices[place] > index);

    /// <summary>Puts those left in order; the library's sort of two spans isn't stable.</summary>
    private void Sort()
    {
        _values.AsSpan(0, count).Sort(_indices.AsSpan(0, count));
        for (var begin = 0; begin < count;)
        {
            var end = begin + 1;
            while (end < count && _values[end] == _values[begin])
            {
                end++;
            }

            _indices.AsSpan(begin, end - begin).Sort();
            begin = end;
        }
    }
}
