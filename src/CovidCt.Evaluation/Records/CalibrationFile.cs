using CovidCt.Calibration;

namespace CovidCt.Records;

/// <summary>What was fitted to a network's answers after its training: the content of <see cref="RunLayout.Calibration"/>.</summary>
/// <param name="Probability">How its probabilities become calibrated ones.</param>
internal sealed record CalibrationFile(NetworkCalibration Probability)
{
    private const string IsNone = "is no calibration of a network";

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static CalibrationFile Read(string path)
    {
        try
        {
            return JsonFiles.Read<CalibrationFile>(path, IsNone);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{path} {IsNone}: {e.Message}", e);
        }
    }

    public void Write(string path) => JsonFiles.Write(path, this);
}
