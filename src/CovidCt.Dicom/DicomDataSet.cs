using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>The elements of a file, or of an item of a sequence, in the order of their tags.</summary>
/// <remarks>
/// An element without a value counts as missing. What is read here may tell who the patient is; no message of this library repeats it.
/// </remarks>
public sealed class DicomDataSet
{
    private readonly List<DicomElement> _elements;
    private DicomDataSet? _outer;

    internal DicomDataSet(List<DicomElement> elements)
    {
        _elements = elements;
        foreach (var item in elements.SelectMany(element => element.Items ?? []))
        {
            item._outer = this;
        }
    }

    /// <summary>The tags that are there, ascending.</summary>
    public IEnumerable<DicomTag> Tags => _elements.Select(element => element.Tag);

    /// <summary>An element as text, without spaces around it.</summary>
    /// <param name="tag">Which element.</param>
    /// <returns>The text, in which <c>\</c> parts several values; null where there is none.</returns>
    /// <exception cref="ImageRejectedException">The element isn't text.</exception>
    public string? Text(DicomTag tag)
    {
        if (Find(tag) is not { } element)
        {
            return null;
        }

        if (Representation(element) is not ("AE" or "AS" or "CS" or "DA" or "DS" or "DT" or "IS" or "LO" or "LT" or "PN" or "SH" or "ST"
            or "TM" or "UC" or "UI" or "UR" or "UT"))
        {
            throw Fault.Of(tag, element.Offset, "is no text");
        }

        var text = Encoding(element).GetString(element.Value.Span).Trim(' ', '\0');
        return text.Length == 0 ? null : text;
    }

    /// <summary>An element's whole numbers: of binary ones (US, SS, UL, SL), or of text (IS).</summary>
    /// <param name="tag">Which element.</param>
    /// <returns>The first of them; null where there is none.</returns>
    /// <exception cref="ImageRejectedException">The element isn't a whole number within ±2^31.</exception>
    public int? WholeNumber(DicomTag tag)
    {
        if (Find(tag) is not { } element)
        {
            return null;
        }

        var value = element.Value.Span;
        return Representation(element) switch
        {
            "US" when value.Length >= 2 => element.IsBigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value),
            "SS" when value.Length >= 2 => element.IsBigEndian
                ? BinaryPrimitives.ReadInt16BigEndian(value) : BinaryPrimitives.ReadInt16LittleEndian(value),
            "SL" when value.Length >= 4 => element.IsBigEndian
                ? BinaryPrimitives.ReadInt32BigEndian(value) : BinaryPrimitives.ReadInt32LittleEndian(value),
            "UL" when value.Length >= 4
                && (element.IsBigEndian
                    ? BinaryPrimitives.ReadInt32BigEndian(value) : BinaryPrimitives.ReadInt32LittleEndian(value))
                is >= 0 and var number => number,
            "IS" when int.TryParse(First(tag), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw Fault.Of(tag, element.Offset, "is no whole number"),
        };
    }

    /// <summary>An element's decimal numbers (DS).</summary>
    /// <param name="tag">Which element.</param>
    /// <returns>All of them, each finite; null where there is none.</returns>
    /// <exception cref="ImageRejectedException">The element holds anything else.</exception>
    public IReadOnlyList<double>? Decimals(DicomTag tag)
    {
        if (Find(tag) is not { } element || Text(tag) is not { } text)
        {
            return null;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return
        [
            .. text.Split('\\').Select(part =>
                double.TryParse(part.Trim(' ', '\0'), style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? number
                    : throw Fault.Of(tag, element.Offset, "is no decimal number")),
        ];
    }

    /// <summary>The items of a sequence.</summary>
    /// <param name="tag">Which element.</param>
    /// <returns>The items; none where there is no such element.</returns>
    /// <exception cref="ImageRejectedException">The element isn't a sequence.</exception>
    public IReadOnlyList<DicomDataSet> Items(DicomTag tag) =>
        Find(tag) is not { } element ? [] : element.Items ?? throw Fault.Of(tag, element.Offset, "is no sequence");

    // An item that names none has that of the data set around it (PS3.3, section C.12.1.1.2).
    private string? CharacterSet => First(Dicom.Tags.SpecificCharacterSet) ?? _outer?.CharacterSet;

    /// <summary>The element; null where it isn't there or has no value.</summary>
    internal DicomElement? Find(DicomTag tag)
    {
        var (first, after) = (0, _elements.Count);
        while (first < after)
        {
            var middle = (first + after) / 2;
            if (_elements[middle].Tag < tag)
            {
                first = middle + 1;
            }
            else
            {
                after = middle;
            }
        }

        return first < _elements.Count && _elements[first] is var found && found.Tag == tag
            && (found.Items is not null || found.Fragments is not null || !found.Value.IsEmpty)
            ? found
            : null;
    }

    /// <summary>The first of several texts; null where there is none.</summary>
    internal string? First(DicomTag tag) => Text(tag)?.Split('\\')[0].Trim(' ', '\0');

    private static string Representation(DicomElement element) =>
        element.Representation == "UN" && Dicom.Tags.Find(element.Tag) is { } known ? known.Representation : element.Representation;

    private Encoding Encoding(DicomElement element) =>
        element.Representation is not "UI" and not "CS" and not "DS" and not "IS" && element.Tag != Dicom.Tags.SpecificCharacterSet
            && CharacterSet == "ISO_IR 192"
            ? System.Text.Encoding.UTF8
            : System.Text.Encoding.Latin1;
}
