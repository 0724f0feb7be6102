using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CovidCt.Imaging;

public sealed partial class CanvasOptions
{
    /// <summary>
    /// A colour: in code a tuple such as <c>(123, 116, 103)</c>, in an application's configuration a text such as <c>123, 116, 103</c> or a
    /// section with <c>R</c>, <c>G</c> and <c>B</c>.
    /// </summary>
    /// <param name="R">Red, 0…255.</param>
    /// <param name="G">Green, 0…255.</param>
    /// <param name="B">Blue, 0…255.</param>
    [TypeConverter(typeof(ColourTextConverter))]
    [JsonConverter(typeof(ColourConverter))]
    public readonly record struct Colour(byte R, byte G, byte B)
    {
        /// <summary>The colour of a tuple.</summary>
        public static implicit operator Colour((byte R, byte G, byte B) parts) => new(parts.R, parts.G, parts.B);

        /// <summary>The tuple of a colour.</summary>
        public static implicit operator (byte R, byte G, byte B)(Colour colour) => (colour.R, colour.G, colour.B);
    }
}
