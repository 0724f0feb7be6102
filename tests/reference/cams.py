#!/usr/bin/env python3
"""Class activation maps by autograd through torchvision's networks: the reference for tests/CovidCt.Core.Tests/Explanation.

    cams.py golden OUTPUT.json                          writes the golden file Fixtures/cam-golden.json
    cams.py explain NETWORK WEIGHTS.pth N H W INPUT OUTPUT.json
                                                        explains N images, float32 [N, 3, H, W] in the file INPUT, on
                                                        the predicted classes at the feature map

Needs torch and torchvision. The golden networks and inputs are filled by the rule of make_golden_logits.fill. The
gradient goes through the whole network, from the logit to a clone of the layer's output; a layer that is "None" is the
input of global pooling (SqueezeNet: the output of the last fire module).

    Grad-CAM      Selvaraju et al. 2017, equations 1 and 2 before the ReLU
    Grad-CAM++    Chattopadhay et al. 2018, without the factor exp(y)
    LayerCAM      Jiang et al. 2021
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

from make_golden_logits import build, fill, uniform

FEATURE_MAPS = {"squeezenet1_1": "features", "squeezenet1_0": "features", "resnet18": "layer4"}
LAYERS = {"squeezenet1_1": ["features", "features.9", "features.12.squeeze"], "resnet18": ["layer4", "layer3", "layer4.1.bn2"]}
SHAPE = (2, 3, 96, 112)

# original, canvas, scaled (width, height) and the offset (x, y) of the image on the canvas
GEOMETRIES = [((61, 37), (112, 96), (112, 68), (0, 14)), ((40, 150), (112, 96), (26, 96), (43, 0)), ((9, 7), (35, 27), (35, 27), (0, 0))]


def activations_and_gradients(network, layer, images, classes):
    kept = []

    def keep(module, inputs, output):
        kept.append(output.clone())
        kept[0].retain_grad()
        return kept[0].clone()  # The next layer may work in place.

    hook = dict(network.named_modules())[layer].register_forward_hook(keep)
    logits = network(images)
    hook.remove()
    classes = logits.argmax(1) if classes is None else torch.tensor(classes)
    scores = logits.gather(1, classes[:, None])[:, 0]
    gradients = torch.zeros_like(kept[0])
    for i, score in enumerate(scores):
        kept[0].grad = None
        score.backward(retain_graph=True)
        gradients[i] = kept[0].grad[i]
    return kept[0].detach(), gradients, classes.tolist(), scores.tolist()


def cams(a, g):
    gradcam = (g.mean((2, 3), keepdim=True) * a).sum(1)
    denominator = 2 * g**2 + g**3 * a.sum((2, 3), keepdim=True)
    alpha = torch.where(denominator != 0, g**2 / torch.where(denominator != 0, denominator, torch.ones_like(g)), torch.zeros_like(g))
    plusplus = ((alpha * g.relu()).sum((2, 3), keepdim=True) * a).sum(1)
    layercam = (g.relu() * a).sum(1)
    return {"GradCam": gradcam, "GradCamPlusPlus": plusplus, "LayerCam": layercam}


def explain(network, layer, images, classes=None):
    a, g, classes, scores = activations_and_gradients(network, layer, images, classes)
    maps = {method: raw.float().flatten().tolist() for method, raw in cams(a.double(), g.double()).items()}
    return {"layer": layer, "classes": classes, "scores": scores, "width": a.shape[3], "height": a.shape[2], "maps": maps}


def resized():
    values = torch.from_numpy(uniform("map", 4 * 3).astype(np.float32)).reshape(1, 1, 3, 4)
    for original, canvas, scaled, (left, top) in GEOMETRIES:
        whole = F.interpolate(values, (canvas[1], canvas[0]), mode="bilinear", align_corners=False)
        inside = whole[:, :, top : top + scaled[1], left : left + scaled[0]]
        back = F.interpolate(inside, (original[1], original[0]), mode="bilinear", align_corners=False)
        yield {"geometry": [*original, *canvas, *scaled, left, top], "values": back.flatten().tolist()}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def golden():
    result = {"networks": {}, "resized": list(resized())}
    images = torch.from_numpy((2 * uniform("input", int(np.prod(SHAPE))) - 1).astype(np.float32)).reshape(SHAPE)
    for name, layers in LAYERS.items():
        network = build(name).eval()
        network.load_state_dict({key: fill(key, tensor) for key, tensor in network.state_dict().items()})
        given = [explain(network, layer, images) for layer in layers]
        given.append(explain(network, layers[0], images, [7, 11]))
        result["networks"][name] = given
    return result


def main():
    command, *arguments = sys.argv[1:]
    if command == "golden":
        result, output = rounded(golden()), arguments[0]
    else:
        name, weights, count, height, width, given, output = arguments
        network = build(name).eval()
        network.load_state_dict(torch.load(weights, map_location="cpu"))
        images = torch.from_numpy(np.fromfile(given, np.float32)).reshape(int(count), 3, int(height), int(width))
        result = explain(network, FEATURE_MAPS[name], images)
    with open(output, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
