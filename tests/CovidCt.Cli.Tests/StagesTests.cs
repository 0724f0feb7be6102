using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

/// <summary><c>prepare</c>, <c>train</c>, <c>finish</c> and <c>status</c>.</summary>
public sealed class StagesTests(StagesTests.Whole whole) : IClassFixture<StagesTests.Whole>, IDisposable
{
    private const string First = "squeezenet1_1/fold-0";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_in_stages_leaves_what_one_command_leaves_and_status_says_who_had_what()
    {
        _place.WritePhantom(imagesOfEach: 2);
        var prepared = _place.Run(["prepare", .. Whole.Study]).Exits(0);
        Assert.Contains("2 runs are to be trained", prepared.Output, StringComparison.Ordinal);
        Assert.Contains($"covidct train --study {_place.PathOf("out")}", prepared.Output, StringComparison.Ordinal);
        Assert.Equal(["waiting", "waiting"], States());
        _place.Run("finish", "--study", "out", "--json").Fails(6, $"2 of 2 runs of {_place.PathOf("out")} are not finished: {First}, squeezenet1_1/fold-1.");

        Assert.Contains("1 of 2 runs were trained here; 1 not finished.", _place.Run("train", "--study", "out", "--shard", "0/2").Exits(0).Output, StringComparison.Ordinal);
        _place.Run("finish", "--study", "out", "--json").Fails(6, "1 of 2 runs", "squeezenet1_1/fold-1.");
        var trained = _place.Run("train", "--study", "out", "--json").Exits(0).Json;
        Assert.Equal(["squeezenet1_1/fold-1"], trained["trained"]!.AsArray().Select(run => run!.GetValue<string>()));
        Assert.Empty(trained["open"]!.AsArray());
        Assert.Equal(["finished", "finished"], States());
        Assert.Contains("process", _place.Run("status", "--study", "out").Exits(0).Output, StringComparison.Ordinal);
        var finished = _place.Run("finish", "--study", "out").Exits(0);

        Assert.Contains("Report: ", finished.Output, StringComparison.Ordinal);
        whole.AssertSame(_place);
    }

    [Theory]
    [InlineData(2, "--study DIR", "train")]
    [InlineData(2, "--study DIR", "finish")]
    [InlineData(2, "--study DIR", "status")]
    [InlineData(3, "nowhere", "status", "--study", "nowhere")]
    [InlineData(3, "nowhere", "finish", "--study", "nowhere")]
    [InlineData(3, "nowhere", "train", "--study", "nowhere")]
    [InlineData(2, "--shard is '2/2'", "train", "--study", "nowhere", "--shard", "2/2")]
    [InlineData(2, "--shard is 'one'", "train", "--study", "nowhere", "--shard", "one")]
    [InlineData(2, "exclude each other", "train", "--study", "nowhere", "--shard", "0/2", "--run", First)]
    [InlineData(2, "--lease is '0'", "train", "--study", "nowhere", "--lease", "0")]
    [InlineData(2, "'--epochs'", "train", "--study", "nowhere", "--epochs", "3")]
    public void What_cannot_be_is_told_and_leaves_nothing_behind(int code, string word, params string[] arguments)
    {
        _place.Run([.. arguments, "--json"]).Fails(code, word);
        Assert.Empty(_place.Entries());
    }

    [Fact]
    public void A_run_that_the_study_has_not_is_told()
    {
        _place.WritePhantom(imagesOfEach: 2);
        _place.Run(["prepare", .. Whole.Study]).Exits(0);
        _place.Run("train", "--study", "out", "--run", "resnet18/fold-0", "--json").Fails(2, "'resnet18/fold-0'", First, "plan.csv");
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_and_another_try_goes_on()
    {
        _place.WritePhantom(imagesOfEach: 2);
        _place.Run(["prepare", .. Whole.Study]).Exits(0);
        var checkpoint = _place.PathOf($"out/runs/{First}/checkpoint.safetensors");
        Directory.CreateDirectory(checkpoint);

        _place.Run("train", "--study", "out", "--run", First, "--json").Fails(130, "checkpoint.safetensors", "the same command");
        Assert.Equal(["failed", "waiting"], States());

        Directory.Delete(checkpoint);
        _place.Run("train", "--study", "out", "--run", First).Exits(0);
        Assert.Equal(["finished", "waiting"], States());
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Processes_that_are_killed_stopped_and_sent_twice_leave_the_same_bytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        _place.WritePhantom(imagesOfEach: 2);
        _place.RunProcess(["prepare", .. Whole.Study]).Exits(0);
        using (var killed = _place.Start("train", "--study", "out", "--shard", "0/2"))
        {
            killed.WaitFor($"out/runs/{First}/checkpoint.safetensors");
            killed.Kill();
        }

        using (var stopped = _place.Start("train", "--study", "out", "--shard", "0/2", "--lease", "2"))
        {
            stopped.WaitFor($"out/runs/{First}/leases/2.json");
            stopped.Signal("STOP");
            using var twice = _place.Start("train", "--study", "out", "--shard", "0/2", "--lease", "2");
            twice.Finish().Exits(0);
            stopped.Signal("CONT");
            stopped.Finish().Exits(0);
        }

        using (var cancelled = _place.Start("train", "--study", "out"))
        {
            cancelled.WaitFor("out/runs/squeezenet1_1/fold-1/checkpoint.safetensors");
            cancelled.Signal("TERM");
            cancelled.Finish().Fails(130, "Cancelled", "the same command");
        }

        _place.RunProcess("train", "--study", "out").Exits(0);
        _place.RunProcess("finish", "--study", "out").Exits(0);

        whole.AssertSame(_place);
        Assert.DoesNotContain(_place.Entries(), entry => entry.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private IEnumerable<string> States() => _place.Run("status", "--study", "out", "--json").Exits(0).Json["runs"]!.AsArray().Select(run => run!["state"]!.GetValue<string>());

    /// <summary>The same study by one command.</summary>
    public sealed class Whole : IDisposable
    {
        private readonly Workplace _place = new();

        public Whole()
        {
            _place.WritePhantom(imagesOfEach: 2);
            _place.Run(["reproduce", .. Study]).Exits(0);
        }

        public static string[] Study { get; } =
        [
            "--data", "data", "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "4", "--batch-size", "2", "--threads", "1", "--controls", "none", "--out", "out",
        ];

        public void AssertSame(Workplace other)
        {
            string[] files =
            [
                "predictions.csv", "folds.csv", "plan.csv", .. ((string[])["fold-0", "fold-1"]).SelectMany(fold =>
                    ((string[])["network.safetensors", "predictions.csv", "calibration.json", "reference.safetensors"]).Select(name => $"runs/squeezenet1_1/{fold}/{name}")),
            ];
            Assert.All(files, file => Assert.True(
                File.ReadAllBytes(_place.PathOf($"out/{file}")).AsSpan().SequenceEqual(File.ReadAllBytes(other.PathOf($"out/{file}"))), $"{file} differs."));
            Assert.Equal(Results(_place), Results(other));
        }

        public void Dispose() => _place.Dispose();

        // Which say where the data lie.
        private static string Results(Workplace place)
        {
            var results = JsonNode.Parse(File.ReadAllText(place.PathOf("out/results.json")))!.AsObject();
            Assert.True(results.Remove("configurations"));
            return results.ToJsonString();
        }
    }
}
