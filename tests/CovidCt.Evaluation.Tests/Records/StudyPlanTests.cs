using CovidCt.Records;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class StudyPlanTests : IDisposable
{
    private static readonly Gen<PlannedRun> Run = Gen.Select(
        AnyOf("", "seeds/1", "controls/random-labels"), AnyOf("resnet18", "own,network"), Gen.Int[0, 99],
        Gen.Double[-100, 1000].Select(cost => cost < 0 ? null : (double?)cost),
        (part, network, fold, cost) => new PlannedRun(part, network, fold, cost));

    private static readonly Gen<PlannedRun[]> SomeRuns = Run.Array[1, 30].Select(runs => runs.DistinctBy(run => run.Name).ToArray());

    private readonly TemporaryFolder _folder = new();

    private static Gen<string> AnyOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_dearest_runs_come_first_and_equal_ones_as_they_come() => Run.Array[1, 30].Sample(runs =>
    {
        var plan = StudyPlan.Of(runs);
        Assert.Equal(runs.OrderByDescending(run => run.Cost ?? double.PositiveInfinity), plan.Runs);
    });

    [Fact]
    public void Shards_have_every_run_once_whether_they_are_fewer_or_more_than_runs() => Gen.Select(SomeRuns, Gen.Int[1, 50]).Sample((runs, count) =>
    {
        var plan = new StudyPlan(runs);
        var shards = Enumerable.Range(0, count).Select(shard => plan.Shard(shard, count)).ToList();
        Assert.Equal(runs.Length, shards.Sum(shard => shard.Count));
        Assert.Equal(runs.OrderBy(run => run.ToString(), StringComparer.Ordinal), shards.SelectMany(shard => shard).OrderBy(run => run.ToString(), StringComparer.Ordinal));
        Assert.True(shards.Max(shard => shard.Count) - shards.Min(shard => shard.Count) <= 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Shard(count, count));
    });

    [Fact]
    public void A_plan_is_read_as_it_was_written() => SomeRuns.Sample(
        runs =>
        {
            var layout = new StudyLayout(_folder.Path);
            layout.WritePlan(new(runs));
            Assert.Equal(runs, layout.ReadPlan().Runs);
        },
        threads: 1);

    [Fact]
    public void A_run_lies_where_its_name_says()
    {
        var run = new PlannedRun("seeds/1", "resnet18", 3, null);
        Assert.Equal("seeds/1/resnet18/fold-3", run.ToString());
        Assert.Equal(_folder["seeds/1/runs/resnet18/fold-3"], run.In(new(_folder.Path)).Root);
        Assert.Equal(_folder["runs/resnet18/fold-3"], (run with { Part = "" }).In(new(_folder.Path)).Root);
        Assert.Equal(run, new StudyPlan([run]).Find("seeds/1/resnet18/fold-3"));
        Assert.Contains("plan.csv", Assert.Throws<ArgumentException>(() => new StudyPlan([run]).Find("resnet18/fold-3")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet18/fold-0,,resnet18,x,1", "line 2", "'x'")]
    [InlineData("resnet18/fold-0,,resnet18,0,much", "line 2", "'much'")]
    [InlineData("resnet18/fold-1,,resnet18,0,1", "line 2", "resnet18/fold-0")]
    [InlineData(null, "lists no run")]
    public void What_is_no_plan_is_told_with_its_line(string? row, params string[] words)
    {
        _folder.Write("plan.csv", $"run,part,network,fold,cost\n{(row is null ? "" : row + "\n")}");
        var error = Assert.Throws<InvalidDataException>(() => new StudyLayout(_folder.Path).ReadPlan());
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_a_plan_is_no_study_that_was_prepared() => Assert.Contains(
        "plan.csv isn't there", Assert.Throws<RunFolderException>(() => new StudyLayout(_folder.Path).ReadPlan()).Message, StringComparison.Ordinal);
}
