using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class PredictCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    private string Image => Directory.GetFiles(Path.Combine(study.Data, "images")).Order(StringComparer.Ordinal).First();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_run_answers_with_the_class_and_the_probability_of_the_positive_one()
    {
        var outcome = _place.RunProcess("predict", "--run", study.Run, Image).Exits(0);

        Assert.Empty(outcome.Errors);
        Assert.Matches(@"^.+: (non-)?COVID \(probability of COVID: 0\.\d{4}(, calibrated 0\.\d{4})?; 90 % set: \S+\)( NOTE: calibrated, .+)?\n$", outcome.Output);
    }

    [Fact]
    public void A_calibration_stands_beside_the_networks_own_probability_which_the_answer_goes_by()
    {
        var raw = new RunLayout(study.CopyTo(_place, fold: 0));
        raw.WriteCalibration(null);
        var before = _place.Run("predict", "--run", raw.Root, Image, "--json").Exits(0).Json;
        var probability = before["images"]![0]!["probability"]!.GetValue<double>();
        Assert.False(before["calibrated"]!.GetValue<bool>());
        Assert.Null(before["images"]![0]!["calibratedProbability"]);
        Assert.DoesNotContain("calibrated", _place.Run("predict", "--run", raw.Root, Image).Exits(0).Output, StringComparison.Ordinal);

        var calibration = new NetworkCalibration(probability >= 0.5 ? -9 : 9, 1, 20, 10);
        raw.WriteCalibration(calibration);
        var after = _place.Run("predict", "--run", raw.Root, Image, "--json").Exits(0).Json;
        var text = _place.Run("predict", "--run", raw.Root, Image).Exits(0).Output;

        Assert.True(after["calibrated"]!.GetValue<bool>());
        Assert.Equal(calibration.Apply(probability), after["images"]![0]!["calibratedProbability"]!.GetValue<double>());
        Assert.Equal(probability, after["images"]![0]!["probability"]!.GetValue<double>());
        Assert.Equal(before["images"]![0]!["label"]!.GetValue<string>(), after["images"]![0]!["label"]!.GetValue<string>());
        Assert.Contains(
            FormattableString.Invariant($"(probability of COVID: {probability:0.0000}, calibrated {calibration.Apply(probability):0.0000})"), text, StringComparison.Ordinal);
        Assert.Contains($" NOTE: calibrated, {(probability >= 0.5 ? "non-COVID" : "COVID")} is the likelier; the answer goes by the first", text, StringComparison.Ordinal);
        Assert.Equal(
            calibration.Apply(probability),
            _place.Run("explain", "--run", raw.Root, Image, "--json").Exits(0).Json["images"]![0]!["calibratedProbability"]!.GetValue<double>(), 1e-5);
        Assert.Contains(", calibrated ", _place.Run("explain", "--run", raw.Root, Image).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_names_the_classes_that_cannot_be_ruled_out_and_an_older_run_has_none()
    {
        var run = new RunLayout(study.CopyTo(_place, fold: 0));
        ConformalSets both = new(0.95, ClusterUnit.Patient, new(0, 30, 40), new(1, 30, 40)), neither = both with { Positive = new(1, 30, 40), Negative = new(0, 30, 40) };
        Assert.Equal(("COVID, non-COVID", "both"), Answered(both));
        Assert.Equal(("", "neither"), Answered(neither));
        Assert.Equal(("non-COVID", "non-COVID"), Answered(neither with { Negative = new(null, 3, 4) }));

        run.WriteCalibration(null);
        var older = _place.Run("predict", "--run", run.Root, Image, "--json").Exits(0).Json;
        Assert.Null(older["setLevel"]);
        Assert.Null(older["images"]![0]!["set"]);
        Assert.DoesNotContain("set:", _place.Run("predict", "--run", run.Root, Image).Exits(0).Output, StringComparison.Ordinal);

        (string Json, string Text) Answered(ConformalSets sets)
        {
            run.WriteCalibration(null, sets);
            var json = _place.Run("predict", "--run", run.Root, Image, "--json").Exits(0).Json;
            Assert.Equal(0.95, json["setLevel"]!.GetValue<double>());
            var text = _place.Run("predict", "--run", run.Root, Image).Exits(0).Output;
            var from = text.IndexOf("; 95 % set: ", StringComparison.Ordinal) + "; 95 % set: ".Length;
            return (string.Join(", ", json["images"]![0]!["set"]!.AsArray().Select(name => name!.GetValue<string>())), text[from..text.IndexOf(')', from)]);
        }
    }

    [Fact]
    public void What_is_assumed_of_a_file_of_16_bits_is_said()
    {
        var image = _place.Write("deep.png", TestImages.DeepPng(40, 30, [.. Enumerable.Range(0, 1200).Select(i => (ushort)(i * 3))]));
        var stated = _place.Write("stated.png", TestImages.DeepPng(40, 30, [.. Enumerable.Range(0, 1200).Select(i => (ushort)(i * 3))], stated: 12));

        var said = _place.Run("predict", "--run", study.Run, image, stated).Exits(0).Output.Split('\n');
        var answers = _place.Run("predict", "--run", study.Run, image, stated, "--json").Exits(0).Json["images"]!;

        Assert.Contains("NOTE: The file has samples of 16 bits and doesn't say how many of them are significant: 12 are taken", said[0], StringComparison.Ordinal);
        Assert.DoesNotContain("16 bits", said[1], StringComparison.Ordinal);
        Assert.Contains("12 are taken", answers[0]!["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(answers[1]!["note"]);
        Assert.Equal(answers[0]!["probability"]!.GetValue<double>(), answers[1]!["probability"]!.GetValue<double>());
    }

    [Fact]
    public void A_run_answers_its_test_images_as_it_did_in_the_study()
    {
        var predictions = new Records.RunLayout(study.Run).ReadPredictions();

        var answers = _place.Run(["predict", "--json", "--run", study.Run, .. predictions.Select(p => Path.Combine(study.Data, p.Path))]).Exits(0).Json;

        Assert.Equal("COVID", answers["positive"]!.GetValue<string>());
        foreach (var (prediction, answer) in predictions.Zip(answers["images"]!.AsArray()))
        {
            Assert.Equal(prediction.Probability, answer!["probability"]!.GetValue<double>(), 1e-5);
            Assert.Equal(prediction.Probability > 0.5 ? "COVID" : "non-COVID", answer["label"]!.GetValue<string>());
        }
    }

    [Fact]
    public void A_folder_above_runs_is_told_with_one_of_them() =>
        _place.Run("predict", "--run", study.Place.PathOf("out"), Image).Fails(3, study.Run);

    [Fact]
    public void The_folder_above_the_folds_answers_as_their_mean_and_so_does_their_file()
    {
        var folds = Path.GetFullPath(Path.Combine(study.Run, ".."));
        var each = ((string[])["fold-0", "fold-1"]).Select(fold => Probability(_place.Run("predict", "--run", Path.Combine(folds, fold), Image, "--json")));

        var together = _place.Run("predict", "--run", folds, Image, "--json").Exits(0);
        _place.Run("ensemble", "--run", folds, "--out", "all.safetensors").Exits(0);
        var saved = _place.Run("predict", "--run", "all.safetensors", Image, "--json").Exits(0);

        Assert.Equal(each.Average(), Probability(together), 1e-12);
        Assert.Equal(2, together.Json["networks"]!.GetValue<int>());
        Assert.Equal(together.Output, saved.Output);
        Assert.Contains("of 2 networks: ", _place.Run("predict", "--run", "all.safetensors", Image).Exits(0).Output, StringComparison.Ordinal);

        static double Probability(Workplace.Outcome outcome) => outcome.Exits(0).Json["images"]![0]!["probability"]!.GetValue<double>();
    }

    [Fact]
    public void A_list_of_images_ends_in_one_probability_a_patient()
    {
        var manifest = Path.Combine(study.Data, "manifest.csv");

        var json = _place.Run("predict", "--run", study.Run, manifest, "--json").Exits(0).Json;
        var text = _place.Run("predict", "--run", study.Run, manifest).Exits(0).Output;

        var images = json["images"]!.AsArray();
        var patients = json["patients"]!.AsArray();
        Assert.Equal(images.Select(image => image!["patient"]!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal), patients.Select(patient => patient!["patient"]!.GetValue<string>()));
        Assert.All(patients, patient =>
        {
            var own = images.Where(image => image!["patient"]!.GetValue<string>() == patient!["patient"]!.GetValue<string>()).ToList();
            Assert.Equal(own.Count, patient!["images"]!.GetValue<int>());
            Assert.Equal(own.Average(image => image!["probability"]!.GetValue<double>()), patient["probability"]!.GetValue<double>(), 1e-12);
        });
        Assert.Matches(@"\npatient p001: (non-)?COVID \(probability of COVID: 0\.\d{4}, the mean over 2 images", text);
    }

    [Fact]
    public void Lists_that_can_t_be_used_are_told()
    {
        _place.Write("empty.csv", "path,patient\n");
        _place.Write("gone.csv", "path,patient\ngone.png,p\n");

        _place.Run("predict", "--run", study.Run, "empty.csv", "--json").Fails(3, "empty.csv lists no image");
        _place.Run("predict", "--run", study.Run, "gone.csv", Image, "--json").Fails(2, "give it alone");
        var gone = _place.Run("predict", "--run", study.Run, "gone.csv", "--json").Exits(3).Json;
        Assert.Contains("no such file", gone["images"]![0]!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(gone["patients"]!.AsArray());
    }

    [Fact]
    public void How_far_an_image_is_from_the_training_images_is_told_and_noted_where_it_is_too_far()
    {
        var near = _place.Run("predict", "--run", study.Run, Image, "--json").Exits(0).Json["images"]![0]!["trainingDistance"]!;
        var blank = _place.Write("blank.png", Png.Gray(320, 240));
        var far = _place.Run("predict", "--run", study.Run, blank, "--json").Exits(0).Json["images"]![0]!["trainingDistance"]!;

        Assert.False(near["isUnlike"]!.GetValue<bool>());
        Assert.Equal(far["distance"]!.GetValue<double>() > far["threshold"]!.GetValue<double>(), far["isUnlike"]!.GetValue<bool>());
        Assert.Equal(far["isUnlike"]!.GetValue<bool>(), _place.Run("predict", "--run", study.Run, blank).Exits(0).Output.Contains("NOTE: unlike the training images", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_weights_answer_with_class_numbers()
    {
        using (var backbone = new Models.BackboneFactory().Create("squeezenet1_1", 1000))
        {
            Models.Weights.BackboneWeights.Save(backbone, _place.PathOf("w.safetensors"));
        }

        var plain = _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "w.safetensors", Image).Exits(0);
        Assert.Matches(@"^.+: class \d+ 0\.\d{4}(, class \d+ 0\.\d{4}){4}\n$", plain.Output);

        var image = _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "w.safetensors", Image, "--json").Exits(0).Json["images"]![0]!;
        Assert.Equal(5, image["top"]!.AsArray().Count);
        Assert.Equal(image["label"]!.GetValue<string>(), image["top"]![0]!["class"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("text", "w.safetensors")]
    [InlineData("", "w.safetensors")]
    public void Weights_that_are_none_are_told(string content, string word)
    {
        _place.Write("w.safetensors", content);
        _place.Run("predict", "--backbone", "squeezenet1_1", "--weights", "w.safetensors", Image, "--json").Fails(3, word);
    }

    [Fact]
    public void Weights_of_another_network_are_told() => _place.Run(
        "predict", "--backbone", "resnet18", "--weights", Path.Combine(study.Run, "network.safetensors"), Image, "--json").Fails(3, "network.safetensors", "resnet18, but of squeezenet1_1 with 2 classes");

    [Fact]
    public void A_damaged_run_is_told()
    {
        var network = File.ReadAllBytes(Path.Combine(study.Run, "network.safetensors"));
        _place.Write("run/network.safetensors", network[..^100]);
        _place.Run("predict", "--run", "run", Image, "--json").Fails(3, "network.safetensors");
    }
}
