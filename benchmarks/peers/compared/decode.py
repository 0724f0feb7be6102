"""Decodes every image of a data set to normalised batches of 32: by a DataLoader's workers, or by threads."""

from concurrent.futures import ThreadPoolExecutor

import torch
from torch.utils.data import DataLoader, Dataset

from canvases import tensor
from timing import seconds

BATCH = 32


class Images(Dataset):
    def __init__(self, request):
        self.files, self.size = request["files"], (request["width"], request["height"])

    def __len__(self):
        return len(self.files)

    def __getitem__(self, row):
        return tensor(self.files[row], *self.size)


def prepare(request):
    images, workers = Images(request), request["workers"]

    def by_loader():
        for _ in DataLoader(images, batch_size=BATCH, num_workers=workers):
            pass

    def by_threads():
        with ThreadPoolExecutor(workers) as pool:
            batch = []
            for image in pool.map(images.__getitem__, range(len(images))):
                batch.append(image)
                if len(batch) == BATCH:
                    torch.stack(batch)
                    batch.clear()
            if batch:
                torch.stack(batch)

    return seconds(by_threads if request["threads"] else by_loader)
