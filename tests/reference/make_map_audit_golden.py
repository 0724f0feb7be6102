#!/usr/bin/python3
"""Writes what NumPy and SciPy compute of an audit of maps of a small image, for CovidCt.Core.Tests/Explanation.

    /usr/bin/python3 tests/reference/make_map_audit_golden.py      (NumPy 1.24, SciPy 1.10)

The network is linear: the logit of class k is the sum of weights times pixels. Pixels, weights and map are filled by the
rule of make_golden_logits.uniform, so that only answers are written. Each figure by its definition:

    log-odds              ln p / (1 - p) of the softmax
    evidence              covariance of a patch's mean in the map and of the log-odds that are lost where it is blurred, by the
                          deviation of the former; faithfulness: Pearson's correlation of the two
    deletion, insertion   Petsiuk et al., "RISE", BMVC 2018: by the mean colour, and out of the blurred image; trapezoidal areas
    ROAD                  Rong et al., ICML 2022, without its noise: the sparse system by SciPy's solver
    edges                 scipy.ndimage.sobel, both directions; centred: a normal spot
"""
import json
import pathlib

import numpy as np
from scipy import ndimage, special
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve

FILE = pathlib.Path(__file__).parent.parent / "CovidCt.Core.Tests" / "Explanation" / "Fixtures" / "map-audit-golden.json"

WIDTH, HEIGHT, SCALED, LEFT, TOP = 24, 20, (21, 15), 1, 3  # the canvas, the image on it, and where it lies
CLASSES, EXPLAINED = 3, 1
COLUMNS, ROWS, STEPS, SHARES, DEVIATION = 4, 3, 5, [0.2, 0.6], 2.0


