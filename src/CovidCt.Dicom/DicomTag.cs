using System.Globalization;

namespace CovidCt.Dicom;

/// <summary>What a data element is about, by its two numbers (PS3.5, section 7.1).</summary>
/// <param name="Group">The first number, such as 0x0028.</param>
/// <param name="Element">The second number, such as 0x0010.</param>
public readonly record struct DicomTag(ushort Group, ushort Element) : IComparable<DicomTag>
{
    /// <summary>Both numbers as one, by which elements are in order.</summary>
    internal uint Number => ((uint)Group << 16) | Element;

    /// <inheritdoc/>
    public int CompareTo(DicomTag other) => Number.CompareTo(other.Number);

    /// <summary>The tag as the standard writes it, with its name where it is one of those that this library reads.</summary>
    /// <returns>A text such as <c>Rows (0028,0010)</c>.</returns>
    public override string ToString()
    {
        var numbers = string.Create(CultureInfo.InvariantCulture, $"({Group:X4},{Element:X4})");
        return Tags.Find(this) is { } known ? $"{known.Name} {numbers}" : numbers;
    }

    /// <summary>Whether one tag comes before another.</summary>
    public static bool operator <(DicomTag left, DicomTag right) => left.Number < right.Number;

    /// <summary>Whether one tag comes after another.</summary>
    public static bool operator >(DicomTag left, DicomTag right) => left.Number > right.Number;

    /// <summary>Whether one tag comes before another or is the same.</summary>
    public static bool operator <=(DicomTag left, DicomTag right) => left.Number <= right.Number;

    /// <summary>Whether one tag comes after another or is the same.</summary>
    public static bool operator >=(DicomTag left, DicomTag right) => left.Number >= right.Number;
}
