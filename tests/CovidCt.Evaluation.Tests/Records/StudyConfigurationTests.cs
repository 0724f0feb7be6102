using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class StudyConfigurationTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_a_study_writes_is_read_back_and_written_again_byte_for_byte()
    {
        Study().Write(_path);
        var written = File.ReadAllText(_path);

        var read = StudyConfiguration.ReadStudy(_path);
        read.Write(_path);

        Assert.Equal(written, File.ReadAllText(_path));
        Assert.Equal(("phantom", 4, (string?)null, (int?)null), (read.Dataset, read.Folds, read.Network, read.Fold));
        Assert.Equal((GroupBy.Source, new ImageSize(72, 54), ControlKind.BackgroundOnly), (read.Options.GroupBy, read.Options.InputSize, read.Options.Control));
        Assert.Equal(new CanvasOptions.Colour(1, 2, 3), read.Options.Canvas.Fill);
        Assert.Equal((ComputePrecision.BFloat16, 3, 0.01), (read.Options.Training.Precision, read.Options.Training.Threads, read.Options.Training.Lamb.LearningRate));
        Assert.Equal(Study().Machine, read.Machine);
        Assert.Equal(("data", null), (read.DataPath, read.TestDataPath));
    }

    [Fact]
    public void A_run_names_no_networks_but_its_own_with_its_fold_and_weights()
    {
        var run = Study() with { Dataset = null, Network = "resnet18", Fold = 2, DataHash = "12ab", InitialWeights = "random" };
        run.Write(_path);

        var read = StudyConfiguration.ReadRun(_path);

        Assert.Equal(("resnet18", 2, "12ab", "random", 4), (read.Network, read.Fold, read.DataHash, read.InitialWeights, read.Folds));
        Assert.Empty(read.Options.Networks);
        var study = run.ToNode()["study"]!.AsObject();
        Assert.False(study.ContainsKey("networks") || study.ContainsKey("dataset"));
    }

    [Fact]
    public void The_file_has_neither_threads_among_the_settings_nor_the_folder_of_weights_nor_what_follows_from_others()
    {
        var configuration = Study();
        configuration.Options.WeightsFolder = "weights";
        configuration.Options.Training.Precision = ComputePrecision.Float32;

        var study = configuration.ToNode()["study"]!.AsObject();

        Assert.False(study.ContainsKey("weightsFolder"));
        Assert.Equal(
            ["epochs", "batchSize", "microBatchSize", "train", "lamb", "augmentation", "device"],
            study["training"]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            ["cropFraction", "flipProbability", "blurProbability", "blurSigmaMin", "blurSigmaMax", "noiseDeviationMax", "brightness", "contrast"],
            study["training"]!["augmentation"]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            ["threads", "build", "instructionSet", "device", "cores", "system", "dataPath", "testDataPath"],
            configuration.ToNode()["machine"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public void An_augmentation_that_makes_images_look_published_in_another_way_is_kept()
    {
        var configuration = Study();
        configuration.Options.Training.Augmentation = new()
        {
            Gamma = 0.3,
            ResolutionMin = 0.5,
            ResolutionProbability = 0,
            JpegProbability = 0.25,
            JpegQualityMin = 40,
            JpegQualityMax = 90,
        };
        configuration.Write(_path);

        var read = StudyConfiguration.ReadStudy(_path).Options.Training.Augmentation;

        Assert.Equal(
            (0.3, 0.5, 0.0, 0.25, 40, 90),
            (read.Gamma, read.ResolutionMin, read.ResolutionProbability, read.JpegProbability, read.JpegQualityMin, read.JpegQualityMax));
        Assert.Equal(
            ["gamma", "resolutionMin", "resolutionProbability", "jpegProbability", "jpegQualityMin", "jpegQualityMax"],
            configuration.ToNode()["study"]!["training"]!["augmentation"]!.AsObject().Select(member => member.Key).Skip(8));
    }

    [Fact]
    public void An_augmentation_that_shrinks_and_moves_is_kept()
    {
        var configuration = Study();
        configuration.Options.Training.Augmentation = AugmentationOptions.Authors;
        configuration.Write(_path);

        var read = StudyConfiguration.ReadStudy(_path).Options.Training.Augmentation;

        Assert.Equal((0.8, true, true, 2.0, 2.0), (read.CoverageMin, read.RandomPlacement, read.WholeBlurSigma, read.BlurSigmaMin, read.BlurSigmaMax));
    }

    [Fact]
    public void What_an_older_version_left_out_is_what_it_did()
    {
        var read = StudyConfiguration.Of(JsonNode.Parse("""{"study":{"training":{"epochs":4}},"machine":{}}""")!.AsObject());

        Assert.Equal((4, 32, ComputePrecision.Float32, false), (
            read.Options.Training.Epochs, read.Options.Training.BatchSize, read.Options.Training.Precision, read.Options.Training.Deterministic));
        Assert.Equal((ControlKind.Real, CanvasFit.KeepAspect), (read.Options.Control, read.Options.Canvas.Fit));
        Assert.Equal(
            ((double?)null, false, false),
            (read.Options.Training.Augmentation.CoverageMin, read.Options.Training.Augmentation.RandomPlacement, read.Options.Training.Augmentation.WholeBlurSigma));
        Assert.Equal(
            (0.0, (double?)null, 0.5, 0.0, 30, 95),
            (read.Options.Training.Augmentation.Gamma, read.Options.Training.Augmentation.ResolutionMin, read.Options.Training.Augmentation.ResolutionProbability,
                read.Options.Training.Augmentation.JpegProbability, read.Options.Training.Augmentation.JpegQualityMin, read.Options.Training.Augmentation.JpegQualityMax));
        Assert.Equal(new(), read.Machine);
        Assert.Null(read.Folds);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"study":[]}""")]
    [InlineData("""{"study":{"canvas":{"fill":[1,2]}}}""")]
    [InlineData("""{"study":{"canvas":{"fill":[1,2,256]}}}""")]
    [InlineData("""{"study":{"canvas":{"fill":"white"}}}""")]
    [InlineData("""{"study":{"canvas":null}}""")]
    [InlineData("""{"study":{"groupBy":2}}""")]
    [InlineData("""{"study":{"training":{"precision":"float8"}}}""")]
    [InlineData("""{"study":{"training":{"precision":[]}}}""")]
    [InlineData("""{"study":{},"machine":{"threads":"two"}}""")]
    public void A_document_of_something_else_is_refused(string content)
    {
        Assert.Throws<JsonException>(() => StudyConfiguration.Of(JsonNode.Parse(content)!.AsObject()));
        File.WriteAllText(_path, content);
        Assert.Contains(_path, Assert.Throws<RunFolderException>(() => StudyConfiguration.ReadRun(_path)).Message, StringComparison.Ordinal);
        Assert.Contains(_path, Assert.Throws<RunFolderException>(() => StudyConfiguration.ReadStudy(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"study":{"seed":0,"seed":1}}""")]
    public void A_damaged_file_is_named(string content)
    {
        File.WriteAllText(_path, content);
        Assert.Contains(_path, Assert.Throws<RunFolderException>(() => StudyConfiguration.ReadRun(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("networks")]
    [InlineData("folds")]
    [InlineData("groupBy")]
    [InlineData("seed")]
    [InlineData("dataset")]
    public void A_study_without_what_its_folder_is_read_by_is_refused(string name)
    {
        var content = Study().ToNode();
        content["study"]!.AsObject().Remove(name);
        File.WriteAllText(_path, content.ToJsonString());
        Assert.Throws<RunFolderException>(() => StudyConfiguration.ReadStudy(_path));
    }

    [Theory]
    [InlineData(nameof(GroupBy.Image), "image")]
    [InlineData(nameof(GroupBy.Patient), "patient")]
    [InlineData(nameof(GroupBy.Official), "official")]
    [InlineData(nameof(GroupBy.EachSource), "source")]
    [InlineData(nameof(GroupBy.Source), "sources")]
    [InlineData(nameof(GroupBy.Collection), "collections")]
    public void Designs_keep_the_words_that_older_studies_are_written_in(string design, string word)
    {
        var groupBy = (GroupBy)typeof(GroupBy).GetProperty(design)!.GetValue(null)!;
        var study = Study();
        study.Options.GroupBy = groupBy;
        study.Write(_path);

        Assert.Equal((word, word), (study.ToNode()["study"]!["groupBy"]!.GetValue<string>(), groupBy.Name));
        Assert.Equal(groupBy, StudyConfiguration.ReadStudy(_path).Options.GroupBy);
    }

    [Theory]
    [InlineData("column:scanner", "scanner")]
    [InlineData("column:image", "image")]
    public void A_column_is_a_design_whatever_its_name(string word, string column)
    {
        var study = Study();
        study.Options.GroupBy = GroupBy.OfColumn(column);
        study.Write(_path);

        Assert.Equal(word, study.ToNode()["study"]!["groupBy"]!.GetValue<string>());
        Assert.Equal(column, StudyConfiguration.ReadStudy(_path).Options.GroupBy.Column);
    }

    [Theory]
    [InlineData("\"patients\"")]
    [InlineData("\"column:\"")]
    [InlineData("3")]
    public void A_design_that_there_is_not_is_damage(string word)
    {
        Study().Write(_path);
        File.WriteAllText(_path, File.ReadAllText(_path).Replace("\"groupBy\": \"sources\"", $"\"groupBy\": {word}", StringComparison.Ordinal));

        Assert.Throws<RunFolderException>(() => StudyConfiguration.ReadStudy(_path));
    }

    private static StudyConfiguration Study() => new(
        new StudyOptions
        {
            Networks = ["resnet18", "vgg16"],
            GroupBy = GroupBy.Source,
            InputSize = new(72, 54),
            Control = ControlKind.BackgroundOnly,
            Canvas = new() { Fill = (1, 2, 3), Placement = CanvasPlacement.Random, Seed = 9 },
            Training = new() { Precision = ComputePrecision.BFloat16, Lamb = new() { LearningRate = 0.01 }, Threads = 3 },
        },
        new() { Threads = 3, Build = "CovidCt 0.1.0", InstructionSet = "avx2", Device = "cuda", Cores = 16, System = "Debian" })
    {
        Dataset = "phantom",
        Folds = 4,
        DataPath = "data",
    };
}
