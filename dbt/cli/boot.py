"""The options of machines with boards, and of kernels that are booted on them, as QEMU's options mean them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ring1.dbt.cli import files, serve
from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.numbers import size
from ring1.dbt.cli.outcome import Failure

if TYPE_CHECKING:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.vmm.boot import Loaded
    from ring1.isa.board import Board
    from ring1.isa.model import Isa

RAM = 16 << 20
OWN, NONE = "default", "none"
TREE_MAGIC = b"\xd0\x0d\xfe\xed"
COMPRESSED = {
    b"\x1f\x8b\x08": "gzip",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x02\x21\x4c\x18": "lz4",
    b"\x89LZO\0\r\n\x1a\n": "lzop",
}
"""What the images begin with that Linux' build compresses, and what does and undoes that."""
SBI = ("examples", "rv32", "sbi", "sbi.s")
USED = {"ns16550": "UART", "clint": "CLINT", "sifive_test": "FINISHER"}
"""Kinds of the devices that ring1's firmware uses, and what it calls their addresses."""


def options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--mem", metavar="SIZE", type=size, help="bytes of RAM (default: 16M, or what the board says)")
    add("--board", metavar="NAME|FILE", help="the machine's board: virt, least, or a file (default: the machine's own)")
    add(
        "--kernel",
        metavar="IMAGE",
        help="boot this kernel, a linked file (ELF) or an image that goes 4 MiB behind the beginning of RAM, by"
        " firmware, in the place of a program",
    )
    add("--append", metavar="TEXT", default="", help="the kernel's command line, which the device tree has")
    add("--initrd", metavar="FILE", help="the kernel's initial file system")
    add(
        "--firmware",
        metavar=f"FILE|{OWN}|{NONE}",
        help="what begins at reset in the kernel's place: ELF, or an image for the beginning of RAM (default: ring1's"
        f" own SBI, examples/rv32/sbi/sbi.s); {NONE}: the kernel itself, at the beginning of RAM",
    )
    add("--dtb", metavar="FILE", help="a device tree in the place of the one that is made from the board")
    add("--dump-dtb", metavar="FILE", help="write the device tree, and run nothing")
    serve.option(parser)


def boots(arguments: argparse.Namespace) -> bool:
    """Is something booted, in the place of a program?"""
    return bool(arguments.kernel or arguments.firmware or arguments.dump_dtb)


def inputs(arguments: argparse.Namespace) -> list[str]:
    """Return the files that a machine is booted with."""
    found = (arguments.kernel, arguments.initrd, arguments.firmware, arguments.dtb)
    return [name for name in found if name and name not in (OWN, NONE)]


def check(arguments: argparse.Namespace) -> None:
    """Raise Failure if the options make no sense together."""
    if boots(arguments) and arguments.files:
        raise Failure("--kernel and --firmware are in the place of a program: give one or the other")
    if boots(arguments) and arguments.environment:
        raise Failure(f"--environment {arguments.environment}: it has a firmware of its own, and no kernel")
    serve.check(arguments)
    needing = (("--append", arguments.append), ("--initrd", arguments.initrd))
    for option, given in needing:
        if given and not arguments.kernel and not arguments.dump_dtb:
            raise Failure(f"{option}: for which kernel? --kernel IMAGE names it")
    if arguments.dtb and not boots(arguments):
        raise Failure("--dtb: for what? --kernel IMAGE or --firmware FILE names it")
    if arguments.dtb and arguments.append:
        raise Failure("--append: the device tree that --dtb names has the command line")
    if arguments.firmware == NONE and not arguments.kernel:
        raise Failure(f"--firmware {NONE}: then there must be a kernel")


def board(isa: Isa, arguments: argparse.Namespace) -> Board | None:
    """Return the machine's board, which says how much RAM there is unless --mem does. Raises Failure, IsaError."""
    found = board_of(isa, arguments.board)
    if arguments.mem is None:
        arguments.mem = RAM if found is None else found.ram
    if boots(arguments) and found is None:
        raise Failure(f"--kernel: {isa.name} has no board; rv32 has one")
    return found


def board_of(isa: Isa, named: str | None) -> Board | None:
    """Return the board with this name, else the machine's own, if it has any. Raises Failure, IsaError."""
    from ring1.isa.boards import load

    if named and not isa.board:
        raise Failure(f"--board: {isa.name} has its devices behind ports")
    name = named or isa.board
    return load(name) if name else None


