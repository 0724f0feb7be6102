using CovidCt.Core.Tests.Inference;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class RunReferenceMakerTests(FinishedStudy study) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_gets_its_reference_which_its_classifier_and_ensemble_carry()
    {
        var steps = new List<StepProgress>();
        foreach (var run in (FinishedRun[])[study.Run(0), study.Run(1)])
        {
            var facts = RunReferenceMaker.Write(run, run.OpenData(), options: null, new Relay<StepProgress>(steps.Add), Cancellation);

            Assert.True(run.HasReference);
            Assert.Equal(run.Predictions.Count, facts.TestImages);
            Assert.Equal(study.Result.Dataset.Samples.Count - run.Predictions.Count, facts.TrainingImages);
            using var classifier = CtClassifier.Load(run.FullPath);
            Assert.Equal(facts, classifier.Reference!.Facts);
            var distances = TestDistance.Read(Path.Combine(run.FullPath, "distances.csv")).ToDictionary(image => image.Path, image => image.Distance);
            Assert.All(run.Predictions, prediction => Assert.Equal(
                classifier.Classify(Path.Combine(study.Data, prediction.Path)).TrainingDistance!.Distance, distances[prediction.Path], 1e-4));

            // With fewer than 99 test images the threshold is the farthest of them.
            Assert.All(run.Predictions, prediction => Assert.False(classifier.Classify(Path.Combine(study.Data, prediction.Path)).TrainingDistance!.IsUnlike));
        }

        var images = study.Result.Dataset.Samples.Count;
        Assert.Contains(new StepProgress(StepKind.Features, images, images), steps);
        using var ensemble = FinishedRun.LoadEnsemble(new StudyLayout(study.Folder).RunsOf(FinishedStudy.Network));
        Assert.True(ensemble.HasReference);
        ensemble.Save(_folder["all.safetensors"]);
        using var loaded = CtEnsemble.Load(_folder["all.safetensors"]);
        var image = Path.Combine(study.Data, study.Run(0).Predictions[0].Path);
        Assert.Equal(ensemble.Classify(image).TrainingDistance, loaded.Classify(image).TrainingDistance);
        Assert.Equal(ensemble.Classify(image).TrainingDistance, loaded.Explain(image, new(), null).Answer.TrainingDistance);
    }

    [Fact]
    public void A_cancelled_work_leaves_nothing()
    {
        var run = Copied();
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => run.MakeReference(run.OpenData(), progress: new Relay<StepProgress>(_ => stop.Cancel()), cancellationToken: stop.Token));

        Assert.False(run.HasReference);
        using var classifier = CtClassifier.Load(run.FullPath);
        Assert.Null(classifier.Reference);
        Assert.Null(classifier.Classify(Path.Combine(study.Data, run.Predictions[0].Path)).TrainingDistance);
    }

    [Fact]
    public void A_damaged_file_or_one_of_another_network_is_told()
    {
        var run = Copied();
        var file = Path.Combine(run.FullPath, RunLayout.ReferenceName);
        File.WriteAllText(file, "text");
        Assert.Contains(file, Assert.Throws<RunFolderException>(() => CtClassifier.Load(run.FullPath)).Message, StringComparison.Ordinal);
        Lists.TakeAway(run.FullPath);
        Assert.Contains(file, Assert.Throws<WeightsException>(() => CtClassifier.Load(run.FullPath)).Message, StringComparison.Ordinal);

        using var scope = NewDisposeScope();
        using (var other = TrainingReference.Of(rand([4, 3]), rand([4, 3])))
        {
            other.Save(file);
        }

        Assert.Contains("is not of this network", Assert.Throws<WeightsException>(() => CtClassifier.Load(run.FullPath)).Message, StringComparison.Ordinal);
        Assert.Contains("its reference 3", Assert.Throws<ArgumentException>(() =>
        {
            using var other = TrainingReference.Load(file);
            using var backbone = new BackboneFactory().Create("squeezenet1_1", 2);
            return new CtClassifier(backbone, ModelFileTests.Description, decoder: null, reference: other);
        }).Message, StringComparison.Ordinal);
    }

    private FinishedRun Copied()
    {
        foreach (var file in Directory.GetFiles(study.Run(1).FullPath).Where(file => Path.GetFileName(file) != RunLayout.ReferenceName))
        {
            File.Copy(file, Path.Combine(Directory.CreateDirectory(_folder["run"]).FullName, Path.GetFileName(file)));
        }

        Lists.RenewRun(_folder["run"]); // Others may have made the reference meanwhile.
        return FinishedRun.Open(_folder["run"]);
    }
}
