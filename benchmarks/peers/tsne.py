"""scikit-learn's t-SNE: the peer of CovidCt.Benchmarks' `compare-tsne`, which starts it.

    tsne.py FEATURES ROWS COLUMNS SEED ITERATIONS POINTS

reads float32 features, row by row, embeds them with sklearn.manifold.TSNE's defaults from random positions, and writes the
points as float32. It prints the seconds of fit_transform alone.
"""

import inspect
import json
import sys
import time

import numpy as np
from sklearn.manifold import TSNE

features, rows, columns, seed, iterations, points = sys.argv[1:]
data = np.fromfile(features, np.float32).reshape(int(rows), int(columns))
name = "max_iter" if "max_iter" in inspect.signature(TSNE).parameters else "n_iter"  # scikit-learn renamed it in 1.5.
model = TSNE(init="random", random_state=int(seed), **{name: int(iterations)})
begin = time.perf_counter()
embedded = model.fit_transform(data)
seconds = time.perf_counter() - begin
embedded.astype(np.float32).tofile(points)
print(json.dumps({"seconds": seconds, "iterations": int(model.n_iter_) + 1}))