def guest(isa: Isa, arguments: argparse.Namespace, build: Build, words: Sequence[str]) -> Guest:
    """Return what the machine runs: a program, built as `build` says, or what it boots. Raises Failure, SourceError,
    OSError."""
    from ring1.dbt.cli import program

    where = board(isa, arguments)
    if boots(arguments):
        assert where is not None
        found = booted(isa, where, arguments)
    elif arguments.environment:
        found = serve.guest(isa, where, arguments, build, words)
    else:
        found = program.load(isa, arguments.files, build, words, where)
    found.board = where
    return found


def booted(isa: Isa, where: Board, arguments: argparse.Namespace) -> Guest:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.vmm import boot
    from ring1.isa.files import contents

    firmware = None if arguments.firmware == NONE else part(isa, "the firmware", arguments.firmware, isa.memory)
    if firmware is None and arguments.firmware != NONE:
        firmware = own(isa, where)
    kernel = kernel_of(isa, arguments)
    initrd = contents(arguments.initrd) if arguments.initrd else b""
    tree = contents(arguments.dtb) if arguments.dtb else b""
    if tree[:4] != TREE_MAGIC and arguments.dtb:
        raise Failure(f"{arguments.dtb}: not a device tree")
    try:
        made = boot.booting(isa, where, arguments.mem, kernel, firmware, initrd, arguments.append, tree)
    except boot.Unfit as error:
        raise Failure(f"{error}; --mem gives more or less RAM") from None
    return Guest(made.image, made.entry, made.room, lambda: made, base=made.base)


def kernel_of(isa: Isa, arguments: argparse.Namespace) -> Loaded | None:
    """Return the kernel, if there is one. Raises Failure, ElfError, OSError."""
    from ring1.dbt.vmm import boot

    return part(isa, "the kernel", arguments.kernel, boot.kernel_at(isa.memory, arguments.firmware != NONE))


def part(isa: Isa, called: str, name: str | None, at: int) -> Loaded | None:
    """Return a linked file, or an image that goes to an address; None if none is named. Raises Failure, ElfError,
    OSError."""
    from ring1.dbt.cli.program import linked_program
    from ring1.dbt.vmm import boot
    from ring1.isa.files import contents

    if not name or name == OWN:
        return None
    data = contents(name)
    if data[:4] == b"\x7fELF":
        return boot.from_program(called, linked_program(isa, name, data))
    if not data:
        raise Failure(f"{name}: empty")
    for magic, tool in COMPRESSED.items():
        if data.startswith(magic):
            raise Failure(f"{name}: compressed, and nothing unpacks it here: `{tool} -d` does")
    return boot.raw(called, data, at)


def own(isa: Isa, where: Board) -> Loaded:
    """Return ring1's own firmware. Raises Failure if the board has not what it needs."""
    from ring1.dbt.share import share
    from ring1.dbt.vmm import boot
    from ring1.isa.asm.assemble import assemble_files

    at = {placed.kind: placed.window.start for placed in where.devices}
    if missing := [kind for kind in USED if kind not in at]:
        raise Failure(
            f"ring1's firmware needs a {missing[0]}, which the board {where.name} has not; --firmware names another"
        )
    definitions = [f"{symbol}={at[kind]:#x}" for kind, symbol in USED.items()]
    return boot.from_program(
        "the firmware", assemble_files(isa, [str(share(*SBI))], definitions=definitions, keep=True)
    )


def dump(isa: Isa, arguments: argparse.Namespace) -> int:
    """Write the device tree of the board, with the initial file system where a kernel will find it: the one that is
    given, or an image. Returns the exit status. Raises Failure, ElfError, OSError."""
    from ring1.dbt.devices.tree import device_tree
    from ring1.dbt.vmm import boot
    from ring1.isa.files import contents

    where = board(isa, arguments)
    assert where is not None
    base, end, parts = isa.memory, isa.memory + arguments.mem, list[boot.Loaded]()
    initrd = contents(arguments.initrd) if arguments.initrd else b""
    if initrd:
        kernel = kernel_of(isa, arguments) or boot.raw(
            "the kernel", b"", boot.kernel_at(base, arguments.firmware != NONE)
        )
        parts = [kernel, boot.file_system(kernel.at, arguments.mem, initrd)]
    try:
        boot.apart(parts, base, end)
    except boot.Unfit as error:
        raise Failure(f"{error}; --mem gives more or less RAM") from None
    made = device_tree(where, range(base, end), arguments.append, parts[-1].window if parts else None)
    with files.open_bytes(arguments.dump_dtb, inputs(arguments)) as file:
        files.put(file, made)
    return 0
