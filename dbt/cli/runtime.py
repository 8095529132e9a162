"""The C library: where it is, and how GCC is to compile for a machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ring1.dbt.share import share
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.isa.model import Isa

MADE = "compiled.z"
"""The file with the library compiled to assembly: see library.py."""
COMMON = (
    *("-mcmodel=medlow", "-fno-pic", "-S"),
    # There is one thread, whose variables are all in one place.
    "-ftls-model=local-exec",
)


class Target(Record):
    """What C is compiled for: the name of the folder with the library's files that are the machine's own, in the place
    of those of the same name, and GCC's options."""

    own: str
    options: tuple[str, ...]


PORTS = Target("", ("-march=rv32em", "-mabi=ilp32e", *COMMON, "-D__PG32__=1"))
"""A machine with the instructions of RV32EM and devices behind ports. The assembler knows its own instructions, and
needs no macros for them (pg32.h)."""
NEEDED = {"": {"lui", "addi", "jalr", "lw", "wrcr", "rfe"}, "rv32": {"lui", "addi", "jalr", "lw", "csrrw", "mret"}}
"""Folder -> the instructions without which a machine cannot run the start-up code in it."""


def runtime() -> Path:
    """Return the folder of the C library's sources."""
    return share("examples", "c", "rt")


def target_of(isa: Isa) -> Target | None:
    """Return what C is compiled for that this machine runs; None if it cannot run the start-up code."""
    for own, needed in NEEDED.items():
        if isa.instructions.keys() >= needed:
            return native(isa, own) if own else PORTS
    return None


def native(isa: Isa, own: str) -> Target:
    """Return the target of a machine that is RISC-V itself."""
    from ring1.isa.elf.target import target

    wanted = target(isa)
    return Target(own, (f"-march={wanted.march}", f"-mabi={wanted.abi}", *COMMON))
