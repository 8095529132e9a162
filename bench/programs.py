"""The C programs of the benchmarks: kernels and workloads, built for this host and for guests from one source, and run.

For PG32 there is the committed assembly that riscv64-unknown-elf-gcc made of that source (bench/kernels/regenerate).
For RV32 it is compiled for the board `virt`, and the file is the one that QEMU runs.
"""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ring1.dbt.engines import table
from ring1.dbt.measure.peers import build
from ring1.dbt.measure.peers.process import Process
from ring1.dbt.measure.peers.table import MACHINE
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.elf.convert import convert
from ring1.isa.load import load

HERE = Path(__file__).parent
SUPPORT = HERE / "kernels"
KERNELS = ("sieve", "crc32", "matmul", "fib", "quicksort", "sha256", "listwalk", "collatz", "bytes")
SCRIPTS = ("script_fib", "script_strings", "script_sort")
WORKLOADS = (
    *("dhry", "core", "compress", "interp"),
    *("aes", "mont64", "depthconv", "regex", "qr", "states", "containers"),
    *SCRIPTS,
    *("tcl", "forth"),
)
PG32, RV32 = "pg32", "rv32"
"""Machines for which the programs are built."""
INTERPRETER = ("script_machine", "script_compile")
"""What the scripts are linked with."""


def sources(name: str) -> list[Path]:
    """Return the C files of a kernel or workload, but for kernel.c; beside each is its assembly, as .s."""
    if name not in WORKLOADS:
        return [SUPPORT / f"{name}.c"]
    return [HERE / "workloads" / f"{part}.c" for part in (name, *(INTERPRETER if name in SCRIPTS else ()))]


def native(name: str, folder: Path, parts: int = 1) -> Path:
    """Build a program for this host that does one of `parts` parts of its work."""
    files = map(str, (*sources(name), SUPPORT / "kernel.c"))
    return build.compile(build.NATIVE_COMPILER, *build.OPTIMIZED, f"-DPARTS={parts}", *files, "-o", str(folder / name))


def guest(name: str, support: tuple[str, ...] = ("kernel.s", "start.s")) -> Program:
    """Assemble a program for PG32 with these files of bench/kernels."""
    files = [*(path.with_suffix(".s") for path in sources(name)), *(SUPPORT / file for file in support)]
    return assemble_files(load("pg32"), [str(file) for file in files])


def lacking(machine: str) -> str:
    """Say in one line why no programs can be made for a machine; empty if they can."""
    if machine == PG32 or shutil.which(build.CROSS_COMPILER) is not None:
        return ""
    return f"there is no {build.CROSS_COMPILER}: nothing to run as {machine}"


def linked(name: str, folder: Path, parts: int = 1) -> Program:
    """Build a program for RV32, on the board `virt`, that does one of `parts` parts of its work. Raises OSError,
    ValueError."""
    file = build.system(sources(name), parts, 1, folder)
    return convert(load(RV32), str(file), file.read_bytes())


def system_process(name: str, folder: Path, output: bytes, parts: int = 1) -> Process:
    """Build a program for QEMU's board `virt`; it must print `output`. Raises OSError, ValueError."""
    files = {times: str(build.system(sources(name), parts, times, folder)) for times in (0, 1)}
    return Process(lambda times: ["qemu-system-riscv32", *MACHINE, files[times]], 1, output)


def one_of(parts: int, program: Program) -> Program:
    """Have an assembled program do one of so many parts of its work (`parts` of kernel.h)."""
    image, at = bytearray(program.image), program.symbols["parts"]
    image[at : at + 4] = parts.to_bytes(4, "little")
    return replace(program, image=bytes(image))


def clock(whose: str) -> float:
    """Return processor seconds, user and system, of this process or of the children that it has waited for.

    Under load these are more meaningful than wall time; both sides use one thread.
    """
    usage = resource.getrusage(resource.RUSAGE_CHILDREN if whose == "children" else resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run_process(*command: str) -> tuple[float, bytes]:
    """Run a program of this host. Returns processor seconds and its output."""
    began = clock("children")
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return clock("children") - began, output


class Run(NamedTuple):
    seconds: float
    """Processor time from reset to power-off."""
    output: bytes
    translated: int
    """Guest instructions translated, not remembered from an earlier run."""


def run_guest(engine: str, program: Program, machine: str = PG32) -> Run:
    """Run a program of a machine."""
    output = io.BytesIO()
    with Vm(load(machine), output=output) as vm:
        vm.load(program.image, program.entry)
        vm.engine = made = table.make(engine, vm, program.image)
        began = clock("self")
        stop = vm.run()
        seconds, translated = clock("self") - began, made.work.guest_insns
    if stop.reason != "exit" or stop.code:
        raise SystemExit(f"bench: stopped by {stop}")
    return Run(seconds, output.getvalue(), translated)
