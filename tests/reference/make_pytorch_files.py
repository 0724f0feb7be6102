#!/usr/bin/env python3
"""Small PyTorch files for the tests: tests/CovidCt.Models.Tests/Weights/Fixtures/*.pth, and pytorch-files.json, which says what is in them.

    make_pytorch_files.py FOLDER

Needs torch 1.13 (any from 1.8 to 2.x should do) and numpy. What this torch writes is written by it; what only other
versions write is put together here byte for byte, after torch/serialization.py, torch/_utils.py and
caffe2/serialize/inline_container.cc. Each file that must be read is also read here with torch.load, where this torch
can, and compared with what pytorch-files.json says. Files that would run something are only written, never loaded.

The tensors come from a seed. In the format before 1.6 torch takes memory addresses for keys, so that those files differ
from run to run; their tensors don't.
"""
import argparse
import base64
import io
import json
import math
import pickle
import pickletools
import struct
import sys
import warnings
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy
import torch

MARKER = "covidct-pickle-has-run"  # what a hostile file would create in the current folder
COMMAND = f"touch {MARKER}"
NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}
RANDOM = numpy.random.default_rng(1906)


def tensor(dtype, *shape):
    """Random bits, so NaNs and denormal numbers among them; 0 and 1 for bool."""
    count = math.prod(shape)
    if dtype is torch.bool:
        raw = RANDOM.integers(0, 2, count, dtype=numpy.uint8)
    else:
        raw = RANDOM.integers(0, 256, count * torch.empty(0, dtype=dtype).element_size(), dtype=numpy.uint8)
    if count == 0:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(bytearray(raw.tobytes()), dtype=dtype).clone().reshape(shape)


def f32(*shape):
    return torch.from_numpy(RANDOM.standard_normal(shape).astype(numpy.float32)) if shape else torch.tensor(RANDOM.standard_normal(), dtype=torch.float32)


def content(value):
    """The bytes of a tensor, contiguous and little-endian."""
    value = value.detach().contiguous().reshape(-1)
    return b"" if value.numel() == 0 else value.clone().view(torch.uint8).numpy().tobytes() if value.dtype != torch.bool else value.numpy().tobytes()


def entries(state):
    return [(name, NAMES[value.dtype], list(value.shape), content(value)) for name, value in state.items()]


class Folder:
    def __init__(self, path):
        self.path = Path(path)
        self.read, self.refused = [], []

    def save(self, name, holds, state, whole=None, protocol=2, formats=("zip", "legacy")):
        """Writes `whole` in both formats; `state` is what a reader finds in it."""
        for format in formats:
            file = f"{name}-{format}.pth"
            torch.save(state if whole is None else whole, self.path / file, pickle_protocol=protocol, _use_new_zipfile_serialization=format == "zip")
            self.expect(file, holds, entries(state), inside=whole is not None)

    def write(self, file, holds, data, expected, loads=True, widen=None):
        """A file put together here; `loads` says whether this torch can read it too, `widen` what a type that is not read as itself becomes."""
        (self.path / file).write_bytes(data)
        self.expect(file, holds, expected, loads=loads, widen=widen)

    def expect(self, file, holds, expected, loads=True, inside=False, widen=None):
        if loads:
            loaded = torch.load(self.path / file, map_location="cpu")
            if inside:
                loaded = next(value for key, value in loaded.items() if key in ("state_dict", "model", "model_state_dict"))
            assert entries(loaded) == expected, file
        self.read.append({
            "file": file,
            "holds": holds,
            "format": "PyTorch" if (self.path / file).read_bytes()[:2] == b"PK" else "PyTorchLegacy",
            "entries": [self.described(*entry, widen) for entry in expected],
        })

    @staticmethod
    def described(name, dtype, shape, data, widen):
        """An entry by its type in the file, the type that a reader without that one takes, and the bytes of the latter."""
        read_as, data = widen(data) if widen else (dtype, data)
        return {"name": name, "dtype": dtype, "read_as": read_as, "shape": shape, "bytes": base64.b64encode(data).decode()}

    def refuse(self, file, holds, names, data):
        """A file that must be refused with a message in which `names` occurs."""
        if isinstance(data, bytes):
            (self.path / file).write_bytes(data)
        else:
            data(self.path / file)
        self.refused.append({"file": file, "holds": holds, "names": names})


