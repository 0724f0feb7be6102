#!/usr/bin/python3
"""Bootstrap bias corrected cross-validation by NumPy and scikit-learn, from weights that are given.

    python3 tests/reference/choose_recipe.py ROWS WEIGHTS OneStandardError|Best      (NumPy 1.24, scikit-learn 1.2)

ROWS has a line an image: its fold, whether it is positive, its cluster, and each recipe's probability, the simplest recipe first. WEIGHTS has
a line a draw: how often each cluster was drawn. Prints what the choice comes to as JSON: see docs/statistics.md.
"""

import json
import sys

import numpy as np
from sklearn.metrics import roc_auc_score


def areas(rows, weights):
    """By recipe and fold, the areas under the ROC curve; folds without images of both classes are left out."""
    found = []
    for fold in np.unique(rows[:, 0]):
        kept = (rows[:, 0] == fold) & (weights > 0)
        if len(np.unique(rows[kept, 1])) == 2:
            found.append([roc_auc_score(rows[kept, 1], scores[kept], sample_weight=weights[kept]) for scores in rows[:, 3:].T])
    return np.array(found).T


def choose(folds, rule):
    best = int(np.argmax(folds.mean(axis=1)))
    if rule == "Best":
        return best, best
    below = folds[best] - folds
    near = below.mean(axis=1) <= below.std(axis=1, ddof=1) / np.sqrt(folds.shape[1])
    return int(np.argmax(near)), best


def main(rows, weights, rule):
    rows, weights = np.loadtxt(rows, delimiter=","), np.loadtxt(weights, delimiter=",")
    clusters = rows[:, 2].astype(int)
    whole = areas(rows, np.ones(len(rows)))
    chosen, best = choose(whole, rule)
    picks, outer, gain = [], [], []
    for draw in weights:
        pick, _ = choose(areas(rows, draw[clusters]), rule)
        left = areas(rows, (draw[clusters] == 0).astype(float)).mean(axis=1)
        picks.append(pick)
        outer.append(left[pick])
        gain.append(left[pick] - left[0])
    low, high = np.quantile(outer, [0.025, 0.975])
    print(json.dumps({
        "chosen": chosen, "best": best, "figures": whole.mean(axis=1).tolist(), "outer": np.mean(outer), "low": low, "high": high,
        "gain": np.mean(gain), "times": np.bincount(picks, minlength=len(whole)).tolist(),
    }))


main(*sys.argv[1:])
