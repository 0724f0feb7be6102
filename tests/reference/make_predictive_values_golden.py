#!/usr/bin/python3
"""Writes what NumPy computes of likelihood ratios and predictive values, for CovidCt.Evaluation.Tests/Statistics.

    /usr/bin/python3 tests/reference/make_predictive_values_golden.py      (NumPy 1.24)

Values come from counting a population of the wanted prevalence, and not from the formula: so many of 1,000,000 people are ill, of whom
the test finds its share. `drawn` has the figures of patients who were drawn with replacement within their class, as means over folds.
"""

import json
import pathlib

import numpy as np

FILE = pathlib.Path(__file__).parent.parent / "CovidCt.Evaluation.Tests" / "Statistics" / "Fixtures" / "predictive-values-golden.json"
PREVALENCES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5]


def figures(sensitivity, specificity, prevalence):
    """Rows: ill, well; columns: called ill, called well."""
    people = 1e6 * np.array([prevalence, 1 - prevalence])
    called = people[:, None] * np.array([[sensitivity, 1 - sensitivity], [1 - specificity, specificity]])
    ratios = [sensitivity / (1 - specificity), (1 - sensitivity) / specificity]
    return [*map(float, ratios), float(called[0, 0] / called[:, 0].sum()), float(called[1, 1] / called[:, 1].sum())]


def formula():
    for sensitivity, specificity in ((0.825, 0.806), (0.5, 0.5), (0.99, 0.2), (0.03, 0.999)):
        for prevalence in (*PREVALENCES, 0.4677):
            yield {
                "sensitivity": sensitivity, "specificity": specificity, "prevalence": prevalence,
                "figures": figures(sensitivity, specificity, prevalence),
            }


def drawn(random):
    """Patients of three folds with one answer each, and the figures of some draws."""
    actual = np.arange(60) % 2 == 0
    fold = np.arange(60) % 3
    probability = np.round(np.clip(np.where(actual, 0.6, 0.4) + 0.25 * random.normal(size=60), 0.01, 0.99), 3)
    for _ in range(6):
        weights = np.zeros(60, int)
        for of in (True, False):
            rows = np.flatnonzero(actual == of)
            np.add.at(weights, random.choice(rows, len(rows)), 1)
        sensitivity, specificity = (
            np.mean([np.average(((probability >= 0.5) == of)[part], weights=weights[part])
                     for part in ((actual == of) & (fold == k) for k in range(3))])
            for of in (True, False))
        yield {
            "actual": actual.astype(int).tolist(), "fold": fold.tolist(), "probability": probability.tolist(),
            "weights": weights.tolist(), "figures": [figures(sensitivity, specificity, p) for p in PREVALENCES],
        }


golden = {"formula": list(formula()), "drawn": list(drawn(np.random.default_rng(17)))}
FILE.write_text(json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{") + "\n")
