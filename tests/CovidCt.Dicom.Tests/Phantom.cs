using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace CovidCt.Dicom.Tests;

/// <summary>A generated slice and its file: a body of water with lungs, bones, noise and a table.</summary>
internal sealed record Phantom
{
    public const string Name = "Mustermann^Erika", Id = "PATIENT-4711";

    public const string ImplicitSyntax = "1.2.840.10008.1.2", ExplicitSyntax = "1.2.840.10008.1.2.1", DeflatedSyntax = "1.2.840.10008.1.2.1.99";
    public const string BigEndianSyntax = "1.2.840.10008.1.2.2";

    public int Width { get; init; } = 61;
    public int Height { get; init; } = 47;
    public int Allocated { get; init; } = 16;
    public int Stored { get; init; } = 12;
    public int? HighBit { get; init; }
    public bool IsSigned { get; init; }
    public string Syntax { get; init; } = ExplicitSyntax;
    public string Photometric { get; init; } = "MONOCHROME2";
    public string Modality { get; init; } = "CT";
    public string Slope { get; init; } = "1";
    public string Intercept { get; init; } = "-1024";
    public string? Window { get; init; } = "40\\400";

    /// <summary>How many Hounsfield units lungs lie below water.</summary>
    public int LungDepth { get; init; } = 100;

    public int? Padding { get; init; }
    public int? PaddingLimit { get; init; }
    public int Frames { get; init; } = 1;
    public string Series { get; init; } = "1.2.3.4";
    public string ImageType { get; init; } = "ORIGINAL\\PRIMARY\\AXIAL";
    public int Number { get; init; } = 1;
    public string Position { get; init; } = "-100\\-100\\0";
    public string Orientation { get; init; } = "1\\0\\0\\0\\1\\0";
    public string? Spacing { get; init; } = "0.5\\0.75";
    public string? Thickness { get; init; }
    public int Seed { get; init; } = 1;
    public bool IsEnhanced { get; init; }
    public int InterceptStep { get; init; } = 1;
    public byte[][]? Fragments { get; init; }
    public bool HasUndefinedLengths { get; init; } = true;

    /// <summary>Specific Character Set; null where the file has none.</summary>
    public string? CharacterSet { get; init; }

    /// <summary>The patient's name in letters that are a byte each, or in UTF-8 where that is the character set.</summary>
    public string PatientName { get; init; } = Name;

    public string PatientId { get; init; } = Id;

    /// <summary>Whether the file says of patient and study what a scanner says, and not the least alone.</summary>
    public bool IsDocumented { get; init; }

    /// <summary>
    /// Slices at the same distance, whose instances are numbered from the last on: the first at <paramref name="first"/>, the next a
    /// <paramref name="step"/> further.
    /// </summary>
    public IEnumerable<Phantom> Stack(int count, (double X, double Y, double Z) first, (double X, double Y, double Z) step) =>
        Enumerable.Range(0, count).Select(i => this with
        {
            Number = count - i,
            Seed = Seed + i,
            Position = Text($"{first.X + (i * step.X):0.######}\\{first.Y + (i * step.Y):0.######}\\{first.Z + (i * step.Z):0.######}"),
        });

    /// <summary>The stored values of a frame.</summary>
    public int[] Values(int frame = 0)
    {
        var random = new Random(Seed + frame);
        var (least, most) = IsSigned ? (-(1 << (Stored - 1)), (1 << (Stored - 1)) - 1) : (0, (1 << Stored) - 1);
        var water = Stored == 8 ? 120 : IsSigned ? 0 : 1024;
        var values = new int[Width * Height];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = (((i % Width) - (Width / 2.0)) / Width * 2, ((i / Width) - (Height / 2.0)) / Height * 2);
            var isBody = (x * x) + (y * y * 1.4) < 0.8;
            var isLung = Math.Pow(Math.Abs(x) - 0.4, 2) + (y * y) < 0.07;
            var level = !isBody ? least : water + (isLung ? -LungDepth : 0) + (int)(20 * Math.Sin(8 * x)) + random.Next(-6, 7);
            values[i] = Math.Clamp(x is > -0.03 and < 0.03 && isBody ? most - random.Next(3) : level, least, most);
        }

