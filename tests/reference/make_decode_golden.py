"""Small synthetic images of many formats with Pillow's gray of each: the fixtures of SkiaImageDecoderTests.

    python3 tests/reference/make_decode_golden.py

Written with Pillow 9.4. Beside every image lies NAME.pgm with the expected gray pixels: Pillow's convert("L") of the
colours without their alpha, and the high byte of 16-bit gray.
"""
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

FOLDER = Path(__file__).resolve().parents[1] / "CovidCt.Core.Tests/Imaging/Fixtures/Decode"
WIDTH, HEIGHT = 26, 19
random = np.random.default_rng(20201123)


def noise(channels, depth=np.uint8):
    return random.integers(0, np.iinfo(depth).max + 1, (HEIGHT, WIDTH, channels), dtype=depth)


def smooth():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([128 + 100 * np.sin(x / 4), 128 + 100 * np.cos(y / 3), 255 * x / WIDTH], 2).astype(np.uint8)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(name, pixels, colour_type, depth=8, extra=b"", width=WIDTH):
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, HEIGHT, depth, colour_type, 0, 0, 0)
    (FOLDER / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def profile():
    """An sRGB profile with red and green exchanged: whoever applies it changes the pixels."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at:at + 4]): at for at in range(132, 132 + 12 * struct.unpack(">I", data[128:132])[0], 12)}
    data[tags[b"rXYZ"]:tags[b"rXYZ"] + 4], data[tags[b"gXYZ"]:tags[b"gXYZ"] + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def gray(path):
    image = Image.open(path)
    if image.mode.startswith("I"):
        return (np.asarray(image).astype(int) >> 8).astype(np.uint8)
    if image.mode == "P":
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "RGBX"):
        image = image.convert("RGB")
    if image.mode == "LA":
        return np.asarray(image)[..., 0]
    return np.asarray(image.convert("L"))


FOLDER.mkdir(parents=True, exist_ok=True)
for old in FOLDER.iterdir():
    old.unlink()

rgb, luma, alpha = noise(3), noise(1), noise(1)
alpha[: HEIGHT // 2] = 0
palette = chunk(b"PLTE", random.integers(0, 256, 768, dtype=np.uint8).tobytes())
swapped = profile()
png("gray.png", luma, 0)
png("gray-alpha.png", np.concatenate([luma, alpha], 2), 4)
png("rgb.png", rgb, 2)
png("rgba.png", np.concatenate([rgb, alpha], 2), 6)
png("palette.png", luma, 3, extra=palette)
png("palette-alpha.png", luma, 3, extra=palette + chunk(b"tRNS", bytes(range(256))))
png("gray-transparent.png", luma, 0, extra=chunk(b"tRNS", struct.pack(">H", int(luma[0, 0, 0]))))
png("gray-1bit.png", np.packbits(luma[..., 0] > 127, axis=1), 0, depth=1)
png("gray-4bit.png", luma[:, : WIDTH // 2], 0, depth=4)
png("gray-16bit.png", noise(1, np.uint16).astype(">u2"), 0, depth=16)
png("rgb-16bit.png", noise(3, np.uint16).astype(">u2"), 2, depth=16)
png("gray-gamma.png", luma, 0, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
png("rgb-gamma.png", rgb, 2, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
png("rgb-profile.png", rgb, 2, extra=chunk(b"iCCP", b"x\0\0" + zlib.compress(swapped)))

exif = Image.Exif()
exif[0x0112] = 6
colour, transparent = Image.fromarray(smooth()), Image.fromarray(np.concatenate([rgb, alpha], 2))
colour.save(FOLDER / "baseline-420.jpg", quality=90)
colour.save(FOLDER / "baseline-444.jpg", quality=90, subsampling=0)
colour.save(FOLDER / "progressive.jpg", quality=80, progressive=True)
colour.convert("L").save(FOLDER / "gray.jpg", quality=85)
colour.convert("CMYK").save(FOLDER / "cmyk.jpg", quality=90)
colour.save(FOLDER / "profile.jpg", quality=90, icc_profile=swapped)
colour.save(FOLDER / "orientation.jpg", quality=90, exif=exif)
colour.save(FOLDER / "rgb.bmp")
colour.convert("L").save(FOLDER / "gray.bmp")
colour.convert("1").save(FOLDER / "bilevel.bmp")
colour.save(FOLDER / "rgb.gif")
colour.convert("L").save(FOLDER / "animated.gif", save_all=True, append_images=[Image.fromarray(luma[..., 0])])
colour.save(FOLDER / "lossy.webp")
transparent.save(FOLDER / "alpha.webp", lossless=True, exact=True)

for path in sorted(FOLDER.iterdir()):
    pixels = gray(path)
    (FOLDER / f"{path.name}.pgm").write_bytes(b"P5\n%d %d\n255\n" % pixels.shape[::-1] + pixels.tobytes())
