"""Environments of courses: what RARS and Venus give a program, memory and environment calls, served by firmware.

The program is in U mode behind page tables, so that it finds the addresses that it has there; the firmware, in M mode,
is examples/rv32/rars/rars.s.
"""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.machine.loading import arranged
from ring1.dbt.share import share
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.board import Board
from ring1.isa.model import Isa
from ring1.isa.record import Record

FIRMWARE = ("examples", "rv32", "rars", "rars.s")
ROOM = 1 << 16
"""Bytes from the beginning of RAM on that are the firmware's."""
PAGE, LEAST = 4096, 16
"""Bytes of a page, and how many pages are to be free at first, of which page tables are made as well."""
CODE = ".text"
"""What the code is called if it does not begin with a label."""
DEVICES = {"ns16550": "UART", "sifive_test": "FINISHER", "clint": "CLINT", "plic": "PLIC"}


class Environment(Record):
    """Where a program finds what: its code, its data, the heap behind them, and what sp and gp are when it begins."""

    name: str
    text: int
    data: int
    heap: int
    stack: int
    pointer: int
    venus: bool
    """The number of a call is in a0, and a program that returns has ended."""


ENVIRONMENTS = {
    each.name: each
    for each in (
        Environment("rars", 0x400000, 0x10010000, 0x10040000, 0x7FFFEFFC, 0x10008000, False),
        Environment("venus", 0, 0x10000000, 0x10008000, 0x7FFFFFF0, 0x10000000, True),
    )
}
"""RARS: src/rars/riscv/hardware/MemoryConfigurations.java, the default; Venus:
src/main/kotlin/venus/simulator/MemorySegments.kt."""
MACHINE, PROGRAMS = "rv32", "rv32u"
"""The machine that serves, and what its programs use of it."""


class Unservable(ValueError):
    """The environment does not fit on this machine. The message says why."""


def served(
    isa: Isa, board: Board, ram: int, environment: Environment, program: Program, begin: int, arguments: Sequence[bytes]
) -> Program:
    """Return the image of firmware and program, for a machine with `ram` bytes of RAM; the program, assembled for the
    environment, begins at `begin`. Raises Unservable."""
    at = {placed.kind: placed for placed in board.devices}
    for kind in DEVICES:
        if kind not in at and kind != "plic":
            raise Unservable(f"it needs a {kind}, which the board {board.name} has not")
    uart = at["ns16550"]
    source = uart.source if "plic" in at and uart.controller == at["plic"].name else 0
    top = environment.stack & -16
    block = arranged(arguments, top) if arguments else b""
    low = (top - len(block)) & -PAGE
    stack = bytes(top - len(block) - low) + block if block else b""
    base, end = isa.memory, isa.memory + ram
    first, places = base + ROOM, []
    for part in (program.image, program.data, stack):
        places.append((first, pages(part)))
        first += pages(part) * PAGE
    (text, texts), (data, datas), (stacked, stacks) = places
    if first + LEAST * PAGE > end:
        raise Unservable(f"it needs {first + LEAST * PAGE - base:,} bytes of RAM and has {ram:,}; --mem gives more")
    behind = environment.text + len(program.image)
    symbols = {
        **{name: at[kind].window.start if kind in at else 0 for kind, name in DEVICES.items()},
        "SOURCE": source,
        "VENUS": int(environment.venus),
        "ENTRY": begin,
        "TEXT": environment.text,
        "TEXT_END": behind,
        "TEXT_AT": text,
        "TEXT_PAGES": texts,
        "DATA": environment.data,
        "DATA_AT": data,
        "DATA_PAGES": datas,
        "STACK": low,
        "STACK_AT": stacked,
        "STACK_PAGES": stacks,
        "HEAP": heap(environment, program),
        "SP": top - len(block) if block else environment.stack,
        "GP": environment.pointer,
        "RETURN": behind if environment.venus else 0,
        "ARGC": len(arguments),
        "ARGV": top - len(block) + 4 if block else 0,
        "FREE": first,
        "RAM_END": end,
    }
    definitions = [f"{name}={value:#x}" for name, value in symbols.items()]
    firmware = assemble_files(isa, [str(share(*FIRMWARE))], definitions=definitions, keep=True)
    assert firmware.room <= ROOM
    image = bytearray(first - base)
    image[: len(firmware.image)] = firmware.image
    for (place, _), part in zip(places, (program.image, program.data, stack), strict=True):
        image[place - base : place - base + len(part)] = part
    shifts = (range(environment.text, behind), text), (range(environment.data, 1 << 31), data)

    def physical(address: int) -> list[int]:
        """Where in RAM an address of the program's is."""
        return [address - there.start + here for there, here in shifts if address in there]

    # Each place has its name where the program finds it, and where it is.
    named = {environment.text: CODE} | dict(program.labels)
    labels = [(at, name) for address, name in named.items() for at in (address, *physical(address))]
    lines = [(at, size, where) for address, size, where in program.lines for at in (address, *physical(address))]
    calls = {at: called for address, called in program.calls.items() for at in (address, *physical(address))}
    return Program(
        bytes(image),
        firmware.entry,
        first,
        firmware.symbols | program.symbols,
        tuple(sorted([*firmware.labels, *labels])),
        tuple(sorted([*firmware.lines, *lines], key=lambda line: line[0])),
        firmware.calls | calls,
        (*program.sources, *firmware.sources),
        base=base,
    )


def pages(part: bytes) -> int:
    """Return how many pages hold these bytes."""
    return -(-len(part) // PAGE)


def heap(environment: Environment, program: Program) -> int:
    """Return where the heap begins: where the environment has it, or behind the data where these are more."""
    ends = [address + size for address, size, _ in program.lines if address >= environment.data]
    return max(environment.heap, -(-max(ends, default=0) // PAGE) * PAGE)
