#!/usr/bin/env python3
"""Checkpoints between Python and the library: a worker that reads commands, one a line, and answers each with a line of JSON.

    make NAME FOLDER    saves a network of torchvision with random weights as FOLDER/NAME.pth and, in the format before
                        PyTorch 1.6, as FOLDER/NAME-legacy.pth; writes an input to FOLDER/NAME.input and what the network
                        answers to FOLDER/NAME.logits, both float32.
                        {"logits": whether there are any}
    check NAME FILE     loads a .pth or .safetensors file strictly into the network, with as many classes as the file
                        has, and writes what it answers to the input beside it, NAME.input, to FILE.logits.
                        {"digest": SHA-256 of the state_dict, "logits": whether there are any, "loaded_by": [...]}

Needs torch and torchvision. torchvision has no xception: its checkpoints have the keys and shapes of
state-dict-keys.json beside this script and the weights of make_golden_logits.fill, whose answers are known; what comes
back is compared with those keys, in their order, and loaded into timm's legacy_xception where timm is
installed. What goes wrong is answered as {"error": text}.
"""
import hashlib
import inspect
import json
import math
import struct
import sys
import traceback
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import torchvision

from make_golden_logits import fill

SHAPE = (2, 3, 96, 112)  # Small, and large enough for all of them.
CLASSES = 1000


def build(name, classes=CLASSES):
    if name == "xception":
        from timm.models.xception import legacy_xception

        return legacy_xception(num_classes=classes)
    if name == "inception_v3":
        return torchvision.models.inception_v3(weights=None, init_weights=False, transform_input=False, aux_logits=True, num_classes=classes)
    return getattr(torchvision.models, name)(weights=None, num_classes=classes)


def keys_of_xception():
    with open(Path(__file__).with_name("state-dict-keys.json"), encoding="utf-8") as file:
        return json.load(file)["xception"]


def randomise(network, seed):
    """Weights that keep the size of activations, and batch norms that have seen data."""
    generator = torch.Generator().manual_seed(seed)
    for key, tensor in network.state_dict().items():
        last = key.rsplit(".", 1)[-1]
        if last == "num_batches_tracked":
            tensor.fill_(seed + 1)
        elif last == "running_var":
            tensor.uniform_(1, 1.5, generator=generator)
        elif tensor.dim() >= 2:
            bound = math.sqrt(6 / math.prod(tensor.shape[1:]))
            tensor.uniform_(-bound, bound, generator=generator)
        else:
            tensor.uniform_(-0.1, 0.1, generator=generator)
            if last == "weight":
                tensor.add_(1)


def answer(network, input):
    network.eval()
    with torch.inference_mode():
        return network(input).contiguous()


def write(path, tensor):
    Path(path).write_bytes(tensor.contiguous().numpy().tobytes())


def save(state, folder, name):
    torch.save(state, folder / f"{name}.pth")
    torch.save(state, folder / f"{name}-legacy.pth", _use_new_zipfile_serialization=False)


def make(name, folder):
    folder = Path(folder)
    input = torch.rand(SHAPE, generator=torch.Generator().manual_seed(7)) * 2 - 1
    input[1] = input[1] / 2 + 0.5  # To a deep network, noise looks like any other noise.
    write(folder / f"{name}.input", input)
    if name == "xception":
        empty = {key: torch.empty(shape, dtype=torch.int64 if key.endswith("num_batches_tracked") else torch.float32) for key, shape in keys_of_xception().items()}
        save(OrderedDict((key, fill(key, tensor)) for key, tensor in empty.items()), folder, name)
        return {"logits": False}
    network = build(name)
    randomise(network, seed=len(name))
    save(network.state_dict(), folder, name)
    write(folder / f"{name}.logits", answer(network, input))
    return {"logits": True}


def read_safetensors(path):
    """By the letter of the format's description."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    types = {"F32": np.float32, "I64": np.int64}
    state = OrderedDict()
    for key, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        state[key] = torch.from_numpy(np.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"]).copy())
    return state


def load(path):
    """The state_dict of a file, and who could load it."""
    if path.endswith(".safetensors"):
        state = read_safetensors(path)
        try:
            from safetensors.torch import load_file
        except ImportError:
            return state, ["the format's description"]
        loaded = load_file(path)
        assert loaded.keys() == state.keys() and all(torch.equal(loaded[key], state[key]) for key in state), "safetensors reads other tensors"
        return state, ["the format's description", "safetensors"]
    state = torch.load(path)
    assert type(state) is OrderedDict, f"a {type(state).__name__}, not an OrderedDict"
    by = ["torch.load"]
    if "weights_only" in inspect.signature(torch.load).parameters:
        strict = torch.load(path, weights_only=True)
        assert strict.keys() == state.keys() and all(torch.equal(strict[key], state[key]) for key in state), "weights_only reads other tensors"
        by.append("torch.load(weights_only=True)")
    return state, by


def digest(state):
    sha = hashlib.sha256()
    for key, tensor in state.items():
        sha.update(key.encode("utf-8"))
        sha.update(tensor.contiguous().numpy().data)
    return sha.hexdigest()


def network_for(name, state):
    """A network with as many classes as the file's head, loaded strictly; None for what cannot be built here."""
    head = [key for key in state if key.endswith(".weight")][-1]
    classes = state[head].shape[0]
    if name == "xception":
        expected = {key: [classes, *shape[1:]] if key.startswith("fc.") else shape for key, shape in keys_of_xception().items()}
        found = {key: list(tensor.shape) for key, tensor in state.items()}
        assert list(found.items()) == list(expected.items()), "other keys, another order or other shapes"
    try:
        network = build(name, classes)
    except ImportError:
        return None
    network.load_state_dict(state, strict=True)
    return network


def check(name, path):
    state, by = load(path)
    network = network_for(name, state)
    if network is None:
        return {"digest": digest(state), "logits": False, "loaded_by": by}
    input = torch.from_numpy(np.fromfile(Path(path).with_name(f"{name}.input"), np.float32).reshape(SHAPE))
    write(f"{path}.logits", answer(network, input))
    return {"digest": digest(network.state_dict()), "logits": True, "loaded_by": by}


def main():
    for line in sys.stdin:
        command, name, path = line.rstrip("\r\n").split(" ", 2)
        try:
            reply = {"make": make, "check": check}[command](name, path)
        except Exception:
            reply = {"error": traceback.format_exc()}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
