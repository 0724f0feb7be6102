using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Progress;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// Keeps beside each trained network how its probabilities become calibrated ones, and its prediction sets. Its own file stays as it is,
/// and so do predictions.
/// </summary>
internal static class StudyCalibrations
{
    /// <summary>
    /// Fits all anew, which takes no time worth keeping track of, and writes what isn't there as it is: equal predictions leave the same
    /// bytes, and what is there already is not touched.
    /// </summary>
    /// <param name="result">The runs.</param>
    /// <param name="progress">Told of a file that is not what was written.</param>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static void Write(StudyResult result, IProgress<StudyProgress>? progress = null)
    {
        var positive = result.Dataset.Classes[result.Dataset.Positive];
        foreach (var network in result.Runs.GroupBy(run => run.Network))
        {
            List<Prediction> predictions = [.. network.SelectMany(run => run.Predictions)];
            var sets = ConformalSets.OfFolds(predictions, positive, result.Options.SetLevel);
            foreach (var (fold, calibration) in NetworkCalibration.CrossFitted(predictions, positive))
            {
                var run = result.Layout.Run(network.Key, fold);
                if (!IsKept(run, calibration, sets[fold], progress))
                {
                    run.WriteCalibration(calibration, sets[fold]);
                }
            }
        }
    }

    private static bool IsKept(
        RunLayout run, NetworkCalibration? calibration, ConformalSets sets, IProgress<StudyProgress>? progress)
    {
        try
        {
            return KeptFiles.Are(run.Sums, progress, run.Calibration) && (run.ReadCalibration(), run.ReadSets()) == (calibration, sets);
        }
        catch (Exception e) when (e is InvalidDataException or RunFolderException)
        {
            return false;
        }
    }
}
