using System.Text.Json.Nodes;
using CovidCt.Controls;
using CovidCt.Core.Tests.Training;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Phantoms;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

public sealed class CrossValidatorTests : IClassFixture<CrossValidatorTests.Studies>, IDisposable
{
    private const string SqueezeNet = "squeezenet1_1";
    private const string ShuffleNet = "shufflenet_v2_x1_0";

    private static readonly BackboneFactory Factory = new();

    private readonly TemporaryFolder _folder = new();
    private readonly List<StudyProgress> _reports = [];
    private readonly Studies _studies;

    public CrossValidatorTests(Studies studies)
    {
        _studies = studies;
        Copy(studies.Data, Data);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_network_and_fold_has_a_run_folder_and_every_image_one_prediction()
    {
        var options = Options(SqueezeNet, ShuffleNet);

        var result = Run(options);

        Assert.Equal([SqueezeNet, ShuffleNet], result.Runs.Select(run => run.Network).Distinct());
        Assert.All(result.Runs, run => Assert.Equal(NetworkResult.Random, run.Initialization));
        foreach (var runs in result.Runs.GroupBy(run => run.Network))
        {
            Assert.Equal(
                result.Dataset.Samples.Select(sample => (sample.Path, result.Dataset.Classes[sample.Label], sample.Patient)),
                runs.SelectMany(run => run.Predictions).OrderBy(p => p.Path, StringComparer.Ordinal).Select(p => (p.Path, p.Label, p.Patient)));
            Assert.All(runs, fold => Assert.Equal(
                result.Folds[fold.Fold].Test.Select(row => result.Dataset.Samples[row].Path), fold.Predictions.Select(p => p.Path)));
            Assert.All(runs, fold => Assert.Equal(options.Training.Epochs, fold.History.Count));
        }

        Assert.Equal(
            ["configuration.json", "covidct.sha256", "history.csv", "network.safetensors", "predictions.csv"],
            Directory.GetFiles(RunOf(SqueezeNet, 1)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["canvases", "covidct.sha256", "folds.csv", "runs", "study.json"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_manifest_says_of_its_images_is_kept_beside_the_folds()
    {
        var manifest = Path.Combine(Data, "manifest.csv");
        File.WriteAllLines(
            manifest, File.ReadAllLines(manifest).Select((line, i) => $"{line},{(i == 0 ? "sex" : i % 2 == 0 ? "F" : "")}"));
        var dataset = CtDataset.Open(Data);

        using (var study = StudyFolder.Open(Out, resume: true))
        {
            new CrossValidator(Factory, new SkiaImageDecoder()).Prepare(dataset, Options(SqueezeNet), study, null, Token).Dispose();
        }

        var columns = StudyReport.Read(Out).Columns!;
        Assert.Equal(["sex"], columns.Names);
        Assert.Equal(dataset.Samples.Select(sample => sample.Path), columns.Images.Keys);
        Assert.All(dataset.Samples, sample => Assert.Equal(sample.Columns.GetValueOrDefault("sex"), columns.ValueOf(sample.Path, "sex")));
        Assert.Contains(dataset.Samples, sample => sample.Columns.Count > 0);
    }

    [Fact]
    public void The_saved_network_of_a_run_gives_the_predictions_of_the_run()
    {
        var result = _studies.Whole.Value;
        using var classifier = CtClassifier.Load(Path.Combine(_studies.WholeFolder, "runs", ShuffleNet, "fold-0"));

        foreach (var prediction in result.Runs[0].Predictions)
        {
            Assert.Equal(prediction.Probability, classifier.Classify(Path.Combine(Data, prediction.Path)).Probability, 1e-5);
        }

        Assert.Equal(PhantomDataset.Covid, classifier.Model.Classes[classifier.Model.Positive]);
        Assert.Equal(PhantomCanvases.Size, classifier.Model.Input);
    }

    [Fact]
    public void Equal_studies_in_two_folders_have_equal_bits()
    {
        var first = _studies.Finished;
        var second = Run(Options(SqueezeNet), Path.Combine(_folder.Path, "other"));

        Assert.Equal(first.Predictions, second.Predictions);
        Assert.Equal(Bits.Of(History(first)), Bits.Of(History(second)));
    }

    [Fact]
    public void Finished_runs_are_not_run_again()
    {
        var first = TakeFinished();
        var written = Directory.GetLastWriteTimeUtc(Path.Combine(RunOf(SqueezeNet, 0), "predictions.csv"));

        var second = Run(Options(SqueezeNet));

        Assert.Equal([true, true], _reports.OfType<Study.FoldFinished>().Select(report => report.WasFinished));
        Assert.Empty(_reports.OfType<Study.FoldProgress>());
        Assert.Equal(first.Predictions, second.Predictions);
        Assert.Equal(History(first), History(second));
        Assert.Equal(written, Directory.GetLastWriteTimeUtc(Path.Combine(RunOf(SqueezeNet, 0), "predictions.csv")));
    }

    [Theory]
    [InlineData("predictions.csv")]
    [InlineData("history.csv")]
    [InlineData("network.safetensors")]
    public void A_run_that_lost_a_file_is_run_again_alone_and_to_the_same_bits(string lost)
    {
        var first = TakeFinished();
        File.Delete(Path.Combine(RunOf(SqueezeNet, 1), lost));

        var second = Run(Options(SqueezeNet));

        Assert.Equal([true, false], _reports.OfType<Study.FoldFinished>().Select(report => report.WasFinished));
        Assert.All(_reports.OfType<Study.FoldProgress>(), report => Assert.Equal(1, report.Fold));
        Assert.Equal(first.Predictions, second.Predictions);
    }

    [Theory]
    [InlineData(0, 1, 1, Traits = ["Category", "Long"])]
    [InlineData(1, 0, 1)]
    public void A_study_that_was_stopped_goes_on_to_the_same_bits(int fold, int epoch, int step)
    {
        var whole = _studies.Whole.Value;
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            Assert.Throws<OperationCanceledException>(() => Run(Options(ShuffleNet), Out, report =>
            {
                if (report is Study.FoldProgress progress && (progress.Fold, progress.Epoch, progress.Step) == (fold, epoch, step))
                {
                    stop.Cancel();
                }
            }, stop.Token));
        }

        _reports.Clear();
        var resumed = Run(Options(ShuffleNet));

        Assert.Equal(whole.Predictions, resumed.Predictions);
        Assert.Equal(Bits.Of(History(whole)), Bits.Of(History(resumed)));
        Assert.Equal((fold, epoch), _reports.OfType<Study.FoldProgress>().Select(report => (report.Fold, report.Epoch)).First());
    }

    public static TheoryData<string, Action<StudyOptions>> Changes { get; } = new()
    {
        { "folds: 2 there, 3 here", options => options.Folds = 3 },
        { "seed: 0 there, 5 here", options => options.Seed = 5 },
        { "repetition: 0 there, 1 here", options => options.Repetition = 1 },
        { "groupBy: \"image\" there, \"patient\" here", options => options.GroupBy = GroupBy.Patient },
        { "maxImages: null there, 10 here", options => options.MaxImages = 10 },
        { "training.epochs: 2 there, 3 here", options => options.Training.Epochs = 3 },
        { "training.batchSize: 4 there, 8 here", options => options.Training.BatchSize = 8 },
        { "training.microBatchSize: null there, 2 here", options => options.Training.MicroBatchSize = 2 },
        { "training.train: \"all\" there, \"head\" here", options => options.Training.Train = NetworkPart.Head },
        { "training.lamb.learningRate: 0.001 there, 0.002 here", options => options.Training.Lamb.LearningRate = 2e-3 },
        { "training.lamb.biasCorrection: false there, true here", options => options.Training.Lamb.BiasCorrection = true },
        { "training.precision: \"float32\" there, \"bfloat16\" here", options => options.Training.Precision = ComputePrecision.BFloat16 },
        { "training.deterministic: false there, true here", options => options.Training.Deterministic = true },
        { "training.augmentation.flipProbability: 0.5 there, 0 here", options => options.Training.Augmentation = AugmentationOptions.None },
        { "canvas.fit: \"keepAspect\" there, \"stretch\" here", options => options.Canvas.Fit = CanvasFit.Stretch },
        { "canvas.fill: [123,116,103] there, [0,0,0] here", options => options.Canvas.Fill = (0, 0, 0) },
        { "inputSize.width: 64 there, 80 here", options => options.InputSize = new(80, 48) },
        { "networks: [\"squeezenet1_1\"] there, [\"shufflenet_v2_x1_0\"] here", options => options.Networks = [ShuffleNet] },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void A_study_of_another_configuration_is_not_gone_on_with_and_the_difference_is_named(string difference, Action<StudyOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        TakeStarted();
        var options = Options(SqueezeNet);
        change(options);

        var error = Assert.Throws<RunFolderException>(() => Run(options));

        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
        Assert.Contains(Out, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_study_of_another_positive_class_is_not_gone_on_with_however_old_it_is(bool finished, bool saysSo)
    {
        Take(finished);
        if (!saysSo)
        {
            ForgetClasses();
        }

        var error = Assert.Throws<RunFolderException>(() => Run(CtDataset.Open(Data, PhantomDataset.NonCovid)));

        Assert.Contains("the positive class: \"COVID\" there, \"non-COVID\" here", error.Message, StringComparison.Ordinal);
        Assert.Equal(FolderProblem.OtherConfiguration, error.Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_study_from_before_the_classes_were_written_is_gone_on_with_to_the_same_bits(bool finished)
    {
        Take(finished);
        ForgetClasses();

        var result = Run(CtDataset.Open(Data));

        Assert.Equal(_studies.Finished.Predictions, result.Predictions);
        Assert.Equal(finished, JsonNode.Parse(File.ReadAllText(Path.Combine(RunOf(SqueezeNet, 1), "configuration.json")))!["study"]!["positive"] is null);
    }

    [Fact]
    public void A_study_from_before_the_classes_were_written_has_the_positive_class_that_its_networks_name()
    {
        using (var study = StudyFolder.Open(Out, resume: true))
        {
            new CrossValidator(Factory, new SkiaImageDecoder()).Run(CtDataset.Open(Data, PhantomDataset.NonCovid), Quick(SqueezeNet), study, null, Token);
        }

        ForgetClasses();

        var error = Assert.Throws<RunFolderException>(() => Run(Quick(SqueezeNet)));
        Assert.Contains("the positive class: \"non-COVID\" there, \"COVID\" here", error.Message, StringComparison.Ordinal);
        var run = FinishedRun.Open(RunOf(SqueezeNet, 0));
        Assert.Equal(PhantomDataset.NonCovid, run.OpenData() is var data ? data.Classes[data.Positive] : null);
    }

    [Fact]
    public void Classes_of_other_names_are_told()
    {
        TakeFinished();

        var error = Assert.Throws<RunFolderException>(() => Run(CtDataset.Open(Data) with { Classes = ["COVID", "well"] }));

        Assert.Contains("the classes: [\"COVID\",\"non-COVID\"] there, [\"COVID\",\"well\"] here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_positive_class_has_the_other_probabilities_and_the_same_networks()
    {
        var first = _studies.Finished;
        var other = Run(CtDataset.Open(Data, PhantomDataset.NonCovid));

        foreach (var (one, two) in first.Predictions.Zip(other.Predictions))
        {
            Assert.Equal((one.Path, one.Label), (two.Path, two.Label));
            Assert.Equal(1, one.Probability + two.Probability, 1e-12);
        }

        Assert.Equal(Bits.Of(History(first)), Bits.Of(History(other)));
    }

    private void Take(bool finished)
    {
        if (finished)
        {
            TakeFinished();
        }
        else
        {
            TakeStarted();
        }
    }

    private StudyResult Run(CtDataset dataset)
    {
        using var study = StudyFolder.Open(Out, resume: true);
        return new CrossValidator(Factory, new SkiaImageDecoder()).Run(dataset, Options(SqueezeNet), study, null, Token);
    }

    /// <summary>Leaves out of the folder's configurations what older versions didn't write.</summary>
    private void ForgetClasses()
    {
        foreach (var file in Directory.GetFiles(Out, "*.json", SearchOption.AllDirectories).Where(
            file => Path.GetFileName(file) is StudyLayout.ConfigurationName or RunLayout.ConfigurationName))
        {
            var content = JsonNode.Parse(File.ReadAllText(file))!;
            Assert.True(content["study"]!.AsObject().Remove("classes") && content["study"]!.AsObject().Remove("positive"));
            File.WriteAllText(file, content.ToJsonString());
        }

        Lists.TakeAway(Out);
    }

    [Fact]
    public void A_configuration_says_nothing_of_what_is_as_it_was_before_it_could_be_chosen()
    {
        TakeStarted();

        var training = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, StudyLayout.ConfigurationName)))!["study"]!["training"]!.AsObject();

        Assert.DoesNotContain("precision", training);
        Assert.DoesNotContain("deterministic", training);
    }

    [Fact]
    public void A_weights_folder_that_brings_other_initial_weights_is_a_difference_of_the_run()
    {
        TakeFinished();
        var options = Options(SqueezeNet);
        options.WeightsFolder = Weights((SqueezeNet, SqueezeNet + ".safetensors"));

        var error = Assert.Throws<RunFolderException>(() => Run(options));

        Assert.Contains("initialWeights: \"random\" there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_weights_in_another_folder_are_no_difference()
    {
        var options = Quick(SqueezeNet);
        options.WeightsFolder = Weights((SqueezeNet, SqueezeNet + ".safetensors"));
        Run(options);
        var moved = Path.Combine(_folder.Path, "moved");
        Directory.Move(options.WeightsFolder, moved);
        options.WeightsFolder = moved;

        Run(options);
    }

    [Fact]
    public void An_image_that_changed_since_is_named_as_the_difference()
    {
        TakeFinished();
        var images = Directory.GetFiles(Path.Combine(Data, "images"), "*.png").Order(StringComparer.Ordinal).ToList();
        File.Copy(images[0], images[1], overwrite: true);

        var error = Assert.Throws<RunFolderException>(() => Run(Options(SqueezeNet)));

        Assert.Contains("data: the images, their labels or their patients have changed since", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_threads_of_a_study_are_used_again_and_stated_in_its_runs()
    {
        var options = Quick(SqueezeNet);
        options.Training.Threads = 2;
        Stop(Data, options, Out, epoch: 0);
        options.Training.Threads = 1;

        Run(options);

        var run = JsonNode.Parse(File.ReadAllText(Path.Combine(RunOf(SqueezeNet, 1), "configuration.json")))!;
        Assert.Equal(2, run["machine"]!["threads"]!.GetValue<int>());
        Assert.Contains(_reports.OfType<Study.Warning>(), warning => warning.Message.StartsWith("Going on with 2 thread", StringComparison.Ordinal));
        Assert.Equal(2, TorchSharp.torch.get_num_threads());
    }

    [Fact]
    public void Another_build_is_named_and_gone_on_with()
    {
        TakeFinished();
        var path = Path.Combine(Out, StudyLayout.ConfigurationName);
        var study = JsonNode.Parse(File.ReadAllText(path))!;
        study["machine"]!["build"] = "another";
        File.WriteAllText(path, study.ToJsonString());
        Lists.Renew(Out);

        Run(Options(SqueezeNet));

        Assert.Contains(_reports.OfType<Study.Warning>(), warning => warning.Message.Contains("build: another there", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"study\":{},\"machine\":{}}")]
    [InlineData("{\"study\":{},\"machine\":{\"threads\":\"two\"}}")]
    [InlineData("{\"study\":1,\"machine\":{\"threads\":2}}")]
    public void A_damaged_configuration_is_named(string content)
    {
        TakeStarted();
        var path = Path.Combine(Out, StudyLayout.ConfigurationName);
        File.WriteAllText(path, content);

        var error = Assert.Throws<RunFolderException>(() => Run(Options(SqueezeNet)));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predictions.csv", "path,label,patient,network,fold,probability\n")]
    [InlineData("predictions.csv", "nonsense")]
    [InlineData("history.csv", "nonsense")]
    public void A_damaged_file_of_a_finished_run_is_named_with_what_to_do(string file, string content)
    {
        TakeFinished();
        var path = Path.Combine(RunOf(SqueezeNet, 0), file);
        File.WriteAllText(path, content);

        var error = Assert.Throws<RunFolderException>(() => Run(Options(SqueezeNet)));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_with_what_to_do()
    {
        var checkpoint = Path.Combine(RunOf(SqueezeNet, 0), "checkpoint.safetensors");
        Stop(Data, Options(SqueezeNet), Out, epoch: 1);
        Assert.True(File.Exists(checkpoint));
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..5000]);

        var error = Assert.Throws<RunFolderException>(() => Run(Options(SqueezeNet)));

        Assert.Contains(checkpoint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_process_was_writing_is_cleared_away()
    {
        TakeStarted();
        var half = Path.Combine(RunOf(SqueezeNet, 0), "checkpoint.safetensors.0123456789abcdef.tmp");
        File.WriteAllText(half, "half");

        Run(Options(SqueezeNet));

        Assert.False(File.Exists(half));
        Assert.Empty(Directory.GetFiles(Out, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Images_that_cannot_be_read_are_reported_and_left_out()
    {
        var images = Directory.GetFiles(Path.Combine(Data, "images")).Order(StringComparer.Ordinal).ToList();
        File.WriteAllText(images[0], "text");
        File.WriteAllBytes(images[3], File.ReadAllBytes(images[3])[..200]);
        File.Delete(images[5]);

        var result = Run(Quick(SqueezeNet));

        Assert.Equal(
            new[] { images[0], images[3], images[5] }.Select(image => "images/" + Path.GetFileName(image)),
            result.Dataset.Rejected.Select(rejection => rejection.Path));
        Assert.Equal(images.Count - 3, result.Predictions.Count());
        Assert.Equal(result.Dataset.Rejected, result.Report().Rejected);
    }

    [Fact]
    public void Folds_by_patient_keep_every_patient_on_one_side()
    {
        var options = Quick(SqueezeNet);
        options.GroupBy = GroupBy.Patient;

        var result = Run(options);

        Assert.All(result.Predictions.GroupBy(p => p.Patient), patient => Assert.Single(patient.Select(p => p.Fold).Distinct()));
        Assert.Equal("patient", result.Report().GroupBy);
        Assert.Empty(_reports.OfType<Study.Warning>());
    }

    [Fact]
    public void Folds_by_source_keep_every_source_and_every_patient_on_one_side_and_older_answers_get_their_sources()
    {
        var options = Quick(SqueezeNet);
        options.GroupBy = GroupBy.Source;
        var dataset = CtDataset.Open(Data);
        dataset = dataset with { Samples = [.. dataset.Samples.Select(sample => sample with { Source = $"{sample.Label}{sample.Patient!.Sum(c => c) % 4}" })] };
        using var study = StudyFolder.Open(Out, resume: false);
        var validator = new CrossValidator(Factory, new SkiaImageDecoder());

        var result = validator.Run(dataset, options, study, cancellationToken: Token);

        Assert.Equal("sources", result.Report().GroupBy);
        Assert.Equal(options.Folds, result.Folds.Count);
        Assert.All(result.Predictions.GroupBy(p => p.Source), source => Assert.Single(source.Select(p => p.Fold).Distinct()));
        Assert.All(result.Predictions.GroupBy(p => p.Patient), patient => Assert.Single(patient.Select(p => p.Fold).Distinct()));
        var run = new RunLayout(RunOf(SqueezeNet, 0));
        run.WritePredictions(run.ReadPredictions().Select(prediction => prediction with { Source = null }));
        Assert.Equal(result.Predictions, validator.Run(dataset, options, study, cancellationToken: Token).Predictions);
        Assert.Equal(result.Predictions, StudyReport.Read(Out).Runs.SelectMany(one => one.Predictions));
    }

    [Theory]
    [InlineData("collections", 3, 2)]
    [InlineData("column:Scanner", 2, 2)]
    public void A_study_across_collections_or_by_a_column_is_kept_under_its_name_and_not_gone_on_with_when_the_column_has_changed(string groupBy, int asked, int folds)
    {
        var options = Quick(SqueezeNet);
        (options.GroupBy, options.Folds) = (GroupBy.Parse(groupBy), asked);
        var dataset = Marked(row => row);
        using (var study = StudyFolder.Open(Out, resume: false))
        using (var prepared = Prepared(dataset, study))
        {
            Assert.Equal(folds, prepared.Runs.Count);
            var written = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "study.json")))!["study"]!;
            Assert.Equal((groupBy, folds), (written["groupBy"]!.GetValue<string>(), written["folds"]!.GetValue<int>()));
            Assert.Equal(folds, new StudyLayout(Out).ReadFolds().Select(row => row.Fold).Distinct().Count());
            prepared.Train(prepared.Runs[0], lease: null, cancellationToken: Token);
        }

        using var again = StudyFolder.Open(Out, resume: true);
        using (var same = Prepared(dataset, again))
        {
            Assert.True(same.IsFinished(same.Runs[0]));
        }

        using var changed = Prepared(Marked(row => row + 1), again);
        Assert.Throws<RunFolderException>(() => changed.IsFinished(changed.Runs[0]));

        PreparedStudy Prepared(CtDataset data, StudyFolder study) =>
            new CrossValidator(Factory, new SkiaImageDecoder()).Prepare(data, options, study, cancellationToken: Token);

        CtDataset Marked(Func<int, int> number)
        {
            var data = CtDataset.Open(Data);
            var patients = data.Samples.Select(sample => sample.Patient!).Distinct().Order(StringComparer.Ordinal).ToList();
            return data with
            {
                Samples =
                [
                    .. data.Samples.Select(sample => sample with
                    {
                        Source = sample.Patient,
                        Collection = sample.Label == data.Positive ? "all" : $"c{number(patients.IndexOf(sample.Patient!) / 2) % 2}",
                        Columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["scanner"] = $"{number(patients.IndexOf(sample.Patient!)) % 6}" },
                    }),
                ],
            };
        }
    }

    [Fact]
    public void A_network_that_is_trained_on_one_data_set_is_tested_on_all_of_another()
    {
        var other = Path.Combine(_folder.Path, "other");
        Phantom.Write(other, patients: 4, seed: 5);
        var options = Quick(SqueezeNet);
        options.GroupBy = GroupBy.Official;
        using var study = StudyFolder.Open(Out, resume: false);

        var dataset = CtDataset.Open(Data).TestedOn(CtDataset.Open(other));
        var result = new CrossValidator(Factory, new SkiaImageDecoder()).Run(dataset, options, study, cancellationToken: Token);

        Assert.Equal(CtDataset.Open(other).Samples.Count, result.Predictions.Count());
        Assert.All(result.Predictions, prediction => Assert.StartsWith("../other/images/", prediction.Path, StringComparison.Ordinal));
        Assert.Equal(1, JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "study.json")))!["study"]!["folds"]!.GetValue<int>());
        var rows = new StudyLayout(Out).ReadFolds();
        Assert.Equal(result.Predictions.Count(), rows.Count(row => row.Fold == 0));
        Assert.Equal(0, FoldRow.SharedPatients(rows, 0));
        Assert.Equal(result.Dataset.Samples, FinishedRun.Open(RunOf(SqueezeNet, 0)).OpenData().Samples);
    }

    [Theory]
    [InlineData(ControlKind.RandomLabels)]
    [InlineData(ControlKind.BackgroundOnly)]
    public void A_control_is_trained_by_the_same_recipe_on_other_labels_or_on_images_without_lungs(ControlKind control)
    {
        var options = Quick(SqueezeNet);
        options.Control = control;
        options.GroupBy = GroupBy.Patient;

        var result = Run(options);

        var dataset = CtDataset.Open(Data);
        Assert.Equal(
            control == ControlKind.RandomLabels ? RandomLabels.Of(dataset, 0).Samples : dataset.Samples,
            result.Dataset.Samples);
        Assert.Equal(result.Dataset.Samples, FinishedRun.Open(RunOf(SqueezeNet, 0)).OpenData().Samples);
        options.Control = ControlKind.Real;
        Assert.Contains("control: ", Assert.Throws<RunFolderException>(() => Run(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_by_image_are_warned_of_with_the_share_of_images_whose_patient_was_seen()
    {
        var result = _studies.Finished;

        var shared = result.Folds.Sum(fold => fold.Test.Count(row => fold.Train.Any(other => result.Dataset.Samples[other].Patient == result.Dataset.Samples[row].Patient)));
        var share = FormattableString.Invariant($"{(double)shared / result.Dataset.Samples.Count:P0}");
        Assert.StartsWith(share, Assert.Single(_studies.Reports.OfType<Study.Warning>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_images_keep_the_shares_of_the_classes()
    {
        var options = Quick(SqueezeNet);
        options.MaxImages = 10;

        var result = Run(options);

        Assert.Equal(10, result.Predictions.Count());
        Assert.Equal([5, 5], result.Predictions.CountBy(p => p.Label).Select(count => count.Value));
    }

    [Fact]
    public void Data_of_three_classes_are_refused_with_their_names()
    {
        var manifest = Path.Combine(Data, "manifest.csv");
        var lines = File.ReadAllLines(manifest);
        lines[1] = lines[1].Replace(lines[1].Split(',')[1], "maybe", StringComparison.Ordinal);
        File.WriteAllLines(manifest, lines);

        var error = Assert.Throws<UnusableDataException>(() => Run(Options(SqueezeNet)));

        Assert.Contains("3 classes (COVID, maybe, non-COVID)", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Too_few_images_for_the_folds_are_told()
    {
        var options = Options(SqueezeNet);
        (options.MaxImages, options.Folds) = (6, 5);

        var error = Assert.Throws<UnusableDataException>(() => Run(options));

        Assert.Contains("too few for 5 folds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_make_the_start_and_their_absence_is_warned_of()
    {
        var options = Quick(SqueezeNet, ShuffleNet);
        options.GroupBy = GroupBy.Patient;
        options.WeightsFolder = Weights((SqueezeNet, SqueezeNet + "-imagenet.safetensors"));

        var result = Run(options);

        Assert.Equal([NetworkResult.ImageNet, NetworkResult.Random], result.Runs.DistinctBy(run => run.Network).Select(run => run.Initialization));
        var warning = Assert.Single(_reports.OfType<Study.Warning>()).Message;
        Assert.Contains($"{ShuffleNet} starts at random", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_network_are_told_before_anything_is_trained_or_read()
    {
        var options = Options(ShuffleNet, SqueezeNet);
        options.WeightsFolder = Weights((ShuffleNet, ShuffleNet + ".safetensors"), (ShuffleNet, SqueezeNet + ".safetensors"));

        var error = Assert.Throws<WeightsException>(() => Run(options));

        Assert.Contains(SqueezeNet + ".safetensors", error.Message, StringComparison.Ordinal);
        Assert.Empty(_reports);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void An_unknown_network_and_options_out_of_range_are_told_before_anything_is_written()
    {
        var options = Options("resnet19");
        Assert.Contains("resnet19", Assert.Throws<ArgumentException>(() => Run(options)).Message, StringComparison.Ordinal);

        options = Options(SqueezeNet, SqueezeNet);
        Assert.Contains("more than once", Assert.Throws<ArgumentException>(() => Run(options)).Message, StringComparison.Ordinal);

        options = Options(SqueezeNet);
        (options.Folds, options.Training.Lamb.Beta1) = (1, 2);
        var error = Assert.Throws<ArgumentException>(() => Run(options));
        Assert.Contains("Folds", error.Message, StringComparison.Ordinal);
        Assert.Contains("Beta1", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void The_report_is_a_function_of_the_predictions_file_alone()
    {
        var result = Run(Quick(SqueezeNet, ShuffleNet));
        var copy = new StudyLayout(_folder.Path);
        copy.WritePredictions(result.Predictions);
        var report = result.Report();

        var again = CrossValidationReport.From(
            copy.ReadPredictions(), report.Dataset, report.GroupBy, report.Seed, report.Classes, report.Positive, report.Rejected,
            report.Networks.ToDictionary(network => network.Name, network => network.Initialization));

        Assert.Equal(copy.WriteResults(report).ToJsonString(), copy.WriteResults(again).ToJsonString());
    }

    [Fact]
    public void Decoding_is_reported_in_order()
    {
        var decoding = _studies.Reports.OfType<StepProgress>().Where(step => step.Kind == StepKind.Decoding).ToList();
        Assert.Equal(Enumerable.Range(1, 14), decoding.Select(report => report.Done));
        Assert.All(decoding, report => Assert.Equal(14, report.Total));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder.Path, "data");

    private string Out => Path.Combine(_folder.Path, "out");

    private string RunOf(string network, int fold) => Path.Combine(Out, "runs", network, $"fold-{fold}");

    private StudyResult TakeFinished()
    {
        Copy(_studies.FinishedFolder, Out);
        return _studies.Finished;
    }

    /// <summary>A study that was stopped in the first epoch of its first fold.</summary>
    private void TakeStarted() => Copy(_studies.StartedFolder, Out);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static StudyOptions Options(params string[] networks)
    {
        var training = TrainerTests.Options(epochs: 2);
        training.BatchSize = 4;
        return new() { Networks = networks, Folds = 2, InputSize = PhantomCanvases.Size, Training = training };
    }

    /// <summary>For what doesn't depend on how a network is trained.</summary>
    private static StudyOptions Quick(params string[] networks)
    {
        var options = Options(networks);
        (options.Training.Train, options.Training.Epochs) = (NetworkPart.Head, 1);
        return options;
    }

    private StudyResult Run(StudyOptions options, string? folder = null, Action<StudyProgress>? watch = null, CancellationToken? token = null) =>
        Run(Data, options, folder ?? Out, report =>
        {
            _reports.Add(report);
            watch?.Invoke(report);
        }, token ?? Token);

    private static StudyResult Run(string data, StudyOptions options, string folder, Action<StudyProgress> watch, CancellationToken token)
    {
        using var study = StudyFolder.Open(folder, resume: true);
        return new CrossValidator(Factory, new SkiaImageDecoder()).Run(CtDataset.Open(data), options, study, new Watcher(watch), token);
    }

    /// <summary>Begins a study and stops it in its first fold, in an epoch's first step.</summary>
    private static void Stop(string data, StudyOptions options, string folder, int epoch)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Assert.Throws<OperationCanceledException>(() => Run(data, options, folder, report =>
        {
            if (report is Study.FoldProgress { Finished: null } training && training.Epoch == epoch)
            {
                stop.Cancel();
            }
        }, stop.Token));
    }

    private string Weights(params (string Network, string File)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "weights")).FullName;
        foreach (var (network, file) in files)
        {
            using var backbone = Factory.Create(network, 1000, seed: 3);
            BackboneWeights.Save(backbone, Path.Combine(folder, file));
        }

        return folder;
    }

    /// <summary>One data set, one study that was stopped and one that is finished, for all tests to copy.</summary>
    public sealed class Studies : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Studies()
        {
            Phantom.Write(Data, patients: 4);
            Stop(Data, Options(SqueezeNet), StartedFolder, epoch: 0);
            Finished = Run(Data, Options(SqueezeNet), FinishedFolder, Reports.Add, CancellationToken.None);
            Whole = new(() => Run(Data, Options(ShuffleNet), WholeFolder, _ => { }, CancellationToken.None));
        }

        public string Data => Path.Combine(_folder.Path, "data");

        public string StartedFolder => Path.Combine(_folder.Path, "started");

        public string FinishedFolder => Path.Combine(_folder.Path, "finished");

        public StudyResult Finished { get; }

        /// <summary>What <see cref="Finished"/> reported.</summary>
        public List<StudyProgress> Reports { get; } = [];

        public string WholeFolder => Path.Combine(_folder.Path, "whole");

        /// <summary>A finished study of another network.</summary>
        public Lazy<StudyResult> Whole { get; }

        public void Dispose() => _folder.Dispose();
    }

    private static IEnumerable<EpochRecord> History(StudyResult result) => result.Runs.SelectMany(run => run.History);

    private sealed class Watcher(Action<StudyProgress> report) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => report(value);
    }
}
