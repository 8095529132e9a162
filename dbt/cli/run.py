"""`ring1 run`: runs a program on a virtual machine, with stdin and stdout as its console."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, BinaryIO, TextIO

from ring1.dbt.cli import aids, answer, boot, cflags, files, kernel_mode, limits, snapshot, streams
from ring1.dbt.cli.numbers import integer
from ring1.dbt.cli.outcome import (
    INTERRUPTED,
    LIMITED,
    OURS,
    TERMINATED,
    TRAPPED,
    UNAVAILABLE,
    WAITING,
    Failure,
    because,
)
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import equipped
from ring1.dbt.engines.technique import Technique
from ring1.dbt.mmu.choice import COHERENCE, TECHNIQUES, Mmu

if TYPE_CHECKING:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.machine.stop import Stop
    from ring1.dbt.vmm.engine import Engine
    from ring1.dbt.vmm.vm import Vm
    from ring1.isa.model import Isa

PROGRAMS = (".s", ".asm", ".c", ".bin", ".elf")

DESCRIPTION = """\
Run a program: C (.c) and assembly files (.s), linked in this order; or one raw image (.bin), which is loaded at
address 0; or one file that a linker has made (.elf), for RV32EM or, on the machine rv32, for RISC-V of 32 bits; or a
kernel (--kernel). The guest's console is stdin and stdout; what ring1 itself says goes to stderr. The exit status is
the guest's exit code, or says why there is none (ring1 --help lists them).
"""

EPILOG = """\
sizes: bytes, or with K, M or G (powers of 1024): 64K, 16M, 1G. Counts take k, M, G (powers of 1000).
Ctrl-C stops the guest and says where it was; a second Ctrl-C ends ring1 at once.

examples:
  ring1 run examples/hello.s
  ring1 run examples/sieve.s --engine interp --stats
  ring1 run kernel.s user.s --mem 64M --disk disk.img --max-insns 100M
  ring1 run examples/fib.s --json=result.json
  ring1 run examples/echo.s --timeout 10 --max-output 64K < examples/echo.s
  ring1 run -O3 -DNAME=7 -I include main.c more.s
  ring1 run prog.c -- its arguments
  ring1 run prog.elf
  ring1 run --kernel Image --append "console=ttyS0 earlycon=sbi" --disk disk.img
"""

STATUS = {
    "trap": TRAPPED,
    "double-fault": TRAPPED,
    "refused": TRAPPED,
    "limit": LIMITED,
    "timeout": LIMITED,
    "output": LIMITED,
    "halt": WAITING,
    "interrupt": INTERRUPTED,
}
"""Reason of a stop -> exit status, if the guest gave none itself."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    machine_options(parser)
    running_options(parser)


def machine_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a program, and of the machine that it gets."""
    add = parser.add_argument
    add("files", metavar="FILE", nargs="*", help="the program; what stands behind -- are its arguments")
    parser.set_defaults(words=[], separate=separate)
    add(
        "--isa",
        metavar="NAME|FILE",
        help="the machine: a name or a description file (default: pg32; rv32 for a kernel, and for a linked file for"
        " RISC-V of 32 bits that is not for RV32EM)",
    )
    boot.options(parser)
    add("--disk", metavar="FILE", help="a file that is the disk, read and written; without it there is none")
    add("--seed", metavar="N", type=integer, default=0, help="what the entropy device begins with (default: 0)")


def running_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a machine that runs from any state."""
    add, registry = parser.add_argument, registered(parser)
    usual, otherwise = registry.default.name, registry.reference.name
    add(
        "--engine",
        choices=tuple(registry),
        help=f"how the guest is run (default: {usual}; {otherwise} where that cannot run)",
    )
    kernel_mode.option(parser)
    mmu_options(parser)
    limits.options(parser)
    snapshot.options(parser)
    add("--stats", action="store_true", help="figures of the run on stderr: time, exits, translation")
    answer.option(
        parser, "the result as a JSON object: to stdout behind the console's output, or to a file with --json=FILE"
    )
    add(
        "--trace",
        metavar="FILE",
        help="write down every instruction with the registers it changes (- is stderr). The instructions are then"
        " executed one by one by the reference interpreter, on the machine that the engine shows the guest: slow",
    )
    add(
        "--check",
        action="store_true",
        help="have the interpreter follow all translated code; at the first difference stop with status 125 and show"
        " it on stderr, guest code beside host code: slow",
    )
    add("--perf-map", action="store_true", help="write symbols of translated code to /tmp/perf-PID.map, for perf")
    add(
        "--quiet",
        action="store_true",
        help="do not say on stderr why and where the guest stopped, no warnings either; that an exit status of 120 or"
        " more is the guest's exit code is still said",
    )
    cflags.options(parser)


