"""The logits of a batch that lies ready, in evaluation and inference mode."""

import torch

from networks import build, device, images
from timing import seconds


def prepare(request):
    network, layout = build(request)
    network.eval()
    batch = images(request, layout)

    @torch.inference_mode()
    def answer():
        network(batch)

    return seconds(answer, device(request))
