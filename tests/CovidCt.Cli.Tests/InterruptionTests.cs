namespace CovidCt.Cli.Tests;

/// <summary>Studies that are cancelled or killed, and gone on with.</summary>
public sealed class InterruptionTests(InterruptionTests.Unbroken unbroken) : IClassFixture<InterruptionTests.Unbroken>, IDisposable
{
    private const string FirstCheckpoint = "out/runs/squeezenet1_1/fold-0/checkpoint.safetensors";
    private const string SecondCheckpoint = "out/runs/squeezenet1_1/fold-1/checkpoint.safetensors";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(FirstCheckpoint)]
    [InlineData(SecondCheckpoint)]
    public void A_study_that_is_killed_within_a_fold_ends_in_the_same_bytes(string checkpoint)
    {
        using (var killed = _place.Start(unbroken.Arguments))
        {
            killed.WaitFor(checkpoint);
            killed.Kill();
        }

        Assert.False(File.Exists(_place.PathOf("out/predictions.csv")));
        Assert.False(File.Exists(_place.PathOf(checkpoint.Replace("checkpoint.safetensors", "predictions.csv", StringComparison.Ordinal))));

        _place.Run([.. unbroken.Arguments, "--resume"]).Exits(0);
        unbroken.AssertSame(_place);
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("INT", false)]
    [InlineData("INT", true)]
    [InlineData("TERM", false)]
    public void A_study_that_is_cancelled_says_how_to_go_on_and_ends_in_the_same_bytes(string signal, bool json)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using (var cancelled = _place.Start(json ? [.. unbroken.Arguments, "--json"] : unbroken.Arguments))
        {
            cancelled.WaitFor(FirstCheckpoint);
            cancelled.Signal(signal);
            cancelled.Finish().Fails(130, "Cancelled", "--resume", _place.PathOf("out"));
        }

        _place.Run([.. unbroken.Arguments, "--resume"]).Exits(0);
        unbroken.AssertSame(_place);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_a_killed_process_was_writing_is_gone_when_the_study_was_gone_on_with()
    {
        string[] left = [];
        for (var tries = 0; tries < 20 && left.Length == 0; tries++)
        {
            using var killed = _place.Start([.. unbroken.Arguments, "--resume"]);
            while (!killed.HasEnded && left.Length == 0)
            {
                left = Unfinished();
            }

            killed.Kill();
            left = Unfinished();
        }

        Assert.NotEmpty(left);
        _place.Run([.. unbroken.Arguments, "--resume"]).Exits(0);
        Assert.Empty(Unfinished());
        unbroken.AssertSame(_place);

        string[] Unfinished() => Directory.Exists(_place.PathOf("out"))
            ? Directory.GetFiles(_place.PathOf("out"), "*.tmp", SearchOption.AllDirectories)
            : [];
    }

    /// <summary>The study that nobody disturbed.</summary>
    public sealed class Unbroken : IDisposable
    {
        private readonly Workplace _place = new();

        public Unbroken()
        {
            Arguments =
            [
                "reproduce", "--data", _place.WritePhantom(imagesOfEach: 2), "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "4", "--batch-size", "2", "--threads", "1", "--controls", "none", "--out", "out",
            ];
            _place.Run(Arguments).Exits(0);
        }

        public string[] Arguments { get; }

        public void AssertSame(Workplace other)
        {
            Assert.Equal(File.ReadAllText(_place.PathOf("out/predictions.csv")), File.ReadAllText(other.PathOf("out/predictions.csv")));
            Assert.Equal(File.ReadAllText(_place.PathOf("out/results.json")), File.ReadAllText(other.PathOf("out/results.json")));
            Assert.Equal(
                _place.Entries("data").Where(IsOfStudy),
                other.Entries().Where(IsOfStudy));

            static bool IsOfStudy(string entry) => // Who trained when is another story each time.
                entry.StartsWith("out/", StringComparison.Ordinal) && !entry.Contains("/leases/", StringComparison.Ordinal);
        }

        public void Dispose() => _place.Dispose();
    }
}
