using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>An axial slice in Hounsfield units.</summary>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Hounsfield">
/// <see cref="Width"/> × <see cref="Height"/> values, row by row, each row from the patient's right to the left, rows from front to back;
/// NaN where nothing was measured, such as outside of the scanner's circle.
/// </param>
/// <exception cref="ArgumentException">There are more or fewer values than pixels.</exception>
public sealed record CtSlice(int Width, int Height, float[] Hounsfield)
{
    /// <summary>Hounsfield units row by row.</summary>
    public float[] Hounsfield { get; } = Hounsfield.LongLength == (long)Width * Height
        ? Hounsfield
        : throw new ArgumentException($"{Width}×{Height} values were expected, {Hounsfield.Length} given.", nameof(Hounsfield));

    /// <summary>The window that its file asks for; null where it asks for none.</summary>
    public CtWindow? Window { get; init; }

    /// <summary>The slice in 8-bit gray through a window; black where nothing was measured.</summary>
    /// <param name="window">Which Hounsfield units are shown; null takes <see cref="Window"/>, that of the file.</param>
    /// <exception cref="ImageRejectedException">The file's own window is asked for, and it has none.</exception>
    public GrayImage ToGray(CtWindow? window)
    {
        window ??= Window ?? throw new ImageRejectedException("The file asks for no window of its own: name one.");
        var pixels = new byte[Hounsfield.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            if (!float.IsNaN(Hounsfield[i]))
            {
                pixels[i] = window.Gray(Hounsfield[i]);
            }
        }

        return new(Width, Height, pixels);
    }
}
