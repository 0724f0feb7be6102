#!/usr/bin/env python3
"""Checks of a study's folder. Each prints what it found and ends with 0 where it holds, else with 1.

    checks.py same STUDY OTHER               networks, predictions and results are equal byte for byte
    checks.py leases STUDY                   no run was held by two at once, and each was finished once
    checks.py canvases STUDY LIST [--write]  the decoded images are the files of the list: place, time and content
    checks.py leftovers STUDY                no temporary file is left
    checks.py missing STUDY OUTPUT           OUTPUT names every run that is not finished, and no other
"""
import csv
import datetime
import hashlib
import json
import pathlib
import sys

COMPARED = ("network.safetensors", "predictions.csv", "results.json")


def sum_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def said(faults, well):
    for fault in faults[:20]:
        print(f"    {fault}")
    if len(faults) > 20:
        print(f"    and {len(faults) - 20} more")
    if not faults:
        print(f"    {well}")
    return not faults


def compared(study):
    return {str(path.relative_to(study)): sum_of(path) for path in study.rglob("*") if path.name in COMPARED and path.is_file()}


def same(study, other):
    one, two = compared(pathlib.Path(study)), compared(pathlib.Path(other))
    faults = [f"{name} is in one of the two alone" for name in sorted(one.keys() ^ two.keys())]
    faults += [f"{name} differs" for name in sorted(one.keys() & two.keys()) if one[name] != two[name]]
    counts = ", ".join(f"{sum(pathlib.PurePath(name).name == kind for name in one)} {kind}" for kind in COMPARED)
    if not any(name.endswith("network.safetensors") for name in one):
        faults.append("there is no network")
    return said(faults, f"equal: {counts}")


def planned(study):
    with open(pathlib.Path(study) / "plan.csv", encoding="utf-8", newline="") as file:
        return [row["run"] for row in csv.DictReader(file)]


def folder_of(study, run):
    """squeezenet1_1/fold-0 is in runs/, seeds/1/squeezenet1_1/fold-0 in seeds/1/runs/, and so are controls."""
    parts = run.split("/")
    return pathlib.Path(study).joinpath(*parts[:-2], "runs", *parts[-2:])


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def leases_of(study, run):
    files = sorted((folder_of(study, run) / "leases").glob("*.json"), key=lambda file: int(file.stem))
    return [(int(file.stem), json.loads(file.read_text(encoding="utf-8"))) for file in files]


def leases(study):
    faults, count, ends = [], 0, {}
    for run in planned(study):
        log = leases_of(study, run)
        count += len(log)
        if [number for number, _ in log] != list(range(1, len(log) + 1)):
            faults.append(f"{run}: the leases are not numbered 1, 2, ...: {[number for number, _ in log]}")
        for number, lease in log:
            ends[str(lease["ended"])] = ends.get(str(lease["ended"]), 0) + 1
            if time_of(lease["renewed"]) < time_of(lease["since"]):
                faults.append(f"{run}: lease {number} was renewed before it began")
        for (number, lease), (_, following) in zip(log, log[1:]):
            if time_of(lease["renewed"]) > time_of(following["since"]):
                since = following["since"]
                faults.append(f"{run}: lease {number} was renewed at {lease['renewed']}, and lease {number + 1} began at {since}")
        finished = [number for number, lease in log if lease["ended"] == "finished"]
        if len(finished) != 1 or finished[0] != log[-1][0]:
            faults.append(f"{run}: of {len(log)} leases these ended as finished: {finished}")
    return said(faults, f"{count} leases of {len(planned(study))} runs: " + ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))


def canvases(study, list_file, write=False):
    folder = pathlib.Path(study) / "canvases"
    found = {
        str(path.relative_to(folder)): [path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_size, sum_of(path)]
        for path in folder.rglob("*")
        if path.is_file()
    }
    if write:
        pathlib.Path(list_file).write_text(json.dumps(found), encoding="utf-8")
        return said([] if found else ["there are no canvases"], f"{len(found)} files")
    before = json.loads(pathlib.Path(list_file).read_text(encoding="utf-8"))
    faults = [f"{name} is new, or gone" for name in sorted(before.keys() ^ found.keys())]
    both = sorted(before.keys() & found.keys())
    faults += [f"{name} was {before[name]} and is {found[name]}" for name in both if before[name] != found[name]]
    return said(faults, f"{len(found)} files are as they were")


def leftovers(study):
    return said([str(path) for path in sorted(pathlib.Path(study).rglob("*")) if ".tmp" in path.name], "none")


def missing(study, output):
    text = pathlib.Path(output).read_text(encoding="utf-8")
    names = set(text.replace(",", " ").replace(":", " ").replace("'", " ").split())
    names |= {name.rstrip(".;") for name in names}
    unfinished = {run for run in planned(study) if not (folder_of(study, run) / "network.safetensors").is_file()}
    faults = [f"{run} is not finished, and not named" for run in sorted(unfinished - names)]
    faults += [f"{run} is finished, and named" for run in sorted((set(planned(study)) - unfinished) & names)]
    return said(faults, f"named: {len(unfinished)} of {len(planned(study))} runs")


def main(arguments):
    checks = {"same": same, "leases": leases, "leftovers": leftovers, "missing": missing}
    if arguments[:1] == ["canvases"]:
        return canvases(arguments[1], arguments[2], arguments[3:] == ["--write"])
    return checks[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(0 if main(sys.argv[1:]) else 1)
