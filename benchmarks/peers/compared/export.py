"""torchvision's network as an ONNX file, as torch.onnx.export writes it by its defaults: in evaluation mode, for one shape of input.

    export.py NETWORK BATCH WIDTH HEIGHT FILE.onnx
"""

import sys

import torch

from networks import build, images

name, batch, width, height, file = sys.argv[1:]
request = {"network": name, "batch": int(batch), "width": int(width), "height": int(height)}
network, layout = build(request)
network.eval()
torch.onnx.export(network, images(request, layout), file, input_names=["images"], output_names=["logits"])
