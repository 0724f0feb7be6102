#!/usr/bin/python3
"""Writes affinities, trustworthiness and a Kullback-Leibler divergence as scikit-learn and SciPy have them, for CovidCt.Core.Tests/Embedding.

tsne-golden.json: features and points on grids of 1/1024, which single precision holds exactly; rows of scikit-learn's joint probabilities
(sklearn.manifold._t_sne._joint_probabilities, whose search stops at an entropy 1e-5 off); the same rows with bandwidths by SciPy's brentq; the
divergence of the points from the latter; and trustworthiness for several numbers of neighbours.

    /usr/bin/python3 tests/reference/make_tsne_golden.py      (scikit-learn 1.2, SciPy 1.10, NumPy 1.24)
"""

import json
import pathlib

import numpy as np
from scipy.optimize import brentq
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import _t_sne, trustworthiness

FILE = pathlib.Path(__file__).parent.parent / "CovidCt.Core.Tests" / "Embedding" / "Fixtures" / "tsne-golden.json"
ROWS, COLUMNS, PERPLEXITY = 240, 6, 20.0
CHOSEN = [0, 17, 239]


def conditional(squared):
    def probabilities(beta):
        weights = np.exp(-beta * (squared - squared.min()))
        return weights / weights.sum()

    def error(logarithm):
        p = probabilities(np.exp(logarithm))
        p = p[p > 0]
        return -(p * np.log(p)).sum() - np.log(PERPLEXITY)

    return probabilities(np.exp(brentq(error, -15, 15, xtol=1e-14, rtol=1e-14)))


random = np.random.default_rng(5)
centres = random.normal(size=(4, COLUMNS)) * 2
features = np.round((centres[random.integers(0, 4, ROWS)] + random.normal(size=(ROWS, COLUMNS))) * 1024) / 1024
points = np.round((features[:, :2] * 3 + random.normal(size=(ROWS, 2)) * 2) * 1024) / 1024

squared = squareform(pdist(features, "sqeuclidean"))
sklearn = squareform(_t_sne._joint_probabilities(squared, PERPLEXITY, 0))
exact = np.zeros_like(squared)
for i in range(ROWS):
    others = np.arange(ROWS) != i
    exact[i, others] = conditional(squared[i, others])
exact = (exact + exact.T) / (2 * ROWS)
kernel = 1 / (1 + squareform(pdist(points, "sqeuclidean")))
np.fill_diagonal(kernel, 0)
present = exact > 0
divergence = (exact[present] * np.log(exact[present] / (kernel / kernel.sum())[present])).sum()

FILE.parent.mkdir(parents=True, exist_ok=True)
FILE.write_text(json.dumps({
    "perplexity": PERPLEXITY,
    "features": features.tolist(),
    "points": points.tolist(),
    "rows": CHOSEN,
    "scikitLearn": sklearn[CHOSEN].tolist(),
    "exact": exact[CHOSEN].tolist(),
    "klDivergence": divergence,
    "trustworthiness": [{"neighbours": k, "value": trustworthiness(features, points, n_neighbors=k)} for k in (1, 5, 10, 60, 119)],
}) + "\n")
