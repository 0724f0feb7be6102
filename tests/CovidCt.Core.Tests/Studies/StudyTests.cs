using System.Collections.Concurrent;
using System.Security.Cryptography;
using CovidCt.Calibration;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

/// <summary>The study as an application runs it: one call, and all that the report is made from is there.</summary>
public sealed class StudyTests(StudyTests.Finished finished) : IClassFixture<StudyTests.Finished>
{
    [Fact]
    public void It_leaves_every_stages_files()
    {
        var layout = finished.Result.Layout;
        Assert.All(
            (string[])[StudyLayout.ConfigurationName, StudyLayout.FoldsName, StudyLayout.AuditName, StudyLayout.ControlsName],
            name => Assert.True(File.Exists(layout[name]), name));
        Assert.All(Enumerable.Range(0, 2).Select(fold => layout.Run(Finished.Network, fold)), run =>
        {
            Assert.True(run.IsFinished);
            Assert.True(File.Exists(run.MapList));
            Assert.True(File.Exists(run.Reference) && File.Exists(run.Distances));
        });
        Assert.True(File.Exists(layout.Run(Finished.Network, 0).MapAudit));
        Assert.True(File.Exists(layout.Run(Finished.Network, 0).EmbeddingFacts));
    }

    [Fact]
    public void Its_calibrations_are_those_of_its_predictions_and_its_report_judges_them()
    {
        var study = StudyReport.Read(finished.Result.Layout.Root);
        var expected = NetworkCalibration.CrossFitted(finished.Result.Predictions, finished.Result.Dataset.Classes[finished.Result.Dataset.Positive]);

        Assert.Equal(expected.Values, study.Runs.Select(run => run.Calibration));
        Assert.Equal(expected, study.Statistics!.Networks.Single().Calibrations);
    }

    [Fact]
    public void Controls_that_are_trained_anew_come_with_the_result() => Assert.Equal(
        [ControlKind.RandomLabels, ControlKind.BackgroundOnly],
        finished.Result.Controls.Select(control => control.Options.Control));

    [Fact]
    public void Another_seed_trains_on_the_same_folds_and_answers_otherwise()
    {
        var again = Assert.Single(finished.Result.Seeds);
        Assert.Equal(finished.Result.Layout.Seeded(1), again.Layout);
        Assert.Equal(finished.Result.Folds.Select(fold => (fold.Train, fold.Test)), again.Folds.Select(fold => (fold.Train, fold.Test)));
        Assert.Equal(finished.Result.Predictions.Select(p => p.Path), again.Predictions.Select(p => p.Path));
        Assert.All(finished.Result.Predictions.Zip(again.Predictions), pair => Assert.NotEqual(pair.First.Probability, pair.Second.Probability));
        Assert.False(Directory.Exists(again.Layout.Canvases));
        Assert.All(
            (string[])[StudyLayout.AuditName, StudyLayout.ControlsName, StudyLayout.RetrainedName],
            name => Assert.False(Path.Exists(again.Layout[name]), name));
    }

    [Fact]
    public void The_stages_are_told_in_their_order() => Assert.Equal(
        [
            "Decoding", "FoldsDrawn", "Comparing", "Probing", "FoldProgress", "FoldFinished", "ControlBegun", "SeedBegun",
            "Controls", "Explaining", "Features", "Auditing", "Randomising", "Embedding",
        ],
        finished.Told.Where(told => told is not Study.Warning)
            .Select(told => told is StepProgress step ? step.Kind.ToString() : told.GetType().Name).Distinct());

    [Fact]
    public void Each_image_is_decoded_once_for_audit_networks_and_controls_and_again_only_where_its_map_is_laid_over_it()
    {
        var maps = StudyReport.Read(finished.Result.Layout.Root).Runs.SelectMany(run => run.Maps).CountBy(map => map.Path).ToDictionary();
        var samples = finished.Result.Dataset.Samples;
        Assert.NotEmpty(maps);
        Assert.True(maps.Count < samples.Count);

        Assert.Equal(
            samples.Select(sample => (sample.Path, 1 + maps.GetValueOrDefault(sample.Path))),
            samples.Select(sample => (sample.Path, finished.Decoded[sample.Path])));
    }

    [Fact]
    public void Its_warnings_come_with_the_result_to_whom_nothing_is_told()
    {
        Assert.NotEmpty(finished.Result.Warnings);
        var told = finished.Told.OfType<Study.Warning>().Select(warning => warning.Message).Distinct();
        Assert.Equal(told.Take(finished.Result.Warnings.Count), finished.Result.Warnings); // Other tests have it run again.
    }

