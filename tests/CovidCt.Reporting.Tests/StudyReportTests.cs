using System.Text.Json.Nodes;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Reporting.Tests;

public sealed class StudyReportTests
{
    [Fact]
    public void A_finished_study_is_read_with_all_that_lies_in_its_folder()
    {
        using var sample = SampleStudy.Finished();

        var study = StudyReport.Read(sample.Folder);

        Assert.True(study.IsComplete);
        Assert.Empty(study.Notes);
        Assert.Equal(("COVID19-CT", 3, 6), (study.Dataset, study.Folds, study.Runs.Count));
        Assert.All(study.Runs, run => Assert.Equal((true, SampleStudy.ImagesAFold, 4), (run.IsFinished, run.Predictions.Count, run.History.Count)));
        Assert.Equal(2, study.Runs.Count(run => run.Embedding?.Points.Count == 36));
        Assert.Equal(2, study.Runs.Count(run => run.Maps.Count == SampleStudy.ImagesAFold));
        Assert.Equal("Grad-CAM", study.Runs.SelectMany(run => run.Maps).First().MethodName);
        Assert.Equal([16, 16], study.Runs.Select(run => run.MapAudit?.Images).OfType<int>());
        Assert.Equal(2, study.Results!.Rejected.Count);
        Assert.Single(study.Machines);
    }

    [Fact]
    public void A_study_without_results_has_those_of_its_finished_runs()
    {
        using var sample = SampleStudy.Finished();
        var whole = StudyReport.Read(sample.Folder).Results!;
        File.Delete(sample.PathOf("results.json"));

        var study = StudyReport.Read(sample.Folder);

        Assert.False(study.IsConcluded);
        Assert.False(study.IsComplete);
        Assert.Equal(whole.Networks.Select(n => (n.Name, n.Initialization, n.Mean, n.Std)), study.Results!.Networks.Select(n => (n.Name, n.Initialization, n.Mean, n.Std)));
        Assert.Equal((whole.Positive, whole.Images, whole.Patients), (study.Results.Positive, study.Results.Images, study.Results.Patients));
    }

    [Theory]
    [InlineData("study.json", "COVID", "non-COVID", "results.json")]
    [InlineData("study.json", "COVID", "other", "results.json")]
    [InlineData("runs/resnet18/fold-1/configuration.json", "COVID", "non-COVID", "made with the positive class non-COVID, and its study with COVID")]
    public void Results_and_runs_of_another_positive_class_than_the_study_has_are_refused(string file, string positive, string other, string words)
    {
        using var sample = SampleStudy.Finished();
        State("study.json", positive);
        State(file, other);

        var error = Assert.Throws<RunFolderException>(() => StudyReport.Read(sample.Folder));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        State(file, positive);
        Assert.Equal(positive, StudyReport.Read(sample.Folder).Results!.Positive);

        void State(string name, string to) => Stated(sample, name, ["non-COVID", "COVID"], to);
    }

