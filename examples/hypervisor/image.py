"""The hypervisor's image, and disks that it boots from.

python -m ring1.examples.hypervisor.image hypervisor OUT.bin [BUILD]
python -m ring1.examples.hypervisor.image disk OUT.img GUEST...

BUILD is trap, for pg32v, if it is not said; vt or direct, for pg32x.
A GUEST is KERNEL[,DISK][,MEMORY]: an image (.bin) that begins at address 0 or an assembly file, the disk's image, and
the bytes of memory (4M if it is not said). Compiling the hypervisor takes GCC for RISC-V.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ring1.dbt.cli.gcc import compile_kept
from ring1.dbt.cli.outcome import Failure
from ring1.dbt.cli.runtime import PORTS
from ring1.isa.asm.assemble import assemble, assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.load import load
from ring1.isa.source import AsmError

HERE = Path(__file__).parent
ISA = "pg32v"
SHARED = ("main.c", "cpu.c", "emulate.c", "ports.c", "console.c", "disk.c", "print.c")
TRAP, VT = ("enter.s", "trap.c", "sensitive.c", "shadow.c"), ("vtenter.s", "vt.c", "nested.c", "merged.c")


class Build(NamedTuple):
    """A build of the hypervisor: the machine that it is for, its back end's files, and more flags for GCC."""

    isa: str
    files: tuple[str, ...]
    flags: tuple[str, ...] = ()


BUILDS = {"trap": Build("pg32v", TRAP), "vt": Build("pg32x", VT), "direct": Build("pg32x", VT, ("-DDIRECT",))}
FLAGS = ("-O2", "-ffreestanding", "-fno-tree-loop-distribute-patterns", "-Wall", "-Wextra")

SECTOR = 512
MAGIC = int.from_bytes(b"R1HV", "little")
MOST_GUESTS = 8
HEADER = struct.Struct("<II")
ENTRY = struct.Struct("<IIIIII")
"""Memory, kernel's first sector, its sectors, where it begins, disk's first sector, its sectors."""


class Guest(NamedTuple):
    """A guest: the image of its memory at reset, where it begins, its disk, and bytes of memory."""

    kernel: bytes
    entry: int = 0
    disk: bytes = b""
    memory: int = 4 << 20


def hypervisor(name: str = "trap") -> Program:
    """Compile one of the BUILDS. Raises Failure, AsmError, OSError."""
    build = BUILDS[name]
    sources = [(file, text(HERE / file, build.flags)) for file in ("boot.s", *build.files, *SHARED, "end.s")]
    return assemble(load(build.isa), sources)


def text(path: Path, flags: tuple[str, ...]) -> str:
    return compile_kept(PORTS, str(path), (*FLAGS, *flags))[0] if path.suffix == ".c" else path.read_text()


def disk(guests: Sequence[Guest]) -> bytes:
    """A disk with these guests. Raises ValueError if they are too many."""
    if len(guests) > MOST_GUESTS:
        raise ValueError(f"{len(guests)} guests; the hypervisor has room for {MOST_GUESTS}")
    table, data = HEADER.pack(MAGIC, len(guests)), b""
    for guest in guests:
        places = []
        for piece in guest.kernel, guest.disk:
            places.append((1 + len(data) // SECTOR, -(-len(piece) // SECTOR)))
            data += piece + bytes(-len(piece) % SECTOR)
        (kernel, kernel_sectors), (first, sectors) = places
        table += ENTRY.pack(guest.memory, kernel, kernel_sectors, guest.entry, first, sectors)
    return table.ljust(SECTOR, b"\0") + data


def guest(words: str) -> Guest:
    """Read KERNEL[,DISK][,MEMORY]. Raises AsmError, OSError, ValueError."""
    kernel, *rest = words.split(",")
    memory, contents = 4 << 20, b""
    for word in rest:
        if word[-1:] in "KM" and word[:-1].isdigit():
            memory = int(word[:-1]) << (10 if word[-1] == "K" else 20)
        else:
            contents = Path(word).read_bytes()
    if kernel.endswith(".s"):
        program = assemble_files(load(ISA), [kernel])
        return Guest(program.image, program.entry, contents, memory)
    return Guest(Path(kernel).read_bytes(), 0, contents, memory)


def main(arguments: Sequence[str]) -> int:
    try:
        match arguments:
            case ["hypervisor", out, *name] if len(name) < 2 and {*name} <= BUILDS.keys():
                made = hypervisor(*name).image
            case ["disk", out, *guests] if guests:
                made = disk([guest(words) for words in guests])
            case _:
                print(__doc__, file=sys.stderr)
                return 2
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        Path(out).write_bytes(made)
    except (AsmError, Failure, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
