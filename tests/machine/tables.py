"""Page tables for tests, and one access made through them.

Physical memory: code in page 0, a handler at 0x800, a root table, a table for the first 4 MiB, and data in the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.machine.builder import Outcome, Program, run, run_all
from tests.ways import PAGED

V, R, W, X, U, G, A, D = (1 << n for n in range(8))
RAM = 0x20000
CODE, HANDLER = 0x0, 0x800
ROOT, TABLE = 0x10000, 0x11000
ONE, TWO = 0x4000, 0x8000
"""Physical pages with data that are not neighbours."""
ALL = V | R | W | X | U
FETCH, LOAD, STORE, BUS_ERROR = 5, 6, 7, 9
KINDS = {"lw": LOAD, "sw": STORE, "swap": STORE, "cas": STORE, "jalr": FETCH}
"""Instructions that access the address in a1, and the cause of their page faults."""


@dataclass
class Space:
    """An address space: entries of the root, and those of TABLE, which maps the first 4 MiB. Page 0 maps itself."""

    pages: dict[int, int] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)

    def put(self, p: Program) -> None:
        """Write the tables into a program."""
        at = p.at
        for table, entries in ((ROOT, {0: TABLE | V, **self.roots}), (TABLE, {0: V | R | X | U, **self.pages})):
            for index, value in entries.items():
                p.org(table + 4 * index)
                p.word(value)
        p.org(at)


DATA = bytes((n * 7 + 1) & 0xFF for n in range(0x1000))
OTHER = bytes((n * 11 + 3) & 0xFF for n in range(0x1000))


def image(space: Space, p: Program) -> bytes:
    """A program with its tables, and data in pages ONE and TWO."""
    space.put(p)
    memory = bytearray(p.image())
    memory[ONE : ONE + 0x1000], memory[TWO : TWO + 0x1000] = DATA, OTHER
    return bytes(memory)


def attempt(
    engine: str, space: Space, name: str, address: int, ring: int = 0, **settings: Any
) -> tuple[Outcome, bytes]:
    """One access to `address` with paging on, and memory as it was before. Not handled: a trap stops the machine."""
    p = Program()
    operands = {"lw": ("a0", 0, "a1"), "sw": ("a2", 0, "a1"), "jalr": ("ra", 0, "a1"), "lra": ("a0", "a1")}
    p(name, *operands.get(name, ("a0", "a2", "a1")))
    memory = image(space, p)
    registers = {"a0": 0x5A5A5A5A, "a1": address, "a2": 0xC0FFEE11} | settings.pop("registers", {})
    control = {"ptb": ROOT | 1, "psw": ring}
    limit = 2 if name == "jalr" else 1
    got = run(engine, memory, limit, memory=RAM, registers=registers, control=control, **settings)
    return got, memory + bytes(RAM - len(memory))


def changes(before: bytes, got: Outcome) -> dict[int, tuple[int, int]]:
    """The words of memory that differ."""
    after = got.memory
    assert len(before) == len(after)
    pages = [at for at in range(0, len(before), 0x100) if before[at : at + 0x100] != after[at : at + 0x100]]
    words = [at for page in pages for at in range(page, page + 0x100, 4) if before[at : at + 4] != after[at : at + 4]]
    return {at: (word(before, at), word(after, at)) for at in words}


def word(memory: bytes, at: int) -> int:
    return int.from_bytes(memory[at : at + 4], "little")


def trapped(got: Outcome) -> tuple[int, int] | None:
    """Cause and tval of the trap that stopped the machine, or None if none did."""
    return (got.stop.trap.cause, got.stop.trap.value) if got.stop.trap else None


CODE_USED = {TABLE: (V | R | X | U, V | R | X | U | A)}
"""What fetching the code changes."""


def everyway(program: bytes, limit: int | None = 100_000, **options: Any) -> Outcome:
    """Run a memory with tables under every engine and every way to translate addresses: they agree. On what."""
    return run_all(program, limit, engines=PAGED, memory=RAM, **options)


def hotly(program: bytes, limit: int | None = 100_000, **options: Any) -> Outcome:
    """The same, as it is and with code that is hot, and traced, after a few rounds."""
    cold = everyway(program, limit, **options)
    assert everyway(program, limit, hot=True, **options) == cold
    return cold
