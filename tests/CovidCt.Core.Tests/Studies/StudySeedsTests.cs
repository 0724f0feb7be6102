using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

/// <summary>Studies that train each fold from several seeds.</summary>
public sealed class StudySeedsTests(StudySeedsTests.Data data) : IClassFixture<StudySeedsTests.Data>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_seed_is_the_study_without_the_option_byte_for_byte()
    {
        Assert.DoesNotContain(data.Alone.Keys, name => name.StartsWith(StudyLayout.SeedsName, StringComparison.Ordinal));
        Assert.All(data.Alone, file => Assert.Equal(file.Value, data.Whole[file.Key]));
        var study = JsonNode.Parse(data.Alone[StudyLayout.ConfigurationName])!["study"]!.AsObject();
        Assert.DoesNotContain("seeds", study);
        Assert.DoesNotContain("repetition", study);
    }

    [Fact]
    public void A_finished_study_is_asked_for_more_seeds_and_what_it_has_is_not_trained_again()
    {
        Assert.Equal([1, 2], data.Result.Seeds.Select(seed => seed.Options.Repetition));
        Assert.Equal([true, true, false, false, false, false], data.Told.OfType<Study.FoldFinished>().Select(fold => fold.WasFinished));
        Assert.Equal([(1, 3), (2, 3)], data.Told.OfType<Study.SeedBegun>().Select(seed => (seed.Repetition, seed.Seeds)));
        var answers = ((StudyResult[])[data.Result, .. data.Result.Seeds]).Select(seed => seed.Predictions.First().Probability);
        Assert.Equal(3, answers.Distinct().Count());
    }

    [Theory]
    [InlineData(1, Traits = ["Category", "Long"])]
    [InlineData(2)]
    public void Seeds_that_were_stopped_go_on_to_the_same_bits(int repetition)
    {
        data.CopyAlone(_folder["out"]);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken))
        {
            var seed = 0;
            Assert.Throws<OperationCanceledException>(() => data.Run(_folder["out"], seeds: 3, told =>
            {
                seed = told is Study.SeedBegun begun ? begun.Repetition : seed;
                if (told is Study.FoldProgress { Fold: 1, Epoch: 1 } && seed == repetition)
                {
                    stop.Cancel();
                }
            }, stop.Token));
        }

        var last = new StudyLayout(_folder["out"]).Seeded(repetition).Run(Data.Network, 1);
        Assert.True(File.Exists(last.Checkpoint) && !last.IsFinished);

        data.Run(_folder["out"], seeds: 3, _ => { }, TestContext.Current.CancellationToken);

        var resumed = Data.FilesOf(_folder["out"]);
        Assert.All(data.Whole, file => Assert.True(file.Value.AsSpan().SequenceEqual(resumed[file.Key]), $"{file.Key} differs."));
    }

    /// <summary>One data set, and a study that was finished, and then asked for three seeds.</summary>
    public sealed class Data : IDisposable
    {
        public const string Network = "squeezenet1_1";

        private readonly TemporaryFolder _folder = new();

        public Data()
        {
            Phantom.Write(_folder["data"], patients: 4);
            Run(_folder["alone"], seeds: 1, _ => { }, CancellationToken.None);
            Alone = FilesOf(_folder["alone"]);
            CopyAlone(_folder["whole"]);
            Result = Run(_folder["whole"], seeds: 3, Told.Add, CancellationToken.None);
            Whole = FilesOf(_folder["whole"]);
        }

        /// <summary>The files of the study without further seeds.</summary>
        public IReadOnlyDictionary<string, byte[]> Alone { get; }

        /// <summary>Those with them.</summary>
        public IReadOnlyDictionary<string, byte[]> Whole { get; }

        public StudyResult Result { get; }

        /// <summary>What was told when it was asked for more.</summary>
        internal List<StudyProgress> Told { get; } = [];

        /// <summary>What of a study is the same for the same options, whatever the clock says.</summary>
        public static IReadOnlyDictionary<string, byte[]> FilesOf(string folder) =>
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) is StudyLayout.ConfigurationName or StudyLayout.FoldsName
                    or StudyLayout.PredictionsName or "configuration.json" or "network.safetensors")
                .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes);

        public void CopyAlone(string to)
        {
            foreach (var file in Directory.EnumerateFiles(_folder["alone"], "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(to, Path.GetRelativePath(_folder["alone"], file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        internal StudyResult Run(string folder, int seeds, Action<StudyProgress> told, CancellationToken cancellationToken)
        {
            var options = new StudyOptions
            {
                Networks = [Network],
                Folds = 2,
                InputSize = new(48, 40),
                Controls = StudyControls.None,
                Seeds = seeds,
                Training = { Epochs = 2, BatchSize = 8, Threads = 1 },
            };
            using var study = StudyFolder.Open(folder, resume: true);
            return new Study().Run(CtDataset.Open(_folder["data"]), options, study, new Relay<StudyProgress>(told), cancellationToken);
        }

        public void Dispose() => _folder.Dispose();
    }
}
