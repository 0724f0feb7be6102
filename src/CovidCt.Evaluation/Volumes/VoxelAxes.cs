namespace CovidCt.Volumes;

/// <summary>Where the voxels of a stored array lie: x to the left, y to the back, z to the head, in millimetres.</summary>
/// <param name="Origin">The centre of the first voxel.</param>
/// <param name="Steps">From one voxel to the next along each stored axis.</param>
/// <param name="Order">
/// Which stored axis runs most along the patient's x, which along y, and which along z: of the six ways to give each one, that in which
/// the cosines are largest together.
/// </param>
internal sealed record VoxelAxes((double X, double Y, double Z) Origin, IReadOnlyList<(double X, double Y, double Z)> Steps,
    IReadOnlyList<int> Order)
{
    private static readonly int[][] Orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    /// <summary>The axes; null where they are no three directions, or no numbers.</summary>
    public static VoxelAxes? Of((double X, double Y, double Z) origin, params IReadOnlyList<(double X, double Y, double Z)> steps)
    {
        var units = steps.Select(step => Scaled(step, 1 / Math.Sqrt(Dot(step, step)))).ToList();
        var volume = Dot(units[0], (
            (units[1].Y * units[2].Z) - (units[1].Z * units[2].Y),
            (units[1].Z * units[2].X) - (units[1].X * units[2].Z),
            (units[1].X * units[2].Y) - (units[1].Y * units[2].X)));
        if (!(Math.Abs(volume) > 1e-3 && double.IsFinite(origin.X + origin.Y + origin.Z)))
        {
            return null;
        }

        var order = Orders.MaxBy(order => Enumerable.Range(0, 3).Sum(axis => Math.Abs(Along(units[order[axis]], axis))))!;
        return new(origin, steps, order);
    }

    /// <summary>Whether the stored axis that runs most along one of the patient's runs against it.</summary>
    /// <param name="axis">0 is the patient's x, 1 y, 2 z.</param>
    public bool IsAgainst(int axis) => Along(Steps[Order[axis]], axis) < 0;

    /// <summary>The largest angle between a stored axis and that of the patient's that it runs most along, in degrees.</summary>
    public double Angle => Enumerable.Range(0, 3).Max(axis =>
    {
        var step = Steps[Order[axis]];
        return Math.Acos(Math.Min(Math.Abs(Along(step, axis)) / Math.Sqrt(Dot(step, step)), 1)) * 180 / Math.PI;
    });

    /// <summary>The volume once its axes are put in order and turned along the patient's.</summary>
    /// <param name="sides">Voxels along each stored axis.</param>
    public VolumeGeometry Turned(IReadOnlyList<int> sides)
    {
        var origin = Origin;
        var steps = new (double X, double Y, double Z)[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var step = Steps[Order[axis]];
            steps[axis] = IsAgainst(axis) ? Scaled(step, -1) : step;
            if (IsAgainst(axis))
            {
                var all = Scaled(step, sides[Order[axis]] - 1);
                origin = (origin.X + all.X, origin.Y + all.Y, origin.Z + all.Z);
            }
        }

        return new(sides[Order[0]], sides[Order[1]], sides[Order[2]], origin, steps[0], steps[1], steps[2]);
    }

    private static double Along((double X, double Y, double Z) of, int axis) => axis switch { 0 => of.X, 1 => of.Y, _ => of.Z };

    private static double Dot((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    private static (double X, double Y, double Z) Scaled((double X, double Y, double Z) of, double by) => (of.X * by, of.Y * by, of.Z * by);
}
