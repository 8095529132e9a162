"""Random hostile kernels beside a canary: nothing that a guest does reaches the host or another machine.

python -m tests.vmm.hostile [--seed N] COUNT [WAY...]          (a way: `bt/softtlb/traced`, see tests/ways.py)

A kernel is words at random, mostly valid instructions, the privileged among them; registers that point where it hurts;
page tables at random, of itself among others; a disk, whose DMA it may aim anywhere. One for para makes hypercalls with
such registers as arguments. Each runs for some hundred instructions. The host process must live; the kernel's machine
must end as under the interpreter where page tables are traced (else a TLB may be stale) and its variant has no holes
for the engine; and the canary, a machine in the same process with code in the same arena, must not change. It goes on
now and then, and ends as if it had been alone.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from itertools import cycle
from random import Random
from unittest import mock

from ring1.dbt.devices.sectors import SECTOR
from ring1.dbt.fuzz.writer import EDGES
from ring1.dbt.host.x86_64.templates import shipped
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.hypercalls import FIRST, INSTRUCTION, KINDS, SECOND
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.codec import encode
from ring1.isa.effects import effects
from ring1.isa.model import Instruction, Isa
from tests.engines.verdicts import EQUAL, verdict
from tests.machine.builder import HERE, RAM, Outcome, Program, machine, run, started
from tests.ways import HYPERCALLING, MONITORED, PAGED, present

ISAS = ("pg32", "pg32v", "pg32h")
PORTS = (0, 1, *range(0x10, 0x15), 0x20, 0xF0, 0xF1, 0x1F, 0xFFFF)
WORDS = 96
"""Of a kernel."""
TABLES = 0x4000
"""A page table's root, and tables behind it."""
LIMIT = 250
CANARY_STEP = 997
SECTORS = 8
DOORS = (
    "in",
    "out",
    "setptb",
    "wrcr",
    "rdcr",
    "hcall",
    "jru",
    "setpsw",
    "lra",
    "rfe",
    "tlbflush",
    "sti",
    "hlt",
    "swap",
)
"""What a kernel reaches for more often than by chance."""


def operand(r: Random, kind: str, width: int, isa: Isa) -> int:
    """A value for an operand."""
    if kind == "register":
        return r.randrange(len(isa.registers))
    if kind == "control":
        return r.choice(list(isa.control_numbers))
    if kind == "signed":
        return r.choice((0, 4, -4, r.randrange(-1 << width - 1, 1 << width - 1)))
    return r.choice((0, 1, (1 << width) - 1, r.randrange(1 << width)))


def word(r: Random, isa: Isa, names: Sequence[str], doors: float = 0.3) -> int:
    """An instruction, one of DOORS so often, or noise."""
    if r.random() < 0.05:
        return r.getrandbits(32)
    insn: Instruction = isa.instructions[r.choice(DOORS) if r.random() < doors else r.choice(names)]
    values = {}
    for each in insn.operands:
        value = operand(r, each.kind, each.width, isa)
        if each.relative:
            value = 4 * r.choice((1, 2, 3, -1, -2, r.randrange(-WORDS, WORDS)))
        values[each.name] = value
    return encode(insn, values)


def hypercall(r: Random, isa: Isa) -> list[int]:
    """One whose arguments are what registers hold, or beside that."""
    add, call = isa.instructions["addi"], isa.instructions[INSTRUCTION]
    words = []
    for name in (FIRST, SECOND):
        values = {
            "rd": isa.register_numbers[name],
            "rs1": r.randrange(len(isa.registers)),
            "imm": r.choice((0, 0, 4, -4)),
        }
        words.append(encode(add, values))
    number = r.choice((r.randrange(len(KINDS)), r.randrange(len(KINDS)), r.choice((1, 2, 3)), r.randrange(1 << 16)))
    return [*words, encode(call, {call.operands[0].name: number})]


def unprivileged(isa: Isa) -> list[str]:
    """The names of the instructions that a paravirtualized kernel may execute."""
    return [name for name, insn in isa.instructions.items() if not effects(isa, insn.body).sensitive]


def entry(r: Random) -> int:
    """A page-table entry: of RAM, of the tables themselves, or beyond RAM, with any rights."""
    frame = r.choice((r.randrange(RAM >> 12), TABLES >> 12, RAM >> 12, 0xFFFFF, r.getrandbits(20)))
    return frame << 12 | r.choice((1, 0x0F, 0x1F, 0xFF, r.getrandbits(8)))


