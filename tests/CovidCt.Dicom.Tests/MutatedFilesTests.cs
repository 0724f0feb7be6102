using System.Diagnostics;
using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Dicom.Tests;

/// <summary>Files that somebody changed: each is an image or one sentence, soon, and with no more memory than its length admits.</summary>
public sealed class MutatedFilesTests(ITestOutputHelper output)
{
    internal const string Count = "COVIDCT_DICOM_MUTATIONS";

    // Bytes for each of the file: the most that deflate makes of one, and what is made of those.
    private const long Most = 64L << 20;

    [Fact]
    public void A_few_changed_files_are_images_or_refused() => Try(output, Originals(), 300, 1);

    [Fact]
    [Trait("Category", "Long")]
    public void Changed_files_are_images_or_refused() => Try(output, Originals(), LargeCount.Of(Count, 20_000), 2);

    private static byte[][] Originals() => [.. Samples.All.Select(phantom => phantom.File())];

    internal static void Try(ITestOutputHelper output, byte[][] originals, int count, int seed)
    {
        var random = new Random(seed);
        var (accepted, refused, slowest) = (0, 0, TimeSpan.Zero);
        for (var number = 0; number < count; number++)
        {
            var file = Changed(originals[random.Next(originals.Length)], random);
            var (begin, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                var dicom = DicomFile.Parse(file);
                CtImage.Read(dicom).ToGray();
                accepted++;
            }
            catch (ImageRejectedException e)
            {
                Samples.AssertSentence(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"File {number} of seed {seed}: {Convert.ToBase64String(file)}", e);
            }

            var taken = Stopwatch.GetElapsedTime(begin);
            Assert.True(taken < TimeSpan.FromSeconds(5), $"File {number} of seed {seed} took {taken}.");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Most, $"File {number} of seed {seed} took too much memory.");
            slowest = taken > slowest ? taken : slowest;
        }

        output.WriteLine($"{accepted} read, {refused} refused, the slowest in {slowest.TotalMilliseconds:0} ms.");
        Assert.True(accepted > 0 && refused > 0);
    }

    internal static byte[] Changed(byte[] content, Random random)
    {
        var file = content.ToList();
        for (var left = random.Next(1, 5); left > 0 && file.Count > 0; left--)
        {
            var place = random.Next(3) == 0 ? random.Next(Math.Min(file.Count, 1400)) : random.Next(file.Count);
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
