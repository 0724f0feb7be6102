using System.Text;
using CovidCt.Tests;
using CovidCt.Volumes;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Volumes;

public sealed class NiftiFileTests : IDisposable
{
    private static readonly VolumeGeometry Geometry = new(3, 4, 5, (-100, -120, 30), (0.7, 0, 0), (0, 0.8, 0), (0, 0, 1.25));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again_by_either_form() =>
        Gen.Select(Gen.Double[-0.4, 0.4], Gen.Double[-0.4, 0.4], Gen.Double[-0.4, 0.4], Gen.Bool).Sample(
            (x, y, z, isMirrored) =>
            {
                var geometry = NiftiVolumeTests.Turned(isMirrored ? Geometry with { Across = (-0.7, 0, 0) } : Geometry, (x, y, z));
                var path = _folder["map.nii"];
                NiftiFile.Write(path, geometry, Slice);
                var (bySForm, byQForm) = (NiftiVolume.Open(path).Geometry!, ByQForm(path).Geometry!);
                NiftiVolumeTests.AssertNear(bySForm, byQForm, 1e-3); // The first part of a turn by nearly 180° is what single precision leaves of the others.
                if (!isMirrored)
                {
                    NiftiVolumeTests.AssertNear(geometry, bySForm, 1e-4);
                    Assert.Equal(Slice(2), NiftiVolume.Open(path).Read(2).Hounsfield);
                }
            },
            iter: 100, threads: 1);

    [Fact]
    public void A_name_that_ends_in_gz_compresses_and_nothing_else_is_left()
    {
        foreach (var name in new[] { "map.nii", "map.nii.gz" })
        {
            NiftiFile.Write(_folder[name], Geometry, Slice, "Grad-CAM of COVID");
            var volume = NiftiVolume.Open(_folder[name]);
            Assert.All(Enumerable.Range(0, 5), slice => Assert.Equal(Slice(slice), volume.Read(slice).Hounsfield));
        }

        Assert.Equal(0x1F, File.ReadAllBytes(_folder["map.nii.gz"])[0]);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.Equal("Grad-CAM of COVID; research use, not a diagnosis", Encoding.ASCII.GetString(File.ReadAllBytes(_folder["map.nii"]), 148, 80).TrimEnd('\0'));
    }

    [Fact]
    public void A_tilted_gantry_is_in_the_sform_and_no_qform_says_otherwise()
    {
        var tilted = Geometry with { Up = (0, 0.3, 1.25) };
        NiftiFile.Write(_folder["map.nii"], tilted, Slice);
        NiftiVolumeTests.AssertNear(tilted, NiftiVolume.Open(_folder["map.nii"]).Geometry!, 1e-4);
        Assert.Null(ByQForm(_folder["map.nii"]).Geometry);
    }

    [Fact]
    public void What_cannot_be_written_leaves_the_old_file()
    {
        var path = _folder.Write("map.nii", "old");
        Assert.Throws<ArgumentException>(() => NiftiFile.Write(path, Geometry, number => number < 3 ? Slice(number) : new float[2]));
        Assert.Throws<ArgumentException>(() => NiftiFile.Write(path, Geometry, Slice, new string('a', 49)));
        Assert.Throws<ArgumentException>(() => NiftiFile.Write(path, Geometry, Slice, "größer"));
        Assert.Throws<ArgumentException>(() => NiftiFile.Write(path, Geometry with { Slices = 40_000 }, Slice));
        Assert.Throws<ArgumentException>(() => NiftiFile.Write(path, Geometry with { Up = default }, Slice));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private static float[] Slice(int number) => [.. Enumerable.Range(0, 12).Select(i => i == 3 ? float.NaN : (number / 7f) - i)];

    private NiftiVolume ByQForm(string path)
    {
        var file = File.ReadAllBytes(path);
        file[254] = 0;
        return NiftiVolume.Open(_folder.Write("qform/map.nii", file));
    }
}
