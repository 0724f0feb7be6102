using System.Diagnostics;
using CovidCt.Tests;
using CovidCt.Volumes;

namespace CovidCt.Dicom.Tests;

/// <summary>Series that dcm2niix, if it is on the PATH, makes NIfTI of: the same volume as it is read directly.</summary>
[Trait("Category", "Long")]
public sealed class Dcm2niixTests(ITestOutputHelper output) : IDisposable
{
    private const double MostApart = 1e-4;

    // Of a tilted gantry it says itself that its slices are to be corrected: it steps at right angles to them, where they lie along the table.
    private const string Tilted = "tilted";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => [.. Stacks.Keys];

    private static Dictionary<string, IEnumerable<Phantom>> Stacks { get; } = new()
    {
        ["axial"] = new Phantom().Stack(6, (-22.5, -11.75, 30), (0, 0, 2.5)),
        ["from head to feet"] = new Phantom().Stack(6, (-22.5, -11.75, 30), (0, 0, -2.5)),
        ["signed, with a fractional slope"] = new Phantom { IsSigned = true, Stored = 16, Slope = "0.5", Intercept = "-10.25" }.Stack(5, (-22.5, -11.75, 30), (0, 0, 1.25)),
        ["rows to the right"] = new Phantom { Orientation = "-1\\0\\0\\0\\1\\0" }.Stack(5, (22.5, -11.75, -30), (0, 0, 3)),
        ["columns to the front"] = new Phantom { Orientation = "1\\0\\0\\0\\-1\\0" }.Stack(5, (-22.5, 11.75, -30), (0, 0, 3)),
        ["prone"] = new Phantom { Orientation = "-1\\0\\0\\0\\-1\\0" }.Stack(5, (22.5, 11.75, -30), (0, 0, 3)),
        ["rows to the back"] = new Phantom { Orientation = "0\\1\\0\\-1\\0\\0" }.Stack(5, (22.5, -11.75, -30), (0, 0, 3)),
        ["oblique"] = new Phantom { Orientation = "0.99003329\\-0.09933467\\-0.09983342\\0.11757815\\0.97319025\\0.19767681" }.Stack(5, (-22.5, -11.75, 30), (0.155041, -0.414890, 1.950341)),
        [Tilted] = new Phantom { Orientation = "1\\0\\0\\0\\0.965926\\-0.258819" }.Stack(5, (-22.5, -11.75, 30), (0, 0, 5)),
        ["of several frames"] = [new Phantom { Frames = 5, IsEnhanced = true, InterceptStep = 0, Thickness = "5" }],
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_it_writes_has_the_same_slices_in_the_same_places(string kind)
    {
        foreach (var slice in Stacks[kind])
        {
            _folder.Write($"dicom/{slice.Number}.dcm", slice.File());
        }

        Directory.CreateDirectory(_folder["nifti"]);
        Run("dcm2niix", "-z", "n", "-b", "n", "-f", "scan", "-o", _folder["nifti"], _folder["dicom"]);
        output.WriteLine(string.Join(", ", Directory.GetFiles(_folder["nifti"]).Select(Path.GetFileName)));
        var series = Assert.Single(DicomFolder.Read(_folder["dicom"], cancellationToken: TestContext.Current.CancellationToken).Series);
        var volume = NiftiVolume.Open(_folder["nifti/scan.nii"]);
        var (ours, theirs) = (series.Geometry!, volume.Geometry!);
        output.WriteLine($"{ours}\n{theirs}");
        Assert.Equal((ours.Width, ours.Height, ours.Slices), (theirs.Width, theirs.Height, theirs.Slices));
        foreach (var (column, row, slice) in kind == Tilted ? [] : new[] { (0, 0, 0), (ours.Width - 1, 0, 0), (0, ours.Height - 1, 0), (0, 0, ours.Slices - 1) })
        {
            var (a, b) = (At(ours, column, row, slice), At(theirs, column, row, slice));
            Assert.InRange(Math.Max(Math.Abs(a.X - b.X), Math.Max(Math.Abs(a.Y - b.Y), Math.Abs(a.Z - b.Z))), 0, MostApart);
        }

        Assert.All(Enumerable.Range(0, series.Count), slice => Assert.Equal(series.Read(slice).Hounsfield, volume.Read(slice).Hounsfield));
    }

    private static (double X, double Y, double Z) At(VolumeGeometry of, int column, int row, int slice) => (
        of.Origin.X + (column * of.Across.X) + (row * of.Down.X) + (slice * of.Up.X),
        of.Origin.Y + (column * of.Across.Y) + (row * of.Down.Y) + (slice * of.Up.Y),
        of.Origin.Z + (column * of.Across.Z) + (row * of.Down.Z) + (slice * of.Up.Z));

    private void Run(string program, params string[] arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"There is no {program} on the PATH.");
        using var process = Process.Start(new ProcessStartInfo(path!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        output.WriteLine(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
    }
}
