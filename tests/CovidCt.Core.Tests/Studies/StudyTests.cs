using CovidCt.Data;
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
    public void Controls_that_are_trained_anew_come_with_the_result() => Assert.Equal(
        [ControlKind.RandomLabels, ControlKind.BackgroundOnly],
        finished.Result.Controls.Select(control => control.Options.Control));

    [Fact]
    public void The_stages_are_told_in_their_order() => Assert.Equal(
        ["AuditUnderWay", "DecodingProgress", "FoldsDrawn", "FoldProgress", "FoldFinished", "RunUnderWay", "ControlBegun"],
        finished.Told.Where(told => told is not StudyWarning).Select(told => told.GetType().Name).Distinct());

    [Fact]
    public void What_is_done_is_not_done_again()
    {
        var before = finished.Files();

        finished.RunAgain();

        Assert.Equal(before, finished.Files());
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

    [Fact]
    public void A_name_of_a_run_is_read_as_it_is_written()
    {
        var run = new StudyRun("resnet18", 3);
        Assert.Equal("resnet18/fold-3", run.ToString());
        Assert.Equal(run, StudyRun.Parse(run.ToString()));
        Assert.All((string[])["resnet18", "resnet18/3", "resnet18/fold-x", "a/b/fold-1", ""], name =>
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => StudyRun.Parse(name)).Message, StringComparison.Ordinal));
    }

    /// <summary>A small study of two folds with all its controls.</summary>
    public sealed class Finished : IDisposable
    {
        public const string Network = "squeezenet1_1";

        private readonly TemporaryFolder _folder = new();

        public Finished()
        {
            Phantom.Write(Data, patients: 4);
            Result = Run(_ => { }, resume: false);
        }

        public StudyResult Result { get; }

        internal List<StudyProgress> Told { get; } = [];

        private string Data => _folder["data"];

        private string Out => _folder["study"];

        public void RunAgain(Action<StudyOptions>? change = null) => Run(change ?? (_ => { }), resume: true);

        /// <summary>Every file but the canvases, with when it was written.</summary>
        public IReadOnlyList<(string Name, DateTime Written)> Files() =>
        [
            .. Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("canvases", StringComparison.Ordinal) && Path.GetFileName(file) != StudyLayout.FoldsName)
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
                Training = { Epochs = 1, BatchSize = 4, Threads = 1 },
            };
            change(options);
            using var folder = StudyFolder.Open(Out, resume);
            return new Study().Run(CtDataset.Open(Data), options, folder, new Relay<StudyProgress>(Told.Add), TestContext.Current.CancellationToken);
        }
    }
}
