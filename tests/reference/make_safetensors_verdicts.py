#!/usr/bin/env python3
"""Which safetensors files the format's own reference takes: safetensors-verdicts.json of tests/CovidCt.Models.Tests/Weights.

    make_safetensors_verdicts.py REFERENCE OUTPUT.json

REFERENCE is a program around the Rust crate `safetensors` of https://github.com/huggingface/safetensors, built from
commit 24b0b2857fef49be734b9ab72ce97c09bb25f5b9 (v0.6.0-73-g24b0b28, "0.8.0-dev.0") with serde_json 1.0.87.
`REFERENCE verdicts FOLDER` calls `SafeTensors::deserialize` on the bytes of each file of a folder and prints a line for
each: its name, accept or reject, and the reason, between tabs.

The files are made here: those by hand have speaking names, and `mutant` ones come from a seeded generator. All is
derived from the seed, so that another run writes the same files.
"""
import base64
import json
import random
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

MANY = 170  # mutants
DTYPES = "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64"
BITS = {"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "BF16": 16}


def bits(dtype):
    return BITS.get(dtype) or int(dtype[1:].partition("_")[0])


def file(header, data=b"", length=None):
    """A file of a header (text, bytes or an object) and data (bytes, or how many); `length` is what it announces."""
    if isinstance(header, dict):
        header = json.dumps(header, separators=(",", ":"))
    if isinstance(header, str):
        header = header.encode("utf-8")
    if isinstance(data, int):
        data = bytes(i % 251 for i in range(data))
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def tensor(dtype="F32", shape=(1,), offsets=(0, 4)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def one(body, data=4):
    """A file with the one entry `a`, whose JSON text is given."""
    return file('{"a":' + body + "}", data)


def fields(dtype='"F32"', shape="[1]", offsets="[0,4]"):
    return f'{{"dtype":{dtype},"shape":{shape},"data_offsets":{offsets}}}'


def made_by_hand():
    yield "no tensors", file("{}")
    yield "no tensors, but data", file("{}", 1)
    yield "one", one(fields())
    yield "two", file({"a": tensor(), "b": tensor("I64", (2,), (4, 20))}, 20)
    yield "two in the other order", file({"b": tensor("I64", (2,), (4, 20)), "a": tensor()}, 20)
    yield "three and metadata", file({"__metadata__": {"format": "pt"}, "w": tensor("F16", (2, 3), (0, 12)), "b": tensor("U8", (3,), (12, 15)), "n": tensor("I64", (), (15, 23))}, 23)
    yield "metadata last", file({"a": tensor(), "__metadata__": {"format": "pt"}}, 4)

    for dtype in DTYPES.split():
        yield f"type {dtype}", file({"a": tensor(dtype, (8,), (0, bits(dtype)))}, bits(dtype))
        yield f"type {dtype}, one byte short", file({"a": tensor(dtype, (8,), (0, bits(dtype) - 1))}, bits(dtype) - 1)
    yield "type F4, half a byte", file({"a": tensor("F4", (1,), (0, 1))}, 1)
    yield "type F6, part of a byte", file({"a": tensor("F6_E2M3", (3,), (0, 3))}, 3)
    for dtype in ("f32", "F33", "F31", "F8", "C128", "", " F32", "F32 ", "float32", "Ｆ32", "BOOLEAN"):
        yield f"unknown type '{dtype}'", one(fields(json.dumps(dtype)))
    yield "unknown type of an empty tensor", one(fields('"X"', "[0]", "[0,0]"), 0)
    for text in ("null", "1", "0", "true", "[]", '["F32"]', "{}", '{"F32":null}', '{"F32":1}', '{"F32":null,"F64":null}'):
        yield f"type as {text}", one(fields(dtype=text))
    yield "type with an escape", one(fields(r'"F\u00332"'))

    yield "shape []", one(fields(shape="[]"))
    yield "shape [] with two elements", one(fields(shape="[]", offsets="[0,8]"), 8)
    yield "shape [0]", one(fields(shape="[0]", offsets="[0,0]"), 0)
    yield "shape [0] with bytes", one(fields(shape="[0]"))
    yield "shape [3,0,5]", one(fields(shape="[3,0,5]", offsets="[0,0]"), 0)
    yield "many dimensions", one(fields(shape="[" + ",".join(["1"] * 70) + "]"))
    yield "many more dimensions", one(fields(shape="[" + ",".join(["1"] * 3000) + "]"))
    for text in ("[-1]", "[-0]", "[1.0]", "[1e0]", "[0.5]", '["1"]', "[null]", "[true]", "[[1]]", "[1,]", "[,1]", "[1 1]", "1", '"[1]"', "null", "{}", '{"0":1}', "[01]", "[+1]", "[0x1]", "[1_0]", "[NaN]", "[Infinity]", "[1", "[ 1 ]", "[1/**/]"):
        yield f"shape {text}", one(fields(shape=text))
    for number in (2**31, 2**32, 2**53, 2**61, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30):
        yield f"shape [{number}]", one(fields(shape=f"[{number}]"))
        yield f"shape [{number},0]", one(fields(shape=f"[{number},0]", offsets="[0,0]"), 0)
    yield "shape that wraps to 1 element", one(fields('"U8"', f"[{2**32},{2**32},1]", "[0,0]"), 0)
    yield "shape that wraps to 4 bytes", one(fields(shape=f"[{2**62 + 1}]"))
    yield "shape that wraps past a zero", one(fields(shape=f"[{2**40},{2**40},0]", offsets="[0,0]"), 0)
    yield "shape with a zero, then the wrap", one(fields(shape=f"[0,{2**40},{2**40}]", offsets="[0,0]"), 0)
    yield "shape whose bits wrap, not its bytes", one(fields('"U8"', f"[{2**61}]", f"[0,{2**61}]"), 4)

    for text in ("[0]", "[]", "[0,4,8]", "[4,0]", "[4,4]", "[-4,0]", "[0,-4]", "[0.0,4.0]", "[0,4.0]", "[0,4e0]", '["0","4"]', "[null,4]", "4", "null", '{"begin":0,"end":4}', '{"0":0,"1":4}', "[0,5]", "[0,3]", "[1,5]", "[0,4,]", "[00,4]", "[-0,4]"):
        yield f"offsets {text}", one(fields(offsets=text))
    for number in (2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64):
        yield f"offsets [0,{number}]", one(fields(offsets=f"[0,{number}]"))
        yield f"offsets [{number},{number + 4}]", one(fields(offsets=f"[{number},{number + 4}]"))
    yield "end before begin by wrapping", one(fields(offsets=f"[{2**64 - 4},0]"))

    yield "a hole at the begin", file({"a": tensor(offsets=(4, 8))}, 8)
    yield "a hole in the middle", file({"a": tensor(), "b": tensor(offsets=(8, 12))}, 12)
    yield "a hole of one byte", file({"a": tensor(), "b": tensor(offsets=(5, 9))}, 9)
    yield "an overlap", file({"a": tensor(), "b": tensor(offsets=(2, 6))}, 6)
    yield "the same bytes twice", file({"a": tensor(), "b": tensor()}, 4)
    yield "one inside the other", file({"a": tensor(shape=(4,), offsets=(0, 16)), "b": tensor(offsets=(4, 8))}, 16)
    yield "an overlap that sums up", file({"a": tensor(shape=(2,), offsets=(0, 8)), "b": tensor(offsets=(4, 8)), "c": tensor(offsets=(8, 12))}, 12)
    yield "one trailing byte", one(fields(), 5)
    yield "many trailing bytes", one(fields(), 400)
    yield "one byte missing", one(fields(), 3)
    yield "all bytes missing", one(fields(), 0)
    yield "empty ones between", file({"a": tensor(), "e": tensor(shape=(0,), offsets=(4, 4)), "b": tensor(offsets=(4, 8))}, 8)
    yield "empty ones first", file({"e": tensor(shape=(0,), offsets=(0, 0)), "f": tensor(shape=(0,), offsets=(0, 0)), "a": tensor()}, 4)
    yield "empty ones last", file({"a": tensor(), "e": tensor(shape=(0,), offsets=(4, 4)), "f": tensor(shape=(2, 0), offsets=(4, 4))}, 4)
    yield "an empty one inside another", file({"a": tensor(), "e": tensor(shape=(0,), offsets=(2, 2))}, 4)
    yield "an empty one behind the end", file({"a": tensor(), "e": tensor(shape=(0,), offsets=(5, 5))}, 4)
    yield "an empty one behind the end, with a byte there", file({"a": tensor(), "e": tensor(shape=(0,), offsets=(5, 5))}, 5)
    yield "only an empty one, at 1", file({"e": tensor(shape=(0,), offsets=(1, 1))}, 1)
    yield "unaligned", file({"a": tensor("U8", (1,), (0, 1)), "b": tensor("F64", (1,), (1, 9))}, 9)

    yield "no dtype", one('{"shape":[1],"data_offsets":[0,4]}')
    yield "no shape", one('{"dtype":"F32","data_offsets":[0,4]}')
    yield "no offsets", one('{"dtype":"F32","shape":[1]}')
    yield "an empty entry", one("{}", 0)
    yield "an entry more", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"note":"x"}')
    yield "a nested entry more", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"note":{"deep":[1,{"dtype":2}]}}')
    yield "strides, which nobody defined", one('{"dtype":"F32","shape":[1],"strides":[1],"data_offsets":[0,4]}')
    yield "dtype twice, the same", one('{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}')
    yield "dtype twice, another", one('{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}')
    yield "shape twice", one('{"dtype":"F32","shape":[2],"shape":[1],"data_offsets":[0,4]}')
    yield "offsets twice", one('{"dtype":"F32","shape":[1],"data_offsets":[4,8],"data_offsets":[0,4]}')
    yield "an entry more, twice", one('{"x":1,"dtype":"F32","shape":[1],"x":2,"data_offsets":[0,4]}')
    yield "fields in capitals", one('{"DTYPE":"F32","Shape":[1],"data_offsets":[0,4]}')
    yield "a field with an escape", one(r'{"dtyp\u0065":"F32","shape":[1],"data_offsets":[0,4]}')
    yield "fields in another order", one('{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}')
    for text in ("null", "1", '"F32"', "[]", "true", '["F32",[1],[0,4]]', '["F32",[1]]', '["F32",[1],[0,4],0]'):
        yield f"entry as {text}", one(text, 4 if "4]" in text else 0)

    two = '{"a":%s,"a":%s}'
    yield "a name twice, the same entry", file(two % (fields(), fields()), 4)
    yield "a name twice, the file fits the last", file(two % (fields(offsets="[4,8]"), fields()), 4)
    yield "a name twice, the file fits the first", file(two % (fields(), fields(offsets="[4,8]")), 4)
    yield "a name twice, the file fits both", file(two % (fields(), fields(offsets="[4,8]")), 8)
    yield "a name twice, once with an escape", file(r'{"a":%s,"\u0061":%s}' % (fields(), fields()), 4)
    yield "metadata twice", file('{"__metadata__":{},"__metadata__":{},"a":%s}' % fields(), 4)
    yield "a key of metadata twice", file('{"__metadata__":{"k":"1","k":"2"},"a":%s}' % fields(), 4)

    for text in ("null", "{}", "[]", "1", '"pt"', '{"k":1}', '{"k":null}', '{"k":true}', '{"k":{}}', '{"k":["v"]}', '{"k":""}', '{"":"v"}', '{"k":"\\u0000"}', '{"k":"\\ud800"}', '{"k":"\\ud83d\\ude00"}', '{"k":"ü😀"}', '[["k","v"]]', fields()):
        yield f"metadata {text}", file('{"__metadata__":%s}' % text)
    yield "metadata alone with data", file({"__metadata__": {"a": "b"}}, 4)
    yield "metadata of another spelling", file('{"__Metadata__":{"k":"v"}}')
    yield "metadata spelt with an escape", file(r'{"\u005f_metadata__":{"k":"v"}}')

    for name in ("", " ", "a.b.c", "ü", "😀", "\\\"", "\x7f", "a" * 3000, "__proto__", "../../etc", "a/b"):
        yield f"name '{name[:12]}'", file({name: tensor()}, 4)
    yield "name with an escaped NUL", file(r'{"\u0000":%s}' % fields(), 4)
    yield "name with a bare NUL", file('{"\x00":%s}' % fields(), 4)
    yield "name with a bare line feed", file('{"a\nb":%s}' % fields(), 4)
    yield "name with a lone high surrogate", file(r'{"\ud800":%s}' % fields(), 4)
    yield "name with a lone low surrogate", file(r'{"\udc00x":%s}' % fields(), 4)
    yield "name with a surrogate pair", file(r'{"\ud83d\ude00":%s}' % fields(), 4)
    yield "name with surrogates swapped", file(r'{"\ude00\ud83d":%s}' % fields(), 4)
    yield "name with a bad escape", file(r'{"\x61":%s}' % fields(), 4)
    yield "name with a short escape", file(r'{"\u061":%s}' % fields(), 4)
    yield "name that is no string", file("{1:%s}" % fields(), 4)
    yield "name without quotes", file("{a:%s}" % fields(), 4)
    yield "name in single quotes", file("{'a':%s}" % fields(), 4)
    for label, raw in (("bad byte", b"\xff"), ("lone continuation", b"\x80"), ("overlong", b"\xc0\xaf"), ("cut short", b"\xe2\x82"), ("encoded surrogate", b"\xed\xa0\x80"), ("beyond Unicode", b"\xf4\x90\x80\x80")):
        yield f"UTF-8 {label} in a name", file(b'{"' + raw + b'":' + fields().encode() + b"}", 4)
        yield f"UTF-8 {label} in metadata", file(b'{"__metadata__":{"k":"' + raw + b'"}}')
    yield "UTF-8 bad byte in an ignored field", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"n":"#"}').replace(b"#", b"\xff")
    yield "lone surrogate in an ignored field", one(r'{"dtype":"F32","shape":[1],"data_offsets":[0,4],"n":"\ud800"}')
    yield "number too large in an ignored field", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"n":1e999}')
    yield "long number in an ignored field", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"n":%s}' % ("9" * 400))
    yield "UTF-8 bad byte behind the header", file(b"{}\xff")

    for depth in (10, 60, 61, 62, 63, 64, 65, 100, 124, 125, 126, 127, 128, 129, 200, 1000):
        yield f"an ignored field of depth {depth}", one('{"dtype":"F32","shape":[1],"data_offsets":[0,4],"n":%s}' % ("[" * depth + "]" * depth))
    yield "open brackets without end", file("[" * 5000)
    yield "open braces without end", file('{"a":' * 5000)

    body = '{"a":%s}' % fields()
    yield "a space before", file(" " + body, 4)
    yield "line feeds before", file("\n\t\r\n" + body, 4)
    yield "spaces behind", file(body + " " * 13, 4)
    yield "white space behind", file(body + " \n\r\t", 4)
    yield "a form feed behind", file(body + "\f", 4)
    yield "a no-break space behind", file(body + "\u00a0", 4)
    yield "a NUL behind", file(body + "\x00", 4)
    yield "junk behind", file(body + "x", 4)
    yield "a comma behind", file(body + ",", 4)
    yield "another object behind", file(body + "{}", 4)
    yield "a brace behind", file(body + "}", 4)
    yield "a BOM", file(b"\xef\xbb\xbf" + body.encode(), 4)
    yield "UTF-16", file(body.encode("utf-16-le"), 4)
    yield "a comment", file("/* */" + body, 4)
    yield "a comment of a line", file(body + "//x", 4)
    yield "a trailing comma", file('{"a":%s,}' % fields(), 4)
    yield "a leading comma", file('{,"a":%s}' % fields(), 4)
    yield "a missing comma", file('{"a":%s "b":%s}' % (fields(), fields(offsets="[4,8]")), 8)
    yield "a missing colon", file('{"a" %s}' % fields(), 4)
    yield "a missing brace", file(body[:-1], 4)
    yield "a missing value", file('{"a":}', 0)
    yield "space between everything", file('{ "a" : { "dtype" : "F32" ,\n"shape" : [ 1 ] ,\t"data_offsets" : [ 0 , 4 ] } }', 4)
    for text in ("", " ", "[]", "null", "1", '""', "true", "nul", "NaN", "[{}]", "{", "}", '{"a"', "\x00" * 8):
        yield f"header {text!r}"[:60], file(text)

    yield "nothing", b""
    yield "one byte", b"\x02"
    yield "seven bytes", struct.pack("<Q", 2)[:7]
    yield "length alone", struct.pack("<Q", 2)
    yield "length 0", struct.pack("<Q", 0)
    yield "length 0 and data", struct.pack("<Q", 0) + b"{}"
    for length in (1, 3, 100, 2**31 - 1, 2**31, 2**32, 100_000_000, 100_000_001, 2**63 - 1, 2**63, 2**64 - 8, 2**64 - 1):
        yield f"{{}} announced as {length} bytes", file("{}", length=length)
    yield "header one byte shorter than announced", file(body, 4, len(body) + 5)
    yield "header announced without its last brace", file(body, 4, len(body) - 1)
    yield "header announced with a byte of data", file(body + " ", b"    ", len(body) + 2)
    yield "a zip", b"PK\x03\x04" + bytes(60)
    yield "a pickle", b"\x80\x02}q\x00." + bytes(60)
    yield "the length as big-endian", struct.pack(">Q", 2) + b"{}"