def registered(parser: argparse.ArgumentParser) -> Registry:
    """Return the available techniques (see ring1.dbt.cli.main.parsers)."""
    registry: Registry = parser.get_default("registry")
    return registry


def mmu_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of address translation."""
    add = parser.add_argument
    add("--mmu", choices=tuple(TECHNIQUES), default=Mmu().technique, help=f"with paging on, {explained(TECHNIQUES)}")
    add("--shadow", choices=tuple(COHERENCE), default="lazy", help=explained(COHERENCE))


def explained(choices: Mapping[str, str]) -> str:
    """Return help text for what each value of an option does."""
    return "; ".join(f"{name}: {text}" for name, text in choices.items())


def main(arguments: argparse.Namespace) -> int:
    program_behind_json(arguments)
    if not arguments.files and not boot.boots(arguments):
        raise Failure("which program? (ring1 run --help explains)")
    boot.check(arguments)
    name_machine(arguments)
    inputs = [*arguments.files, *boot.inputs(arguments)]
    with answered(arguments, inputs) as put:
        check(arguments, inputs)
        from ring1.dbt.cli.program import warn
        from ring1.isa.load import load as load_isa

        isa = load_isa(arguments.isa)
        if arguments.dump_dtb:
            return boot.dump(isa, arguments)
        guest = boot.guest(isa, arguments, cflags.build(arguments), arguments.words)
        if not arguments.quiet:
            warn(guest)
        return carry_out(arguments, inputs, lambda: (machine(isa, guest, arguments), guest), put)


def answered(arguments: argparse.Namespace, inputs: Sequence[str]) -> contextlib.AbstractContextManager[answer.Put]:
    """Wrap a run in what writes its JSON object."""
    return answer.awaited(arguments.json, with_disk(arguments, inputs), isa=arguments.isa, engine=arguments.engine)


def with_disk(arguments: argparse.Namespace, inputs: Sequence[str]) -> Sequence[str]:
    """Return the files that must not be overwritten."""
    return [*inputs, arguments.disk] if arguments.disk else inputs


def separate(arguments: argparse.Namespace, words: Sequence[str]) -> bool:
    """Take what follows `--` as the program's arguments if there is a program before it. Returns whether there is."""
    program_behind_json(arguments)
    if arguments.files:
        arguments.words = list(words)
    return bool(arguments.files)


def name_machine(arguments: argparse.Namespace) -> None:
    """Without --isa, take the machine that the program is for."""
    if arguments.isa is None:
        from ring1.dbt.cli.program import RV32, machine_of

        booted = boot.boots(arguments) or arguments.environment
        arguments.isa = RV32 if booted else machine_of(arguments.files)


def program_behind_json(arguments: argparse.Namespace) -> None:
    """Take FILE in `--json FILE` for the program if it looks like one and there is no other."""
    if not arguments.files and arguments.json and os.path.splitext(arguments.json)[1].lower() in PROGRAMS:
        arguments.files, arguments.json = [arguments.json], "-"


def check(arguments: argparse.Namespace, inputs: Sequence[str]) -> None:
    """Raise Failure if the options of a run cannot be obeyed."""
    registry: Registry = arguments.registry
    if arguments.trace is not None:
        arguments.engine = arguments.engine or registry.reference.name
    if arguments.engine is None:
        arguments.engine = default(arguments).name
    technique = registry[arguments.engine]
    reason = technique.why_not()
    if reason:
        raise Failure(f"the engine {technique.name} cannot run here: {reason}", UNAVAILABLE)
    for option, wanted in (("--check", arguments.check), ("--perf-map", arguments.perf_map)):
        if wanted:
            aids.translating(registry.reference if arguments.trace is not None else technique, option)
    snapshot.check(arguments, with_disk(arguments, inputs))
    written = (("--json", arguments.json), ("--trace", arguments.trace), ("--snapshot", arguments.snapshot))
    files.distinct((option, path) for option, path in written if path not in (None, "-"))


def default(arguments: argparse.Namespace) -> Technique:
    """Return the technique for a run without --engine: the usual one or, with a message, the reference where it cannot
    run."""
    registry: Registry = arguments.registry
    usual, reason = registry.default, registry.default.why_not()
    if not reason or arguments.check or arguments.perf_map:
        return usual
    if not arguments.quiet:
        streams.say(f"the guest is interpreted, slowly: the engine {usual.name} cannot run here: {reason}")
    return registry.reference


