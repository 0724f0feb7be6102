#!/usr/bin/env python3
"""Submits every index of an array twice, kills trainers at random, stops one for longer than a lease, and submits again what failed.

Runs beside the emulated nodes, where it sees all their processes. Each check is a line, `pass` or `FAIL`.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shlex
import signal
import subprocess
import sys
import time

import checks

ENDED_WELL = "COMPLETED"
STILL = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED"}


def said(*command):
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


class Chaos:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.submitted, self.counted = {}, set()  # job: index, and the failed ones that were submitted again
        self.kills, self.held, self.codes = [], 0, {}
        self.paused = self.asked = None
        self.faults = []

    def submit(self, index):
        options = self.options
        output = f"{options.logs}/{options.name}-train-%A.out"
        job = said(
            "sbatch", "--parsable", f"--job-name={options.name}-train", "--chdir=/", "--time=300", "--signal=B:TERM@120",
            f"--array={index}", f"--output={output}", f"--error={output}", options.script,
        ).strip()
        if not job.isdigit():
            sys.exit(f"FAIL: sbatch took nothing: {job}")
        self.submitted[job] = index

    def states(self):
        lines = said("squeue", "-h", "-r", "-t", "all", f"--name={self.options.name}-train", "-o", "%F %T").splitlines()
        return dict(line.split() for line in lines)

    def trainers(self):
        """Process: (job, node, its number on the node), of the trainers that are running; a stopped one is not."""
        found = {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = folder.joinpath("cmdline").read_bytes().split(b"\0")
                if b"train" not in words or self.options.study.encode() not in words:
                    continue
                environment = dict(word.partition(b"=")[::2] for word in folder.joinpath("environ").read_bytes().split(b"\0"))
                number = re.search(r"^NSpid:.*\s(\d+)$", folder.joinpath("status").read_text(), re.MULTILINE)
                state = folder.joinpath("stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            job, node = (environment.get(name, b"").decode() for name in (b"SLURM_ARRAY_JOB_ID", b"SLURMD_NODENAME"))
            if job and number and state not in "ZXTt":
                found[int(folder.name)] = (job, node, int(number[1]))
        return found

    def leases(self):
        """(Node, number there): (run, number, lease), of the leases that stand."""
        held = {}
        for run in checks.planned(self.options.study):
            try:
                log = checks.leases_of(self.options.study, run)
            except (OSError, ValueError):
                continue  # It is being written.
            if log and log[-1][1]["ended"] is None:
                held[log[-1][1]["host"], int(log[-1][1]["process"])] = (run, *log[-1])
        return held

    def resubmit(self, states):
        for job, state in states.items():
            if state in STILL or job in self.counted or job not in self.submitted:
                continue
            self.counted.add(job)
            found = re.search(r"ExitCode=(\d+):(\d+)", said("scontrol", "show", "job", "-o", job))
            code = f"{found[1]}:{found[2]}" if found else "?"
            self.codes[code] = self.codes.get(code, 0) + 1
            if state != ENDED_WELL:
                if code not in ("0:9", "137:0"):
                    what = f"job {job}, index {self.submitted[job]}, was not killed and ended with {state} {code}"
                    self.faults.append(f"{what}: {self.tail(job)}")
                if len(self.faults) < 20:
                    self.submit(self.submitted[job])

    def tail(self, job):
        path = pathlib.Path(f"{self.options.logs}/{self.options.name}-train-{job}.out")
        return path.read_text(errors="replace").strip()[-300:] if path.is_file() else ""

    def kill(self):
        trainers = self.trainers()
        if self.paused is not None:
            trainers.pop(self.paused["process"], None)
        if not trainers:
            return
        process = self.random.choice(sorted(trainers))
        holds = trainers[process][1:] in self.leases()
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.kills.append(process)
        self.held += holds

    def pause(self):
        """Stops a trainer in mid-run, until its lease is another's for a while."""
        if self.paused is None and len(self.kills) >= 3:
            trainers, leases = self.trainers(), self.leases()
            for process, (job, *place) in trainers.items():
                run, number, lease = leases.get(tuple(place), (None, 0, {}))
                index = self.submitted.get(job)
                waits = any(self.submitted.get(other) == index and node != place[0] for other, node, _ in trainers.values())
                if run is not None and waits and lease["epochs"] and lease["epoch"] < lease["epochs"] - 1:
                    os.kill(process, signal.SIGSTOP)
                    began = time.monotonic()
                    self.paused = {"process": process, "run": run, "number": number, "since": began, "taken": None, "on": None}
                    return
        elif self.paused is not None and self.paused["on"] is None:
            waited = time.monotonic() - self.paused["since"]
            numbers = [number for number, _ in checks.leases_of(self.options.study, self.paused["run"])]
            if self.paused["taken"] is None and numbers and numbers[-1] > self.paused["number"]:
                self.paused["taken"] = waited
            taken, lease = self.paused["taken"], self.options.lease
            if (taken is not None and waited > max(lease, taken) + 3) or waited > 12 * lease:
                os.kill(self.paused["process"], signal.SIGCONT)
                self.paused["on"] = waited

    def status(self):
        """What status says while runs are under way, beside the leases and the jobs that Slurm has."""
        command = [*shlex.split(self.options.program), "status", "--study", self.options.study]
        plain, document = said(*command), said(*command, "--json")
        pathlib.Path(f"{self.options.logs}/{self.options.name}-status.txt").write_text(plain + document)
        try:
            runs = json.loads(document)["runs"]
        except (ValueError, KeyError) as error:
            return False, f"no JSON of runs: {error}"
        under_way = [run for run in runs if run["state"] == "under way"]
        known = [run for run in under_way if run["host"] and run["since"] and any(job in str(run["job"]) for job in self.submitted)]
        first = f"{known[0]['run']}: process {known[0]['process']} on {known[0]['host']}, {known[0]['job']}" if known else document[:200]
        return len(known) == len(under_way) > 0, f"{len(runs)} runs, {len(under_way)} under way, such as {first}"

    def run(self):
        options = self.options
        for index in range(options.shards):
            self.submit(index)
            self.submit(index)
        next_kill, began = time.monotonic() + 5, time.monotonic()
        while True:
            states = self.states()
            self.resubmit(states)
            if states and all(state not in STILL for state in states.values()) and set(states) <= self.counted:
                break
            if time.monotonic() - began > options.limit:
                self.faults.append(f"not done after {options.limit} s")
                break
            if time.monotonic() >= next_kill and len(self.kills) < options.kills:
                self.kill()
                next_kill = time.monotonic() + self.random.uniform(0.5, 2) * options.every
            try:
                self.pause()
            except ProcessLookupError:
                self.paused = None  # It had just ended.
            if self.asked is None and len(self.kills) >= 5 and self.leases():
                self.asked = self.status()
            time.sleep(0.25)
        if self.paused is not None and self.paused["on"] is None:
            os.kill(self.paused["process"], signal.SIGCONT)

    def outcome(self):
        well = True

        def check(words, holds, more=()):
            nonlocal well
            well &= bool(holds)
            print(f"{'pass' if holds else 'FAIL'}: {self.options.name}: {words}")
            for line in more:
                print(f"    {line}")

        codes = ", ".join(f"{count} with {code}" for code, count in sorted(self.codes.items()))
        enough = len(self.kills) >= self.options.kills
        check(f"{len(self.kills)} trainers were killed, {self.held} of them while they held a run", enough)
        words = f"{len(self.submitted)} jobs of {self.options.shards} indices, each submitted twice and killed ones again: {codes}"
        check(words, not self.faults, self.faults[:10])
        names, words = self.asked or (False, "it wasn't asked")
        check(f"status names who has which run ({words})", names)
        paused = self.paused or {}
        words = "a trainer was stopped for longer than its lease, while another took the run, and went on"
        if paused.get("on"):
            log = dict(checks.leases_of(self.options.study, paused["run"]))
            words += (
                f" ({paused['run']}: taken after {paused['taken'] or 0:.0f} s, on after {paused['on']:.0f} s; "
                f"lease {paused['number']} of {len(log)} ended as {log[paused['number']]['ended']})"
            )
        check(words, paused.get("taken"))
        return well


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("study", "script", "logs", "name", "program"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("shards", "kills", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--lease", type=float, required=True)
    parser.add_argument("--every", type=float, default=3, help="seconds from one kill to the next, by the mean")
    parser.add_argument("--limit", type=float, default=3600, help="seconds for all of it")
    chaos = Chaos(parser.parse_args())
    chaos.run()
    sys.exit(0 if chaos.outcome() else 1)


if __name__ == "__main__":
    main()
