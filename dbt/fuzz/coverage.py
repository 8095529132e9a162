"""Coverage of a machine by programs: instruction x class of an operand x outcome x processor mode.

What can be reached is found by trial: each instruction by itself, in every mode, with operands at edge values and
addresses of all kinds, on the reference, with paging off and on. A cell that thousands of such trials do not reach is
assumed to be unreachable, such as a division by zero whose divisor is positive.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from random import Random

from ring1.dbt.fuzz.blocks import address
from ring1.dbt.fuzz.case import facts
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import RAM, ROOTS
from ring1.dbt.fuzz.listing import Listing, Malformed
from ring1.dbt.fuzz.observe import Cell, Observer, cells
from ring1.dbt.fuzz.tables import tables
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.isa.codec import OperandError
from ring1.isa.python import Trap

TRIALS = 100
"""Trials of each instruction in each mode ..."""
ACCESSES = 8
"""... and by how much to multiply them for those that access memory."""
PC = 0x100
MOST_MISSING = 24
"""The most unreached cells that are named."""


@cache
def reachable(isa: str) -> frozenset[Cell]:
    """Return the cells of a machine that trials of single instructions reach."""
    f, r = facts(isa), Random(0)
    machine, memory = f.isa, Memory(RAM, f.base)
    try:
        w = Writer(f, r)
        tables(w)
        memory.write(f.base, Listing(f, w.lines).image())
        cpu = Cpu(machine, memory, f.devices.bus.places())
        observer = Observer(cpu, lambda name: f.forms[name].reads)
        for name in machine.instructions:
            for mode in f.modes:
                for _ in range(TRIALS * (ACCESSES if f.forms[name].size else 1)):
                    trial(f, r, cpu, name, mode)
        return frozenset(cell for event in observer.events for cell in cells(machine, event))
    finally:
        memory.close()


def trial(f: Facts, r: Random, cpu: Cpu, name: str, mode: int) -> None:
    """Execute an instruction by itself."""
    w, isa = Writer(f, r), f.isa
    form, hardwired = f.forms[name], list(isa.hardwired)
    used = dict.fromkeys((*form.reads, *form.writes))
    w.put(form, {operand: w.one(hardwired) for operand in used if hardwired and w.chance(0.15)})
    for number in f.free:
        where = address(w, (2, 2, 1, 1)) & w.one((~0, ~3)) if w.chance(0.5) else 0
        cpu.s[number] = where if w.chance(0.7) else w.edge()
    for control, word in f.paged(ROOTS[0]).items():
        cpu.s[isa.slots[control]] = word if w.chance(0.6) else 0
    if isa.mode:
        slot, bits = isa.slots[isa.mode.control], isa.mode.bits
        cpu.s[slot] = cpu.s[slot] & ~bits.mask | mode << bits.lo
    cpu.changed()
    try:
        word = Listing(f, w.lines).words[0]
        cpu.instruction(word)(f.base + PC)
    except (Trap, Stopped, Malformed, OperandError):
        pass


def text(isa: str, reached: Collection[Cell]) -> str:
    """Return the share of cells reached, by instruction, and what is missing."""
    can = reachable(isa)
    have, names = can & set(reached), list(facts(isa).isa.instructions)
    lines = [
        f"coverage of {isa}: {len(have):,} of {len(can):,} reachable cells, {100 * len(have) / max(len(can), 1):.1f} %"
    ]
    lines[0] += f" (instruction x operand class x outcome x mode); {len(set(reached) - can):,} others"
    short = []
    for name in names:
        mine = {cell for cell in can if cell[0] == name}
        got = mine & have
        if len(got) < len(mine):
            short.append(f"{name} {len(got)}/{len(mine)}")
    if short:
        lines.append(f"  not whole: {', '.join(short)}")
    for cell in sorted(can - have)[:MOST_MISSING]:
        lines.append(f"  missing: {cell[0]}, {cell[1] or 'no operand'} {cell[2]}: {cell[3]} in mode {cell[4]}")
    return "\n".join(lines) + "\n"
