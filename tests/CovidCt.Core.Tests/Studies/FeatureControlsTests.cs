using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

public sealed class FeatureControlsTests
{
    private static readonly FeatureControls Controls = new(new BackboneFactory(), new SkiaImageDecoder());

    [Fact]
    public void Every_control_is_asked_by_image_and_by_patient_and_the_report_is_read_as_written()
    {
        using var folder = new TemporaryFolder();
        Phantom.Write(folder.Path, patients: 8);
        var options = new StudyOptions { Networks = ["shufflenet_v2_x1_0"], Folds = 3, InputSize = new(72, 54) };

        var report = Controls.Run(CtDataset.Open(folder.Path), options, cancellationToken: TestContext.Current.CancellationToken);
        report.Write(folder["controls.json"]);
        var read = ControlReport.Read(folder["controls.json"]);

        var network = Assert.Single(report.Networks);
        Assert.Equal(("shufflenet_v2_x1_0", "random", 12), (network.Network, network.Initialization, network.Results.Count));
        Assert.Equal(12, network.Results.Select(result => (result.Kind, result.Folds, result.Classifier)).Distinct().Count());
        Assert.All(network.Results, result =>
        {
            Assert.True(result.Interval!.Contains(result.Auc!.Value));
            Assert.InRange(result.Accuracy!.Value, 0, 1);
            Assert.Equal(result.Kind == ControlKind.Real, result.IsClean is null);
        });
        Assert.Equal(network.Results, Assert.Single(read.Networks).Results);
        Assert.Contains("controls.json", Assert.Throws<InvalidDataException>(() =>
        {
            File.WriteAllText(folder["controls.json"], "{}");
            return ControlReport.Read(folder["controls.json"]);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_patients_folds_are_by_image_alone()
    {
        using var folder = new TemporaryFolder();
        Phantom.Write(folder.Path, patients: 4);
        var dataset = CtDataset.Open(folder.Path);
        dataset = dataset with { Samples = [.. dataset.Samples.Select(sample => sample with { Patient = null })] };

        var report = Controls.Run(dataset, new StudyOptions { Networks = ["squeezenet1_1"], Folds = 2, InputSize = new(72, 54) }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(report.Networks[0].Results, result => Assert.Equal(GroupBy.Image, result.Folds));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void On_COVID19_CT_random_labels_are_learned_by_image_and_not_by_patient()
    {
        var options = new StudyOptions { Networks = ["squeezenet1_1"], WeightsFolder = Path.GetDirectoryName(RealData.SqueezeNetWeights()) };

        var results = Assert.Single(Controls.Run(CtDataset.Open(RealData.Folder("covid19-ct")), options, cancellationToken: TestContext.Current.CancellationToken).Networks).Results;

        Assert.All(results.Where(result => result is { Kind: ControlKind.RandomLabels, Folds: GroupBy.Patient }), result => Assert.True(result.IsClean));
        Assert.All(results.Where(result => result is { Kind: ControlKind.RandomLabels, Folds: GroupBy.Image }), result => Assert.InRange(result.Interval!.Low, 0.55, 0.8));
        Assert.All(results.Where(result => result.Kind == ControlKind.BackgroundOnly), result => Assert.False(result.IsClean));
        foreach (var classifier in Enum.GetValues<ControlClassifier>())
        {
            Assert.True(Real(GroupBy.Image) > Real(GroupBy.Patient) + 0.03);

            double Real(GroupBy groupBy) => results.Single(result => (result.Kind, result.Folds, result.Classifier) == (ControlKind.Real, groupBy, classifier)).Auc!.Value;
        }
    }
}
