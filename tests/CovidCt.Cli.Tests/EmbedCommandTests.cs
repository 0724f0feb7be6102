namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class EmbedCommandTests(FinishedStudy study) : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_run_is_embedded_where_it_lies()
    {
        var images = File.ReadAllLines(Path.Combine(study.Data, "manifest.csv")).Length - 1;

        var outcome = _place.Run("embed", "--run", study.CopyTo(_place, fold: 0), "--perplexity", "2", "--seed", "7", "--device", "cpu", "--json").Exits(0);

        Assert.Equal(images, outcome.Json["images"]!.GetValue<int>());
        Assert.InRange(outcome.Json["trustworthiness"]!.GetValue<double>(), 0, 1);
        Assert.Equal(images + 1, File.ReadAllLines(outcome.Json["path"]!.GetValue<string>()).Length);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        _place.Run("embed", "--json").Fails(2, "--run DIR");
        _place.Run("embed", "--run", "nowhere", "--json").Fails(3, "nowhere");
        _place.Run("embed", "--run", study.Run, "--perplexity", "5000", "--json").Fails(2, "perplexity");
        _place.Run("embed", "--run", study.Run, "--perplexity", "x", "--json").Fails(2, "--perplexity is 'x'");
        _place.Run("embed", "--run", study.Run, "--device", "tpu", "--json").Fails(2, "--device is 'tpu'");
        _place.Run("embed", "--run", study.Run, "--data", "nowhere", "--json").Fails(3, "nowhere");
    }
}
