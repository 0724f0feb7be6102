namespace CovidCt.Data;

/// <summary>
/// Shares whole groups of images, such as those of a patient, out among folds; all arithmetic is in whole numbers, so that it is the same
/// everywhere.
/// </summary>
internal static class WholeGroups
{
    /// <summary>The fold of each sample.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="keys">The group of each sample.</param>
    /// <param name="folds">The number of folds.</param>
    /// <param name="random">Decides among folds that are equally even.</param>
    public static int[] Assign(CtDataset dataset, IReadOnlyList<string> keys, int folds, Mt19937 random)
    {
        var classes = dataset.Classes.Count;
        var groups = dataset.Samples.Zip(keys).GroupBy(entry => entry.Second, entry => entry.First, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Group(group.Key, Count(group, classes)))
            .ToArray();
        random.Shuffle(groups.AsSpan());

        // Groups with the same classes are exchangeable without touching any class's number of groups.
        var strata = groups.GroupBy(group => group.Classes)
            .OrderByDescending(stratum => stratum.Key.Count(c => c == '1')).ThenBy(stratum => stratum.Key, StringComparer.Ordinal)
            .Select(stratum => stratum.OrderByDescending(group => group.Images.Sum()).ToArray())
            .ToArray();
        var quotas = Quotas(strata, folds, classes);
        var load = new long[folds][];
        for (var fold = 0; fold < folds; fold++)
        {
            load[fold] = new long[classes];
        }

        for (var s = 0; s < strata.Length; s++)
        {
            ShareOut(strata[s], quotas[s], load);
        }

        while (Array.Exists(strata, stratum => Swap(stratum, load)))
        {
        }

        // The search is blind to the folds' numbers; the seed decides which is which.
        var number = Enumerable.Range(0, folds).ToArray();
        random.Shuffle(number.AsSpan());
        var foldOf = groups.ToDictionary(group => group.Name, group => number[group.Fold], StringComparer.Ordinal);
        return [.. keys.Select(key => foldOf[key])];
    }

    private static int[] Count(IEnumerable<CtSample> samples, int classes)
    {
        var images = new int[classes];
        foreach (var sample in samples)
        {
            images[sample.Label]++;
        }

        return images;
    }

    // Those of several classes first, so that those of one can even out what they leave.
    private static int[][] Quotas(Group[][] strata, int folds, int classes)
    {
        var groups = new int[folds, classes + 1];
        var quotas = new int[strata.Length][];
        for (var s = 0; s < strata.Length; s++)
        {
            quotas[s] = new int[folds];
            int[] present = [.. Enumerable.Range(0, classes).Where(c => strata[s][0].Images[c] > 0)];
            for (var i = 0; i < strata[s].Length; i++)
            {
                var fold = Enumerable.Range(0, folds).MinBy(f => (present.Sum(c => groups[f, c]), groups[f, classes]));
                quotas[s][fold]++;
                groups[fold, classes]++;
                foreach (var c in present)
                {
                    groups[fold, c]++;
                }
            }
        }

        return quotas;
    }

    // The largest first, each to the fold that has least of its classes.
    private static void ShareOut(Group[] stratum, int[] quota, long[][] load)
    {
        foreach (var group in stratum)
        {
            group.Fold = Enumerable.Range(0, load.Length).Where(fold => quota[fold] > 0)
                .MinBy(fold => (load[fold].Where((_, c) => group.Images[c] > 0).Sum(), load[fold].Sum()));
            quota[group.Fold]--;
            for (var c = 0; c < group.Images.Length; c++)
            {
                load[group.Fold][c] += group.Images[c];
            }
        }
    }

    // One pass; each swap lowers the sum of squared loads, so that passes come to an end.
    private static bool Swap(Group[] stratum, long[][] load)
    {
        var swapped = false;
        for (var i = 0; i < stratum.Length; i++)
        {
            for (var j = i + 1; j < stratum.Length; j++)
            {
                var (a, b) = (stratum[i], stratum[j]);
                if (a.Fold == b.Fold || Change(a.Images, b.Images, load[a.Fold], load[b.Fold]) >= 0)
                {
                    continue;
                }

                for (var c = 0; c < a.Images.Length; c++)
                {
                    load[a.Fold][c] += b.Images[c] - a.Images[c];
                    load[b.Fold][c] += a.Images[c] - b.Images[c];
                }

                (a.Fold, b.Fold) = (b.Fold, a.Fold);
                swapped = true;
            }
        }

        return swapped;
    }

    // Half of what the sum of squares, over classes and over all images, would change by.
    private static long Change(int[] a, int[] b, long[] loadA, long[] loadB)
    {
        var (change, moved, distance) = (0L, 0L, 0L);
        for (var c = 0; c < a.Length; c++)
        {
            long difference = b[c] - a[c];
            change += difference * (difference + loadA[c] - loadB[c]);
            moved += difference;
            distance += loadA[c] - loadB[c];
        }

        return change + (moved * (moved + distance));
    }

    private sealed class Group(string name, int[] images)
    {
        public string Name => name;

        /// <summary>Images of each class.</summary>
        public int[] Images => images;

        /// <summary>Which classes there are images of, one digit each.</summary>
        public string Classes { get; } = string.Concat(images.Select(count => count > 0 ? '1' : '0'));

        public int Fold { get; set; }
    }
}
