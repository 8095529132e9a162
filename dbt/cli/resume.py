"""`ring1 resume`: continues a machine from a snapshot, with stdin and stdout as its console."""

from __future__ import annotations

import argparse
from itertools import islice
from typing import TYPE_CHECKING

from ring1.dbt.cli import run, streams
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure, because

if TYPE_CHECKING:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.vmm.vm import Vm

DESCRIPTION = """\
Go on with a machine that `ring1 run --snapshot FILE` has written to a file, under any engine. It ends as it would have
ended then: instructions are counted from the machine's reset, and the JSON object tells the same state.
"""

EPILOG = """\
Console input that was there when the snapshot was made is in it; stdin comes behind. What is on the disk is not in the
snapshot: --disk names the file, or a copy of it from that time. A disk that has changed since is refused.

examples:
  ring1 run --max-insns 200k --snapshot half.snap examples/sha256.s < examples/life.s
  ring1 resume half.snap --engine interp < /dev/null
"""

BEGINNING = 1 << 18
"""Bytes of RAM, not counting zero ones, that are taken to be the program, for engines that want to know what they will
run."""
MOST = 1 << 24
"""The most bytes of RAM that are searched for that."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add("file", metavar="FILE", nargs="?", help="the snapshot")
    add("--isa", metavar="NAME|FILE", help="the machine's description, if it is not one that is shipped")
    add("--disk", metavar="FILE", help="the machine's disk, as it was when the snapshot was made")
    run.running_options(parser)


def main(arguments: argparse.Namespace) -> int:
    if arguments.file is None and arguments.json not in (None, "-"):
        arguments.file, arguments.json = arguments.json, "-"  # `--json FILE` names the snapshot
    if arguments.file is None:
        raise Failure("which snapshot? (ring1 resume --help explains)")
    with run.answered(arguments, [arguments.file]) as put:
        run.check(arguments, [])  # a new snapshot may replace the one that was resumed
        return run.carry_out(arguments, [arguments.file], lambda: resumed(arguments), put)


def resumed(arguments: argparse.Namespace) -> tuple[Vm, Guest]:
    """Return the machine of a snapshot, and its program as far as it is known."""
    from ring1.dbt.cli.program import nameless
    from ring1.dbt.machine.memory import PAGE
    from ring1.dbt.vmm.snapshot import SnapshotError, load
    from ring1.isa.load import load as load_isa

    isa = load_isa(arguments.isa) if arguments.isa else None
    try:
        vm = load(arguments.file, isa, streams.keyboard(), streams.console(), arguments.disk)
    except SnapshotError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        if error.filename is not None:
            raise
        raise Failure(f"the host gives no machine of this size: {because(error)}", UNAVAILABLE) from None
    if arguments.snapshot_at is not None and arguments.snapshot_at < vm.cpu.retired:
        vm.close()
        raise Failure(f"--snapshot-at {arguments.snapshot_at:,}: the machine is {vm.cpu.retired:,} instructions on")
    memory = vm.memory
    pages = islice(memory.occupied(), BEGINNING // PAGE)
    size = max((PAGE * (page + 1) - memory.base for page in pages), default=0)
    return vm, nameless(memory.read(memory.base, min(size, MOST)), memory.base)
