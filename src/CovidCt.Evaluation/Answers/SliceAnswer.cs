namespace CovidCt.Answers;

/// <summary>A slice of a series, and what was answered about it.</summary>
/// <param name="Slice">Which slice, from 0 at the feet.</param>
/// <param name="Location">How far along the body it lies, in millimetres towards the head; null where the files don't say it.</param>
/// <param name="LungShare">Which share of it lungs are, in [0, 1].</param>
public sealed record SliceAnswer(int Slice, double? Location, double LungShare)
{
    /// <summary>What was answered, one answer a window; empty where the slice was left out.</summary>
    public IReadOnlyList<Classification> Answers { get; init; } = [];

    /// <summary>Why the slice was left out, in a sentence; null where it was answered about.</summary>
    public string? LeftOut { get; init; }

    /// <summary>
    /// Which share of the map of the positive class lies in the lungs, in [0, 1]; null before <see cref="SeriesMaps.WriteMaps"/>, of a
    /// slice that was left out, and of a map that is 0 everywhere.
    /// </summary>
    public double? MapInLungs { get; init; }

    /// <summary>
    /// The probability of the positive class, in [0, 1], over several windows the mean; null where the slice was left out.
    /// </summary>
    public double? Probability => Answers.Count > 0 ? Answers.Average(answer => answer.Probability) : null;
}
