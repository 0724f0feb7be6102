using CovidCt.Dicom.Codecs;
using CovidCt.Imaging;
using CsCheck;

namespace CovidCt.Dicom.Tests.Codecs;

public sealed class RleCodecTests
{
    [Fact]
    public void What_was_packed_is_unpacked() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 2], Gen.Byte[0, 3].Array[3200]).Sample(
            (width, height, bytes, values) =>
            {
                var pixels = values[..(width * height * bytes)];
                return new RleCodec().Decode(Samples.Packed(pixels, bytes), Format(width, height, bytes)).SequenceEqual(pixels);
            },
            iter: 300);

    [Fact]
    public void A_size_that_the_bytes_cannot_hold_is_refused_before_memory_is_taken()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageRejectedException>(() => new RleCodec().Decode(Samples.Packed(new byte[8], 2), Format(8000, 8000, 2)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static DicomPixelFormat Format(int width, int height, int bytes) => new(width, height, 8 * bytes, 8 * bytes, (8 * bytes) - 1, false);
}
