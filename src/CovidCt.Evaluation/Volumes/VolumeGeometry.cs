namespace CovidCt.Volumes;

/// <summary>
/// Where the voxels of a volume lie in the patient, in millimetres: x to the left, y to the back, z to the head (LPS, as in DICOM PS3.3,
/// section C.7.6.2.1.1). The voxel of a column, a row and a slice lies at Origin + column × Across + row × Down + slice × Up.
/// </summary>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Slices">Slices, at least 1.</param>
/// <param name="Origin">The centre of the first voxel.</param>
/// <param name="Across">From one column to the next.</param>
/// <param name="Down">From one row to the next.</param>
/// <param name="Up">From one slice to the next.</param>
public sealed record VolumeGeometry(
    int Width,
    int Height,
    int Slices,
    (double X, double Y, double Z) Origin,
    (double X, double Y, double Z) Across,
    (double X, double Y, double Z) Down,
    (double X, double Y, double Z) Up)
{
    /// <summary>The distances in millimetres from column to column, from row to row and from slice to slice.</summary>
    public (double Across, double Down, double Up) Spacing => (Length(Across), Length(Down), Length(Up));

    private static double Length((double X, double Y, double Z) of) => Math.Sqrt((of.X * of.X) + (of.Y * of.Y) + (of.Z * of.Z));
}
