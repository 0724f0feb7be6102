using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class UnusableInputTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_data_folder_that_is_not_there() => Refuses("nowhere", "nowhere");

    [Fact]
    public void An_empty_folder()
    {
        Directory.CreateDirectory(_place.PathOf("data"));
        Refuses("data", "data");
    }

    [Fact]
    public void A_file_that_is_neither_folder_nor_manifest()
    {
        _place.Write("data", "text");
        Refuses("data", "data is a file");
    }

    [Fact]
    public void Folders_with_nothing_but_a_text_file_named_png()
    {
        _place.Write("data/COVID/a.png", "not an image");
        _place.Write("data/non-COVID/b.png", "nor this");
        Refuses("data", "COVID/a.png", "2");
    }

    [Fact]
    public void A_folder_with_only_a_text_file_named_png()
    {
        _place.Write("data/a.png", "not an image");
        Refuses("data", "data");
    }

    [Theory]
    [InlineData("path,class\na.png,COVID\n", "label")]
    [InlineData("file,label\na.png,COVID\n", "path")]
    [InlineData("", "manifest.csv")]
    [InlineData("path,label\n", "manifest.csv")]
    [InlineData("path,label\na.png,COVID\n", "two classes")]
    [InlineData("path,label\na.png,COVID\nb.png,\n", "line 3")]
    public void A_manifest_with_something_missing(string manifest, string word)
    {
        _place.Write("data/manifest.csv", manifest);
        Refuses("data", word);
    }

    [Fact]
    public void A_manifest_whose_images_are_not_there()
    {
        _place.Write("data/manifest.csv", "path,label\na.png,COVID\nb.png,non-COVID\n");
        Refuses("data", "a.png", "no such file");
    }

    [Fact]
    public void Three_classes()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            _place.Write($"data/{name}/1.png", Png.Gray(40, 30));
        }

        Refuses("data", "3 classes (a, b, c)");
    }

    [Fact]
    public void Fewer_images_than_folds()
    {
        foreach (var name in (string[])["COVID", "non-COVID"])
        {
            _place.Write($"data/{name}/1.png", Png.Gray(40, 30));
        }

        _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--out", "out").Fails(3, "too few for 5 folds");
    }

    [Fact]
    public void Folds_by_patient_of_images_whose_patients_are_unknown()
    {
        foreach (var name in (string[])["COVID", "non-COVID"])
        {
            _place.Write($"data/{name}/1.png", Png.Gray(40, 30));
            _place.Write($"data/{name}/2.png", Png.Gray(40, 30));
        }

        _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--folds", "2", "--group-by", "patient", "--out", "out")
            .Fails(3, "Folds by patient");
    }

    [Fact]
    public void Folds_by_a_column_that_is_unknown_has_empty_cells_or_too_few_values_end_in_one_sentence_each()
    {
        foreach (var name in (string[])["1.png", "2.png", "3.png", "4.png"])
        {
            _place.Write($"data/{name}", Png.Gray(40, 30));
        }

        _place.Write("data/manifest.csv", "path,label,scanner,site\n1.png,COVID,A,x\n2.png,COVID,A,y\n3.png,none,B,x\n4.png,none,C,\n");

        By("hospital").Fails(2, "--group-by hospital is neither a way of drawing folds nor a column of data; give one of image, patient, source, each-source, collection, official, or one of the columns scanner, site.");
        By("site").Fails(3, "Folds by 'site' need to know it of each image; data does not say it for 1 of 4 images.");
        By("Scanner").Fails(3, "The class 'COVID' of data has 1 values of 'Scanner', too few for 2 folds.");
        By("collection").Fails(3, "does not say it for 4 of 4 images");
        By("source").Fails(3, "Folds by source need to know where each image comes from");
        Assert.Empty(_place.Entries("data", "out"));

        Workplace.Outcome By(string way) => _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--folds", "2", "--group-by", way, "--out", "out");
    }

    [Fact]
    public void Images_that_cannot_be_predicted_are_named_each_with_its_reason_and_the_others_are_answered()
    {
        var good = Directory.GetFiles(Path.Combine(study.Data, "images"), "*.png")[0];
        var images = new Dictionary<string, string>
        {
            [_place.Write("text.png", "not an image")] = "text",
            [_place.Write("empty.png", "")] = "empty",
            [_place.Write("truncated.png", File.ReadAllBytes(good)[..^400])] = "cut off",
            [_place.Write("one.png", Png.Gray(1, 1))] = "1×1",
            [_place.Write("huge.png", Png.Claiming(30_000, 30_000))] = "30000×30000",
            [_place.PathOf("missing.png")] = "no such file",
            [_place.Folder] = "folder",
        };
        Assert.True(new FileInfo(_place.PathOf("huge.png")).Length < 10_000);

        var plain = _place.Run(["predict", "--run", study.Run, good, .. images.Keys]).Exits(3);
        Assert.StartsWith($"{good}: ", Assert.Single(plain.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.All(images, image => Assert.Contains(
            plain.Errors.Split('\n'),
            line => line.StartsWith($"covidct: {image.Key}: ", StringComparison.Ordinal) && line.Contains(image.Value, StringComparison.Ordinal)));

        var json = _place.Run(["predict", "--json", "--run", study.Run, good, .. images.Keys]).Exits(3).Json["images"]!.AsArray();
        Assert.Equal([good, .. images.Keys], json.Select(image => image!["path"]!.GetValue<string>()));
        Assert.InRange(json[0]!["probability"]!.GetValue<double>(), 0, 1);
        Assert.All(json.Skip(1), image => Assert.Contains(images[image!["path"]!.GetValue<string>()], image["error"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Some_images_that_cannot_be_read_are_named_in_the_results_and_no_failure()
    {
        _place.WritePhantom(imagesOfEach: 2);
        var manifest = File.ReadAllLines(_place.PathOf("data/manifest.csv"));
        _place.Write("data/text.png", "not an image");
        _place.Write("data/huge.png", Png.Claiming(30_000, 30_000));
        File.WriteAllLines(_place.PathOf("data/manifest.csv"), [.. manifest, "text.png,COVID,p1", "huge.png,COVID,p1"]);

        var outcome = _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "1", "--train", "head", "--threads", "1", "--controls", "none", "--out", "out", "--json").Exits(0);

        JsonNode rejected = outcome.Json["rejected"]!;
        Assert.Equal(["huge.png", "text.png"], rejected.AsArray().Select(rejection => rejection!["path"]!.GetValue<string>()));
        Assert.Contains("rejected: huge.png", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(manifest.Length, File.ReadAllLines(_place.PathOf("out/predictions.csv")).Length);
    }

    private void Refuses(string data, params string[] words)
    {
        _place.Run("reproduce", "--data", data, "--backbones", "squeezenet1_1", "--folds", "2", "--out", "out").Fails(3, words);
        Assert.DoesNotContain(_place.Entries(), entry => entry.StartsWith("out", StringComparison.Ordinal));
    }
}
