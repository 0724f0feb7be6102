using CovidCt.Recipes;
using CovidCt.Training;
using CsCheck;

namespace CovidCt.Core.Tests.Training;

public class RowSamplerTests
{
    private static readonly Gen<(int?[] Patients, long Seed, int Epoch)> Cases =
        Gen.Select(Gen.Int[0, 5].Nullable().Array[1, 40], Gen.Long, Gen.Int[0, 20]);

    [Fact]
    public void By_image_an_epoch_shows_every_row_once() => Cases.Sample(one =>
    {
        var rows = Enumerable.Range(0, one.Patients.Length).ToArray();
        var epoch = new RowSampler(RowSampling.Image, rows, Names(one.Patients), one.Seed).Epoch(one.Epoch);
        return epoch.Order().SequenceEqual(rows);
    });

    [Fact]
    public void By_patient_an_epoch_shows_one_row_of_each_patient_and_each_row_whose_patient_is_unknown() => Cases.Sample(one =>
    {
        var rows = Enumerable.Range(0, one.Patients.Length).ToArray();
        var epoch = new RowSampler(RowSampling.Patient, rows, Names(one.Patients), one.Seed).Epoch(one.Epoch);
        var shown = epoch.Select(row => one.Patients[row]).ToList();
        return epoch.Distinct().Count() == epoch.Length
            && shown.Count(patient => patient is null) == one.Patients.Count(patient => patient is null)
            && shown.OfType<int>().Order().SequenceEqual(one.Patients.OfType<int>().Distinct().Order());
    });

    [Fact]
    public void By_patient_every_image_has_its_turn_as_often_as_the_others_of_its_patient()
    {
        string?[] patients = ["a", "a", "a", "a", "b"];
        var sampler = new RowSampler(RowSampling.Patient, [0, 1, 2, 3, 4], patients, seed: 3);
        var shown = Enumerable.Range(0, 4000).SelectMany(sampler.Epoch).CountBy(row => row).ToDictionary();
        Assert.Equal(4000, shown[4]);
        Assert.All([0, 1, 2, 3], row => Assert.InRange(shown[row], 880, 1120)); // 1000 ± four standard deviations.
    }

    [Fact]
    public void Where_nobody_knows_patients_each_row_is_one() =>
        Assert.Equal([1, 4, 6], new RowSampler(RowSampling.Patient, [4, 1, 6], null, seed: 1).Epoch(0).Order());

    private static string?[] Names(int?[] patients) => Array.ConvertAll(patients, patient => patient is { } number ? $"p{number}" : null);
}
