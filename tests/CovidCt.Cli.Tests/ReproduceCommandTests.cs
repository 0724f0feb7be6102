using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Records;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class ReproduceCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_study_leaves_its_results_and_its_runs_and_nothing_else()
    {
        var left = study.Place.Entries("data");

        Assert.All(
            (string[])["out/results.json", "out/table2.md", "out/predictions.csv", "out/history.csv", "out/study.json", "out/runs/squeezenet1_1/fold-1/network.safetensors"],
            file => Assert.Contains(file, left));
        Assert.DoesNotContain(left, entry => entry.EndsWith("checkpoint.safetensors", StringComparison.Ordinal));
    }

    [Fact]
    public void A_study_tells_every_epoch_every_fold_and_the_table_without_escape_codes()
    {
        var lines = study.Outcome.Output.Split('\n');

        Assert.Equal(4, lines.Count(line => line.Contains("  loss ", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.Contains("done: accuracy", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains(FinishedStudy.Network, StringComparison.Ordinal) && line.Contains('±', StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(study.Place.PathOf("out"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_results_have_the_fields_of_the_contract_and_can_be_computed_from_the_predictions_alone()
    {
        var results = JsonNode.Parse(File.ReadAllText(study.Place.PathOf("out/results.json")))!;
        var network = results["networks"]![0]!;
        Assert.Equal(("patient", 0, "COVID"), (results["groupBy"]!.GetValue<string>(), results["seed"]!.GetValue<int>(), results["positive"]!.GetValue<string>()));
        Assert.Equal(["COVID", "non-COVID"], results["classes"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal(("squeezenet1_1", "random"), (network["name"]!.GetValue<string>(), network["initialization"]!.GetValue<string>()));

        var rows = File.ReadAllLines(study.Place.PathOf("out/predictions.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(rows.OrderBy(row => int.Parse(row[4], CultureInfo.InvariantCulture)).ThenBy(row => row[0], StringComparer.Ordinal), rows);
        foreach (var fold in network["folds"]!.AsArray())
        {
            var own = rows.Where(row => row[4] == fold!["fold"]!.ToString()).Select(row => (IsPositive: row[1] == "COVID", Said: Number(row[5]) >= 0.5, Probability: Number(row[5]))).ToList();
            int Count(bool positive, bool said) => own.Count(row => row.IsPositive == positive && row.Said == said);
            var (tp, fp, tn, fn) = (Count(true, true), Count(false, true), Count(false, false), Count(true, false));
            Assert.Equal((tp, fp, tn, fn), (Whole(fold, "tp"), Whole(fold, "fp"), Whole(fold, "tn"), Whole(fold, "fn")));
            Equal((tp + tn) / (double)own.Count, fold, "accuracy");
            Equal(tp / (double)(tp + fn), fold, "sensitivity");
            Equal(tn / (double)(tn + fp), fold, "specificity");
            Equal(tp / (double)(tp + fp), fold, "precision");
            Equal(2 * tp / (double)((2 * tp) + fp + fn), fold, "f1");

            // The share of pairs in the right order, ties counting half (Mann and Whitney 1947).
            var pairs = own.Where(row => row.IsPositive).SelectMany(p => own.Where(row => !row.IsPositive), (p, n) => p.Probability.CompareTo(n.Probability)).ToList();
            Equal(pairs.Average(order => (order + 1) / 2.0), fold, "auc");
        }

        foreach (var figure in (string[])["accuracy", "sensitivity", "specificity", "auc"])
        {
            var values = network["folds"]!.AsArray().Select(fold => fold![figure]!.GetValue<double>()).ToList();
            Equal(values.Average(), network["mean"], figure);
            Equal(Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Count - 1)), network["std"], figure);
        }
    }

    [Fact]
    public void Every_image_of_the_manifest_is_predicted_once_with_its_label_and_patient()
    {
        var manifest = File.ReadAllLines(Path.Combine(study.Data, "manifest.csv")).Skip(1).Select(line => string.Join(',', line.Split(',')[..3])).Order(StringComparer.Ordinal);
        var predicted = new StudyLayout(study.Place.PathOf("out")).ReadPredictions().Select(p => $"{p.Path},{p.Label},{p.Patient}").Order(StringComparer.Ordinal);
        Assert.Equal(manifest, predicted);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_same_command_gives_the_same_bytes_and_as_json_the_same_results()
    {
        var outcome = study.Place.Run([.. study.Arguments("again"), "--json"]).Exits(0);

        Assert.Equal(File.ReadAllBytes(study.Place.PathOf("out/predictions.csv")), File.ReadAllBytes(study.Place.PathOf("again/predictions.csv")));
        Assert.Equal(File.ReadAllBytes(study.Place.PathOf("out/results.json")), File.ReadAllBytes(study.Place.PathOf("again/results.json")));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(study.Place.PathOf("again/results.json"))), outcome.Json));
        Assert.Contains("epoch 1/2", outcome.Errors, StringComparison.Ordinal);
        Directory.Delete(study.Place.PathOf("again"), recursive: true);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_finished_study_is_not_run_again()
    {
        var before = File.ReadAllBytes(study.Place.PathOf("out/predictions.csv"));

        var outcome = study.Place.Run([.. study.Arguments("out"), "--resume"]).Exits(0);

        Assert.Equal(2, outcome.Output.Split("was finished: accuracy").Length - 1);
        Assert.DoesNotContain("  loss ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(study.Place.PathOf("out/predictions.csv")));
    }

    [Theory]
    [InlineData("--epochs", "3", "training.epochs: 2 there, 3 here")]
    [InlineData("--seed", "1", "seed: 0 there, 1 here")]
    [InlineData("--learning-rate", "1e-3", "training.lamb.learningRate: 0.0003 there, 0.001 here")]
    [InlineData("--input", "stretch", "canvas.fit: \"keepAspect\" there, \"stretch\" here")]
    [InlineData("--augmentation", "authors", "training.augmentation.coverageMin: null there, 0.8 here")]
    public void Another_configuration_is_not_gone_on_with(string option, string value, string difference)
    {
        string[] arguments = [.. study.Arguments("out")];
        var place = Array.IndexOf(arguments, option);
        arguments = place < 0 ? [.. arguments, option, value] : [.. arguments[..(place + 1)], value, .. arguments[(place + 2)..]];

        study.Place.Run([.. arguments, "--resume", "--json"]).Fails(2, difference, "Give the earlier settings again");
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Resume_on_nothing_starts_afresh()
    {
        var data = _place.WritePhantom();
        var outcome = _place.RunProcess("reproduce", "--data", data, "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "1", "--max-images", "6", "--controls", "none", "--out", "a/b", "--resume").Exits(0);

        Assert.Equal(7, File.ReadAllLines(_place.PathOf("a/b/predictions.csv")).Length);
        Assert.Contains("share a patient with a training image", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Without_an_output_folder_a_new_one_is_named_by_time_and_found_again()
    {
        var data = _place.WritePhantom();
        string[] command = ["reproduce", "--data", data, "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "1", "--max-images", "6", "--controls", "none", "--train", "head"];

        _place.RunProcess(command).Exits(0);
        var folder = Path.GetFileName(Assert.Single(Directory.GetDirectories(_place.PathOf("out"))));
        Assert.Matches(@"^\d{4}-\d\d-\d\d-\d{6}$", folder);

        var outcome = _place.RunProcess([.. command, "--resume"]).Exits(0);
        Assert.Single(Directory.GetDirectories(_place.PathOf("out")));
        Assert.Contains("was finished", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_told_with_what_to_try()
    {
        var data = _place.WritePhantom();
        _place.Run("reproduce", "--data", data, "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "3", "--batch-size", "4", "--learning-rate", "1e30", "--threads", "1", "--out", "out", "--json")
            .Fails(5, "squeezenet1_1", "Try a lower --learning-rate");
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_person_sees_bars_and_the_same_table()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) to make a terminal.");
        var data = _place.WritePhantom();
        var command = $"'{Path.Combine(Workplace.Program, "covidct")}' reproduce --data '{data}' --backbones squeezenet1_1 --folds 2 --epochs 1 --controls none --threads 1 --out '{_place.PathOf("out")}'";
        using var terminal = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            WorkingDirectory = _place.Folder,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { ["TERM"] = "xterm-256color", ["OMP_WAIT_POLICY"] = "passive" },
        })!;
        var shown = terminal.StandardOutput.ReadToEnd();
        terminal.WaitForExit();

        Assert.Equal(0, terminal.ExitCode);
        Assert.Contains('\u001b', shown);
        Assert.Contains("Sensitivity", shown, StringComparison.Ordinal);
        Assert.Contains("100%", shown, StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Whole(JsonNode? parent, string name) => parent![name]!.GetValue<int>();

    private static void Equal(double expected, JsonNode? parent, string name)
    {
        if (double.IsNaN(expected))
        {
            Assert.Null(parent![name]);
        }
        else
        {
            Assert.Equal(expected, parent![name]!.GetValue<double>(), 1e-12);
        }
    }
}
