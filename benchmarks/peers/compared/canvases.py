"""Images on canvases by Pillow and torchvision: RGB, resized with their aspect kept, padded, as a normalised tensor."""

from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

FILL = (123, 116, 103)
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def on_canvas(path, width, height):
    image = Image.open(path).convert("RGB")
    factor = min(width / image.width, height / image.height)
    w, h = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    image = F.resize(image, [h, w], InterpolationMode.BILINEAR)
    left, top = (width - w) // 2, (height - h) // 2
    return F.pad(image, [left, top, width - w - left, height - h - top], fill=FILL)


def tensor(path, width, height):
    return F.normalize(F.to_tensor(on_canvas(path, width, height)), MEAN, DEVIATION)
