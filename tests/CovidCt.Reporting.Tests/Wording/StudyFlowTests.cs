using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class StudyFlowTests
{
    [Fact]
    public void Images_are_followed_from_files_to_folds()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var flow = Of(sample);

        Assert.Equal("38 files found", flow.Found!.Title);
        Assert.Equal("2 left out", flow.LeftOut!.Title);
        Assert.Equal(["1: It is \"empty\" & unreadable", "1: It is no image"], flow.LeftOut.Lines);
        Assert.Equal(("36 images", "36 patients"), (flow.Images.Title, Assert.Single(flow.Images.Lines)));
        Assert.Equal(["COVID: 18 images", "non-COVID: 18 images"], flow.Classes.Select(step => step.Title));
        var parts = Assert.Single(flow.Parts);
        Assert.Equal("3 folds by patient", parts.Title);
        Assert.Equal(["test part: 12 images, of 12 patients", "training part: 24 images"], parts.Lines.Skip(1));
        Assert.StartsWith("38 files found. 2 left out, 1: It is", flow.InWords(), StringComparison.Ordinal);
    }

    [Fact]
    public void Training_and_test_part_of_a_split_are_apart_and_sources_are_counted()
    {
        using var sample = SampleStudy.Finished("COVID19-CT, tested on SARS-CoV-2 CT-scan", groupBy: "official");
        var rows = StudyReport.Read(sample.Folder).Folding.Select((row, i) => row with { Source = i % 4 == 0 ? null : $"s{i % 3}" });
        new StudyLayout(sample.Folder).WriteFolds(rows.Append(new("train/only.png", "COVID", null, "s9", null)));

        var flow = Of(sample);

        Assert.Equal(["36 patients, unknown of 1 image", "4 sources, unknown of 9 images"], flow.Images.Lines);
        Assert.Equal(["Training: 1 image", "Test: 36 images"], flow.Parts.Select(part => part.Title));
        Assert.Equal(["of COVID19-CT", "1 COVID and 0 non-COVID", "patients unknown", "1 source"], flow.Parts[0].Lines);
        Assert.Equal("of SARS-CoV-2 CT-scan", flow.Parts[1].Lines[0]);
    }

    [Fact]
    public void A_study_that_is_not_finished_says_what_it_knows()
    {
        using var begun = new SampleStudy();
        Assert.Null(StudyFlow.Of(StudyReport.Read(begun.Folder)));

        begun.AddRun("squeezenet1_1", 0);
        var flow = Of(begun);
        Assert.Null(flow.Found);
        Assert.Null(flow.LeftOut);
        Assert.Equal("12 images", flow.Images.Title);
        Assert.Equal(["in the parts tested so far", "12 patients"], flow.Images.Lines);
        Assert.DoesNotContain("training part", flow.InWords(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_reasons_are_put_together()
    {
        using var sample = SampleStudy.Finished();
        sample.AddResults(
            [.. Enumerable.Range(0, 9).Select(i => new Data.Rejection($"{i}.png", i < 4 ? "It is cut off." : $"It is odd in way {i}."))]);
        Assert.Equal(
            ["4: It is cut off", "1: It is odd in way 4", "1: It is odd in way 5", "3 for other reasons"], Of(sample).LeftOut!.Lines);
    }

    private static StudyFlow Of(SampleStudy sample) => StudyFlow.Of(StudyReport.Read(sample.Folder))!;
}
