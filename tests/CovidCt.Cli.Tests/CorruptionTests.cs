using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CovidCt.Tests;

namespace CovidCt.Cli.Tests;

/// <summary>Studies of which one file was damaged, and all commands that read studies: nothing is silently believed.</summary>
public sealed partial class CorruptionTests(CorruptionTests.Studies studies, ITestOutputHelper output) : IClassFixture<CorruptionTests.Studies>
{
    private const string Command = "COVIDCT_CORRUPTIONS", Seed = "COVIDCT_CORRUPTION_SEED";

    private static readonly Dictionary<string, Func<byte[], Random, byte[]?>> Damages = new()
    {
        ["bit"] = (bytes, random) => At(bytes, random, _ => true, old => (byte)(old ^ (1 << random.Next(8)))),
        ["digit"] = (bytes, random) => At(bytes, random, IsDigit, old => Other(old, random, '0', 10)),
        ["letter"] = (bytes, random) => At(bytes, random, IsLetter, old => Other(old, random, 'a', 26)),
        ["cut"] = (bytes, random) => bytes.Length > 1 ? bytes[..random.Next(1, bytes.Length)] : null,
        ["appended"] = (bytes, random) => [.. bytes, .. Bytes(random)],
        ["emptied"] = (bytes, _) => bytes.Length > 0 ? [] : null,
        ["line removed"] = WithoutALine,
    };