    [Fact]
    public void What_is_done_is_not_done_again()
    {
        var before = finished.Files();

        finished.RunAgain();

        Assert.Equal(before, finished.Files());
        Assert.Empty(finished.Decoder.Take());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_is_missing_of_audit_and_canvases_is_made_of_one_decoding(bool audit, bool canvases)
    {
        var (layout, before) = (finished.Result.Layout, finished.Files());
        var found = File.ReadAllBytes(layout[StudyLayout.AuditName]);
        if (audit)
        {
            File.Delete(layout[StudyLayout.AuditName]);
        }

        if (canvases)
        {
            Directory.Delete(layout.Canvases, recursive: true);
        }

        finished.RunAgain();

        Assert.Equal(finished.Result.Dataset.Samples.Count, finished.Decoder.Take().Count);
        Assert.Equal(found, File.ReadAllBytes(layout[StudyLayout.AuditName]));
        Assert.Equal(
            before.Where(file => !audit || file.Name != layout[StudyLayout.AuditName]),
            finished.Files().Where(file => !audit || file.Name != layout[StudyLayout.AuditName]));
    }

    [Fact]
    public void TensorBoard_shows_every_runs_history_figures_and_maps_of_controls_and_seeds_too_and_gets_them_anew()
    {
        var board = finished.Result.Layout.TensorBoard;
        AssertShown();
        Directory.Delete(board, recursive: true);
        finished.RunAgain();
        AssertShown();

        void AssertShown()
        {
            (string Below, StudyResult Study)[] studies =
            [
                ("", finished.Result), .. finished.Result.Controls.Select(control => ($"controls/{Path.GetFileName(control.Layout.Root)}/", control)),
                ("seeds/1/", finished.Result.Seeds.Single()),
            ];
            Assert.Equal(
                studies.SelectMany(study => study.Study.Runs.Select(run => $"{study.Below}{run.Network}/fold-{run.Fold}")).Order(StringComparer.Ordinal),
                Directory.GetFiles(board, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(board, Path.GetDirectoryName(file)!).Replace('\\', '/')).Distinct().Order(StringComparer.Ordinal));
            foreach (var (below, study) in studies)
            {
                foreach (var run in study.Runs)
                {
                    var shown = EventRecords.In(Path.Combine(board, $"{below}{run.Network}/fold-{run.Fold}"));
                    var layout = study.Layout.Run(run.Network, run.Fold);
                    var figures = run.Figures("COVID");
                    Assert.Equal(
                        layout.ReadHistory().SelectMany(epoch => new (string, long, float)[]
                        {
                            ("train/loss", epoch.Epoch, (float)epoch.Loss), ("train/accuracy", epoch.Epoch, (float)epoch.Accuracy),
                            ("train/learning rate", epoch.Epoch, (float)epoch.LearningRate),
                        }),
                        shown.Where(value => value.Scalar is not null && value.Tag.StartsWith("train/", StringComparison.Ordinal)).Select(value => (value.Tag, value.Step, value.Scalar!.Value)));
                    Assert.Equal((float?)figures.Figures.Auc, shown.SingleOrDefault(value => value.Tag == "test/AUC")?.Scalar);
                    Assert.Equal((float?)figures.Figures.Accuracy, shown.Single(value => value.Tag == "test/accuracy").Scalar);
                    Assert.Contains($"| COVID | {figures.Matrix.TruePositives} | {figures.Matrix.FalseNegatives} |", shown.Single(value => value.Text is not null).Text, StringComparison.Ordinal);
                    Assert.Equal(
                        below.Length == 0 ? MapEntry.Read(layout.MapList).Count : 0,
                        shown.Count(value => value.Picture is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] && value.Tag.StartsWith("maps/", StringComparison.Ordinal)));
                }
            }
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void TensorBoard_changes_no_bit_of_a_study()
    {
        using var folder = new TemporaryFolder();
        Phantom.Write(folder["data"], patients: 8);
        var (with, without) = (Files(isShown: true), Files(isShown: false));

        Assert.Equal(without.Keys, with.Keys);
        Assert.All(without, file => Assert.Equal(file.Value, with[file.Key]));

        // Without what says when and how long.
        SortedDictionary<string, byte[]> Files(bool isShown)
        {
            var root = folder[$"study-{isShown}"];
            var options = new StudyOptions
            {
                Networks = [Finished.Network],
                Folds = 2,
                InputSize = new(48, 40),
                Controls = StudyControls.None,
                Training = { Epochs = 2, BatchSize = 8, Threads = 1 },
            };
            using (var own = StudyFolder.Open(root, resume: false))
            {
                new Study { TensorBoard = isShown }.Run(CtDataset.Open(folder["data"]), options, own, cancellationToken: TestContext.Current.CancellationToken);
            }

            Assert.Equal(isShown, Directory.Exists(new StudyLayout(root).TensorBoard));
            string[] compared = [RunLayout.NetworkName, StudyLayout.PredictionsName, RunLayout.CalibrationName, RunLayout.ReferenceName, StudyLayout.FoldsName, StudyLayout.AuditName];
            return new(Directory.GetFiles(root, "*", SearchOption.AllDirectories).Where(file => compared.Contains(Path.GetFileName(file)) || Path.GetExtension(file) == ".png")
                .ToDictionary(file => Path.GetRelativePath(root, file), File.ReadAllBytes));
        }
    }

    [Fact]
    public void A_folder_of_other_settings_is_refused_before_anything_is_written()
    {
        File.Delete(finished.Result.Layout[StudyLayout.AuditName]);
        try
        {
            var error = Assert.Throws<RunFolderException>(() => finished.RunAgain(options => options.Seed = 1));
            Assert.Equal(FolderProblem.OtherConfiguration, error.Problem);
            Assert.False(File.Exists(finished.Result.Layout[StudyLayout.AuditName]));
        }
        finally
        {
            finished.RunAgain();
        }
    }

    /// <summary>A small study of two folds with all its controls.</summary>
    public sealed class Finished : IDisposable
    {
        public const string Network = "squeezenet1_1";

        private readonly TemporaryFolder _folder = new();

        public Finished()
        {
            Phantom.Write(Data, patients: 8);
            var dataset = CtDataset.Open(Data);
            foreach (var sample in dataset.Samples)
            {
                OwnFormat.Wrap(dataset.FullPath(sample));
            }

            Result = Run(_ => { }, resume: false);
            var decoded = Decoder.Take();
            Decoded = dataset.Samples.ToDictionary(
                sample => sample.Path, sample => decoded.Count(one => one.SequenceEqual(OwnFormat.HashOf(dataset.FullPath(sample)))));
        }

        /// <summary>What decodes the study's images, and nothing else does.</summary>
        internal OwnFormat Decoder { get; } = new();

        /// <summary>How often each image was decoded by the whole study.</summary>
        public IReadOnlyDictionary<string, int> Decoded { get; }

        public StudyResult Result { get; }

        internal List<StudyProgress> Told { get; } = [];

        private string Data => _folder["data"];

        private string Out => _folder["study"];

        public void RunAgain(Action<StudyOptions>? change = null) => Run(change ?? (_ => { }), resume: true);

        /// <summary>Every file but the canvases, with when it was written.</summary>
        public IReadOnlyList<(string Name, DateTime Written)> Files() =>
        [
            .. Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("canvases", StringComparison.Ordinal) && Path.GetFileName(file) is not (StudyLayout.FoldsName or StudyLayout.FileSums.FileName))
                .Order(StringComparer.Ordinal)
                .Select(file => (file, File.GetLastWriteTimeUtc(file))),
        ];

        public void Dispose() => _folder.Dispose();

        private StudyResult Run(Action<StudyOptions> change, bool resume)
        {
            var options = new StudyOptions
            {
                Networks = [Network],
                Folds = 2,
                InputSize = new(48, 40),
                Controls = StudyControls.Retrained,
                Seeds = 2,
                Training = { Epochs = 1, BatchSize = 8, Threads = 1 },
            };
            change(options);
            Decoder.Take();
            using var folder = StudyFolder.Open(Out, resume);
            return new Study(decoder: Decoder) { TensorBoard = true }.Run(
                CtDataset.Open(Data), options, folder, new Relay<StudyProgress>(Told.Add), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Decodes files that no other decoder reads, and keeps which.</summary>
    internal sealed class OwnFormat : IImageDecoder
    {
        private static readonly byte[] Magic = [1, 2, 3, 4];
        private readonly SkiaImageDecoder _inner = new();
        private readonly ConcurrentQueue<byte[]> _decoded = new();

        public static void Wrap(string file) => File.WriteAllBytes(file, [.. Magic, .. File.ReadAllBytes(file)]);

        public static byte[] HashOf(string file) => SHA256.HashData(File.ReadAllBytes(file));

        public GrayImage Decode(ReadOnlyMemory<byte> file)
        {
            _decoded.Enqueue(SHA256.HashData(file.Span));
            return file.Span.StartsWith(Magic)
                ? _inner.Decode(file[Magic.Length..])
                : throw new ImageRejectedException("It is of another format.");
        }

        /// <summary>The hashes of the files that were decoded since this was asked last, or a study began.</summary>
        public IReadOnlyList<byte[]> Take()
        {
            List<byte[]> taken = [];
            while (_decoded.TryDequeue(out var one))
            {
                taken.Add(one);
            }

            return taken;
        }
    }
}
