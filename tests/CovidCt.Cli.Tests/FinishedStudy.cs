namespace CovidCt.Cli.Tests;

/// <summary>A small study that was run once to its end, for tests that look at what it left.</summary>
public sealed class FinishedStudy : IDisposable
{
    public const string Network = "squeezenet1_1";

    public FinishedStudy()
    {
        Data = Place.WritePhantom(imagesOfEach: 2);
        Outcome = Place.Run(Arguments("out")).Exits(0);
    }

    public Workplace Place { get; } = new();

    public string Data { get; }

    public Workplace.Outcome Outcome { get; }

    /// <summary>A run folder of the study.</summary>
    public string Run => Place.PathOf($"out/runs/{Network}/fold-0");

    public string[] Arguments(string output) =>
        ["reproduce", "--data", Data, "--backbones", Network, "--folds", "2", "--epochs", "2", "--batch-size", "4", "--group-by", "patient", "--controls", "none", "--threads", "1", "--out", output];

    /// <summary>Copies the study, for a test that writes into it; gives the run folder of a fold there.</summary>
    public string CopyTo(Workplace place, int fold)
    {
        foreach (var file in Directory.EnumerateFiles(Place.PathOf("out"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(place.PathOf("copy"), Path.GetRelativePath(Place.PathOf("out"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return place.PathOf($"copy/runs/{Network}/fold-{fold}");
    }

    public void Dispose() => Place.Dispose();
}

[CollectionDefinition(Name)]
public sealed class OneFinishedStudy : ICollectionFixture<FinishedStudy>
{
    public const string Name = "a finished study";
}
