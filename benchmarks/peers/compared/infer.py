"""The logits of a batch that lies ready, in evaluation and inference mode."""

import torch

from networks import build, device, images
from timing import seconds


def answering(request):
    network, layout = build(request)
    network.eval()
    batch = images(request, layout)

    @torch.inference_mode()
    def answer():
        network(batch)

    return answer


def prepare(request):
    return seconds(answering(request), device(request))
