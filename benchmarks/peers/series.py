"""A CT series from files to one answer with pydicom, scipy, Pillow and PyTorch: the peer of CovidCt.Benchmarks' `compare-series`.

    series.py make FOLDER SIDE COUNT    writes a series of COUNT slices of SIDE x SIDE pixels
    series.py answer NETWORK FOLDER     reads it, finds the lungs, and answers by a network.safetensors of squeezenet1_1

The second prints the answer, how many slices it is of, the peak of resident bytes and the seconds of processor time.
"""

import json
import os
import struct
import sys
import time


def make(folder, side, count):
    import numpy as np
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    random = np.random.default_rng(1)
    rows, columns = np.mgrid[:side, :side]
    x, y = 2 * (columns + 0.5) / side - 1, 2 * (rows + 0.5) / side - 1
    study, series = generate_uid(), generate_uid()
    for number in random.permutation(count):
        z = 2 * (number + 0.5) / count - 1
        slice_ = np.full((side, side), -1000.0)
        slice_[(x / 0.85) ** 2 + (y / 0.7) ** 2 < 1] = 40
        lung = ((np.abs(x) - 0.42) / 0.27) ** 2 + (y / 0.45) ** 2 + ((z - 0.05) / 0.85) ** 2 < 1
        slice_[lung] = -820
        for vessel in range(60):
            angle = vessel * 2.4 + number / 40
            near = (np.abs(x) - 0.42 - 0.2 * np.cos(angle)) ** 2 + (y - 0.33 * np.sin(angle * 1.7)) ** 2 < 0.00012
            slice_[lung & near] = 30
        slice_ = np.clip(slice_ + random.normal(0, 20, slice_.shape), -1024, 3000)
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        data.is_little_endian, data.is_implicit_VR = True, False
        data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        data.StudyInstanceUID, data.SeriesInstanceUID, data.Modality = study, series, "CT"
        data.Rows = data.Columns = side
        data.BitsAllocated = data.BitsStored = 16
        data.HighBit, data.PixelRepresentation, data.SamplesPerPixel = 15, 0, 1
        data.PhotometricInterpretation, data.RescaleSlope, data.RescaleIntercept = "MONOCHROME2", "1", "-1024"
        data.InstanceNumber = int(number) + 1
        data.ImagePositionPatient, data.ImageOrientationPatient = [-160, -160, float(number)], [1, 0, 0, 0, 1, 0]
        data.PixelSpacing = [320 / side, 320 / side]
        data.PixelData = (slice_ + 1024).astype("<u2").tobytes()
        data.save_as(os.path.join(folder, f"{number:04d}.dcm"), write_like_original=False)


def network_of(path):
    import numpy as np
    import torch
    import torchvision

    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        content = file.read()
    meta = header.pop("__metadata__")
    state = {
        name: torch.from_numpy(np.frombuffer(content[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy())
        for name, entry in header.items()
        if entry["dtype"] == "F32"
    }
    network = torchvision.models.squeezenet1_1(num_classes=2)
    network.load_state_dict({name: state[name] for name in network.state_dict()})
    return network.eval(), meta


def answer(path, folder):
    import numpy as np
    import pydicom
    import torch
    from PIL import Image
    from scipy import ndimage

    network, meta = network_of(path)
    files = [pydicom.dcmread(os.path.join(folder, name)) for name in os.listdir(folder)]
    files.sort(key=lambda file: file.ImagePositionPatient[2])
    volume = np.stack([file.pixel_array * np.float32(file.RescaleSlope) + np.float32(file.RescaleIntercept) for file in files])
    inner = volume < -320
    for plane in inner:
        label, _ = ndimage.label(plane)
        border = np.unique(np.r_[label[0], label[-1], label[:, 0], label[:, -1]])
        plane &= ~np.isin(label, border[border > 0])
    label, number = ndimage.label(inner)
    sizes = np.bincount(label.ravel(), minlength=number + 1)
    sizes[0] = 0
    lungs = np.isin(label, np.flatnonzero(sizes >= max(1, sizes.max() // 10)))
    shares = [ndimage.binary_fill_holes(plane).mean() for plane in lungs]
    (width, height), fill = json.loads(meta["input"]), json.loads(meta["fill"])
    positive = int(meta["positive"])
    mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    inputs = []
    for slice_, share in zip(volume, shares):
        if share < 0.01:
            continue
        gray = np.floor(np.clip((slice_ + 600.5) / 1499 + 0.5, 0, 1) * 255 + 0.5).astype("u1")
        scale = min(width / gray.shape[1], height / gray.shape[0])
        size = round(gray.shape[1] * scale), round(gray.shape[0] * scale)
        canvas = Image.new("RGB", (width, height), tuple(fill))
        canvas.paste(Image.fromarray(gray).resize(size, Image.BILINEAR), ((width - size[0]) // 2, (height - size[1]) // 2))
        inputs.append(((np.asarray(canvas, np.float32) / 255 - mean) / deviation).transpose(2, 0, 1))
    with torch.no_grad():
        parts = [torch.from_numpy(np.stack(inputs[i : i + 16])) for i in range(0, len(inputs), 16)]
        probabilities = torch.cat([network(part).softmax(1)[:, positive] for part in parts])
    with open("/proc/self/status") as status:
        peak = next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps({"score": probabilities.mean().item(), "slices": len(inputs), "peak": peak, "busy": time.process_time()}))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        answer(sys.argv[2], sys.argv[3])
