#!/usr/bin/python3
"""Writes what SciPy and NumPy compute of intervals and tests, for CovidCt.Evaluation.Tests/Statistics.

    /usr/bin/python3 tests/reference/make_statistics_golden.py      (SciPy 1.10, NumPy 1.24)
"""

import json
import pathlib

import numpy as np
from scipy import stats
from scipy.stats._resampling import _bca_interval

FILE = pathlib.Path(__file__).parent.parent / "CovidCt.Evaluation.Tests" / "Statistics" / "Fixtures" / "statistics-golden.json"


def student_quantile(p, df):
    """SciPy 1.10's own stops up to 4e-9 short; its distribution function doesn't."""
    t = stats.t.ppf(p, df)
    for _ in range(3):
        t -= (stats.t.cdf(t, df) - p) / stats.t.pdf(t, df)
    return float(t)


def distributions():
    normal = [[level, float(stats.norm.ppf(0.5 + level / 2))] for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.9999)]
    student = [
        [level, df, student_quantile(0.5 + level / 2, df)]
        for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
        for df in (1, 2, 3, 4, 4.7, 9, 19, 36.25, 99, 1000)
    ]
    tails = [[t, df, float(2 * stats.t.sf(abs(t), df))] for t in (-12.5, -3, -0.1, 0, 0.7, 2, 4.5, 30) for df in (1, 2, 4, 9, 99)]
    return {"normal": normal, "student": student, "studentP": tails}


