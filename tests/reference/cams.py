#!/usr/bin/env python3
"""Class activation maps by autograd through torchvision's networks: the reference for tests/CovidCt.Core.Tests/Explanation.

    cams.py golden OUTPUT.json                          writes the golden file Fixtures/cam-golden.json
    cams.py explain NETWORK WEIGHTS.pth N H W INPUT OUTPUT.json
                                                        explains N images, float32 [N, 3, H, W] in the file INPUT, on
                                                        the predicted classes at the feature map

Needs torch, torchvision and, for the golden file, SciPy. The golden networks and inputs are filled by the rule of make_golden_logits.fill. The
gradient goes through the whole network, from the logit to a clone of the layer's output; a layer that is "None" is the
input of global pooling (SqueezeNet: the output of the last fire module).

    Grad-CAM      Selvaraju et al. 2017, equations 1 and 2 before the ReLU
    Grad-CAM++    Chattopadhay et al. 2018, without the factor exp(y)
    LayerCAM      Jiang et al. 2021

The golden file also holds maps resized by torch's interpolate, ROAD's linear imputation (Rong et al. 2022) by SciPy's
sparse solver, Spearman's correlation by SciPy, and SSIM (Wang et al. 2004, 11 x 11 normal window of deviation 1.5, cut off
and normalised at the border).
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


def numbers(key, *shape):
    return uniform(key, int(np.prod(shape))).astype(np.float32).reshape(shape)


def imputed(height, width, share):
    """Every removed pixel is the weighted mean of its neighbours: 1/6 beside, 1/12 across, what is left at the border being 1."""
    from scipy.sparse import lil_matrix
    from scipy.sparse.linalg import spsolve

    plane, removed = numbers("plane", height, width).astype(np.float64), numbers("removed", height, width) < share
    number = -np.ones((height, width), int)
    number[removed] = np.arange(removed.sum())
    left, right = lil_matrix((removed.sum(), removed.sum())), np.zeros(removed.sum())
    for y, x in zip(*np.nonzero(removed)):
        near = [(y + j, x + i, 1 / 6 if i == 0 or j == 0 else 1 / 12) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
        near = [(j, i, weight) for j, i, weight in near if 0 <= j < height and 0 <= i < width]
        total = sum(weight for _, _, weight in near)
        left[number[y, x], number[y, x]] = 1
        for j, i, weight in near:
            if removed[j, i]:
                left[number[y, x], number[j, i]] = -weight / total
            else:
                right[number[y, x]] += weight / total * plane[j, i]
    plane[removed] = spsolve(left.tocsr(), right)
    return {"width": width, "height": height, "share": share, "values": plane.flatten().tolist()}


def similar(height, width):
    from scipy.stats import spearmanr

    one = numbers("one", height, width)
    other = np.round(8 * (0.5 * one + 0.5 * numbers("other", height, width))).astype(np.float32) / 8
    taps = torch.exp(-torch.arange(-5, 6, dtype=torch.float64) ** 2 / (2 * 1.5**2))
    kernel = (taps[:, None] * taps[None])[None, None]

    def window(values):
        values = torch.as_tensor(values, dtype=torch.float64)[None, None]
        return F.conv2d(values, kernel, padding=5) / F.conv2d(torch.ones_like(values), kernel, padding=5)

    x, y = one.astype(np.float64), other.astype(np.float64)
    mx, my = window(x), window(y)
    sxx, syy, sxy = window(x * x) - mx**2, window(y * y) - my**2, window(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    ssim = ((2 * mx * my + c1) * (2 * sxy + c2) / ((mx**2 + my**2 + c1) * (sxx + syy + c2))).mean().item()
    return {"width": width, "height": height, "spearman": float(spearmanr(one.flatten(), other.flatten())[0]), "ssim": ssim}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def golden():
    result = {"networks": {}, "resized": list(resized())}
    result["imputed"] = [imputed(11, 13, 0.3), imputed(17, 9, 0.9), imputed(1, 8, 0.5)]
    result["similar"] = [similar(15, 20), similar(8, 11), similar(1, 30)]
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
