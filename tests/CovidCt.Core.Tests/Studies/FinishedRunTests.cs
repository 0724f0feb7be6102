using CovidCt.Data;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class FinishedRunTests(FinishedStudy study)
{
    [Fact]
    public void A_run_knows_its_network_its_answers_and_its_data()
    {
        var run = study.Run(0);

        Assert.Equal(FinishedStudy.Network, run.Network);
        Assert.Equal(study.Data, run.DataPath);
        Assert.Equal(study.Result.Runs[0].Predictions.Select(prediction => prediction.Path).Order(StringComparer.Ordinal), run.Predictions.Select(prediction => prediction.Path));
        Assert.Equal(study.Result.Dataset.Samples, run.OpenData().Samples);
        var (description, backbone) = run.LoadNetwork();
        using (backbone)
        {
            Assert.Equal(run.Network, description.Network);
        }
    }

    [Fact]
    public void A_run_finds_those_of_the_other_folds()
    {
        Assert.Equal([study.Run(1).FullPath], study.Run(0).OtherFolds().Select(run => run.FullPath));
        Assert.Equal([study.Run(0).FullPath], study.Run(1).OtherFolds().Select(run => run.FullPath));
    }

    [Fact]
    public void A_folder_that_is_no_run_is_told_with_one_of_those_in_it()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(Path.Combine(study.Folder, "runs", FinishedStudy.Network, "fold-0"), Assert.Throws<RunFolderException>(() => FinishedRun.Open(study.Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("holds no finished run", Assert.Throws<RunFolderException>(() => FinishedRun.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("isn't there", Assert.Throws<RunFolderException>(() => FinishedRun.Open(Path.Combine(folder.Path, "nowhere"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_under_way_is_no_finished_one()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(study.Run(1).FullPath).Where(file => !file.EndsWith("predictions.csv", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        Assert.Contains("holds no finished run", Assert.Throws<RunFolderException>(() => FinishedRun.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_data_set_is_told()
    {
        using var folder = new TemporaryFolder();
        Phantom.Write(folder.Path, patients: 4);

        var error = Assert.Throws<UnusableDataException>(() => study.Run(0).OpenData(folder.Path));

        Assert.Contains($"{folder.Path} is not the data set of", error.Message, StringComparison.Ordinal);
    }
}
