namespace CovidCt.Volumes;

/// <summary>The pixels of a slice that something is true of, as runs of its rows.</summary>
internal sealed class SliceRuns
{
    private readonly List<(int Row, int From, int To)> _runs;

    // Of each row the number of its first run, and in the end that of all runs.
    private readonly int[] _rows;

    private SliceRuns(int width, int height, List<(int Row, int From, int To)> runs)
    {
        (Width, Height, _runs, _rows) = (width, height, runs, new int[height + 1]);
        foreach (var (row, _, _) in runs)
        {
            _rows[row + 1]++;
        }

        for (var row = 0; row < height; row++)
        {
            _rows[row + 1] += _rows[row];
        }
    }

    public int Width { get; }

    public int Height { get; }

    public int Count => _runs.Count;

    /// <summary>
    /// The air of a slice that isn't connected to its border; what was not measured is air. None of a slice that isn't there.
    /// </summary>
    public static SliceRuns Of(CtSlice? slice, float below)
    {
        if (slice is null)
        {
            return new(0, 0, []);
        }

        var isAir = new bool[slice.Hounsfield.Length];
        for (var i = 0; i < isAir.Length; i++)
        {
            isAir[i] = !(slice.Hounsfield[i] >= below); // NaN too.
        }

        return new SliceRuns(slice.Width, slice.Height, Scan(slice.Width, isAir)).WithoutBorder();
    }

    public int LengthOf(int run) => _runs[run].To - _runs[run].From;

    public SliceRuns Where(Func<int, bool> isKept) => new(Width, Height, [.. _runs.Where((_, run) => isKept(run))]);

    /// <summary>Joins runs that touch in neighbouring rows.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="first">The number of the first run there.</param>
    public void JoinRows(DisjointSets sets, int first)
    {
        for (var row = 1; row < Height; row++)
        {
            JoinOverlapping(this, row - 1, row, sets, first, first);
        }
    }

    /// <summary>Joins runs that touch those of the slice below.</summary>
    /// <param name="below">The slice below.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="first">The number of the first run there.</param>
    /// <param name="firstBelow">The number of the first run of the slice below.</param>
    public void JoinBelow(SliceRuns below, DisjointSets sets, int first, int firstBelow)
    {
        for (var row = 0; row < Height && (below.Width, below.Height) == (Width, Height); row++)
        {
            JoinOverlapping(below, row, row, sets, first, firstBelow);
        }
    }

    /// <summary>Whether each pixel is in a run, or enclosed by some.</summary>
    public bool[] Filled()
    {
        var inside = new bool[Width * Height];
        foreach (var (row, from, to) in _runs)
        {
            inside.AsSpan((row * Width) + from, to - from).Fill(true);
        }

        if (_runs.Count > 0)
        {
            var others = new SliceRuns(Width, Height, Scan(Width, Array.ConvertAll(inside, isInside => !isInside)));
            foreach (var (row, from, to) in others.WithoutBorder()._runs)
            {
                inside.AsSpan((row * Width) + from, to - from).Fill(true);
            }
        }

        return inside;
    }

    private static List<(int Row, int From, int To)> Scan(int width, ReadOnlySpan<bool> isIn)
    {
        var runs = new List<(int, int, int)>();
        for (var row = 0; isIn.Length > 0; row++)
        {
            var rest = isIn[..width];
            while (rest.IndexOf(true) is >= 0 and var before)
            {
                rest = rest[before..];
                var from = width - rest.Length;
                var length = rest.IndexOf(false) is >= 0 and var found ? found : rest.Length;
                runs.Add((row, from, from + length));
                rest = rest[length..];
            }

            isIn = isIn[width..];
        }

        return runs;
    }

    private SliceRuns WithoutBorder()
    {
        var sets = new DisjointSets(Count);
        JoinRows(sets, 0);
        var atBorder = _runs.Index().Where(run => run.Item.Row == 0 || run.Item.Row == Height - 1
            || run.Item.From == 0 || run.Item.To == Width).Select(run => sets.Find(run.Index)).ToHashSet();
        return Where(run => !atBorder.Contains(sets.Find(run)));
    }

    private void JoinOverlapping(SliceRuns other, int otherRow, int row, DisjointSets sets, int first, int firstOther)
    {
        var (a, b) = (_rows[row], other._rows[otherRow]);
        while (a < _rows[row + 1] && b < other._rows[otherRow + 1])
        {
            var (mine, its) = (_runs[a], other._runs[b]);
            if (mine.From < its.To && its.From < mine.To)
            {
                sets.Join(first + a, firstOther + b);
            }

            if (mine.To < its.To)
            {
                a++;
            }
            else
            {
                b++;
            }
        }
    }
}
