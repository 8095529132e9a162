"""The options that bound a run: --max-insns, --timeout and --max-output. The exit status is 121 when one is reached."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from threading import TIMEOUT_MAX, Timer
from typing import TYPE_CHECKING

from ring1.dbt.cli import streams
from ring1.dbt.cli.numbers import count, seconds, size
from ring1.dbt.cli.outcome import LIMITED

if TYPE_CHECKING:
    from ring1.dbt.vmm.vm import Vm

GRACE = 10.0
"""Seconds that a machine is given to stop in when its time is over."""


def options(parser: argparse._ActionsContainer) -> None:
    """Add the options to a parser, or to a group of one."""
    add = parser.add_argument
    add("--max-insns", metavar="N", type=count, help="stop after N instructions since reset, with status 121")
    add(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        help="stop after so much wall time of running, waiting for input included, with status 121",
    )
    add(
        "--max-output",
        metavar="BYTES",
        type=size,
        help="stop, with status 121, before the instruction that would write more than so much to the console",
    )


@contextlib.contextmanager
def bounded(vm: Vm, arguments: argparse.Namespace) -> Iterator[None]:
    """Wrap a run: it stops between two instructions when its time is over or its output reaches its limit. A machine
    that cannot stop, because nobody reads its output, is ended with the process."""
    vm.output.room = arguments.max_output
    if arguments.timeout is None:
        yield
        return
    timers = [
        Timer(arguments.timeout, vm.interrupt, ["timeout"]),
        Timer(min(arguments.timeout + GRACE, TIMEOUT_MAX), give_up, [vm]),
    ]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def give_up(vm: Vm) -> None:
    """End the process if the machine has been asked to stop and is blocked."""
    if not vm.bus.interrupted.is_set():
        return  # it has stopped, and writing its results takes time
    streams.say("the time limit is over, and the guest could not be stopped: is its output taken?")
    os._exit(LIMITED)
