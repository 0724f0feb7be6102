using System.Diagnostics;
using System.Runtime.InteropServices;
using CovidCt.Tests;
using CovidCt.Volumes;

namespace CovidCt.Evaluation.Tests.Volumes;

/// <summary>Files that nibabel writes and reads, by an interpreter that COVIDCT_DICOM_PYTHON names.</summary>
[Trait("Category", "Long")]
public sealed class NibabelTests(ITestOutputHelper output) : IDisposable
{
    // Writes volume, affine and values that nibabel itself turns to the left, the back and the head.
    private const string Writing = """
        import sys, numpy as np, nibabel as nib
        folder, kind, code, order, ending = sys.argv[1:6]
        random = np.random.default_rng(int(sys.argv[6]))
        image = {'1': nib.Nifti1Image, '2': nib.Nifti2Image}[kind]
        dtype = np.dtype(code)
        values = random.integers(0, 100, (7, 6, 5)) if dtype.kind == 'u' else random.integers(-100, 100, (7, 6, 5))
        values = (values + (0.37 if dtype.kind == 'f' else 0)).astype(dtype)
        axes = nib.orientations.axcodes2ornt(tuple(order))
        turn = nib.eulerangles.euler2mat(*random.uniform(-.2, .2, 3))
        ras = nib.affines.from_matvec(turn @ np.diag([.7, .8, 2.5]), random.uniform(-200, 200, 3))
        inverse = nib.orientations.ornt_transform(nib.orientations.axcodes2ornt('RAS'), axes)
        stored = nib.orientations.apply_orientation(values, inverse)
        affine = ras @ nib.orientations.inv_ornt_aff(inverse, values.shape)
        header = (nib.Nifti1Header if kind == '1' else nib.Nifti2Header)(endianness='>' if dtype.byteorder == '>' else '<')
        header.set_data_dtype(dtype)
        written = image(stored, affine, header)
        written.set_qform(affine, code=1)
        written.set_sform(affine, code=0 if sys.argv[7] == 'q' else 2)
        if dtype.kind in 'iu':
            written.header.set_slope_inter(2.5, -1024.25)
        nib.save(written, f'{folder}/scan.{ending}')
        read = nib.load(f'{folder}/scan.{ending}')
        lps = nib.as_closest_canonical(read)
        lps = lps.as_reoriented(nib.orientations.ornt_transform(nib.orientations.axcodes2ornt('RAS'), nib.orientations.axcodes2ornt('LPS')))
        np.asarray(lps.get_fdata().transpose(2, 1, 0), '<f8').tofile(f'{folder}/values')
        np.asarray(np.diag([-1., -1, 1, 1]) @ lps.affine, '<f8').tofile(f'{folder}/affine')
        np.asarray(lps.shape, '<f8').tofile(f'{folder}/shape')
        """;

    private const string Reading = """
        import sys, numpy as np, nibabel as nib
        read = nib.load(sys.argv[1])
        np.asarray(read.get_fdata().transpose(2, 1, 0), '<f8').tofile(sys.argv[2])
        np.asarray([read.affine, read.get_sform(), read.get_qform()], '<f8').tofile(sys.argv[3])
        print(read.header['descrip'].item().decode(), int(read.header['qform_code']), int(read.header['sform_code']))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_and_places_of_every_type_and_order_are_those_of_nibabel()
    {
        string[] types = ["u1", "i1", "<u2", ">i2", "<i4", ">u4", "<i8", ">u8", "<f4", ">f4", "<f8", ">f8"];
        string[] orders = ["RAS", "LPS", "LAS", "PIR", "SLA", "ASR", "IPL", "RSP", "PRS", "LIA", "SAR", "AIL"];
        foreach (var (i, type) in types.Index())
        {
            foreach (var kind in new[] { "1", "2" })
            {
                var ending = i % 2 == 0 ? "nii" : "nii.gz";
                Python(Writing, _folder.Path, kind, type, orders[i], ending, $"{i}", kind == "1" ? "s" : "q");
                var volume = NiftiVolume.Open(_folder[$"scan.{ending}"]);
                Assert.Equal(Numbers("shape"), new double[] { volume.Geometry!.Width, volume.Geometry.Height, volume.Count });
                NiftiVolumeTests.AssertNear(Affine(Numbers("affine"), volume.Geometry), volume.Geometry, 1e-4);
                Assert.Equal(
                    Numbers("values").Select(value => (float)value),
                    Enumerable.Range(0, volume.Count).SelectMany(slice => volume.Read(slice).Hounsfield));
                output.WriteLine($"NIfTI-{kind}, {type}, stored {orders[i]}, {ending}: {volume.Geometry}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void What_is_written_has_the_same_values_and_place_for_nibabel(double tilt)
    {
        var geometry = NiftiVolumeTests.Turned(new(5, 4, 3, (-101.5, -77.25, 12), (0.7, 0, 0), (0, 0.8, 0), (0, 0, 1.25)), (0.1, -0.05, 0.2));
        geometry = geometry with { Up = (geometry.Up.X, geometry.Up.Y + tilt, geometry.Up.Z) };
        float[] Slice(int slice) => [.. Enumerable.Range(0, 20).Select(i => i == 7 ? float.NaN : (i / 3f) - slice)];
        foreach (var name in new[] { "map.nii", "map.nii.gz" })
        {
            NiftiFile.Write(_folder[name], geometry, Slice, "Grad-CAM of COVID");
            Assert.Equal(
                $"Grad-CAM of COVID; research use, not a diagnosis {(tilt == 0 ? 1 : 0)} 1",
                Python(Reading, _folder[name], _folder["values"], _folder["affines"]).Trim());
            Assert.Equal(Enumerable.Range(0, 3).SelectMany(Slice), Numbers("values").Select(value => (float)value));
            foreach (var affine in Numbers("affines").Chunk(16).Take(tilt == 0 ? 3 : 2))
            {
                double[] lps = [.. affine.Select((part, i) => i < 8 ? -part : part)];
                NiftiVolumeTests.AssertNear(geometry, Affine(lps, geometry), 1e-4);
            }
        }
    }

    private static VolumeGeometry Affine(double[] m, VolumeGeometry sides) => new(
        sides.Width, sides.Height, sides.Slices, (m[3], m[7], m[11]), (m[0], m[4], m[8]), (m[1], m[5], m[9]), (m[2], m[6], m[10]));

    private double[] Numbers(string file) => [.. MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(_folder[file]))];

    private static string Python(params string[] arguments)
    {
        var python = new[] { Environment.GetEnvironmentVariable("COVIDCT_DICOM_PYTHON"), "/usr/bin/python3" }
            .FirstOrDefault(file => File.Exists(file) && Run(file, "-c", "import nibabel, numpy").Code == 0);
        Assert.SkipWhen(python is null, "COVIDCT_DICOM_PYTHON names no interpreter with nibabel and numpy.");
        var (code, said) = Run(python!, ["-c", .. arguments]);
        Assert.True(code == 0, said);
        return said;
    }

    private static (int Code, string Said) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? said : said + errors.Result);
    }
}
