namespace CovidCt.Imaging;

/// <summary>A decoded slice in 8-bit gray.</summary>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Pixels">
/// <see cref="Width"/> × <see cref="Height"/> values in 0…255, row by row from the top left; colour is reduced to
/// ITU-R 601 luma.
/// </param>
public sealed record GrayImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>
    /// What had to be assumed of the file to decode it, in a whole sentence that a person has to know; null where nothing had to be.
    /// </summary>
    public string? Note { get; init; }

    /// <summary>Pixels a row, at least 1.</summary>
    public int Width { get; } = Width > 0 ? Width : throw new ArgumentOutOfRangeException(nameof(Width));

    /// <summary>Rows, at least 1.</summary>
    public int Height { get; } = Height > 0 ? Height : throw new ArgumentOutOfRangeException(nameof(Height));

    /// <summary>Gray values in 0…255, row by row from the top left.</summary>
    public byte[] Pixels { get; } = Pixels.LongLength == (long)Width * Height
        ? Pixels
        : throw new ArgumentException($"{Width}×{Height} pixels were expected, {Pixels.Length} given.", nameof(Pixels));
}
