using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Phantoms;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

public sealed class FeatureControlsTests
{
    private static readonly FeatureControls Controls = new(new BackboneFactory(), new SkiaImageDecoder());

    /// <summary>Ten drawings of the folds of COVID19-CT, asked once for all tests.</summary>
    private static readonly Lazy<ControlReport> OnCovid19Ct = new(() =>
        new FeatureControls(new BackboneFactory(), new SkiaImageDecoder()) { FoldDraws = 10 }.Run(
            CtDataset.Open(RealData.Folder("covid19-ct")),
            new StudyOptions { Networks = ["squeezenet1_1"], WeightsFolder = Path.GetDirectoryName(RealData.SqueezeNetWeights()) },
            cancellationToken: TestContext.Current.CancellationToken));

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
        Assert.Equal(("shufflenet_v2_x1_0", "random", 16), (network.Network, network.Initialization, network.Results.Count));
        Assert.Equal(16, network.Results.Select(result => (result.Kind, result.Folds, result.Classifier)).Distinct().Count());
        Assert.All(network.Results, result =>
        {
            Assert.True(result.Interval!.Contains(result.Auc!.Value));
            Assert.InRange(result.Accuracy!.Value, 0, 1);
        });
        Assert.Equal(network.Results.Where(result => result.Kind != ControlKind.Real), report.Verdicts.Select(verdict => verdict.Result));
        Assert.All(report.Verdicts, verdict => Assert.NotNull(verdict.IsClean));
        Assert.Equal(report.Verdicts, read.Verdicts);
        Assert.Equal(network.Results, Assert.Single(read.Networks).Results);
        Assert.Contains("controls.json", Assert.Throws<InvalidDataException>(() =>
        {
            File.WriteAllText(folder["controls.json"], "{}");
            return ControlReport.Read(folder["controls.json"]);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void With_sources_labels_are_dealt_by_them_too_and_asked_by_patient_by_source_and_in_the_folds_of_the_study()
    {
        using var folder = new TemporaryFolder();
        PhantomDataset.Write(folder.Path, new PhantomOptions { Patients = 24 }, TestContext.Current.CancellationToken);
        var dataset = CtDataset.Open(folder.Path);
        var patients = dataset.Samples.Select(sample => sample.Patient!).Distinct().ToList();

        // Positives come from six sources of two patients, and every negative patient is a source.
        dataset = dataset with
        {
            Samples =
            [
                .. dataset.Samples.Select(sample => sample with
                {
                    Source = sample.Label == dataset.Positive ? $"s{patients.IndexOf(sample.Patient!) / 4}" : sample.Patient,
                    Split = patients.IndexOf(sample.Patient!) < 8 ? "test" : "train",
                }),
            ],
        };
        var options = new StudyOptions { Networks = ["shufflenet_v2_x1_0"], Folds = 2, InputSize = new(72, 54), GroupBy = GroupBy.Official };

        var controls = new FeatureControls(new BackboneFactory(), new SkiaImageDecoder()) { FoldDraws = 2 };
        var results = controls.Run(dataset, options, cancellationToken: TestContext.Current.CancellationToken).Networks[0].Results;

        var positive = dataset.Classes[dataset.Positive];
        var head = results.Where(result => result.Classifier == ControlReport.Classifier.Head).ToList();
        Assert.Equal(
            [
                (GroupBy.Image, GroupBy.Patient, null, false),
                (GroupBy.Patient, GroupBy.Patient, null, false),
                (GroupBy.Patient, GroupBy.Source, null, false),
                (GroupBy.Patient, GroupBy.Source, positive, false),
                (GroupBy.Patient, GroupBy.Source, positive, true),
                (GroupBy.Source, GroupBy.Source, null, false),
                (GroupBy.Source, GroupBy.Source, positive, false),
                (GroupBy.Source, GroupBy.Source, positive, true),
                (GroupBy.Official, GroupBy.Source, null, false),
            ],
            head.Where(result => result.Kind == ControlKind.RandomLabels).Select(result => (result.Folds, result.DealtBy!, result.Within, result.WithoutLungs)));
        GroupBy[] ways = [GroupBy.Image, GroupBy.Patient, GroupBy.Source, GroupBy.Official];
        Assert.Equal(ways, head.Where(result => result.Kind == ControlKind.Real).Select(result => result.Folds));
        Assert.Equal(ways, head.Where(result => result.Kind == ControlKind.BackgroundOnly).Select(result => result.Folds));
        Assert.All(head, result => Assert.Equal(result is { Kind: not ControlKind.RandomLabels } && result.Folds == GroupBy.Official, result.StandardError is null));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Where_another_data_set_is_tested_on_controls_are_too()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, seed) in ((string, int)[])[("here", 1), ("there", 2)])
        {
            PhantomDataset.Write(folder[name], new PhantomOptions { Patients = 6, Seed = seed }, TestContext.Current.CancellationToken);
        }

        var dataset = CtDataset.Open(folder["here"]).TestedOn(CtDataset.Open(folder["there"]));
        var options = new StudyOptions { Networks = ["squeezenet1_1"], Folds = 2, InputSize = new(72, 54), GroupBy = GroupBy.Official };

        var results = Controls.Run(dataset, options, cancellationToken: TestContext.Current.CancellationToken).Networks[0].Results;

        Assert.All(results, result => Assert.Equal(GroupBy.Official, result.Folds));
        Assert.Equal(8, results.Count);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void On_COVID19_CT_the_publication_is_recognised_by_patient_from_the_background_alone_and_not_by_source()
    {
        var results = Assert.Single(OnCovid19Ct.Value.Networks).Results;

        foreach (var classifier in Enum.GetValues<ControlReport.Classifier>())
        {
            foreach (var withoutLungs in (bool[])[false, true])
            {
                Assert.InRange(Recognised(GroupBy.Patient, withoutLungs).Interval!.Low, 0.55, 0.75);
                Assert.InRange(Recognised(GroupBy.Source, withoutLungs).Auc!.Value, 0.47, 0.53);
            }

            Assert.True(Real(GroupBy.Image) > Real(GroupBy.Patient) + 0.03);
            Assert.True(Real(GroupBy.Patient) > Real(GroupBy.Source) + 0.03);
            Assert.True(Real(GroupBy.Patient) > Real(GroupBy.Collection) + 0.15);

            ControlReport.Result Recognised(GroupBy folds, bool withoutLungs) => results.Single(result =>
                (result.Classifier, result.Folds, result.Within, result.WithoutLungs) == (classifier, folds, "COVID", withoutLungs));

            double Real(GroupBy folds) => results.Single(result => (result.Kind, result.Folds, result.Classifier) == (ControlKind.Real, folds, classifier)).Auc!.Value;
        }
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
        var report = OnCovid19Ct.Value;
        var results = Assert.Single(report.Networks).Results;

        Assert.All(Random(GroupBy.Patient), result => Assert.True(IsClean(result)));
        Assert.All(Random(GroupBy.Image), result => Assert.InRange(result.Interval!.Low, 0.55, 0.8));
        Assert.All(
            results.Where(result => result.Kind == ControlKind.BackgroundOnly && result.Folds != GroupBy.Collection),
            result => Assert.False(IsClean(result)));
        Assert.All(
            Of(ControlKind.Geometry).Where(result => result.Classifier == ControlReport.Classifier.Head), result => Assert.False(IsClean(result)));
        Assert.All(Of(ControlKind.Geometry).Zip(Of(ControlKind.BackgroundOnly)), pair => Assert.True(pair.First.Auc < pair.Second.Auc));
        foreach (var classifier in Enum.GetValues<ControlReport.Classifier>())
        {
            Assert.True(Real(GroupBy.Image) > Real(GroupBy.Patient) + 0.03);

            double Real(GroupBy groupBy) => results.Single(result => (result.Kind, result.Folds, result.Classifier) == (ControlKind.Real, groupBy, classifier)).Auc!.Value;
        }

        bool? IsClean(ControlReport.Result result) => report.Verdicts.Single(verdict => ReferenceEquals(verdict.Result, result)).IsClean;

        IEnumerable<ControlReport.Result> Of(ControlKind kind) => results.Where(result => result.Kind == kind && result.Folds != GroupBy.Collection);

        IEnumerable<ControlReport.Result> Random(GroupBy folds) =>
            results.Where(result => result.Kind == ControlKind.RandomLabels && result.Folds == folds && result.DealtBy == GroupBy.Patient);
    }
}