def carry_out(
    arguments: argparse.Namespace, inputs: Sequence[str], make: Callable[[], tuple[Vm, Guest]], put: answer.Put
) -> int:
    """Run the machine that `make` makes, as the options say. Returns the exit status. No file of `inputs` is
    overwritten."""
    with contextlib.ExitStack() as stack:
        trace_file = None
        if arguments.trace is not None:
            trace_file = stack.enter_context(files.open_text(arguments.trace, with_disk(arguments, inputs)))
        vm, guest = make()
        stack.enter_context(vm)
        vm.engine = make_engine(vm, guest, arguments, trace_file)
        aided = aids.aids(vm, guest, arguments.check, arguments.perf_map)
        with interruptible(vm) as signals, limits.bounded(vm, arguments), aided:
            before, began = vm.cpu.retired, perf_counter()
            stop = run(vm, arguments, trace_file)
            seconds = perf_counter() - began
        terminated = stop.reason == "interrupt" and signal.SIGTERM in signals
        if stop.reason != "exit" and not arguments.quiet:
            from ring1.dbt.report.place import describe_stop

            streams.say(describe_stop(vm.cpu, guest.program, stop, "SIGTERM" if terminated else "Ctrl-C"))
        if arguments.stats or arguments.json:
            from ring1.dbt.report.result import Result, as_object, statistics

            registry: Registry = arguments.registry
            result = Result(registry[arguments.engine], vm.engine, stop, seconds, before)
            if arguments.stats:
                streams.tell(statistics(vm, result, guest.program, registry))
            if arguments.json:
                put(as_object(vm, result, registry))
    if terminated:
        return TERMINATED
    if stop.code is None:
        return STATUS[stop.reason]
    if stop.code >= OURS:
        streams.say(f"{stop.code} is the guest's exit code")
    return stop.code


def machine(isa: Isa, guest: Guest, arguments: argparse.Namespace, output: BinaryIO | None = None) -> Vm:
    """Return the virtual machine that the options describe, with the program in its memory. Its console is stdin and
    stdout, or writes to `output`."""
    from ring1.dbt.devices.tohost import ToHost
    from ring1.dbt.vmm.vm import Vm

    ram = arguments.mem
    try:
        source, output = streams.keyboard(), output or streams.console()
        vm = Vm(isa, ram, source, output, arguments.disk, arguments.seed, board=guest.board)
    except ValueError as error:
        raise Failure(f"--mem: {error}") from None
    except OSError as error:
        if error.filename is not None:
            raise Failure(f"--disk: {because(error)}") from None
        raise Failure(f"the host gives no {ram:,} bytes of RAM: {because(error)}", UNAVAILABLE) from None
    if guest.room > ram:
        vm.close()
        raise Failure(f"the program needs {guest.room:,} bytes of RAM and has {ram:,}; --mem gives more")
    vm.load(guest.image, guest.entry, guest.arguments)
    if guest.tohost is not None:
        vm.bus.add(ToHost(vm.cpu, guest.tohost))
    return vm


def make_engine(vm: Vm, guest: Guest, arguments: argparse.Namespace, trace: TextIO | None) -> Engine:
    """Return the engine for a machine: the tracer if there is a trace to write."""
    registry: Registry = arguments.registry
    technique = registry[arguments.engine]
    kernel_mode.check(vm.isa, arguments.kernel_mode, (technique,))
    technique = technique.with_kernel(arguments.kernel_mode)
    name, mmu = technique.name, Mmu(arguments.mmu, arguments.shadow == "traced")
    try:
        if trace is not None:
            from ring1.dbt.report.trace import Tracer

            if technique.policy is not None:
                technique.interpreted(vm.cpu).begin()
            return Tracer(vm.cpu, guest.program, trace)
        if arguments.check:
            return aids.checker(vm, technique, guest, mmu)
        return equipped(technique, vm, guest.image, mmu)
    except ValueError as error:
        raise Failure(f"the engine {name} cannot run this machine: {error}", UNAVAILABLE) from None
    except OSError as error:
        raise Failure(f"the host refuses the engine {name} its memory: {because(error)}", UNAVAILABLE) from None


def run(vm: Vm, arguments: argparse.Namespace, trace: TextIO | None) -> Stop:
    """Run until the guest stops; then its trace is flushed, and its snapshot written."""
    try:
        stop = snapshot.run(vm, arguments.max_insns, arguments.snapshot_at, arguments.snapshot)
        if trace is not None:
            trace.flush()
        return stop
    except OSError as error:
        if trace is None:
            raise
        raise files.unwritten(trace, error) from None


@contextlib.contextmanager
def interruptible(vm: Vm) -> Iterator[list[int]]:
    """Let Ctrl-C or SIGTERM stop the guest, and a second one the process. Yields the list of signals received."""
    came: list[int] = []

    def stop(number: int, frame: object) -> None:
        if came:
            os._exit(128 + number)
        came.append(number)
        vm.interrupt()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
