namespace CovidCt.Audit;

/// <summary>
/// A random forest (Breiman 2001): trees on bootstrap samples that split by Gini's impurity at the best of a few random
/// columns, each class weighing the same. Equal seeds give equal forests, on any number of cores.
/// </summary>
internal sealed class RandomForest
{
    private const int DeepestLevel = 8;
    private const int LeastInLeaf = 3;

    private readonly FeatureTable _table;
    private readonly int[] _labels;
    private readonly double[] _weights;
    private readonly int[] _columns;
    private readonly Node[] _trees;

    /// <summary>Fits a forest.</summary>
    /// <param name="table">The features of all rows.</param>
    /// <param name="columns">The columns that it may use.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="rows">The rows to fit to.</param>
    /// <param name="trees">The number of trees.</param>
    /// <param name="key">The key of what it draws.</param>
    /// <param name="cancellationToken">Stops between two trees.</param>
    public RandomForest(
        FeatureTable table, int[] columns, int[] labels, int classes, IReadOnlyList<int> rows, int trees, long key,
        CancellationToken cancellationToken)
    {
        (_table, _columns, _labels) = (table, columns, labels);
        var counts = new int[classes];
        foreach (var row in rows)
        {
            counts[labels[row]]++;
        }

        _weights = [.. counts.Select(count => count == 0 ? 0 : (double)rows.Count / count)];
        _trees = new Node[trees];
        for (var tree = 0; tree < trees; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new CounterRandom(key, tree);
            var drawn = new int[rows.Count];
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = rows[random.NextBelow(rows.Count)];
            }

            _trees[tree] = Grow(drawn, 0, ref random);
        }
    }

    /// <summary>The classes' probabilities of a row: the mean of what the trees say.</summary>
    public double[] Predict(int row)
    {
        var probabilities = new double[_weights.Length];
        foreach (var tree in _trees)
        {
            var node = tree;
            while (node.Below is { } below)
            {
                node = _table.Column(node.Column)[row] < node.Bound ? below : node.Above!;
            }

            for (var label = 0; label < probabilities.Length; label++)
            {
                probabilities[label] += node.Shares[label] / _trees.Length;
            }
        }

        return probabilities;
    }

    private Node Grow(Span<int> rows, int level, ref CounterRandom random)
    {
        var counts = new int[_weights.Length];
        foreach (var row in rows)
        {
            counts[_labels[row]]++;
        }

        if (level == DeepestLevel || rows.Length < 2 * LeastInLeaf || counts.Count(count => count > 0) < 2
            || Best(rows, counts, ref random) is not { } split)
        {
            return new Node(Shares(counts));
        }

        var column = _table.Column(split.Column);
        var below = Partition(rows, column, split.Bound);
        return new Node(Shares(counts))
        {
            Column = split.Column,
            Bound = split.Bound,
            Below = Grow(rows[..below], level + 1, ref random),
            Above = Grow(rows[below..], level + 1, ref random),
        };
    }

    private (int Column, int Bound)? Best(ReadOnlySpan<int> rows, int[] counts, ref CounterRandom random)
    {
        var classes = _weights.Length;
        var tried = _columns.ToArray();
        random.Shuffle(tried.AsSpan());
        var most = (int)Math.Ceiling(Math.Sqrt(tried.Length));
        var histogram = new int[FeatureTable.Bins * classes];
        var (below, above) = (new int[classes], new int[classes]);
        (int Column, int Bound)? best = null;
        var (greatest, useful) = (Purity(counts) + 1e-9, 0);
        foreach (var column in tried)
        {
            // Columns that are the same for all rows here don't count as tried.
            if (useful == most)
            {
                break;
            }

            var values = _table.Column(column);
            Array.Clear(histogram);
            Array.Clear(below);
            foreach (var row in rows)
            {
                histogram[(values[row] * classes) + _labels[row]]++;
            }

            var (seen, splits) = (0, false);
            for (var bound = 1; bound < FeatureTable.Bins; bound++)
            {
                var added = 0;
                for (var label = 0; label < classes; label++)
                {
                    var count = histogram[((bound - 1) * classes) + label];
                    below[label] += count;
                    added += count;
                }

                seen += added;
                splits |= seen > 0 && seen < rows.Length;
                if (added == 0 || seen < LeastInLeaf || rows.Length - seen < LeastInLeaf)
                {
                    continue;
                }

                for (var label = 0; label < classes; label++)
                {
                    above[label] = counts[label] - below[label];
                }

                var purity = Purity(below) + Purity(above);
                if (purity > greatest)
                {
                    (greatest, best) = (purity, (column, bound));
                }
            }

            useful += splits ? 1 : 0;
        }

        return best;
    }

    // Σ w² / Σ w of a side is the greater the smaller its Gini impurity is, weighted by its size.
    private double Purity(ReadOnlySpan<int> counts)
    {
        var (squares, sum) = (0.0, 0.0);
        for (var label = 0; label < counts.Length; label++)
        {
            var weight = _weights[label] * counts[label];
            squares += weight * weight;
            sum += weight;
        }

        return sum > 0 ? squares / sum : 0;
    }

    private double[] Shares(int[] counts)
    {
        var weighted = counts.Zip(_weights, (count, weight) => count * weight).ToArray();
        var sum = weighted.Sum();
        return [.. weighted.Select(value => value / sum)];
    }

    private static int Partition(Span<int> rows, byte[] column, int bound)
    {
        var below = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (column[rows[i]] < bound)
            {
                (rows[below], rows[i]) = (rows[i], rows[below]);
                below++;
            }
        }

        return below;
    }

    private sealed class Node(double[] shares)
    {
        public double[] Shares => shares;

        public int Column { get; init; }

        public int Bound { get; init; }

        public Node? Below { get; init; }

        public Node? Above { get; init; }
    }
}
