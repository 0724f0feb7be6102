using CovidCt.Maps;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class MapWordsTests
{
    [Fact]
    public void Maps_and_audits_are_counted_with_their_methods()
    {
        Assert.Null(MapWords.InWords([], 0));
        Assert.Equal("2 maps of what networks looked at (Grad-CAM); none was audited.", MapWords.InWords(["Grad-CAM", "Grad-CAM"], 0));
        Assert.Equal(
            "0 maps of what networks looked at; 1 audit of such maps by occlusion, deletion, insertion, ROAD and randomised layers, beside "
                + "maps that know nothing of the network.",
            MapWords.InWords([], 1));
    }

    [Fact]
    public void How_many_networks_trained_on_the_images_is_told_with_their_agreement()
    {
        Assert.Equal("—", MapWords.Agreement(Audit() with { Networks = 1, TrainedNetworks = 0 }));
        Assert.Equal("0.75 (0.70 to 0.80); five networks, four of them trained on the images", MapWords.Agreement(Audit()));
        Assert.Equal(
            "0.75; two networks, none of them trained on the images",
            MapWords.Agreement(Audit() with { Networks = 2, TrainedNetworks = 0, Agreement = new(0.75, null) }));
    }

    [Fact]
    public void What_agreement_means_depends_on_who_trained_on_the_images()
    {
        var held = Audit() with { Networks = 2, TrainedNetworks = 0 };
        Assert.Equal("None of these networks trained on the images.", MapWords.AgreementMeaning([held, Audit() with { Networks = 1 }]));
        Assert.Equal("Without further networks there is none.", MapWords.AgreementMeaning([Audit() with { Networks = 1 }]));
        Assert.Equal(
            "In a cross-validation every image is tested by one network, and all others trained on it. Their agreement says how much the "
                + "maps depend on the training part, not whether networks agree about images that are new to them all.",
            MapWords.AgreementMeaning([held, Audit()]));
    }

    [Fact]
    public void Clusters_are_told_where_they_are_fewer_than_images() => Assert.Equal(
        ("16", "16 of 12 patients", "16 of 1 source"),
        (MapWords.Images(Audit()), MapWords.Images(Audit() with { Clusters = 12 }),
            MapWords.Images(Audit() with { Clusters = 1, Drawn = ClusterUnit.Source })));

    [Theory]
    [InlineData(ClusterUnit.Source, ", at most one of each class from each source", "over sources")]
    [InlineData(ClusterUnit.Patient, ", at most one of each class from each patient", "over patients")]
    [InlineData(ClusterUnit.Image, "", "over images, since patients are unknown")]
    public void Which_images_were_audited_is_told_by_what_is_known_of_them(ClusterUnit drawn, string each, string over) => Assert.Equal(
        $"means over test images of the run{each}; each map is of the class that was answered; in brackets 95 % intervals {over}",
        MapWords.Sampling([Audit() with { Drawn = drawn }, Audit() with { Drawn = ClusterUnit.Source }]));

    [Fact]
    public void Maps_are_better_or_worse_where_the_interval_of_the_difference_says_so()
    {
        Assert.Null(MapWords.AgainstBaselines(Audit()));
        EstimatedFigure better = new(0.3, new(0.1, 0.5, 0.95)), worse = new(-0.3, new(-0.5, -0.1, 0.95));
        EstimatedFigure neither = new(0.1, new(-0.1, 0.3, 0.95)), unsure = new(0.1, null), none = new(null, null);
        var difference = new MapFigures(better, neither, worse, worse, unsure, better, none, none);

        var audit = Audit() with
        {
            Baselines = [new(BaselineMap.Random, difference, difference), new(BaselineMap.Centred, difference, difference)],
        };

        Assert.Equal(
            "Against random maps: better by evidence and deletion; worse by insertion; not told apart by ROAD. "
                + "Against a spot in the middle: better by evidence and deletion; worse by insertion; not told apart by ROAD.",
            MapWords.AgainstBaselines(audit));
        Assert.Equal("maps of edges", MapWords.Name(BaselineMap.Edges));
    }

    private static RunMapAudit Audit()
    {
        var (curve, figure) = (new PerturbationCurve([0, 1], [0.2, 0.9]), new EstimatedFigure(0.5, null));
        return new(
            CamMethod.GradCam, null, new(20, 15), 16, ClusterUnit.Patient, 16,
            new(figure, figure, figure, figure, figure, figure, figure, figure), [], 0.12, curve, curve, new(curve, curve), [], 5, 4,
            new(0.75, new(0.7, 0.8, 0.95)), null);
    }
}
