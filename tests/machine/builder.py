"""Guest programs made in Python, and machines to run them on: no assembler, no files.

p = Program()
p("addi", "a0", "zero", 5)
p.label("again")
p("addi", "a0", "a0", -1)
p("bne", "a0", "zero", "again")
p.off(3)
run("bt", p).stop == Stop("exit", 3)
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from ring1.dbt.engines import table
from ring1.dbt.engines.interp import Interp
from ring1.dbt.engines.para import Paravirtualization
from ring1.dbt.fuzz.ways import HOT, PRESSING
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.codec import encode
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.record import replace
from tests.ways import way

ENGINES = ("interp", "bare", "bt", "hw")
"""Those that are equivalent on every variant."""
MONITORS = ("trap", "hybrid")
"""Those that are on pg32v, which has no holes."""


class InterpretedPara(Paravirtualization):
    """What para is held against: all code is interpreted, and the same hypercalls are done."""

    name = "para-interpreted"

    def __init__(self, isa: Isa) -> None:
        super().__init__(isa)
        self.interpreted = frozenset(self.modes)


TECHNIQUES = table.ENGINES.with_rows(
    replace(table.ENGINES["para"], name=InterpretedPara.name, policy=InterpretedPara),
)
ONES = 0xFFFFFFFF
RAM = 1 << 16
"""Bytes of RAM unless a test wants more."""
HERE = Options(code_size=1 << 20, pressing=PRESSING)


@cache
def machine(name: str = "pg32") -> Isa:
    return load(name)


class Program:
    """Words at addresses. Called with an instruction's name and its operands in the order of its syntax, it appends
    that instruction. A register or control register goes by name, a jump's target by label or address."""

    def __init__(self, isa: Isa | None = None, at: int = 0) -> None:
        self.isa = isa or machine()
        self.at = at
        self.file = {control.name: number for number, control in self.isa.control_numbers.items()}
        self.labels: dict[str, int] = {}
        self.items: dict[int, tuple[str, tuple[int | str, ...]] | int] = {}

    def __call__(self, name: str, *operands: int | str) -> int:
        """Append an instruction. Its address."""
        self.items[self.at] = name, operands
        self.at += 4
        return self.at - 4

    def word(self, *values: int) -> None:
        for value in values:
            self.items[self.at] = value
            self.at += 4

    def label(self, name: str) -> int:
        assert name not in self.labels, name
        self.labels[name] = self.at
        return self.at

    def org(self, address: int) -> int:
        self.at = address
        return address

    def li(self, register: str, value: int | str) -> None:
        """Any constant, or the address of a label, in one or two instructions."""
        if isinstance(value, int) and -0x8000 <= value < 0x8000:
            self("addi", register, "zero", value)
            return
        self("%hi", register, value)
        self("%lo", register, value)

    def control(self, name: str, value: int | str, by: str = "t0") -> None:
        """Write a control register, through register `by`."""
        self.li(by, value)
        self("wrcr", name, by)

    def out(self, port: int, value: int | str, ports: str = "t1", by: str = "t0") -> None:
        """Write a constant to an I/O port."""
        self.li(ports, port)
        self.li(by, value)
        self("out", ports, by)

    def inp(self, port: int, register: str, ports: str = "t1") -> None:
        """Read an I/O port into a register."""
        self.li(ports, port)
        self("in", register, ports)

    def off(self, code: int = 0) -> None:
        """Switch the power off."""
        self.out(0xF0, code)

    def encoded(self, address: int, name: str, operands: Sequence[int | str]) -> int:
        """The word of an instruction at an address."""
        if name in ("%hi", "%lo"):
            register, value = operands
            number = self.labels[value] if isinstance(value, str) else value & ONES
            assert isinstance(register, str)
            low = (number & 0xFFF) - (0x1000 if number & 0x800 else 0)
            if name == "%hi":
                return self.encoded(address, "lui", (register, (number - low & ONES) >> 12))
            return self.encoded(address, "addi", (register, register, low))
        insn = self.isa.instructions[name]
        values: dict[str, int] = {}
        for operand, given in zip(insn.operands, operands, strict=True):
            if isinstance(given, str):
                given = {"register": self.isa.register_numbers, "control": self.file}.get(operand.kind, self.labels)[
                    given
                ]
            values[operand.name] = given - address if operand.relative else given
        return encode(insn, values)

    def image(self) -> bytes:
        """The program's memory from address 0 on."""
        size = max(self.items, default=-4) + 4
        data = bytearray(size)
        for address, item in self.items.items():
            word = item if isinstance(item, int) else self.encoded(address, *item)
            data[address : address + 4] = (word & ONES).to_bytes(4, "little")
        return bytes(data)


