"""The clock that interrupts KVM virtual CPUs, so that a slice is short in wall time even if the same instructions
suddenly take a thousand times as long, and Ctrl-C is noticed.
"""

from __future__ import annotations

import ctypes
import signal
import threading
from time import perf_counter, sleep

from ring1.dbt.host.x86_64.kvm.ioctl import Run
from ring1.dbt.native import libc

PERIOD = 0.02
"""Seconds for which a virtual CPU may run uninterrupted."""


class Tick:
    """A context manager within which the thread that runs a virtual CPU is interrupted periodically."""

    def __init__(self, run: Run, wanted: threading.Event) -> None:
        """`wanted`: set when the machine is asked to stop."""
        self.run = run
        self.wanted = wanted
        self.thread = 0
        self.since = 0.0

    def __enter__(self) -> None:
        clock = _clock()
        self.since, self.thread = perf_counter(), threading.get_ident()
        clock.running.add(self)
        clock.wake.set()

    def __exit__(self, *error: object) -> None:
        self.stop()
        self.run.immediate_exit = 0

    def stop(self) -> None:
        """Interrupt it no more: `run` is about to be unmapped. Ctrl-C may have come amid `__enter__` or `__exit__`."""
        clock = _clock()
        with clock.lock:
            clock.running.discard(self)

    def due(self, now: float) -> bool:
        return now - self.since > PERIOD or self.wanted.is_set()


class Clock:
    """Interrupts all virtual CPUs that have run for PERIOD: by a signal whose handler does nothing and, for a thread
    that is about to enter the kernel, by `immediate_exit`."""

    def __init__(self) -> None:
        self.running: set[Tick] = set()
        self.wake = threading.Event()
        self.lock = threading.Lock()
        self.signal = unused()
        threading.Thread(target=self.loop, name="ring1-kvm", daemon=True).start()

    def loop(self) -> None:
        while True:
            if not self.running:
                self.wake.clear()
                if not self.running:
                    self.wake.wait()
            sleep(PERIOD / 2)
            now = perf_counter()
            with self.lock:
                for tick in [tick for tick in self.running.copy() if tick.due(now)]:
                    tick.since = now
                    tick.run.immediate_exit = 1
                    signal.pthread_kill(tick.thread, self.signal)


def unused() -> int:
    """Return a real-time signal that was not handled, having installed a handler that does nothing: getpid, which is
    async-signal-safe. Raises OSError if there is none."""
    for number in range(signal.SIGRTMAX, signal.SIGRTMIN, -1):
        if libc.sigaction(number).handler == libc.SIG_DFL:
            nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value
            libc.sigaction(number, libc.Sigaction(handler=nothing or 0, flags=libc.SA_ONSTACK))
            return number
    raise OSError("no signal is left")


# Module-level state, on purpose: the signal belongs to the process.
_made: Clock | None = None
_lock = threading.Lock()


def _clock() -> Clock:
    global _made
    with _lock:
        if _made is None:
            _made = Clock()
        return _made
