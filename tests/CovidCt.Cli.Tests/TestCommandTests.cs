using System.Globalization;
using CovidCt.Records;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class TestCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_run_is_tested_on_another_data_set_as_predict_answers_about_each_image()
    {
        var data = _place.WritePhantom(imagesOfEach: 2, name: "other", seed: 5);
        File.WriteAllBytes(Path.Combine(data, File.ReadAllLines(Path.Combine(data, "manifest.csv"))[^1].Split(',')[0]), [1]);

        var outcome = _place.Run("test", "--run", study.Run, "--data", "other", "--out", "out").Exits(0);

        Assert.Contains("answered about ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"Report: {_place.PathOf("out/report.html")}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("warning: left out: images/", outcome.Errors, StringComparison.Ordinal);
        Assert.Matches(@"(\d+ of|None of the) \d+ images (are|is) unlike those that the network was trained on", outcome.Output);
        var rows = File.ReadAllLines(_place.PathOf("out/predictions.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        var asked = _place.Run(["predict", "--run", study.Run, "--json", .. rows.Select(row => _place.PathOf($"other/{row[0]}"))]).Exits(0).Json["images"]!.AsArray();
        Assert.All(rows.Zip(asked), pair => Assert.Equal(pair.Second!["probability"]!.GetValue<double>(), double.Parse(pair.First[5], CultureInfo.InvariantCulture), 1e-6));
        Assert.Empty(Directory.GetFiles(_place.PathOf("."), "*.answers.csv"));
        _place.Run("report", "--runs", "out").Exits(0);
    }

    [Fact]
    public void Testing_on_the_images_of_training_is_told()
    {
        var outcome = _place.Run("test", "--run", study.Run, "--data", study.Data, "--out", "out", "--json").Exits(0);

        Assert.Equal(StudyReport.Read(study.Place.PathOf("out")).Dataset, outcome.Json["model"]!["trainedOn"]!.GetValue<string>());
        Assert.True(outcome.Json["model"]!["trainedImages"]!.GetValue<int>() > 0);
    }

    [Fact]
    public void What_cannot_be_tested_is_told_in_a_sentence_and_leaves_nothing()
    {
        Assert.Contains("--out DIR", _place.Run("test", "--run", study.Run, "--data", study.Data).Exits(2).Errors, StringComparison.Ordinal);
        Assert.Contains("--data DIR", _place.Run("test", "--run", study.Run, "--out", "out").Exits(2).Errors, StringComparison.Ordinal);
        Assert.Contains("--run PATH", _place.Run("test", "--data", study.Data, "--out", "out").Exits(2).Errors, StringComparison.Ordinal);
        _place.Run("test", "--run", "nowhere", "--data", study.Data, "--out", "out").Exits(3);
        _place.Write("full/a.txt", "x");
        Assert.Contains("not empty", _place.Run("test", "--run", study.Run, "--data", study.Data, "--out", "full").Exits(2).Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.PathOf("out")));
    }
}
