"""Time as both sides take it."""

import time

LEAST_SECONDS = 0.3


def seconds(action):
    """A function that repeats the action for LEAST_SECONDS, at least once, and answers the seconds of one."""

    def measure():
        begin, times, elapsed = time.perf_counter(), 0, 0.0
        while times == 0 or elapsed < LEAST_SECONDS:
            action()
            times += 1
            elapsed = time.perf_counter() - begin
        return elapsed / times

    return measure
