using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Core.Tests.Inference;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Studies;
using CovidCt.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class CtEnsembleOfRunsTests(FinishedStudy study) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folds => Path.GetDirectoryName(study.Run(0).FullPath)!;

    private string Image => study.Result.Dataset.FullPath(study.Result.Dataset.Samples[0]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folds_of_a_study_answer_together_in_their_order()
    {
        using var ensemble = FinishedRun.LoadEnsemble(Folds);
        using var first = CtClassifier.Load(study.Run(0).FullPath);
        using var second = CtClassifier.Load(study.Run(1).FullPath);

        var answer = ensemble.Classify(Image);

        Assert.Equal([first.Classify(Image).Probability, second.Classify(Image).Probability], answer.Members.Select(member => member.Probability));
        Assert.True(FinishedRun.HoldsFolds(Folds));
        Assert.False(FinishedRun.HoldsFolds(study.Run(0).FullPath));
    }

    [Fact]
    public void An_application_may_name_the_folder_of_the_folds_and_an_unfinished_one_is_told_at_start()
    {
        using var ensemble = FinishedRun.LoadEnsemble(Folds);
        using (var provider = new ServiceCollection().AddCovidCt(options => options.Model = Folds).BuildServiceProvider())
        {
            Assert.Equal(ensemble.Classify(Image), provider.GetRequiredService<ICtClassifier>().Classify(Image));
        }

        Copy(1, "fold-1");
        using var broken = new ServiceCollection().AddCovidCt(options => options.Model = _folder.Path).BuildServiceProvider();
        Assert.Contains("fold 0 is missing", Assert.Throws<OptionsValidationException>(broken.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibrations_are_read_from_the_runs_and_one_that_is_damaged_is_named()
    {
        Copy(0, "fold-0");
        Copy(1, "fold-1");
        var (own, other) = (new NetworkCalibration(0.5, 2, 16, 8), new NetworkCalibration(-0.5, 0.5, 16, 8));
        Run(0).WriteCalibration(own);
        Run(1).WriteCalibration(other);
        using (var ensemble = FinishedRun.LoadEnsemble(_folder.Path))
        using (var first = CtClassifier.Load(Run(0).Root))
        using (var file = CtClassifier.Load(Run(0).Network))
        {
            Assert.Equal((own, true), (first.Calibration, first.IsCalibrated));
            var (answer, raw) = (ensemble.Classify(Image), file.Classify(Image));
            Assert.Equal(own.Apply(raw.Probability), first.Classify(Image).CalibratedProbability);
            Assert.Equal((raw.Probability, raw.Label), (first.Classify(Image).Probability, first.Classify(Image).Label));
            Assert.Null(raw.CalibratedProbability);
            Assert.Equal((own.Apply(answer.Members[0].Probability) + other.Apply(answer.Members[1].Probability)) / 2, answer.CalibratedProbability);
        }

        Assert.True(FinishedRun.Open(Run(0).Root).HasCalibration);
        File.WriteAllText(Run(1).Calibration, "{}");
        Assert.Contains(Run(1).Calibration, Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(_folder.Path)).Message, StringComparison.Ordinal);
        Lists.TakeAway(_folder.Path);
        Assert.Contains(Run(1).Calibration, Assert.Throws<WeightsException>(() => FinishedRun.LoadEnsemble(_folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(Run(1).Calibration);
        using var without = FinishedRun.LoadEnsemble(_folder.Path);
        Assert.Null(without.Classify(Image).CalibratedProbability);

        RunLayout Run(int fold) => new(_folder[$"fold-{fold}"]);
    }

    [Fact]
    public void Sets_are_read_from_the_runs_and_an_ensembles_are_the_votes_of_its_networks()
    {
        Copy(0, "fold-0");
        Copy(1, "fold-1");
        Lists.TakeAway(_folder.Path);
        ConformalSets everything = new(0.9, ClusterUnit.Patient, new(null, 3, 8), new(null, 3, 8)), nothing = new(0.9, ClusterUnit.Patient, new(1, 30, 80), new(0, 30, 80));
        Write(everything, nothing);
        using (var first = CtClassifier.Load(_folder["fold-0"]))
        using (var second = CtClassifier.Load(_folder["fold-1"]))
        using (var ensemble = FinishedRun.LoadEnsemble(_folder.Path))
        {
            Assert.Equal((everything, 0.9), (first.Sets, first.SetLevel));
            Assert.Equal(first.Model.Classes, first.Classify(Image).PredictionSet);
            Assert.Empty(second.Classify(Image).PredictionSet!);
            var answer = ensemble.Classify(Image);
            Assert.Equal(0.9, ensemble.SetLevel);
            Assert.Empty(answer.PredictionSet!);
            Assert.Equal([2, 0], answer.Members.Select(member => member.PredictionSet!.Count));
            Assert.Equal(first.Classify(Image) with { PredictionSet = null }, Raw(0));
        }

        Write(everything, everything with { Level = 0.8 });
        using (var levels = FinishedRun.LoadEnsemble(_folder.Path))
        {
            Assert.Null(levels.SetLevel);
            Assert.Null(levels.Classify(Image).PredictionSet);
        }

        Write(everything, null);
        using var half = FinishedRun.LoadEnsemble(_folder.Path);
        Assert.Null(half.Classify(Image).PredictionSet);

        void Write(params ConformalSets?[] sets)
        {
            foreach (var (fold, one) in sets.Index())
            {
                new RunLayout(_folder[$"fold-{fold}"]).WriteCalibration(null, one);
            }
        }

        Classification Raw(int fold)
        {
            using var file = CtClassifier.Load(new RunLayout(_folder[$"fold-{fold}"]).Network);
            using var run = CtClassifier.Load(_folder[$"fold-{fold}"]);
            return file.Classify(Image) with { TrainingDistance = run.Classify(Image).TrainingDistance };
        }
    }

    [Fact]
    public void A_network_of_more_than_two_classes_has_no_calibration()
    {
        using (var backbone = new BackboneFactory().Create(FinishedStudy.Network, 3))
        {
            ModelFile.Save(
                _folder["network.safetensors"], backbone, ModelFileTests.Description with { Network = FinishedStudy.Network, Classes = ["a", "b", "c"], Positive = 2 });
        }

        new RunLayout(_folder.Path).WriteCalibration(new(0, 1, 2, 1));

        Assert.Contains("tells 3 apart", Assert.Throws<WeightsException>(() => CtClassifier.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_that_is_not_done_is_refused_with_the_fold_that_is_missing()
    {
        Copy(0, "fold-0");
        Assert.Contains("fold 1 is missing", Refusal(), StringComparison.Ordinal);

        Copy(1, "fold-1");
        File.Delete(_folder["fold-1/predictions.csv"]);
        Assert.Contains("fold 1 is not finished", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fold_that_is_there_twice_is_refused()
    {
        Copy(0, "fold-0");
        Copy(0, "fold-1");

        Assert.Contains("fold-1 holds fold 0", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_of_different_studies_are_refused_with_the_difference()
    {
        Copy(0, "fold-0");
        Copy(1, "fold-1");
        var configuration = File.ReadAllText(_folder["fold-1/configuration.json"]);
        File.WriteAllText(_folder["fold-1/configuration.json"], configuration.Replace("\"seed\": 0", "\"seed\": 7", StringComparison.Ordinal));
        Lists.TakeAway(_folder.Path);

        Assert.Contains("seed: 7 there, 0 here", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_that_expect_different_things_are_refused()
    {
        Copy(0, "fold-0");
        Copy(1, "fold-1");
        using (var backbone = new BackboneFactory().Create("squeezenet1_1", 2))
        {
            ModelFile.Save(_folder["fold-1/network.safetensors"], backbone, ModelFileTests.Description);
        }

        Lists.TakeAway(_folder.Path);
        Assert.Contains("squeezenet1_1", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_something_else_is_told()
    {
        Assert.Contains(Folds, Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(study.Run(0).FullPath)).Message, StringComparison.Ordinal);
        Assert.Contains("isn't there", Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(new StudyLayout(study.Folder).RunsOf("resnet18"))).Message, StringComparison.Ordinal);
        Assert.Contains("holds no finished run", Refusal(), StringComparison.Ordinal);
    }

    private string Refusal() => Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(_folder.Path)).Message;

    private void Copy(int fold, string name)
    {
        Directory.CreateDirectory(_folder[name]);
        foreach (var file in Directory.GetFiles(study.Run(fold).FullPath).Where(file => Path.GetFileName(file) != RunLayout.ReferenceName))
        {
            File.Copy(file, Path.Combine(_folder[name], Path.GetFileName(file)), overwrite: true);
        }

        Lists.RenewRun(_folder[name]); // Others may have made the reference meanwhile.
    }
}
