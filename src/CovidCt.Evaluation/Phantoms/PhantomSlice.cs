namespace CovidCt.Phantoms;

/// <summary>What a phantom slice is to be: all of it but <paramref name="Patches"/> is drawn alike in both classes.</summary>
/// <param name="Seed">The seed of the data set.</param>
/// <param name="Patient">Whose slice it is.</param>
/// <param name="Body">The patient's anatomy.</param>
/// <param name="Slice">The number of the slice among the patient's.</param>
/// <param name="Level">Where along the body the slice lies, in [0, 1] from the top.</param>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Air">Gray level of the air around the body.</param>
/// <param name="Window">Contrast: the factor on differences in gray level.</param>
/// <param name="Noise">Standard deviation of the noise, in gray levels.</param>
/// <param name="Haze">What is added to the lungs, in gray levels on average over their area.</param>
/// <param name="Patches">The share of the haze that lies in ground-glass patches; the rest has no edges.</param>
internal sealed record PhantomSlice(
    int Seed,
    int Patient,
    PhantomBody Body,
    int Slice,
    double Level,
    int Width,
    int Height,
    double Air,
    double Window,
    double Noise,
    double Haze,
    double Patches);
