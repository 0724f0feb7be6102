using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>Where the slices of a series lie together.</summary>
internal static class SeriesGeometry
{
    // What a slice may lie beside the place that even distances give it: positions are written with few digits.
    private const double MostRounding = 0.01, MostUneven = 0.05;

    /// <summary>The volume; null, and why, where slices make none.</summary>
    /// <param name="slices">The slices, from feet to head.</param>
    public static (VolumeGeometry? Geometry, string? Reason) Of(IReadOnlyList<DicomSlice> slices)
    {
        var places = slices.Select(AxialTurn.PlaceOf).ToList();
        if (places.Any(place => place is null))
        {
            return default; // What is missing is said elsewhere, or the file has no sizes.
        }

        var first = places[0]!;
        if (places.Any(place => !IsAlike(first, place!)))
        {
            return (null, "Slices are of several sizes, in pixels or in millimetres, or turned otherwise.");
        }

        if (slices.Count == 1)
        {
            var normal = slices[0].Plane!.Normal;
            return slices[0].Thickness is > 0 and var thickness
                ? (first with { Up = AxialTurn.Times(normal, normal.Z < 0 ? -thickness : thickness) }, null)
                : default;
        }

        var last = places[^1]!.Origin;
        var up = AxialTurn.Times(AxialTurn.Plus(last, AxialTurn.Times(first.Origin, -1)), 1.0 / (slices.Count - 1));
        var most = Math.Max(MostRounding, MostUneven * Length(up));
        return Length(up) > MostRounding && places.Index().All(place => Apart(
                place.Item!.Origin, AxialTurn.Plus(first.Origin, AxialTurn.Times(up, place.Index))) <= most)
            ? (first with { Slices = slices.Count, Up = up }, null)
            : (null, "Slices are not evenly spaced.");
    }

    private static bool IsAlike(VolumeGeometry a, VolumeGeometry b) => (a.Width, a.Height) == (b.Width, b.Height)
        && Apart(a.Across, b.Across) * a.Width <= MostRounding * 10 && Apart(a.Down, b.Down) * a.Height <= MostRounding * 10;

    private static double Apart((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        Length(AxialTurn.Plus(a, AxialTurn.Times(b, -1)));

    private static double Length((double X, double Y, double Z) of) => Math.Sqrt(CtPlane.Dot(of, of));
}
