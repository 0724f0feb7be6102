using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Studies.Leases;
using CovidCt.Tests;
using CovidCt.Training;

namespace CovidCt.Core.Tests.Studies;

/// <summary>A study that is prepared, trained and finished by processes that know no more of each other than its folder says.</summary>
public sealed class StudyStagesTests(StudyStagesTests.Whole whole) : IClassFixture<StudyStagesTests.Whole>, IDisposable
{
    private const string Network = "squeezenet1_1";
    private const string First = $"{Network}/fold-0";

    private readonly TemporaryFolder _folder = new();
    private readonly List<StudyProgress> _told = [];

    private string Out => _folder["study"];

    private StudyLayout Layout => new(Out);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_that_are_shared_out_end_in_the_bytes_of_a_study_that_is_run_as_a_whole()
    {
        var plan = Prepare();
        Assert.Equal(
            [First, $"{Network}/fold-1", $"seeds/1/{First}", $"seeds/1/{Network}/fold-1"], plan.Runs.Select(run => run.Name));
        Assert.Equal(plan.Runs, Layout.ReadPlan().Runs);
        Assert.False(Directory.Exists(Layout[StudyLayout.RunsName]));

        var trained = Enumerable.Range(0, 3).SelectMany(shard => Train(new() { Shard = shard, Shards = 3 })).ToList();
        Assert.Equal(plan.Runs.Select(run => run.Name).Order(), trained.Select(run => run.Name).Order());
        Assert.Empty(Train(new()));
        Assert.Empty(Train(new() { Run = First }));
        var result = Finish();

        whole.AssertSame(Out);
        Assert.Equal(whole.Result.Predictions, result.Predictions);
        Assert.Equal(whole.Result.Seeds.Single().Predictions, result.Seeds.Single().Predictions);
        Assert.Empty(Directory.GetFiles(Out, "*.tmp", SearchOption.AllDirectories));
        Assert.All(StudyStatus.Read(Out).Runs, run => Assert.Equal((StudyStatus.State.Finished, LeaseRecord.Outcome.Finished, 1), (run.State, run.Lease!.Ended!.Value, run.Lease.Epoch!.Value)));
    }

    [Fact]
    public void On_a_machine_with_the_data_elsewhere_nothing_is_decoded_and_nothing_but_the_run_is_written()
    {
        Prepare();
        var data = _folder["elsewhere"];
        Copy(whole.Data, data);
        var before = Files();

        Train(new() { Run = First, DataFolder = data }, new NoDecoder());

        Assert.Equal(before, Files());
        Assert.Equal(whole.Bytes($"runs/{First}/network.safetensors"), File.ReadAllBytes(Path.Combine(Layout.Run(Network, 0).Root, "network.safetensors")));
    }

    [Fact]
    public void Other_images_and_other_labels_than_the_study_was_prepared_with_are_refused_by_name()
    {
        Prepare();
        var data = _folder["elsewhere"];
        Copy(whole.Data, data);
        var manifest = Path.Combine(data, "manifest.csv");
        var rows = File.ReadAllLines(manifest);
        var image = rows[1].Split(',')[0];

        File.WriteAllLines(manifest, [rows[0], .. rows.Skip(2)]);
        Assert.Contains(image, Refusal(), StringComparison.Ordinal);

        File.WriteAllLines(manifest, [rows[0], $"{rows[1].Replace(rows[1].Split(',')[2], "someone", StringComparison.Ordinal)}", .. rows.Skip(2)]);
        Assert.Contains(image, Refusal(), StringComparison.Ordinal);

        File.WriteAllLines(manifest, rows);
        File.AppendAllText(Path.Combine(data, image), "more");
        Assert.Contains(image, Refusal(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Layout[StudyLayout.RunsName]));

        string Refusal() => Assert.Throws<RunFolderException>(() => Train(new() { DataFolder = data })).Message;
    }