def address(r: Random) -> int:
    """Where it may hurt."""
    edge = r.choice((0, RAM, TABLES, 1 << 31, 1 << 22, 0xFFFFF000, r.getrandbits(32)))
    return edge + r.choice((0, -1, -2, -4, 1, 4, r.randrange(-4096, 4096))) & 0xFFFFFFFF


class Kernel:
    """A hostile kernel, from a seed."""

    def __init__(self, seed: int, paravirtualized: bool = False) -> None:
        r = Random(seed)
        self.seed = seed
        self.paravirtualized = paravirtualized
        self.isa = machine(r.choice(ISAS))
        if paravirtualized:
            code, names = list[int](), unprivileged(self.isa)
            while len(code) < WORDS:
                code += hypercall(r, self.isa) if r.random() < 0.3 else [word(r, self.isa, names, doors=0.01)]
        else:
            names = list(self.isa.instructions)
            code = [word(r, self.isa, names) for _ in range(WORDS)]
        root, table = array("I", r.randbytes(4096)), array("I", r.randbytes(4096))
        for each in (root, table):
            for _ in range(32):
                each[r.choice((r.randrange(1024), r.randrange(16), 1023))] = entry(r)
        root[0] = r.choice((TABLES | 0x1000 | 1, 0x1F, 0x1F, entry(r)))
        for page in range(RAM >> 12):
            if r.random() < 0.8:
                table[page] = page << 12 | 0x1F
        self.code = array("I", code).tobytes()
        self.image = self.code.ljust(TABLES, b"\0") + root.tobytes() + table.tobytes()
        values = [r.choice((address(r), r.choice(PORTS), r.choice(EDGES), TABLES | 1)) for _ in self.isa.registers]
        self.registers = {names[0]: value for names, value in zip(self.isa.registers, values, strict=True)}
        self.registers["zero"] = 0
        handler = r.choice((0, 4 * r.randrange(WORDS), 4 * r.randrange(WORDS), address(r) & ~3))
        self.control = {
            "tvec": handler,
            "ptb": r.choice((0, 0, TABLES | 1)),
            "psw": r.choice((0, 0, 0, 4, 3, 1)),
            "ie": r.getrandbits(4),
            "timecmp": r.randrange(LIMIT),
            "timecmph": r.choice((0, 0xFFFFFFFF)),
        }
        if paravirtualized:
            self.control["scratch"] = r.choice((0, 0x2000, 4 * r.randrange(WORDS), address(r)))
        self.source = r.randbytes(4)
        self.hot = r.random() < 0.2

    def run(self, engine: str, disk: str) -> tuple[Stop, Snapshot, bytes]:
        """How it ends under an engine."""
        done = run(
            engine,
            self.image,
            LIMIT,
            isa=self.isa,
            source=self.source,
            disk=disk,
            registers=self.registers,
            control=self.control,
            hot=self.hot,
            options=HERE,
            pinning=self.code,
        )
        return done.stop, done.state, done.output


def canary_program() -> Program:
    """Fills memory, sums it up, and prints from time to time, for some 60,000 instructions."""
    p = Program()
    p.li("s0", 20)
    p.label("round")
    p.li("a1", 0x1000)
    p.li("a2", 0x3000)
    p.label("fill")
    p("lw", "a3", 0, "a1")
    p("add", "a3", "a3", "a1")
    p("xor", "a4", "a4", "a3")
    p("sw", "a3", 0, "a1")
    p("addi", "a1", "a1", 16)
    p("bne", "a1", "a2", "fill")
    p.li("t1", 0)
    p("andi", "t0", "a4", 0x7F)
    p("out", "t1", "t0")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "round")
    p.off(42)
    return p


@cache
def expected() -> Outcome:
    """How the canary's program ends when nobody else is there."""
    return run("interp", canary_program(), None)


class Canary:
    """A machine that minds its own business, with a disk of its own."""

    def __init__(self, vm: Vm, output: io.BytesIO, disk: int) -> None:
        self.vm = vm
        self.output = output
        self.disk = disk
        self.expected = expected()
        self.limit = 0
        self.seen = self.look()

    def look(self) -> tuple[Snapshot, bytes, bytes]:
        return self.vm.state(), self.output.getvalue(), os.pread(self.disk, SECTORS * SECTOR, 0)

    def check(self) -> None:
        """It has not changed while others ran."""
        assert self.look() == self.seen, "the canary has changed"

    def go_on(self, count: int = CANARY_STEP) -> bool:
        """Let it run for some instructions. True if it has come to its end, which is the right one."""
        self.limit += count
        stop = self.vm.run(self.limit)
        self.seen = self.look()
        if stop.reason == "limit":
            return False
        assert stop == Stop("exit", 42) and self.seen[0] == self.expected.state, "the canary ended otherwise"
        assert self.seen[1] == self.expected.output
        return True


