using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

/// <summary>Folders whose names don't say which of them is the positive class.</summary>
public sealed class PositiveClassTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_that_is_killed_is_gone_on_with_for_the_same_positive_class_alone()
    {
        string[] asked = [.. Asked(WriteFolders()), "--positive", "sick"];
        using (var unbroken = new Workplace())
        {
            unbroken.RunProcess([.. asked, "--out", "out"]).Exits(0);
            using (var killed = _place.Start([.. asked, "--out", "out"]))
            {
                killed.WaitFor("out/runs/squeezenet1_1/fold-1/checkpoint.safetensors");
                killed.Kill();
            }

            foreach (var other in (string[][])[[.. asked[..^1], "well"], asked[..^2]])
            {
                _place.RunProcess([.. other, "--out", "out", "--resume"]).Fails(2, "the positive class: \"sick\" there, \"well\" here");
            }

            var resumed = _place.RunProcess([.. asked, "--out", "out", "--resume", "--jobs", "2"]).Exits(0);

            Assert.Contains("Positive class: sick\n", resumed.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("guess", resumed.Output + resumed.Errors, StringComparison.Ordinal);
            foreach (var file in (string[])["predictions.csv", "results.json", "runs/squeezenet1_1/fold-0/network.safetensors", "runs/squeezenet1_1/fold-1/network.safetensors"])
            {
                Assert.Equal(File.ReadAllBytes(unbroken.PathOf("out/" + file)), File.ReadAllBytes(_place.PathOf("out/" + file)));
            }
        }

        Assert.Equal("sick", JsonNode.Parse(File.ReadAllText(_place.PathOf("out/results.json")))!["positive"]!.GetValue<string>());
        Assert.DoesNotContain("positive-guessed", File.ReadAllText(_place.PathOf("out/report.html")), StringComparison.Ordinal);
        _place.RunProcess("embed", "--run", "out/runs/squeezenet1_1/fold-0").Exits(0);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_guess_is_said_by_every_command_that_reads_the_folder_and_in_the_report()
    {
        var data = WriteFolders();

        var study = _place.Run([.. Asked(data), "--max-images", "8", "--out", "out"]).Exits(0);
        Assert.Contains("well is taken, the last by its name", study.Errors, StringComparison.Ordinal);
        Assert.Contains("Positive class: well, which is a guess. --positive NAME names it", study.Output, StringComparison.Ordinal);
        Assert.Contains("id=\"positive-guessed\"", File.ReadAllText(_place.PathOf("out/report.html")), StringComparison.Ordinal);
        Assert.All([_place.Run("audit", "--data", data).Exits(0), _place.Run("controls", "--data", data, "--fold-draws", "1", "--folds", "2").Exits(0)],
            outcome => Assert.Contains("well is taken, the last by its name. Name the one that sensitivity is to be about.\nwarning: --positive NAME names it", outcome.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public void An_audit_is_of_the_positive_class_that_is_named()
    {
        var outcome = _place.Run("audit", "--data", WriteFolders(), "--positive", "sick", "--json").Exits(0);

        Assert.Equal("sick", outcome.Json["positive"]!.GetValue<string>());
        Assert.DoesNotContain("--positive", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("controls")]
    [InlineData("reproduce")]
    public void A_class_that_is_not_there_is_refused_before_anything_is_read(string command) =>
        _place.Run(command, "--data", WriteFolders(), "--positive", "ill").Fails(2, "no class 'ill'", "sick, well");

    [Theory]
    [InlineData("--positive takes --data", "reproduce", "--positive", "sick")]
    [InlineData("--test-positive takes --test", "reproduce", "--data", "data", "--test-positive", "sick")]
    public void A_class_without_its_data_set_is_refused(string words, params string[] arguments)
    {
        WriteFolders();

        _place.Run(arguments).Fails(2, words);
    }

    private static string[] Asked(string data) =>
    [
        "reproduce", "--data", data, "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "2", "--batch-size", "2", "--threads", "1", "--controls", "none",
    ];

    /// <summary>The images of a phantom in two folders.</summary>
    private string WriteFolders()
    {
        using var phantom = new Workplace();
        var source = phantom.WritePhantom(imagesOfEach: 2);
        foreach (var row in File.ReadAllLines(Path.Combine(source, "manifest.csv")).Skip(1).Select(line => line.Split(',')))
        {
            _place.Write($"data/{(row[1] == "COVID" ? "sick" : "well")}/{Path.GetFileName(row[0])}", File.ReadAllBytes(Path.Combine(source, row[0])));
        }

        return _place.PathOf("data");
    }
}
