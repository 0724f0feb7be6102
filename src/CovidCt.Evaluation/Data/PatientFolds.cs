namespace CovidCt.Data;

/// <summary>Shares whole patients out among folds; all arithmetic is in whole numbers, so that it is the same everywhere.</summary>
internal static class PatientFolds
{
    /// <summary>The fold of each sample.</summary>
    public static int[] Assign(CtDataset dataset, int folds, Mt19937 random)
    {
        var classes = dataset.Classes.Count;
        var patients = dataset.Samples.GroupBy(sample => sample.Patient!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Patient(group.Key, Count(group, classes)))
            .ToArray();
        random.Shuffle(patients.AsSpan());

        // Patients with the same classes are exchangeable without touching any class's number of patients.
        var strata = patients.GroupBy(patient => patient.Classes)
            .OrderByDescending(stratum => stratum.Key.Count(c => c == '1')).ThenBy(stratum => stratum.Key, StringComparer.Ordinal)
            .Select(stratum => stratum.OrderByDescending(patient => patient.Images.Sum()).ToArray())
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
        var foldOf = patients.ToDictionary(patient => patient.Name, patient => number[patient.Fold], StringComparer.Ordinal);
        return [.. dataset.Samples.Select(sample => foldOf[sample.Patient!])];
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
    private static int[][] Quotas(Patient[][] strata, int folds, int classes)
    {
        var patients = new int[folds, classes + 1];
        var quotas = new int[strata.Length][];
        for (var s = 0; s < strata.Length; s++)
        {
            quotas[s] = new int[folds];
            int[] present = [.. Enumerable.Range(0, classes).Where(c => strata[s][0].Images[c] > 0)];
            for (var i = 0; i < strata[s].Length; i++)
            {
                var fold = Enumerable.Range(0, folds).MinBy(f => (present.Sum(c => patients[f, c]), patients[f, classes]));
                quotas[s][fold]++;
                patients[fold, classes]++;
                foreach (var c in present)
                {
                    patients[fold, c]++;
                }
            }
        }

        return quotas;
    }

    // The largest first, each to the fold that has least of its classes.
    private static void ShareOut(Patient[] stratum, int[] quota, long[][] load)
    {
        foreach (var patient in stratum)
        {
            patient.Fold = Enumerable.Range(0, load.Length).Where(fold => quota[fold] > 0)
                .MinBy(fold => (load[fold].Where((_, c) => patient.Images[c] > 0).Sum(), load[fold].Sum()));
            quota[patient.Fold]--;
            for (var c = 0; c < patient.Images.Length; c++)
            {
                load[patient.Fold][c] += patient.Images[c];
            }
        }
    }

    // One pass; each swap lowers the sum of squared loads, so that passes come to an end.
    private static bool Swap(Patient[] stratum, long[][] load)
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

    private sealed class Patient(string name, int[] images)
    {
        public string Name => name;

        /// <summary>Images of each class.</summary>
        public int[] Images => images;

        /// <summary>Which classes there are images of, one digit each.</summary>
        public string Classes { get; } = string.Concat(images.Select(count => count > 0 ? '1' : '0'));

        public int Fold { get; set; }
    }
}
