using System.Text.Json.Serialization;
using CovidCt.Calibration;

namespace CovidCt.Records;

/// <summary>What was fitted to a network's answers after its training: the content of <see cref="RunLayout.Calibration"/>.</summary>
/// <param name="Probability">How its probabilities become calibrated ones; null where it has no calibration.</param>
/// <param name="Sets">Its prediction sets; null where it has none.</param>
internal sealed record CalibrationFile(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NetworkCalibration? Probability = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ConformalSets? Sets = null)
{
    private const string IsNone = "is no calibration of a network";

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static CalibrationFile Read(string path)
    {
        try
        {
            var file = JsonFiles.Read(path, RecordsJson.Files.CalibrationFile, IsNone);
            return file is { Probability: null, Sets: null } ? throw new ArgumentException("it holds nothing") : file;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{path} {IsNone}: {e.Message}", e);
        }
    }

    public void Write(string path) => JsonFiles.Write(path, this, RecordsJson.Files.CalibrationFile);
}
