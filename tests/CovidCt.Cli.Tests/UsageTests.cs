namespace CovidCt.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_process_ends_with_the_exit_code_and_writes_to_standard_output_and_error()
    {
        var help = _place.RunProcess("--help").Exits(0);
        Assert.Contains("covidct [command] [options]", help.Output, StringComparison.Ordinal);
        Assert.Empty(help.Errors);

        var plain = _place.RunProcess("frobnicate");
        plain.Fails(2, "'frobnicate'");
        Assert.Empty(plain.Output);

        var json = _place.RunProcess("reproduce", "--folds", "1", "--json");
        json.Fails(2, "--folds is '1'");
        Assert.Single(json.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, json.Json["error"]!["code"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("--help", "reproduce", "report", "predict", "ensemble", "explain", "embed", "models", "weights", "doctor")]
    [InlineData("explain --help", "--run", "IMAGE", "--method", "--class", "--out", "--json")]
    [InlineData("embed --help", "--run", "--data", "--perplexity", "--seed", "--device", "--json")]
    [InlineData("weights --help", "list", "fetch", "inspect", "convert")]
    [InlineData("weights inspect --help", "FILE", "--backbone", "--entries", "--json")]
    [InlineData("weights convert --help", "IN", "OUT", "--overwrite", "--json")]
    [InlineData("reproduce --help", "--data", "--backbones", "--weights", "--folds", "--epochs", "--batch-size", "--learning-rate", "--group-by", "--train", "--input", "--max-images", "--seed", "--seeds", "--set-level", "--device", "--precision", "--deterministic", "--out", "--tensorboard", "--resume", "--json")]
    [InlineData("report --help", "--runs", "--out", "--json")]
    [InlineData("ensemble --help", "--run", "--out", "--json")]
    [InlineData("predict --help", "--run", "--backbone", "--weights", "IMAGE", "--json")]
    public void Help_names_everything(string arguments, params string[] words)
    {
        var outcome = _place.Run(Split(arguments)).Exits(0);

        Assert.Empty(outcome.Errors);
        Assert.All(words, word => Assert.Contains(word, outcome.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reproduce --json --help")]
    [InlineData("--version --json")]
    public void Help_is_a_document_too_where_one_is_asked_for(string arguments) => _ = _place.Run(Split(arguments)).Json;

    [Theory]
    [InlineData("frobnicate", "'frobnicate'", "reproduce, search, prepare, train, finish, status, audit, controls, evaluate, test, report, predict, ensemble, export, explain, embed, serve, models, weights, doctor, completion")]
    [InlineData("--frobnicate", "'--frobnicate'")]
    [InlineData("reproduce --frobnicate", "'--frobnicate'", "covidct reproduce --help")]
    [InlineData("reproduce stray", "'stray'")]
    [InlineData("reproduce --backbones resnet19", "'resnet19'", "squeezenet1_1", "densenet201", "xception")]
    [InlineData("reproduce --backbones ,", "--backbones is empty")]
    [InlineData("reproduce --set-level 1", "--set-level is '1'", "to 0.999")]
    [InlineData("reproduce --seeds 0", "--seeds is '0'", "from 1")]
    [InlineData("reproduce --seeds 101", "--seeds is '101'", "to 100")]
    [InlineData("reproduce --folds 1", "--folds is '1'", "from 2")]
    [InlineData("reproduce --folds x", "--folds is 'x'", "whole number")]
    [InlineData("reproduce --folds 2.5", "--folds is '2.5'", "whole number")]
    [InlineData("reproduce --folds 99999999999", "--folds is '99999999999'")]
    [InlineData("reproduce --folds", "--folds")]
    [InlineData("reproduce --epochs 0", "--epochs is '0'", "from 1")]
    [InlineData("reproduce --batch-size -1", "--batch-size is '-1'", "from 1")]
    [InlineData("reproduce --max-images 1", "--max-images is '1'", "from 2")]
    [InlineData("reproduce --seed -1", "--seed is '-1'", "from 0")]
    [InlineData("reproduce --learning-rate fast", "--learning-rate is 'fast'", "number")]
    [InlineData("reproduce --learning-rate -1e-3", "--learning-rate is '-1e-3'", "from 0")]
    [InlineData("reproduce --learning-rate nan", "--learning-rate is 'nan'")]
    [InlineData("reproduce --learning-rate inf", "--learning-rate is 'inf'")]
    [InlineData("reproduce --group-by slice", "--group-by slice is neither", "image, patient")]
    [InlineData("reproduce --train none", "--train is 'none'", "all, head")]
    [InlineData("reproduce --input square", "--input is 'square'", "canvas, stretch")]
    [InlineData("reproduce --augmentation more", "--augmentation is 'more'", "paper, authors")]
    [InlineData("reproduce --precision half", "--precision is 'half'", "auto, float32, bfloat16")]
    [InlineData("reproduce --device tpu", "--device is 'tpu'", "auto, cpu, cuda")]
    [InlineData("reproduce --folds 2 --folds 3", "--folds")]
    [InlineData("reproduce --weights nowhere", "nowhere", "--weights")]
    [InlineData("report", "--runs")]
    [InlineData("report --runs . --frobnicate", "'--frobnicate'", "covidct report --help")]
    [InlineData("predict", "predict")]
    [InlineData("predict image.png", "--run", "--backbone")]
    [InlineData("predict --backbone squeezenet1_1 image.png", "--weights")]
    [InlineData("predict --run . --backbone resnet18 --weights w image.png", "either")]
    [InlineData("serve", "--run PATH")]
    [InlineData("serve --run nowhere", "nowhere isn't there")]
    [InlineData("serve --run . --run .", "each has a name")]
    [InlineData("serve --run a=. --run a=.", "the same name")]
    [InlineData("serve --run health=.", "health is the service's own")]
    [InlineData("serve --run . --queue 0", "--queue is '0'", "from 1")]
    [InlineData("serve --run . --urls here", "--urls here is no address")]
    [InlineData("serve --run . --urls https://localhost", "is not http")]
    [InlineData("weights", "list, fetch, inspect, convert", "covidct weights --help")]
    [InlineData("weights frobnicate", "'frobnicate'", "list, fetch, inspect, convert")]
    [InlineData("weights fetch", "covidct weights fetch --help")]
    [InlineData("weights convert only-one", "covidct weights convert --help")]
    [InlineData("models stray", "'stray'")]
    [InlineData("doctor --frobnicate", "'--frobnicate'")]
    public void Wrong_usage_is_told_in_one_line_and_leaves_nothing_behind(string arguments, params string[] words)
    {
        Refuses(2, arguments, words);
    }

    [Theory]
    [InlineData("report --runs nowhere", "nowhere", "isn't there")]
    [InlineData("report --runs .", "is no study's folder", "study.json")]
    [InlineData("predict --run nowhere image.png", "nowhere")]
    [InlineData("predict --run . image.png", "no finished run")]
    [InlineData("predict --backbone resnet19 --weights w.safetensors image.png", "w.safetensors")]
    public void A_folder_or_file_that_cannot_be_used_is_unusable_input_and_no_wrong_usage(string arguments, params string[] words) =>
        Refuses(3, arguments, words);

    [Fact]
    public void A_json_option_behind_the_last_option_is_a_file() =>
        Assert.Empty(_place.Run("predict", "--run", "nowhere", "--", "--json").Exits(3).Output);

    [Fact]
    public void An_image_whose_name_begins_with_an_at_sign_is_no_list_of_arguments() =>
        _place.Run("predict", "--run", "nowhere", "@image.png").Fails(3, "nowhere");

    [Fact]
    public void An_output_folder_that_is_not_empty_is_refused_without_resume()
    {
        _place.WritePhantom();
        _place.Write("out/precious.txt", "mine");

        _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--out", "out", "--json").Fails(2, "out is not empty", "--resume");

        Assert.Equal(["out", "out/precious.txt"], _place.Entries("data"));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/out")]
    public void An_output_folder_that_cannot_be_made_is_refused(string output)
    {
        _place.WritePhantom();
        _place.Write("file", "in its place");

        _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--out", output).Fails(2, output, "Choose another --out");
        _place.Run("reproduce", "--data", "data", "--backbones", "squeezenet1_1", "--out", output, "--resume", "--json").Fails(2, output);

        Assert.Equal(["file"], _place.Entries("data"));
    }

    [Theory]
    [InlineData("reproduce", "--out", "")]
    [InlineData("reproduce", "--data", "")]
    [InlineData("reproduce", "--weights", " ")]
    [InlineData("reproduce", "--backbones", "")]
    [InlineData("predict", "--run", "")]
    [InlineData("predict", "--weights", "")]
    [InlineData("predict", "--backbone", "")]
    public void A_path_or_a_name_that_is_empty_is_refused(string command, string option, string value) =>
        _place.Run(command, option, value, "--json").Fails(2, $"{option} is empty");

    [Fact]
    [Trait("Category", "Long")]
    public void A_folder_that_another_process_works_in_is_refused()
    {
        using var other = new Workplace();
        using var held = Studies.StudyFolder.Open(other.PathOf("out"), resume: false);
        _place.RunProcess("reproduce", "--data", _place.WritePhantom(), "--backbones", "squeezenet1_1", "--out", held.FullPath, "--resume")
            .Fails(2, $"Another process works in the output folder {held.FullPath}");
    }

    [Fact]
    public void A_card_that_is_not_there_is_told()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidia0"), "There is one.");
        _place.Run("reproduce", "--backbones", "squeezenet1_1", "--device", "cuda").Fails(2, "CUDA", "cpu");
        Assert.Empty(_place.Entries());
    }

    [Fact]
    public void Weights_of_another_network_are_told_before_anything_is_written()
    {
        using (var backbone = new Models.BackboneFactory().Create("shufflenet_v2_x1_0", 1000))
        {
            Directory.CreateDirectory(_place.PathOf("weights"));
            Models.Weights.BackboneWeights.Save(backbone, _place.PathOf("weights/squeezenet1_1.safetensors"));
        }

        var outcome = _place.Run("reproduce", "--backbones", "squeezenet1_1", "--weights", "weights", "--json");

        outcome.Fails(3, "squeezenet1_1.safetensors", "not weights of squeezenet1_1 with 2 classes, but of shufflenet_v2_x1_0 with 1000 classes", "missing", "unexpected");
        Assert.Empty(_place.Entries("weights"));
    }

    private void Refuses(int exitCode, string arguments, string[] words)
    {
        _place.Run([.. Split(arguments), "--json"]).Fails(exitCode, words);
        Assert.Empty(_place.Entries());
    }

    private static string[] Split(string arguments) => arguments.Split(' ');
}
