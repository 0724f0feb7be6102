using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Recipes;
using CsCheck;

namespace CovidCt.Core.Tests.Controls;

public sealed class RandomLabelsTests
{
    private static readonly Gen<CtDataset> DataSets = Gen.Select(Gen.Int[0, 12].Array[1, 60], Gen.Bool).Select((patients, known) => new CtDataset(
        "made", "/", ["a", "b"], 1, [.. patients.Select((patient, i) => new CtSample($"{i:000}.png", patient % 2, known ? $"p{patient}" : null, null))], []));

    [Fact]
    public void A_patient_has_one_label_and_the_classes_keep_their_numbers_of_patients() => Gen.Select(DataSets, Gen.Long).Sample((dataset, seed) =>
    {
        var random = RandomLabels.Of(dataset, seed);
        Assert.Equal(dataset.Samples.Select(sample => sample.Path), random.Samples.Select(sample => sample.Path));
        Assert.Equal(Patients(dataset), Patients(random));
        Assert.Equal(random.Samples, RandomLabels.Of(dataset, seed).Samples);

        static IEnumerable<int> Patients(CtDataset dataset) => dataset.Samples.GroupBy(sample => sample.Patient ?? sample.Path)
            .Select(patient => Assert.Single(patient.Select(sample => sample.Label).Distinct())).Order();
    });

    [Fact]
    public void A_source_has_one_label_however_many_patients_it_has() => Gen.Select(DataSets, Gen.Long).Sample((dataset, seed) =>
    {
        var known = dataset with { Samples = [.. dataset.Samples.Select((sample, i) => sample with { Source = $"s{sample.Label}-{i % 5}" })] };
        var random = RandomLabels.For(known, ControlKind.SourceLabels, seed);

        Assert.Equal(Sources(known), Sources(random));
        Assert.Equal(known.Samples, random.Samples.Select((sample, row) => sample with { Label = known.Samples[row].Label }));
        Assert.Same(known, RandomLabels.For(known, ControlKind.BackgroundOnly, seed));
        Assert.Equal(RandomLabels.Of(known, seed).Samples, RandomLabels.For(known, ControlKind.RandomLabels, seed).Samples);

        // Sources that share a patient are one group.
        IEnumerable<int> Sources(CtDataset labelled) => labelled.Samples.Zip(known.GroupsOf(GroupBy.Source)).GroupBy(pair => pair.Second)
            .Select(source => Assert.Single(source.Select(pair => pair.First.Label).Distinct())).Order();
    });

    [Fact]
    public void Sources_are_dealt_where_each_class_has_one_for_every_fold()
    {
        var dataset = new CtDataset("made", "/", ["a", "b"], 1,
            [.. Enumerable.Range(0, 40).Select(i => new CtSample($"{i:000}.png", i % 2, $"p{i}", null) { Source = $"s{i % 2}-{i / 2 % 4}" })], []);

        Assert.Equal((true, false), (RandomLabels.CanDealBySource(dataset, 4), RandomLabels.CanDealBySource(dataset, 5)));
        Assert.False(RandomLabels.CanDealBySource(dataset with { Samples = [.. dataset.Samples.Select(sample => sample with { Source = null })] }, 2));
    }

    [Fact]
    public void Halves_are_halves_of_whole_groups() => Gen.Select(Gen.Int[0, 12].Array[1, 60], Gen.Long).Sample((groups, seed) =>
    {
        string[] names = [.. groups.Select(group => $"g{group}")];
        var labels = RandomLabels.Halves(names, seed);

        int[] ofGroups = [.. names.Zip(labels).GroupBy(entry => entry.First).Select(group => Assert.Single(group.Select(entry => entry.Second).Distinct()))];
        Assert.Equal((ofGroups.Length + 1) / 2, ofGroups.Count(label => label == 1));
        Assert.Equal(labels, RandomLabels.Halves(names, seed));
    });

    [Fact]
    public void Labels_say_nothing_of_those_before()
    {
        var dataset = new CtDataset("made", "/", ["a", "b"], 1, [.. Enumerable.Range(0, 400).Select(i => new CtSample($"{i:000}.png", i % 2, $"p{i}", null))], []);
        var kept = Enumerable.Range(0, 50).Average(seed => RandomLabels.Of(dataset, seed).Samples.Zip(dataset.Samples).Average(pair => pair.First.Label == pair.Second.Label ? 1.0 : 0));

        // The standard deviation of the mean of fifty draws is 0.0035.
        Assert.InRange(kept, 0.485, 0.515);
    }
}
