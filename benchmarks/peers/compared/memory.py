"""The peak of resident memory of a process that trains three steps, in MiB."""

from train import steps


def prepare(request):
    step = steps(request)

    def measure():
        for _ in range(3):
            step()
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

    return measure
