"""`ring1 compare`: runs one guest under several engines in lockstep."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from ring1.dbt.cli import answer, boot, cflags, kernel_mode, limits, run, streams
from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure, because
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import Technique
from ring1.dbt.mmu.choice import Mmu

if TYPE_CHECKING:
    from ring1.dbt.compare.contender import Setup
    from ring1.dbt.compare.lockstep import Lockstep
    from ring1.dbt.machine.step import Cpu
    from ring1.dbt.measure.costs import Costs
    from ring1.isa.model import Isa

DIVERGED = 1
"""Exit status if an engine is not equivalent."""

DESCRIPTION = """\
Run a program under several engines, each on a machine of its own with its own copy of the console's input (stdin; none
if that is a terminal) and of the disk. They are compared at checkpoints: registers, time, memory, devices, console
output and disk. At a difference the first instruction is found at which an engine is not equal to the reference, the
first engine: what it is, what that guest saw, and what the reference shows. An engine that needs a guest of its own
(para) runs the build of the program with -D PARAVIRT, which executes other instructions: of that, how it ends, console
output and disk are compared. A guest that has no such build, it refuses; that is told, and is no difference.
"""

EPILOG = """\
exit status: 0 equivalent, 1 an engine diverges, others as for ring1 run (ring1 --help lists them). What differs for
a moment, and is equal at the next checkpoint, is not seen. Under --shadow lazy a guest that uses what it has changed
in its page tables before it flushes its TLB may see either (docs/pg32.md): that is told, and is no difference; the
engine is compared with an interpreter that has chosen as it has. --shadow traced follows the tables.

examples:
  ring1 compare examples/holes.s
  ring1 compare --engines bare,bt --max-insns 1G bench/kernels/sieve.s bench/kernels/kernel.s bench/kernels/start.s
  ring1 compare --disk build/os.img examples/os/kernel.s --costs nehalem < examples/os/demo.txt
  (build/os.img is made by: python -m ring1.examples.os.image build/os.img)
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    run.machine_options(parser)
    add = parser.add_argument
    names = ", ".join(run.registered(parser))
    add("--engines", metavar="A,B,...|all", default="all", help=f"which of {names}; the first is the reference")
    kernel_mode.option(parser)
    run.mmu_options(parser)
    limits.options(parser)
    add(
        "--costs",
        metavar="GENERATION|FILE",
        help="what the events of each run would cost on a processor, modelled from published figures (bench/costs):"
        " prescott, merom, penryn, nehalem, westmere, sandy-bridge",
    )
    answer.option(
        parser, "the result as a JSON object instead: to stdout, or, beside the table, to a file with --json=FILE"
    )
    cflags.options(parser)


def main(arguments: argparse.Namespace) -> int:
    run.program_behind_json(arguments)
    if not arguments.files and not boot.boots(arguments):
        raise Failure("which program? (ring1 compare --help explains)")
    boot.check(arguments)
    run.name_machine(arguments)
    inputs = run.with_disk(arguments, [*arguments.files, *boot.inputs(arguments)])
    with answer.awaited(arguments.json, inputs, isa=arguments.isa) as put:
        return compare(arguments, put)


def compare(arguments: argparse.Namespace, put: answer.Put) -> int:
    """Compare the engines as the options say. Returns the exit status."""
    from ring1.isa.load import load as load_isa
    from ring1.isa.record import replace

    isa = load_isa(arguments.isa)
    chosen, absent = engines(arguments.engines, isa, arguments.registry)
    kernel_mode.check(isa, arguments.kernel_mode, chosen)
    chosen = [technique.with_kernel(arguments.kernel_mode) for technique in chosen]
    costs = None if arguments.costs is None else figures(arguments.costs)
    build = cflags.build(arguments)
    setup = prepared(isa, arguments, build)
    builds = {
        each.name: prepared(isa, arguments, replace(build, gcc=(*build.gcc, "-D", each.build)), setup)
        for each in chosen
        if each.build
    }
    from ring1.dbt.compare.lockstep import Lockstep
    from ring1.dbt.report import comparison

    try:
        done = Lockstep(setup, chosen, builds)
    except OSError as error:
        raise Failure(f"the host gives no {len(chosen)} machines: {because(error)}", UNAVAILABLE) from None
    with closing(done):
        follow(done, arguments.max_insns, arguments.timeout)
        put(comparison.as_object(done, absent, costs))
        if arguments.json != "-":
            streams.write(comparison.describe(done, absent, costs))
        return 0 if comparison.equivalent(done) else DIVERGED


