using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class StudyCalibrationsTests(FinishedStudy study) : IDisposable
{
    private const int Folds = 3;

    private readonly TemporaryFolder _folder = new();

    private StudyResult Result => study.Result with
    {
        Layout = new(_folder.Path),
        Runs = [.. Enumerable.Range(0, Folds).Select(fold => new RunResult(FinishedStudy.Network, fold, NetworkResult.Random, [], Answers(fold, flawless: false)))],
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_networks_calibration_is_the_one_of_the_other_folds_its_sets_are_its_own_folds_and_there_is_one_file()
    {
        var result = Result;

        StudyCalibrations.Write(result);

        var expected = NetworkCalibration.CrossFitted(result.Predictions, "COVID");
        var sets = ConformalSets.OfFolds(result.Predictions, "COVID");
        Assert.All(Enumerable.Range(0, Folds), fold =>
        {
            Assert.NotNull(expected[fold]);
            Assert.Equal(expected[fold], Run(fold).ReadCalibration());
            Assert.Equal(sets[fold], Run(fold).ReadSets());
            Assert.Equal((10, 0.9), (sets[fold].Positive.Clusters, sets[fold].Level));
            Assert.Equal([Run(fold).Calibration], Directory.GetFiles(Run(fold).Root));
        });
    }

    [Fact]
    public void What_is_there_is_not_touched_and_what_is_damaged_or_of_other_answers_is_written_anew()
    {
        StudyCalibrations.Write(Result);
        byte[][] before = [.. Enumerable.Range(0, Folds).Select(fold => File.ReadAllBytes(Run(fold).Calibration))];
        var written = new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Run(0).Calibration, written);
        File.WriteAllText(Run(1).Calibration, "{");
        Run(2).WriteCalibration(new(0, 1, 2, 1));

        StudyCalibrations.Write(Result);

        Assert.Equal(before, Enumerable.Range(0, Folds).Select(fold => File.ReadAllBytes(Run(fold).Calibration)));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Run(0).Calibration));
    }

    [Fact]
    public void Where_the_other_folds_ask_for_no_calibration_or_there_are_none_sets_stand_alone()
    {
        StudyCalibrations.Write(Result);
        var result = Result;

        StudyCalibrations.Write(result with { Runs = [.. result.Runs.Select(run => run.Fold == 0 ? run : run with { Predictions = Answers(run.Fold, flawless: true) })] });
        Assert.Equal([false, true, true], Enumerable.Range(0, Folds).Select(fold => Run(fold).ReadCalibration() is not null));
        Assert.All(Enumerable.Range(0, Folds), fold => Assert.NotNull(Run(fold).ReadSets()));

        StudyCalibrations.Write(result with { Runs = [result.Runs[1]] });
        Assert.Null(Run(1).ReadCalibration());
        Assert.Equal(ConformalSets.OfFolds(result.Runs[1].Predictions, "COVID")[1], Run(1).ReadSets());
    }

    [Fact]
    public void A_study_that_is_asked_for_another_level_gets_its_sets_anew_and_no_other_calibration()
    {
        var result = Result;
        StudyCalibrations.Write(result);
        var calibration = Run(0).ReadCalibration();
        var options = result.Options.Clone();
        options.SetLevel = 0.8;

        StudyCalibrations.Write(result with { Options = options });

        Assert.Equal((0.8, calibration), (Run(0).ReadSets()!.Level, Run(0).ReadCalibration()));
    }

    private RunLayout Run(int fold) => new StudyLayout(_folder.Path).Run(FinishedStudy.Network, fold);

    /// <summary>Ten images of each class, of which one of each is put into the other, unless it is flawless.</summary>
    private static List<Prediction> Answers(int fold, bool flawless) =>
    [
        .. Enumerable.Range(0, 20).Select(i => new Prediction(
            $"images/{fold}-{i}.png", i % 2 == 0 ? "COVID" : "non-COVID", $"p{fold}-{i / 2}", FinishedStudy.Network, fold,
            0.5 + ((i % 2 == 0 ? 1 : -1) * (i < 2 && !flawless ? -0.2 : 0.02 * (i + fold + 1))))),
    ];
}