    [Fact]
    public void To_finish_too_early_names_the_runs_that_are_missing_and_changes_nothing()
    {
        Prepare();
        Train(new() { Run = $"{Network}/fold-1" });
        var before = Files("canvases");

        var error = Assert.Throws<RunFolderException>(() => Finish());

        Assert.Equal(FolderProblem.Unfinished, error.Problem);
        Assert.Contains($"3 of 4 runs of {Out} are not finished: {First}, seeds/1/{First}", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files("canvases"));
        Assert.Throws<RunFolderException>(() => StudyStatus.RequireTrained(_folder["none"], Token));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void A_run_that_another_process_has_is_passed_over_and_waited_for_by_whoever_was_asked_for_it()
    {
        Prepare();
        var lease = Lease.TryTake(Layout.Run(Network, 0).Leases, Lease.DefaultLength, job: "Slurm 7_1", out _)!;

        Assert.DoesNotContain(First, Train(new()).Select(run => run.Name));
        var held = Assert.Single(_told.OfType<Study.RunHeld>());
        Assert.Equal((First, false), (held.Run, held.IsWaitedFor));
        Assert.Contains("Slurm 7_1", held.Holder, StringComparison.Ordinal);
        Assert.Equal([StudyStatus.State.UnderWay, StudyStatus.State.Finished], StudyStatus.Read(Out).Runs.Take(2).Select(run => run.State));

        var waiting = new Relay<StudyProgress>(told =>
        {
            if (told is Study.RunHeld { IsWaitedFor: true })
            {
                lease.Dispose(); // The other was stopped.
            }
        });
        Assert.Equal([First], new Study().Train(Out, new() { Run = First, LeaseSeconds = 1 }, waiting, Token).Select(run => run.Name));
        Assert.Equal([LeaseRecord.Outcome.Stopped, LeaseRecord.Outcome.Finished], LeaseRecord.In(Layout.Run(Network, 0).Leases).Select(one => one.Ended!.Value));
    }

    [Fact]
    public void A_run_that_was_taken_over_is_left_to_the_other_and_comes_to_the_same_bytes()
    {
        Prepare();
        var leases = Layout.Run(Network, 0).Leases;
        Lease? thief = null;
        var slow = new Relay<StudyProgress>(told =>
        {
            if (told is Study.FoldProgress { Epoch: 0, Finished: null } && thief is null)
            {
                File.SetLastWriteTimeUtc(LeaseRecord.FileOf(leases, 1), DateTime.UtcNow - TimeSpan.FromHours(1)); // As of a machine that was stopped.
                thief = Lease.TryTake(leases, Lease.DefaultLength, job: null, out _);
            }

            _told.Add(told);
        });

        Assert.DoesNotContain(First, new Study().Train(Out, new(), slow, Token).Select(run => run.Name));

        Assert.Contains(_told.OfType<Study.Warning>(), warning => warning.Message.Contains("taken over", StringComparison.Ordinal));
        Assert.False(Layout.Run(Network, 0).IsFinished);
        Assert.False(File.Exists(Layout.Run(Network, 0).Checkpoint));
        Assert.Equal(LeaseRecord.Outcome.Lost, LeaseRecord.Read(leases, 1)!.Ended);
        thief!.Dispose();
        Train(new());
        whole.AssertSame(Out, isFinished: false);
    }

    [Fact]
    public void A_run_that_fails_is_told_when_the_others_were_trained()
    {
        Prepare(options => options.Training.Lamb.LearningRate = 1e30);

        var error = Assert.Throws<TrainingFailedException>(() => Train(new()));

        Assert.Equal(TrainingProblem.NotANumber, error.Problem);
        Assert.All(StudyStatus.Read(Out).Runs, run => Assert.Equal(StudyStatus.State.Failed, run.State));
        Assert.Contains("no numbers", StudyStatus.Read(Out).Runs[^1].Lease!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_that_was_not_prepared_a_run_that_it_has_not_and_a_share_that_cannot_be_are_told()
    {
        Assert.Contains(Out, Assert.Throws<RunFolderException>(() => Train(new())).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));

        Prepare();
        Assert.Contains("'resnet18/fold-0'", Assert.Throws<ArgumentException>(() => Train(new() { Run = "resnet18/fold-0" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Train(new() { Shard = 2, Shards = 2 }));
        Assert.Throws<ArgumentException>(() => Train(new() { Shard = 0, Run = First }));
        Assert.Empty(Train(new() { Shard = 9, Shards = 10 }));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }
    }

    private StudyPlan Prepare(Action<StudyOptions>? change = null)
    {
        var options = Whole.Options();
        change?.Invoke(options);
        using var folder = StudyFolder.Open(Out, resume: false);
        return new Study().Prepare(CtDataset.Open(whole.Data), options, folder, cancellationToken: Token);
    }

    private IReadOnlyList<PlannedRun> Train(NodeOptions node, IImageDecoder? decoder = null) =>
        new Study(decoder: decoder).Train(Out, node, new Relay<StudyProgress>(_told.Add), Token);

    private StudyResult Finish()
    {
        using var folder = StudyFolder.Open(Out, resume: true);
        return new Study().Finish(folder, cancellationToken: Token);
    }

    /// <summary>Every file that is not of a run, with its bytes' hash and when it was written.</summary>
    private List<(string Name, DateTime Written)> Files(string except = "") =>
    [
        .. Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/runs/", StringComparison.Ordinal) && (except.Length == 0 || !file.Contains(except, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, File.GetLastWriteTimeUtc(file))),
    ];

    /// <summary>The same study in one process.</summary>
    public sealed class Whole : IDisposable
    {
        private static readonly string[] OfRuns = ["network.safetensors", "predictions.csv"], OfFinished = [.. OfRuns, "calibration.json"];

        private readonly TemporaryFolder _folder = new();

        public Whole()
        {
            Phantom.Write(Data, patients: 4);
            using var folder = StudyFolder.Open(_folder["study"], resume: false);
            Result = new Study().Run(CtDataset.Open(Data), Options(), folder, cancellationToken: Token);
        }

        public string Data => _folder["data"];

        public StudyResult Result { get; }

        public static StudyOptions Options() => new()
        {
            Networks = [Network],
            Folds = 2,
            InputSize = new(48, 40),
            Controls = StudyControls.None,
            Seeds = 2,
            Training = { Epochs = 1, BatchSize = 8, Threads = 1 },
        };

        public byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(_folder["study"], file));

        public void AssertSame(string other, bool isFinished = true)
        {
            string[] runs = [$"runs/{Network}/fold-0", $"runs/{Network}/fold-1", $"seeds/1/runs/{Network}/fold-0", $"seeds/1/runs/{Network}/fold-1"];
            string[] files = ["folds.csv", "plan.csv", .. runs.SelectMany(run => (isFinished ? OfFinished : OfRuns).Select(name => $"{run}/{name}"))];
            Assert.All(files, file => Assert.True(Bytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(other, file))), $"{file} differs."));
        }

        public void Dispose() => _folder.Dispose();
    }

    /// <summary>Decodes nothing, with the canvases of what does.</summary>
    private sealed class NoDecoder : IImageDecoder
    {
        public string Version => ((IImageDecoder)new SkiaImageDecoder()).Version;

        public GrayImage Decode(ReadOnlyMemory<byte> file) => throw new InvalidOperationException("An image was decoded.");
    }
}
