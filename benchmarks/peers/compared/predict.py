"""One prediction from a cold start: the time of a whole process of predict_once.py."""

import os
import subprocess
import sys
import tempfile

from timing import seconds

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "predict_once.py")


def prepare(request):
    import torch

    from networks import build

    network, _ = build(request)
    folder = tempfile.TemporaryDirectory(prefix="covidct-predict-")
    file = os.path.join(folder.name, "network.pth")
    torch.save(network.state_dict(), file)
    command = [sys.executable, SCRIPT, request["network"], file, request["image"], str(request["width"]), str(request["height"])]

    def once():
        assert folder.name
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    return seconds(once)
