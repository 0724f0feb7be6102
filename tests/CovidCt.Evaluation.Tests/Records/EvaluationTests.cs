using System.Globalization;
using System.Text;
using CovidCt.Data;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class EvaluationTests : IDisposable
{
    private const int Images = 24;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Figures_and_intervals_are_those_of_the_predictions_themselves()
    {
        var rows = Rows("first").Concat(Rows("second", seed: 2)).ToList();

        var study = Evaluate(Csv(rows));

        var summary = CrossValidationReport.From(
            rows, "x", "image", 0, ["COVID", "non-COVID"], "COVID", [], new Dictionary<string, string> { ["first"] = "random", ["second"] = "random" });
        Assert.Equal(summary.Networks.Select(network => network.Mean), study.Results!.Networks.Select(network => network.Mean));
        Assert.Equal(summary.Networks.Select(network => network.Std), study.Results.Networks.Select(network => network.Std));
        var direct = StudyStatistics.Of(rows, summary, 3, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(direct.Networks.Select(network => network.Images), study.Statistics!.Networks.Select(network => network.Images));
        Assert.Equal(direct.Networks.Select(network => network.Patients), study.Statistics.Networks.Select(network => network.Patients));
        Assert.Equal(direct.Comparisons.SelectMany(one => one.Pairs), study.Statistics.Comparisons.SelectMany(one => one.Pairs));
        Assert.Equal(ClusterUnit.Patient, study.Statistics.Drawn);
        Assert.Equal(CrossValidationReport.Given, study.Results.GroupBy);
        Assert.All(study.Results.Networks, network => Assert.Equal(NetworkResult.Unknown, network.Initialization));
        Assert.Empty(study.Machines);
    }

    public static TheoryData<string, string> Spellings { get; } = new()
    {
        { "commas", "{0}" },
        { "a byte order mark", "\uFEFF{0}" },
        { "semicolons", ";" },
        { "tabs", "\t" },
        { "Windows' line ends", "\r\n" },
        { "empty lines between", "\n\n" },
        { "every field in quotes", "\"" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void However_a_table_is_spelt_its_figures_are_the_same(string name, string spelling)
    {
        var text = Csv(Rows("first"));
        var spelt = spelling switch
        {
            ";" or "\t" => text.Replace(",", spelling, StringComparison.Ordinal),
            "\r\n" or "\n\n" => text.Replace("\n", spelling, StringComparison.Ordinal),
            "\"" => string.Join('\n', text.TrimEnd('\n').Split('\n').Select(line => $"\"{line.Replace(",", "\",\"", StringComparison.Ordinal)}\"")),
            _ => spelling.Replace("{0}", text, StringComparison.Ordinal),
        };

        Assert.Equal(Figures(Evaluate(text)), Figures(Evaluate(spelt, name: $"{name.Length}.csv")));
    }

    [Fact]
    public void Utf_16_with_its_mark_is_read_too()
    {
        var text = Csv(Rows("first"));
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];

        Assert.Equal(Figures(Evaluate(text)), Figures(Evaluate(bytes, "wide.csv")));
    }

    [Fact]
    public void Neither_the_order_of_rows_nor_that_of_columns_counts()
    {
        var lines = Csv(Rows("first")).TrimEnd('\n').Split('\n');
        var turned = lines.Take(1).Concat(lines.Skip(1).Reverse()).Select(line => string.Join(',', line.Split(',').Reverse()));

        Assert.Equal(Figures(Evaluate(string.Join('\n', lines))), Figures(Evaluate(string.Join('\n', turned), name: "turned.csv")));
    }

    [Fact]
    public void A_comma_within_quotes_and_a_decimal_comma_among_semicolons_are_read()
    {
        var study = Evaluate("image;y_true;y_score\n\"a,1;x.png\";1;0,75\nb.png;0;\"0,5\"\nc.png;0;1e-3\n");

        Assert.Equal([("a,1;x.png", 0.75), ("b.png", 0.5), ("c.png", 0.001)], study.Runs[0].Predictions.Select(one => (one.Path, one.Probability)));
    }

    [Theory]
    [InlineData("path,label,probability")]
    [InlineData("Image_Path,Ground Truth,Y_SCORE")]
    [InlineData("filename,target,prob")]
    [InlineData("case_id,class,pred")]
    [InlineData("ID,y_true,p_1")]
    [InlineData("image-id,y,probability_1")]
    public void Columns_are_found_by_their_usual_names(string header)
    {
        var study = Evaluate($"{header},Subject ID,Site,model,fold,seed\na,1,0.9,p,s,m,0,1\nb,0,0.2,q,t,m,0,1\n");

        Assert.Equal(
            [new Prediction("a", "1", "p", "m", 0, 0.9) { Source = "s" }, new Prediction("b", "0", "q", "m", 0, 0.2) { Source = "t" }],
            study.Runs.Single().Predictions);
        Assert.Equal(
            ["path", "label", "probability", "patient", "source", "model", "fold", "seed"],
            study.Given!.Files.Single().Columns.Select(column => column.Meaning));
        Assert.Equal([.. header.Split(','), "Subject ID", "Site", "model", "fold", "seed"], study.Given.Files[0].Columns.Select(column => column.Name));
        Assert.Equal("1", study.Given.Positive);
        Assert.False(study.Given.IsPositiveGuessed);
    }

    [Theory]
    [InlineData("image,label,score,prob\na,1,0.9,0.8\nb,0,0.1,0.2\n", "probability", "'score'", "'prob'")]
    [InlineData("image,path,label,score\na,a,1,0.9\nb,b,0,0.1\n", "path", "'image'", "'path'")]
    [InlineData("image,label,score,site,hospital\na,1,0.9,x,y\nb,0,0.1,x,y\n", "source", "'site'", "'hospital'")]
    [InlineData("image,score\na,0.9\nb,0.1\n", "label", "'image', 'score'")]
    [InlineData("label,score\n1,0.9\n0,0.1\n", "path", "'label', 'score'")]
    [InlineData("image,label,p_0\na,1,0.1\nb,0,0.9\n", "probability", "'p_0'")]
    public void What_no_column_or_several_may_hold_is_asked(string text, string meaning, params string[] words)
    {
        var said = Assert.Throws<GivenPredictions.ColumnException>(() => Evaluate(text));

        Assert.Equal(meaning, said.Meaning);
        Assert.All([.. words, _folder["given.csv"]], word => Assert.Contains(word, said.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_can_be_named_and_left_out()
    {
        var study = Evaluate("image,label,score,prob,run\na,1,0.9,0.8,7\nb,0,0.1,0.2,8\n", options => options.Columns =
            new Dictionary<string, string> { ["probability"] = "prob", ["seed"] = "" });

        Assert.Equal([0.8, 0.2], study.Runs[0].Predictions.Select(one => one.Probability));
        Assert.Empty(study.Seeds);
        Assert.Throws<ArgumentException>(() => Evaluate("image,label,score\na,1,1\nb,0,0\n", options =>
            options.Columns = new Dictionary<string, string> { ["probability"] = "nothing" }));
        Assert.Throws<ArgumentException>(() => Evaluate("image,label,score\na,1,1\nb,0,0\n", options =>
            options.Columns = new Dictionary<string, string> { ["colour"] = "score" }));
    }

    [Theory]
    [InlineData("COVID", "non-COVID", "COVID", false)]
    [InlineData("0", "1", "1", false)]
    [InlineData("False", "True", "True", false)]
    [InlineData("NEG", "POS", "POS", false)]
    [InlineData("cat", "dog", "dog", true)]
    public void The_positive_class_is_told_by_the_names_of_the_classes_or_guessed(string first, string second, string positive, bool isGuessed)
    {
        var study = Evaluate($"image,label,score\na,{first},0.9\nb,{second},0.1\n");

        Assert.Equal((positive, isGuessed), (study.Given!.Positive, study.Given.IsPositiveGuessed));
        Assert.Equal(isGuessed, study.Configuration.IsPositiveGuessed);
        Assert.Equal(first, Evaluate($"image,label,score\na,{first},0.9\nb,{second},0.1\n", options => options.Positive = first).Results!.Positive);
    }

    [Fact]
    public void A_file_without_a_column_of_models_is_a_model()
    {
        var files = new[] { _folder.Write("lr.csv", "image,label,score\na,1,0.9\nb,0,0.1\n"), _folder.Write("rf.csv", "image,label,prob\nb,0,0.3\na,1,0.2\n") };

        var study = StudyReport.Evaluate(new() { Files = files }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["lr", "rf"], study.Networks);
        Assert.Equal("lr, rf", study.Dataset);
        Assert.Equal(CrossValidationReport.GivenTest, study.Results!.GroupBy);
        Assert.Equal((1, 2), (study.Folds, study.Statistics!.Comparisons.Count));
        Assert.Equal(["score", "prob"], study.Given!.Files.Select(file => file.Columns.Single(column => column.Meaning == "probability").Name));
    }

    [Fact]
    public void A_fold_of_one_class_alone_has_all_folds_pooled()
    {
        var study = Evaluate("image,label,score,fold\na,1,0.9,x\nb,0,0.1,x\nc,1,0.8,y\nd,1,0.3,y\n");

        Assert.Equal(CrossValidationReport.GivenPooled, study.Results!.GroupBy);
        Assert.Equal(0.75, study.Results.Networks[0].Mean.Accuracy);
        Assert.Equal(["x", "y"], study.Given!.FoldNames);
        Assert.Equal([0, 1], study.Runs.Select(run => run.Fold));
    }

    [Fact]
    public void Seeds_are_read_as_further_trainings_on_the_same_images()
    {
        var rows = Rows("first");
        var text = Csv(rows, extra: ("seed", _ => "11")) + Csv(Rows("first", seed: 5), extra: ("seed", _ => "3")).Split('\n', 2)[1];

        var study = Evaluate(text);

        Assert.Equal(["3", "11"], study.Given!.SeedNames);
        Assert.Equal(Figures(Evaluate(Csv(Rows("first", seed: 5)), name: "x.csv")), Figures(study));
        Assert.Equal(2, study.OverSeeds.Single().Seeds);
        Assert.Equal(1, study.Seeds.Single().Options.Repetition);
    }

    [Fact]
    public void Groups_are_made_by_any_column_and_what_is_unknown_is_one()
    {
        var text = Csv(Rows("first"), extra: ("Sex", row => row.Path.EndsWith('1') ? "" : row.Path.EndsWith('2') ? "F" : "M"));

        var study = Evaluate(text, options => options.Groups = ["sex"]);

        var column = Assert.Single(study.Subgroups);
        Assert.Equal(("sex", Images), (column.Column, column.Groups.Sum(group => group.Images)));
        Assert.Equal(
            [("F", Subgroups.BandKind.Value), ("M", Subgroups.BandKind.Value), (null, Subgroups.BandKind.Unknown)],
            column.Groups.Select(group => (group.Band.Value, group.Band.Kind)));
        Assert.Throws<ArgumentException>(() => Evaluate(text, options => options.Groups = ["age"]));
        Assert.Throws<ArgumentException>(() => Evaluate(text, options => options.Groups = ["path"]));
    }

    public static TheoryData<string, string[]> Faults { get; } = new()
    {
        { "", ["is empty"] },
        { "image,label,score\n", ["names columns and has no predictions"] },
        { "image,label,score\na,1,1.2\nb,0,0.1\n", ["line 2, column 'score'", "1.2 is no probability", "logits"] },
        { "image,label,score\na,1,0.2\nb,0,-3\n", ["line 3, column 'score'", "-3 is no probability"] },
        { "image,label,score\na,1,NaN\nb,0,0.1\n", ["line 2, column 'score'", "'NaN' is no number"] },
        { "image,label,score\na,1,inf\nb,0,0.1\n", ["'inf' is no number"] },
        { "image,label,score\na,1,0,5\nb,0,0.1\n", ["line 2: 4 fields where the header has 3"] },
        { "image,label,score\na,1\nb,0,0.1\n", ["line 2: 2 fields"] },
        { "image,label,score\na,,0.5\nb,0,0.1\n", ["line 2, column 'label'", "the label is missing"] },
        { "image,label,score\n,1,0.5\nb,0,0.1\n", ["line 2, column 'image'", "the image is missing"] },
        { "image,label,score\na,1,\nb,0,0.1\n", ["line 2, column 'score'", "the probability is missing"] },
        { "image,label,score,fold\na,1,0.9,\nb,0,0.1,1\n", ["line 2, column 'fold'", "the fold is missing"] },
        { "image,label,score\n\"a,1,0.5\nb,0,0.1\n", ["line 2: a quote is opened and never closed"] },
        { "image,label,score\na,1,0.5\0\nb,0,0.1\n", ["line 2: there is a NUL character"] },
        { "image,label,score\na,1,0.5\nb,1,0.1\n", ["All labels of", "'1'"] },
        { "image,label,score\na,1,0.5\nb,0,0.1\nc,2,0.1\n", ["3 classes", "'0', '1', '2'"] },
        { "image,label,score\na,1,0.5\nb,0,0.1\na,1,0.5\n", ["line 4: a is there a second time, after", "line 2"] },
        { "image,label,score,model\na,1,0.5,x\nb,0,0.1,x\na,0,0.5,y\n", ["line 4: the label of a is '0', and '1' at", "line 2"] },
        { "image,label,score,model,patient\na,1,0.5,x,p\nb,0,0.1,x,q\na,1,0.5,y,q\n", ["line 4: the patient of a is 'q', and 'p' at"] },
        { "image,label,score,model,site\na,1,0.5,x,p\nb,0,0.1,x,q\na,1,0.5,y,q\n", ["the source of a is 'q'"] },
        { "image,label,score,model,fold\na,1,0.5,x,0\nb,0,0.1,x,0\na,1,0.5,y,1\n", ["line 4: the fold of a is '1', and '0' at"] },
        { "image,label,score,model\na,1,0.5,x\nb,0,0.1,x\na,1,0.5,y\n", ["line 2: all images of the model y are 1"] },
        { "image,label,score,seed\na,1,0.5,1\nb,0,0.1,1\na,1,0.5,2\n", ["has b from seed 1 and not from seed 2"] },
        { $"image,label,score,model\na,1,0.5,{new string('x', 101)}\nb,0,0.1,x\n", ["line 2, column 'model'", "longer than 100"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_contradicts_itself_is_refused_in_a_sentence_that_says_where(string text, string[] words)
    {
        var said = Assert.Throws<UnusableDataException>(() => Evaluate(text)).Message;

        Assert.All(words, word => Assert.Contains(word, said, StringComparison.Ordinal));
        Assert.Contains("given", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.EndsWith(".", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_never_occurs_and_text_that_is_no_utf_8_are_refused()
    {
        Assert.Contains("the class 'COVID' never occurs", Assert.Throws<UnusableDataException>(() =>
            Evaluate("image,label,score\na,1,0.5\nb,0,0.1\n", options => options.Positive = "COVID")).Message, StringComparison.Ordinal);
        Assert.Contains("line 2: the text is not UTF-8", Assert.Throws<UnusableDataException>(() =>
            Evaluate([.. "image,label,score\n\xe9,1,0.5\nb,0,0.1\n"u8.ToArray().AsSpan(0, 18), 0xE9, .. ",1,0.5\nb,0,0.1\n"u8], "given.csv")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<UnusableDataException>(() =>
            StudyReport.Evaluate(new() { Files = [_folder["none.csv"]] }, cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled_and_tells_how_far_it_is()
    {
        List<StepProgress> told = [];
        _folder.Write("given.csv", Csv(Rows("first").Concat(Rows("second", seed: 3))));
        StudyReport.Evaluate(new() { Files = [_folder["given.csv"]] }, new Told(told), TestContext.Current.CancellationToken);

        Assert.Contains(told, step => step is { Kind: StepKind.Predictions } && step.Done == step.Total);
        var judged = told.Where(step => step.Kind == StepKind.Judging).ToList();
        Assert.Equal(judged.Select(step => step.Done).Order().Distinct(), judged.Select(step => step.Done));
        Assert.All(judged, step => Assert.Equal(400, step.Total));
        Assert.Equal(400, judged[^1].Done);
        Assert.True(judged.Count > 200);
        Assert.Throws<OperationCanceledException>(() => StudyReport.Evaluate(new() { Files = [_folder["given.csv"]] }, null, new CancellationToken(true)));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_table_of_many_rows_is_read_alike_however_it_is_spelt()
    {
        var rows = LargeCount.Of("COVIDCT_EVALUATION_ROWS", 100_000);
        var random = new Random(1);
        string[][] table = [["path", "label", "patient", "probability"], .. Enumerable.Range(0, rows).Select(i => (string[])
            [$"scan {i / 40}/slice, {i:000000}", i % 3 == 0 ? "COVID" : "non-COVID", $"p{i / 40}", random.NextDouble().ToString("R", CultureInfo.InvariantCulture)])];
        _folder.Write("plain.csv", string.Concat(table.Select(row => $"\"{row[0]}\",{string.Join(',', row[1..])}\n")));
        _folder.Write("odd.csv", "\uFEFF" + string.Concat(table.Select(row => $"{string.Join('\t', row.Reverse().Select(cell => $"\"{cell}\""))}\r\n")));

        var (plain, odd) = (Read("plain.csv"), Read("odd.csv"));

        Assert.Equal(rows, plain.Count);
        Assert.Equal(plain.Select(one => one with { Network = "" }), odd.Select(one => one with { Network = "" }));

        IReadOnlyList<Prediction> Read(string name) =>
            new PredictionsReader(new() { Files = [_folder[name]] }, null, TestContext.Current.CancellationToken).Read().Table.BySeed().Single();
    }

    [Fact]
    public void Predictions_in_memory_are_judged_alike()
    {
        var rows = Rows("first");
        var read = Evaluate(Csv(rows));

        var judged = StudyReport.Judge(read.Given!, rows, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Figures(read), Figures(judged));
        Assert.Throws<ArgumentException>(() => StudyReport.Judge(read.Given!, [], cancellationToken: TestContext.Current.CancellationToken));
    }

    private StudyReport Evaluate(string text, Action<EvaluationOptions>? change = null, string name = "given.csv") =>
        Evaluate(Encoding.UTF8.GetBytes(text), name, change);

    private StudyReport Evaluate(byte[] bytes, string name, Action<EvaluationOptions>? change = null)
    {
        var options = new EvaluationOptions { Files = [_folder.Write(name, bytes)] };
        change?.Invoke(options);
        return StudyReport.Evaluate(options, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static string Figures(StudyReport study) => string.Join('\n', study.Statistics!.Networks.Select(network => string.Create(
        CultureInfo.InvariantCulture,
        $"{network.Images} {network.Patients} {network.Probabilities.Brier} {network.Probabilities.Slope} {study.Results!.Networks[0].Mean}")));

    private static List<Prediction> Rows(string network, int seed = 1)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, Images).Select(i => new Prediction(
                $"images/{i:00}", i % 2 == 0 ? "COVID" : "non-COVID", $"P{i / 2}{i % 2}", network, i / 8,
                Math.Round(Math.Clamp((i % 2 == 0 ? 0.6 : 0.4) + (0.8 * (random.NextDouble() - 0.5)), 0, 1), 6))),
        ];
    }

    private static string Csv(IEnumerable<Prediction> rows, (string Name, Func<Prediction, string> Of)? extra = null) => string.Concat(
        rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Path},{row.Label},{row.Patient},{row.Network},{row.Fold},{row.Probability:R}{(extra is { } more ? $",{more.Of(row)}" : "")}\n"))
            .Prepend($"path,label,patient,network,fold,probability{(extra is { } column ? $",{column.Name}" : "")}\n"));

    private sealed class Told(List<StepProgress> steps) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            lock (steps)
            {
                steps.Add(value);
            }
        }
    }
}
