"""An epoch of training on canvases that lie in memory, augmented anew: crop, flip, blur, noise, brightness and contrast.

The canvases are kept gray and become three channels last, which spares two thirds of the augmentation.
"""

import random

import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.transforms import functional as F

from canvases import DEVIATION, MEAN, on_canvas
from networks import autotune, build, device, precision
from timing import seconds
from timm_lamb import Lamb


class Canvases(Dataset):
    def __init__(self, request):
        self.height, self.width, self.labels = request["height"], request["width"], request["labels"]
        self.gray = torch.stack(
            [F.pil_to_tensor(on_canvas(file, self.width, self.height).convert("L")) for file in request["files"]]
        )
        self.rest = transforms.Compose(
            [
                transforms.RandomHorizontalFlip(0.5),
                transforms.RandomApply([transforms.GaussianBlur(9, (0.5, 1.5))], 0.25),
                transforms.Lambda(lambda x: x + torch.randn_like(x) * random.uniform(0, 0.05)),
                transforms.Lambda(lambda x: x.clamp_(0, 1)),
                transforms.ColorJitter(brightness=0.15, contrast=0.15),
                transforms.Lambda(lambda x: x.expand(3, -1, -1)),
                transforms.Normalize(MEAN, DEVIATION),
            ]
        )

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, row):
        image = self.gray[row].float().div_(255)
        top, bottom = random.uniform(0, 0.05), random.uniform(0, 0.05)
        extent, left = 1 - top - bottom, random.uniform(0, top + bottom)
        image = F.resized_crop(
            image, int(top * self.height), int(left * self.width), int(extent * self.height), int(extent * self.width),
            [self.height, self.width],
        )
        return self.rest(image), self.labels[row]


def prepare(request):
    autotune(request)
    canvases = Canvases(request)
    network, layout = build(request)
    network.train()
    optimizer = Lamb(network.parameters(), lr=3e-4)
    loader = DataLoader(
        canvases, batch_size=request["batch"], shuffle=True, num_workers=request["workers"],
        persistent_workers=request["workers"] > 0, pin_memory=device(request) == "cuda",
        # What later Pythons start workers with can't pass on the functions within the transforms.
        multiprocessing_context="fork" if request["workers"] else None,
    )

    def epoch():
        loss = torch.zeros((), device=device(request))
        for batch, labels in loader:
            optimizer.zero_grad(set_to_none=True)
            batch = batch.to(device(request), memory_format=layout, non_blocking=True)
            labels = labels.to(device(request), non_blocking=True)
            with precision(request):
                value = torch.nn.functional.cross_entropy(network(batch), labels)
            value.backward()
            optimizer.step()
            loss += value.detach() * len(labels)
        return loss.item()

    return seconds(epoch, device(request))
