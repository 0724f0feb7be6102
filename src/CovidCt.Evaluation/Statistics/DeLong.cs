using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// Variances of areas under ROC curves from placement values: DeLong, DeLong and Clarke-Pearson, "Comparing the areas under
/// two or more correlated receiver operating characteristic curves: a nonparametric approach", Biometrics 1988, 44,
/// 837-845, by the midranks of Sun and Xu, IEEE Signal Processing Letters 2014, 21(11), 1389-1393; where clusters are
/// given, summed within them as in Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 1997,
/// 53, 567-578.
/// </summary>
internal static class DeLong
{
    /// <summary>An area with its interval.</summary>
    /// <param name="outcomes">Whether an image is positive, and its probability or any other score.</param>
    /// <param name="clusters">For each image, whose it is, as any number; null when every image is its own.</param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    /// <returns>Null where one of the classes is missing.</returns>
    /// <exception cref="ArgumentException">A score is not a finite number, or the clusters are not as many as the outcomes.</exception>
    public static AucEstimate? Of(
        IReadOnlyList<(bool Actual, double Score)> outcomes, IReadOnlyList<int>? clusters = null, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        Interval.RequireLevel(level);
        bool[] actual = [.. outcomes.Select(o => o.Actual)];
        RequireAsMany(actual.Length, clusters?.Count, nameof(clusters));
        if (Placements([.. outcomes.Select(o => o.Score)], actual, nameof(outcomes)) is not { } placements)
        {
            return null;
        }

        var area = Area(placements, actual);
        var error = Root(Variance(placements, actual, clusters));
        return new(area, error, error is { } e ? Around(area, e, level, 0, 1) : null);
    }

    /// <summary>
    /// One network's area with its images clustered by source where sources are known, else by patient: the mean over the folds where
    /// each cluster lies in one, since scores of
    /// different networks have no common order; else, where some lie in several folds, the area of all images together.
    /// </summary>
    /// <remarks>Folds without a patient in common err apart, so that the variance of their mean is the sum of theirs / folds².</remarks>
    /// <param name="predictions">Those of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    /// <returns>Null where one of the classes is missing, in all images or in every fold; the other folds are then left out.</returns>
    /// <exception cref="ArgumentException">A probability is not a finite number.</exception>
    public static AucEstimate? ByPatient(IReadOnlyList<Prediction> predictions, string positive, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var clusters = Clusters.Of(predictions, positive).OfRow;
        var rows = predictions.Zip(clusters, (p, cluster) => (p.Fold, Outcome: (p.Label == positive, p.Probability), Cluster: cluster));
        var parts = FoldSummaries.For(rows.Select(row => (row.Cluster, row.Fold))) == FoldSummary.Pooled
            ? rows.GroupBy(_ => 0)
            : rows.GroupBy(row => row.Fold).OrderBy(fold => fold.Key);
        List<AucEstimate> areas =
        [
            .. parts.Select(part => Of([.. part.Select(row => row.Outcome)], [.. part.Select(row => row.Cluster)], level))
                .OfType<AucEstimate>(),
        ];
        if (areas.Count == 0)
        {
            return null;
        }

        var mean = areas.Average(area => area.Auc);
        var error = Root(areas.Any(area => area.StandardError is null)
            ? null
            : areas.Sum(area => area.StandardError * area.StandardError) / (areas.Count * areas.Count));
        return new(mean, error, error is { } e ? Around(mean, e, level, 0, 1) : null);
    }

    /// <summary>Tests whether two areas on the same images differ.</summary>
    /// <param name="actual">Whether an image is positive.</param>
    /// <param name="first">One score an image.</param>
    /// <param name="second">Another score an image.</param>
    /// <param name="clusters">For each image, whose it is, as any number; null when every image is its own.</param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    /// <returns>Null where one of the classes is missing.</returns>
    /// <exception cref="ArgumentException">A score is not a finite number, or the numbers of images differ.</exception>
    public static AucComparison? Compare(
        IReadOnlyList<bool> actual,
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        IReadOnlyList<int>? clusters = null,
        double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Interval.RequireLevel(level);
        RequireAsMany(actual.Count, first.Count, nameof(first));
        RequireAsMany(actual.Count, second.Count, nameof(second));
        RequireAsMany(actual.Count, clusters?.Count, nameof(clusters));
        if (Placements(first, actual, nameof(first)) is not { } one || Placements(second, actual, nameof(second)) is not { } two)
        {
            return null;
        }

        // The variance of the difference comes from differences of placements, which is exactly 0 for equal scores.
        double[] differences = [.. one.Zip(two, (a, b) => a - b)];
        var variance = Variance(differences, actual, clusters);
        var covariance = (Variance(one, actual, clusters) + Variance(two, actual, clusters) - variance) / 2;
        var difference = Area(one, actual) - Area(two, actual);
        return Root(variance) is { } error
            ? new(Area(one, actual), Area(two, actual), covariance, error, difference / error,
                Distributions.TwoSidedNormalP(difference / error), Around(difference, error, level, -1, 1))
            : new(Area(one, actual), Area(two, actual), covariance, null, null, difference == 0 ? 1 : null, null);
    }

