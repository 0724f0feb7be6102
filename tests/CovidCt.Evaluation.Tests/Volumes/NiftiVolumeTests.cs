using CovidCt.Imaging;
using CovidCt.Tests;
using CovidCt.Volumes;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Volumes;

public sealed class NiftiVolumeTests : IDisposable
{
    private static readonly int[][] Orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    private static readonly Gen<VolumeGeometry> Geometries =
        from sides in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[1, 5])
        from steps in Gen.Select(Gen.Double[0.5, 5], Gen.Double[0.5, 5], Gen.Double[0.5, 5])
        from origin in Gen.Select(Gen.Double[-300, 300], Gen.Double[-300, 300], Gen.Double[-300, 300])
        from turn in Gen.Select(Gen.Double[-0.3, 0.3], Gen.Double[-0.3, 0.3], Gen.Double[-0.3, 0.3])
        select Turned(new(sides.Item1, sides.Item2, sides.Item3, origin, (steps.Item1, 0, 0), (0, steps.Item2, 0), (0, 0, steps.Item3)), turn);

    private static readonly Gen<NiftiSample> Samples =
        from geometry in Geometries
        from order in Gen.Int[0, 5]
        from against in Gen.Bool.Array[3]
        from form in Gen.Int[1, 3]
        from flags in Gen.Bool.Array[3]
        from type in Gen.Int[0, NiftiSample.Types.Count - 1]
        from scale in Gen.Select(Gen.OneOf(Gen.Const(0f), Gen.Const(1f), Gen.Const(0.5f), Gen.Const(-2.1f)), Gen.OneOf(Gen.Const(0f), Gen.Const(-1024f), Gen.Const(0.3f)))
        from padding in Gen.Int[0, 40]
        from seed in Gen.Int[0, 1000]
        select new NiftiSample
        {
            Geometry = geometry,
            Order = Orders[order],
            IsAgainst = against,
            HasSForm = form % 2 == 1,
            HasQForm = form > 1,
            IsSecond = flags[0],
            IsBigEndian = flags[1],
            IsGzip = flags[2],
            Type = NiftiSample.Types[type].Code,
            Slope = scale.Item1,
            Intercept = scale.Item2,
            Padding = padding,
            Value = i => ((i + seed) * 7919 % 256) - 128,
        };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_order_type_and_byte_order_it_is_stored_in_slices_are_axial_and_lie_where_they_lay() => Samples.Sample(
        sample =>
        {
            var volume = Open(sample);
            // A quaternion's b, c and d are single precision, and a, the root of what they lack of 1, is exact to 2.4e-4 where it is near 0.
            AssertNear(sample.Geometry, volume.Geometry!, sample.HasSForm ? 1e-3 : 1e-2);
            Assert.Equal(sample.Geometry.Slices, volume.Count);
            for (var slice = 0; slice < volume.Count; slice++)
            {
                var read = volume.Read(slice);
                Assert.Equal((sample.Geometry.Width, sample.Geometry.Height), (read.Width, read.Height));
                Assert.Equal(sample.Slice(slice), read.Hounsfield);
            }
        },
        iter: 300, threads: 1);

    [Fact]
    public void Values_that_are_no_numbers_stay_so()
    {
        foreach (var type in new[] { 16, 64 })
        {
            var sample = new NiftiSample { Type = type, Slope = 2, Value = i => i == 5 ? double.NaN : i };
            Assert.Equal(float.NaN, Open(sample).Read(0).Hounsfield[5]);
            Assert.Equal(8, Open(sample).Read(0).Hounsfield[4]);
        }
    }

    [Fact]
    public void A_file_that_does_not_say_how_it_lies_has_no_geometry_and_says_so()
    {
        var volume = Open(new() { HasSForm = false });
        Assert.Null(volume.Geometry);
        Assert.Null(volume.LocationOf(0));
        Assert.Contains("doesn't say how the volume lies", Assert.Single(volume.Findings), StringComparison.Ordinal);
        Assert.Equal(Open(new() { IsAgainst = [true, true, false] }).Read(1).Hounsfield, Open(new() { HasSForm = false, IsAgainst = [true, true, false] }).Read(1).Hounsfield);
    }

    [Fact]
    public void What_hardly_is_Hounsfield_units_and_what_lies_oblique_is_said()
    {
        Assert.Empty(Open(new()).Findings);
        Assert.Contains("from 0 to 255: hardly Hounsfield units", Assert.Single(Open(new() { Type = 2, Value = i => i < 20 ? 0 : 255 }).Findings), StringComparison.Ordinal);
        var oblique = new NiftiSample { Geometry = Turned(new NiftiSample().Geometry, (0.5, 0, 0)) };
        Assert.Contains("oblique, by 28.6°", Assert.Single(Open(oblique).Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_sform_goes_before_the_qform_and_lengths_have_the_unit_that_the_file_names()
    {
        var file = new NiftiSample { HasQForm = true }.File();
        file[268 + 3] ^= 0x80; // The qform's place.
        Assert.Equal(-10, OpenFile(file).Geometry!.Origin.X, 5);
        file[254] = 0;
        Assert.Equal(10, OpenFile(file).Geometry!.Origin.X, 5);
        foreach (var (units, length) in new (byte, double)[] { (0, 1), (1, 1000), (2, 1), (3, 1e-3) })
        {
            AssertNear(new NiftiSample().Geometry, Open(new() { Units = units, UnitLength = length }).Geometry!, 1e-4);
        }
    }

    [Fact]
    public void What_it_is_called_says_nothing_of_how_it_is_stored()
    {
        var file = new NiftiSample { IsGzip = true }.File();
        foreach (var name in new[] { "scan.nii.gz", "scan.nii", "scan", "scan.gz" })
        {
            var volume = NiftiVolume.Open(_folder.Write(name, file));
            Assert.Equal("scan", volume.Name);
            Assert.Equal(new NiftiSample().Slice(1), volume.Read(1).Hounsfield);
        }
    }

    [Fact]
    public void The_middle_of_a_slice_has_a_place_along_the_body_and_there_is_no_other_slice()
    {
        var volume = Open(new());
        Assert.Equal((-30, -26), (volume.LocationOf(0), volume.LocationOf(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.Read(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.LocationOf(-1));
    }

    [Fact]
    public void What_is_not_read_is_refused_by_its_name_with_what_to_do()
    {
        (string, NiftiSample)[] refused =
        [
            ("dim[4] at offset 48 is 2: the file has several volumes", new() { Further = [2] }),
            ("dim[5] at offset 56 is 3: the file has several volumes", new() { IsSecond = true, Further = [1, 3] }),
            ("fslchfiletype", new() { Magic = 0x6E693100 }),
            ("fslchfiletype", new() { IsSecond = true, Magic = 0x6E693200 }),
            ("ANALYZE", new() { Magic = 0 }),
            ("dim and vox_offset claim", new() { Sides = [3, 300, 400, 2] }),
            ("bytes of gzip can't hold so many", new() { IsGzip = true, Sides = [3, 3000, 4000, 2] }),
            ("more than 67108864 pixels", new() { Sides = [3, 30000, 30000, 2] }),
            ("dim[1] at offset 42 is 0", new() { Sides = [3, 0, 4, 2] }),
            ("dim[0] at offset 40 is 9", new() { Sides = [9, 3, 4, 2] }),
            ("names no unit", new() { Units = 7 }),
            ("srow_x", new() { Geometry = new NiftiSample().Geometry with { Up = (3, 0, 0) } }),
            ("scl_inter at offset 116 is no number", new() { Slope = 1, Intercept = float.NaN }),
        ];
        foreach (var (words, sample) in refused)
        {
            AssertRefused(words, sample.File());
        }

        AssertRefused("is no NIfTI", "not NIfTI at all"u8.ToArray());
        AssertRefused("is no NIfTI", []);
        foreach (var (code, words) in new[] { (128, "colours"), (1792, "complex"), (1536, "128 bits"), (1, "single bits"), (999, "no type") })
        {
            var file = new NiftiSample().File();
            BitConverter.TryWriteBytes(file.AsSpan(70), (short)code);
            AssertRefused(words, file);
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_or_not_there_is_refused_in_a_sentence()
    {
        var file = new NiftiSample { Type = 8 }.File();
        AssertRefused("dim and vox_offset claim", file[..^1]);
        AssertRefused("is cut off", NiftiSample.Compressed(file[..^1]));
        var damaged = NiftiSample.Compressed(file);
        damaged[^6] ^= 1; // The sum at the end.
        AssertRefused("can't be inflated", damaged);
        Assert.Contains("no such file", Assert.Throws<ImageRejectedException>(() => NiftiVolume.Open(_folder["none.nii"])).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<ImageRejectedException>(() => NiftiVolume.Open(_folder.Path)).Message, StringComparison.Ordinal);
        var path = _folder.Write("scan.nii", file);
        var volume = NiftiVolume.Open(path);
        _folder.Write("scan.nii", file[..^1]);
        Assert.Contains("shorter", Assert.Throws<ImageRejectedException>(() => volume.Read(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_inflate_to_more_than_is_held_is_refused_before_it_is()
    {
        var noise = new byte[2_200_000];
        new Random(1).NextBytes(noise);
        var file = NiftiSample.Compressed([.. new NiftiSample { Sides = [3, 1500, 1500, 500] }.File(), .. noise]);
        ChangedFiles.Within(1 << 18, () =>
        {
            AssertRefused("of gzip at most 2048 are held in memory: gunzip it first", file);
            return 0;
        });
    }

    [Fact]
    public void Many_threads_read_the_same_slices()
    {
        var sample = new NiftiSample { IsGzip = true, Order = [2, 1, 0], Geometry = new(20, 30, 40, (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)) };
        var volume = Open(sample);
        Parallel.For(0, 40, slice => Assert.Equal(sample.Slice(slice), volume.Read(slice).Hounsfield));
    }

    internal static void AssertNear(VolumeGeometry expected, VolumeGeometry actual, double tolerance)
    {
        Assert.Equal((expected.Width, expected.Height, expected.Slices), (actual.Width, actual.Height, actual.Slices));
        foreach (var ((x, y, z), (otherX, otherY, otherZ)) in new[]
            { (expected.Origin, actual.Origin), (expected.Across, actual.Across), (expected.Down, actual.Down), (expected.Up, actual.Up) })
        {
            Assert.InRange(Math.Max(Math.Abs(x - otherX), Math.Max(Math.Abs(y - otherY), Math.Abs(z - otherZ))), 0, tolerance);
        }
    }

    /// <summary>The geometry turned about x, then y, then z, by angles in radians.</summary>
    internal static VolumeGeometry Turned(VolumeGeometry of, (double X, double Y, double Z) by)
    {
        (double X, double Y, double Z) Turn((double X, double Y, double Z) v)
        {
            v = (v.X, (v.Y * Math.Cos(by.X)) - (v.Z * Math.Sin(by.X)), (v.Y * Math.Sin(by.X)) + (v.Z * Math.Cos(by.X)));
            v = ((v.X * Math.Cos(by.Y)) + (v.Z * Math.Sin(by.Y)), v.Y, (v.Z * Math.Cos(by.Y)) - (v.X * Math.Sin(by.Y)));
            return ((v.X * Math.Cos(by.Z)) - (v.Y * Math.Sin(by.Z)), (v.X * Math.Sin(by.Z)) + (v.Y * Math.Cos(by.Z)), v.Z);
        }

        return of with { Across = Turn(of.Across), Down = Turn(of.Down), Up = Turn(of.Up) };
    }

    private NiftiVolume Open(NiftiSample sample) => OpenFile(sample.File());

    private NiftiVolume OpenFile(byte[] file) => NiftiVolume.Open(_folder.Write("scan.nii", file));

    private void AssertRefused(string words, byte[] file)
    {
        var message = Assert.Throws<ImageRejectedException>(() => OpenFile(file).Read(0)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 10, 300);
    }
}
