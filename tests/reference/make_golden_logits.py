#!/usr/bin/env python3
"""What the reference networks answer: the golden files of tests/CovidCt.Models.Tests/Parity.

    make_golden_logits.py [--check GIVEN.json] [--without GIVEN.json] OUTPUT.json [NETWORK ...]

Needs torch and torchvision, and for xception timm (its legacy_xception). Weights and input are filled by the rule of
fill() below, which gives the same bits in any language; networks answer in eval mode and float32, InceptionV3 with
transform_input off. Without names, every network is taken, save those that a file named by --without has already.
--check first computes the networks of a given file anew and fails if they differ by more than 1e-4 of their std.
"""
import argparse
import json
import math
import sys

import numpy as np
import torch
import torchvision

# network: (square, canvas), each as width, height
SIZES = {
    "squeezenet1_1": ((227, 227), (335, 255)),
    "squeezenet1_0": ((227, 227), (335, 255)),
    "inception_v3": ((299, 299), (331, 267)),
    "resnet18": ((224, 224), (349, 253)),
    "resnet50": ((224, 224), (349, 253)),
    "resnet101": ((224, 224), (349, 253)),
    "resnext50_32x4d": ((224, 224), (349, 253)),
    "resnext101_32x8d": ((224, 224), (349, 253)),
    "xception": ((299, 299), (327, 231)),
    "shufflenet_v2_x1_0": ((224, 224), (321, 225)),
    "densenet121": ((224, 224), (349, 253)),
    "densenet169": ((224, 224), (349, 253)),
    "densenet201": ((224, 224), (349, 253)),
}


def uniform(key, count):
    """Values in [0, 1): murmur3's finaliser over an arithmetic sequence from the FNV-1a hash of the key."""
    seed = 2166136261
    for byte in key.encode("utf-8"):
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


def fill(key, tensor):
    last = key.rsplit(".", 1)[-1]
    if last == "num_batches_tracked":
        return torch.zeros_like(tensor)
    u = uniform(key, tensor.numel())
    c = 2 * u - 1
    if last == "running_mean":
        values = 0.1 * c
    elif last == "running_var":
        values = 1 + 0.5 * u
    elif tensor.dim() >= 2:
        values = c * math.sqrt(6 / math.prod(tensor.shape[1:]))
    elif last == "weight":
        values = 1 + 0.1 * c
    elif last == "bias":
        values = 0.1 * c
    else:
        raise ValueError(f"no rule for {key}")
    return torch.from_numpy(values.astype(np.float32)).reshape(tensor.shape)


def build(name):
    if name == "xception":
        from timm.models.xception import legacy_xception

        return legacy_xception()
    if name == "inception_v3":
        return torchvision.models.inception_v3(weights=None, init_weights=False, transform_input=False)
    return getattr(torchvision.models, name)(weights=None)


def answer(network, width, height):
    input = torch.from_numpy((2 * uniform("input", 2 * 3 * height * width) - 1).astype(np.float32))
    with torch.inference_mode():
        logits = network(input.reshape(2, 3, height, width)).double()
    return {
        "width": width,
        "height": height,
        "logits_0_0_8": logits[0, :8].tolist(),
        "logits_1_0_8": logits[1, :8].tolist(),
        "mean": logits.mean().item(),
        "std": logits.std().item(),
        "l2": logits.norm().item(),
        "argmax": logits.argmax(1).tolist(),
    }


def golden(name):
    print(name, file=sys.stderr)
    network = build(name).eval()
    network.load_state_dict({key: fill(key, tensor) for key, tensor in network.state_dict().items()})
    square, canvas = SIZES[name]
    return {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "square": answer(network, *square),
        "canvas": answer(network, *canvas),
    }


def check(given):
    for name, expected in given.items():
        actual = golden(name)
        assert actual["parameters"] == expected["parameters"], name
        for size in ("square", "canvas"):
            one, other = actual[size], expected[size]
            assert one["argmax"] == other["argmax"], (name, size)
            pairs = list(zip(one["logits_0_0_8"] + one["logits_1_0_8"], other["logits_0_0_8"] + other["logits_1_0_8"]))
            pairs += [(one["mean"], other["mean"]), (one["std"], other["std"])]
            worst = max(abs(a - b) for a, b in pairs) / other["std"]
            print(f"  {size}: {worst:.1e} of std", file=sys.stderr)
            assert worst < 1e-4 and abs(one["l2"] / other["l2"] - 1) < 1e-4, (name, size)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("networks", nargs="*", choices=[[], *SIZES], metavar="NETWORK")
    parser.add_argument("--check", metavar="GIVEN.json")
    parser.add_argument("--without", metavar="GIVEN.json")
    arguments = parser.parse_args()
    if arguments.check:
        with open(arguments.check, encoding="utf-8") as file:
            check(json.load(file))
    known = set()
    if arguments.without:
        with open(arguments.without, encoding="utf-8") as file:
            known = set(json.load(file))
    names = arguments.networks or [name for name in SIZES if name not in known]
    result = {name: golden(name) for name in names}
    with open(arguments.output, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
