using System.Text;
using CovidCt.Evaluation;
using CovidCt.Reporting.Figures;
using ScottPlot;
using SkiaSharp;

namespace CovidCt.Reporting.Tests.Figures;

public sealed class ConfusionMatrixFigureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("covidct-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_cells_have_the_colours_of_their_shares_in_the_classes_order()
    {
        using var figure = Draw(new ConfusionMatrix(30, 20, 60, 10), ["COVID", "non-COVID"], "COVID");
        Assert.Equal((1280, 1120), (figure.Width, figure.Height));
        Assert.Equal([0.75, 0.25, 0.25, 0.75], Shares(figure));
        using var turned = Draw(new ConfusionMatrix(30, 0, 80, 10), ["non-COVID", "COVID"], "COVID");
        Assert.Equal([1, 0, 0.25, 0.75], Shares(turned));
    }

    [Fact]
    public void A_class_without_images_is_drawn_pale()
    {
        using var figure = Draw(new ConfusionMatrix(0, 1, 3, 0), ["COVID", "non-COVID"], "COVID");
        Assert.Equal([0, 0, 0.25, 0.75], Shares(figure));
    }

    [Fact]
    public void Long_names_leave_the_edges_of_the_picture_white()
    {
        string name = string.Concat(Enumerable.Repeat("A very long name ", 20));
        using var figure = Draw(new ConfusionMatrix(123456, 20, 654321, 10), [name + "1", name + "2"], name + "2", name);
        for (int x = 0; x < figure.Width; x++)
        {
            Assert.Equal(SKColors.White, figure.GetPixel(x, 0));
            Assert.Equal(SKColors.White, figure.GetPixel(x, figure.Height - 1));
        }

        for (int y = 0; y < figure.Height; y++)
        {
            Assert.Equal(SKColors.White, figure.GetPixel(0, y));
            Assert.Equal(SKColors.White, figure.GetPixel(figure.Width - 1, y));
        }
    }

    [Fact]
    public void The_text_is_in_the_figure_s_own_typeface_and_the_application_s_plots_keep_theirs()
    {
        string before = Fonts.Default;
        string path = Path.Combine(_folder, "matrix.svg");
        Save(path, new ConfusionMatrix(31, 20, 60, 10), ["COVID", "non-COVID"], "COVID", "phantom");
        string svg = Encoding.UTF8.GetString(File.ReadAllBytes(path));
        Assert.Equal(before, Fonts.Default);
        foreach (string text in (string[])["Predicted", "Actual", "non-COVID", "31", "75.6 %"])
            Assert.Contains(text, svg, StringComparison.Ordinal);
        string[] families = [.. System.Text.RegularExpressions.Regex.Matches(svg, "font-family=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(families);
        Assert.All(families, family => Assert.StartsWith("DejaVu Sans, ", family, StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_results_give_equal_files()
    {
        foreach (string name in (string[])["a.png", "b.png"])
            Save(Path.Combine(_folder, name), new ConfusionMatrix(3, 2, 6, 1), ["a", "b"], "a", "phantom");
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "a.png")), File.ReadAllBytes(Path.Combine(_folder, "b.png")));
    }

    [Fact]
    public void Many_may_be_drawn_at_once() => Parallel.For(0, 8, i =>
        Save(Path.Combine(_folder, $"{i}.png"), new ConfusionMatrix(i, 2, 6, 1), ["a", "b"], "a", "phantom"));

    [Fact]
    public void Refuses_a_study_of_other_than_two_classes()
    {
        string path = Path.Combine(_folder, "a.png");
        var matrix = new ConfusionMatrix(1, 1, 1, 1);
        Assert.Throws<ArgumentException>(() => Save(path, matrix, ["a", "b", "c"], "a", "d"));
        Assert.Throws<ArgumentException>(() => Save(path, matrix, ["a", "b"], "c", "d"));
        Assert.False(File.Exists(path));
    }

    private SKBitmap Draw(ConfusionMatrix matrix, string[] classes, string positive, string dataset = "phantom")
    {
        string path = Path.Combine(_folder, "matrix.png");
        Save(path, matrix, classes, positive, dataset);
        return SKBitmap.Decode(path);
    }

    private static void Save(string path, ConfusionMatrix matrix, string[] classes, string positive, string dataset)
    {
        var undefined = new FiguresOfMerit(null, null, null, null, null, null);
        var network = new NetworkResult(dataset, "random", [new(0, matrix, undefined)], undefined, undefined);
        ConfusionMatrixFigure.Save(path, network, new(dataset, "image", 0, classes, positive, [], [network]));
    }

    /// <summary>The shares whose colours lie in the corners of the cells: row by row, to the nearest quarter.</summary>
    private static double[] Shares(SKBitmap figure)
    {
        SKColor[] ramp = [.. Enumerable.Range(0, 5).Select(i => SequentialRamp.At(i / 4.0)).Select(c => new SKColor(c.R, c.G, c.B))];
        // The cells are the only large areas that aren't white: their outline is found from the right and below.
        int right = figure.Width - 1, bottom = figure.Height - 1;
        while (Array.IndexOf(ramp, figure.GetPixel(right, figure.Height / 4)) < 0)
            right--;
        while (Array.IndexOf(ramp, figure.GetPixel(right - 40, bottom)) < 0)
            bottom--;
        int left = right;
        while (left > 0 && (Array.IndexOf(ramp, figure.GetPixel(left, bottom - 20)) >= 0 || Array.IndexOf(ramp, figure.GetPixel(left - 12, bottom - 20)) >= 0))
            left--;
        int top = 0;
        while (Array.IndexOf(ramp, figure.GetPixel(right - 40, top)) < 0)
            top++;
        (int X, int Y)[] places = [(left + 40, top + 20), (right - 40, top + 20), (left + 40, bottom - 20), (right - 40, bottom - 20)];
        return [.. places.Select(p => Array.IndexOf(ramp, figure.GetPixel(p.X, p.Y)) / 4.0)];
    }
}
