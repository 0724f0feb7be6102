using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using CovidCt.Data;
using SkiaSharp;

namespace CovidCt.Phantoms;

/// <summary>
/// Writes a synthetic data set for trying out the library: chest-like slices of patients with and without ground-glass
/// patches. It is drawn, not measured; nothing about real scans can be learned from it.
/// </summary>
/// <remarks>
/// Nothing but the patches tells the classes apart. Both classes hold as many patients, slices and files of each
/// format; size, noise, compression, the amount of haze and the mean gray level are drawn from equal parts of one
/// distribution, and the haze that forms patches in the one class is spread over the lungs in the other.
/// </remarks>
public static class PhantomDataset
{
    /// <summary>The class with patches.</summary>
    public const string Covid = "COVID";

    /// <summary>The class without.</summary>
    public const string NonCovid = "non-COVID";

    private const double PatchShare = 0.85;

    private enum Format
    {
        GrayPng,
        RgbPng,
        RgbaPng,
        Jpeg,
    }

    private sealed record File(string Path, string Label, string Patient, PhantomSlice Slice, Format Format, int Quality, double MeanRank)
    {
        public float[] Pixels { get; set; } = [];

        public bool[]? Findings { get; set; }

        public string FindingsPath { get; } = $"findings/{System.IO.Path.GetFileNameWithoutExtension(Path)}.png";
    }

    /// <summary>
    /// Writes the images, for those with patches a picture of where these are, and then <c>manifest.csv</c>
    /// (<c>path,label,patient,findings</c>), which <c>CtDataset.Open</c> reads.
    /// </summary>
    /// <param name="folder">Made when missing; files of the same names are replaced.</param>
    /// <param name="options">How large a data set, and which one.</param>
    /// <param name="cancellationToken">Cancels between images; the manifest is then not written.</param>
    /// <returns>The number of images.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static int Write(string folder, PhantomOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);
        if (options.Patients % 2 != 0)
        {
            throw new ArgumentException(
                $"{nameof(PhantomOptions.Patients)} is {options.Patients}; half of them are of each class, so give an even number.");
        }

        // The manifest says that all images are there: an older one goes first, the new one comes last.
        var manifestFile = Path.Combine(folder, ManifestReader.FileName);
        if (System.IO.File.Exists(manifestFile))
        {
            System.IO.File.Delete(manifestFile);
        }

        var files = Plan(options);
        InParallel(files.Count, i => (files[i].Pixels, files[i].Findings) = PhantomAnatomy.Draw(files[i].Slice), cancellationToken);
        var targets = MeanTargets(files);
        InParallel(
            files.Count,
            i => Write(folder, files[i], targets[i]),
            cancellationToken);

        var manifest = new StringBuilder("path,label,patient,findings\n");
        foreach (var file in files)
        {
            manifest.Append(
                CultureInfo.InvariantCulture,
                $"{file.Path},{file.Label},{file.Patient},{(file.Findings is null ? "" : file.FindingsPath)}\n");
        }

