using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Inference;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Studies;

/// <summary>The networks of a study's folds and seeds as one.</summary>
[Collection(NativeMemory.Name)]
[Trait("Category", "Long")]
public sealed class CtEnsembleOfSeedsTests(StudySeedsTests.Data data) : IClassFixture<StudySeedsTests.Data>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folds => data.Result.Layout.RunsOf(StudySeedsTests.Data.Network);

    private string Image => data.Result.Dataset.FullPath(data.Result.Dataset.Samples[0]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_folds_and_seeds_answer_together_the_first_seed_first()
    {
        using var alone = FinishedRun.LoadEnsemble(Folds);
        using var ensemble = FinishedRun.LoadEnsemble(Folds, seeds: null);

        var (first, answer) = (alone.Classify(Image), ensemble.Classify(Image));

        Assert.Equal((6, 2, 3), (ensemble.Count, ensemble.Model.Folds, ensemble.Model.Seeds));
        Assert.Equal((2, 2, 1), (alone.Count, alone.Model.Folds, alone.Model.Seeds));
        Assert.Null(alone.Calibration);
        Assert.Equal(first.Members, answer.Members.Take(2));
        foreach (var (member, run) in Runs(3).Index())
        {
            using var one = CtClassifier.Load(run.Root);
            Assert.Equal(one.Classify(Image).Probability, answer.Members[member].Probability);
        }

        Assert.Equal(answer.Members.Average(member => member.Probability), answer.Probability, 1e-15);
    }

    [Fact]
    public void Its_calibration_and_thresholds_are_those_of_the_means_over_the_seeds_in_the_runs_files()
    {
        using var ensemble = FinishedRun.LoadEnsemble(Folds, seeds: null);
        using var two = FinishedRun.LoadEnsemble(Folds, seeds: 2);

        Check(ensemble, 3);
        Check(two, 2);

        void Check(CtEnsemble of, int seeds)
        {
            var means = Runs(seeds).SelectMany(run => run.ReadPredictions())
                .GroupBy(row => row.Path).Select(image => image.First() with { Probability = image.Average(row => row.Probability) }).ToList();
            var calibration = NetworkCalibration.OfAllFolds(means, "COVID");
            Assert.Equal(calibration is null, of.Calibration is null);
            Assert.Equal(calibration?.Intercept ?? 0, of.Calibration?.Intercept ?? 0, 1e-6);
            Assert.Equal(calibration?.Slope ?? 1, of.Calibration?.Slope ?? 1, 1e-6);
            var sets = ConformalSets.OfAllFolds(means, "COVID");
            Assert.Equal((sets.Level, sets.Unit, sets.Positive.Clusters), (of.Sets!.Level, of.Sets.Unit, of.Sets.Positive.Clusters));
            Assert.Equal(sets.Positive.Probability ?? -1, of.Sets.Positive.Probability ?? -1, 1e-12);
            Assert.Equal(sets.Negative.Probability ?? -1, of.Sets.Negative.Probability ?? -1, 1e-12);
            Assert.Equal(of.SetLevel, of.Sets.Level);
        }
    }

    [Fact]
    public void Its_file_answers_as_it_does_in_code_and_in_an_application_and_leaves_no_tensor()
    {
        using (var ensemble = FinishedRun.LoadEnsemble(Folds, seeds: null))
        {
            ensemble.Save(_folder["all.safetensors"]);
            using var loaded = CtEnsemble.Load(_folder["all.safetensors"]);
            Assert.Equal((ensemble.Calibration, ensemble.Sets, 2, 3), (loaded.Calibration, loaded.Sets, loaded.Model.Folds, loaded.Model.Seeds));
            Assert.Equal(ensemble.Classify(Image), loaded.Classify(Image));
            using var provider = new ServiceCollection().AddCovidCt(options => options.Model = _folder["all.safetensors"]).BuildServiceProvider();
            Assert.Equal(loaded.Classify(Image), provider.GetRequiredService<ICtClassifier>().Classify(Image));
        }

        // TorchSharp counts a parameter that it made of a tensor as two, of which one is freed: as many as of the networks by themselves.
        var alone = Left(() =>
        {
            foreach (var run in Runs(3))
            {
                using var one = CtClassifier.Load(run.Root);
                one.Classify(Image);
            }
        });
        Assert.Equal(alone, Left(() =>
        {
            using var ensemble = FinishedRun.LoadEnsemble(Folds, seeds: null);
            ensemble.Classify(Image);
        }));
        Assert.Equal(alone, Left(() =>
        {
            using var loaded = CtEnsemble.Load(_folder["all.safetensors"]);
            loaded.Classify(Image);
        }));
    }

    [Fact]
    public void A_seed_that_is_not_there_or_not_done_is_named()
    {
        var missing = Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(Folds, seeds: 4));
        Assert.Equal(FolderProblem.FewerSeeds, missing.Problem);
        Assert.Contains("the first 3 are there: there are no folds in " + data.Result.Layout.Seeded(3).Root, missing.Message, StringComparison.Ordinal);

        Copy();
        var copy = new StudyLayout(_folder["study"]);
        File.Delete(copy.Seeded(2).Run(StudySeedsTests.Data.Network, 1).Predictions);
        var open = Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(copy.RunsOf(StudySeedsTests.Data.Network), seeds: null));
        Assert.Equal(FolderProblem.Unfinished, open.Problem);
        Assert.Contains($"{copy.Seeded(2).RunsOf(StudySeedsTests.Data.Network)} isn't done: fold 1 is not finished", open.Message, StringComparison.Ordinal);

        using var done = FinishedRun.LoadEnsemble(copy.RunsOf(StudySeedsTests.Data.Network), seeds: 2);
        Assert.Equal(4, done.Count);
        Directory.Delete(copy.Seeded(1).Root, recursive: true);
        Assert.Contains(
            $"there are no folds in {copy.Seeded(1).Root}",
            Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(copy.RunsOf(StudySeedsTests.Data.Network), seeds: null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_of_another_study_are_refused_with_the_difference()
    {
        Copy();
        var copy = new StudyLayout(_folder["study"]);
        var file = copy.Seeded(1).Run(StudySeedsTests.Data.Network, 0).Configuration;
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"seed\": 0", "\"seed\": 7", StringComparison.Ordinal));
        Lists.TakeAway(_folder.Path);

        var message = Assert.Throws<RunFolderException>(() => FinishedRun.LoadEnsemble(copy.RunsOf(StudySeedsTests.Data.Network), seeds: 2)).Message;
        Assert.Contains("seed: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("repetition", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_seeds_come_to_together_is_in_the_result_and_the_report_alike()
    {
        var ensemble = Assert.Single(data.Result.SeedEnsembles);
        var read = Assert.Single(StudyReport.Read(data.Result.Layout.Root).SeedEnsembles);

        Assert.Equal(3, ensemble.Seeds);
        Assert.Equal(ensemble.Predictions, read.Predictions);
        Assert.Equal((ensemble.Statistics.Images, ensemble.OverFirst, ensemble.OverMean), (read.Statistics.Images, read.OverFirst, read.OverMean));
        Assert.Equal(data.Result.Predictions.Count(), ensemble.Predictions.Count);
    }

    private IEnumerable<RunLayout> Runs(int seeds) => Enumerable.Range(0, seeds).SelectMany(seed => Enumerable.Range(0, 2).Select(fold =>
        (seed == 0 ? data.Result.Layout : data.Result.Layout.Seeded(seed)).Run(StudySeedsTests.Data.Network, fold)));

    /// <summary>How many more native tensors are counted after than before.</summary>
    private static long Left(Action action)
    {
        NativeTensors.Settle();
        var before = Tensor.TotalCount;
        action();
        NativeTensors.Settle();
        return Tensor.TotalCount - before;
    }

    private void Copy()
    {
        foreach (var file in Directory.EnumerateFiles(data.Result.Layout.Root, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder["study"], Path.GetRelativePath(data.Result.Layout.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
