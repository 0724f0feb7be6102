using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;

namespace CovidCt.Cli.Tests;

/// <summary><c>--decoder</c>, and what commands do without it: they take the decoder that a study remembers.</summary>
public sealed class DecodersTests(DecodersTests.BySharp study) : IClassFixture<DecodersTests.BySharp>, IDisposable
{
    private const string Network = FinishedStudy.Network;

    private readonly Workplace _place = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_study_remembers_the_decoder_that_it_was_given()
    {
        Assert.Equal("imagesharp", StudyConfiguration.ReadStudy(study.Place.PathOf("out/study.json")).Decoder);
        Assert.Equal("imagesharp", StudyConfiguration.DecoderOf(study.Run));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Other_commands_take_the_decoder_that_the_study_remembers()
    {
        var tiff = study.Tiff;
        Assert.Contains(tiff, study.Place.Run("predict", "--run", study.Run, tiff).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains(tiff, study.Place.Run("predict", "--run", study.Folds, tiff).Exits(0).Output, StringComparison.Ordinal);
        study.Place.Run("explain", "--run", study.Run, tiff, "--out", "pictures").Exits(0);
        study.Place.Run("test", "--run", study.Run, "--data", study.Data, "--out", "tested").Exits(0);
        study.Place.Run("embed", "--run", study.Run).Exits(0);
        study.Place.Run("explain", "--run", study.Run).Exits(0);
        study.Place.Run("ensemble", "--run", study.Folds, "--out", "ensemble.safetensors").Exits(0);
        study.Place.Run("export", "--run", study.Run, "--out", "network.onnx").Exits(0);
        study.Place.Run("finish", "--study", "out").Exits(0);
    }

    [Fact]
    public void Another_decoder_that_is_given_reads_images_in_its_place()
    {
        string[] all = ["predict", "--run", study.Run, "--decoder", "skia"];
        study.Place.Run([.. all, study.Tiff]).Fails(3, "The file is TIFF, which is not read");
        var png = Path.Combine(study.Data, study.Png);
        Assert.Contains(png, study.Place.Run([.. all, png]).Exits(0).Output, StringComparison.Ordinal);
        study.Place.Run("explain", "--run", study.Folds, "--decoder", "skia", study.Tiff, "--out", "none").Fails(3, "which is not read");
        study.Place.Run("test", "--run", study.Folds, "--decoder", "skia", "--data", study.Data, "--out", "tested-by-skia").Exits(0);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void To_go_on_with_another_decoder_is_refused_with_what_mends_it_and_writes_nothing()
    {
        var before = Written();
        string[] command = [.. BySharp.Arguments(study.Data), "--resume"];

        study.Place.Run(command).Fails(
            2, $"The images of {study.Place.PathOf("out")} were read by the decoder 'imagesharp', not by the default decoder, SkiaSharp.", "Give the --decoder that the study was begun with");
        Assert.Equal(before, Written());
        study.Place.Run([.. command, "--decoder", "imagesharp"]).Exits(0);

        List<(string, DateTime)> Written() =>
        [
            .. Directory.EnumerateFiles(study.Place.PathOf("out"), "*", SearchOption.AllDirectories).Where(file => !file.Contains("leases", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(file => (file, File.GetLastWriteTimeUtc(file))),
        ];
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Runs_are_trained_by_the_decoder_that_the_study_was_prepared_with()
    {
        var data = BySharp.WriteData(_place);
        _place.Run(["prepare", .. BySharp.Arguments(data).Skip(1), "--decoder", "imagesharp"]).Exits(0);
        _place.Run("train", "--study", "out").Exits(0);
        var finished = _place.Run("finish", "--study", "out", "--json").Exits(0).Json;

        Assert.Equal(JsonNode.Parse(File.ReadAllText(study.Place.PathOf("out/results.json")))!["networks"]!.ToJsonString(), finished["networks"]!.ToJsonString());
    }

    [Fact]
    public void A_decoder_of_an_application_is_told_by_its_name_and_its_networks_answer_by_one_that_is_given()
    {
        var data = _place.WritePhantom(imagesOfEach: 2);
        Workplace.Alone(() =>
        {
            using var folder = StudyFolder.Open(_place.PathOf("own"), resume: false);
            var options = new StudyOptions { Networks = [Network], Folds = 2, InputSize = new(48, 40), Controls = StudyControls.None, Training = { Epochs = 1, Threads = 1 } };
            new Study(decoder: new Own()).Run(CtDataset.Open(data), options, folder, cancellationToken: Token);
        });
        var (run, image) = (_place.PathOf($"own/runs/{Network}/fold-0"), Path.Combine(data, CtDataset.Open(data).Samples[0].Path));

        _place.Run("predict", "--run", run, image).Fails(3, "read by the decoder 'own, window 1/2', which this program hasn't");
        _place.Run("finish", "--study", "own").Fails(3, "'own, window 1/2'");
        _place.Run("explain", "--run", run).Fails(3, "'own, window 1/2'");
        _place.Run("predict", "--run", run, "--decoder", "skia", image).Exits(0);
        _place.Run("export", "--run", run, "--out", "own.onnx").Exits(0);
    }

    /// <summary>A study of PNG files and one TIFF, by ImageSharp.</summary>
    public sealed class BySharp : IDisposable
    {
        public BySharp()
        {
            Data = WriteData(Place);
            Place.Run([.. Arguments(Data), "--decoder", "imagesharp"]).Exits(0);
        }

        public Workplace Place { get; } = new();

        public string Data { get; }

        public string Folds => Place.PathOf($"out/runs/{Network}");

        public string Run => Path.Combine(Folds, "fold-0");

        public string Tiff => Path.Combine(Data, CtDataset.Open(Data).Samples.Single(sample => sample.Path.EndsWith(".tif", StringComparison.Ordinal)).Path);

        public string Png => CtDataset.Open(Data).Samples.First(sample => sample.Path.EndsWith(".png", StringComparison.Ordinal)).Path;

        public static string[] Arguments(string data) =>
        [
            "reproduce", "--data", data, "--backbones", Network, "--folds", "2", "--epochs", "1", "--batch-size", "4", "--controls", "none", "--threads", "1", "--out", "out",
        ];

        public static string WriteData(Workplace place)
        {
            var data = place.WritePhantom(imagesOfEach: 2);
            var (manifest, path) = (Path.Combine(data, "manifest.csv"), CtDataset.Open(data).Samples[0].Path);
            var tiff = Path.ChangeExtension(path, ".tif");
            var image = new SkiaImageDecoder().DecodeFile(Path.Combine(data, path));
            File.WriteAllBytes(Path.Combine(data, tiff), TiffOf(image));
            File.Delete(Path.Combine(data, path));
            File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(path, tiff, StringComparison.Ordinal));
            return data;
        }

        public void Dispose() => Place.Dispose();

        /// <summary>A baseline TIFF of one strip, 8 bits a pixel, black is zero.</summary>
        private static byte[] TiffOf(GrayImage image)
        {
            const int Header = 8;
            var pixels = image.Pixels.ToArray();
            (ushort Tag, ushort Type, int Value)[] entries =
            [
                (256, 4, image.Width), (257, 4, image.Height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, Header), (277, 3, 1), (278, 4, image.Height), (279, 4, pixels.Length),
            ];
            using var file = new MemoryStream();
            using var writer = new BinaryWriter(file);
            writer.Write("II*\0"u8);
            writer.Write(Header + pixels.Length + (pixels.Length % 2));
            writer.Write(pixels);
            writer.Write(new byte[pixels.Length % 2]);
            writer.Write((ushort)entries.Length);
            foreach (var (tag, type, value) in entries)
            {
                writer.Write(tag);
                writer.Write(type);
                writer.Write(1);
                writer.Write(value);
            }

            writer.Write(0);
            return file.ToArray();
        }
    }

    private sealed class Own : IImageDecoder
    {
        public string Name => "own, window 1/2";

        public GrayImage Decode(ReadOnlyMemory<byte> file) => new SkiaImageDecoder().Decode(file);
    }
}
