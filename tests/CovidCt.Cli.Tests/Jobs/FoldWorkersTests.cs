using System.Diagnostics;

namespace CovidCt.Cli.Tests.Jobs;

/// <summary>Studies whose runs are trained by several processes.</summary>
public sealed class FoldWorkersTests(FoldWorkersTests.OneAfterTheOther alone) : IClassFixture<FoldWorkersTests.OneAfterTheOther>, IDisposable
{
    private const string FirstCheckpoint = "out/runs/squeezenet1_1/fold-0/checkpoint.safetensors";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void Runs_trained_at_once_have_the_bytes_of_runs_trained_one_after_the_other()
    {
        var (place, outcome) = alone.AtOnce.Value;

        alone.AssertSame(place);
        Assert.Contains("fold 1/3  epoch 4/4", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(3, outcome.Output.Split('\n').Count(line => line.Contains("done: accuracy", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Further_seeds_are_trained_at_once_too_and_to_the_same_bytes()
    {
        const string second = "out/seeds/1/runs/squeezenet1_1/fold-1/network.safetensors";
        string[] asked = [.. alone.Arguments, "--seeds", "2"];
        using var other = new Workplace();
        other.Run(asked).Exits(0);

        var outcome = _place.RunProcess([.. asked, "--jobs", "2"]).Exits(0);

        alone.AssertSame(_place, but: "results.json"); // Which says what seeds come to together.
        Assert.Equal(File.ReadAllText(other.PathOf("out/seeds.csv")), File.ReadAllText(_place.PathOf("out/seeds.csv")));
        Assert.Contains("Seed 2 of 2", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Over seeds; per cent", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(other.PathOf(second)), File.ReadAllBytes(_place.PathOf(second)));
        Assert.Equal(
            File.ReadAllBytes(other.PathOf("out/seeds/1/predictions.csv")), File.ReadAllBytes(_place.PathOf("out/seeds/1/predictions.csv")));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_is_finished_is_not_trained_again()
    {
        var place = alone.AtOnce.Value.Place;
        var before = File.GetLastWriteTimeUtc(place.PathOf("out/runs/squeezenet1_1/fold-1/network.safetensors"));

        var outcome = place.RunProcess([.. alone.Arguments, "--jobs", "3", "--resume", "--json"]).Exits(0);

        Assert.Equal(3, outcome.Errors.Split('\n').Count(line => line.Contains("was finished: accuracy", StringComparison.Ordinal)));
        Assert.Equal(before, File.GetLastWriteTimeUtc(place.PathOf("out/runs/squeezenet1_1/fold-1/network.safetensors")));
        alone.AssertSame(place);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_that_is_cancelled_stops_its_workers_and_ends_in_the_same_bytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using (var cancelled = _place.Start([.. alone.Arguments, "--jobs", "2"]))
        {
            cancelled.WaitFor(FirstCheckpoint);
            var workers = WorkersOf(cancelled.Id);
            cancelled.Signal("TERM");
            cancelled.Finish().Fails(130, "Cancelled", "--resume");
            Assert.All(workers, worker => Assert.False(IsRunning(worker)));
        }

        _place.RunProcess([.. alone.Arguments, "--resume"]).Exits(0);
        alone.AssertSame(_place);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Workers_of_a_study_that_is_killed_end_by_themselves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists a process's children under /proc.");
        using (var killed = _place.Start([.. alone.Arguments, "--jobs", "2"]))
        {
            killed.WaitFor(FirstCheckpoint);
            var workers = WorkersOf(killed.Id);
            Assert.Equal(2, workers.Count);
            killed.Kill();
            var clock = Stopwatch.StartNew();
            while (workers.Exists(IsRunning))
            {
                Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "A worker goes on though nobody waits for it.");
                Thread.Sleep(20);
            }
        }

        _place.RunProcess([.. alone.Arguments, "--jobs", "2", "--resume"]).Exits(0);
        alone.AssertSame(_place);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_worker_that_is_killed_ends_the_study_with_the_name_of_its_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists a process's children under /proc.");
        using (var study = _place.Start([.. alone.Arguments, "--jobs", "2"]))
        {
            study.WaitFor(FirstCheckpoint);
            using var worker = Process.GetProcessById(WorkersOf(study.Id)[0]);
            worker.Kill();
            study.Finish().Fails(5, "squeezenet1_1", "fold", "137", "--resume");
        }

        _place.RunProcess([.. alone.Arguments, "--resume"]).Exits(0);
        alone.AssertSame(_place);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_a_worker_fails_at_is_said_as_if_it_had_been_no_worker()
    {
        _place.RunProcess([.. alone.Arguments, "--learning-rate", "1e30", "--jobs", "2"]).Fails(5, "squeezenet1_1", "--learning-rate");
    }

    private static List<int> WorkersOf(int process) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)),
    ];

    // A process that has ended but is not yet waited for has the state Z.
    private static bool IsRunning(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The same study in one process.</summary>
    public sealed class OneAfterTheOther : IDisposable
    {
        private static readonly string[] Files = ["predictions.csv", "results.json", "folds.csv", "runs/squeezenet1_1/fold-0/network.safetensors", "runs/squeezenet1_1/fold-2/network.safetensors"];

        private readonly Workplace _place = new();
        private readonly Workplace _other = new();

        public OneAfterTheOther()
        {
            Arguments =
            [
                "reproduce", "--data", _place.WritePhantom(imagesOfEach: 2), "--backbones", "squeezenet1_1", "--folds", "3", "--epochs", "4", "--batch-size", "4", "--threads", "1",
                "--controls", "none", "--out", "out",
            ];
            _place.Run(Arguments).Exits(0);
            AtOnce = new(() => (_other, _other.RunProcess([.. Arguments, "--jobs", "2"]).Exits(0)));
        }

        /// <summary>The study by two workers.</summary>
        public Lazy<(Workplace Place, Workplace.Outcome Outcome)> AtOnce { get; }

        public string[] Arguments { get; }

        public void AssertSame(Workplace other, string? but = null) => Assert.All(Files.Where(file => file != but), file =>
            Assert.True(File.ReadAllBytes(_place.PathOf($"out/{file}")).AsSpan().SequenceEqual(File.ReadAllBytes(other.PathOf($"out/{file}"))), $"{file} differs."));

        public void Dispose()
        {
            _place.Dispose();
            _other.Dispose();
        }
    }
}
