using CovidCt.Records;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class EnsembleCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    private string Folds => Path.GetFullPath(Path.Combine(study.Run, ".."));

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_folds_become_one_file_which_explain_takes_too()
    {
        var image = Directory.GetFiles(Path.Combine(study.Data, "images")).Order(StringComparer.Ordinal).First();

        var outcome = _place.Run("ensemble", "--run", Folds, "--out", "new/all.safetensors", "--json").Exits(0).Json;

        Assert.Equal((FinishedStudy.Network, 2, true), (outcome["network"]!.GetValue<string>(), outcome["networks"]!.GetValue<int>(), outcome["tellsUnlike"]!.GetValue<bool>()));
        Assert.Equal((2, 1, false), (outcome["folds"]!.GetValue<int>(), outcome["seeds"]!.GetValue<int>(), outcome["calibratedAsOne"]!.GetValue<bool>()));
        Assert.Equal(_place.PathOf("new/all.safetensors"), outcome["path"]!.GetValue<string>());
        Assert.Equal(new FileInfo(_place.PathOf("new/all.safetensors")).Length, outcome["bytes"]!.GetValue<long>());
        var saved = _place.Run("explain", "--run", "new/all.safetensors", image, "--out", "maps", "--json").Exits(0).Json["images"]![0]!;
        var folder = _place.Run("explain", "--run", Folds, image, "--out", "others", "--json").Exits(0).Json["images"]![0]!;
        Assert.Equal(folder["probability"]!.GetValue<double>(), saved["probability"]!.GetValue<double>());
        Assert.Equal(File.ReadAllBytes(folder["picture"]!.GetValue<string>()), File.ReadAllBytes(saved["picture"]!.GetValue<string>()));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Whether_it_is_calibrated_is_told()
    {
        var folds = Path.GetDirectoryName(study.CopyTo(_place, fold: 0))!;
        RunLayout[] runs = [.. ((string[])["fold-0", "fold-1"]).Select(fold => new RunLayout(Path.Combine(folds, fold)))];
        Array.ForEach(runs, run => run.WriteCalibration(null));
        Assert.False(_place.Run("ensemble", "--run", folds, "--out", "raw.safetensors", "--json").Exits(0).Json["calibrated"]!.GetValue<bool>());
        Assert.Contains(
            "without calibrated probabilities, since not every fold has its calibration in calibration.json",
            _place.Run("ensemble", "--run", folds, "--out", "raw.safetensors").Exits(0).Output, StringComparison.Ordinal);

        Array.ForEach(runs, run => run.WriteCalibration(new(0.5, 2, 20, 10)));
        Assert.True(_place.Run("ensemble", "--run", folds, "--out", "all.safetensors", "--json").Exits(0).Json["calibrated"]!.GetValue<bool>());
        Assert.Contains(
            "its calibrated probability is the mean of theirs",
            _place.Run("ensemble", "--run", folds, "--out", "all.safetensors").Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        _place.Run("ensemble", "--out", "a.safetensors", "--json").Fails(2, "--run DIR");
        _place.Run("ensemble", "--run", Folds, "--json").Fails(2, "--out FILE");
        _place.Run("ensemble", "--run", Folds, "--out", ".", "--json").Fails(2, "is a folder");
        _place.Run("ensemble", "--run", "nowhere", "--out", "a.safetensors", "--json").Fails(3, "nowhere");
        _place.Run("ensemble", "--run", study.Run, "--out", "a.safetensors", "--json").Fails(3, $"Give the folder above it, {Folds}");
        _place.Run("ensemble", "--run", study.Place.PathOf("out"), "--out", "a.safetensors", "--json").Fails(3, "several");
        _place.Write("half/fold-0/network.safetensors", "text");
        _place.Run("ensemble", "--run", "half", "--out", "a.safetensors", "--json").Fails(6, "fold 0 is not finished");
        _place.Run("ensemble", "--run", Folds, "--out", "a.safetensors", "--seeds", "2", "--json").Fails(6, Path.Combine("seeds", "1"), "--seeds");
        _place.Run("ensemble", "--run", Folds, "--out", "a.safetensors", "--seeds", "0", "--json").Fails(2, "--seeds is '0'");
        _place.Run("explain", "--run", Folds, "--json").Fails(3, "holds several");
        Assert.DoesNotContain("a.safetensors", _place.Entries());
    }
}
