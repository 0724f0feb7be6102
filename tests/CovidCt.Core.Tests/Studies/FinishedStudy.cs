using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

/// <summary>A small study that was run once to its end, for the tests of what is done with finished runs.</summary>
public sealed class FinishedStudy : IDisposable
{
    public const string Network = "shufflenet_v2_x1_0";

    private readonly TemporaryFolder _folder = new();

    public FinishedStudy()
    {
        Phantom.Write(Data, patients: 8);
        var options = new Recipes.StudyOptions
        {
            Networks = [Network],
            Folds = 2,
            InputSize = Training.PhantomCanvases.Size,
            Training = Training.TrainerTests.Options(epochs: 1),
        };
        using var study = StudyFolder.Open(Folder, resume: false);
        Result = new CrossValidator(new BackboneFactory(), new SkiaImageDecoder()).Run(CtDataset.Open(Data), options, study);
    }

    public string Data => Path.Combine(_folder.Path, "data");

    public string Folder => Path.Combine(_folder.Path, "study");

    public StudyResult Result { get; }

    public FinishedRun Run(int fold) => FinishedRun.Open(Path.Combine(Folder, "runs", Network, $"fold-{fold}"));

    public void Dispose() => _folder.Dispose();
}

[CollectionDefinition(Name)]
public sealed class OneFinishedStudy : ICollectionFixture<FinishedStudy>
{
    public const string Name = "a finished study";
}
