namespace CovidCt.Volumes;

/// <summary>Sets of numbers that grow together (union-find with path halving).</summary>
/// <param name="count">How many numbers there are, each in a set of its own.</param>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    /// <summary>The number that stands for a number's set.</summary>
    public int Find(int number)
    {
        while (_parents[number] != number)
        {
            number = _parents[number] = _parents[_parents[number]];
        }

        return number;
    }

    /// <summary>Makes one set of two.</summary>
    public void Join(int a, int b) => _parents[Math.Max(Find(a), Find(b))] = Math.Min(Find(a), Find(b));
}
