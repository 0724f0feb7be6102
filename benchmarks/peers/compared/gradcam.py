"""Grad-CAM of ResNet18's last layer for batches that lie ready.

With "backward", as pytorch-grad-cam does it: hooks keep the layer's output and its gradient while the score goes back
through the whole network. Otherwise autograd.grad goes back from the score to the feature map and no further.
"""

import torch

from networks import build, device, images
from timing import seconds


def prepare(request):
    network, layout = build(request)
    network.eval()
    batches = [images(request, layout) for _ in range(request["batches"])]
    kept = {}

    def keep(module, arguments, output):
        kept["map"] = output
        if request["backward"]:
            output.register_hook(lambda gradient: kept.update(gradient=gradient))

    network.layer4[-1].register_forward_hook(keep)

    def explain():
        for batch in batches:
            logits = network(batch)
            score = logits.gather(1, logits.argmax(1, keepdim=True)).sum()
            if request["backward"]:
                network.zero_grad()
                score.backward()
                gradient = kept["gradient"]
            else:
                (gradient,) = torch.autograd.grad(score, kept["map"])
            maps = (gradient.mean((2, 3), keepdim=True) * kept["map"].detach()).sum(1).relu()
            (maps / maps.amax((1, 2), keepdim=True).clamp(min=1e-9)).cpu().numpy()

    return seconds(explain, device(request))