def engines(text: str, isa: Isa, registry: Registry) -> tuple[list[Technique], dict[str, str]]:
    """Return those of the techniques that can run here, and why the others cannot. Raises Failure if there are not
    two."""
    names = list(registry) if text == "all" else list(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in registry:
            raise Failure(f"--engines: there is no {name!r}; there are {', '.join(registry)}, and all")
    absent = {name: reason for name in names if (reason := registry[name].cannot(isa))}
    chosen = [registry[name] for name in names if name not in absent]
    if len(chosen) < 2:
        reasons = "".join(f"; {name} cannot run here: {reason}" for name, reason in absent.items())
        raise Failure(f"--engines: two at least are compared{reasons}", UNAVAILABLE if absent else 2)
    if not chosen[0].unmodified:
        raise Failure(f"--engines: {chosen[0].name} cannot be the reference: it runs a build of the guest for itself")
    return chosen, absent


def figures(name: str) -> Costs:
    """Read published figures. Raises Failure if there are none."""
    from ring1.dbt.measure.costs import generations, read

    if not name.endswith(".toml") and name not in generations():
        raise Failure(f"--costs: there are no figures of {name}; there are {', '.join(generations()) or 'none'}")
    try:
        return read(name)
    except ValueError as error:
        raise Failure(f"--costs: {error}") from None


def prepared(isa: Isa, arguments: argparse.Namespace, build: Build, like: Setup | None = None) -> Setup:
    """Return the setup of an engine with the program built in this way, otherwise as `like`. Raises Failure if there
    can be none."""
    from ring1.dbt.cli.program import warn
    from ring1.dbt.compare.contender import Setup
    from ring1.dbt.report.place import describe
    from ring1.isa.files import contents
    from ring1.isa.record import replace

    guest = boot.guest(isa, arguments, build, arguments.words)
    run.machine(isa, guest, arguments).close()  # rejects impossible machines

    def place(cpu: Cpu) -> str:
        return describe(cpu, guest.program, cpu.pc)

    if like is None:
        warn(guest)
    else:
        return replace(like, image=guest.image, entry=guest.entry, describe=place)
    disk = None if arguments.disk is None else contents(arguments.disk)
    mmu = Mmu(arguments.mmu, arguments.shadow == "traced")
    ram, seed, room = arguments.mem, arguments.seed, arguments.max_output
    return Setup(
        isa,
        guest.image,
        guest.entry,
        ram,
        console(),
        disk,
        seed,
        mmu,
        place,
        room,
        guest.arguments,
        guest.board,
        guest.tohost,
    )


def console() -> bytes:
    """Read all of the console's input."""
    if streams.keyboard() == b"" or sys.stdin.isatty():
        return b""
    with open(0, "rb", closefd=False) as source:
        return source.read()


def follow(done: Lockstep, limit: int | None, seconds: float | None) -> None:
    """Run all machines to their end, or to a limit: of instructions, or of time, at the first checkpoint behind that.
    Progress is shown on a terminal."""
    end = None if seconds is None else monotonic() + seconds
    terminal = streams.terminal(sys.stderr)
    try:
        tell = progress(sys.stderr) if terminal else lambda retired: None
        done.run(limit, tell, lambda: end is not None and monotonic() >= end)
    except KeyboardInterrupt:
        streams.say(f"equal for {done.equal:,} instructions, but for {len(done.divergences)} engines")
        raise
    finally:
        if terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def progress(terminal: TextIO) -> Callable[[int], None]:
    """Return a function that writes the progress of the machines over what it wrote before."""

    def tell(retired: int) -> None:
        terminal.write(f"\r\x1b[Kring1: {retired:,} instructions")
        terminal.flush()

    return tell
