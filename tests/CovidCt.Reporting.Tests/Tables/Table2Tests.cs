using CovidCt.Evaluation;
using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting.Tests.Tables;

public sealed class Table2Tests
{
    [Fact]
    public void The_document_holds_figures_counts_and_published_values() => Assert.Equal(
        """
        # Table 2

        COVID19-CT: 12 images, 6 patients, 1 rejected. 2 folds by image, seed 7; per cent, mean ± sample standard deviation over the folds; positive class COVID, threshold 0.5; — where undefined or not published. These networks began with random weights: resnet18.

        | Network                                        | Began with | Folds by |    Accuracy |   Precision | Sensitivity | Specificity |          F1 |         AUC |
        |:-----------------------------------------------|-----------:|---------:|------------:|------------:|------------:|------------:|------------:|------------:|
        | resnet18                                       |     random |    image |  50.0 ± 0.0 |           — |   0.0 ± 0.0 | 100.0 ± 0.0 |   0.0 ± 0.0 | 75.0 ± 35.4 |
        | squeezenet1_1                                  |   imagenet |    image | 83.3 ± 23.6 | 83.3 ± 23.6 | 83.3 ± 23.6 | 83.3 ± 23.6 | 83.3 ± 23.6 | 88.9 ± 15.7 |
        | paper, best averages                           |          — |    image |        92.9 |        91.3 |        93.7 |        92.2 |        92.5 |           — |
        | same authors, CovidDenseNet                    |          — |  patient |        81.8 |        79.1 |        84.7 |        79.1 |        81.8 |        87.5 |
        | quoted by the paper [55]                       |          — |        — |  85.9 ± 5.9 |           — |           — |           — |           — |           — |
        | quoted by the paper, DenseNet169 [56]          |          — |        — |  87.7 ± 4.7 |           — |           — |           — |           — |           — |
        | quoted by the paper, contrastive learning [24] |          — |        — |  78.6 ± 1.5 |           — |           — |           — |           — |           — |

        ## Confusion matrices

        Counts, summed over the folds.

        | Network       |   TP |   FP |   TN |   FN |
        |:--------------|-----:|-----:|-----:|-----:|
        | resnet18      |    0 |    0 |    6 |    6 |
        | squeezenet1_1 |    5 |    1 |    5 |    1 |

        Published values: Alshazly et al., Sensors 2021, 21(2), 455, abstract; Alshazly et al., PeerJ Computer Science 2021, 7, e655, abstract; Alshazly et al., Sensors 2021, 21(2), 455, Table 2, its reference [55] (from memory, as accuracy); Alshazly et al., Sensors 2021, 21(2), 455, Table 2, its reference [56] (from memory, as accuracy); Alshazly et al., Sensors 2021, 21(2), 455, Table 2, its reference [24] (from memory, as accuracy).

        """.ReplaceLineEndings("\n"),
        Table2.ToMarkdown(SampleReport.On("COVID19-CT")));

    [Fact]
    public void A_published_value_stands_below_the_network_it_was_published_for()
    {
        var rows = Table2.Rows(SampleReport.On("SARS-CoV-2 CT-scan")).Rows;
        Assert.Equal(["resnet18", "squeezenet1_1", "squeezenet1_1, paper", "paper, best averages"], rows.Select(r => r[0]));
        Assert.Equal(["squeezenet1_1, paper", "—", "image", "95.1", "—", "96.2", "—", "—", "—"], rows[2]);
    }

    [Fact]
    public void Other_data_sets_have_nothing_beside_them()
    {
        var report = SampleReport.On("phantom");
        Assert.Equal(2, Table2.Rows(report).Rows.Count);
        Assert.DoesNotContain("Published", Table2.ToMarkdown(report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_caption_says_which_networks_began_at_random()
    {
        var report = SampleReport.On("phantom");
        Assert.EndsWith("These networks began with random weights: resnet18.", Table2.Caption(report), StringComparison.Ordinal);
        Assert.EndsWith("Every network began with random weights.", Table2.Caption(With(report, "random")), StringComparison.Ordinal);
        Assert.DoesNotContain("random weights", Table2.Caption(With(report, "imagenet")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_without_results_has_a_table_without_rows()
    {
        var report = new CrossValidationReport("d", "image", 0, ["a", "b"], "a", [], []);
        Assert.Empty(Table2.Rows(report).Rows);
        Assert.Contains("0 images, patients unknown, 0 rejected. No folds", Table2.ToMarkdown(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_undefined_shows_as_a_number()
    {
        var report = SampleReport.On("COVID19-CT");
        Assert.DoesNotContain("NaN", Table2.ToMarkdown(report), StringComparison.Ordinal);
        Assert.All(Table2.Rows(report).Rows.SelectMany(r => r), cell => Assert.NotEmpty(cell));
    }

    [Fact]
    public void Is_written_as_it_is_shown()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("covidct-").FullName, "table2.md");
        try
        {
            Table2.Write(path, SampleReport.On("phantom"));
            Assert.Equal(Table2.ToMarkdown(SampleReport.On("phantom")), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static CrossValidationReport With(CrossValidationReport report, string initialization) =>
        report with { Networks = [.. report.Networks.Select(n => n with { Initialization = initialization })] };
}
