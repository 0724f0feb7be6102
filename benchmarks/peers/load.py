"""Loading ResNet101 in PyTorch: the peer of CovidCt.Benchmarks' `compare-load`, which starts it.

    load.py make FOLDER       writes resnet101.pth, resnet101-legacy.pth and, by hand, resnet101.safetensors
    load.py has-safetensors   exit code 0 where the safetensors package is at hand
    load.py tensors FILE      torch.load, or safetensors.torch.load_file
    load.py network FILE      the same, into a new torchvision network

The last two print the seconds of the first load, the median of five more, and the first one's peak of resident bytes above
what was resident before.
"""

import json
import statistics
import struct
import sys
import time

import torch
import torchvision


def memory(field):
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith(field))


def make(folder):
    torch.manual_seed(0)
    state = torchvision.models.resnet101().state_dict()
    torch.save(state, f"{folder}/resnet101.pth")
    torch.save(state, f"{folder}/resnet101-legacy.pth", _use_new_zipfile_serialization=False)
    names = {torch.float32: "F32", torch.int64: "I64"}
    order = sorted(state, key=lambda key: -state[key].element_size())
    header, end = {}, 0
    for key in order:
        begin, end = end, end + state[key].numel() * state[key].element_size()
        header[key] = {"dtype": names[state[key].dtype], "shape": list(state[key].shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/resnet101.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for key in order:
            file.write(state[key].contiguous().numpy().tobytes())


def load(path):
    if path.endswith(".safetensors"):
        from safetensors.torch import load_file

        return load_file(path)
    return torch.load(path, map_location="cpu")


def measure(mode, path):
    def once():
        begin = time.perf_counter()
        if mode == "network":
            network = torchvision.models.resnet101()
            network.load_state_dict(load(path))
        else:
            load(path)
        return time.perf_counter() - begin

    torch.zeros(10).add_(1)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = memory("VmRSS")
    first = once()
    peak = memory("VmHWM") - before
    print(json.dumps({"first": first, "later": statistics.median(once() for _ in range(5)), "peak": peak}))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    elif sys.argv[1] == "has-safetensors":
        import safetensors.torch  # noqa: F401
    else:
        measure(sys.argv[1], sys.argv[2])
