namespace CovidCt.Dicom.Codecs;

/// <summary>A Huffman table (ITU-T T.81, annex C): codes of up to 16 bits, ascending with their lengths.</summary>
internal sealed class JpegHuffmanTable
{
    private const int LookupBits = 9;

    // Of each beginning of a code: value and length; length 0 where the code is longer.
    private readonly (byte Value, byte Length)[] _lookup = new (byte, byte)[1 << LookupBits];
    private readonly int[] _codeAfter = new int[17], _firstValue = new int[17];
    private readonly byte[] _values;

    private JpegHuffmanTable(ReadOnlySpan<byte> values) => _values = values.ToArray();

    /// <summary>The table of so many codes of each length, and their values; null where there are more codes than fit.</summary>
    public static JpegHuffmanTable? Of(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        var table = new JpegHuffmanTable(values);
        var (code, value) = (0, 0);
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            table._firstValue[length] = value - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, value++)
            {
                if (code >= 1 << length)
                {
                    return null;
                }

                if (length <= LookupBits)
                {
                    var shift = LookupBits - length;
                    table._lookup.AsSpan(code << shift, 1 << shift).Fill((values[value], (byte)length));
                }
            }

            table._codeAfter[length] = code;
        }

        return table;
    }

    /// <summary>The next value.</summary>
    public int Decode(ref JpegBits bits)
    {
        var next = bits.Peek16();
        var (value, length) = _lookup[next >> (16 - LookupBits)];
        if (length > 0)
        {
            bits.Skip(length);
            return value;
        }

        for (length = LookupBits + 1; length <= 16; length++)
        {
            var code = next >> (16 - length);
            if (code < _codeAfter[length] && code + _firstValue[length] is >= 0 and var index && index < _values.Length)
            {
                bits.Skip(length);
                return _values[index];
            }
        }

        throw bits.Fault("have a code that is in no Huffman table");
    }
}
