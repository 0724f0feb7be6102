namespace CovidCt.Data;

/// <summary>What a phantom slice is to be: all of it but <paramref name="Focal"/> is drawn alike in both classes.</summary>
/// <param name="Seed">The seed of the data set.</param>
/// <param name="Patient">Whose slice it is.</param>
/// <param name="Slice">The number of the slice among the patient's.</param>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Level">Where along the body the slice lies, in [0, 1].</param>
/// <param name="Noise">Standard deviation of the noise, in gray levels.</param>
/// <param name="Haze">What is added to the lungs, in gray levels on average over their area.</param>
/// <param name="Focal">Whether the haze lies in ground-glass patches; it is spread over the lungs evenly otherwise.</param>
internal sealed record PhantomSlice(
    int Seed, int Patient, int Slice, int Width, int Height, double Level, double Noise, double Haze, bool Focal);