# Pickles by hand.

def text(value):
    raw = value.encode("utf-8")
    return b"X" + struct.pack("<I", len(raw)) + raw


def text_of_python_2(value):
    raw = value.encode("ascii")
    return b"U" + bytes([len(raw)]) + raw


def number(value):
    return b"K" + bytes([value]) if 0 <= value < 256 else b"J" + struct.pack("<i", value)


def number_of_python_2(value):
    raw = pickle.encode_long(value)
    return b"\x8a" + bytes([len(raw)]) + raw


def tuple_of(*items):
    return b"(" + b"".join(items) + b"t"


def list_of(*items):
    return b"](" + b"".join(items) + b"e" if items else b"]"


def dict_of(*pairs):
    return b"}(" + b"".join(key + value for key, value in pairs) + b"u" if pairs else b"}"


def named(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def call(function, *arguments):
    return function + tuple_of(*arguments) + b"R"


EMPTY_ORDERED = call(named("collections", "OrderedDict"))
FALSE, TRUE, NONE = b"\x89", b"\x88", b"N"


def dump(body, protocol=2):
    return b"\x80" + bytes([protocol]) + body + b"."


def storage(type, key, count, location="cpu", *more, text=text, number=number, module="torch"):
    return tuple_of(text("storage"), named(module, type), text(key), text(location), number(count), *more) + b"Q"


def rebuilt(storage, offset, shape, strides, number=number, more=(), function="_rebuild_tensor_v2"):
    arguments = [storage, number(offset), tuple_of(*map(number, shape)), tuple_of(*map(number, strides))]
    if function != "_rebuild_tensor":
        arguments += [FALSE, EMPTY_ORDERED]
    return call(named("torch._utils", function), *arguments, *more)


# Archives by hand.

def zipped(body, storages=None, name="archive", records=(), compression=zipfile.ZIP_STORED, before=()):
    """A zip archive as torch writes it, with its records in torch's order; `records` come behind the storages."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        def add(record, data):
            info = zipfile.ZipInfo(f"{name}/{record}", (1980, 1, 1, 0, 0, 0))
            info.compress_type = compression
            # An extra field "FB" pads the data to a multiple of 64 bytes.
            begin = buffer.tell() + 30 + len(info.filename.encode()) + 4
            info.extra = struct.pack("<2sH", b"FB", -begin % 64) + b"Z" * (-begin % 64)
            archive.writestr(info, data)

        add("data.pkl", body)
        for record, data in before:
            add(record, data)
        for key, data in (storages or {}).items():
            add(f"data/{key}", data)
        add("version", b"3\n")
        for record, data in records:
            add(record, data)
    return buffer.getvalue()


OF_TORCH_2 = {"before": [(".format_version", b"1"), (".storage_alignment", b"64"), ("byteorder", b"little")], "records": [(".data/serialization_id", b"1234567890" * 4)]}


def legacy(body, storages=None, little_endian=True, text=text, keys=None, system=None):
    """The format before 1.6: five pickles, then each storage behind the number of its elements."""
    storages = storages or {}
    if system is None:
        system = dict_of(
            (text("protocol_version"), number(1001)),
            (text("little_endian"), TRUE if little_endian else FALSE),
            (text("type_sizes"), dict_of((text("short"), number(2)), (text("int"), number(4)), (text("long"), number(4)))),
        )
    return b"".join([
        dump(number_of_python_2(0x1950A86A20F9469CFC6C)),
        dump(number(1001)),
        dump(system),
        body,
        dump(list_of(*(text(key) for key in sorted(storages)))) if keys is None else keys,
        *(struct.pack("<q", len(data) // size) + data for _, (size, data) in sorted(storages.items())),
    ])


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.bn = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(self.bn(self.conv(x)).mean((2, 3)))


def write_what_torch_writes(folder):
    folder.save("types", "every type", OrderedDict((NAMES[dtype].lower(), tensor(dtype, 2, 5)) for dtype in NAMES))
    folder.save("scalars", "scalars, of no dimension", {NAMES[dtype]: tensor(dtype) for dtype in NAMES})
    folder.save("empty", "tensors without elements", {"zero": torch.empty(0), "rows": torch.empty(0, 3, dtype=torch.int64), "middle": torch.empty(2, 0, 4, dtype=torch.float16), "one": f32(1)})

    base = f32(120)
    image = f32(2, 3, 4, 5)
    row = f32(1, 4)
    folder.save("views", "views by offset, transposition, stride and expansion", {
        "offset": base[17:29],
        "last": base[119:],
        "step": base[5:100:7],
        "transposed": f32(5, 3).t(),
        "permuted": image.permute(3, 0, 2, 1),
        "channels_last": image.contiguous(memory_format=torch.channels_last),
        "column": f32(6, 4)[:, 2],
        "corner": f32(6, 4)[2:5, 1:3],
        "expanded": row.expand(3, 4),
        "scalar_expanded": torch.tensor(2.5).expand(2, 2),
        "from_scalar": base[33],
        "empty": base[120:],
        "ones": f32(4, 1, 3).transpose(0, 1),
        "diagonal": f32(4, 4).diagonal(),
        "unfolded": f32(8).unfold(0, 3, 2),
        "bytes": tensor(torch.uint8, 7, 3).t(),
        "doubles": tensor(torch.float64, 3, 4)[1:].t(),
    })
    flat = tensor(torch.int32, 60)
    folder.save("shared", "entries that share storages", OrderedDict([
        ("first", flat[:20]), ("second", flat[20:50].reshape(5, 6)), ("overlapping", flat[10:30]), ("all", flat), ("again", flat),
        ("tied.weight", base[:6].reshape(2, 3)), ("tied.weight_t", base[:6].reshape(2, 3).t()),
    ]))
    folder.save("parameters", "parameters, with and without gradient", {
        "weight": torch.nn.Parameter(f32(3, 2)), "frozen": torch.nn.Parameter(f32(3), requires_grad=False),
        "half": torch.nn.Parameter(f32(4).half()), "plain": f32(2).requires_grad_(), "view": torch.nn.Parameter(base[3:9]),
    })

    torch.manual_seed(5)
    network = Small()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    network(torch.randn(4, 3, 6, 6)).square().sum().backward()
    optimizer.step()
    momentum = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    momentum.step()
    state = network.state_dict()
    folder.save("module", "the state_dict of a module, with its _metadata", state)
    folder.save("plain-dict", "a plain dictionary", dict(state))
    for name, key in (("nested-state-dict", "state_dict"), ("nested-model", "model")):
        folder.save(name, f"a state_dict under the key {key}", state, {key: state})
    folder.save("checkpoint", "a state_dict beside an optimizer's, counts, texts and figures", state, {
        "epoch": 3, "model_state_dict": state, "optimizer": optimizer.state_dict(), "scheduler": momentum.state_dict(), "loss": 0.125,
        "best": (1, 2.5, None, True, False), "arch": "small", "history": [{"loss": 1.5, "epoch": 0}, {"loss": -1e300, "epoch": 2**40}],
        "counts": [0, 1, -1, 255, 256, -256, 65535, 65536, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, -(2**63)],
    })
    for name, holds, value in (
        ("large", "numbers of more than 64 bits, such as the state of a random generator,", [2**63, 2**64, 2**127, 2**128 - 1, -(2**127) - 1, 10**40]),
        ("tuples", "tuples of every length", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((),))]),
        ("floats", "odd floats", [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324]),
        ("cycle", "a list that holds itself", None),
        ("size", "a torch.Size, a torch.dtype and a torch.device", [torch.Size([2, 3]), torch.float32, torch.device("cpu")]),
        ("counter", "an ordered dictionary with numbers for keys", OrderedDict([(1, "a"), (None, "b"), ((1, 2), "c"), (2.5, "d")])),
    ):
        if name == "cycle":
            value = []
            value.append(value)
        folder.save(f"beside-{name}", f"{holds} beside the state_dict", state, {"state_dict": state, name: value})
    folder.save("list-beside", "tensors in a list and alone beside the state_dict", state, {"state_dict": state, "buffers": [f32(3), f32(2, 2), tensor(torch.int64, 3)], "mean": f32(3)})
    folder.save("data-parallel", "names that begin with module.", OrderedDict(("module." + key, value) for key, value in state.items()))
    folder.save("nested-data-parallel", "names that begin with module., under state_dict", OrderedDict(("module." + key, value) for key, value in state.items()), {"state_dict": OrderedDict(("module." + key, value) for key, value in state.items()), "epoch": 90})
    folder.save("names", "names beyond ASCII, and odd ones", {"größe.重み": f32(2), "😀": f32(1), "": f32(1), "a b\n\"c\"\\": f32(1), "x" * 300: f32(1)})
    for protocol in (2, 3, 4, 5):
        folder.save(f"protocol-{protocol}", f"pickle protocol {protocol}", state, {"state_dict": state, "step": 7, "note": "größe", **({"raw": b"\x00\x01"} if protocol > 2 else {})}, protocol=protocol)

    row = f32(300)
    folder.save("many", "more entries than one byte counts", OrderedDict((f"layer{i}.weight", row[i : i + 1]) for i in range(300)))

    folder.refuse("whole-module-zip.pth", "a whole module", "Small", lambda path: torch.save(network, path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder.refuse("whole-module-legacy.pth", "a whole module", "Small", lambda path: torch.save(network, path, _use_new_zipfile_serialization=False))
    for format in ("zip", "legacy"):
        def save(value):
            return lambda path: torch.save(value, path, _use_new_zipfile_serialization=format == "zip")

        folder.refuse(f"namespace-{format}.pth", "command line arguments beside the state_dict", "argparse.Namespace", save({"state_dict": state, "args": argparse.Namespace(lr=0.1)}))
        folder.refuse(f"numpy-{format}.pth", "a NumPy scalar beside the state_dict", "numpy", save({"state_dict": state, "acc": numpy.float64(0.5)}))
        # Plain data, but spelt as calls; torch's own weights_only lets them pass, a state_dict has no need of them.
        folder.refuse(f"set-{format}.pth", "a set beside the state_dict", "set'", save({"state_dict": state, "set": {1, 2}}))
        folder.refuse(f"bytearray-{format}.pth", "a bytearray beside the state_dict", "bytearray'", save({"state_dict": state, "raw": bytearray(b"\x00\xff")}))
        folder.refuse(f"raw-{format}.pth", "bytes in protocol 2 beside the state_dict", "_codecs.encode", save({"state_dict": state, "raw": b"\x00\xff"}))
        folder.refuse(f"sparse-{format}.pth", "a sparse tensor", "_rebuild_sparse_tensor", save({"weight": torch.eye(3).to_sparse()}))
        folder.refuse(f"quantised-{format}.pth", "a quantised tensor", "_rebuild_qtensor", save({"weight": torch.quantize_per_tensor(f32(3), 0.1, 0, torch.qint8)}))
        folder.refuse(f"complex-{format}.pth", "complex tensors, which no network here has", "ComplexFloatStorage", save({"weight": torch.zeros(2, dtype=torch.complex64)}))
    folder.refuse("complex-double-zip.pth", "complex tensors, which no network here has", "ComplexDoubleStorage", lambda path: torch.save({"weight": torch.zeros(2, dtype=torch.complex128)}, path))
    folder.refuse("torchscript.pth", "a TorchScript archive", "TorchScript", lambda path: torch.jit.script(torch.nn.Linear(2, 1)).save(path))


def write_what_others_write(folder):
    weight, bias = f32(2, 3), f32(3)
    expected = entries({"weight": weight, "bias": bias})
    storages = {"0": content(weight), "1": content(bias)}
    body = dump(call(named("collections", "OrderedDict")) + b"(" + text("weight") + rebuilt(storage("FloatStorage", "0", 6), 0, (2, 3), (3, 1)) + text("bias") + rebuilt(storage("FloatStorage", "1", 3), 0, (3,), (1,)) + b"u")
    folder.write("torch-2-zip.pth", "an archive with the records that torch 2 adds", zipped(body, storages, "torch-2-zip", **OF_TORCH_2), expected)
    folder.write("renamed-zip.pth", "an archive whose folder has another name than the file", zipped(body, storages, "größe 1"), expected)
    folder.refuse("deflated-zip.pth", "an archive that a zip program has packed again, whose numbers cannot be read where they lie", "compressed", zipped(body, storages, compression=zipfile.ZIP_DEFLATED))
    folder.write("storages-first-zip.pth", "an archive whose pickle comes last", reordered(zipped(body, storages)), expected)
    folder.write("empty-metadata-zip.pth", "a tensor with metadata, which is empty", zipped(dump(dict_of((text("weight"), rebuilt(storage("FloatStorage", "0", 6), 0, (2, 3), (3, 1), more=(dict_of(),))))), storages, **OF_TORCH_2), expected[:1], loads=False)

    # Types newer than storage classes: an untyped storage, counted in bytes, and the type as an argument.
    unsigned = [
        ("uint16", "U16", 2, struct.pack("<6H", 0, 1, 255, 256, 32768, 65535), integers("<u2", "I32")),
        ("uint32", "U32", 4, struct.pack("<6I", 0, 1, 65536, 2**31 - 1, 2**31, 2**32 - 1), integers("<u4", "I64")),
        ("uint64", "U64", 8, struct.pack("<6Q", 0, 1, 2**31, 2**32, 2**53 + 1, 2**63 - 1), integers("<u8", "I64")),
    ]

    def untyped(key, dtype, count, size, offset=0):
        return rebuilt(storage("UntypedStorage", key, count, module="torch.storage"), offset, *size, more=(named("torch", dtype),), function="_rebuild_tensor_v3")

    for dtype, name, size, data, widen in unsigned:
        folder.write(f"torch-2-{dtype}-zip.pth", f"torch.{dtype}, which has no storage class", zipped(dump(dict_of(
            (text("whole"), untyped("0", dtype, len(data), ((2, 3), (3, 1)))),
            (text("transposed"), untyped("0", dtype, len(data), ((3, 2), (1, 3)))),
            (text("offset"), untyped("0", dtype, len(data), ((4,), (1,)), offset=2)),
        )), {"0": data}, **OF_TORCH_2), [
            ("whole", name, [2, 3], data),
            ("transposed", name, [3, 2], b"".join(data[i * size : (i + 1) * size] for i in (0, 3, 1, 4, 2, 5))),
            ("offset", name, [4], data[2 * size :]),
        ], loads=False, widen=widen)
    folder.refuse("torch-2-uint64-large-zip.pth", "a torch.uint64 beyond int64", "9223372036854775808", zipped(dump(dict_of((text("weight"), untyped("0", "uint64", 8, ((1,), (1,)))))), {"0": struct.pack("<Q", 2**63)}, **OF_TORCH_2))
    folder.write("torch-2-uint16-legacy.pth", "torch.uint16 in the format before 1.6", legacy(
        dump(dict_of((text("whole"), rebuilt(storage("UntypedStorage", "94", 12, "cpu", NONE, module="torch.storage"), 0, (2, 3), (3, 1), more=(named("torch", "uint16"),), function="_rebuild_tensor_v3")))),
        {"94": (1, unsigned[0][3])}), [("whole", "U16", [2, 3], unsigned[0][3])], loads=False, widen=unsigned[0][4])
    folder.write("torch-2-float32-v3-zip.pth", "torch.float32 by way of an untyped storage", zipped(dump(dict_of((text("weight"), untyped("0", "float32", 24, ((2, 3), (3, 1)))))), storages, **OF_TORCH_2), expected[:1], loads=False)
    eighths = bytes(range(256))
    for dtype, name, widen in (("float8_e4m3fn", "F8_E4M3", e4m3), ("float8_e5m2", "F8_E5M2", e5m2)):
        folder.write(f"torch-2-{dtype}-zip.pth", f"torch.{dtype}, all of its values", zipped(dump(dict_of((text("weight"), untyped("0", dtype, 256, ((16, 16), (16, 1)))))), {"0": eighths}, **OF_TORCH_2), [("weight", name, [16, 16], eighths)], loads=False, widen=widen)
    folder.write("odd-truths-zip.pth", "bytes other than 0 and 1 for bool", zipped(dump(dict_of((text("mask"), rebuilt(storage("BoolStorage", "0", 4), 0, (4,), (1,))))), {"0": b"\x00\x01\x02\xff"}), [("mask", "BOOL", [4], b"\x00\x01\x02\xff")], loads=False, widen=lambda data: ("BOOL", bytes(map(bool, data))))

    # Python 2: byte strings, long integers, OrderedDict from a list of pairs, storages of a GPU.
    def old_storage(key, count, *more):
        return storage("FloatStorage", key, count, "cuda:0", *more, text=text_of_python_2, number=number_of_python_2)

    folder.write("python-2-legacy.pth", "what Python 2 wrote on a GPU", legacy(
        dump(call(named("collections", "OrderedDict"), list_of(
            list_of(text_of_python_2("weight"), rebuilt(old_storage("70368", 6, NONE), 0, (2, 3), (3, 1), number=number_of_python_2)),
            list_of(text_of_python_2("bias"), rebuilt(old_storage("70400", 3, NONE), 0, (3,), (1,), number=number_of_python_2)),
        )) + dict_of((text_of_python_2("_metadata"), call(named("collections", "OrderedDict"), list_of(list_of(text_of_python_2(""), dict_of((text_of_python_2("version"), number(1)))))))) + b"b"),
        {"70368": (4, content(weight)), "70400": (4, content(bias))}, text=text_of_python_2), expected)

    # Before torch 1.0: one storage as a view of another, and a rebuilding function without gradient and hooks.
    def view(key, offset, count):
        return storage("FloatStorage", "500", 9, "cpu", tuple_of(text(key), number(offset), number(count)))

    joined = {"500": (4, content(weight) + content(bias))}
    folder.write("storage-views-legacy.pth", "storages that are views of one", legacy(dump(dict_of(
        (text("weight"), rebuilt(view("501", 0, 6), 0, (2, 3), (3, 1))),
        (text("bias"), rebuilt(view("502", 6, 3), 0, (3,), (1,))),
        (text("end"), rebuilt(view("502", 6, 3), 1, (2,), (1,))),
    )), joined), [*expected, ("end", "F32", [2], content(bias[1:]))])
    folder.write("rebuild-tensor-1-legacy.pth", "tensors by the oldest rebuilding function", legacy(dump(dict_of(
        (text("weight"), rebuilt(storage("FloatStorage", "500", 9, "cpu", NONE), 0, (2, 3), (3, 1), function="_rebuild_tensor")),
        (text("bias"), rebuilt(storage("FloatStorage", "500", 9, "cpu", NONE), 6, (3,), (1,), function="_rebuild_tensor")),
    )), joined), expected)
    folder.write("rebuild-tensor-1-zip.pth", "tensors by the oldest rebuilding function", zipped(dump(dict_of(
        (text("weight"), rebuilt(storage("FloatStorage", "0", 6), 0, (2, 3), (3, 1), function="_rebuild_tensor")),
        (text("bias"), rebuilt(storage("FloatStorage", "1", 3), 0, (3,), (1,), function="_rebuild_tensor")),
    )), storages), expected)

    zip_body = body
    old_body = dump(dict_of((text("weight"), rebuilt(storage("FloatStorage", "7", 6, "cpu", NONE), 0, (2, 3), (3, 1)))))
    folder.refuse("big-endian-zip.pth", "numbers of a big-endian machine", "little-endian", zipped(zip_body, storages, before=[("byteorder", b"big")]))
    folder.refuse("big-endian-legacy.pth", "numbers of a big-endian machine", "little-endian", legacy(old_body, {"7": (4, content(weight))}, little_endian=False))
    folder.refuse("negated-zip.pth", "a tensor whose bytes stand for their negatives", "neg", zipped(dump(dict_of((text("weight"), rebuilt(storage("FloatStorage", "0", 6), 0, (2, 3), (3, 1), more=(dict_of((text("neg"), TRUE)),))))), storages, **OF_TORCH_2))


def integers(source, target):
    return lambda data: (target, numpy.frombuffer(data, source).astype(numpy.dtype(f"<i{int(target[1:]) // 8}")).tobytes())


def e4m3(data):
    """Micikevicius et al. 2022: 1 sign bit, 4 bits of exponent with bias 7, 3 of mantissa, one NaN, no infinity."""
    def value(bits):
        exponent, mantissa = bits >> 3 & 15, bits & 7
        size = math.nan if bits & 127 == 127 else math.ldexp(mantissa / 8, -6) if exponent == 0 else math.ldexp(1 + mantissa / 8, exponent - 7)
        return math.copysign(size, -1 if bits & 128 else 1)

    return "F32", numpy.array([value(bits) for bits in data], "<f4").tobytes()


def e5m2(data):
    """The upper half of a float16."""
    return "F32", (numpy.frombuffer(data, numpy.uint8).astype("<u2") << 8).view("<f2").astype("<f4").tobytes()


def reordered(archive):
    """The same archive with its members in another order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in reversed(old.infolist()):
            new.writestr(zipfile.ZipInfo(info.filename, info.date_time), old.read(info))
    return buffer.getvalue()


def write_what_would_run(folder):
    """Pickles that run a command in an unpickler that follows them. They are written and never loaded."""
    command = text(COMMAND)
    python = text(f"__import__('os').system('{COMMAND}')")
    weight = f32(2, 3)
    good = rebuilt(storage("FloatStorage", "0", 6), 0, (2, 3), (3, 1))

    def beside(value):
        return dump(dict_of((text("weight"), good), (text("x"), value)))

    hostile = {
        "reduce-os": ("REDUCE of os.system", "os.system", beside(call(named("os", "system"), command))),
        "reduce-posix": ("REDUCE of posix.system", "posix.system", beside(call(named("posix", "system"), command))),
        "reduce-nt": ("REDUCE of nt.system", "nt.system", beside(call(named("nt", "system"), command))),
        "reduce-subprocess": ("REDUCE of subprocess.Popen", "subprocess.Popen", beside(call(named("subprocess", "Popen"), list_of(text("touch"), text(MARKER))))),
        "reduce-eval": ("REDUCE of builtins.eval", "builtins.eval", beside(call(named("builtins", "eval"), python))),
        "reduce-eval-2": ("REDUCE of __builtin__.eval", "__builtin__.eval", beside(call(named("__builtin__", "eval"), python))),
        "reduce-getattr": ("REDUCE of builtins.getattr", "builtins.getattr", beside(call(call(named("builtins", "getattr"), call(named("builtins", "__import__"), text("os")), text("system")), command))),
        "reduce-popped": ("REDUCE of os.system whose result is thrown away", "os.system", dump(call(named("os", "system"), command) + b"0" + dict_of((text("weight"), good)))),
        "reduce-first": ("REDUCE of os.system as the whole pickle", "os.system", dump(call(named("os", "system"), command))),
        "named-only": ("os.system as a value that nothing calls", "os.system", beside(named("os", "system"))),
        "named-torch": ("REDUCE of a function of torch that a state_dict has no need of", "torch.hub.load", beside(call(named("torch.hub", "load"), text("."), text("x")))),
        "stack-global": ("STACK_GLOBAL of os.system", "os.system", dump(dict_of((text("x"), text("os") + text("system") + b"\x93" + tuple_of(command) + b"R")), 4)),
        "stack-global-path": ("STACK_GLOBAL of a path that begins at torch", "serialization.os.system", dump(dict_of((text("x"), text("torch") + text("serialization.os.system") + b"\x93" + tuple_of(command) + b"R")), 4)),
        "stack-global-memo": ("STACK_GLOBAL of names out of the memo", "os.system", dump(text("system") + b"\x94" + text("os") + b"\x94" + b"00" + b"}" + text("x") + b"h\x01h\x00\x93" + tuple_of(command) + b"Rs", 4)),
        "inst": ("INST of os.system", "os.system", beside(b"(" + command + b"ios\nsystem\n")),
        "obj": ("OBJ of os.system", "os.system", beside(b"(" + named("os", "system") + command + b"o")),
        "newobj": ("NEWOBJ of subprocess.Popen", "subprocess.Popen", beside(named("subprocess", "Popen") + tuple_of(list_of(text("touch"), text(MARKER))) + b"\x81")),
        "newobj-ex": ("NEWOBJ_EX of subprocess.Popen", "subprocess.Popen", dump(dict_of((text("x"), named("subprocess", "Popen") + tuple_of(list_of(text("touch"), text(MARKER))) + b"}" + b"\x92")), 4)),
        "build": ("BUILD with a __setstate__ that is os.system", "os.system", beside(EMPTY_ORDERED + dict_of((text("__setstate__"), named("os", "system"))) + b"b" + command + b"b")),
        "build-class": ("BUILD that gives a class a __setstate__", "builtins.eval", beside(named("collections", "OrderedDict") + dict_of((text("__setstate__"), named("builtins", "eval"))) + b"b" + EMPTY_ORDERED + python + b"b")),
        "ext": ("EXT1, a name out of a registry", "EXT1", beside(b"\x82\x01" + tuple_of(command) + b"R")),
        "persistent": ("a persistent id whose storage class is os.system", "os.system", beside(tuple_of(text("storage"), named("os", "system"), text("0"), text("cpu"), number(6)) + b"Q")),
        "persistent-text": ("a persistent id in text", "PERSID", beside(b"Pos.system\n")),
        "persistent-module": ("a persistent id that is a module with its source", "subprocess.Popen", beside(tuple_of(text("module"), named("subprocess", "Popen"), text("x.py"), python) + b"Q")),
    }
    for name, (holds, names, body) in hostile.items():
        pickletools.dis(body, io.StringIO())  # a pickle that Python would follow to its end
        folder.refuse(f"hostile-{name}-zip.pth", holds, names, zipped(body, {"0": content(weight)}))
    for name in ("reduce-os", "reduce-eval", "stack-global", "inst", "obj", "newobj", "build", "persistent-module"):
        holds, names, body = hostile[name]
        folder.refuse(f"hostile-{name}-legacy.pth", holds, names, legacy(body, {"0": (4, content(weight))}))
    body = dump(dict_of((text("weight"), rebuilt(storage("FloatStorage", "0", 6, "cpu", NONE), 0, (2, 3), (3, 1)))))
    attack = call(named("os", "system"), command)
    folder.refuse("hostile-system-legacy.pth", "REDUCE of os.system in the description of the machine", "os.system", legacy(body, {"0": (4, content(weight))}, system=attack))
    folder.refuse("hostile-keys-legacy.pth", "REDUCE of os.system in the list of storages", "os.system", legacy(body, {"0": (4, content(weight))}, keys=dump(list_of(text("0"), attack))))


def main():
    path = Path(sys.argv[1])
    for old in path.glob("*.pth"):
        old.unlink()
    folder = Folder(path)
    write_what_torch_writes(folder)
    write_what_others_write(folder)
    write_what_would_run(folder)
    lines = {kind: ",\n".join(json.dumps(file, ensure_ascii=True) for file in files) for kind, files in (("read", folder.read), ("refused", folder.refused))}
    (path / "pytorch-files.json").write_text(f'{{"marker": "{MARKER}", "read": [\n{lines["read"]}\n], "refused": [\n{lines["refused"]}\n]}}\n', encoding="ascii")
    print(f"{len(folder.read)} files to read, {len(folder.refused)} to refuse", file=sys.stderr)
    assert not Path(MARKER).exists()


if __name__ == "__main__":
    main()
