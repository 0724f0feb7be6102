using System.ComponentModel;
using System.Globalization;

namespace CovidCt.Imaging;

/// <summary>A colour as text: three whole numbers, red, green and blue, with commas between them.</summary>
internal sealed class ColourTextConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        if (value is not string text)
        {
            return base.ConvertFrom(context, culture, value);
        }

        byte[] parts = [.. text.Split(',').Select(part => Part(part, text))];
        return parts is [var red, var green, var blue] ? new CanvasOptions.Colour(red, green, blue) : throw Wrong(text);
    }

    private static byte Part(string part, string text) =>
        byte.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : throw Wrong(text);

    private static FormatException Wrong(string text) =>
        new($"'{text}' is no colour: give three whole numbers from 0 to 255, such as 123, 116, 103.");
}
