using System.Diagnostics;
using System.Globalization;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

/// <summary>Studies on a file system that is too small: what was finished is kept, and with room made they end in the same bytes.</summary>
/// <remarks>The file systems are tmpfs in a namespace of their own, which an ordinary user may make on most systems.</remarks>
public sealed class FullDiskTests(ITestOutputHelper output) : IDisposable
{
    private const string Count = "COVIDCT_FULL_DISKS";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_full_disk_costs_one_sentence_and_the_study_goes_on_to_the_same_bytes_once_there_is_room()
    {
        Assert.SkipUnless(CanMount(), "This system lets no ordinary user mount a tmpfs.");
        var count = LargeCount.Of(Count, 1);
        string[] study =
        [
            "reproduce", "--data", _place.WritePhantom(imagesOfEach: 2), "--backbones", "shufflenet_v2_x1_0", "--folds", "2", "--epochs", "1",
            "--batch-size", "4", "--threads", "1", "--controls", "none",
        ];
        _place.Run([.. study, "--out", "whole"]).Exits(0);
        var whole = new DirectoryInfo(_place.PathOf("whole")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        output.WriteLine($"A study of {whole} bytes on {count} sizes of file system; {Count}=20 takes as many.");
        for (var i = 1; i <= count; i++)
        {
            var size = whole * i / (count + 1);
            var (first, second, words) = OnDisk(size, study, _place.PathOf($"copy-{i}"));
            output.WriteLine($"{size} bytes: exit {first}, then {second}: {words}");

            Assert.True(first is 2, $"{size} bytes: exit {first}: {words}");
            Assert.DoesNotMatch("   at |Unhandled", words);
            Assert.Single(words.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("covidct: ", StringComparison.Ordinal));
            Assert.True(second is 0, $"{size} bytes, with room: exit {second}");
            Assert.Equal(Entries(_place.PathOf("whole")), Entries(_place.PathOf($"copy-{i}")));
            foreach (var file in (string[])["predictions.csv", "results.json", "patients.csv", "runs/shufflenet_v2_x1_0/fold-0/network.safetensors", "runs/shufflenet_v2_x1_0/fold-1/network.safetensors"])
            {
                Assert.Equal(File.ReadAllBytes(_place.PathOf($"whole/{file}")), File.ReadAllBytes(Path.Combine(_place.PathOf($"copy-{i}"), file)));
            }
        }
    }

    private static IEnumerable<string> Entries(string folder) => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Select(entry => Path.GetRelativePath(folder, entry))
        .Where(entry => !entry.Contains("leases", StringComparison.Ordinal)) // Who trained when is another story each time.
        .Order(StringComparer.Ordinal);

    private static bool CanMount() => OperatingSystem.IsLinux() && Script("mount -t tmpfs -o size=1m none /mnt", []).Code == 0;

    /// <summary>Runs a study on a disk of a size, and again with room, and copies what is there; gives exit codes and what was said first.</summary>
    private static (int First, int Second, string Words) OnDisk(long size, string[] study, string copy)
    {
        var disk = Directory.CreateTempSubdirectory("covidct-disk-").FullName;
        try
        {
            var ended = Script(
                """
                disk=$1 size=$2 copy=$3 program=$4
                shift 4
                mount -t tmpfs -o size="$size" none "$disk" || exit 1
                "$program" "$@" --out "$disk/out" > /dev/null 2> "$copy.said"
                echo $?
                left=$(find "$disk" -name '*.tmp')
                [ -z "$left" ] || { echo "left: $left"; exit 1; }
                mount -o remount,size=1g "$disk" || exit 1
                "$program" "$@" --out "$disk/out" --resume > /dev/null 2>&1
                echo $?
                cp -r "$disk/out" "$copy"
                """,
                [disk, size.ToString(CultureInfo.InvariantCulture), copy, Path.Combine(Workplace.Program, "covidct"), .. study]);
            Assert.True(ended.Code == 0, ended.Output);
            int[] codes = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
            return (codes[0], codes[1], File.ReadAllText($"{copy}.said"));
        }
        finally
        {
            Directory.Delete(disk, recursive: true);
        }
    }

    private static (int Code, string Output) Script(string script, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--map-root-user", "bash", "-c", script, "bash", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_WAIT_POLICY"] = "passive" },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + (process.ExitCode == 0 ? "" : errors.Result));
    }
}