    /// <summary>
    /// For a positive image the share of negatives below it, for a negative one the share of positives above it, ties
    /// half; null where a class is missing.
    /// </summary>
    private static double[]? Placements(IReadOnlyList<double> scores, IReadOnlyList<bool> actual, string parameter)
    {
        foreach (var score in scores)
        {
            FiguresOfMerit.RequireFinite(score, parameter);
        }

        int positives = actual.Count(a => a), negatives = actual.Count - positives;
        if (positives == 0 || negatives == 0)
        {
            return null;
        }

        int[] all = [.. Enumerable.Range(0, scores.Count)];
        var ranks = TwiceMidranks(all, scores);
        var withinPositives = TwiceMidranks(all.Where(i => actual[i]), scores);
        var withinNegatives = TwiceMidranks(all.Where(i => !actual[i]), scores);
        return
        [
            .. all.Select(i => actual[i]
                ? (ranks[i] - withinPositives[i]) / (2.0 * negatives)
                : (2 * positives - (ranks[i] - withinNegatives[i])) / (2.0 * positives)),
        ];
    }

    /// <summary>Twice the midranks of some rows among themselves, by row; whole numbers.</summary>
    private static int[] TwiceMidranks(IEnumerable<int> some, IReadOnlyList<double> scores)
    {
        var ranks = new int[scores.Count];
        int[] rows = [.. some.OrderBy(row => scores[row])];
        for (int start = 0, end; start < rows.Length; start = end)
        {
            for (end = start; end < rows.Length && scores[rows[end]] == scores[rows[start]];)
            {
                end++;
            }

            for (var i = start; i < end; i++)
            {
                ranks[rows[i]] = start + 1 + end;
            }
        }

        return ranks;
    }

    private static double Area(double[] placements, IReadOnlyList<bool> actual) =>
        placements.Where((_, i) => actual[i]).Average();

    /// <summary>
    /// Obuchowski 1997: S10 / M + S01 / N + 2 S11 / (M N), with sums of placements' deviations within clusters. With an
    /// image a cluster the last term vanishes, and what remains is DeLong's.
    /// </summary>
    private static double? Variance(double[] placements, IReadOnlyList<bool> actual, IReadOnlyList<int>? clusters)
    {
        var mean = Area(placements, actual);
        var sums = new Dictionary<int, (double OfPositives, double OfNegatives, int Positives, int Negatives)>();
        for (var i = 0; i < placements.Length; i++)
        {
            var cluster = clusters?[i] ?? i;
            var sum = sums.GetValueOrDefault(cluster);
            var deviation = placements[i] - mean;
            sums[cluster] = actual[i]
                ? sum with { OfPositives = sum.OfPositives + deviation, Positives = sum.Positives + 1 }
                : sum with { OfNegatives = sum.OfNegatives + deviation, Negatives = sum.Negatives + 1 };
        }

        double withPositives = sums.Values.Count(s => s.Positives > 0), withNegatives = sums.Values.Count(s => s.Negatives > 0);
        if (withPositives < 2 || withNegatives < 2)
        {
            return null;
        }

        double positives = sums.Values.Sum(s => s.Positives), negatives = sums.Values.Sum(s => s.Negatives), all = sums.Count;
        return withPositives / (withPositives - 1) * sums.Values.Sum(s => s.OfPositives * s.OfPositives) / (positives * positives)
            + withNegatives / (withNegatives - 1) * sums.Values.Sum(s => s.OfNegatives * s.OfNegatives) / (negatives * negatives)
            + 2 * all / (all - 1) * sums.Values.Sum(s => s.OfPositives * s.OfNegatives) / (positives * negatives);
    }

    private static double? Root(double? variance) => variance > 0 ? Math.Sqrt(variance.Value) : null;

    private static Interval Around(double centre, double error, double level, double least, double most)
    {
        var half = Distributions.TwoSidedNormal(level) * error;
        return new(Math.Max(least, centre - half), Math.Min(most, centre + half), level);
    }

    private static void RequireAsMany(int images, int? given, string parameter)
    {
        if (given is { } count && count != images)
        {
            throw new ArgumentException($"There are {images} images and {count} {parameter}.", parameter);
        }
    }
}
