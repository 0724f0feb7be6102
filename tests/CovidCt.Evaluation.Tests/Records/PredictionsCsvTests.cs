using System.Globalization;
using System.Text;
using CovidCt.Evaluation.Tests.Evaluation;
using CovidCt.Records;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class PredictionsCsvTests
{
    private static readonly Gen<string> Names = Gen.String[Gen.Char["abc%,\"\n\r ;'Ü/._-"], 1, 12];

    private static readonly Gen<Prediction[]> Predictions = Gen.Select(
        Names, Names, Names.Null(), Names, Gen.Int[0, 9], Gen.Double[0, 1], Names.Null(), (path, label, patient, network, fold, probability, source) =>
            new Prediction(path, label, patient, network, fold, probability) { Source = source }).Array[0, 20];

    [Fact]
    public void Is_written_in_order_with_quotes_where_needed_and_digits_that_round_trip()
    {
        using var folder = new TemporaryFolder();
        PredictionsCsv.Write(
            folder["predictions.csv"],
            [
                new("b/1.png", "COVID", "P, 1", "resnet18", 1, 0.1 + 0.2),
                new("a/Z.png", "COVID", null, "resnet18", 0, 1),
                new("a/2020.02.%2B \"x\".png", "non-COVID", "P2", "resnet18", 0, 1e-7),
                new("a/a.png", "COVID", null, "densenet121", 3, 0),
            ]);
        Assert.Equal(
            "path,label,patient,network,fold,probability\n"
            + "a/a.png,COVID,,densenet121,3,0\n"
            + "\"a/2020.02.%2B \"\"x\"\".png\",non-COVID,P2,resnet18,0,1E-07\n"
            + "a/Z.png,COVID,,resnet18,0,1\n"
            + "b/1.png,COVID,\"P, 1\",resnet18,1,0.30000000000000004\n",
            Encoding.UTF8.GetString(File.ReadAllBytes(folder["predictions.csv"])));
    }

    [Fact]
    public void Has_a_column_of_sources_where_one_is_known()
    {
        using var folder = new TemporaryFolder();
        PredictionsCsv.Write(folder["predictions.csv"], [new("a.png", "COVID", "p", "resnet18", 0, 0.5) { Source = "10.1/x" }, new("b.png", "COVID", "q", "resnet18", 0, 0.25)]);
        Assert.Equal(
            "path,label,patient,network,fold,probability,source\na.png,COVID,p,resnet18,0,0.5,10.1/x\nb.png,COVID,q,resnet18,0,0.25,\n",
            File.ReadAllText(folder["predictions.csv"]));
        Assert.Equal(["10.1/x", null], PredictionsCsv.Read(folder["predictions.csv"]).Select(prediction => prediction.Source));
    }

    [Fact]
    public void Is_read_back_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        Predictions.Sample(
            predictions =>
            {
                PredictionsCsv.Write(folder["predictions.csv"], predictions);
                var expected = predictions
                    .OrderBy(p => p.Network, StringComparer.Ordinal).ThenBy(p => p.Fold).ThenBy(p => p.Path, StringComparer.Ordinal);
                Assert.Equal(expected, PredictionsCsv.Read(folder["predictions.csv"]));
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public void Is_the_file_that_Python_writes_but_for_the_spelling_of_numbers()
    {
        using var folder = new TemporaryFolder();
        string golden = Path.Combine(GoldenMetrics.Folder, "predictions.csv");
        PredictionsCsv.Write(folder["predictions.csv"], PredictionsCsv.Read(golden));
        Assert.Equal(File.ReadAllText(golden), File.ReadAllText(folder["predictions.csv"]));
    }

    [Fact]
    public void Does_not_depend_on_the_culture()
    {
        using var folder = new TemporaryFolder();
        var before = CultureInfo.CurrentCulture;
        // What "de" would do, made by hand, since the library is built for invariant globalisation.
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            PredictionsCsv.Write(folder["predictions.csv"], [new("a", "b", null, "c", 0, 0.25)]);
            Assert.EndsWith("a,b,,c,0,0.25\n", File.ReadAllText(folder["predictions.csv"]), StringComparison.Ordinal);
            Assert.Equal(0.25, PredictionsCsv.Read(folder["predictions.csv"])[0].Probability);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_read_too()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["p.csv"], "path,label,patient,network,fold,probability\r\n\"a,\"\"b\"\"\",x,,n,2,0.5\r\n", new UTF8Encoding(true));
        Assert.Equal([new Prediction("a,\"b\"", "x", null, "n", 2, 0.5)], PredictionsCsv.Read(folder["p.csv"]));
    }

    [Theory]
    [InlineData("", "does not begin with the columns")]
    [InlineData("path,label\n", "does not begin with the columns path,label,patient,network,fold,probability")]
    [InlineData("path,label,patient,network,fold,probability\na,b,c,d,1\n", "line 2: 5 fields where 6 belong")]
    [InlineData("path,label,patient,network,fold,probability\na,b,c,d,one,0.5\n", "line 2: the fold 'one'")]
    [InlineData("path,label,patient,network,fold,probability\na,b,c,d,-1,0.5\n", "line 2: the fold '-1'")]
    [InlineData("path,label,patient,network,fold,probability\n\"a\nb\",b,c,d,1,0.5\na,b,c,d,1,NaN\n", "line 4: the probability 'NaN'")]
    [InlineData("path,label,patient,network,fold,probability\na,\"b,c,d,1,0.5\n", "line 2: a quote is opened and never closed")]
    public void A_faulty_file_is_refused_with_its_name_and_line(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p.csv"], text);
        var error = Assert.Throws<InvalidDataException>(() => PredictionsCsv.Read(folder["p.csv"]));
        Assert.StartsWith(folder["p.csv"], error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
