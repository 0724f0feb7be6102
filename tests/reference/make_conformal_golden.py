#!/usr/bin/python3
"""Writes what hierarchical split conformal prediction asks for, for CovidCt.Evaluation.Tests/Calibration.

    /usr/bin/python3 tests/reference/make_conformal_golden.py      (NumPy 1.24)

After Lee, Barber and Willett 2023 (arXiv 2306.06342), in fractions, which round nothing: the quantile of the measure with a
mass of 1 / ((K + 1) n) on each of the n scores of each of K groups, and of 1 / (K + 1) at infinity. Scores are one less the probability of
the class. Where every group has one image, the quantile is checked here against NumPy's of the usual split conformal prediction.
"""

import json
import math
import pathlib
from fractions import Fraction

import numpy as np

FILE = pathlib.Path(__file__).parent.parent / "CovidCt.Evaluation.Tests" / "Calibration" / "Fixtures" / "conformal-golden.json"


def quantile(groups, level):
    """The least score up to which the measure has the level; None where only infinity reaches it."""
    masses = {}
    for scores in groups:
        for score in scores:
            masses[score] = masses.get(score, 0) + Fraction(1, (len(groups) + 1) * len(scores))
    reached = Fraction(0)
    for score in sorted(masses):
        reached += masses[score]
        if reached >= level:
            return score
    return None


def threshold(clusters, positives, thousandths, level, of):
    groups = {}
    for cluster, positive, p in zip(clusters, positives, thousandths):
        if positive == of:
            groups.setdefault(cluster, []).append(1000 - p if of else p)
    found = quantile(list(groups.values()), level)
    if groups and all(len(scores) == 1 for scores in groups.values()):
        k = len(groups)
        rank = math.ceil((k + 1) * level)
        usual = None if rank > k else np.quantile([s[0] for s in groups.values()], rank / k, method="inverted_cdf")
        assert found == usual, (found, usual)
    return None if found is None else (1000 - found if of else found) / 1000


def case(random, clusters, most, level):
    rows = []
    for cluster in range(clusters):
        positive, mixed = int(random.integers(2)), random.random() < 0.15
        for _ in range(int(random.integers(1, most + 1))):
            of = int(random.integers(2)) if mixed else positive
            p = int(np.clip(np.round(1000 / (1 + np.exp(-random.normal(1.2 if of else -1.2, 1.2)))), 0, 1000))
            rows.append((cluster, of, p))
    order = random.permutation(len(rows))
    names, actual, thousandths = ([rows[i][column] for i in order] for column in range(3))
    return {
        "level": float(level), "cluster": names, "actual": actual, "probability": [p / 1000 for p in thousandths],
        "positive": threshold(names, actual, thousandths, level, 1), "negative": threshold(names, actual, thousandths, level, 0),
    }


random = np.random.default_rng(19)
golden = [
    case(random, clusters, most, Fraction(level))
    for clusters, most in ((12, 1), (19, 1), (40, 1), (25, 4), (40, 9), (90, 3), (3, 2))
    for level in ("1/2", "4/5", "9/10", "19/20", "99/100")
]
FILE.write_text(json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{") + "\n")