def mutants(random):
    bases = [
        {"a": tensor()},
        {"__metadata__": {"format": "pt"}, "w": tensor("F16", (2, 3), (0, 12)), "b": tensor("U8", (3,), (12, 15))},
        {"x": tensor("I64", (), (0, 8)), "e": tensor("F64", (0, 2), (8, 8)), "y": tensor("BF16", (4,), (8, 16))},
        {"p": tensor("BOOL", (5,), (0, 5)), "q": tensor("I32", (1, 2), (5, 13))},
    ]
    numbers = ["0", "1", "2", "3", "4", "5", "8", "12", "13", "15", "16", "-1", "1.5", "9223372036854775808", "18446744073709551616", "1e1"]
    for i in range(MANY):
        base = random.choice(bases)
        size = max(entry["data_offsets"][1] for name, entry in base.items() if name != "__metadata__")
        text = json.dumps(base, separators=random.choice([(",", ":"), (", ", ": ")]))
        kind = random.choice(["byte", "byte", "bit", "cut", "token", "number", "number", "number", "two numbers", "resize", "swap", "length"])
        length = None
        if kind in ("byte", "bit", "cut"):
            raw = bytearray(text.encode())
            at = random.randrange(len(raw))
            if kind == "byte":
                raw[at] = random.choice(b'{}[],:"0123456789- \\eE.x')
            elif kind == "bit":
                raw[at] ^= 1 << random.randrange(8)
            else:
                del raw[at : at + random.randrange(1, 4)]
            text = bytes(raw)
        elif kind in ("token", "swap"):
            tokens = re.findall(r'"[^"]*"|\d+|\s+|.', text)
            at = random.randrange(len(tokens))
            if kind == "token":
                tokens[at] = random.choice(["", tokens[at] * 2, random.choice(tokens)])
            else:
                other = random.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            text = "".join(tokens)
        elif "number" in kind:
            for _ in range(2 if kind == "two numbers" else 1):
                found = random.choice([match for match in re.finditer(r"(?<=[\[,: ])\d+", text)] or [re.search("1", text)])
                text = text[: found.start()] + random.choice(numbers) + text[found.end() :]
        elif kind == "resize":
            size = max(0, size + random.randint(-3, 3))
        else:
            length = max(0, len(text) + random.randint(-3, 3))
        yield f"mutant {i}: {kind}", file(text, size, length)


def main():
    reference, output = sys.argv[1:]
    cases = {}
    for name, content in [*made_by_hand(), *mutants(random.Random(20210426))]:
        assert name not in cases, name
        if content not in cases.values():
            cases[name] = content
    with tempfile.TemporaryDirectory() as folder:
        for i, content in enumerate(cases.values()):
            (Path(folder) / f"{i:05}").write_bytes(content)
        lines = subprocess.run([reference, "verdicts", folder], check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(lines) == len(cases)
    verdicts = [line.split("\t")[1:] for line in lines]
    entries = [
        {"name": name, "verdict": verdict, **({"reason": reason} if verdict == "reject" else {}), "file": base64.b64encode(content).decode()}
        for (name, content), (verdict, reason) in zip(cases.items(), verdicts)
    ]
    text = "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in entries) + "\n]\n"
    Path(output).write_text(text, encoding="ascii")
    accepted = sum(verdict == "accept" for verdict, _ in verdicts)
    print(f"{len(entries)} files: {accepted} accepted, {len(entries) - accepted} rejected", file=sys.stderr)


if __name__ == "__main__":
    main()
