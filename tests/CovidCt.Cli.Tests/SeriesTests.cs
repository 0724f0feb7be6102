using System.Text.Json.Nodes;
using CovidCt.Dicom;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Records;
using CovidCt.Tests;
using CovidCt.Volumes;
using Slice = CovidCt.Dicom.Tests.Phantom;

namespace CovidCt.Cli.Tests;

/// <summary>Series of DICOM and NIfTI, as questions and as data.</summary>
[Collection(OneFinishedStudy.Name)]
public sealed class SeriesTests(FinishedStudy study) : IDisposable
{
    private const string PatientName = "Geheimrat^Gustav", PatientId = "ID-0815-XYZ";

    private static readonly Slice Chest = new() { LungDepth = 850, Width = 80, Height = 64, PatientName = PatientName, PatientId = PatientId, Spacing = "4\\4", IsDocumented = true };

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_series_its_NIfTI_and_its_windowed_pictures_have_the_same_probabilities_to_the_bit()
    {
        var folder = WriteSeries("scan", 18, Chest);
        var series = DicomFolder.Read(folder, cancellationToken: TestContext.Current.CancellationToken).Series.Single();
        NiftiFile.Write(_place.PathOf("scan.nii.gz"), series.Geometry!, slice => series.Read(slice).Hounsfield);

        var ofDicom = Probabilities(Ask(folder)["series"]![0]!);
        Assert.Equal(18, ofDicom.Count);
        Assert.Equal(ofDicom, Probabilities(Ask(_place.PathOf("scan.nii.gz"))["series"]![0]!));

        using var classifier = CtClassifier.Load(study.Run);
        var pictures = Enumerable.Range(0, 18).Select(slice => TestImages.GrayPng(series.Read(slice).ToGray(CtWindow.Lung)));
        Assert.Equal(
            ofDicom,
            classifier.Classify([.. pictures.Select(png => new SkiaImageDecoder().Decode(png))], TestContext.Current.CancellationToken)
                .Select(answer => answer.Probability));
        Assert.Equal(ofDicom.Average(), Ask(folder)["series"]![0]!["score"]!.GetValue<double>(), 12);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_is_written_tells_neither_name_nor_number_of_a_patient_unless_DICOM_is_asked_for()
    {
        var folder = WriteSeries("scan", 5, Chest);
        _place.Write("scan/broken.dcm", Chest.File()[..900]);
        _place.Write("scan/other.dcm", (Chest with { Modality = "MR", Series = "1.2.3.5" }).File());
        var asked = _place.Run("predict", folder, "--run", study.Run, "--out", "out", "--maps").Exits(3);
        var data = WriteData(4, 3);
        var audited = _place.Run("audit", "--data", data, "--out", "audit.json").Exits(0);
        var trained = _place.Run("reproduce", "--data", data, "--backbones", FinishedStudy.Network, "--folds", "2", "--epochs", "1", "--batch-size", "4", "--group-by", "patient", "--controls", "none", "--out", "study").Exits(0);

        Assert.All([asked.Output, asked.Errors, audited.Output, audited.Errors, trained.Output, trained.Errors], AssertTellsNobody);
        var written = Directory.GetFiles(_place.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".dcm", StringComparison.Ordinal)).ToList();
        Assert.True(written.Count > 20);
        Assert.All(written, file => AssertTellsNobody(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)) + file));

        _place.Run("predict", _place.PathOf("data/COVID/0"), "--run", study.Run, "--out", "asked", "--dicom").Exits(0);
        Assert.All(Directory.GetFiles(_place.PathOf("asked"), "*.dcm"), file => Assert.Contains(PatientName, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
        Assert.Equal(2, Directory.GetFiles(_place.PathOf("asked"), "*.dcm").Length);
    }

    [Fact]
    public void Maps_lie_in_the_space_of_the_series_and_the_curve_says_how_much_of_them_lies_in_the_lungs()
    {
        var folder = WriteSeries("scan", 5, Chest);
        var outcome = _place.Run("predict", folder, "--run", study.Run, "--out", "out", "--maps", "--json").Exits(0).Json["series"]![0]!;
        var maps = NiftiVolume.Open(outcome["files"]!.AsArray().Select(file => file!.GetValue<string>()).Single(file => file.EndsWith("-maps.nii.gz", StringComparison.Ordinal)));
        var series = DicomFolder.Read(folder, cancellationToken: TestContext.Current.CancellationToken).Series.Single();

        Assert.Equal(series.Geometry, maps.Geometry);
        using var classifier = CtClassifier.Load(study.Run);
        for (var slice = 0; slice < 5; slice++)
        {
            var probability = outcome["slices"]![slice]!["probability"]!.GetValue<double>();
            var map = classifier.Explain(series.Read(slice).ToGray(CtWindow.Lung), new(), "COVID").Heatmap;
            Assert.Equal(map.Select(value => (float)(value * probability)), maps.Read(slice).Hounsfield);
        }

        Assert.All(outcome["slices"]!.AsArray(), slice => Assert.InRange(slice!["mapInLungs"]!.GetValue<double>(), 0, 1));
        Assert.Contains("map_in_lungs", File.ReadLines(Directory.GetFiles(_place.PathOf("out"), "*-curve.csv").Single()).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_rule_is_an_option()
    {
        var folder = WriteSeries("scan", 6, Chest);
        var probabilities = Probabilities(Ask(folder)["series"]![0]!);
        Assert.Equal(probabilities.OrderDescending().Take(2).Average(), Ask(folder, "--rule", "top:2")["series"]![0]!["score"]!.GetValue<double>(), 12);
        Assert.Equal(probabilities.Count(p => p >= 0.25) / 6.0, Ask(folder, "--rule", "share:0.25")["series"]![0]!["score"]!.GetValue<double>(), 12);
        Assert.Equal("COVID", Ask(folder, "--cut", "0")["series"]![0]!["label"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("--rule is 'median'; give mean, top:N", "scan", "--rule", "median")]
    [InlineData("--cut is '2'; give a number from 0 to 1.", "scan", "--cut", "2")]
    [InlineData("--maps and --dicom take --out with them", "scan", "--maps")]
    [InlineData("--window is 'lungs'; give lung, file, or centre and width", "scan", "--window", "lungs")]
    [InlineData("--least-lungs is '2'; give a number from 0 to 1.", "scan", "--least-lungs", "2")]
    [InlineData("is a series, and x.png is none: ask about each by itself.", "scan", "x.png")]
    [InlineData("--rule is for series", "x.png", "--rule", "mean")]
    public void What_cannot_be_asked_is_said_in_one_sentence(string says, params string[] arguments)
    {
        WriteSeries("scan", 2, Chest);
        _place.Write("x.png", TestImages.GrayPng(40, 40));
        var outcome = _place.Run(["predict", "--run", study.Run, .. arguments]).Exits(2);
        Assert.Contains(says, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_series_and_a_damaged_volume_are_said()
    {
        Directory.CreateDirectory(_place.PathOf("empty"));
        _place.Write("cut.nii", [.. BitConverter.GetBytes(348), .. new byte[340], .. "n+1\0"u8, .. new byte[4]]);
        Assert.Contains("There is no CT series of DICOM in it, nor a NIfTI file.", _place.Run("predict", "empty", "--run", study.Run).Exits(3).Errors, StringComparison.Ordinal);
        Assert.Contains("cut.nii: ", _place.Run("predict", "cut.nii", "--run", study.Run).Exits(3).Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_of_series_is_trained_by_jobs_and_by_shards_to_the_same_bytes_and_its_network_asked_through_its_own_window()
    {
        var data = WriteData(6, 6);
        string[] Asked(string command, string output) => [command, "--data", data, "--backbones", FinishedStudy.Network, "--folds", "2", "--epochs", "2", "--batch-size", "4", "--group-by", "patient", "--controls", "none", "--window", "-500/1400", "--slices", "4", "--threads", "1", "--out", output];
        _place.RunProcess(Asked("reproduce", "whole")).Exits(0);
        _place.RunProcess([.. Asked("reproduce", "jobs"), "--jobs", "2"]).Exits(0);
        _place.RunProcess(Asked("prepare", "shards")).Exits(0);
        _place.RunProcess("train", "--study", "shards").Exits(0);
        _place.RunProcess("finish", "--study", "shards").Exits(0);

        var predictions = File.ReadAllText(_place.PathOf("whole/predictions.csv"));
        Assert.Equal(12 * 4, predictions.Split('\n').Length - 2);
        Assert.All(["jobs", "shards"], other => Assert.Equal(predictions, File.ReadAllText(_place.PathOf($"{other}/predictions.csv"))));
        Assert.Contains("\"decoder\": \"windows -500/1400, lungs 0.01, slices 4\"", File.ReadAllText(_place.PathOf("whole/study.json")), StringComparison.Ordinal);
        var row = predictions.Split('\n')[1].Split(',');
        var asked = _place.RunProcess("predict", "--run", $"whole/runs/{FinishedStudy.Network}/fold-{row[4]}", data, "--json").Exits(0).Json["series"]!.AsArray().Single(series => series!["name"]!.GetValue<string>() == row[0].Split('/')[1])!;
        Assert.Contains(Probabilities(asked), probability => Math.Abs(probability - double.Parse(row[5], System.Globalization.CultureInfo.InvariantCulture)) < 1e-5);
        Assert.Matches(@"Lungs \(\d+ images\): 0\.\d\d", _place.RunProcess("explain", "--run", $"whole/runs/{FinishedStudy.Network}/fold-0").Exits(0).Output);
        var audit = JsonNode.Parse(File.ReadAllText(new RunLayout(_place.PathOf($"whole/runs/{FinishedStudy.Network}/fold-0")).MapAudit))!["lungs"]!;
        Assert.InRange(audit["lungShare"]!.GetValue<double>(), 0.05, 0.5);
    }

    private JsonNode Ask(string series, params string[] arguments) =>
        _place.Run(["predict", series, "--run", study.Run, "--json", .. arguments]).Exits(0).Json;

    private static List<double> Probabilities(JsonNode asked) =>
        [.. asked["slices"]!.AsArray().Where(slice => slice!["probability"] is not null).Select(slice => slice!["probability"]!.GetValue<double>())];

    private string WriteSeries(string name, int count, Slice slice)
    {
        foreach (var (i, one) in slice.Stack(count, (-160, -128, 0), (0, 0, 3)).Index())
        {
            _place.Write($"{name}/{(i * 7) % count}.dcm", one.File());
        }

        return _place.PathOf(name);
    }

    private string WriteData(int patients, int slices)
    {
        foreach (var label in (string[])["COVID", "non-COVID"])
        {
            for (var patient = 0; patient < patients; patient++)
            {
                WriteSeries($"data/{label}/{patient}", slices, Chest with
                {
                    PatientId = $"{PatientId}{label}{patient}",
                    Series = $"1.2.3.{(label == "COVID" ? 6 : 7)}.{patient}",
                    Seed = (100 * patient) + label.Length,
                    LungDepth = label == "COVID" ? 600 : 850,
                });
            }
        }

        return _place.PathOf("data");
    }

    private static void AssertTellsNobody(string text)
    {
        Assert.DoesNotContain("Geheimrat", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Gustav", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ID-0815", text, StringComparison.Ordinal);
    }
}
