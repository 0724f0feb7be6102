"""LAMB in float64 from its published formulas, written to a fixture that LambOptimizerTests replays.

    python3 tests/reference/make_lamb_golden.py

Step t of every variant, for each parameter tensor w with gradient g:

    g~ = g / s          m = b1 m + (1 - b1) g~        v = b2 v + (1 - b2) g~^2
    u = m^ / (sqrt(v^) + eps) + decay w               w <- w - rate r u
    r = 1 where |w| or |u| is 0

  algorithm 2 of arXiv 1904.00962v5   s = 1, m^ = m / (1 - b1^t), v^ = v / (1 - b2^t), r = |w| / |u|
  NVIDIA apex FusedLAMB, timm Lamb    s = max(1, |g over all tensors| / 1), the rest as above, but r = 1 where decay = 0
                                      unless always adapted; on request r <= 1
  DeepSpeed FusedLamb                 s = 1 (the caller's), r = min(max(|w| / |u|, 0.01), 10)
  cybertronai pytorch-lamb            s = 1, m^ = m, v^ = v, r = min(|w|, 10) / |u|

The weights after every step are recorded, so that a test sees the first step that differs, and the moments at the end.
"""
import json
import math
import pathlib

import numpy as np

STEPS = 12
BETA1, BETA2 = 0.9, 0.999
RATE = 0.01
FIXTURE = pathlib.Path(__file__).resolve().parents[1] / "CovidCt.Core.Tests" / "Training" / "lamb-golden.json"


def tensors(random):
    """Names to (shape, values): each is there for a case that an implementation can get wrong."""
    return {
        "conv.weight": ((2, 3, 2, 2), random.normal(0, 0.3, 24)),
        "conv.bias": ((4,), np.zeros(4)),           # |w| = 0 at first: r = 1 for one step only
        "scalar": ((1,), np.array([-0.7])),
        "idle": ((5,), np.zeros(5)),                # w = 0 and g = 0: nothing may change, nor become NaN
        "flat": ((3,), random.normal(0, 1, 3)),     # g = 0: u is the weight decay alone
        "large": ((6,), random.normal(0, 40, 6)),   # |w| above 10, and ratios above 10
        "small": ((6,), random.normal(0, 1e-4, 6)), # ratios below 0.01
        "late": ((3,), random.normal(0, 1, 3)),     # no gradient at all in the first steps, and none later on
        "quiet": ((3,), random.normal(0, 1, 3)),    # g = 0 in the first steps: |u| = 0 where decay = 0
    }


def gradients(random, shapes, step):
    drawn = {name: random.normal(0, scale, math.prod(shape)).round(6)
             for (name, shape), scale in zip(shapes.items(), [1, 0.1, 3, 1, 1, 5, 0.01, 1, 0.2])}
    drawn["idle"] = np.zeros(5)
    drawn["flat"] = np.zeros(3)
    if step < 4 or step == 9:
        drawn["late"] = None
    if step < 3:
        drawn["quiet"] = np.zeros(3)
    return drawn


VARIANTS = {
    "paper": dict(eps=1e-6, decay=0.01, corrected=True, ratio=lambda w, u: w / u),
    "apex": dict(eps=1e-6, decay=0.01, corrected=True, ratio=lambda w, u: w / u, global_norm=1.0, always=False),
    "deepspeed": dict(eps=1e-8, decay=0.0, corrected=True, ratio=lambda w, u: min(max(w / u, 0.01), 10.0)),
    "authors": dict(eps=1e-6, decay=0.0, corrected=False, ratio=lambda w, u: min(w, 10.0) / u),
}


def run(variant, groups, initial, all_gradients, rates):
    """groups: list of (names, factor of the rate, decay or None for the variant's)."""
    weights = {name: values.copy() for name, (_, values) in initial.items()}
    first = {name: np.zeros_like(values) for name, values in weights.items()}
    second = {name: np.zeros_like(values) for name, values in weights.items()}
    steps = []
    for t, (grads, rate) in enumerate(zip(all_gradients, rates), start=1):
        scale = 1.0
        if "global_norm" in variant:
            total = math.sqrt(sum(math.fsum(g * g) for g in grads.values() if g is not None))
            scale = max(1.0, total / variant["global_norm"])
        for names, factor, own_decay in groups:
            decay = variant["decay"] if own_decay is None else own_decay
            for name in names:
                if grads[name] is None:
                    continue
                g = grads[name] / scale
                w = weights[name]
                first[name] = m = BETA1 * first[name] + (1 - BETA1) * g
                second[name] = v = BETA2 * second[name] + (1 - BETA2) * g ** 2
                if variant["corrected"]:
                    m, v = m / (1 - BETA1 ** t), v / (1 - BETA2 ** t)
                u = m / (np.sqrt(v) + variant["eps"]) + decay * w
                w_norm, u_norm = math.sqrt(math.fsum(w * w)), math.sqrt(math.fsum(u * u))
                adapts = variant.get("always", True) or decay != 0
                r = variant["ratio"](w_norm, u_norm) if adapts and w_norm > 0 and u_norm > 0 else 1.0
                weights[name] = w - rate * factor * r * u
        steps.append({name: values.tolist() for name, values in weights.items()})
    return {
        "weights": steps,
        "m": {name: values.tolist() for name, values in first.items()},
        "v": {name: values.tolist() for name, values in second.items()},
    }


def main():
    random = np.random.RandomState(20201111)
    initial = tensors(random)
    shapes = {name: shape for name, (shape, _) in initial.items()}
    all_gradients = [gradients(random, shapes, step) for step in range(STEPS)]
    rates = [RATE if step < 8 else 0.3 * RATE for step in range(STEPS)]
    names = list(initial)
    one = [(names, 1.0, None)]
    two = [(names[::2], 1.0, 0.05), (names[1::2], 0.1, 0.0)]

    cases = []
    for preset, variant in VARIANTS.items():
        cases.append((preset, preset, {}, variant, one))
        cases.append((preset + ", two groups", preset, {}, variant, two))
    cases += [
        ("paper without decay", "paper", {"WeightDecay": 0}, {**VARIANTS["paper"], "decay": 0.0}, one),
        ("apex without decay", "apex", {"WeightDecay": 0}, {**VARIANTS["apex"], "decay": 0.0}, one),
        ("apex without decay, always adapted", "apex", {"WeightDecay": 0, "AdaptWithoutDecay": True},
         {**VARIANTS["apex"], "decay": 0.0, "always": True}, one),
        ("timm with its clipped ratio", "apex", {"TrustRatioMax": 1},
         {**VARIANTS["apex"], "ratio": lambda w, u: min(w / u, 1.0)}, one),
        ("authors with decay", "authors", {"WeightDecay": 0.02}, {**VARIANTS["authors"], "decay": 0.02}, one),
        ("deepspeed with decay", "deepspeed", {"WeightDecay": 0.02}, {**VARIANTS["deepspeed"], "decay": 0.02}, one),
    ]
    fixture = {
        "learningRates": rates,
        "tensors": {name: {"shape": shape, "values": values.tolist()} for name, (shape, values) in initial.items()},
        "gradients": [{name: None if g is None else g.tolist() for name, g in grads.items()} for grads in all_gradients],
        "cases": [
            {
                "name": name,
                "preset": preset,
                "options": options,
                "groups": [{"names": group, "factor": factor, "weightDecay": decay} for group, factor, decay in groups],
                **run(variant, groups, initial, all_gradients, rates),
            }
            for name, preset, options, variant, groups in cases
        ],
    }
    FIXTURE.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
