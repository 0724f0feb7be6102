using System.Text.RegularExpressions;
using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Figures;
using SkiaSharp;

namespace CovidCt.Reporting.Tests.Figures;

public sealed class StudyFiguresTests
{
    private static readonly StudyFigures Figures = new();

    [Fact]
    [Trait("Category", "Long")]
    public void A_finished_study_with_explanations_has_every_figure_as_PNG_and_as_SVG()
    {
        using var sample = SampleStudy.Finished();
        var folder = sample.PathOf("figures");

        var names = Figures.Save(StudyReport.Read(sample.Folder), folder);

        string[] sheets =
        [
            "flow", "confusion-matrices", "roc-curves", "reliability", "learning-curves", "embedding-resnet18-fold-0",
            "embedding-squeezenet1_1-fold-0", "maps-resnet18", "maps-squeezenet1_1",
            "map-audits",
        ];
        Assert.Equal(sheets.SelectMany(name => (string[])[name + ".png", name + ".svg"]), names);
        foreach (var name in sheets)
        {
            using var picture = SKBitmap.Decode(Path.Combine(folder, name + ".png"));
            var svg = XDocument.Load(Path.Combine(folder, name + ".svg")).Root!;
            Assert.Equal((picture.Width / 2, picture.Height / 2), ((int)svg.Attribute("width")!, (int)svg.Attribute("height")!));
            Assert.Equal($"0 0 {picture.Width / 2} {picture.Height / 2}", svg.Attribute("viewBox")!.Value);
            AssertWhiteEdges(picture);
        }
    }

    [Fact]
    public void Texts_in_an_SVG_are_texts_in_the_figures_typeface_and_nothing_is_fetched()
    {
        using var sample = SampleStudy.Finished();
        foreach (var figure in All(StudyReport.Read(sample.Folder)))
        {
            var svg = XDocument.Parse(figure.ToSvg());
            Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text");
            Assert.All(svg.Descendants().Attributes("font-family"), family => Assert.StartsWith("DejaVu Sans, ", family.Value, StringComparison.Ordinal));
            Assert.All(
                svg.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"),
                reference => Assert.Matches("^(#|data:)", reference.Value));
        }
    }

