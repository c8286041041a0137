"""Kill the process groups that outlive the supervisor.

    python watchdog.py SECONDS   < one line per change: `+PID` started, `-PID` ended

A program of its own, started by path with `python -I -S`. Its standard input ends when
the supervisor ends, however it ends. The leash has then asked every child to stop;
what is still there after SECONDS (a worker that hangs in its shutdown, the task of a
worker that was killed) is killed without asking.
"""

import os
import signal
import sys
import time


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def main(seconds: float) -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        if line.startswith("+"):
            groups.add(int(line[1:]))
        else:
            groups.discard(int(line[1:]))
    deadline = time.monotonic() + seconds
    while (groups := {group for group in groups if is_alive(group)}) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.1)
    for group in groups:
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main(float(sys.argv[1]))
