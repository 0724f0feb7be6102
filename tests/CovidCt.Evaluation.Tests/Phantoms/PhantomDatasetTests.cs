using System.Security.Cryptography;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Phantoms;
using CovidCt.Tests;
using SkiaSharp;

namespace CovidCt.Evaluation.Tests.Phantoms;

public sealed class PhantomDatasetTests(PhantomDatasetTests.Phantom phantom) : IClassFixture<PhantomDatasetTests.Phantom>
{
    [Fact]
    public void Holds_half_of_its_patients_and_images_in_each_class_and_a_patient_in_one()
    {
        Assert.Equal(210, phantom.Images.Count);
        Assert.Equal(105, phantom.Images.Count(i => i.Label == PhantomDataset.Covid));
        var patients = phantom.Images.GroupBy(i => i.Patient).ToArray();
        Assert.Equal(60, patients.Length);
        Assert.All(patients, p => Assert.Single(p.Select(i => i.Label).Distinct()));
        Assert.All(patients, p => Assert.InRange(p.Count(), 3, 4));
        Assert.Equal(30, patients.Count(p => p.First().Label == PhantomDataset.Covid));
    }

    [Fact]
    public void Varies_in_size_shape_and_format()
    {
        Assert.InRange(phantom.Images.Select(i => (i.Width, i.Height)).Distinct().Count(), 190, 210);
        Assert.All(phantom.Images, i => Assert.InRange(i.Width, 180, 330));
        Assert.All(phantom.Images, i => Assert.InRange((double)i.Width / i.Height, 1.09, 1.57));
        Assert.Equal(
            ["JPEG", "PNG, color type 0", "PNG, color type 2", "PNG, color type 6"],
            phantom.Images.Select(i => i.Format).Distinct().Order(StringComparer.Ordinal));
        Assert.All(phantom.Images, i => Assert.True(i.Opaque && i.IsGray));
    }

    public static TheoryData<string> ShallowFeatures =>
        [.. Phantom.Features.Keys];

    [Theory]
    [MemberData(nameof(ShallowFeatures))]
    public void No_shallow_feature_tells_the_classes_apart(string feature)
    {
        double? area = FiguresOfMerit.AreaUnderCurve(
            phantom.Images.Select(i => (i.Label == PhantomDataset.Covid, Phantom.Features[feature](i))));
        // The standard error of the area with 105 images in each class is 0.04 where nothing is balanced.
        Assert.InRange(area!.Value, 0.44, 0.56);
    }

    [Fact]
    public void The_classes_have_the_same_mean_grays()
    {
        double[] covid = [.. phantom.Of(PhantomDataset.Covid).Select(i => i.Mean).Order()];
        double[] other = [.. phantom.Of(PhantomDataset.NonCovid).Select(i => i.Mean).Order()];
        // Kolmogorov-Smirnov: the largest difference of the distributions.
        double distance = covid.Concat(other).Max(v => Math.Abs(covid.Count(c => c <= v) - other.Count(c => c <= v)) / 105.0);
        Assert.InRange(distance, 0, 0.05);
        Assert.InRange(covid.Max() - covid.Min(), 20, 150);
    }

    [Fact]
    public void The_patches_are_there_to_be_seen()
    {
        // Local haze: how bright the brightest part of the lungs is over their middle gray, vessels blurred away.
        double? area = FiguresOfMerit.AreaUnderCurve(
            phantom.Images.Select(i => (i.Label == PhantomDataset.Covid, i.PatchContrast)));
        Assert.InRange(area!.Value, 0.7, 1);
    }

    [Fact]
    public void The_findings_are_marked_where_the_patches_are()
    {
        var decoder = new SkiaImageDecoder();
        var dataset = CtDataset.Open(phantom.Folder.Path);
        Assert.All(dataset.Samples, sample => Assert.Equal(dataset.Classes[sample.Label] == PhantomDataset.Covid, sample.Findings is not null));
        double brighter = dataset.Samples.Where(sample => sample.Findings is not null).Average(sample =>
        {
            var image = decoder.DecodeFile(dataset.FullPath(sample));
            var findings = decoder.DecodeFile(phantom.Folder[sample.Findings!]);
            Assert.Equal((image.Width, image.Height), (findings.Width, findings.Height));
            bool[] marked = [.. findings.Pixels.Select(gray => gray > 0)];
            Assert.InRange(marked.Count(mark => mark) / (double)marked.Length, 0.005, 0.25);

            // Against the same places mirrored, which lie in the other lung.
            var pairs = Enumerable.Range(0, marked.Length).Where(i => marked[i]).Select(i => (Here: i, There: i - i % image.Width + image.Width - 1 - i % image.Width)).Where(pair => !marked[pair.There]).ToList();
            return pairs.Count == 0 ? 0 : pairs.Average(pair => (double)image.Pixels[pair.Here] - image.Pixels[pair.There]);
        });
        Assert.InRange(brighter, 15, 120);
    }

    [Fact]
    public void The_manifest_lists_every_file_and_no_other()
    {
        string[] listed = [.. phantom.Images.Select(i => i.Path)];
        string[] present =
        [
            .. Directory.GetFiles(phantom.Folder["images"])
                .Select(f => $"images/{Path.GetFileName(f)}").Order(StringComparer.Ordinal),
        ];
        Assert.Equal(present, listed);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        using var folder = new TemporaryFolder();
        var cancel = TestContext.Current.CancellationToken;
        PhantomDataset.Write(folder["a"], new PhantomOptions { Patients = 6, Seed = 3 }, cancel);
        PhantomDataset.Write(folder["b"], new PhantomOptions { Patients = 6, Seed = 3 }, cancel);
        PhantomDataset.Write(folder["c"], new PhantomOptions { Patients = 6, Seed = 4 }, cancel);
        Assert.Equal(Hash(folder["a"]), Hash(folder["b"]));
        Assert.NotEqual(Hash(folder["a"]), Hash(folder["c"]));
    }

