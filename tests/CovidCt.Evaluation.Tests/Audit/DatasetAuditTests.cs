using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Phantoms;
using CovidCt.Progress;
using SkiaSharp;

namespace CovidCt.Evaluation.Tests.Audit;

public class DatasetAuditTests
{
    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    public static TheoryData<string> Copies => ["jpeg", "half", "stretched", "cropped", "brighter", "bordered", "mirrored"];

    [Fact]
    [Trait("Category", "Long")]
    public void A_clean_phantom_has_nothing_worth_a_warning()
    {
        using var phantom = new AuditPhantom(16);

        var report = phantom.Audit(new DatasetAuditOptions { GroupBy = GroupBy.Patient, Trees = 10 });

        Assert.All(report.Findings, finding => Assert.True(finding.Verdict <= AuditVerdict.Note, $"{finding.Verdict} {finding.Check}: {finding.Sentence}"));
        Assert.Equal(AuditVerdict.Clean, Finding(report, AuditFinding.Shortcut).Verdict);
        Assert.Equal(AuditVerdict.Clean, Finding(report, AuditFinding.LabelConflicts).Verdict);
        Assert.Equal(AuditVerdict.Clean, Finding(report, AuditFinding.FoldsByPatient).Verdict);
        Assert.Equal(56, report.Images);
        Assert.Equal([("COVID", 28, 8), ("non-COVID", 28, 8)], report.Classes.Select(one => (one.Name, one.Images, one.Patients)));
    }

    [Fact]
    public void Patients_across_folds_are_counted_as_the_folds_have_them()
    {
        using var phantom = new AuditPhantom();
        var dataset = CtDataset.Open(phantom.Folder);
        var expected = Fold.ByImage(dataset, 4, 9).Sum(fold => fold.Test.Count(row =>
            fold.Train.Any(other => dataset.Samples[other].Patient == dataset.Samples[row].Patient)));

        var report = phantom.Audit(new DatasetAuditOptions { Folds = 4, Seed = 9, Trees = 10 });

        var byImage = report.Patients.Folds.Single(folds => folds.GroupBy == GroupBy.Image);
        Assert.Equal((dataset.Samples.Count, expected), (byImage.TestImages, byImage.SharedImages));
        Assert.Equal((double)expected / dataset.Samples.Count, byImage.SharedShare);
        Assert.Equal((0, 0), report.Patients.Folds.Where(folds => folds.GroupBy == GroupBy.Patient).Select(folds => (folds.SharedImages, folds.SharedPatients)).Single());
        Assert.Equal(AuditVerdict.Serious, Finding(report, AuditFinding.FoldsByImage).Verdict);
        Assert.Equal(AuditVerdict.Clean, Finding(report, AuditFinding.FoldsByPatient).Verdict);
    }

    [Fact]
    public void Unknown_patients_are_said_to_be_unknown()
    {
        using var phantom = new AuditPhantom();
        phantom.WriteManifest(patients: false);

        var report = phantom.Audit();

        Assert.Contains("unknown", Finding(report, AuditFinding.FoldsByImage).Sentence, StringComparison.Ordinal);
        Assert.Equal(AuditVerdict.Serious, Finding(report, AuditFinding.FoldsByPatient).Verdict);
        Assert.Equal((0, report.Images), (report.Patients.Patients, report.Patients.Unknown));
        Assert.All(report.Patients.Folds, folds => Assert.Null(folds.SharedShare));
        Assert.Equal(GroupBy.Image, report.Shortcut!.GroupBy);
    }

    [Fact]
    public void A_split_is_told_to_be_disjoint_or_not()
    {
        using var phantom = new AuditPhantom();
        phantom.WriteManifest(split: patient => patient[^1] switch { '1' or '2' => "test", '3' => "val", _ => "train" });
        var disjoint = phantom.Audit();
        var shared = phantom.Rows[0].Patient;
        var calls = 0;
        phantom.WriteManifest(split: patient => patient == shared ? (calls++ == 0 ? "test" : "train") : "train");
        var leaking = phantom.Audit();

        Assert.Equal(AuditVerdict.Clean, Finding(disjoint, AuditFinding.OfficialSplit).Verdict);
        Assert.Equal(AuditVerdict.Serious, Finding(leaking, AuditFinding.OfficialSplit).Verdict);
        Assert.Equal([shared], leaking.Patients.Split!.SharedPatients);
        Assert.Equal((1, 0), (leaking.Patients.Split.Test, leaking.Patients.Split.Outside));
    }

