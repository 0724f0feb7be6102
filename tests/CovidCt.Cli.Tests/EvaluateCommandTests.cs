using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

public sealed partial class EvaluateCommandTests(ITestOutputHelper output) : IDisposable
{
    private const string Count = "COVIDCT_EVALUATIONS", Seed = "COVIDCT_EVALUATION_SEED";
    private const int Rows = 24;

    /// <summary>What is done to a table, and none of which leaves one that can be judged.</summary>
    private static readonly Dictionary<string, Func<List<string[]>, Random, List<string[]>?>> Mutations = new()
    {
        ["a NUL"] = Cell((cell, _) => $"{cell}\0"),
        ["an open quote"] = (table, random) => Changed(table, table.Count - 1, random.Next(6), _ => "\"open"),
        ["a probability of 1.2"] = Cell((_, _) => "1.2", column: 5),
        ["a negative probability"] = Cell((cell, _) => $"-{cell}1", column: 5),
        ["NaN"] = Cell((_, random) => random.Next(2) == 0 ? "NaN" : "inf", column: 5),
        ["a word for a probability"] = Cell((_, _) => "high", column: 5),
        ["no probability"] = Cell((_, _) => "", column: 5),
        ["no label"] = Cell((_, _) => " ", column: 1),
        ["no path"] = Cell((_, _) => "", column: 0),
        ["no model"] = Cell((_, _) => "", column: 3),
        ["no fold"] = Cell((_, _) => "", column: 4),
        ["two labels of a path"] = Cell((cell, _) => cell == "COVID" ? "non-COVID" : "COVID", column: 1),
        ["two patients of a path"] = Cell((cell, _) => cell + "x", column: 2),
        ["two folds of a path"] = Cell((cell, _) => cell + "1", column: 4),
        ["a third class"] = (table, random) => Everywhere(table, 1, table[1 + random.Next(table.Count - 1)][0], "other"),
        ["one class"] = (table, _) => [.. table.Select((row, i) => i == 0 ? row : [row[0], "COVID", .. row[2..]])],
        ["a row twice"] = (table, random) => [.. table, table[1 + random.Next(table.Count - 1)]],
        ["a field too few"] = (table, random) => Row(table, random, row => row[1..]),
        ["a field too many"] = (table, random) => Row(table, random, row => [.. row, "1"]),
        ["no column of labels"] = (table, _) => Column(table, 1),
        ["no column of images"] = (table, _) => Column(table, 0),
        ["no column of probabilities"] = (table, _) => Column(table, 5),
        ["two columns of probabilities"] = (table, _) => [.. table.Select((row, i) => (string[])[.. row, i == 0 ? "score" : "0.5"])],
        ["the header alone"] = (table, _) => table[..1],
        ["nothing"] = (_, _) => [],
    };

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void Predictions_end_in_a_folder_that_report_and_compare_read_again()
    {
        _place.Write("a.csv", Text(Table()));
        _place.Write("b.csv", Text(Table(seed: 9)));

        var outcome = _place.Run("evaluate", "a.csv", "--out", "out/a", "--compare", "b.csv").Exits(0);

        Assert.Contains("a.csv: 48 predictions; path: path, label: label, probability: y_score, patient: subject", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Positive class: COVID\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"Report: {_place.PathOf("out/a/report.html")}", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Errors);
        Assert.Contains("table-differences", File.ReadAllText(_place.PathOf("out/a/report.html")), StringComparison.Ordinal);
        string[] files = ["evaluation.json", "results.json", "report.html", "MODEL_CARD.md", "CHECKLIST.md", "table2.md", "predictions.csv", "patients.csv", "figures/roc-curves.png"];
        Assert.All(files, file => Assert.True(File.Exists(_place.PathOf($"out/a/{file}")), file));

        // It is no study, which other commands could go on with.
        var again = _place.Run("report", "--runs", "out/a").Exits(0);
        Assert.Empty(again.Errors);
        Assert.DoesNotContain("reproduce", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("explain", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("table-differences", File.ReadAllText(_place.PathOf("out/a/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_say_what_names_do_not()
    {
        _place.Write("a.csv", "id,truth,one,two\nx,sick,0.1,0.9\ny,well,0.8,0.2\nz,sick,0.3,0.7\n");

        _place.Run("evaluate", "a.csv", "--out", "out").Fails(3, "a.csv", "the probabilities", "'one'", "--columns probability=COLUMN");
        var guessed = _place.Run("evaluate", "a.csv", "--columns", "probability=two", "--out", "guessed", "--json").Exits(0);
        var named = _place.Run("evaluate", "a.csv", "--columns", "probability=two", "--positive", "sick", "--out", "named", "--json").Exits(0);

        Assert.Contains("well is taken, the last by its name. --positive NAME names it.", guessed.Errors, StringComparison.Ordinal);
        Assert.Equal(0, guessed.Json["networks"]![0]!["auc"]!.GetValue<double>());
        Assert.Equal(1, named.Json["networks"]![0]!["auc"]!.GetValue<double>());
        Assert.Equal("two", named.Json["files"]![0]!["columns"]!.AsArray().Single(column => column!["holds"]!.GetValue<string>() == "probability")!["column"]!.GetValue<string>());
        Assert.DoesNotContain("out", _place.Entries());
    }

    [Theory]
    [InlineData("evaluate --out out", "evaluate")]
    [InlineData("evaluate a.csv", "--out DIR")]
    [InlineData("evaluate a.csv --out full", "not empty", "Choose another --out")]
    [InlineData("evaluate a.csv --out out --columns colour=score", "--columns has 'colour=score'")]
    [InlineData("evaluate a.csv --out out --columns probability=nothing", "no column 'nothing'")]
    [InlineData("evaluate a.csv --out out --groups age", "no column 'age'")]
    public void What_is_asked_wrongly_is_exit_code_2_and_writes_nothing(string arguments, params string[] words)
    {
        _place.Write("a.csv", Text(Table()));
        _place.Write("full/file", "kept");
        var before = _place.Entries();

        _place.Run(arguments.Split(' ')).Fails(2, words);

        Assert.Equal(before, _place.Entries());
    }

    [Fact]
    public void One_change_of_each_kind_is_refused_in_a_sentence() =>
        Assert.All(Mutations.Keys, kind => Assert.Null(Try(kind, new Random(18))));

    [Fact]
    [Trait("Category", "Long")]
    public void Changed_tables_are_refused_in_a_sentence_and_leave_nothing()
    {
        var (cases, seed) = (LargeCount.Of(Count, 50), LargeCount.Of(Seed, 18));
        output.WriteLine($"{cases} cases from seed {seed}; {Count}=500 takes as many, {Seed} others.");
        var random = new Random(seed);
        string[] kinds = [.. Mutations.Keys];

        List<string> failures = [.. Enumerable.Range(0, cases).Select(_ => Try(kinds[random.Next(kinds.Length)], random)).OfType<string>()];

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Whatever_byte_of_a_table_is_changed_it_is_judged_or_refused()
    {
        var (cases, seed) = (LargeCount.Of(Count, 50) / 5, LargeCount.Of(Seed, 18));
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes(Text(Table()));
        for (var number = 0; number < cases; number++)
        {
            byte[] changed = [.. bytes];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            _place.Write("a.csv", changed);
            var outcome = _place.Run("evaluate", "a.csv", "--out", $"out{number}");
            if (outcome.ExitCode != 0)
            {
                outcome.Fails(3);
                Assert.DoesNotContain($"out{number}", _place.Entries());
            }
        }
    }

    /// <summary>What three models of scikit-learn answer under its own folds comes to its own areas.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void Areas_are_those_of_scikit_learn()
    {
        var python = Environment.GetEnvironmentVariable("COVIDCT_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "COVIDCT_PYTHON is not set.");
        var data = Environment.GetEnvironmentVariable("COVIDCT_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "COVIDCT_DATA is not set.");
        Assert.SkipWhen(Python(python!, "-c", "import sklearn, PIL") != 0, "The interpreter that COVIDCT_PYTHON names has no scikit-learn.");
        var script = Path.Combine(Workplace.Program, "../../../../../tests/reference/make_sklearn_predictions.py");
        Assert.Equal(0, Python(python!, Path.GetFullPath(script), Path.Combine(data!, "covid19-ct"), _place.PathOf("made")));

        _place.Run("evaluate", "made/predictions.csv", "--groups", "sex", "--out", "out").Exits(0);

        var areas = JsonNode.Parse(File.ReadAllText(_place.PathOf("made/auc.json")))!.AsObject();
        var networks = JsonNode.Parse(File.ReadAllText(_place.PathOf("out/results.json")))!["networks"]!.AsArray();
        Assert.Equal(3, networks.Count);
        Assert.All(networks, network => Assert.All(network!["folds"]!.AsArray(), fold => Assert.Equal(
            areas[network["name"]!.GetValue<string>()]![fold!["fold"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture)]!.GetValue<double>(),
            fold["auc"]!.GetValue<double>(),
            1e-12)));
    }

    private static int Python(string python, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>What is wrong with how a changed table is refused; null where nothing is.</summary>
    private string? Try(string kind, Random random)
    {
        if (Mutations[kind](Table(), random) is not { } table)
        {
            return null;
        }

        _place.Write("a.csv", Text(table));
        var before = _place.Entries();
        var outcome = _place.Run("evaluate", "a.csv", "--out", "out");
        return outcome.ExitCode != 3 ? $"{kind}: exit code {outcome.ExitCode}: {outcome.Errors}"
            : !Sentence().IsMatch(outcome.Errors) ? $"{kind}: {outcome.Output}{outcome.Errors}"
            : !_place.Entries().SequenceEqual(before) ? $"{kind}: something is left"
            : null;
    }

    private static List<string[]> Table(int seed = 3)
    {
        var random = new Random(seed);
        return
        [
            ["path", "label", "subject", "model", "fold", "y_score"],
            .. from model in (string[])["m", "n"]
               from i in Enumerable.Range(0, Rows)
               select (string[])
               [
                   $"scan {i:00}.png", i % 2 == 0 ? "COVID" : "non-COVID", $"p{i / 2}{i % 2}", model, $"{i / 8}",
                   Math.Clamp((i % 2 == 0 ? 0.6 : 0.4) + (0.8 * (random.NextDouble() - 0.5)), 0.001, 0.999).ToString("0.0000", CultureInfo.InvariantCulture),
               ],
        ];
    }

    private static string Text(IEnumerable<string[]> table) => string.Concat(table.Select(row => $"{string.Join(',', row)}\n"));

    private static Func<List<string[]>, Random, List<string[]>?> Cell(Func<string, Random, string> change, int? column = null) => (table, random) =>
        Changed(table, 1 + random.Next(table.Count - 1), column ?? random.Next(6), cell => change(cell, random));

    private static List<string[]> Changed(List<string[]> table, int row, int column, Func<string, string> change) =>
        [.. table.Select((fields, i) => i == row ? [.. fields.Select((cell, j) => j == column ? change(cell) : cell)] : fields)];

    private static List<string[]> Everywhere(List<string[]> table, int column, string path, string value) =>
        [.. table.Select(row => row[0] == path ? [.. row.Select((cell, j) => j == column ? value : cell)] : row)];

    private static List<string[]> Row(List<string[]> table, Random random, Func<string[], string[]> change)
    {
        var row = 1 + random.Next(table.Count - 1);
        return [.. table.Select((fields, i) => i == row ? change(fields) : fields)];
    }

    private static List<string[]> Column(List<string[]> table, int column) => [.. table.Select(row => (string[])[.. row[..column], .. row[(column + 1)..]])];

    [GeneratedRegex("\\Acovidct: .*a\\.csv.*\\.\\n\\z")]
    private static partial Regex Sentence();
}