    [Fact]
    public void A_cancelled_run_leaves_no_manifest()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["manifest.csv"], "of an older data set");
        Assert.ThrowsAny<OperationCanceledException>(
            () => PhantomDataset.Write(folder.Path, new PhantomOptions(), new CancellationToken(canceled: true)));
        Assert.False(File.Exists(folder["manifest.csv"]));
    }

    [Fact]
    public void A_folder_that_can_t_be_written_is_an_IOException()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["images"], "a file where a folder belongs");
        Assert.ThrowsAny<IOException>(() => PhantomDataset.Write(
            folder.Path, new PhantomOptions { Patients = 4 }, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(folder["manifest.csv"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Refuses_a_number_of_patients_that_can_t_be_shared(int patients)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(
            () => PhantomDataset.Write(folder.Path, new PhantomOptions { Patients = patients }, TestContext.Current.CancellationToken));
    }

    private static string Hash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public sealed record Image(
        string Path, string Label, string Patient, int Width, int Height, string Format, long Bytes, bool Opaque, bool IsGray,
        double Mean, double Deviation, double Median, double AirNoise, double Gradient, double PatchContrast);

    /// <summary>The default phantom data set, written and measured once.</summary>
    public sealed class Phantom : IDisposable
    {
        public Phantom()
        {
            PhantomDataset.Write(Folder.Path, new PhantomOptions());
            var rows = Csv.Read(Folder["manifest.csv"], ["path", "label", "patient", "findings"]).Select(r => r.Fields).ToArray();
            Images = [.. rows.AsParallel().AsOrdered().Select(Measure)];
        }

        public static IReadOnlyDictionary<string, Func<Image, double>> Features { get; } = new Dictionary<string, Func<Image, double>>
        {
            ["width"] = i => i.Width,
            ["height"] = i => i.Height,
            ["aspect"] = i => (double)i.Width / i.Height,
            ["JPEG"] = i => i.Format == "JPEG" ? 1 : 0,
            ["gray PNG"] = i => i.Format == "PNG, color type 0" ? 1 : 0,
            ["RGB PNG"] = i => i.Format == "PNG, color type 2" ? 1 : 0,
            ["RGBA PNG"] = i => i.Format == "PNG, color type 6" ? 1 : 0,
            ["bytes"] = i => i.Bytes,
            ["bytes a pixel"] = i => (double)i.Bytes / (i.Width * i.Height),
            ["mean gray"] = i => i.Mean,
            ["deviation of the gray"] = i => i.Deviation,
            ["median gray"] = i => i.Median,
            ["noise in the air"] = i => i.AirNoise,
            ["mean gradient"] = i => i.Gradient,
            ["name"] = i => int.Parse(i.Patient.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture),
        };

        internal TemporaryFolder Folder { get; } = new();

        public IReadOnlyList<Image> Images { get; }

        public IEnumerable<Image> Of(string label) => Images.Where(i => i.Label == label);

        public void Dispose() => Folder.Dispose();

        private Image Measure(IReadOnlyList<string> row)
        {
            byte[] file = File.ReadAllBytes(Path.Combine(Folder.Path, row[0]));
            // The colour type is byte 25 of a PNG file.
            string format = file[0] == 0x89 ? FormattableString.Invariant($"PNG, color type {file[25]}") : "JPEG";
            using var bitmap = SKBitmap.Decode(file);
            var pixels = bitmap.Pixels;
            int width = bitmap.Width, height = bitmap.Height;
            double[] gray = [.. pixels.Select(p => (double)p.Green)];
            double mean = gray.Average();
            double[] corner = [.. Enumerable.Range(0, 36).Select(k => gray[k / 6 * width + k % 6])];
            double cornerMean = corner.Average();
            double gradient = Enumerable.Range(0, gray.Length - 1).Average(k => Math.Abs(gray[k + 1] - gray[k]));
            return new(
                row[0], row[1], row[2], width, height, format, file.Length,
                pixels.All(p => p.Alpha == 255),
                pixels.All(p => p.Red == p.Green && p.Green == p.Blue),
                mean,
                Math.Sqrt(gray.Average(v => (v - mean) * (v - mean))),
                gray.Order().ElementAt(gray.Length / 2),
                Math.Sqrt(corner.Average(v => (v - cornerMean) * (v - cornerMean))),
                gradient,
                Patchiness(gray, width, height));
        }

        /// <summary>The steepest step of the side regions' smoothed gray, in which patches have edges and haze has none.</summary>
        private static double Patchiness(double[] gray, int width, int height)
        {
            int cell = Math.Max(4, width / 28);
            List<double> steps = [];
            for (int y = height / 4; y < height * 3 / 4 - 2 * cell; y += cell / 2)
            {
                foreach (int from in (int[])[width * 17 / 100, width * 66 / 100])
                {
                    for (int x = from; x < from + width * 17 / 100 - 2 * cell; x += cell / 2)
                        steps.Add(Math.Abs(Mean(x, y) - Mean(x + cell, y)) + Math.Abs(Mean(x, y) - Mean(x, y + cell)));
                }
            }

            steps.Sort();
            return steps[steps.Count * 4 / 5];

            double Mean(int left, int top)
            {
                double sum = 0;
                for (int y = top; y < top + cell; y++)
                {
                    for (int x = left; x < left + cell; x++)
                        sum += gray[y * width + x];
                }

                return sum / (cell * cell);
            }
        }
    }
}
