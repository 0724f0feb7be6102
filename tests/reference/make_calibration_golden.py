#!/usr/bin/python3
"""Writes what scikit-learn and SciPy compute of calibration, for CovidCt.Evaluation.Tests/Calibration.

    /usr/bin/python3 tests/reference/make_calibration_golden.py      (scikit-learn 1.2, SciPy 1.10, NumPy 1.24)
"""

import json
import pathlib

import numpy as np
from scipy import optimize, special
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

FILE = pathlib.Path(__file__).parent.parent / "CovidCt.Evaluation.Tests" / "Calibration" / "Fixtures" / "calibration-golden.json"


def gaps(weights, observed, predicted):
    return float(np.sum(weights * np.abs(observed - predicted))), float(np.max(np.abs(observed - predicted)))


def masses(p, bins, strategy):
    edges = np.linspace(0, 1, bins + 1) if strategy == "uniform" else np.percentile(p, np.linspace(0, 100, bins + 1))
    counts = np.bincount(np.searchsorted(edges[1:-1], p), minlength=bins)
    return counts[counts > 0]


def diagrams(y, p):
    for strategy in ("uniform", "quantile"):
        for bins in (1, 7, 10, 15):
            observed, predicted = calibration_curve(y, p, n_bins=bins, strategy=strategy)
            counts = masses(p, bins, strategy)
            ece, mce = gaps(counts / len(p), observed, predicted)
            yield {
                "strategy": strategy, "bins": bins, "observed": observed.tolist(), "predicted": predicted.tolist(),
                "counts": counts.tolist(), "ece": ece, "mce": mce,
            }


def top_label(y, p, bins):
    """Guo et al. 2017 by their definition: bins ((m - 1) / M, m / M] of the confidence."""
    called = p >= 0.5
    confidence, right = np.where(called, p, 1 - p), called == y
    total = 0
    for m in range(1, bins + 1):
        inside = (confidence > (m - 1) / bins) & (confidence <= m / bins)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(total)


def net_benefit(y, p):
    for t in (0.05, 0.2, 0.5, 0.75, 0.9):
        called = p >= t
        w = t / (1 - t)
        yield [t, float(np.mean(called & (y == 1)) - np.mean(called & (y == 0)) * w), float(np.mean(y) - np.mean(1 - y) * w)]


def regression(y, p, weights):
    """Slope by scikit-learn's logistic regression, polished on the likelihood's gradient; the intercept at slope 1 by a root search."""
    x = np.log(p / (1 - p))
    fit = LogisticRegression(penalty=None, tol=1e-10, max_iter=10000).fit(x[:, None], y, sample_weight=weights)

    def gradient(ab):
        rest = weights * (y - special.expit(ab[0] + ab[1] * x))
        return [np.sum(rest), np.sum(rest * x)]

    start = [fit.intercept_[0], fit.coef_[0, 0]]
    exact = optimize.fsolve(gradient, start, xtol=1e-12)
    assert np.allclose(start, exact, atol=1e-4)
    large = optimize.brentq(lambda a: np.sum(weights * (y - special.expit(a + x))), -20, 20, xtol=1e-14)
    return {
        "weights": weights.tolist(), "intercept": float(exact[0]), "slope": float(exact[1]), "inTheLarge": float(large),
        "calibrated": special.expit(exact[0] + exact[1] * x).tolist(),
        "observedToExpected": float(np.sum(weights * y) / np.sum(weights * p)),
    }


def weightings(size):
    yield np.ones(size, int)
    yield np.random.default_rng(size).integers(0, 4, size)


def main():
    random = np.random.default_rng(11)
    cases = []
    for name, size, sharpness, rounded in (("too sure", 150, 3, False), ("not sure enough", 120, 0.4, False), ("ties", 200, 1.5, True)):
        logit = random.normal(0.2, 1.3, size)
        y = (random.random(size) < special.expit(logit)).astype(int)
        p = special.expit(sharpness * logit)
        p = np.clip(np.round(p, 2), 0.01, 0.99) if rounded else p
        cases.append({
            "name": name, "actual": y.tolist(), "probability": p.tolist(), "brier": float(brier_score_loss(y, p)),
            "diagrams": list(diagrams(y, p)), "topLabel": top_label(y, p, 15),
            "decision": list(net_benefit(y, p)), "regressions": [regression(y, p, w) for w in weightings(size)],
        })
    FILE.write_text(json.dumps(cases, separators=(",", ":")).replace('},{', '},\n{') + "\n")


main()
