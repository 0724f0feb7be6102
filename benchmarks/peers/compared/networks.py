"""The study's networks as torchvision defines them, Xception as timm's legacy_xception does, with random weights."""

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
    return network.to(memory_format=layout), layout


def images(request, layout):
    return torch.randn(request["batch"], 3, request["height"], request["width"]).to(memory_format=layout)