        return values;
    }

    /// <summary>The Hounsfield units of a frame.</summary>
    public double[] Hounsfield(int frame = 0) =>
        Array.ConvertAll(Values(frame), value => (double.Parse(Slope, CultureInfo.InvariantCulture) * value) + double.Parse(Intercept, CultureInfo.InvariantCulture));

    /// <summary>The pixels of a frame as they are stored, the less significant byte first.</summary>
    public byte[] Pixels(int frame = 0)
    {
        var values = Values(frame);
        var shift = (HighBit ?? (Stored - 1)) - Stored + 1;
        var bytes = new byte[values.Length * Allocated / 8];
        for (var i = 0; i < values.Length; i++)
        {
            var bits = (values[i] & ((1 << Stored) - 1)) << shift;
            if (Allocated == 8)
            {
                bytes[i] = (byte)bits;
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)bits);
            }
        }

        return bytes;
    }

    /// <summary>The file.</summary>
    public byte[] File()
    {
        var meta = new Writer(false, false);
        meta.Add(0x0002, 0x0001, "OB", [0, 1]);
        meta.Text(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.2");
        meta.Text(0x0002, 0x0003, "UI", $"1.2.3.4.{Number}");
        meta.Text(0x0002, 0x0010, "UI", Syntax);
        meta.Text(0x0002, 0x0012, "UI", "1.2.3.9");
        var length = new Writer(false, false);
        length.Add(0x0002, 0x0000, "UL", BitConverter.GetBytes(meta.Bytes.Length));
        var body = DataSet();
        return [.. new byte[128], .. "DICM"u8, .. length.Bytes, .. meta.Bytes, .. Syntax == DeflatedSyntax ? Deflated(body) : body];
    }

    private static byte[] Deflated(byte[] data)
    {
        using var deflated = new MemoryStream();
        using (var stream = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(data);
        }

        return [.. deflated.ToArray(), .. new byte[deflated.Length % 2]];
    }

    private byte[] DataSet()
    {
        var set = Writer();
        if (CharacterSet is { } letters)
        {
            set.Text(0x0008, 0x0005, "CS", letters);
        }

        set.Text(0x0008, 0x0008, "CS", ImageType);
        set.Text(0x0008, 0x0016, "UI", IsEnhanced ? "1.2.840.10008.5.1.4.1.1.2.1" : "1.2.840.10008.5.1.4.1.1.2");
        set.Text(0x0008, 0x0018, "UI", $"1.2.3.4.{Number}");
        Documented(0x0008, 0x0020, "DA", "20260131");
        Documented(0x0008, 0x0030, "TM", "101112");
        Documented(0x0008, 0x0050, "SH", "ACC-1");
        set.Text(0x0008, 0x0060, "CS", Modality);
        set.Text(0x0008, 0x0070, "LO", "Maker");
        set.Text(0x0008, 0x0080, "LO", "Hospital");
        Documented(0x0008, 0x0090, "PN", "Referrer^Rita");
        Documented(0x0008, 0x1030, "LO", "Chest");
        set.Text(0x0008, 0x1090, "LO", "Model");
        set.Sequence(0x0008, 0x1140, HasUndefinedLengths, [Item(item => item.Text(0x0008, 0x1155, "UI", "1.2.3"))]);
        set.Add(0x0010, 0x0010, "PN", Even((CharacterSet == "ISO_IR 192" ? Encoding.UTF8 : Encoding.Latin1).GetBytes(PatientName)));
        set.Text(0x0010, 0x0020, "LO", PatientId);
        Documented(0x0010, 0x0030, "DA", "19610203");
        Documented(0x0010, 0x0040, "CS", "F");
        Documented(0x0010, 0x1010, "AS", "064Y");
        Documented(0x0010, 0x1030, "DS", "61.5");
        if (Thickness is { } thickness)
        {
            set.Text(0x0018, 0x0050, "DS", thickness);
        }

        set.Text(0x0020, 0x000D, "UI", "1.2.3");
        set.Text(0x0020, 0x000E, "UI", Series);
        Documented(0x0020, 0x0010, "SH", "STUDY-1");
        set.Text(0x0020, 0x0013, "IS", Number.ToString(CultureInfo.InvariantCulture));
        if (!IsEnhanced)
        {
            set.Text(0x0020, 0x0032, "DS", Position);
            set.Text(0x0020, 0x0037, "DS", Orientation);
        }

        set.Number(0x0028, 0x0002, 1);
        set.Text(0x0028, 0x0004, "CS", Photometric);
        if (Frames > 1)
        {
            set.Text(0x0028, 0x0008, "IS", Frames.ToString(CultureInfo.InvariantCulture));
        }

        set.Number(0x0028, 0x0010, Height);
        set.Number(0x0028, 0x0011, Width);
        if (Spacing is { } spacing)
        {
            set.Text(0x0028, 0x0030, "DS", spacing);
        }

        set.Number(0x0028, 0x0100, Allocated);
        set.Number(0x0028, 0x0101, Stored);
        set.Number(0x0028, 0x0102, HighBit ?? (Stored - 1));
        set.Number(0x0028, 0x0103, IsSigned ? 1 : 0);
        if (Padding is { } padding)
        {
            set.Number(0x0028, 0x0120, padding, IsSigned ? "SS" : "US");
        }

        if (PaddingLimit is { } limit)
        {
            set.Number(0x0028, 0x0121, limit, IsSigned ? "SS" : "US");
        }

        if (!IsEnhanced)
        {
            if (Window is { } window)
            {
                set.Text(0x0028, 0x1050, "DS", window.Split('\\')[0]);
                set.Text(0x0028, 0x1051, "DS", window.Split('\\')[1]);
            }

            set.Text(0x0028, 0x1052, "DS", Intercept);
            set.Text(0x0028, 0x1053, "DS", Slope);
            set.Text(0x0028, 0x1054, "LO", "HU");
        }
        else
        {
            set.Sequence(0x5200, 0x9229, HasUndefinedLengths, [Item(shared =>
                shared.Sequence(0x0020, 0x9116, HasUndefinedLengths, [Item(item => item.Text(0x0020, 0x0037, "DS", Orientation))]))]);
            set.Sequence(0x5200, 0x9230, HasUndefinedLengths, [.. Enumerable.Range(0, Frames).Select(frame => Item(own =>
            {
                own.Sequence(0x0020, 0x9113, HasUndefinedLengths, [Item(item => item.Text(0x0020, 0x0032, "DS", Text($"0\\0\\{5 * frame}")))]);
                own.Sequence(0x0028, 0x9132, HasUndefinedLengths, [Item(item =>
                {
                    item.Text(0x0028, 0x1050, "DS", Text($"{frame}"));
                    item.Text(0x0028, 0x1051, "DS", "100");
                })]);
                own.Sequence(0x0028, 0x9145, HasUndefinedLengths, [Item(item =>
                {
                    item.Text(0x0028, 0x1052, "DS", Text($"{-1000 - (InterceptStep * frame)}"));
                    item.Text(0x0028, 0x1053, "DS", Slope);
                })]);
            }))]);
        }

        if (Fragments is { } fragments)
        {
            set.Fragments(fragments);
        }
        else
        {
            byte[] pixels = [.. Enumerable.Range(0, Frames).SelectMany(Pixels)];
            set.Add(0x7FE0, 0x0010, "OW", set.Swapped([.. pixels, .. new byte[pixels.Length % 2]]));
        }

        return set.Bytes;

        void Documented(int group, int element, string representation, string text)
        {
            if (IsDocumented)
            {
                set.Text(group, element, representation, text);
            }
        }
    }

    private static byte[] Even(byte[] text) => text.Length % 2 == 0 ? text : [.. text, (byte)' '];

    private Writer Writer() => new(Syntax == ImplicitSyntax, Syntax == BigEndianSyntax);

    private byte[] Item(Action<Writer> fill)
    {
        var item = Writer();
        fill(item);
        return item.Bytes;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Writes elements one after the other.</summary>
internal sealed class Writer(bool isImplicit, bool isBigEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public void Text(int group, int element, string representation, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Add(group, element, representation, bytes.Length % 2 == 0 ? bytes : [.. bytes, (byte)(representation == "UI" ? 0 : ' ')]);
    }

    public void Number(int group, int element, int value, string representation = "US") =>
        Add(group, element, representation, Swapped([(byte)value, (byte)(value >> 8)]));

    public void Add(int group, int element, string representation, byte[] value)
    {
        Begin(group, element, representation, (uint)value.Length);
        _bytes.AddRange(value);
    }

    public void Sequence(int group, int element, bool isUndefined, byte[][] items)
    {
        Begin(group, element, "SQ", isUndefined ? uint.MaxValue : (uint)items.Sum(item => item.Length + 8));
        foreach (var item in items)
        {
            Mark(0xE000, isUndefined ? uint.MaxValue : (uint)item.Length);
            _bytes.AddRange(item);
            if (isUndefined)
            {
                Mark(0xE00D, 0);
            }
        }

        if (isUndefined)
        {
            Mark(0xE0DD, 0);
        }
    }

    /// <summary>The first is the basic offset table.</summary>
    public void Fragments(byte[][] fragments)
    {
        Begin(0x7FE0, 0x0010, "OB", uint.MaxValue);
        foreach (var fragment in fragments)
        {
            Mark(0xE000, (uint)(fragment.Length + (fragment.Length % 2)));
            _bytes.AddRange(fragment);
            _bytes.AddRange(new byte[fragment.Length % 2]);
        }

        Mark(0xE0DD, 0);
    }

    public byte[] Swapped(byte[] words) => isBigEndian ? [.. words.Select((_, i) => words[i ^ 1])] : words;

    private void Begin(int group, int element, string representation, uint length)
    {
        Short(group);
        Short(element);
        if (!isImplicit)
        {
            _bytes.AddRange(Encoding.ASCII.GetBytes(representation));
            if (representation is not ("OB" or "OW" or "SQ" or "UN"))
            {
                Short((int)length);
                return;
            }

            Short(0);
        }

        Long(length);
    }

    private void Mark(int element, uint length)
    {
        Short(0xFFFE);
        Short(element);
        Long(length);
    }

    private void Short(int value) => _bytes.AddRange(Swapped([(byte)value, (byte)(value >> 8)]));

    private void Long(uint value)
    {
        var bytes = new byte[4];
        if (isBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        _bytes.AddRange(bytes);
    }
}
