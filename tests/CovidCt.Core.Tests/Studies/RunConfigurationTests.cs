using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Studies;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Studies;

public sealed class RunConfigurationTests
{
    [Fact]
    public void What_is_written_of_a_study_is_just_what_a_resume_compares()
    {
        using var folder = new TemporaryFolder();
        Phantom.Write(folder.Path, patients: 4);
        var options = new StudyOptions { Networks = ["resnet18"], InputSize = new(48, 40) };

        var written = (RunConfiguration.Here(options, 2, CPU, CtDataset.Open(folder.Path)) with { Dataset = "data" }).ToNode();

        // A key more or less, and a study of an earlier version could not be gone on with; of those without classes, EarlierClasses knows them.
        Assert.Equal(
            ["networks", "maxImages", "folds", "groupBy", "canvas", "inputSize", "seed", "training", "dataset", "classes", "positive"],
            written["study"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(["fit", "placement", "fill", "seed"], written["study"]!["canvas"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(
            ["epochs", "batchSize", "microBatchSize", "train", "lamb", "augmentation", "device"],
            written["study"]!["training"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(
            ["cropFraction", "flipProbability", "blurProbability", "blurSigmaMin", "blurSigmaMax", "noiseDeviationMax", "brightness", "contrast"],
            written["study"]!["training"]!["augmentation"]!.AsObject().Select(entry => entry.Key));
    }
}
