using System.Diagnostics;
using CovidCt.Imaging;

namespace CovidCt.Tests;

/// <summary>Files that somebody changed: each is read or refused in one sentence, soon.</summary>
internal static class ChangedFiles
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Has changed files read.</summary>
    /// <param name="output">Told what came of them.</param>
    /// <param name="originals">The files that are changed.</param>
    /// <param name="headLength">Bytes at the beginning that are met more often than their share.</param>
    /// <param name="count">How many changed files.</param>
    /// <param name="seed">What they are drawn from.</param>
    /// <param name="read">Reads one, and checks what memory that took.</param>
    /// <param name="assertSentence">Looks at what a refusal says.</param>
    public static void Try(
        ITestOutputHelper output, byte[][] originals, int headLength, int count, int seed, Action<byte[]> read, Action<string> assertSentence)
    {
        var random = new Random(seed);
        var (accepted, refused, slowest) = (0, 0, TimeSpan.Zero);
        for (var number = 0; number < count; number++)
        {
            var file = Changed(originals[random.Next(originals.Length)], headLength, random);
            var begin = Stopwatch.GetTimestamp();
            try
            {
                read(file);
                accepted++;
            }
            catch (ImageRejectedException e)
            {
                assertSentence(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"File {number} of seed {seed}: {Convert.ToBase64String(file)}", e);
            }

            var taken = Stopwatch.GetElapsedTime(begin);
            Assert.True(taken < Longest, $"File {number} of seed {seed} took {taken}.");
            slowest = taken > slowest ? taken : slowest;
        }

        output.WriteLine($"{accepted} read, {refused} refused, the slowest in {slowest.TotalMilliseconds:0} ms.");
        Assert.True(accepted > 0 && refused > 0);
    }

    /// <summary>Does something that may take so much memory, also where it ends in an exception.</summary>
    /// <param name="most">Bytes that this thread may allocate.</param>
    /// <param name="work">What is done.</param>
    public static T Within<T>(long most, Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return work();
        }
        finally
        {
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken <= most, $"{taken} bytes were taken, {most} at most were to be.");
        }
    }

    public static byte[] Changed(byte[] content, int headLength, Random random)
    {
        var file = content.ToList();
        for (var left = random.Next(1, 5); left > 0 && file.Count > 0; left--)
        {
            var place = random.Next(3) == 0 ? random.Next(Math.Min(file.Count, headLength)) : random.Next(file.Count);
            var length = Math.Min(random.Next(1, 65), file.Count - place);
            switch (random.Next(6))
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
                default:
                    file.RemoveRange(place, random.Next(8) == 0 ? file.Count - place : 0);
                    break;
            }
        }

        return [.. file];
    }
}
