"""The study's networks as torchvision defines them, Xception as timm's legacy_xception does, with random weights."""

import contextlib

import torch
import torchvision

from xception import Xception


def build(request, classes=2):
    """The network of a request, and its memory format."""
    torch.manual_seed(0)
    name = request["network"]
    if name == "xception":
        network = Xception(classes)
    elif name == "inception_v3":
        network = torchvision.models.inception_v3(
            weights=None, num_classes=classes, aux_logits=False, transform_input=False, init_weights=False
        )
    else:
        network = getattr(torchvision.models, name)(weights=None, num_classes=classes)
    layout = torch.channels_last if request.get("channels_last") else torch.contiguous_format
    network = network.to(device(request), memory_format=layout)
    if request.get("compiled"):
        network = torch.compile(network)
    return network, layout


def images(request, layout):
    batch = torch.randn(request["batch"], 3, request["height"], request["width"])
    return batch.to(device(request), memory_format=layout)


def device(request):
    """Where to compute."""
    return request.get("device", "cpu")


def autotune(request):
    """On a card cuDNN looks for the fastest algorithms, since shapes don't change: when training, on either side."""
    torch.backends.cudnn.benchmark = device(request) == "cuda"


def precision(request):
    """A context in which forward passes run: autocast to bfloat16 where that is asked for."""
    if request.get("autocast"):
        return torch.autocast(device(request), torch.bfloat16)
    return contextlib.nullcontext()