@dataclass(frozen=True)
class Outcome:
    """How a run ended. The machine itself is closed."""

    stop: Stop
    output: bytes
    state: Snapshot
    memory: bytes

    def word(self, address: int) -> int:
        return int.from_bytes(self.memory[address : address + 4], "little")

    def __getitem__(self, name: str) -> int:
        """A register, control register or the pc."""
        return {**self.state.registers, **self.state.control, "pc": self.state.pc}[name]


@contextmanager
def started(
    engine: str,
    program: Program | bytes,
    *,
    isa: Isa | None = None,
    memory: int = RAM,
    source: bytes = b"",
    disk: str | None = None,
    seed: int = 0,
    vmid: int = 0,
    entry: int = 0,
    registers: Mapping[str, int] | None = None,
    control: Mapping[str, int] | None = None,
    options: Options = HERE,
    pinning: bytes | None = None,
    hot: bool = False,
) -> Iterator[tuple[Vm, io.BytesIO]]:
    """A machine with a program in it that has not begun, and its console's output. It is closed at the end.

    `registers` and `control` replace what reset puts there; `pinning` takes the image's place in choosing the guest
    registers that live in host registers; what is `hot` is traced after a few rounds already.
    """
    if isa is None:
        isa = program.isa if isinstance(program, Program) else machine()
    image = program.image() if isinstance(program, Program) else program
    output = io.BytesIO()
    with Vm(isa, memory, source, output, disk, seed, vmid) as vm:
        vm.load(image, entry)
        for name, value in (registers or {}).items():
            vm.cpu.s[isa.register_numbers[name]] = value
        for name, value in (control or {}).items():
            vm.cpu.s[isa.slots[name]] = value
        vm.cpu.changed()
        if engine == "interp":
            vm.engine = Interp(vm.cpu)
        else:
            name, mmu = way(engine)
            mmu = replace(mmu, limits=options.mmu.limits)
            chosen = replace(options, mmu=mmu)
            if hot:
                chosen = replace(chosen, sampling=HOT, patience=0)
            vm.engine = executor(name, vm, image if pinning is None else pinning, chosen)
        yield vm, output


def executor(name: str, vm: Vm, pinning: bytes, options: Options = HERE) -> Executor:
    """An engine that translates."""
    return Executor(vm.cpu, TECHNIQUES[name].over, pinning, options)


def run(engine: str, program: Program | bytes, limit: int | None = 100_000, **options: Any) -> Outcome:
    """Run a program from reset to its end, or until `limit` instructions have retired. Options: see `started`."""
    with started(engine, program, **options) as (vm, output):
        stop = vm.run(limit)
        return Outcome(stop, output.getvalue(), vm.state(), vm.memory.read(vm.memory.base, vm.memory.size))


def run_all(
    program: Program | bytes, limit: int | None = 100_000, engines: Sequence[str] = ENGINES, **options: Any
) -> Outcome:
    """Run a program under every engine: they agree on everything. What they agree on.

    A program for PG32 is run by the monitors on pg32v as well, where they agree with interp."""
    first, *others = (run(engine, program, limit, **options) for engine in engines)
    for engine, other in zip(engines[1:], others, strict=True):
        assert (other.stop, other.output, other.state) == (first.stop, first.output, first.state), engine
        assert other.memory == first.memory, engine
    if "isa" not in options and (not isinstance(program, Program) or program.isa is machine()):
        image = program.image() if isinstance(program, Program) else program
        theirs, *others = (run(e, image, limit, isa=machine("pg32v"), **options) for e in ("interp", *MONITORS))
        assert others == [theirs] * len(others)
    return first
