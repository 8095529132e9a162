"""Debugging sessions in this process, and what a run is from a recording of it: the interpreter's, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import ring1
from ring1.dbt.api.machine import Machine
from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.session import Session
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.report.place import word_at
from ring1.dbt.travel.moment import Moment
from ring1.isa.asm.disassemble import Disassembler

HERE = [name for name in ("interp", "bare", "bt", "hw", "kvm") if not ENGINES[name].why_not()]

RECURSIVE = """
_start: li sp, 0x8000
        la t0, handler
        wrcr tvec, t0
        li a0, 5
        call fib
        la t0, result
        sw a0, 0(t0)
        syscall 9
        call leaf
        li t0, 0xf0
        out t0, zero
fib:    li t0, 2
        bltu a0, t0, small
        addi sp, sp, -12
        sw ra, 8(sp)
        sw s0, 4(sp)
        sw s1, 0(sp)
        mv s0, a0
        addi a0, s0, -1
        call fib
        mv s1, a0
        addi a0, s0, -2
        call fib
        add a0, a0, s1
        lw s1, 0(sp)
        lw s0, 4(sp)
        lw ra, 8(sp)
        addi sp, sp, 12
small:  ret
leaf:   la t0, count
        lw t1, 0(t0)
        addi t1, t1, 1
        sw t1, 0(t0)
        ret
handler: rdcr t2, epc
        addi t2, t2, 4
        wrcr epc, t2
        call leaf2
        rfe
leaf2:  la t0, count
        lw t1, 0(t0)
        addi t1, t1, 10
        sw t1, 0(t0)
        ret
        .data
result: .word 0
count:  .word 0
"""


@dataclass
class Bench:
    """A debugger with all that it has said."""

    machine: Machine
    debugger: Debugger
    said: list[str]
    typed: list[bytes | None] = field(default_factory=list)

    def __call__(self, *lines: str) -> str:
        """Execute lines; return what the last one said."""
        for line in lines:
            self.said.clear()
            self.debugger.execute(line)
        return "\n".join(self.said)

    def do(self, *lines: str) -> str:
        """Execute lines, none of which fails."""
        for line in lines:
            text = self(line)
            assert not self.debugger.failed, (line, text)
        return text

    def fails(self, line: str) -> str:
        """Execute a line that fails; return what it says."""
        text = self(line)
        assert self.debugger.failed, line
        return text

    @property
    def now(self) -> Moment:
        return self.machine.now().now

    @property
    def pc(self) -> int:
        return self.machine.pc

    def at(self, label: str) -> bool:
        return self.pc == self.machine.labels[label]


@contextmanager
def debugging(source: str = RECURSIVE, engine: str = "interp", isa: str = "pg32", **options: Any) -> Iterator[Bench]:
    said: list[str] = []
    typed: list[bytes | None] = []
    with ring1.Machine(isa, text=source, engine=engine, ram=1 << 20, **options) as machine:
        session = Session(machine, said.append, lambda: typed.pop(0) if typed else None)
        yield Bench(machine, Debugger(session), said, typed)


@dataclass(frozen=True)
class Step:
    """A moment of a run, with all of the machine's words, and the instruction that is next."""

    moment: Moment
    pc: int
    words: tuple[int, ...]
    text: str
    memory: bytes

    @property
    def sp(self) -> int:
        return self.words[2]

    @property
    def calls(self) -> bool:
        return self.text.startswith(("jal ra,", "jalr ra,"))

    @property
    def returns(self) -> bool:
        return self.text == "jalr zero, 0(ra)"


@cache
def recorded(source: str, most: int = 20_000) -> tuple[Step, ...]:
    """Every moment of a run to its end, by single steps of the interpreter."""
    steps: list[Step] = []
    with ring1.Machine("pg32", text=source, engine="interp", ram=1 << 20, input=b"") as machine:
        timeline, cpu = machine.now(), machine.now().body.cpu
        disassembler = Disassembler(machine.isa)
        going = True
        while going and len(steps) < most:
            word = word_at(cpu, cpu.pc)
            text = "" if word is None else disassembler.text(word, cpu.pc)
            words = tuple(cpu.s[: len(machine.isa.slots)])
            steps.append(Step(timeline.now, cpu.pc, words, text, machine.ram.read(0x1000, 64)))
            before = timeline.now
            timeline.step()
            going = timeline.now != before
    return tuple(steps)
