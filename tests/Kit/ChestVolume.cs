using CovidCt.Volumes;

namespace CovidCt.Tests;

/// <summary>
/// A chest of simple shapes in Hounsfield units: air around a body of soft tissue, two lungs in the middle half of its slices, and gas in the
/// belly below. No lungs reach the first and the last eighth.
/// </summary>
internal sealed record ChestVolume(int Side = 64, int Count = 16, float LungValue = -820, int Seed = 0)
{
    public VolumeGeometry Geometry => new(Side, Side, Count, (-150, -140, 20), (300.0 / Side, 0, 0), (0, 300.0 / Side, 0), (0, 0, 5));

    /// <summary>Whether a slice shows lungs, of whatever size.</summary>
    public bool HasLungs(int slice) => Enumerable.Range(0, Side * Side).Any(i => IsLung(i % Side, i / Side, slice));

    public float[] Slice(int slice)
    {
        var values = new float[Side * Side];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = Place(i % Side, i / Side);
            var noise = (float)((((i * 7919L) + (slice * 104729L) + (Seed * 1299709L)) % 41) - 20);
            values[i] = noise + (IsVessel(i % Side, i / Side, slice) ? 40
                : IsLung(i % Side, i / Side, slice) ? LungValue
                : IsGas(x, y, slice) ? -900
                : (x * x / 0.72) + (y * y / 0.5) < 1 ? 40
                : -1000);
        }

        return values;
    }

    /// <summary>Writes it as a NIfTI file.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        NiftiFile.Write(path, Geometry, Slice);
    }

    public bool IsLung(int column, int row, int slice)
    {
        var ((x, y), z) = (Place(column, row), (2.0 * (slice + 0.5) / Count) - 1);
        return InLung(Math.Abs(x) - 0.42, y, z - 0.05);
    }

    private static bool InLung(double x, double y, double z) => (x * x / 0.075) + (y * y / 0.2) + (z * z / 0.42) < 1;

    private bool IsVessel(int column, int row, int slice)
    {
        var (x, y) = Place(column, row);
        return IsLung(column, row, slice) && Math.Abs(Math.Abs(x) - 0.42) < 0.05 && Math.Abs(y) < 0.06;
    }

    private bool IsGas(double x, double y, int slice) => slice < Count / 8 && (x * x) + (y * y) < 0.01;

    private (double X, double Y) Place(int column, int row) => ((2.0 * (column + 0.5) / Side) - 1, (2.0 * (row + 0.5) / Side) - 1);
}
