"""A peer that runs as a process: native code, and QEMU."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable, Sequence

from ring1.dbt.measure.subject import Failed, Sample

SECONDS = 60
"""Timeout of a process, more than any of them takes."""


def processor_time() -> float:
    """Return the seconds of processor time, user and system, of the child processes waited for."""
    import resource  # not available on every host

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Process:
    """Runs a kernel's work `times` times, and no times; a sample is the difference."""

    def __init__(self, command: Callable[[int], Sequence[str]], times: int, output: bytes) -> None:
        """`command` returns the command line for a number of times; `output` is what is printed each time."""
        self.command, self.times, self.output = command, times, output

    def run(self, times: int) -> float:
        began = processor_time()
        try:
            done = subprocess.run(self.command(times), capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed(f"still runs after {SECONDS} s") from None
        if done.returncode or done.stdout.replace(b"\r", b"") != self.output * times:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()[-200:]
            raise Failed(f"ended with {done.returncode}, another result: {said}")
        return processor_time() - began

    def warm(self, seconds: float) -> None:
        self.run(self.times)

    def sample(self) -> Sample:
        nothing = self.run(0)
        return Sample(max(self.run(self.times) - nothing, 1e-9), self.times, 0)

    def events(self) -> Counter[str]:
        return Counter()

    def close(self) -> None:
        """Does nothing: there is nothing to release."""
