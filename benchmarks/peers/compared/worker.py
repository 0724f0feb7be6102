"""The Python side of CovidCt.Benchmarks' `compare`, which starts it: one process, one work, one measurement at a time.

Each line of standard input is a request, each line of standard output its answer, both JSON:

    {"do": "versions"}                         {"python": ..., "torch": ..., ...}
    {"do": "prepare", "work": "train", ...}    {"ready": true}; the module of that name is asked to prepare itself
    {"do": "measure"}                          {"value": seconds, or what else the work measures}

What fails is answered by {"error": ...}.
"""

import importlib
import json
import platform
import sys


def versions():
    import PIL
    import torch
    import torchvision

    found = {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "Pillow": PIL.__version__,
    }
    try:
        import timm

        found["timm"] = timm.__version__
    except ImportError:
        pass
    return found


def main():
    answers, sys.stdout = sys.stdout, sys.stderr
    measure = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "versions":
                answer = versions()
            elif request["do"] == "prepare":
                measure = importlib.import_module(request["work"]).prepare(request)
                answer = {"ready": True}
            else:
                answer = {"value": measure()}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
