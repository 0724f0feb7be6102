"""Time as both sides take it."""

import time

LEAST_SECONDS = 0.3


def seconds(action, device="cpu"):
    """A function that repeats the action for LEAST_SECONDS, at least once, and answers the seconds of one.

    A card is waited for in the end, and before the clock is started.
    """

    def wait():
        if device == "cuda":
            import torch

            torch.cuda.synchronize()

    def measure():
        wait()
        begin, times, elapsed = time.perf_counter(), 0, 0.0
        while times == 0 or elapsed < LEAST_SECONDS:
            action()
            times += 1
            elapsed = time.perf_counter() - begin
        wait()
        return (time.perf_counter() - begin) / times

    return measure
