"""Processes that do what may not come to an end: each job has its time, and a process that exceeds it is replaced."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, Generic, TypeVar

R = TypeVar("R")
J = TypeVar("J")

BEAT = 0.5
WALL = 20
"""A job whose process has not answered after so many times its processor time, and GRACE seconds more, is given up: it
waits for something."""
GRACE = 30.0
MEMORY = 4 << 30
"""Bytes of data that a process may have, beside the memory of its machines."""


class Died(Exception):
    """The process that did a job has ended or was stopped; the message says how."""


class Workers(Generic[J, R]):
    """Does jobs by `work`, a function of a module, in processes of their own."""

    def __init__(self, make: Callable[[], Callable[[J], R]], seconds: Callable[[J], float], jobs: int) -> None:
        """`make` is called once in each process, and returns what does the jobs. `seconds`: the processor time that a
        job may take."""
        self.context = multiprocessing.get_context("spawn")
        self.make = make
        self.seconds = seconds
        self.jobs = jobs
        self.busy: dict[Connection, tuple[Any, J, float]] = {}
        """The process at the end of each connection, its job, and when that is given up."""
        self.idle: list[tuple[Connection, Any]] = []

    def results(self, wanted: Iterable[J]) -> Iterator[tuple[J, R | Died]]:
        """Yield each job with what has come of it, as they end."""
        rest = iter(wanted)
        while self.fill(rest):
            ready = wait(list(self.busy), BEAT)
            for connection in list(self.busy):
                process, job, end = self.busy[connection]
                if connection in ready:
                    yield job, self.answer(connection)
                elif monotonic() > end:
                    process.kill()

    def fill(self, rest: Iterator[J]) -> bool:
        """Give jobs to processes; return whether any is busy."""
        while len(self.busy) < self.jobs:
            job = next(rest, None)
            if job is None:
                break
            connection, process = self.idle.pop() if self.idle else self.started()
            seconds = self.seconds(job)
            with contextlib.suppress(OSError):  # if it is dead, that is seen when it is to answer
                connection.send((seconds, job))
            self.busy[connection] = process, job, monotonic() + WALL * seconds + GRACE
        return bool(self.busy)

    def answer(self, connection: Connection) -> R | Died:
        process, _, _ = self.busy.pop(connection)
        try:
            result: R = connection.recv()
        except (EOFError, OSError):
            connection.close()
            process.join()
            return Died(ended(process.exitcode))
        self.idle.append((connection, process))
        return result

    def started(self) -> tuple[Connection, Any]:
        mine, theirs = self.context.Pipe()
        process = self.context.Process(target=serve, args=(self.make, theirs), daemon=True)
        # Ctrl-C on a terminal is sent to all processes, and could arrive before the new one ignores it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        return mine, process

    def close(self) -> None:
        for connection, process in [*self.idle, *((key, each[0]) for key, each in self.busy.items())]:
            connection.close()
            process.kill()
            process.join()
        self.idle.clear()
        self.busy.clear()


def serve(make: Callable[[], Callable[[Any], Any]], connection: Connection) -> None:
    """The main function of a process: do jobs until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bounded()
    work = make()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            seconds, job = connection.recv()
            signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF ends the process
            result = work(job)
            signal.setitimer(signal.ITIMER_PROF, 0)
            connection.send(result)


def bounded() -> None:
    """Bound the memory of this process, and give way to whatever else the host does."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with contextlib.suppress(OSError):
        os.nice(1)


def ended(status: int | None) -> str:
    """Describe how a process has ended that was to answer."""
    if status == -signal.SIGPROF:
        return "it takes too long, and was stopped"
    if status == -signal.SIGKILL:
        return "it was stopped: it hangs, or takes too much memory"
    return f"the process that looked at it has ended with status {status}"