    [Fact]
    public void Predictions_with_a_label_of_no_class_of_the_study_are_refused()
    {
        using var sample = SampleStudy.Finished();
        Stated(sample, "study.json", ["non-COVID", "COVID"], "COVID");
        var file = sample.PathOf($"{SampleStudy.Run("resnet18", 1)}/predictions.csv");
        File.WriteAllText(file, File.ReadAllText(file).Replace(",non-COVID,", ",well,", StringComparison.Ordinal));
        Lists.TakeAway(sample.Folder);

        var error = Assert.Throws<RunFolderException>(() => StudyReport.Read(sample.Folder));

        Assert.Contains("has the label 'well', which is none of the study's classes (non-COVID, COVID)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes classes into a configuration.</summary>
    private static void Stated(SampleStudy sample, string file, string[] classes, string positive)
    {
        var content = JsonNode.Parse(File.ReadAllText(sample.PathOf(file)))!;
        content["study"]!["classes"] = new JsonArray([.. classes.Select(name => (JsonNode)name)]);
        content["study"]!["positive"] = positive;
        sample.Write(file, content.ToJsonString());
    }

    [Fact]
    public void A_half_done_study_says_how_far_each_run_has_come()
    {
        using var sample = new SampleStudy();
        sample.AddRun("squeezenet1_1", 0);
        sample.Begin("squeezenet1_1", 1);

        var study = StudyReport.Read(sample.Folder);

        Assert.Equal(
            [(true, true), (false, true), (false, false), (false, false), (false, false), (false, false)],
            study.Runs.Select(run => (run.IsFinished, run.HasBegun)));
        Assert.Equal("squeezenet1_1", Assert.Single(study.Results!.Networks).Name);
        Assert.Null(study.SharedPatients);
    }

    [Fact]
    public void A_study_that_has_only_begun_has_no_results()
    {
        using var sample = new SampleStudy();
        Assert.Null(StudyReport.Read(sample.Folder).Results);
    }

    [Theory]
    [InlineData("image", 36)]
    [InlineData("patient", 0)]
    public void Test_images_whose_patient_is_trained_on_are_counted(string groupBy, int shared)
    {
        using var sample = SampleStudy.Finished(groupBy: groupBy);
        Assert.Equal((shared, 36), StudyReport.Read(sample.Folder).SharedPatients);
    }

    [Fact]
    public void A_folder_that_is_no_study_is_one_clear_error_that_names_the_study_nearby()
    {
        using var sample = SampleStudy.Finished();
        var parent = Path.GetDirectoryName(sample.Folder)!;

        AssertFails(parent, "study.json", $"Did you mean {sample.Folder}?");
        AssertFails(sample.PathOf("runs/resnet18/fold-0"), $"Did you mean {sample.Folder}?");
        AssertFails(Path.Combine(parent, "nowhere"), "isn't there");
        Assert.Throws<ArgumentException>(() => StudyReport.Read(" "));
    }

    [Theory]
    [InlineData("study.json", "{", "study.json")]
    [InlineData("study.json", """{"study":{"networks":["../.."],"folds":1,"groupBy":"image","seed":0,"dataset":"d"}}""", "study.json")]
    [InlineData("study.json", """{"study":{"networks":[null],"folds":1,"groupBy":"image","seed":0,"dataset":"d"}}""", "study.json")]
    [InlineData("study.json", """{"study":{"networks":["resnet18"],"folds":-1,"groupBy":"image","seed":0,"dataset":"d"}}""", "study.json")]
    [InlineData("study.json", """{"study":{"networks":["resnet18"],"folds":1,"groupBy":"hospital","seed":0,"dataset":"d"}}""", "study.json")]
    [InlineData("study.json", """{"study":{"networks":["resnet18"],"folds":1,"groupBy":"image","seed":0}}""", "study.json")]
    [InlineData("results.json", "{}", "results.json")]
    [InlineData("runs/resnet18/fold-1/predictions.csv", "path\n", "predictions.csv", "Delete it")]
    [InlineData("runs/resnet18/fold-1/predictions.csv", "path,label,patient,network,fold,probability\na,COVID,,resnet18,0,0.5\n", "rows of another run")]
    [InlineData("runs/resnet18/fold-1/history.csv", "\"", "history.csv")]
    [InlineData("runs/resnet18/fold-1/configuration.json", "[", "configuration.json")]
    [InlineData("runs/resnet18/fold-1/configuration.json", "[]", "configuration.json")]
    [InlineData("runs/resnet18/fold-1/configuration.json", """{"study":{"training":{"precision":16}}}""", "configuration.json")]
    public void A_damaged_file_is_one_clear_error_that_names_it(string file, string content, params string[] words)
    {
        using var sample = SampleStudy.Finished();
        sample.Write(file, content);
        AssertFails(sample.Folder, words);
    }

    [Theory]
    [InlineData("runs/resnet18/fold-0/embedding.csv", "path,label,part,x,y\na,COVID,test,NaN,0\n", "line 2")]
    [InlineData("runs/resnet18/fold-0/embedding.csv", "path,label,part,x,y\na,COVID,validation,1,0\n", "neither train nor test")]
    [InlineData("runs/resnet18/fold-0/embedding.csv", "path,label,part,x,y\n", "no points")]
    [InlineData("runs/resnet18/fold-0/embedding.csv", "path,label,x,y\n", "part")]
    [InlineData("runs/resnet18/fold-0/embedding.json", "{", "embedding.csv")]
    [InlineData("runs/resnet18/fold-0/embedding.json", "[]", "holds no facts of an embedding")]
    [InlineData("runs/resnet18/fold-1/maps/maps.json", "{}", "is no list of maps")]
    [InlineData("runs/resnet18/fold-1/maps/maps.json", "[{}]", "path")]
    [InlineData("runs/resnet18/fold-1/maps/maps.json", "[null]", "an entry is null")]
    [InlineData("runs/resnet18/fold-1/maps/maps.json", """[{"path":"a","label":"b","predicted":"c","probability":1,"explainedClass":"c","method":"gradCam","original":"../predictions.csv","overlay":"x"}]""", "is not beside maps.json")]
    [InlineData("runs/resnet18/fold-1/maps/0001.png", "text", "is no PNG file")]
    [InlineData("runs/resnet18/fold-0/maps/audit.json", "{}", "no audit of maps")]
    [InlineData("folds.csv", "path,label\n", "folds.csv")]
    [InlineData("controls.json", "{}", "controls.json")]
    [InlineData("audit.json", "[]", "audit.json")]
    public void What_explanations_left_is_optional_and_left_out_with_a_note_where_it_is_damaged(string file, string content, string word)
    {
        using var sample = SampleStudy.Finished();
        sample.Write(file, content);

        var study = StudyReport.Read(sample.Folder);

        var note = Assert.Single(study.Notes);
        Assert.Contains(word, note, StringComparison.Ordinal);
        Assert.DoesNotContain(sample.Folder, note, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_that_the_run_folders_contradict_are_noted()
    {
        using var sample = SampleStudy.Finished();
        sample.Write("results.json", File.ReadAllText(sample.PathOf("results.json")).Replace("\"tp\": ", "\"tp\": 1", StringComparison.Ordinal));
        Assert.Equal(6, StudyReport.Read(sample.Folder).Notes.Count(note => note.Contains("does not agree", StringComparison.Ordinal)));
    }

    private static void AssertFails(string folder, params string[] words)
    {
        var error = Assert.Throws<RunFolderException>(() => StudyReport.Read(folder));
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }
}
