using System.Globalization;

namespace CovidCt.Volumes;

/// <summary>Which Hounsfield units become black, white and the grays between.</summary>
/// <remarks>
/// <para>
/// It is the linear function of PS3.3, section C.11.2.1.2.1, from 0 to 255: of a value x, centre c and width w,
/// 0 where x ≤ c − 0.5 − (w − 1) / 2, 255 where x &gt; c − 0.5 + (w − 1) / 2, and else ((x − (c − 0.5)) / (w − 1) + 0.5) × 255, rounded
/// half up.
/// </para>
/// </remarks>
/// <param name="Centre">The centre in Hounsfield units, finite.</param>
/// <param name="Width">The width in Hounsfield units, at least 1 and finite.</param>
public sealed record CtWindow(double Centre, double Width)
{
    /// <summary>The lung window: centre −600, width 1500.</summary>
    public static CtWindow Lung { get; } = new(-600, 1500);

    /// <summary>The centre in Hounsfield units.</summary>
    public double Centre { get; } = double.IsFinite(Centre) ? Centre : throw new ArgumentOutOfRangeException(nameof(Centre));

    /// <summary>The width in Hounsfield units, at least 1.</summary>
    public double Width { get; } = Width >= 1 && double.IsFinite(Width) ? Width : throw new ArgumentOutOfRangeException(nameof(Width));

    /// <summary>The gray of a value.</summary>
    /// <param name="hounsfield">The value in Hounsfield units.</param>
    /// <returns>0…255.</returns>
    public byte Gray(double hounsfield)
    {
        var (middle, half) = (Centre - 0.5, (Width - 1) / 2);
        return hounsfield <= middle - half ? byte.MinValue
            : hounsfield > middle + half ? byte.MaxValue
            : (byte)Math.Floor(((((hounsfield - middle) / (Width - 1)) + 0.5) * byte.MaxValue) + 0.5);
    }

    /// <summary>
    /// Reads a window: <c>lung</c>, or centre and width as <c>-600/1500</c>, which is how <see cref="ToString"/> writes one.
    /// </summary>
    /// <param name="text">The window.</param>
    /// <returns>Null where it is none.</returns>
    public static CtWindow? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text == "lung" ? Lung
            : text.Split('/') is [var centre, var width] && Number(centre) is { } middle && Number(width) is >= 1 and var breadth
            ? new(middle, breadth)
            : null;

        static double? Number(string part) => double.TryParse(
            part, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null;
    }

    /// <summary>The window as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Centre:R}/{Width:R}");
}
