using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

/// <summary>The program on the real data sets.</summary>
[Trait("Category", "Long")]
public sealed class RealDataTests : IDisposable
{
    private static readonly string[] Counts = ["tp", "fp", "tn", "fn"];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Thirty_images_of_covid19_ct_complete_five_folds_from_published_weights()
    {
        var results = _place.RunProcess(
            "reproduce", "--data", Data("covid19-ct"), "--backbones", "squeezenet1_1", "--weights", Folder("COVIDCT_WEIGHTS"),
            "--max-images", "30", "--epochs", "1", "--threads", "1", "--out", "out", "--json").Exits(0).Json;

        var network = Assert.Single(results["networks"]!.AsArray())!;
        Assert.Equal("imagenet", network["initialization"]!.GetValue<string>());
        Assert.Equal([0, 1, 2, 3, 4], network["folds"]!.AsArray().Select(fold => fold!["fold"]!.GetValue<int>()));
        Assert.Equal(30, Tested(network));
        Assert.Empty(results["rejected"]!.AsArray());
        Assert.NotNull(results["patients"]);
        Assert.All(
            ["audit.json", "controls.json", "folds.csv", "MODEL_CARD.md", "CHECKLIST.md", "runs/squeezenet1_1/fold-0/maps/audit.json", "runs/squeezenet1_1/fold-4/maps/maps.json"],
            file => Assert.True(File.Exists(_place.PathOf("out/" + file)), file));
    }

    [Fact]
    public void The_sars_sample_completes_and_its_patients_are_unknown()
    {
        var outcome = _place.RunProcess(
            "reproduce", "--data", Data("sars-cov-2-ct-sample"), "--backbones", "squeezenet1_1", "--weights", Folder("COVIDCT_WEIGHTS"),
            "--max-images", "30", "--folds", "2", "--epochs", "1", "--controls", "none", "--threads", "1", "--out", "out", "--json").Exits(0);

        Assert.Null(outcome.Json["patients"]);
        Assert.Contains("patients unknown", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("doesn't say which images are of one patient", outcome.Errors, StringComparison.Ordinal);
        Assert.All(File.ReadAllLines(_place.PathOf("out/predictions.csv")).Skip(1), line => Assert.Equal("", line.Split(',')[2]));
    }

    [Fact]
    public void All_twelve_networks_run_on_real_images()
    {
        var results = _place.RunProcess(
            "reproduce", "--data", Data("covid19-ct"), "--backbones", "all", "--max-images", "4", "--folds", "2", "--epochs", "1",
            "--batch-size", "4", "--controls", "none", "--threads", "1",
            "--out", "out", "--json").Exits(0).Json;

        Assert.Equal(12, results["networks"]!.AsArray().Count);
        Assert.All(results["networks"]!.AsArray(), network => Assert.Equal((2, 4), (network!["folds"]!.AsArray().Count, Tested(network))));
    }

    [Fact]
    public void A_network_of_real_images_changes_little_in_whole_numbers()
    {
        _place.RunProcess(
            "reproduce", "--data", Data("covid19-ct"), "--backbones", "squeezenet1_1", "--weights",
            Folder("COVIDCT_WEIGHTS"), "--max-images", "30", "--folds", "2", "--epochs", "2", "--controls", "none", "--out", "out",
            "--json").Exits(0);

        var change = _place.Run("export", "--run", "out/runs/squeezenet1_1", "--out", "int8.onnx", "--precision", "int8", "--json").Exits(0).Json["change"]!;

        Assert.Equal(30, change["images"]!.GetValue<int>());
        Assert.InRange(change["classifiedOtherwise"]!.GetValue<int>(), 0, 3);
        Assert.InRange(change["byImage"]!["auc"]!["difference"]!.GetValue<double>(), -0.02, 0.02);
    }

    private static int Tested(JsonNode? network) => network!["folds"]!.AsArray()
        .Sum(fold => Counts.Sum(count => fold![count]!.GetValue<int>()));

    private static string Data(string name) => Path.Combine(Folder("COVIDCT_DATA"), name);

    private static string Folder(string variable)
    {
        var folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{variable} is not set");
        return folder!;
    }
}
