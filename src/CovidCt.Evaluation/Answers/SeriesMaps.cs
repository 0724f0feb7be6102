using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Progress;
using CovidCt.Volumes;

namespace CovidCt.Answers;

/// <summary>Where the positive class was seen in a series.</summary>
public static class SeriesMaps
{
    private const int LeastSide = 16;

    /// <summary>
    /// Writes the maps of the slices that were answered about as one volume in the series' own space (NIfTI). Of each voxel it has the map
    /// of the positive class by Grad-CAM as <see cref="ExplainedImage.Heatmap"/> has it, in [0, 1], times the slice's probability of that
    /// class; 0 where a slice was left out.
    /// </summary>
    /// <param name="classifier">What answered.</param>
    /// <param name="volume">The series.</param>
    /// <param name="answer">What was answered.</param>
    /// <param name="path">A file that ends in <c>.nii</c> or <c>.nii.gz</c>, whole or not there.</param>
    /// <param name="options">Through which window slices are explained: the first; null takes the defaults.</param>
    /// <param name="progress">Told how many slices are explained (<see cref="StepKind.Explaining"/>).</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    /// <returns>The answer, whose slices say which share of their maps lies in the lungs.</returns>
    /// <exception cref="ArgumentException">It isn't known where the series' voxels lie, or the answer is of another series.</exception>
    /// <exception cref="ImageRejectedException">A slice can't be read any more.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SeriesClassification WriteMaps(
        this ICtClassifier classifier,
        ICtVolume volume,
        SeriesClassification answer,
        string path,
        SeriesOptions? options = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(answer);
        options ??= new();
        OptionsValidation.ThrowIfInvalid(options);
        if (answer.Slices.Count != volume.Count)
        {
            throw new ArgumentException("The answer is of another series: it has another number of slices.", nameof(answer));
        }

        var geometry = volume.Geometry ?? throw new ArgumentException(
            $"Where the voxels of {volume.Name} lie isn't known, or they are unevenly spaced: {string.Join(" ", volume.Findings)}",
            nameof(volume));
        var lungs = LungMask.Find(volume.Count, volume.TryRead, cancellationToken: cancellationToken);
        var shares = new double?[volume.Count];
        var (explained, total) = (0, answer.Answered.Count());
        NiftiFile.Write(path, geometry, slice =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.Slices[slice].Probability is not { } probability)
            {
                return new float[geometry.Width * geometry.Height];
            }

            var map = Map(classifier, volume.Read(slice).ToGray(options.Windows[0]), answer.Positive);
            shares[slice] = Share(map, lungs.Of(slice));
            progress?.Report(new(StepKind.Explaining, ++explained, total));
            return Array.ConvertAll(map, value => (float)(value * probability));
        });
        return answer with { Slices = [.. answer.Slices.Select(slice => slice with { MapInLungs = shares[slice.Slice] })] };
    }

    private static float[] Map(ICtClassifier classifier, GrayImage image, string label)
    {
        var options = new GradCamOptions { LargestSide = Math.Max(LeastSide, Math.Max(image.Width, image.Height)) };
        return classifier.Explain(image, options, label).Heatmap;
    }

    private static double? Share(float[] map, bool[] lungs)
    {
        var (inside, all) = (0d, 0d);
        for (var i = 0; i < map.Length; i++)
        {
            all += map[i];
            inside += lungs[i] ? map[i] : 0;
        }

        return all > 0 ? inside / all : null;
    }
}
