namespace CovidCt.Cli.Tests;

public sealed class PredictCommandTests(FinishedStudy study) : IClassFixture<FinishedStudy>, IDisposable
{
    private readonly Workplace _place = new();

    private string Image => Directory.GetFiles(Path.Combine(study.Data, "images")).Order(StringComparer.Ordinal).First();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_run_answers_with_the_class_and_the_probability_of_the_positive_one()
    {
        var outcome = _place.Run("predict", "--run", study.Run, Image).Exits(0);

        Assert.Empty(outcome.Errors);
        Assert.Matches(@"^.+: (non-)?COVID \(probability of COVID: 0\.\d{4}\)\n$", outcome.Output);
    }

    [Fact]
    public void A_run_answers_its_test_images_as_it_did_in_the_study()
    {
        var predictions = Evaluation.PredictionsCsv.Read(Path.Combine(study.Run, "predictions.csv"));

        var answers = _place.Run(["predict", "--json", "--run", study.Run, .. predictions.Select(p => Path.Combine(study.Data, p.Path))]).Exits(0).Json;

        Assert.Equal("COVID", answers["positive"]!.GetValue<string>());
        foreach (var (prediction, answer) in predictions.Zip(answers["images"]!.AsArray()))
        {
            Assert.Equal(prediction.Probability, answer!["probability"]!.GetValue<double>(), 1e-5);
            Assert.Equal(prediction.Probability > 0.5 ? "COVID" : "non-COVID", answer["label"]!.GetValue<string>());
        }
    }

    [Fact]
    public void A_folder_above_runs_is_told_with_one_of_them() =>
        _place.Run("predict", "--run", study.Place.PathOf("out"), Image).Fails(2, study.Run);

    [Fact]
    public void Plain_weights_answer_with_class_numbers()
    {
        using (var backbone = new Models.BackboneFactory().Create("squeezenet1_1", 1000))
        {
            Models.Weights.BackboneWeights.Save(backbone, _place.PathOf("w.safetensors"));
        }

        var plain = _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "w.safetensors", Image).Exits(0);
        Assert.Matches(@"^.+: class \d+ 0\.\d{4}(, class \d+ 0\.\d{4}){4}\n$", plain.Output);

        var image = _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "w.safetensors", Image, "--json").Exits(0).Json["images"]![0]!;
        Assert.Equal(5, image["top"]!.AsArray().Count);
        Assert.Equal(image["label"]!.GetValue<string>(), image["top"]![0]!["class"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("text", "w.safetensors")]
    [InlineData("", "w.safetensors")]
    public void Weights_that_are_none_are_told(string content, string word)
    {
        _place.Write("w.safetensors", content);
        _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "w.safetensors", Image, "--json").Fails(2, word);
    }

    [Fact]
    public void Weights_of_another_network_are_told() => _place.Run(
        "predict", "--backbone", "resnet18", "--weights", Path.Combine(study.Run, "network.safetensors"), Image, "--json").Fails(2, "network.safetensors", "resnet18");

    [Fact]
    public void A_damaged_run_is_told()
    {
        var network = File.ReadAllBytes(Path.Combine(study.Run, "network.safetensors"));
        _place.Write("run/network.safetensors", network[..^100]);
        _place.Run("predict", "--run", "run", Image, "--json").Fails(2, "network.safetensors");
    }
}
