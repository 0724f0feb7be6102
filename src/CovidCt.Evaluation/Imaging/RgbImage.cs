namespace CovidCt.Imaging;

/// <summary>A picture in 8-bit colour.</summary>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Pixels">R, G and B in 0…255 of <see cref="Width"/> × <see cref="Height"/> pixels, row by row from the top left.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Pixels a row, at least 1.</summary>
    public int Width { get; } = Width > 0 ? Width : throw new ArgumentOutOfRangeException(nameof(Width));

    /// <summary>Rows, at least 1.</summary>
    public int Height { get; } = Height > 0 ? Height : throw new ArgumentOutOfRangeException(nameof(Height));

    /// <summary>R, G and B in 0…255 of each pixel, row by row from the top left.</summary>
    public byte[] Pixels { get; } = Pixels.LongLength == 3L * Width * Height
        ? Pixels
        : throw new ArgumentException($"{Width}×{Height} pixels of 3 bytes were expected, {Pixels.Length} bytes given.", nameof(Pixels));
}