    [Fact]
    public void Equal_bytes_and_equal_pixels_are_found_and_told_apart()
    {
        using var phantom = new AuditPhantom();
        var png = phantom.Rows.Where(row => row.Path.EndsWith(".png", StringComparison.Ordinal)).ToArray();
        phantom.Add("images/a-file.png", png[0].Label, png[0].Patient, phantom.Read(png[0].Path));
        phantom.Add("images/b-file.png", png[0].Label, "other", phantom.Read(png[0].Path));
        using (var bitmap = phantom.Bitmap(png[1].Path))
        {
            // The encoder's own settings make other bytes of these pixels than the phantom's do.
            using var image = SKImage.FromBitmap(bitmap);
            using var pixels = image.PeekPixels()!;
            using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, 1));
            phantom.Add("images/c-pixels.png", png[1].Label, png[1].Patient, data!.ToArray());
        }

        phantom.WriteManifest();
        var report = phantom.Audit();

        Assert.Equal((2, 1), (report.Duplicates.SameFile, report.Duplicates.SamePixels));
        Assert.Equal(AuditVerdict.Warning, Finding(report, AuditFinding.ExactDuplicates).Verdict);
        Assert.Equal(AuditVerdict.Clean, Finding(report, AuditFinding.LabelConflicts).Verdict);
        Assert.Contains(report.Duplicates.Pairs, pair => pair.Kind == PairKind.SameFile && pair.SamePatient == false && pair.Similarity == 1);
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_slice_under_two_labels_is_found_however_it_was_copied(string copy)
    {
        using var phantom = new AuditPhantom();
        var originals = phantom.Rows.Where(row => row.Label == PhantomDataset.Covid).DistinctBy(row => row.Patient).Take(3).ToArray();
        foreach (var (path, _, _) in originals)
        {
            phantom.Add(CopyOf(path), PhantomDataset.NonCovid, $"copy of {path}", Copy(phantom, path, copy));
        }

        phantom.WriteManifest();
        var report = phantom.Audit();

        var conflicts = report.Duplicates.Pairs.Where(pair => !pair.SameLabel && pair.Kind != PairKind.LookAlike).ToArray();
        Assert.Equal(
            originals.Select(row => (CopyOf(row.Path), row.Path)).Order(),
            conflicts.Select(pair => (pair.First, pair.Second)).Order());
        Assert.All(conflicts, pair => Assert.Equal(copy == "mirrored", pair.Mirrored));
        Assert.Equal(AuditVerdict.Serious, Finding(report, AuditFinding.LabelConflicts).Verdict);
        Assert.Contains(Finding(report, AuditFinding.LabelConflicts).Evidence, line => line.Contains(originals[0].Path, StringComparison.Ordinal));
        Assert.Equal(AuditVerdict.Warning, Finding(report, AuditFinding.FoldsByPatient).Verdict);

        static string CopyOf(string path) => $"a/{Path.GetFileName(path)}.img";
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_shortcut_is_found_and_named()
    {
        using var phantom = new AuditPhantom(12);
        foreach (var (path, label, _) in phantom.Rows.ToArray())
        {
            using var bitmap = phantom.Bitmap(path);
            using var colour = bitmap.Copy(SKColorType.Rgba8888);
            using var transparent = new SKBitmap(new SKImageInfo(bitmap.Width, bitmap.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
            colour.GetPixelSpan().CopyTo(transparent.GetPixelSpan());
            phantom.Replace(path, AuditPhantom.Encode(label == PhantomDataset.Covid ? transparent : bitmap, SKEncodedImageFormat.Png, 100));
        }

        var report = phantom.Audit(new DatasetAuditOptions { Trees = 20 });

        var finding = Finding(report, AuditFinding.Shortcut);
        Assert.Equal(AuditVerdict.Serious, finding.Verdict);
        Assert.Contains("colour type", finding.Sentence, StringComparison.Ordinal);
        Assert.Equal(("colour type", 1.0), (report.Shortcut!.Features[0].Name, report.Shortcut.Features[0].Accuracy));
        Assert.Equal(1.0, report.Shortcut.Groups[0].BalancedAccuracy);
        Assert.Equal(GroupBy.Patient, report.Shortcut.GroupBy);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Files_that_cannot_be_read_are_named_and_the_rest_is_audited()
    {
        using var phantom = new AuditPhantom();
        phantom.Add("a/cut.png", PhantomDataset.Covid, "p900", phantom.Read(phantom.Rows.First(row => row.Path.EndsWith(".png", StringComparison.Ordinal)).Path)[..500]);
        phantom.Add("a/text.png", PhantomDataset.Covid, "p901", "not an image"u8.ToArray());
        phantom.WriteManifest();

        var report = phantom.Audit();

        Assert.Equal(["a/cut.png", "a/text.png"], report.Rejected.Select(rejection => rejection.Path));
        Assert.Equal(phantom.Rows.Count - 2, report.Images);
        Assert.Equal(AuditVerdict.Warning, Finding(report, AuditFinding.UnreadableFiles).Verdict);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Uneven_classes_and_patients_of_several_are_told()
    {
        using var phantom = new AuditPhantom();
        var kept = phantom.Rows.Where(row => row.Label == PhantomDataset.NonCovid || row.Path.EndsWith("-0.png", StringComparison.Ordinal) || row.Path.EndsWith("-0.jpg", StringComparison.Ordinal)).ToArray();
        phantom.Rows.Clear();
        phantom.Rows.AddRange(kept);
        var covid = kept.First(row => row.Label == PhantomDataset.Covid);
        phantom.Rows[phantom.Rows.IndexOf(covid)] = covid with { Patient = kept.First(row => row.Label == PhantomDataset.NonCovid).Patient };
        phantom.WriteManifest();

        var report = phantom.Audit();

        Assert.Equal(AuditVerdict.Note, Finding(report, AuditFinding.ClassBalance).Verdict);
        Assert.Single(report.Patients.OfSeveralClasses);
        Assert.Equal(AuditVerdict.Note, Finding(report, AuditFinding.PatientLabels).Verdict);
    }

    [Fact]
    public void Equal_options_give_equal_reports_and_progress_ascends()
    {
        using var phantom = new AuditPhantom();
        var steps = new List<StepProgress>();

        var first = AuditJson.ToJson(phantom.Audit(progress: new Relay<StepProgress>(steps.Add)));
        var second = AuditJson.ToJson(phantom.Audit());

        Assert.Equal(first, second);
        Assert.Equal(steps, steps.OrderBy(step => step.Kind).ThenBy(step => step.Done));
        Assert.All((StepKind[])[StepKind.Reading, StepKind.Comparing, StepKind.Probing], step => Assert.Equal(
            steps.First(one => one.Kind == step).Total, steps.Where(one => one.Kind == step).Select(one => one.Done).Distinct().Count()));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void An_audit_that_is_shown_images_decoded_for_others_finds_the_same()
    {
        using var phantom = new AuditPhantom();
        phantom.Add("a/text.png", PhantomDataset.Covid, "p901", "not an image"u8.ToArray());
        phantom.Add("a/cut.png", PhantomDataset.Covid, "p900", phantom.Read(phantom.Rows[0].Path)[..500]);
        phantom.WriteManifest();
        var (dataset, options) = (CtDataset.Open(phantom.Folder), new DatasetAuditOptions { GroupBy = GroupBy.Patient, Trees = 5 });
        var (audit, other) = (new DatasetAudit(dataset, options), new DatasetAudit(dataset, options));

        Assert.Throws<InvalidOperationException>(() => audit.Report(cancellationToken: TestContext.Current.CancellationToken));
        dataset.Decode(new SkiaImageDecoder(), [audit, other], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            AuditJson.ToJson(phantom.Audit()),
            AuditJson.ToJson(audit.Report(cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData(StepKind.Reading)]
    [InlineData(StepKind.Comparing)]
    [InlineData(StepKind.Probing)]
    public void It_can_be_cancelled_in_every_step(StepKind at)
    {
        using var phantom = new AuditPhantom(4);
        using var cancellation = new CancellationTokenSource();
        var dataset = CtDataset.Open(phantom.Folder);

        Assert.ThrowsAny<OperationCanceledException>(() => DatasetAudit.Run(
            dataset, new DatasetAuditOptions { Folds = 2 }, new Relay<StepProgress>(progress =>
            {
                if (progress.Kind == at)
                {
                    cancellation.Cancel();
                }
            }), cancellationToken: cancellation.Token));
    }

    [Fact]
    public void A_handful_of_images_is_audited_too()
    {
        using var phantom = new AuditPhantom(4);
        var two = new[] { phantom.Rows.First(row => row.Label == PhantomDataset.Covid), phantom.Rows.First(row => row.Label == PhantomDataset.NonCovid) };
        phantom.Rows.Clear();
        phantom.Rows.AddRange(two);
        phantom.WriteManifest();

        var report = phantom.Audit();

        Assert.Null(report.Shortcut);
        Assert.Empty(report.Patients.Folds);
        Assert.Equal(AuditVerdict.Note, Finding(report, AuditFinding.Shortcut).Verdict);
        Assert.DoesNotContain("NaN", AuditJson.ToJson(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        using var phantom = new AuditPhantom(4);
        Assert.Contains("Folds", Assert.Throws<ArgumentException>(() => phantom.Audit(new() { Folds = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("Seed", Assert.Throws<ArgumentException>(() => phantom.Audit(new() { Seed = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("LookAlike", Assert.Throws<ArgumentException>(() => phantom.Audit(new() { SameSlice = 0.7, LookAlike = 0.8 })).Message, StringComparison.Ordinal);
    }

    private static AuditFinding Finding(DatasetAuditReport report, string check) => Assert.Single(report.Findings, finding => finding.Check == check);

    private static byte[] Copy(AuditPhantom phantom, string path, string how)
    {
        using var bitmap = phantom.Bitmap(path);
        var (width, height) = (bitmap.Width, bitmap.Height);
        using var changed = how switch
        {
            "half" => Draw(width / 2, height / 2, new SKRect(0, 0, width / 2, height / 2)),
            "stretched" => Draw(224, 224, new SKRect(0, 0, 224, 224)),
            "cropped" => Draw(width - 7, height - 5, new SKRect(-4, -2, width - 4, height - 2)),
            "brighter" => Draw(width, height, new SKRect(0, 0, width, height), 30),
            "bordered" => Draw(width + 40, height + 24, new SKRect(20, 12, width + 20, height + 12)),
            "mirrored" => Draw(width, height, new SKRect(0, 0, width, height), mirrored: true),
            _ => bitmap.Copy(),
        };
        return AuditPhantom.Encode(changed, how is "jpeg" or "mirrored" ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, how == "jpeg" ? 50 : 90);

        SKBitmap Draw(int newWidth, int newHeight, SKRect target, int brighter = 0, bool mirrored = false)
        {
            var drawn = new SKBitmap(new SKImageInfo(newWidth, newHeight, SKColorType.Gray8, SKAlphaType.Opaque));
            using var canvas = new SKCanvas(drawn);
            using var image = SKImage.FromBitmap(bitmap);
            canvas.Clear(SKColors.White);
            if (mirrored)
            {
                canvas.Scale(-1, 1, newWidth / 2f, 0);
            }

            canvas.DrawImage(image, target, Smooth);
            canvas.Flush();
            foreach (ref var pixel in drawn.GetPixelSpan())
            {
                pixel = (byte)Math.Min(255, pixel + brighter);
            }

            return drawn;
        }
    }
}