        AtomicFile.WriteAllText(manifestFile, manifest.ToString());
        return files.Count;
    }

    private static void Write(string folder, File file, double mean)
    {
        AtomicFile.WriteAllBytes(Path.Combine(folder, file.Path), Encode(file, file.Format, WithMean(file.Pixels, mean)));
        if (file.Findings is { } findings)
        {
            AtomicFile.WriteAllBytes(
                Path.Combine(folder, file.FindingsPath),
                Encode(file, Format.GrayPng, Array.ConvertAll(findings, marked => marked ? byte.MaxValue : byte.MinValue)));
        }
    }

    private static void InParallel(int count, Action<int> act, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(
                0,
                count,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
                act);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static List<File> Plan(PhantomOptions options)
    {
        // Names in random order, so that they don't tell the class either.
        int[] names = [.. Enumerable.Range(1, options.Patients)];
        new PhantomRandom((int)options.Seed, 10).Shuffle<int>(names);
        var half = options.Patients / 2;
        List<File> files = [.. PlanClass((int)options.Seed, true, names[..half]), .. PlanClass((int)options.Seed, false, names[half..])];
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static IEnumerable<File> PlanClass(int seed, bool covid, int[] patients)
    {
        // Three and four slices by turns: both classes get as many.
        (int Patient, int Slice)[] slices =
            [.. Enumerable.Range(0, patients.Length).SelectMany(p => Enumerable.Range(0, 3 + p % 2).Select(s => (p, s)))];
        var random = new PhantomRandom(seed, 11, covid ? 1 : 0);
        var bodies = PhantomBody.Draw(patients.Length, random);
        double[] width = In(180, 331), aspect = In(1.1, 1.55), air = In(8, 40), window = In(0.85, 1.1), noise = In(3, 8);
        double[] haze = In(14, 28), format = In(0, 4), quality = In(82, 96), mean = In(0, 1);
        for (var i = 0; i < slices.Length; i++)
        {
            int patient = patients[slices[i].Patient], slice = slices[i].Slice;
            var name = FormattableString.Invariant($"p{patient:000}");
            var type = (Format)(int)format[i];
            var extension = type == Format.Jpeg ? "jpg" : "png";
            yield return new(
                FormattableString.Invariant($"images/{name}-{slice}.{extension}"),
                covid ? Covid : NonCovid,
                name,
                new(
                    seed, patient, bodies[slices[i].Patient], slice, (slice + 0.5) / 4, (int)width[i],
                    (int)(width[i] / aspect[i]), air[i], window[i], noise[i], haze[i], covid ? PatchShare : 0),
                type,
                (int)quality[i],
                mean[i]);
        }

        double[] In(double low, double high) => [.. random.Stratified(slices.Length).Select(v => low + (high - low) * v)];
    }

    /// <summary>
    /// The mean gray level of each image: the r-th darkest of a class is moved to the r-th part of the distribution of
    /// both, so that the classes' means are distributed alike and no image is moved far.
    /// </summary>
    private static double[] MeanTargets(List<File> files)
    {
        double[] means = [.. files.Select(f => f.Pixels.Average(v => (double)v))];
        double[] pooled = [.. means.Order()];
        var targets = new double[files.Count];
        foreach (var members in Enumerable.Range(0, files.Count).GroupBy(i => files[i].Label))
        {
            int[] ranked = [.. members.OrderBy(i => means[i])];
            for (var r = 0; r < ranked.Length; r++)
            {
                var place = (r + files[ranked[r]].MeanRank) / ranked.Length * (pooled.Length - 1);
                var below = (int)place;
                targets[ranked[r]] = pooled[below] + (place - below) * (pooled[Math.Min(below + 1, pooled.Length - 1)] - pooled[below]);
            }
        }

        return targets;
    }

    /// <summary>Shifts, clamps and rounds to bytes whose mean is the target to within a fraction of a level.</summary>
    private static byte[] WithMean(float[] pixels, double target)
    {
        double low = -128, high = 128;
        var gray = new byte[pixels.Length];
        for (var step = 0; step < 14; step++)
        {
            var shift = (float)((low + high) / 2);
            long sum = 0;
            for (var i = 0; i < pixels.Length; i++)
            {
                gray[i] = (byte)Math.Clamp(pixels[i] + shift + 0.5f, 0, 255);
                sum += gray[i];
            }

            if (sum > target * pixels.Length)
            {
                high = shift;
            }
            else
            {
                low = shift;
            }
        }

        return gray;
    }

    private static byte[] Encode(File file, Format format, byte[] gray)
    {
        int width = file.Slice.Width, height = file.Slice.Height;
        var single = format == Format.GrayPng;
        var bytes = gray;
        if (!single)
        {
            bytes = new byte[4 * gray.Length];
            for (var i = 0; i < gray.Length; i++)
            {
                bytes.AsSpan(4 * i, 3).Fill(gray[i]);
                bytes[4 * i + 3] = 255;
            }
        }

        var alpha = format == Format.RgbaPng ? SKAlphaType.Unpremul : SKAlphaType.Opaque;
        var info = new SKImageInfo(width, height, single ? SKColorType.Gray8 : SKColorType.Rgba8888, alpha);
        using var image = SKImage.FromPixelCopy(info, bytes, info.RowBytes);
        using var data = image.Encode(
            format == Format.Jpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, file.Quality);
        return data.ToArray();
    }
}
