using System.Diagnostics;
using CovidCt.Imaging;

namespace CovidCt.Tests;

/// <summary>Image files that are changed at random: a decoder gives an image of each or refuses it, soon and in bounds.</summary>
internal static class MutatedImages
{
    /// <summary>The variable that says how many files a long test takes.</summary>
    public const string Count = "COVIDCT_MUTATIONS";

    private const string Seed = "COVIDCT_MUTATION_SEED";
    private const long MostMemory = 1L << 30; // Bytes of the process beyond what it had: the largest image by default takes a quarter of it.

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Has a decoder read changed files.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="originals">The files that are changed.</param>
    /// <param name="count">How many changed files.</param>
    /// <param name="output">Told what came of them.</param>
    public static void Check(IImageDecoder decoder, IReadOnlyList<(string Name, byte[] Content)> originals, int count, ITestOutputHelper output)
    {
        var seed = LargeCount.Of(Seed, 18);
        output.WriteLine($"{count} files from seed {seed}; {Count}=100000 takes as many, {Seed} others.");
        var random = new Random(seed);
        var (before, accepted, refused, slowest, most) = (Environment.WorkingSet, 0, 0, TimeSpan.Zero, 0L);
        for (var number = 0; number < count; number++)
        {
            var (name, content) = originals[random.Next(originals.Count)];
            var changed = Changed(content, random);
            var begin = Stopwatch.GetTimestamp();
            try
            {
                var image = decoder.Decode(changed);
                Assert.Equal(image.Width * image.Height, image.Pixels.Length);
                accepted++;
            }
            catch (ImageRejectedException e)
            {
                Assert.False(string.IsNullOrWhiteSpace(e.Message));
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"File {number} of seed {seed}, made of {name}: {Convert.ToBase64String(changed)}", e);
            }

            var taken = Stopwatch.GetElapsedTime(begin);
            Assert.True(taken < Longest, $"File {number} of seed {seed}, made of {name}, took {taken}.");
            (slowest, most) = (taken > slowest ? taken : slowest, Math.Max(most, Environment.WorkingSet - before));
        }

        output.WriteLine($"{accepted} decoded, {refused} refused, the slowest in {slowest.TotalSeconds:0.00} s, at most {most >> 20} MiB more than before.");
        Assert.True(accepted > 0 && refused > 0, "Changes too small or too large ask nothing.");
        Assert.True(most < MostMemory, $"The process grew by {most >> 20} MiB.");
    }

    /// <summary>One to four changes, after which the checksums of half of the PNG files are right, so that what lies behind them is asked.</summary>
    private static byte[] Changed(byte[] content, Random random)
    {
        var changed = content.ToList();
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            Change(changed, random);
        }

        byte[] file = [.. changed];
        if (random.Next(2) == 0 && file is [0x89, (byte)'P', ..])
        {
            TestImages.Reseal(file);
        }

        return file;
    }

    private static void Change(List<byte> file, Random random)
    {
        if (file.Count == 0)
        {
            return;
        }

        // Headers, which say how large everything is, are met more often than their share.
        var place = random.Next(2) == 0 ? random.Next(file.Count) : random.Next(Math.Min(64, file.Count));
        var length = Math.Min(random.Next(1, 65), file.Count - place);
        switch (random.Next(7))
        {
            case 0:
                file[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                file[place] = (byte)random.Next(256);
                break;
            case 2:
                file[place] = random.Next(2) == 0 ? byte.MaxValue : byte.MinValue;
                break;
            case 3:
                file.RemoveRange(place, length);
                break;
            case 4:
                file.InsertRange(place, file.GetRange(place, length));
                break;
            case 5:
                var bytes = new byte[length];
                random.NextBytes(bytes);
                file.InsertRange(place, bytes);
                break;
            default:
                file.RemoveRange(place, file.Count - place);
                break;
        }
    }
}
