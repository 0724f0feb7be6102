namespace CovidCt.ImageSharp;

/// <summary>Counts the pixels that the codes of a GIF image stand for (89a, appendix F), without writing any.</summary>
internal static class GifPixels
{
    private const int MostBits = 12;

    /// <summary>Whether the codes are enough for so many pixels.</summary>
    /// <param name="data">From the byte on that says how many bits a code begins with.</param>
    /// <param name="pixels">How many there have to be.</param>
    public static bool Reach(ReadOnlySpan<byte> data, long pixels)
    {
        var least = data[0];
        if (least is 0 or > 11)
        {
            return false;
        }

        Span<int> lengths = stackalloc int[1 << MostBits];
        var clear = 1 << least;
        lengths[..clear].Fill(1);
        var (bits, next, before) = (least + 1, clear + 2, 0);
        var blocks = new Blocks(data[1..]);
        while (pixels > 0 && blocks.TryRead(bits, out var code) && code != clear + 1)
        {
            if (code == clear)
            {
                (bits, next, before) = (least + 1, clear + 2, 0);
                continue;
            }

            var length = code < next && code != clear ? lengths[code] : before + 1;
            if (code > next || length == 0)
            {
                return false;
            }

            pixels -= length;
            if (before > 0 && next < lengths.Length)
            {
                lengths[next++] = before + 1;
                bits += next == 1 << bits && bits < MostBits ? 1 : 0;
            }

            before = length;
        }

        return pixels <= 0;
    }

    /// <summary>Codes of a few bits, the lowest first, from blocks that each say how long they are.</summary>
    private ref struct Blocks(ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _data = data;
        private int _at, _left, _bits;
        private uint _held;

        public bool TryRead(int bits, out int code)
        {
            for (code = 0; _bits < bits; _bits += 8)
            {
                if (_left == 0)
                {
                    _left = _at < _data.Length ? _data[_at++] : 0;
                }

                if (_left == 0 || _at >= _data.Length)
                {
                    return false;
                }

                _held |= (uint)_data[_at++] << _bits;
                _left--;
            }

            code = (int)(_held & ((1u << bits) - 1));
            _held >>= bits;
            _bits -= bits;
            return true;
        }
    }
}