@contextmanager
def disk_of(contents: bytes) -> Iterator[tuple[int, str]]:
    """A disk in memory: its descriptor, and the name of its file."""
    fd = os.memfd_create("disk", os.MFD_CLOEXEC)
    try:
        os.pwrite(fd, contents, 0)
        yield fd, f"/proc/self/fd/{fd}"
    finally:
        os.close(fd)


@contextmanager
def canary(engine: str) -> Iterator[Canary]:
    """A canary under an engine."""
    with ExitStack() as stack:
        fd, path = stack.enter_context(disk_of(b"\x5a" * SECTORS * SECTOR))
        vm, output = stack.enter_context(started(engine, canary_program(), disk=path))
        yield Canary(vm, output, fd)


def ways() -> list[str]:
    """All ways here that translate; the interpreter is what they are held against."""
    return present([way for way in (*PAGED, *MONITORED, *HYPERCALLING) if way != "interp"])


def attack(seeds: Sequence[int], ways: Sequence[str], tell: int = 0) -> Counter[str]:
    """Run the kernels of these seeds, each under what it is held against and under every way. How they stopped.

    Raises AssertionError if one reaches anything that is not its own, or is not as under the reference.
    """
    ends, began, birds = Counter[str](), time.perf_counter(), cycle([way.replace("para", "bt") for way in ways])
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(shipped(), "get", lru_cache(1 << 14)(shipped().get)))
        fd, path = stack.enter_context(disk_of(bytes(SECTORS * SECTOR)))
        cage = stack.enter_context(ExitStack())
        bird = cage.enter_context(canary(next(birds)))

        def outcome(kernel: Kernel, engine: str) -> tuple[Stop, Snapshot, bytes, bytes]:
            os.pwrite(fd, kernel.seed.to_bytes(8, "little") * (SECTORS * SECTOR // 8), 0)
            done = kernel.run(engine, path)
            bird.check()
            return *done, os.pread(fd, SECTORS * SECTOR, 0)

        for number, seed in enumerate(seeds):
            for reference, group in groups(ways).items():
                kernel = Kernel(seed, paravirtualized=reference != "interp")
                expected = outcome(kernel, reference)
                for way in group:
                    found = outcome(kernel, way)
                    ends[found[0].reason] += 1
                    if "traced" in way and (kernel.paravirtualized or virtualized(way, kernel.isa)):
                        assert found == expected, f"kernel {seed} under {way} is not as under {reference}"
            if number % 7 == 0 and bird.go_on():
                cage.close()
                bird = cage.enter_context(canary(next(birds)))
            if tell and number % tell == tell - 1:
                rate = (number + 1) / (time.perf_counter() - began)
                print(f"{number + 1:,} kernels, {rate:,.0f} a second: {dict(ends)}", file=sys.stderr, flush=True)
    return ends


def virtualized(way: str, isa: Isa) -> bool:
    """Does the theory say that any kernel is as on the bare machine?"""
    return verdict("holes", way.split("/")[0], isa.name) == EQUAL


def groups(ways: Sequence[str]) -> dict[str, list[str]]:
    """What the kernels under these ways are held against -> the ways."""
    found: dict[str, list[str]] = {}
    for way in ways:
        found.setdefault("para-interpreted" if way.startswith("para") else "interp", []).append(way)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="of kernels; each runs under every way")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("ways", nargs="*", default=ways())
    arguments = parser.parse_args()
    os.environ["RING1_CACHE"] = os.devnull  # nothing is kept: to read it takes longer than a kernel
    began = time.perf_counter()
    ends = attack(range(arguments.seed, arguments.seed + arguments.count), arguments.ways, 1000)
    seconds = time.perf_counter() - began
    how = f"under {', '.join(arguments.ways)} in {seconds:.0f} s"
    print(f"{arguments.count:,} kernels {how}: {dict(ends)}; all contained")


if __name__ == "__main__":
    main()