    [Fact]
    public void The_legend_of_a_ROC_curve_has_the_area_of_the_results()
    {
        using var sample = SampleStudy.Finished();
        var study = StudyReport.Read(sample.Folder);
        var panels = Figures.Of(study).Single(group => group.Name == "roc-curves").Panels;
        foreach (var (network, panel) in study.Results!.Networks.Zip(panels))
        {
            var area = FormattableString.Invariant($"AUC {network.Mean.Auc:0.000} ± {network.Std.Auc:0.000}");
            Assert.Contains(area, TextOf(panel), StringComparison.Ordinal);
            Assert.Contains(area, panel.Description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_embedding_has_four_colours_and_two_shapes()
    {
        using var sample = SampleStudy.Finished();
        var panel = Figures.Of(StudyReport.Read(sample.Folder)).Single(group => group.Name == "embeddings").Panels[0];
        var svg = panel.ToSvg().ToUpperInvariant();
        Assert.All((string[])["#D55E00", "#E69F00", "#0072B2", "#56B4E9"], colour => Assert.Contains(colour, svg, StringComparison.Ordinal));

        // 36 images and the four markers of the legend; the negative ones are round.
        var elements = XDocument.Parse(panel.ToSvg()).Descendants().Select(e => e.Name.LocalName).ToList();
        Assert.Equal(20, elements.Count(name => name is "circle" or "ellipse"));
        Assert.Equal("method exact, perplexity 10, iterations 750, initialisation pca, seed 0, KL divergence 0.5123, trustworthiness 0.9876, recall of neighbours 0.5.", panel.Note);
    }

    [Fact]
    public void Equal_points_and_a_single_one_are_drawn_all_the_same()
    {
        foreach (var count in (int[])[1, 5])
        {
            var embedding = new EmbeddingReport { Points = [.. Enumerable.Repeat(new EmbeddingReport.Point("a.png", "COVID", true, 3, 3), count)] };
            using var picture = SKBitmap.Decode(EmbeddingFigure.Draw("resnet18", 0, "ResNet18", embedding, ["COVID", "non-COVID"], "COVID").ToPng());
            Assert.Contains(picture.Pixels, pixel => pixel == FigureColours.Vermillion);
        }
    }

    [Fact]
    public void What_lacks_its_data_is_left_out_with_a_sentence_why()
    {
        using var sample = new SampleStudy();
        var nothing = Figures.Of(StudyReport.Read(sample.Folder));
        Assert.All(nothing, group => Assert.True(group is { Panels.Count: 0, Sheets.Count: 0, WhyMissing: not null }));

        sample.AddRun("resnet18", 0);
        File.Delete(sample.PathOf("runs/resnet18/fold-0/history.csv"));
        var some = Figures.Of(StudyReport.Read(sample.Folder));
        Assert.Equal(["flow", "confusion-matrices", "roc-curves", "reliability"], some.Where(group => group.WhyMissing is null).Select(group => group.Name));
        Assert.Equal("No run has an embedding.", some.Single(group => group.Name == "embeddings").WhyMissing);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Long_names_and_many_networks_stay_within_the_picture()
    {
        var name = string.Concat(Enumerable.Repeat("A very long class ", 12));
        using var sample = SampleStudy.Finished(dataset: name, positive: name + "1", negative: name + "2");
        foreach (var figure in All(StudyReport.Read(sample.Folder)))
        {
            using var picture = SKBitmap.Decode(figure.ToPng());
            AssertWhiteEdges(picture);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Equal_studies_give_equal_drawings() => AssertEqual(figure => figure.ToSvg());

    [Fact]
    [Trait("Category", "Long")]
    public void Equal_studies_give_equal_pictures() => AssertEqual(figure => Convert.ToHexString(figure.ToPng()));

    private static void AssertEqual(Func<Figure, string> draw)
    {
        using var sample = SampleStudy.Finished();
        var (first, second) = (All(StudyReport.Read(sample.Folder)), All(StudyReport.Read(sample.Folder)));
        Assert.All(first.Zip(second), pair => Assert.Equal(draw(pair.First), draw(pair.Second)));
    }

    [Theory]
    [InlineData(1, 6, 6, 1, new[] { 1.0, 2, 3, 4, 5, 6 })]
    [InlineData(1, 100, 6, 1, new[] { 20.0, 40, 60, 80, 100 })]
    [InlineData(0, 0.8, 5, 0, new[] { 0, 0.2, 0.4, 0.6, 0.8 })]
    [InlineData(1, 1, 6, 1, new[] { 1.0 })]
    [InlineData(0, 0, 5, 0, new[] { 0.0 })]
    public void Ticks_stand_at_round_numbers(double from, double to, int most, double leastStep, double[] expected) =>
        Assert.Equal(expected, PlotPanel.RoundNumbers(from, to, most, leastStep).Select(place => Math.Round(place, 9)));

    private static List<Figure> All(StudyReport study) =>
        [.. Figures.Of(study).SelectMany(group => group.Panels.Concat(group.Sheets)).DistinctBy(figure => figure.Name)];

    private static string TextOf(Figure figure) =>
        Regex.Replace(string.Join('\n', XDocument.Parse(figure.ToSvg()).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim())), " +", " ");

    private static void AssertWhiteEdges(SKBitmap picture)
    {
        for (var x = 0; x < picture.Width; x++)
        {
            Assert.True(picture.GetPixel(x, 0) == SKColors.White && picture.GetPixel(x, picture.Height - 1) == SKColors.White, $"Column {x} is cut off.");
        }

        for (var y = 0; y < picture.Height; y++)
        {
            Assert.True(picture.GetPixel(0, y) == SKColors.White && picture.GetPixel(picture.Width - 1, y) == SKColors.White, $"Row {y} is cut off.");
        }
    }
}
