using System.Numerics;
using CovidCt.Imaging;

namespace CovidCt.Dicom.Codecs;

/// <summary>
/// The bits of a JPEG-LS scan (ITU-T T.87, section A.1): after a byte FF, one whose highest bit is 0 and counts for nothing.
/// </summary>
internal ref struct JpegLsBits(ReadOnlySpan<byte> data, int at)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at = at;
    private ulong _buffer; // The next bits are the highest.
    private int _count;

    /// <summary>A number of so many bits, at most 16.</summary>
    public int Take(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        Require(count);
        var value = (int)(_buffer >> (64 - count));
        _buffer <<= count;
        _count -= count;
        return value;
    }

    /// <summary>A number in a Golomb code of limited length (section A.5.3).</summary>
    public int Golomb(int k, int limit, int rangeBits)
    {
        var most = limit - rangeBits - 1;
        var zeros = 0;
        while (true)
        {
            Require(1);
            var ahead = Math.Min(BitOperations.LeadingZeroCount(_buffer), _count);
            zeros += ahead;
            if (zeros > most)
            {
                throw Fault("have a code that is longer than its limit");
            }

            if (ahead < _count)
            {
                // One more than the zeros, which together may be all 64.
                _buffer = _buffer << ahead << 1;
                _count -= ahead + 1;
                break;
            }

            (_buffer, _count) = (0, 0);
        }

        return zeros < most ? (zeros << k) + TakeLong(k) : Take(rangeBits) + 1;
    }

    /// <summary>What is wrong here.</summary>
    public readonly ImageRejectedException Fault(string what) => Dicom.Fault.InFrame("JPEG-LS", _at, what);

    private int TakeLong(int count) => count <= 16 ? Take(count) : throw Fault("have a code of more than 16 bits");

    private void Require(int count)
    {
        while (_count <= 48 && _at < _data.Length)
        {
            var next = _data[_at];
            var isStuffed = _at > 0 && _data[_at - 1] == 0xFF && _isWithin;
            if ((isStuffed && next >= 0x80) || (next == 0xFF && (_at + 1 >= _data.Length || _data[_at + 1] >= 0x80)))
            {
                break; // A marker.
            }

            _isWithin = true;
            var bits = isStuffed ? 7 : 8;
            _buffer |= (ulong)next << (64 - bits - _count);
            _count += bits;
            _at++;
        }

        if (_count < count)
        {
            throw Fault("end before the image does");
        }
    }

    // Whether the byte before belongs to the scan, and not to what stands before it.
    private bool _isWithin;
}
