namespace CovidCt.Phantoms;

/// <summary>A phantom patient's anatomy; lengths are in half body widths, values in gray levels.</summary>
/// <param name="Thickness">Half the body's depth.</param>
/// <param name="Wobble">How far the skin strays from an ellipse.</param>
/// <param name="Phase">Where shapes stray, in radians.</param>
/// <param name="Fat">Width of the fat below the skin.</param>
/// <param name="FatGray">Value of the fat.</param>
/// <param name="HeartX">How far the heart lies to the left of the patient.</param>
/// <param name="HeartSize">Its half width.</param>
/// <param name="LungX">How far each lung lies from the middle.</param>
/// <param name="LungWidth">Its half width.</param>
/// <param name="LungHeight">Its half depth, as a share of the body's.</param>
/// <param name="LungGray">Value of the lungs.</param>
/// <param name="Tilt">How far the patient lies turned.</param>
/// <param name="Fill">Share of the image that the body fills.</param>
/// <param name="HazeTurn">Which way the haze without edges thickens, in radians from the back.</param>
/// <param name="HazePower">How steeply it does.</param>
internal sealed record PhantomBody(
    double Thickness,
    double Wobble,
    double Phase,
    double Fat,
    double FatGray,
    double HeartX,
    double HeartSize,
    double LungX,
    double LungWidth,
    double LungHeight,
    double LungGray,
    double Tilt,
    double Fill,
    double HazeTurn,
    double HazePower)
{
    /// <summary>Patients who differ from each other, but as a group not from another group of as many.</summary>
    public static PhantomBody[] Draw(int count, PhantomRandom random)
    {
        double[] thickness = In(0.68, 0.8), wobble = In(0.005, 0.02), phase = In(0, 2 * Math.PI);
        double[] fat = In(0.03, 0.11), fatGray = In(80, 150), heartX = In(0.05, 0.12), heartSize = In(0.24, 0.31);
        double[] lungX = In(0.41, 0.43), lungWidth = In(0.33, 0.37), lungHeight = In(0.72, 0.78), lungGray = In(30, 62);
        double[] tilt = In(-0.06, 0.06), fill = In(0.9, 0.97), hazeTurn = In(-0.9, 0.9), hazePower = In(1.2, 4);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new PhantomBody(
                thickness[i], wobble[i], phase[i], fat[i], fatGray[i], heartX[i], heartSize[i], lungX[i], lungWidth[i],
                lungHeight[i], lungGray[i], tilt[i], fill[i], hazeTurn[i], hazePower[i])),
        ];

        double[] In(double low, double high) => [.. random.Stratified(count).Select(v => low + (high - low) * v)];
    }
}
