"""What is known of registers and of words of the state block before an instruction of a block."""

from __future__ import annotations

from typing import NamedTuple

NUMBER = "number"
"""The kind of a value that is not a pointer (see layout)."""
ONES = {8: (1 << 8) - 1, 16: (1 << 16) - 1, 32: (1 << 32) - 1, 64: (1 << 64) - 1}
TRAPPING = frozenset((0, ONES[32]))
"""Divisors on which the host may trap."""


class Known(NamedTuple):
    """What is known of a 64-bit value."""

    kind: str = NUMBER
    most: int = ONES[64]
    """Of a pointer to RAM: how far it is at most from physical address 0."""
    without: frozenset[int] = frozenset()
    """Numbers that it cannot be."""
    name: object = None
    """Values with the same name are equal; None: no name."""


ANY = Known()


def number(most: int, without: frozenset[int] = frozenset(), name: object = None) -> Known:
    return Known(NUMBER, most, without, name)


def merged(a: Known, b: Known, place: object) -> Known:
    """Return what holds of both."""
    if a == b:
        return a
    if a.kind != NUMBER or b.kind != NUMBER:
        return ANY if a.kind != b.kind else Known(a.kind, max(a.most, b.most))
    name = a.name if a.name == b.name else place
    return number(max(a.most, b.most), a.without & b.without, name)


class Knowledge:
    """Everything that is known before an instruction."""

    def __init__(self, registers: dict[str, Known], memory: dict[int, tuple[int, Known]]) -> None:
        self.registers = registers
        self.memory = memory
        """Displacement from rbp -> size in bytes and contents, as far as known."""
        self.compared: tuple[str | int, int, int] | None = None
        """The comparison that set the flags: register or displacement, bits, constant."""
        self.tagging: tuple[object, int] | None = None
        """The flags say whether the software TLB has a guest address: its name, and the bytes that may be accessed
        there."""
        self.found: tuple[object, int] | None = None
        """The software TLB has this guest address: as `tagging`."""

    def copy(self) -> Knowledge:
        made = Knowledge(dict(self.registers), dict(self.memory))
        made.compared, made.tagging, made.found = self.compared, self.tagging, self.found
        return made

    def join(self, other: Knowledge, at: int) -> bool:
        """Keep only what holds of both. True if that is less than before."""
        before = (self.registers, self.memory, self.found)
        self.registers = {r: merged(k, other.registers[r], (at, r)) for r, k in self.registers.items()}
        shared = {d: v for d, v in self.memory.items() if d in other.memory and other.memory[d][0] == v[0]}
        self.memory = {d: (n, merged(k, other.memory[d][1], (at, d))) for d, (n, k) in shared.items()}
        self.found = self.found if self.found == other.found else None
        self.compared = self.tagging = None
        return before != (self.registers, self.memory, self.found)

    def read(self, place: str | int, bits: int) -> Known:
        """Return what is known of a register's low bits, or of a word of the state block."""
        if isinstance(place, str):
            known = self.registers[place]
        else:
            size, known = self.memory.get(place, (bits // 8, number(ONES[bits])))
            if 8 * size < bits:
                halves = [self.memory.get(d, (0, ANY)) for d in (place, place + 4)]
                if bits == 64 and all(n == 4 and k.kind == NUMBER for n, k in halves):
                    return number(halves[1][1].most << 32 | ONES[32])
                return number(ONES[bits])
        if known.kind != NUMBER:
            return known if bits == 64 else number(ONES[bits])
        return known if known.most <= ONES[bits] else number(ONES[bits])

    def forget(self, name: object) -> None:
        """Remove a name, and names made of it, from all values."""
        for r, k in self.registers.items():
            if names(k.name, name):
                self.registers[r] = k._replace(name=None)
        for d, (n, k) in self.memory.items():
            if names(k.name, name):
                self.memory[d] = n, k._replace(name=None)
        if self.found is not None and self.found[0] == name:
            self.found = None

    def put(self, register: str, known: Known, at: int) -> None:
        """Assign to a register, by the instruction at offset `at`. A value without a name gets one."""
        if known.name is None and known.kind == NUMBER:
            self.forget((at, register))
            known = known._replace(name=(at, register))
        self.registers[register] = known

    def store(self, displacement: int, size: int, known: Known) -> None:
        for d in [d for d, (n, _) in self.memory.items() if d < displacement + size and displacement < d + n]:
            del self.memory[d]
        self.memory[displacement] = size, known
        if self.compared is not None and isinstance(self.compared[0], int):
            self.compared = None

    def refine(self, place: str | int, known: Known) -> None:
        if isinstance(place, str):
            self.registers[place] = known
        elif isinstance(place, int):
            self.memory[place] = self.memory[place][0] if place in self.memory else 4, known


def names(whole: object, part: object) -> bool:
    """Is a name equal to another, or made of it?"""
    return part is not None and (whole == part or (isinstance(whole, tuple) and any(names(n, part) for n in whole)))
