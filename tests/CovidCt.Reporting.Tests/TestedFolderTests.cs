using CovidCt.Data;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Reporting.Tests;

/// <summary>The folder of a network that was tested on a data set.</summary>
public sealed class TestedFolderTests : IDisposable
{
    // What is not so of a network that was tested, or is said of other programs' predictions alone.
    private static readonly string[] False =
    [
        "made elsewhere", "predictions alone", "The files name", "the files", "How the models were made", "other folds", "all folds", "Nothing was chosen",
        "Table 2 are of single slices",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var study = Tested();

        var written = StudyFiles.WriteEvaluation(study, _folder["out"], cancellationToken: TestContext.Current.CancellationToken);
        var read = StudyReport.Read(_folder["out"]);

        Assert.True(File.Exists(written[0]));
        Assert.Equal(study.Runs[0].Answers, read.Runs[0].Answers);
        Assert.Equal(study.Given!.Tested!.Rejected, read.Results!.Rejected);
        Assert.Equal(study.Statistics!.Networks[0].Calibrated!.Brier, read.Statistics!.Networks[0].Calibrated!.Brier);
        Assert.Equal(study.Statistics.Networks[0].Sets!.All, read.Statistics.Networks[0].Sets!.All);
    }

    [Fact]
    public void Report_cards_and_checklists_say_what_was_tested_and_nothing_of_other_programs()
    {
        StudyFiles.WriteEvaluation(Tested(), _folder["out"], cancellationToken: TestContext.Current.CancellationToken);

        var report = File.ReadAllText(Path.Combine(_folder["out"], "report.html"));
        Assert.Contains("Test of a trained network", report, StringComparison.Ordinal);
        Assert.Contains("table-unlike", report, StringComparison.Ordinal);
        Assert.Contains("table-calibrated", report, StringComparison.Ordinal);
        Assert.Contains("table-sets", report, StringComparison.Ordinal);
        Assert.Contains("broken.png", report, StringComparison.Ordinal);
        Assert.Contains("It is two networks that answer as one", report, StringComparison.Ordinal);
        foreach (var file in (string[])["report.html", "MODEL_CARD.md", "CHECKLIST.md"])
        {
            var text = File.ReadAllText(Path.Combine(_folder["out"], file));
            Assert.All(False, words => Assert.DoesNotContain(words, text, StringComparison.Ordinal));
        }
    }

    private StudyReport Tested()
    {
        foreach (var (name, from) in ((string, int)[])[("COVID", 70), ("non-COVID", 20)])
        {
            Directory.CreateDirectory(_folder[$"our-hospital/{name}"]);
            for (var i = 0; i < 20; i++)
            {
                File.WriteAllBytes(_folder[$"our-hospital/{name}/{i:00}.png"], TestImages.GrayPng(new(16, 16, [.. Enumerable.Repeat((byte)(from + (8 * i)), 256)])));
            }
        }

        File.WriteAllBytes(_folder["our-hospital/COVID/broken.png"], [1, 2, 3]);
        using var network = new StubClassifier(threshold: 0.2) { Networks = 2 };
        return StudyReport.Test(
            network, CtDataset.Open(_folder["our-hospital"]), new() { TrainedOn = "COVID19-CT", TrainedImages = [], Files = [new("network.safetensors", "abc")] },
            cancellationToken: TestContext.Current.CancellationToken);
    }
}
