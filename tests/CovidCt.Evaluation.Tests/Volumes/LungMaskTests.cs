using System.Diagnostics;
using System.Runtime.InteropServices;
using CovidCt.Tests;
using CovidCt.Volumes;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Volumes;

public sealed class LungMaskTests
{
    // The same rules by scipy's labels of whole arrays.
    private const string Reference = """
        import sys, numpy as np
        from scipy import ndimage
        count, height, width = map(int, sys.argv[1:4])
        volume = np.fromfile(sys.argv[4], '<f4').reshape(count, height, width)
        air = ~(volume >= -320)
        def without_border(plane):
            label, _ = ndimage.label(plane)
            edge = np.unique(np.r_[label[0], label[-1], label[:, 0], label[:, -1]])
            return plane & ~np.isin(label, edge[edge > 0])
        inner = np.stack([without_border(plane) for plane in air])
        label, number = ndimage.label(inner)
        sizes = np.bincount(label.ravel(), minlength=number + 1); sizes[0] = 0
        largest = sizes.max()
        kept = np.isin(label, np.flatnonzero((sizes >= largest // 10) & (sizes > 0))) if largest >= volume.size // 200 else np.zeros_like(inner)
        filled = np.stack([ndimage.binary_fill_holes(plane) if plane.any() else plane for plane in kept])
        filled.astype('u1').tofile(sys.argv[5])
        """;

    [Fact]
    public void Lungs_are_found_with_their_vessels_and_neither_the_air_around_nor_gas_in_the_belly()
    {
        var chest = new ChestVolume(64, 24);
        var lungs = Find(chest);
        for (var slice = 0; slice < chest.Count; slice++)
        {
            Assert.Equal([.. Enumerable.Range(0, 64 * 64).Select(i => chest.IsLung(i % 64, i / 64, slice))], lungs.Of(slice));
            Assert.Equal(chest.HasLungs(slice), lungs.ShareOf(slice) > 0);
        }
    }

    [Fact]
    public void A_volume_without_air_within_the_body_has_no_lungs()
    {
        var lungs = Find(new ChestVolume(LungValue: 30));
        Assert.All(Enumerable.Range(0, lungs.Count), slice => Assert.Equal(0, lungs.ShareOf(slice)));
    }

    [Fact]
    public void What_was_not_measured_is_outside_and_a_slice_that_cannot_be_read_has_no_lungs()
    {
        var chest = new ChestVolume(64, 24);
        var lungs = Find(chest.Count, slice => slice == 12 ? null : new(64, 64, [.. chest.Slice(slice).Select(Measured)]));
        Assert.Empty(lungs.Of(12));
        Assert.Equal((0, Find(chest).ShareOf(11)), (lungs.ShareOf(12), lungs.ShareOf(11)));

        static float Measured(float value) => value < -950 ? float.NaN : value;
    }

    [Fact]
    public void The_order_in_which_slices_are_read_does_not_matter() =>
        Gen.Select(Gen.Int[8, 40], Gen.Int[1, 9], Gen.Int[0, 1000]).Sample((side, count, seed) =>
        {
            var random = new Random(seed);
            var slices = Enumerable.Range(0, count).Select(_ => new CtSlice(side, side, [.. Enumerable.Range(0, side * side)
                .Select(_ => random.NextSingle() < 0.45 ? -800f : 0f)])).ToList();
            var (up, down) = (Find(count, i => slices[i]), Find(count, i => slices[count - 1 - i]));
            return Enumerable.Range(0, count).All(i => up.Of(i).SequenceEqual(down.Of(count - 1 - i)));
        });

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.35)]
    [InlineData(0.5)]
    [Trait("Category", "Long")]
    public void They_are_those_that_scipy_finds_by_the_same_rules(double density)
    {
        var python = Environment.GetEnvironmentVariable("COVIDCT_DICOM_PYTHON") ?? "/usr/bin/python3";
        Assert.SkipUnless(Ends(python, "-c", "import scipy"), $"{python} has no scipy; COVIDCT_DICOM_PYTHON names another interpreter.");
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        const int width = 47, height = 31, count = 21;
        var smooth = Enumerable.Range(0, count).Select(_ => new CtSlice(width, height, [.. Enumerable.Range(0, width * height)
            .Select(_ => random.NextDouble() < density ? -800f : random.NextDouble() < 0.02 ? float.NaN : 0f)])).ToList();
        File.WriteAllBytes(folder["volume"], [.. smooth.SelectMany(slice => MemoryMarshal.AsBytes(slice.Hounsfield.AsSpan()).ToArray())]);

        Assert.True(Ends(python, "-c", Reference, $"{count}", $"{height}", $"{width}", folder["volume"], folder["mask"]));

        var lungs = Find(count, i => smooth[i]);
        Assert.Equal(
            File.ReadAllBytes(folder["mask"]).Select(value => value > 0), Enumerable.Range(0, count).SelectMany(lungs.Of));
        Assert.Equal(density > 0.3, Enumerable.Range(0, count).Any(i => lungs.ShareOf(i) > 0));
    }

    private static LungMask Find(ChestVolume chest) =>
        Find(chest.Count, slice => new(chest.Side, chest.Side, chest.Slice(slice)));

    private static LungMask Find(int count, Func<int, CtSlice?> read) =>
        LungMask.Find(count, read, cancellationToken: TestContext.Current.CancellationToken);

    private static bool Ends(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
