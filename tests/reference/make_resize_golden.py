"""torchvision's antialiased resize of synthetic noise, written to the fixtures that CanvasTransformTests compares with.

    python3 tests/reference/make_resize_golden.py

Written with torch 1.13 and torchvision 0.14. A fixture is a binary PGM named by its sizes. The input is not stored: both
sides compute pixel (x, y) as the high byte of (2654435761 x + 2246822519 y) xor (3266489917 x y), modulo 2^32.
"""
from pathlib import Path

import numpy as np
import torch
import torchvision.transforms.functional as F

FOLDER = Path(__file__).resolve().parents[1] / "CovidCt.Core.Tests/Imaging/Fixtures/Resize"
CASES = [
    ((37, 53), (11, 20)), ((64, 48), (64, 48)), ((10, 7), (33, 29)), ((101, 77), (100, 76)), ((200, 150), (31, 17)),
    ((1, 1), (5, 4)), ((1, 9), (4, 3)), ((9, 1), (3, 4)), ((50, 40), (1, 1)), ((50, 40), (1, 13)), ((2, 2), (3, 3)),
    ((300, 211), (84, 63)), ((16, 16), (17, 15)), ((512, 512), (97, 101)), ((5, 300), (5, 12)), ((123, 45), (61, 45)),
    ((40, 400), (80, 20)), ((1853, 1485), (67, 53)),
]


def pattern(width, height):
    x = np.arange(width, dtype=np.uint64)[None, :]
    y = np.arange(height, dtype=np.uint64)[:, None]
    mixed = (x * 2654435761 + y * 2246822519) ^ (x * y * 3266489917)
    return ((mixed & 0xFFFFFFFF) >> 24).astype(np.uint8)


FOLDER.mkdir(parents=True, exist_ok=True)
for (width, height), (to_width, to_height) in CASES:
    image = torch.from_numpy(pattern(width, height))[None]
    resized = F.resize(image, [to_height, to_width], antialias=True)[0].numpy()
    path = FOLDER / f"{width}x{height}-to-{to_width}x{to_height}.pgm"
    path.write_bytes(b"P5\n%d %d\n255\n" % (to_width, to_height) + resized.tobytes())