def uniform(key, count):
    """make_golden_logits.uniform, which imports torch."""
    seed = 2166136261
    for letter in key:
        seed = ((seed ^ ord(letter)) * 16777619) & 0xFFFFFFFF
    x = (np.uint64(seed) + np.arange(count, dtype=np.uint64) * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = ((x ^ (x >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return ((x ^ (x >> np.uint64(16))) / 4294967296.0).astype(np.float32).astype(float)


PIXELS = 2 * uniform("audit pixels", 3 * HEIGHT * WIDTH).reshape(3, HEIGHT, WIDTH) - 1
WEIGHTS = (uniform("audit weights", CLASSES * PIXELS.size).reshape(CLASSES, -1) - 0.5) / 10
MAP = uniform("audit map", HEIGHT * WIDTH).reshape(HEIGHT, WIDTH)
MAP = MAP / MAP.max()
INSIDE = (slice(TOP, TOP + SCALED[1]), slice(LEFT, LEFT + SCALED[0]))
WITHIN = np.zeros((HEIGHT, WIDTH), bool)
WITHIN[INSIDE] = True


def log_odds(pixels):
    p = special.softmax(WEIGHTS @ pixels.ravel())[EXPLAINED]
    return float(np.log(p / (1 - p)))


def probability(pixels):
    return float(special.softmax(WEIGHTS @ pixels.ravel())[EXPLAINED])


def blurred():
    result = PIXELS.copy()
    for plane in result:
        plane[INSIDE] = ndimage.gaussian_filter(plane[INSIDE], DEVIATION, truncate=3, mode="nearest")
    return result


def emptied():
    result = PIXELS.copy()
    for plane in result:
        plane[INSIDE] = plane[INSIDE].mean()
    return result


BLURRED, EMPTIED = blurred(), emptied()


def occlusion(values):
    marked, lost = [], []
    for row in range(ROWS):
        for column in range(COLUMNS):
            patch = (
                slice(TOP + row * SCALED[1] // ROWS, TOP + (row + 1) * SCALED[1] // ROWS),
                slice(LEFT + column * SCALED[0] // COLUMNS, LEFT + (column + 1) * SCALED[0] // COLUMNS),
            )
            changed = PIXELS.copy()
            changed[(slice(None), *patch)] = BLURRED[(slice(None), *patch)]
            marked.append(values[patch].mean())
            lost.append(log_odds(PIXELS) - log_odds(changed))
    return {
        "evidence": float(np.cov(marked, lost, bias=True)[0, 1] / np.std(marked)), "faithfulness": float(np.corrcoef(marked, lost)[0, 1]),
    }


def order(values):
    places = np.flatnonzero(WITHIN)
    assert len(np.unique(values.ravel()[places].astype(np.float32))) == len(places), "ties would be ordered by chance"
    return places[np.argsort(-values.ravel()[places])]


def replaced(of, by, places):
    result = of.reshape(3, -1).copy()
    result[:, places] = by.reshape(3, -1)[:, places]
    return result.reshape(of.shape)


def curve(values, of, by):
    places = order(values)
    shares = np.arange(STEPS + 1) / STEPS
    answers = [probability(replaced(of, by, places[: round(share * len(places))])) for share in shares]
    return {"probabilities": answers, "area": float(np.trapz(answers, shares))}


def imputed(removed):
    weights = np.array([[1 / 12, 1 / 6, 1 / 12], [1 / 6, 0, 1 / 6], [1 / 12, 1 / 6, 1 / 12]])
    gone = removed.reshape(HEIGHT, WIDTH)[INSIDE]
    number = -np.ones(gone.shape, int)
    number[gone] = np.arange(gone.sum())
    result = PIXELS.copy()
    left, right = lil_matrix((gone.sum(), gone.sum())), np.zeros((gone.sum(), 3))
    for y, x in zip(*np.nonzero(gone)):
        near = [(y + j, x + i, weights[j + 1, i + 1]) for j in (-1, 0, 1) for i in (-1, 0, 1) if i or j]
        near = [(j, i, w) for j, i, w in near if 0 <= j < gone.shape[0] and 0 <= i < gone.shape[1]]
        total = sum(w for _, _, w in near)
        left[number[y, x], number[y, x]] = 1
        for j, i, w in near:
            if gone[j, i]:
                left[number[y, x], number[j, i]] = -w / total
            else:
                right[number[y, x]] += w / total * PIXELS[:, TOP + j, LEFT + i]
    for channel in range(3):
        result[channel][INSIDE][gone] = spsolve(left.tocsr(), right[:, channel])
    return result


def road(values):
    places, answers = order(values), {"most": [], "least": []}
    for share in SHARES:
        count = round(share * len(places))
        for name, chosen in (("most", places[:count]), ("least", places[len(places) - count :])):
            removed = np.zeros(WITHIN.size, bool)
            removed[chosen] = True
            answers[name].append(probability(imputed(removed)))
    return {**answers, "score": float(np.mean(np.subtract(answers["least"], answers["most"])))}


def scores(values):
    return {
        **occlusion(values), "deletion": curve(values, PIXELS, EMPTIED), "insertion": curve(values, BLURRED, PIXELS),
        "road": road(values), "energyOutside": float(values[~WITHIN].sum() / values.sum()),
    }


def edges():
    image = PIXELS[0][INSIDE]
    magnitude = np.hypot(ndimage.sobel(image, axis=0, mode="nearest"), ndimage.sobel(image, axis=1, mode="nearest"))
    result = np.zeros((HEIGHT, WIDTH))
    result[INSIDE] = magnitude / magnitude.max()
    return result


def centred():
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return np.exp(-(((x - LEFT - SCALED[0] / 2) / (SCALED[0] / 4)) ** 2 + ((y - TOP - SCALED[1] / 2) / (SCALED[1] / 4)) ** 2) / 2)


def main():
    spot = centred()
    spot_scores = occlusion(spot / spot.max())
    FILE.write_text(json.dumps({
        "logOdds": log_odds(PIXELS), "own": scores(MAP), "edges": {"values": edges().ravel().tolist(), **scores(edges())},
        "centred": {"values": spot.ravel().tolist(), **spot_scores},
    }) + "\n")


main()
