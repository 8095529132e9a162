"""The independent model's state, memory, traps and run loop; tests/machine/model.py has its instructions.

Written from PG32's manual. Where that is silent: an interrupt counts as a trap for the double fault; an unhandled
trap and a double fault change no state; the limit is looked at before interrupts; the lowest address is the
numerically lowest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.vmm.vm import Snapshot
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa
from tests.machine.model_board import Board

ONES = 0xFFFFFFFF
EVER = (1 << 64) - 1
ILLEGAL, PRIVILEGED, BREAKPOINT, SYSCALL, DIVZERO, FETCH, LOAD, STORE, MISALIGNED, BUS_ERROR = range(10)
R, W, X, U, A, D = 2, 4, 8, 16, 64, 128
NEEDS = {FETCH: X, LOAD: R, STORE: W}
"""What a leaf must grant, by the cause of the fault otherwise."""
ORDINARY = ["in", "out", "setptb", "tlbflush", "rdcr", "wrcr", "cli", "sti", "hlt", "rfe"]
HOLES = {
    "pg32": [],
    "pg32v": ["getpsw", "setpsw", "getptb", "lra", "jru"],
    "pg32h": ["getpsw", "setpsw", "getptb", "lra"],
}
"""Those of the five that trap outside ring 0."""
REGISTERS = ["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5"]
CONTROLS = [
    "psw",
    "ptb",
    "tvec",
    "epc",
    "cause",
    "tval",
    "scratch",
    "ie",
    "ip",
    "time",
    "timeh",
    "timecmp",
    "timecmph",
    "vmid",
]

Operands = Mapping[str, int]


class Trap(Exception):
    """What ends an instruction that is not retired."""

    def __init__(self, cause: int, value: int) -> None:
        super().__init__(cause, value)
        self.cause, self.value = cause, value


class Halt(Exception):
    """There is nothing to wait for."""


class Core:
    """A machine at reset, with `memory` bytes of RAM. Methods op_NAME carry out instruction NAME, and return where to
    go on if that is not the next instruction."""

    def __init__(
        self,
        isa: Isa,
        memory: int = 16 << 20,
        source: bytes = b"",
        disk: bytearray | None = None,
        seed: int = 0,
        vmid: int = 0,
    ) -> None:
        self.decoder = Decoder(isa)
        self.decoded: dict[int, tuple[str, Callable[[Operands], int | None], Operands] | None] = {}
        self.control_names = {number: control.name for number, control in isa.control_numbers.items()}
        self.privileged = {*ORDINARY, *HOLES[isa.name]}
        self.ram = bytearray(memory)
        self.board = Board(self.ram, source, disk, seed)
        self.r = [0] * 16
        self.r[10], self.r[11] = memory & ONES, vmid
        self.pc = self.ring = self.enable = self.pring = self.pie = self.flags = self.ptb = 0
        self.tvec = self.epc = self.cause = self.tval = self.scratch = self.ie = self.soft = 0
        self.time, self.timecmp, self.vmid, self.retired = 0, EVER, vmid, 0
        self.first: tuple[int, TrapInfo] | None = None
        """The latest trap upon an instruction, and how many had retired by then."""
        self.again: tuple[TrapInfo, tuple[int, ...]] | None = None
        """The latest trap upon a trap, and what it has then overwritten: if that is so again, it comes for ever."""

    def load(self, image: bytes, entry: int = 0) -> None:
        self.ram[: len(image)] = image
        self.pc = entry

    # --- Running -----------------------------------------------------------

    def run(self, limit: int | None = None) -> Stop:
        """Until the machine stops, or until `limit` instructions have retired since reset."""
        stop = None
        while stop is None:
            if self.board.power is not None:
                return Stop("exit", self.board.power)
            if limit is not None and self.retired >= limit:
                return Stop("limit")
            self.board.advance(self.time)
            lines = self.ie & self.ip()
            if self.enable and lines:
                stop = self.trap(0x80000000 + (lines & -lines).bit_length() - 1, 0)
            else:
                stop = self.step()
        return stop

    def step(self) -> Stop | None:
        """One instruction."""
        try:
            to = self.execute(int.from_bytes(self.access(self.pc, 4, FETCH), "little"))
        except Trap as trap:
            return self.trap(trap.cause, trap.value)
        except Halt:
            return Stop("halt")
        self.r[0] = 0
        self.pc = (self.pc + 4 if to is None else to) & ONES
        self.retired += 1
        self.time = (self.time + 1) & EVER
        return None

    def execute(self, word: int) -> int | None:
        if word not in self.decoded:
            found = self.decoder.decode(word)
            name = found.instruction.name if found else "hcall"
            # Nobody offers hypercalls on the bare machine.
            self.decoded[word] = (
                (name, getattr(self, f"op_{name}"), found.values) if found and name != "hcall" else None
            )
        entry = self.decoded[word]
        if entry is None:
            raise Trap(ILLEGAL, word)
        if self.ring and entry[0] in self.privileged:
            raise Trap(PRIVILEGED, word)
        return entry[1](entry[2])

    def trap(self, cause: int, value: int) -> Stop | None:
        info = TrapInfo(cause, value, self.pc)
        if self.tvec == 0:
            return Stop("trap", trap=info)
        before = self.pc, self.psw(), self.epc, self.cause, self.tval
        if self.first is None or self.first[0] != self.retired:
            self.first = self.retired, info
        elif self.again == (info, before):
            return Stop("double-fault", trap=info, first=self.first[1])
        else:
            self.again = info, before
        self.epc, self.cause, self.tval = self.pc, cause, value
        self.pring, self.pie = self.ring, self.enable
        self.ring = self.enable = 0
        self.pc = self.tvec
        return None

    # --- Control registers -------------------------------------------------

    def psw(self) -> int:
        return self.ring | self.enable << 2 | self.pring << 3 | self.pie << 5 | self.flags << 8

    def ip(self) -> int:
        levels = (self.time >= self.timecmp, self.board.input_line(), self.board.disk_line, self.soft)
        return sum(1 << line for line, up in enumerate(levels) if up)

    def control(self, name: str) -> int:
        """A control register's value."""
        found: dict[str, int] = {
            "psw": self.psw(),
            "ip": self.ip(),
            "time": self.time & ONES,
            "timeh": self.time >> 32,
            "timecmp": self.timecmp & ONES,
            "timecmph": self.timecmp >> 32,
        }
        return found[name] if name in found else getattr(self, name)

    def set_control(self, name: str, value: int) -> None:
        """What `wrcr` does."""
        if name in ("tvec", "epc"):
            setattr(self, name, value & ~3)
        elif name in ("cause", "tval", "scratch"):
            setattr(self, name, value)
        elif name == "ie":
            self.ie = value & 15
        elif name == "ip":
            self.soft = value >> 3 & 1
        elif name == "timecmp":
            self.timecmp = self.timecmp >> 32 << 32 | value
        elif name == "timecmph":
            self.timecmp = value << 32 | self.timecmp & ONES

    def state(self) -> Snapshot:
        return Snapshot(
            pc=self.pc,
            registers=dict(zip(REGISTERS, self.r, strict=True)),
            control={name: self.control(name) for name in CONTROLS},
            memory_sha256=hashlib.sha256(self.ram).hexdigest(),
            instructions=self.retired,
        )

    # --- Memory ------------------------------------------------------------

    def translate(self, address: int, kind: int) -> tuple[int, int]:
        """The physical address of a byte, and that of the leaf entry that says so, or -1. Raises Trap, of `kind`."""
        if not self.ptb & 1:
            return address, -1
        table = self.ptb & 0xFFFFF000
        for index, offset in ((address >> 22, 0x3FFFFF), (address >> 12 & 0x3FF, 0xFFF)):
            at = table + 4 * index
            if at >= len(self.ram):
                break
            entry = int.from_bytes(self.ram[at : at + 4], "little")
            if not entry & 1 or entry & (W | R) == W:
                break
            frame = entry & 0xFFFFF000
            if entry & (R | W | X):
                if frame & offset or not entry & NEEDS[kind] or (self.ring == 3 and not entry & U):
                    break
                return frame | address & offset, at
            table = frame
        raise Trap(kind, address)

    def access(self, address: int, length: int, kind: int, data: bytes = b"") -> bytes:
        """The bytes that were there; `data` takes their place. Where this raises Trap, nothing has changed."""
        addresses = [(address + i) & ONES for i in range(length)]
        places: dict[int, int] = {}
        leaves: set[int] = set()
        for byte in sorted(addresses):
            before = places.get(byte - 1)
            if before is not None and byte & 0xFFF:
                places[byte] = before + 1  # RAM and pages have the same grain
                continue
            places[byte], leaf = self.translate(byte, kind)
            leaves.add(leaf)
            if places[byte] >= len(self.ram):
                raise Trap(BUS_ERROR, byte)
        for leaf in leaves - {-1}:
            self.ram[leaf] |= A | D if data else A
        old = bytes(self.ram[places[byte]] for byte in addresses)
        for byte, value in zip(addresses, data, strict=False):
            self.ram[places[byte]] = value
        return old