    [Fact]
    [Trait("Category", "Long")]
    public void Damage_of_any_file_is_noticed_or_mended_by_every_command_that_reads_it()
    {
        var (cases, seed) = (LargeCount.Of(Command, 4), LargeCount.Of(Seed, 18));
        output.WriteLine($"{cases} cases from seed {seed}; {Command}=300 takes as many, {Seed} others.");
        var random = new Random(seed);
        List<string> failures = [];
        SortedDictionary<string, int> outcomes = new(StringComparer.Ordinal);
        for (var number = 0; number < cases; number++)
        {
            var one = studies.Draw(random);
            var outcome = studies.Try(one);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (outcome is not (Outcomes.Refused or Outcomes.Said or Outcomes.Same))
            {
                failures.Add($"{number}: {one}: {outcome}");
            }
        }

        output.WriteLine(string.Join(", ", outcomes.Select(entry => $"{entry.Key}: {entry.Value}")));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static byte[]? At(byte[] bytes, Random random, Func<byte, bool> suits, Func<byte, byte> change)
    {
        int[] places = [.. Enumerable.Range(0, bytes.Length).Where(place => suits(bytes[place]))];
        if (places.Length == 0)
        {
            return null;
        }

        byte[] changed = [.. bytes];
        var place = places[random.Next(places.Length)];
        changed[place] = change(changed[place]);
        return changed;
    }

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';

    private static bool IsLetter(byte value) => value is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z');

    private static byte Other(byte old, Random random, char first, int count)
    {
        while (true)
        {
            if ((byte)(first + random.Next(count)) is var other && other != old)
            {
                return other;
            }
        }
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(1, 17)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[]? WithoutALine(byte[] bytes, Random random)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var lines = text.Split('\n').Where(line => line.Length > 0).ToList();
        if (lines.Count < 2)
        {
            return null;
        }

        var start = text.IndexOf(lines[random.Next(lines.Count)], StringComparison.Ordinal);
        var end = text.IndexOf('\n', start);
        return Encoding.Latin1.GetBytes(end < 0 ? text[..start] : text.Remove(start, end + 1 - start));
    }

    [GeneratedRegex(@"\d:\d\d:\d\d since the start|\d+\.\d s$", RegexOptions.Multiline)]
    private static partial Regex Times();

    private static class Outcomes
    {
        public const string Refused = "exit 3", Said = "said", Same = "the same bytes", Silent = "SILENT";
    }

    /// <summary>A command on a study of which a file was damaged.</summary>
    public sealed record Trial(string Study, string Asked, string File, string Damage, byte[] Content)
    {
        public override string ToString() => $"{Asked} of the {Study} study, {File}, {Damage}";
    }

    /// <summary>A study that is finished and one that was killed within its second fold, and what commands leave of them.</summary>
    public sealed class Studies : IDisposable
    {
        private const string Network = "shufflenet_v2_x1_0", Finished = "finished", Interrupted = "interrupted";
        private const string Run = $"out/runs/{Network}/fold-0";

        private readonly Workplace _origins = new();
        private readonly Workplace _place = new();
        private readonly string[] _reproduce;
        private readonly string _image;
        private readonly Dictionary<(string, string), Left> _undamaged = [];

        public Studies()
        {
            // Without data: a generated set within the study's folder, whose inputs are small.
            _reproduce = ["reproduce", "--backbones", Network, "--max-images", "16", "--folds", "2", "--epochs", "3", "--batch-size", "4"];
            _place.Run([.. _reproduce, "--out", "out"]).Exits(0);
            var images = Directory.GetFiles(_place.PathOf("out/phantom/images"), "*.png").Order(StringComparer.Ordinal);
            _image = _origins.Write("image.png", File.ReadAllBytes(images.First()));
            Directory.Move(_place.PathOf("out"), _origins.PathOf(Finished));
            using (var killed = _place.Start([.. _reproduce, "--out", "out"]))
            {
                killed.WaitFor($"out/runs/{Network}/fold-1/checkpoint.safetensors");
                killed.Kill();
            }

            foreach (var left in Directory.GetFiles(_place.PathOf("out"), "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".tmp", StringComparison.Ordinal) || Path.GetFileName(file) is ".lock"))
            {
                File.Delete(left);
            }

            Directory.Move(_place.PathOf("out"), _origins.PathOf(Interrupted));
        }

        private Dictionary<string, string[]> Commands => new()
        {
            ["resume"] = [.. _reproduce, "--out", "out", "--resume"],
            ["report"] = ["report", "--runs", "out"],
            ["predict"] = ["predict", "--run", Run, _image],
            ["explain"] = ["explain", "--run", Run, _image, "--out", "pictures"],
            ["explain all"] = ["explain", "--run", Run],
            ["embed"] = ["embed", "--run", Run],
        };

        /// <summary>Draws a study, a kind of file, one of that kind, a damage and a command.</summary>
        public Trial Draw(Random random)
        {
            while (true)
            {
                var study = random.Next(2) == 0 ? Finished : Interrupted;
                var root = _origins.PathOf(study);
                var kinds = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file))
                    .Order(StringComparer.Ordinal).GroupBy(KindOf).ToList();
                string[] files = [.. kinds[random.Next(kinds.Count)]];
                var file = files[random.Next(files.Length)];
                var damage = Damages.ElementAt(random.Next(Damages.Count));
                var asked = Commands.ElementAt(random.Next(Commands.Count)).Key;
                if (damage.Value(File.ReadAllBytes(Path.Combine(root, file)), random) is { } content)
                {
                    return new(study, asked, file, damage.Key, content);
                }
            }
        }

        /// <summary>What becomes of a case.</summary>
        public string Try(Trial one)
        {
            if (!_undamaged.TryGetValue((one.Study, one.Asked), out var undamaged))
            {
                undamaged = _undamaged[(one.Study, one.Asked)] = Do(one.Study, one.Asked, () => { });
                Assert.Equal(0, undamaged.ExitCode);
            }

            var damaged = _place.PathOf(Path.Combine("out", one.File));
            var left = Do(one.Study, one.Asked, () => File.WriteAllBytes(damaged, one.Content));
            if (left.ExitCode != 0)
            {
                return left.ExitCode == 3 && left.Errors.Split('\n').Count(line => line.StartsWith("covidct: ", StringComparison.Ordinal)) == 1
                    ? Outcomes.Refused
                    : $"exit {left.ExitCode}: {left.Errors}";
            }

            // What a command neither reads nor writes stays as it is; a study that was gone on with is whole.
            string[] untouched = one.Asked != "resume" && left.Files.GetValueOrDefault(one.File) == Sum(one.Content) ? [one.File] : [];
            var differing = left.Files.Keys.Union(undamaged.Files.Keys).Except(untouched)
                .Where(file => left.Files.GetValueOrDefault(file) != undamaged.Files.GetValueOrDefault(file)).ToList();
            return left.Errors != undamaged.Errors ? Outcomes.Said
                : differing.Count == 0 && left.Output == undamaged.Output ? Outcomes.Same
                : $"{Outcomes.Silent}: {(differing.Count > 0 ? string.Join(", ", differing) : left.Output)}";
        }

        public void Dispose()
        {
            _origins.Dispose();
            _place.Dispose();
        }

        private Left Do(string study, string asked, Action damage)
        {
            foreach (var folder in (string[])["out", "pictures"])
            {
                if (Directory.Exists(_place.PathOf(folder)))
                {
                    Directory.Delete(_place.PathOf(folder), recursive: true);
                }
            }

            var origin = _origins.PathOf(study);
            foreach (var file in Directory.GetFiles(origin, "*", SearchOption.AllDirectories))
            {
                var copy = _place.PathOf(Path.Combine("out", Path.GetRelativePath(origin, file)));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            damage();
            var outcome = _place.Run(Commands[asked]);
            var files = ((string[])["out", "pictures"]).Select(_place.PathOf).Where(Directory.Exists)
                .SelectMany(root => Directory.GetFiles(root, "*", SearchOption.AllDirectories), Path.GetRelativePath)
                .Where(file => !TellsTime(study, asked, file))
                .ToDictionary(file => file, file => Sum(File.ReadAllBytes(PathOf(file))));
            return new(outcome.ExitCode, Times().Replace(outcome.Output, ""), outcome.Errors, files);
        }

        private string PathOf(string file) =>
            _place.PathOf(Path.Combine(File.Exists(_place.PathOf(Path.Combine("out", file))) ? "out" : "pictures", file));

        /// <summary>Lists have sums of files that tell times; canvases, of when they were decoded.</summary>
        private static bool TellsTime(string study, string asked, string file) =>
            Path.GetFileName(file) == "covidct.sha256" || file.StartsWith("canvases", StringComparison.Ordinal)
            || (study == Interrupted && asked == "resume" && Path.GetFileName(file) is "history.csv" or "report.html");

        private static string KindOf(string file) => Numbers().Replace(Path.GetFileName(file), "#") + (file.StartsWith("runs", StringComparison.Ordinal) ? " of a run" : "");

        private static string Sum(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

        private sealed record Left(int ExitCode, string Output, string Errors, IReadOnlyDictionary<string, string> Files);
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();
}
