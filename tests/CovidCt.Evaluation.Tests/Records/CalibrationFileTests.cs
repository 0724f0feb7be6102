using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class CalibrationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunLayout Run => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read_back_to_the_bit() => Gen.Select(Gen.Double[-40, 40], Gen.Double[1e-9, 1e9], Gen.Int[2, 900]).Sample((intercept, slope, images) =>
    {
        var calibration = new NetworkCalibration(intercept, slope, images, images / 2);

        Run.WriteCalibration(calibration);

        Assert.Equal(calibration, Run.ReadCalibration());
    }, iter: 50, threads: 1);

    [Fact]
    public void The_file_has_room_beside_the_probabilitys()
    {
        Run.WriteCalibration(new(0.25, 0.5, 596, 279));

        Assert.Equal(
            "{\n  \"probability\": {\n    \"images\": 596,\n    \"positives\": 279,\n    \"intercept\": 0.25,\n    \"slope\": 0.5\n  }\n}\n",
            File.ReadAllText(_folder["calibration.json"]));
    }

    [Fact]
    public void Sets_stand_beside_it_or_alone()
    {
        var sets = new ConformalSets(0.9, ClusterUnit.Source, new(0.3, 12, 30), new(null, 8, 8));
        Run.WriteCalibration(new(0, 1, 2, 1), sets);
        Assert.Equal((new NetworkCalibration(0, 1, 2, 1), sets), (Run.ReadCalibration(), Run.ReadSets()));

        Run.WriteCalibration(null, sets);
        Assert.Equal(
            """
            {
              "sets": {
                "unit": "source",
                "positive": {
                  "clusters": 12,
                  "images": 30,
                  "probability": 0.3
                },
                "negative": {
                  "clusters": 8,
                  "images": 8,
                  "probability": null
                },
                "level": 0.9
              }
            }

            """,
            File.ReadAllText(_folder["calibration.json"]), ignoreLineEndingDifferences: true);
        Assert.Equal((null, sets), (Run.ReadCalibration(), Run.ReadSets()));
    }

    [Fact]
    public void Without_a_calibration_there_is_no_file()
    {
        Assert.Null(Run.ReadCalibration());
        Run.WriteCalibration(new(0, 1, 2, 1));
        Run.WriteCalibration(null);
        Assert.Null(Run.ReadCalibration());
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"probability\": null}")]
    [InlineData("{\"probability\": {\"intercept\": 0, \"slope\": 1}}")]
    [InlineData("{\"probability\": {\"intercept\": 0, \"slope\": 0, \"images\": 2, \"positives\": 1}}")]
    [InlineData("{\"probability\": {\"intercept\": 0, \"slope\": -1, \"images\": 2, \"positives\": 1}}")]
    [InlineData("{\"probability\": {\"intercept\": 1e999, \"slope\": 1, \"images\": 2, \"positives\": 1}}")]
    [InlineData("{\"sets\": {}}")]
    [InlineData("{\"sets\": {\"level\": 1, \"unit\": \"patient\", \"positive\": {\"probability\": 0.5, \"clusters\": 9, \"images\": 9}, \"negative\": {\"probability\": 0.5, \"clusters\": 9, \"images\": 9}}}")]
    [InlineData("{\"sets\": {\"level\": 0.9, \"unit\": \"patient\", \"positive\": {\"probability\": 1.5, \"clusters\": 9, \"images\": 9}, \"negative\": {\"probability\": 0.5, \"clusters\": 9, \"images\": 9}}}")]
    public void A_damaged_file_is_named(string content)
    {
        File.WriteAllText(_folder["calibration.json"], content);

        Assert.Contains($"{Run.Calibration} is no calibration of a network", Assert.Throws<InvalidDataException>(() => Run.ReadCalibration()).Message, StringComparison.Ordinal);
    }
}
