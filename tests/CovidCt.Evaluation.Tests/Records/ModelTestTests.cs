using CovidCt.Calibration;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class ModelTestTests : IDisposable
{
    private const int Images = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_is_judged_by_what_it_answers_about_each_image()
    {
        using var network = new StubClassifier();
        var dataset = Written();

        var study = Test(network, dataset);

        var predictions = study.Runs.Single().Predictions;
        Assert.Equal(dataset.Samples.Select(sample => (sample.Path, dataset.Classes[sample.Label])), predictions.Select(p => (p.Path, p.Label)));
        Assert.All(predictions, p => Assert.Equal(StubClassifier.ProbabilityOf(new SkiaImageDecoder().DecodeFile(Path.Combine(dataset.Root, p.Path))), p.Probability));
        Assert.Equal(
            FigureIntervals.Of(predictions, "COVID", FoldSummary.Mean, cancellationToken: TestContext.Current.CancellationToken), study.Statistics!.Networks.Single().Images);
        Assert.Equal((CrossValidationReport.GivenTest, "COVID", Images), (study.Results!.GroupBy, study.Results.Positive, study.Given!.Tested!.Images));
    }

    [Fact]
    public void Calibrated_probabilities_and_sets_are_judged_as_the_network_states_them()
    {
        using var network = new StubClassifier();

        var of = Test(network, Written()).Statistics!.Networks.Single();

        var predictions = Test(network, Written()).Runs.Single().Predictions;
        Assert.Equal(BrierScore.Of([.. predictions.Select(p => (p.Label == "COVID", 0.25 + (p.Probability / 2)))]), of.Calibrated!.Brier.Value);
        Assert.Equal(predictions.Count(p => p.Probability is > 0.4 and < 0.6), of.Sets!.All.Both);
        Assert.Equal(
            predictions.Average(p => (p.Label == "COVID" ? p.Probability > 0.4 : p.Probability < 0.6) ? 1.0 : 0), of.Sets.All.Coverage.Value!.Value, 1e-12);
        Assert.Empty(of.OperatingPoints);

        using var plain = new StubClassifier(isCalibrated: false, setLevel: null);
        var without = Test(plain, Written()).Statistics!.Networks.Single();
        Assert.Null(without.Calibrated);
        Assert.Null(without.Sets);
    }

    [Fact]
    public void Images_that_are_unlike_those_of_training_are_a_group()
    {
        using var network = new StubClassifier(threshold: 0.2);

        var study = Test(network, Written());

        var unlike = study.Runs.Single().Answers.Count(answer => answer.Distance!.IsUnlike);
        Assert.InRange(unlike, 1, Images - 1);
        var group = study.Subgroups.Single(of => of.Column == ModelTest.UnlikeColumn);
        Assert.Equal([Images - unlike, unlike], group.Groups.Select(of => of.Images));
        using var knowing = new StubClassifier(threshold: 2);
        Assert.Empty(Test(knowing, Written()).Subgroups);
    }

    [Fact]
    public void Classes_of_other_names_are_taken_by_their_sides_and_those_of_the_networks_by_their_names()
    {
        using var network = new StubClassifier();
        using var other = new StubClassifier(classes: ["healthy", "pneumonia"]);
        var dataset = Written();

        var (own, named) = (Test(network, dataset.WithPositive("non-COVID")), Test(other, dataset));

        Assert.Null(own.Given!.Tested!.ClassesThere);
        Assert.Equal(("COVID", "COVID"), (own.Results!.Positive, own.Runs[0].Predictions.First(p => p.Path.StartsWith("COVID", StringComparison.Ordinal)).Label));
        Assert.Equal(["non-COVID", "COVID"], named.Given!.Tested!.ClassesThere!);
        Assert.Equal("pneumonia", named.Runs[0].Predictions.First(p => p.Path.StartsWith("COVID", StringComparison.Ordinal)).Label);
        Assert.Equal(own.Statistics!.Networks[0].Images.Auc, named.Statistics!.Networks[0].Images.Auc);
    }

    [Fact]
    public void Images_that_cannot_be_read_are_left_out_and_told()
    {
        using var network = new StubClassifier();
        var dataset = Written();
        File.WriteAllBytes(Path.Combine(dataset.Root, dataset.Samples[3].Path), [1, 2, 3]);
        File.Delete(Path.Combine(dataset.Root, dataset.Samples[7].Path));

        var study = Test(network, dataset);

        Assert.Equal([dataset.Samples[3].Path, dataset.Samples[7].Path], study.Given!.Tested!.Rejected.Select(rejection => rejection.Path));
        Assert.Equal(study.Given.Tested.Rejected, study.Results!.Rejected);
        Assert.Equal(Images - 2, study.Given.Tested.Images);
        dataset.Samples.ToList().ForEach(sample => File.WriteAllBytes(Path.Combine(dataset.Root, sample.Path), [1]));
        Assert.Contains("No image in", Assert.Throws<UnusableDataException>(() => Test(network, dataset)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_takes_two_classes_of_both()
    {
        using var network = new StubClassifier();
        using var many = new StubClassifier(classes: ["a", "b", "c"]);
        var dataset = Written();

        Assert.Contains("tells 3 classes apart", Assert.Throws<ArgumentException>(() => Test(many, dataset)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "has 3 classes", Assert.Throws<UnusableDataException>(() => Test(network, dataset with { Classes = ["a", "b", "c"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_were_trained_on_are_counted_by_path_and_class()
    {
        using var network = new StubClassifier();
        var dataset = Written();
        var path = dataset.Samples[0].Path;

        Assert.Equal(1, Count((path, dataset.Classes[dataset.Samples[0].Label])));
        Assert.Equal(0, Count((path, dataset.Classes[1 - dataset.Samples[0].Label]), ("elsewhere.png", "COVID")));
        Assert.Null(Test(network, dataset).Given!.Tested!.TrainedImages);

        int? Count(params (string Path, string Label)[] images) => Test(network, dataset, new() { TrainedImages = images }).Given!.Tested!.TrainedImages;
    }

    [Fact]
    public void A_test_that_was_stopped_asks_about_the_rest_alone_and_ends_the_same()
    {
        var dataset = Written();
        using var whole = new StubClassifier();
        var unbroken = Test(whole, dataset);
        using var stop = new CancellationTokenSource();
        using var network = new StubClassifier();
        var batches = 0;
        network.OnBatch = () => _ = ++batches == 2 ? Stopped(stop) : 0;
        var options = new ModelTestOptions { Journal = _folder["journal.csv"], Files = [new("a", "1")] };

        Assert.Throws<OperationCanceledException>(() => StudyReport.Test(network, dataset, options, cancellationToken: stop.Token));
        Assert.Equal(16, network.Asked);
        var study = Test(network, dataset, options);

        Assert.Equal(Images, network.Asked);
        Assert.Equal(unbroken.Runs[0].Predictions, study.Runs[0].Predictions);
        Assert.Equal(unbroken.Runs[0].Answers, study.Runs[0].Answers);
        _ = Test(network, dataset, options);
        Assert.Equal(Images, network.Asked);

        // Another network, or other content, has answers of its own.
        _ = Test(network, dataset, new() { Journal = options.Journal, Files = [new("a", "2")] });
        Assert.Equal(2 * Images, network.Asked);
        File.WriteAllBytes(Path.Combine(dataset.Root, dataset.Samples[^1].Path), TestImages.GrayPng());
        _ = Test(network, dataset, new() { Journal = options.Journal, Files = [new("a", "2")] });
        Assert.Equal((2 * Images) + (Images % 16), network.Asked);

        static int Stopped(CancellationTokenSource stop)
        {
            stop.Cancel();
            return 1;
        }
    }

    [Fact]
    public void Whatever_is_left_of_a_journal_the_test_ends_the_same()
    {
        var dataset = Written();
        var options = new ModelTestOptions { Journal = _folder["journal.csv"] };
        using var network = new StubClassifier();
        var expected = Test(network, dataset, options).Runs[0].Predictions;
        var whole = File.ReadAllBytes(options.Journal);

        Gen.Select(Gen.Int[0, whole.Length], Gen.Int[-1, 255], Gen.Int[0, whole.Length - 1]).Sample(
            (length, value, at) =>
            {
                var left = whole[..length];
                if (value >= 0 && at < left.Length)
                {
                    left[at] = (byte)value;
                }

                File.WriteAllBytes(options.Journal, left);
                Assert.Equal(expected, Answered());
            },
            iter: 60, threads: 1);

        IReadOnlyList<Prediction> Answered() => new ModelTest(network, dataset, options, default).Run(_folder.Path, null, default).Runs[0].Predictions;
    }

    [Fact]
    public void Progress_is_told_of_images_and_ends_with_all_of_them()
    {
        using var network = new StubClassifier();
        List<StepProgress> told = [];

        _ = StudyReport.Test(network, Written(), progress: new Relay(told), cancellationToken: TestContext.Current.CancellationToken);

        var images = told.Where(step => step.Kind == StepKind.Testing).ToList();
        Assert.Equal([16, 32, Images], images.Select(step => step.Done));
        Assert.All(images, step => Assert.Equal(Images, step.Total));
    }

    [Fact]
    public void Answers_are_read_as_they_were_written()
    {
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 9], Gen.Double[0, 1], Gen.Int[0, 4], Gen.Double[0, 2], Gen.Bool).Array[0, 20].Sample(rows =>
        {
            TestedModel.Answer[] answers =
            [
                .. rows.DistinctBy(row => row.Item1).OrderBy(row => row.Item1, StringComparer.Ordinal).Select(row => new TestedModel.Answer(
                    row.Item1, row.Item5 ? row.Item2 : null, row.Item3 == 4 ? null : (row.Item3 % 2 == 0, row.Item3 < 2), row.Item5 ? new(row.Item4, 1) : null)),
            ];
            AnswersCsv.Write(_folder["answers.csv"], answers);
            Assert.Equal(answers, AnswersCsv.Read(_folder["answers.csv"]));
        }, iter: 30, threads: 1);

        File.WriteAllText(_folder["answers.csv"], "path,calibrated,set,distance,threshold\na,0.5,some,,\n");
        Assert.Contains(
            "answers.csv, line 2: the set 'some'", Assert.Throws<InvalidDataException>(() => AnswersCsv.Read(_folder["answers.csv"])).Message, StringComparison.Ordinal);
    }

    private static StudyReport Test(StubClassifier network, CtDataset dataset, ModelTestOptions? options = null) =>
        StudyReport.Test(network, dataset, options, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Images whose mean gray goes from dark to light, those of COVID somewhat lighter.</summary>
    private CtDataset Written()
    {
        foreach (var (name, from) in ((string, int)[])[("COVID", 70), ("non-COVID", 20)])
        {
            Directory.CreateDirectory(_folder[$"data/{name}"]);
            for (var i = 0; i < Images / 2; i++)
            {
                File.WriteAllBytes(
                    _folder[$"data/{name}/{i:00}.png"], TestImages.GrayPng(new(16, 16, [.. Enumerable.Repeat((byte)(from + (8 * i)), 256)])));
            }
        }

        return CtDataset.Open(_folder["data"]);
    }

    private sealed class Relay(List<StepProgress> told) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => told.Add(value);
    }
}