def wilson():
    for successes, trials in ((0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (138, 149), (5, 9), (2481, 2482), (1241, 2482)):
        for level in (0.8, 0.95, 0.99):
            low, high = stats.binomtest(successes, trials).proportion_ci(level, "wilson")
            yield {"successes": successes, "trials": trials, "level": level, "low": float(low), "high": float(high)}


def bca(random):
    """SciPy's own bootstrap, with the replicates and jackknife values that it sees, of one sample and of two."""

    def mean(x, axis=-1):
        return np.mean(x, axis=axis)

    def ratio(x, y, axis=-1):
        return np.mean(x, axis=axis) / np.mean(y, axis=axis)

    cases = [
        ("mean of exponential", (random.exponential(size=12),), mean),
        ("share, with ties", ((random.random(25) < 0.8).astype(float),), mean),
        ("ratio of two samples", (random.exponential(size=9) + 1, random.exponential(size=14) + 1), ratio),
    ]
    for name, data, statistic in cases:
        for level in (0.9, 0.95):
            result = stats.bootstrap(
                data, statistic, confidence_level=level, n_resamples=400, method="BCa", random_state=np.random.default_rng(5))
            replicates = result.bootstrap_distribution
            jackknife = []
            for j, sample in enumerate(data):
                jackknife.append([
                    float(statistic(*[np.delete(s, i) if k == j else s for k, s in enumerate(data)]))
                    for i in range(len(sample))
                ])
            low, high, acceleration = _bca_interval(data, statistic, -1, (1 - level) / 2, replicates, None)
            assert np.allclose(np.percentile(replicates, [100 * float(low), 100 * float(high)]), result.confidence_interval, atol=1e-12)
            yield {
                "name": name, "level": level, "estimate": float(statistic(*data)), "replicates": replicates.tolist(),
                "jackknife": jackknife, "low": float(result.confidence_interval.low), "high": float(result.confidence_interval.high),
                "expanded": expanded(float(statistic(*data)), replicates, jackknife, level),
                "against": [against(float(statistic(*data)), replicates, jackknife, v) for v in np.percentile(replicates, (0.1, 4, 60, 99))],
            }


def influences(jackknife):
    """Hesterberg's factor, Satterthwaite's degrees of freedom and the acceleration."""
    influence = [(len(j) - 1) * (np.mean(j) - np.array(j)) for j in jackknife]
    plugin = sum(np.sum(u**2) / len(u) ** 2 for u in influence)
    each = [np.sum(u**2) / (len(u) * (len(u) - 1)) for u in influence]
    df = sum(each) ** 2 / sum(v**2 / (len(u) - 1) for v, u in zip(each, influence))
    return np.sqrt(sum(each) / plugin), df, sum(np.sum(u**3) / len(u) ** 3 for u in influence) / (6 * plugin**1.5)


def below(replicates, value):
    share = (np.mean(replicates < value) + np.mean(replicates <= value)) / 2
    return stats.norm.ppf(np.clip(share, 0.5 / len(replicates), 1 - 0.5 / len(replicates)))


def against(estimate, replicates, jackknife, value):
    """The p-values of the estimate against a value: DiCiccio and Efron's formula of the ends, solved for z; and widened."""
    scale, df, acceleration = influences(jackknife)
    z0 = below(replicates, estimate)
    shift = below(replicates, value) - z0
    z = shift / (1 + acceleration * shift) - z0
    return [float(value), float(2 * stats.norm.sf(abs(z))), float(2 * stats.t.sf(abs(z) / scale, df))]


def expanded(estimate, replicates, jackknife, level):
    """The same by formula, with z widened by Hesterberg's factor and Student's quantile at Satterthwaite's degrees."""
    scale, df, acceleration = influences(jackknife)
    z = scale * student_quantile(0.5 + level / 2, df)
    z0 = below(replicates, estimate)
    ends = [stats.norm.cdf(z0 + (z0 + q) / (1 - acceleration * (z0 + q))) for q in (-z, z)]
    return [float(v) for v in np.percentile(replicates, [100 * e for e in ends])]


# DeLong, DeLong and Clarke-Pearson 1988: 43 complete records, as printed in the SAS/STAT User's Guide, "Comparing Receiver
# Operating Characteristic Curves": albumin, total protein, K-G score, whether surgery was of use. SAS scores 10 - K-G.
OVARIAN = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1  3.8 5.7 5 1  3.7 6.7 6 1
3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0  2.3 4.4 6 1  4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1
3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1  3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1
3.3 6.8 6 0  1.7 4.0 7 0  3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1
3.3 5.7 6 1  3.7 6.9 5 1  3.6 6.6 5 1
"""


def structural(actual, score, clusters):
    """Obuchowski 1997 by all pairs: areas' covariance matrix of several scores; DeLong's where all clusters are single."""
    actual, clusters = np.asarray(actual, bool), np.asarray(clusters)
    v10, v01, areas = [], [], []
    for s in np.asarray(score, float):
        kernel = (s[actual][:, None] > s[~actual]) + 0.5 * (s[actual][:, None] == s[~actual])
        v10.append(kernel.mean(1))
        v01.append(kernel.mean(0))
        areas.append(kernel.mean())
    m, n = actual.sum(), (~actual).sum()
    names = np.unique(clusters)
    with10, with01, every = np.unique(clusters[actual]), np.unique(clusters[~actual]), len(names)

    def sums(values, area, rows):
        return np.array([np.sum(values[clusters[rows] == c] - area) for c in names])

    tens = [sums(v, a, actual) for v, a in zip(v10, areas)]
    ones = [sums(v, a, ~actual) for v, a in zip(v01, areas)]
    k = len(areas)
    covariance = np.empty((k, k))
    for r in range(k):
        for s in range(k):
            s10 = len(with10) / ((len(with10) - 1) * m) * np.sum(tens[r] * tens[s])
            s01 = len(with01) / ((len(with01) - 1) * n) * np.sum(ones[r] * ones[s])
            s11 = every / (every - 1) * np.sum(tens[r] * ones[s])
            s11turned = every / (every - 1) * np.sum(tens[s] * ones[r])
            covariance[r, s] = s10 / m + s01 / n + (s11 + s11turned) / (m * n)
    return np.array(areas), covariance


def delong(random):
    def case(name, actual, scores, clusters):
        areas, covariance = structural(actual, scores, clusters)
        error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
        z = (areas[0] - areas[1]) / error
        half = stats.norm.ppf(0.975) * error
        own = stats.norm.ppf(0.975) * np.sqrt(covariance[0, 0])
        return {
            "name": name, "actual": [int(a) for a in actual], "scores": np.asarray(scores).tolist(), "clusters": [int(c) for c in clusters],
            "areas": areas.tolist(), "covariance": covariance.tolist(), "z": float(z), "p": float(2 * stats.norm.sf(abs(z))),
            "interval": [float(max(-1, areas[0] - areas[1] - half)), float(min(1, areas[0] - areas[1] + half))],
            "own": [float(max(0, areas[0] - own)), float(min(1, areas[0] + own))],
        }

    table = np.array(OVARIAN.split(), float).reshape(-1, 4)
    yield case("ovarian", table[:, 3] == 1, [10 - table[:, 2], table[:, 0]], range(len(table)))
    yield case("ovarian, protein", table[:, 3] == 1, [10 - table[:, 2], table[:, 1]], range(len(table)))
    for name, clustered, ties in (("single", False, False), ("clustered", True, False), ("clustered, with ties", True, True)):
        clusters = random.integers(0, 30, 90) if clustered else np.arange(90)
        effect = random.normal(size=90)
        actual = (effect[clusters] * 0.7 + random.normal(size=90)) > 0
        scores = [effect[clusters] + random.normal(size=90) + actual * d for d in (1.0, 0.5)]
        scores = [np.round(s, 0 if ties else 4) for s in scores]
        yield case(name, actual, scores, clusters)


def resampled():
    cases = [
        ([0.02, 0.031, -0.004, 0.015, 0.022], 0.25), ([0.1, -0.1], 1.0), ([0.5, 0.25, 0.75], 0.5),
        ([0.01, 0.02, 0.015, 0.011, 0.03, -0.02, 0.014, 0.016, 0.018, 0.009], 1 / 9), ([3.0, 1.0, 2.0, 5.0], 0.0),
    ]
    for differences, ratio in cases:
        d = np.array(differences)
        k = len(d)
        error = np.sqrt((1 / k + ratio) * d.var(ddof=1))
        t = d.mean() / error
        half = student_quantile(0.975, k - 1) * error
        if ratio == 0:
            assert np.isclose(t, stats.ttest_1samp(d, 0).statistic)
        yield {
            "differences": differences, "ratio": ratio, "mean": float(d.mean()), "error": float(error), "t": float(t),
            "p": float(2 * stats.t.sf(abs(t), k - 1)), "low": float(d.mean() - half), "high": float(d.mean() + half),
        }


def main():
    random = np.random.default_rng(20)
    golden = {
        **distributions(), "wilson": list(wilson()), "bca": list(bca(random)), "delong": list(delong(random)),
        "resampled": list(resampled()),
    }
    FILE.write_text(json.dumps(golden, indent=None, separators=(",", ":")).replace('},{', '},\n{') + "\n")


main()
