using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>
/// How an axial slice is turned so that its rows go from the patient's right to the left and its columns from front to back: by right
/// angles and mirrored, to what lies nearest.
/// </summary>
/// <param name="IsTransposed">Whether rows are stored as columns.</param>
/// <param name="IsAgainstX">Whether what becomes a row is stored from the left to the right.</param>
/// <param name="IsAgainstY">Whether what becomes a column is stored from back to front.</param>
internal sealed record AxialTurn(bool IsTransposed, bool IsAgainstX, bool IsAgainstY)
{
    private const double MostFromAxis = 45;

    /// <summary>The turn; null where the slice isn't axial: its normal lies further than 45° from the body's axis.</summary>
    public static AxialTurn? Of(CtPlane plane)
    {
        if (FromAxis(plane) > MostFromAxis)
        {
            return null;
        }

        var (row, column) = (plane.AlongRow, plane.AlongColumn);
        var isTransposed = Math.Abs(row.Y) + Math.Abs(column.X) > Math.Abs(row.X) + Math.Abs(column.Y);
        return isTransposed ? new(true, column.X < 0, row.Y < 0) : new(false, row.X < 0, column.Y < 0);
    }

    /// <summary>The angle between a slice's normal and the body's axis, in degrees, 0 to 90.</summary>
    public static double FromAxis(CtPlane plane) => Math.Acos(Math.Min(Math.Abs(plane.Normal.Z), 1)) * 180 / Math.PI;

    /// <summary>
    /// The directions and spacings of a plane as they are once it is turned; its position stays that of the first stored pixel.
    /// </summary>
    public CtPlane DirectionsOf(CtPlane plane)
    {
        var turned = IsTransposed
            ? plane with
            {
                AlongRow = plane.AlongColumn,
                AlongColumn = plane.AlongRow,
                RowSpacing = plane.ColumnSpacing,
                ColumnSpacing = plane.RowSpacing,
            }
            : plane;
        return turned with
        {
            AlongRow = IsAgainstX ? Times(turned.AlongRow, -1) : turned.AlongRow,
            AlongColumn = IsAgainstY ? Times(turned.AlongColumn, -1) : turned.AlongColumn,
        };
    }

    /// <summary>Turns a slice.</summary>
    public CtSlice Of(CtSlice slice)
    {
        var (width, height) = IsTransposed ? (slice.Height, slice.Width) : (slice.Width, slice.Height);
        var pixels = TurnedPixels.Of(slice.Hounsfield, width, height, IsTransposed, IsAgainstX, IsAgainstY);
        return new(width, height, pixels) { Window = slice.Window };
    }

    /// <summary>
    /// Where a slice lies once it is turned, as a volume of one slice without a way up; null where the file doesn't say all of it.
    /// </summary>
    public static VolumeGeometry? PlaceOf(DicomSlice slice)
    {
        if (slice is not { Plane: { RowSpacing: { } rows, ColumnSpacing: { } columns } plane, Width: { } width, Height: { } height }
            || Of(plane) is not { } turn)
        {
            return null;
        }

        var (right, down) = (Times(plane.AlongRow, columns), Times(plane.AlongColumn, rows));
        if (turn.IsTransposed)
        {
            ((right, down), (width, height)) = ((down, right), (height, width));
        }

        var origin = plane.Position;
        if (turn.IsAgainstX)
        {
            (origin, right) = (Plus(origin, Times(right, width - 1)), Times(right, -1));
        }

        if (turn.IsAgainstY)
        {
            (origin, down) = (Plus(origin, Times(down, height - 1)), Times(down, -1));
        }

        return new(width, height, 1, origin, right, down, default);
    }

    public static (double X, double Y, double Z) Plus((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        (a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static (double X, double Y, double Z) Times((double X, double Y, double Z) a, double by) => (a.X * by, a.Y * by, a.Z * by);
}
