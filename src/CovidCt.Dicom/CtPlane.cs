namespace CovidCt.Dicom;

/// <summary>
/// Where a slice lies in the patient (PS3.3, section C.7.6.2.1.1): x to the left, y to the back, z to the head, in millimetres.
/// </summary>
/// <param name="Position">The centre of the first pixel.</param>
/// <param name="AlongRow">The direction in which columns are counted, of length 1.</param>
/// <param name="AlongColumn">The direction in which rows are counted, of length 1, at a right angle to the other.</param>
public sealed record CtPlane(
    (double X, double Y, double Z) Position, (double X, double Y, double Z) AlongRow, (double X, double Y, double Z) AlongColumn)
{
    // Cosines are written with six digits or fewer.
    private const double Tolerance = 1e-3;

    /// <summary>From the centre of one row to that of the next in millimetres; null where the file doesn't say it.</summary>
    public double? RowSpacing { get; init; }

    /// <summary>From the centre of one column to that of the next in millimetres; null where the file doesn't say it.</summary>
    public double? ColumnSpacing { get; init; }

    /// <summary>The direction at a right angle to the slice, of length 1.</summary>
    public (double X, double Y, double Z) Normal => (
        (AlongRow.Y * AlongColumn.Z) - (AlongRow.Z * AlongColumn.Y),
        (AlongRow.Z * AlongColumn.X) - (AlongRow.X * AlongColumn.Z),
        (AlongRow.X * AlongColumn.Y) - (AlongRow.Y * AlongColumn.X));

    internal static double Dot((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    /// <summary>The plane of a frame; null where position or orientation is missing.</summary>
    internal static CtPlane? Of(FrameGroups groups)
    {
        if (groups.Decimals(Tags.PlanePositionSequence, Tags.ImagePosition, 3) is not [var x, var y, var z]
            || groups.Decimals(Tags.PlaneOrientationSequence, Tags.ImageOrientation, 6)
                is not [var rowX, var rowY, var rowZ, var columnX, var columnY, var columnZ])
        {
            return null;
        }

        var (row, column) = ((rowX, rowY, rowZ), (columnX, columnY, columnZ));
        if (!(Math.Abs(Dot(row, row) - 1) <= Tolerance && Math.Abs(Dot(column, column) - 1) <= Tolerance
            && Math.Abs(Dot(row, column)) <= Tolerance))
        {
            throw groups.Fault(Tags.PlaneOrientationSequence, Tags.ImageOrientation, "is not two directions at a right angle");
        }

        var spacing = groups.Decimals(Tags.PixelMeasuresSequence, Tags.PixelSpacing, 2);
        return spacing is null or [> 0, > 0]
            ? new CtPlane((x, y, z), row, column) { RowSpacing = spacing?[0], ColumnSpacing = spacing?[1] }
            : throw groups.Fault(Tags.PixelMeasuresSequence, Tags.PixelSpacing, "is not two lengths above 0");
    }
}
