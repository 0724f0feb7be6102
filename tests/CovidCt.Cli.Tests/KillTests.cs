using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

/// <summary>Whole studies, with networks trained anew for controls and several processes too, killed at any moment and gone on with.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string Count = "COVIDCT_KILLS", Seed = "COVIDCT_KILL_SEED";

    private static readonly string[] Study =
    [
        "reproduce", "--backbones", "shufflenet_v2_x1_0", "--max-images", "12", "--folds", "2", "--epochs", "2", "--batch-size", "4",
        "--threads", "1", "--out", "out",
    ];

    private readonly Workplace _whole = new();

    public void Dispose() => _whole.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_that_is_killed_at_any_moment_ends_in_the_same_bytes_and_leaves_nothing_unfinished()
    {
        var (count, seed) = (LargeCount.Of(Count, 2), LargeCount.Of(Seed, 18));
        var begin = Stopwatch.GetTimestamp();
        string[] study = [.. Study, "--controls", "full"];
        _whole.RunProcess(study).Exits(0);
        var longest = Stopwatch.GetElapsedTime(begin);
        output.WriteLine($"{count} kills from seed {seed} of a study of {longest.TotalSeconds:0} s; {Count}=100 takes as many, {Seed} others.");
        var expected = Left(_whole);
        var random = new Random(seed);
        var studies = 0;
        for (var kills = 0; kills < count; studies++)
        {
            using var place = new Workplace();
            string[] asked = [.. study, "--resume", .. studies % 2 == 0 ? (string[])["--jobs", "2"] : []];
            while (kills < count && Killed(place, asked, random.NextDouble() * longest / 2))
            {
                kills++;
            }

            place.RunProcess(asked).Exits(0);

            var left = Left(place);
            Assert.Equal(expected.Keys, left.Keys);
            Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(left[file.Key]), $"{file.Key}, after {kills} kills, study {studies}"));
            Assert.DoesNotContain(place.Entries(), entry => entry.EndsWith(".tmp", StringComparison.Ordinal));
        }

        output.WriteLine($"{studies} studies ended in the same {expected.Count} files.");
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_is_made_again_of_finished_runs_has_the_bits_that_it_had()
    {
        _whole.RunProcess(Study).Exits(0);
        var expected = Left(_whole);
        foreach (var file in expected.Keys.Where(file => file.EndsWith("/maps/audit.json", StringComparison.Ordinal)))
        {
            File.Delete(_whole.PathOf(file));
        }

        _whole.RunProcess([.. Study, "--resume"]).Exits(0);

        var left = Left(_whole);
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(left[file.Key]), file.Key));
    }

    /// <summary>Starts the study, and kills it with its workers after a time; false where it had ended.</summary>
    private static bool Killed(Workplace place, string[] asked, TimeSpan after)
    {
        using var running = place.Start(asked);
        Thread.Sleep(after);
        if (running.HasEnded)
        {
            return false;
        }

        running.Kill(withWorkers: true);
        return true;
    }

    /// <summary>What a study left, but for what tells times and places, or lists sums of what does.</summary>
    private static SortedDictionary<string, byte[]> Left(Workplace place) => new(
        place.Entries().Where(entry => entry.StartsWith("out/", StringComparison.Ordinal) && File.Exists(place.PathOf(entry)))
            .Where(entry => !entry.Contains("/canvases/", StringComparison.Ordinal) && !entry.Contains("/leases/", StringComparison.Ordinal)
                && Path.GetFileName(entry) is not ("history.csv" or "report.html" or "covidct.sha256" or "configuration.json" or "study.json" or "MODEL_CARD.md" or "CHECKLIST.md"))
            .ToDictionary(entry => entry, entry => Content(place.PathOf(entry))),
        StringComparer.Ordinal);

    private static byte[] Content(string file)
    {
        var content = File.ReadAllBytes(file);
        if (Path.GetFileName(file) != "results.json")
        {
            return content;
        }

        var results = JsonNode.Parse(content)!.AsObject();
        Assert.True(results.Remove("configurations")); // Which say where the data lie.
        return Encoding.UTF8.GetBytes(results.ToJsonString());
    }
}
