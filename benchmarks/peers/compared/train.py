"""A training step on a batch that lies ready: forward, cross entropy, backward, LAMB."""

import torch

from networks import autotune, build, device, images, precision
from timing import seconds
from timm_lamb import Lamb


def steps(request):
    autotune(request)
    network, layout = build(request)
    network.train()
    batch = images(request, layout)
    labels = torch.arange(request["batch"], device=device(request)) % 2
    optimizer = Lamb(network.parameters(), lr=3e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with precision(request):
            loss = torch.nn.functional.cross_entropy(network(batch), labels)
        loss.backward()
        optimizer.step()

    return step


def prepare(request):
    return seconds(steps(request), device(request))
