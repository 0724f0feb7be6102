using CovidCt.Imaging;

namespace CovidCt.Dicom.Codecs;

/// <summary>The bits of a scan (ITU-T T.81, section F.2.2.5): after a byte FF there is a 0 that counts for nothing, or a marker.</summary>
internal ref struct JpegBits(string codec, ReadOnlySpan<byte> data, int at)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at = at;
    private ulong _buffer; // The next bits are the highest.
    private int _count, _padding;

    /// <summary>The next 16 bits, which stay; zeros beyond the end.</summary>
    public int Peek16()
    {
        Fill();
        return (int)(_buffer >> 48);
    }

    /// <summary>Takes bits away, at most 16, after <see cref="Peek16"/>.</summary>
    public void Skip(int count)
    {
        _buffer <<= count;
        _count -= count;
        if (_count < _padding)
        {
            throw Fault("end before the image does");
        }
    }

    /// <summary>
    /// A number of so many bits, at most 16, whose upper half stands for itself and whose lower for negative ones (section F.2.2.1).
    /// </summary>
    public int Extended(int bits)
    {
        if (bits == 0)
        {
            return 0;
        }

        var value = Peek16() >> (16 - bits);
        Skip(bits);
        return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
    }

    /// <summary>Goes on behind the restart marker of a number (section E.2.4).</summary>
    public void Restart(int number)
    {
        Fill();
        while (_at + 2 < _data.Length && _data[_at] == 0xFF && _data[_at + 1] == 0xFF)
        {
            _at++;
        }

        if (_count - _padding > 7 || _at + 1 >= _data.Length || _data[_at] != 0xFF || _data[_at + 1] != 0xD0 + (number & 7))
        {
            throw Fault("have no restart marker where one should be");
        }

        (_at, _buffer, _count, _padding) = (_at + 2, 0, 0, 0);
    }

    /// <summary>What is wrong here.</summary>
    public readonly ImageRejectedException Fault(string what) => Dicom.Fault.InFrame(codec, _at, what);

    private void Fill()
    {
        while (_count <= 48)
        {
            byte next = 0;
            if (_padding > 0 || _at >= _data.Length || (_data[_at] == 0xFF && (_at + 1 >= _data.Length || _data[_at + 1] != 0)))
            {
                _padding += 8;
            }
            else
            {
                next = _data[_at];
                _at += next == 0xFF ? 2 : 1;
            }

            _buffer |= (ulong)next << (56 - _count);
            _count += 8;
        }
    }
}
