"""What a network answers about one image, as a short script does it.

    predict_once.py NETWORK WEIGHTS.pth IMAGE WIDTH HEIGHT
"""

import sys

import torch
import torchvision

from canvases import tensor

name, weights, image, width, height = sys.argv[1:]
network = getattr(torchvision.models, name)(weights=None, num_classes=2)
network.load_state_dict(torch.load(weights, map_location="cpu"))
network.eval()
with torch.inference_mode():
    probabilities = network(tensor(image, int(width), int(height)).unsqueeze(0)).softmax(1)[0]
print(f"{image}: {probabilities.tolist()}")
