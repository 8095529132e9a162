"""The options --snapshot and --snapshot-at: a machine is written to a file, to be resumed from there."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ring1.dbt.cli import files, streams
from ring1.dbt.cli.numbers import count
from ring1.dbt.cli.outcome import UNWRITTEN, Failure, because

if TYPE_CHECKING:
    from ring1.dbt.machine.stop import Stop
    from ring1.dbt.vmm.vm import Vm


def options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--snapshot", metavar="FILE", help="write the whole machine to a file, for ring1 resume, where the run ends")
    add("--snapshot-at", metavar="N", type=count, help="do so after N instructions since reset instead, and go on")


def check(arguments: argparse.Namespace, inputs: Sequence[str]) -> None:
    """Raise Failure if a snapshot is wanted that cannot be written, before the run and not after it."""
    if arguments.snapshot is None:
        if arguments.snapshot_at is not None:
            raise Failure("--snapshot-at: which file? --snapshot names it")
        return
    path = str(arguments.snapshot)
    if not os.path.basename(path):
        raise Failure(f"--snapshot: {path!r} is no file's name")
    files.spare(path, inputs)
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        raise Failure(f"--snapshot: {path}: there is something else than a file")
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK | os.X_OK):
        raise Failure(f"--snapshot: {folder}: not a directory that can be written to")


def run(vm: Vm, limit: int | None, at: int | None, path: str | None) -> Stop:
    """Run until the guest stops or reaches the limit; the snapshot is written on the way if `at` is given, else at the
    end."""
    if path is None:
        return vm.run(limit)
    if at is None:
        stop = vm.run(limit)
        save(vm, path)
        return stop
    stop = vm.run(at if limit is None else min(at, limit))
    if vm.cpu.retired == at:
        save(vm, path)
    else:
        after = f"after {vm.cpu.retired:,} instructions"
        streams.say(f"no snapshot was written: the run ended {after}, before --snapshot-at {at:,}")
    return vm.run(limit) if stop.reason == "limit" else stop


def save(vm: Vm, path: str) -> None:
    """Write a snapshot. Raises Failure if the host does not accept it, or if it exceeds the limits of the format."""
    from ring1.dbt.vmm import snapshot

    try:
        snapshot.save(vm, path)
    except OSError as error:
        raise Failure(f"--snapshot: {path}: {error.strerror or because(error)}", UNWRITTEN) from None
    except ValueError as error:
        raise Failure(f"--snapshot: {path}: {error}", UNWRITTEN) from None
