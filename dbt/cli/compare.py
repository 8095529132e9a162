"""`ring1 compare`: one guest under several engines, in lock step."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, TextIO

from dbt.cli import cflags, files, run, streams
from dbt.cli.numbers import count
from dbt.cli.outcome import UNAVAILABLE, Failure, because
from dbt.engines.table import ENGINES
from dbt.mmu.choice import Mmu

if TYPE_CHECKING:
    from dbt.cli.program import Guest
    from dbt.report.costs import Costs
    from dbt.vmm.lockstep import Lockstep, Setup

DIVERGED = 1
"""Exit status: an engine is not equivalent."""

DESCRIPTION = """\
Run a program under several engines, each on a machine of its own with its own copy of the console's input (stdin; none
if that is a terminal) and of the disk. They are compared at checkpoints: registers, time, memory, devices, console
output and disk. At a difference the first instruction is found at which an engine is not equal to the reference, the
first engine: what it is, what that guest saw, and what the reference shows.
"""

EPILOG = """\
exit status: 0 equivalent, 1 an engine diverges, others as for ring1 run (ring1 --help lists them). What differs for
a moment, and is equal at the next checkpoint, is not seen. Under --shadow lazy a guest that changes page tables and
does not flush its TLB may differ and be right (docs/pg32.md); --shadow traced follows its tables.

examples:
  ring1 compare examples/holes.s
  ring1 compare --engines bare,bt --max-insns 1G bench/kernels/sieve.s bench/kernels/kernel.s bench/kernels/start.s
  ring1 compare --disk build/os.img examples/os/kernel.s --costs nehalem < examples/os/demo.txt
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    run.machine_options(parser)
    add = parser.add_argument
    names = ", ".join(ENGINES)
    add("--engines", metavar="A,B,...|all", default="all", help=f"which of {names}; the first is the reference")
    run.mmu_options(parser)
    add("--max-insns", metavar="N", type=count, help="stop after N instructions")
    add(
        "--costs",
        metavar="GENERATION|FILE",
        help="what the events of each run would cost on a processor, modelled from published figures (bench/costs):"
        " prescott, merom, penryn, nehalem, westmere, sandy-bridge",
    )
    add(
        "--json",
        metavar="FILE",
        nargs="?",
        const="-",
        help="the result as a JSON object instead: to stdout, or, beside the table, to a file with --json=FILE",
    )
    cflags.options(parser)


def main(arguments: argparse.Namespace) -> int:
    run.program_behind_json(arguments)
    if not arguments.files:
        raise Failure("which program? (ring1 compare --help explains)")
    chosen, absent = engines(arguments.engines)
    costs = None if arguments.costs is None else figures(arguments.costs)
    inputs = [*arguments.files, arguments.disk] if arguments.disk else arguments.files
    file = files.open_text(arguments.json, inputs) if arguments.json not in (None, "-") else None
    setup, guest = prepared(arguments)
    from dbt.report import comparison
    from dbt.report.place import describe
    from dbt.vmm.lockstep import Lockstep

    try:
        done = Lockstep(setup, chosen, lambda cpu: describe(cpu, guest.program, cpu.pc))
    except OSError as error:
        raise Failure(f"the host gives no {len(chosen)} machines: {because(error)}", UNAVAILABLE) from None
    with closing(done):
        follow(done, arguments.max_insns)
        if arguments.json is not None:
            run.write_json(comparison.as_object(done, absent, costs), file)
        if arguments.json != "-":
            streams.write(comparison.describe(done, absent, costs))
        return DIVERGED if done.divergences else 0


def engines(text: str) -> tuple[list[str], dict[str, str]]:
    """Those of the engines that can run here, and why the others cannot. Raises Failure if there are not two."""
    unmodified = [name for name, technique in ENGINES.items() if technique.unmodified]
    names = unmodified if text == "all" else list(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in ENGINES:
            raise Failure(f"--engines: there is no {name!r}; there are {', '.join(ENGINES)}, and all")
    absent = {name: reason for name in names if (reason := ENGINES[name].why_not())}
    chosen = [name for name in names if name not in absent]
    if len(chosen) < 2:
        reasons = "".join(f"; {name} cannot run here: {reason}" for name, reason in absent.items())
        raise Failure(f"--engines: two at least are compared{reasons}", UNAVAILABLE if absent else 2)
    return chosen, absent


def figures(name: str) -> Costs:
    """Published figures. Raises Failure if there are none."""
    from dbt.report.costs import generations, read

    if not name.endswith(".toml") and name not in generations():
        raise Failure(f"--costs: there are no figures of {name}; there are {', '.join(generations()) or 'none'}")
    try:
        return read(name)
    except ValueError as error:
        raise Failure(f"--costs: {error}") from None


def prepared(arguments: argparse.Namespace) -> tuple[Setup, Guest]:
    """The machine that each engine gets. Raises Failure if there can be none."""
    from dbt.cli.program import contents
    from dbt.cli.program import load as load_program
    from dbt.vmm.lockstep import Setup
    from isa.load import load as load_isa

    isa = load_isa(arguments.isa)
    guest = load_program(isa, arguments.files, cflags.flags(arguments))
    run.machine(isa, guest, arguments).close()  # refuses what cannot be
    disk = None if arguments.disk is None else contents(arguments.disk)
    mmu = Mmu(arguments.mmu, arguments.shadow == "traced")
    return Setup(isa, guest.image, guest.entry, arguments.mem, console(), disk, arguments.seed, mmu), guest


def console() -> bytes:
    """The console's input, all of it."""
    if sys.stdin is None or sys.stdin.isatty():
        return b""
    with open(0, "rb", closefd=False) as source:
        return source.read()


def follow(done: Lockstep, limit: int | None) -> None:
    """Run all machines, telling a terminal how far they are."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    try:
        done.run(limit, progress(sys.stderr) if terminal else lambda retired: None)
    except KeyboardInterrupt:
        streams.say(f"equal for {done.equal:,} instructions, but for {len(done.divergences)} engines")
        raise
    finally:
        if terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def progress(terminal: TextIO) -> Callable[[int], None]:
    """Writes how far the machines are, over what it wrote before."""

    def tell(retired: int) -> None:
        terminal.write(f"\r\x1b[Kring1: {retired:,} instructions")
        terminal.flush()

    return tell
