"""Booting a kernel: firmware, kernel, initial file system and device tree, laid out in RAM as QEMU's board `virt` lays
them out (hw/riscv/boot.c), and the code that leads there from reset, which QEMU has in a ROM."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ring1.dbt.devices.tree import device_tree
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.program import Program
from ring1.isa.board import Board
from ring1.isa.model import Isa

KERNEL = 4 << 20
"""A kernel of 32 bits is at a multiple of this, behind the firmware."""
TREE = 2 << 20
"""The device tree begins at a multiple of this, if RAM has one there, as near to the end as it can be."""
MOST_INITRD = 128 << 20
"""How far from the beginning of the kernel the initial file system is at most."""
PAGE = 4096
SUPERVISOR, MACHINE = 1, 3
DYNAMIC = struct.Struct("<6I")
"""OpenSBI's struct fw_dynamic_info: magic, version, next address, next mode, options, boot hart."""
DYNAMIC_MAGIC, DYNAMIC_VERSION = 0x4942534F, 2
IMAGE = struct.Struct("<16xQ32x4s")
"""The header of a Linux image: the bytes that it takes in memory, and a magic number
(Documentation/riscv/boot-image-header)."""
IMAGE_MAGIC = b"RSC\x05"
RESET = """
_start: csrr a0, mhartid
        li a1, TREE
        li a2, DYNAMIC
        li t0, NEXT
        jr t0
"""


class Loaded(NamedTuple):
    """Bytes that are to be in RAM, and what they take there."""

    name: str
    """What they are called in messages."""
    data: bytes
    at: int
    size: int
    entry: int
    program: Program | None = None
    """Its names."""

    @property
    def window(self) -> range:
        return range(self.at, self.at + self.size)


class Unfit(ValueError):
    """What is to be booted does not fit into RAM. The message says why."""


def from_program(name: str, program: Program) -> Loaded:
    """Return a program, which begins with the first page of its image that is not all zeros."""
    image = program.image
    skipped = len(image) - len(image.lstrip(b"\0")) & -PAGE
    return Loaded(name, image[skipped:], program.base + skipped, program.room - skipped, program.entry, program)


def raw(name: str, data: bytes, at: int) -> Loaded:
    """Return an image that is to be loaded, and begins, at an address."""
    size = len(data)
    if size >= IMAGE.size:
        needed, magic = IMAGE.unpack_from(data)
        if magic == IMAGE_MAGIC and size < needed < 1 << 32:
            size = needed
    return Loaded(name, data, at, size, at)


def kernel_at(base: int, firmware: bool) -> int:
    """Return where a kernel that does not say so itself is loaded: RAM begins at `base`."""
    return base + KERNEL if firmware else base


def file_system(kernel: int, ram: int, data: bytes) -> Loaded:
    """Return an initial file system for a kernel that is loaded at an address."""
    return Loaded("the initial file system", data, kernel + min(ram // 2, MOST_INITRD), len(data), 0)


def booting(
    isa: Isa,
    board: Board,
    ram: int,
    kernel: Loaded | None,
    firmware: Loaded | None,
    initrd: bytes = b"",
    arguments: str = "",
    tree: bytes = b"",
) -> Program:
    """Return the image of all of it, and the entry at which it begins, for a machine with `ram` bytes of RAM. Without
    firmware the kernel begins in the mode of reset. `tree` is a device tree in the place of the board's. Raises
    Unfit."""
    base, end = isa.memory, isa.memory + ram
    parts = [part for part in (firmware, kernel) if part is not None]
    assert parts
    if initrd:
        parts.append(file_system((kernel or parts[0]).at, ram, initrd))
    blob = tree or device_tree(board, range(base, end), arguments, parts[-1].window if initrd else None)
    at = placed(base, end, len(blob))
    dynamic, reset = at + len(blob) + -len(blob) % 8, at + len(blob) + -len(blob) % 8 + DYNAMIC.size
    following = kernel.entry if kernel is not None else 0
    said = DYNAMIC.pack(DYNAMIC_MAGIC, DYNAMIC_VERSION, following, SUPERVISOR, 0, 0)
    definitions = (f"TREE={at:#x}", f"DYNAMIC={dynamic:#x}", f"NEXT={parts[0].entry:#x}")
    code = assemble(isa, [("reset", RESET)], reset, definitions).image
    blob = blob.ljust(dynamic - at, b"\0") + said + code
    parts.append(Loaded("the device tree", blob, at, len(blob), 0))
    apart(parts, base, end)
    pieces, end_of_last = list[bytes](), base
    for part in sorted(parts, key=lambda part: part.at):
        pieces += bytes(part.at - end_of_last), part.data
        end_of_last = part.at + len(part.data)
    known = [part.program for part in parts if part.program is not None]
    labels = [label for program in known for label in program.labels]
    labels += [(part.at, part.name.removeprefix("the ")) for part in parts if part.program is None]
    symbols = {name: at for program in reversed(known) for name, at in program.symbols.items()}
    return Program(b"".join(pieces), reset, end, symbols, tuple(sorted(labels)), (), {}, (), base=base)


def placed(base: int, end: int, size: int) -> int:
    """Return where a device tree of `size` bytes, and what follows it, is."""
    first = end - size - PAGE
    return max(first & -TREE, base) if first & -TREE >= base else max(first & -PAGE, base)


def apart(parts: Sequence[Loaded], base: int, end: int) -> None:
    """Raise Unfit unless all parts are in RAM, and no two at one address."""
    for part in parts:
        if part.at < base or part.at + part.size > end:
            last = part.at + part.size - 1
            raise Unfit(f"{part.name} is at {part.at:#x} to {last:#x}, and RAM at {base:#x} to {end - 1:#x}")
    ordered = sorted(parts, key=lambda part: part.at)
    for low, high in pairwise(ordered):
        if low.at + low.size > high.at:
            raise Unfit(f"{low.name} and {high.name} are both at {high.at:#x}")
