"""Two engines from one moment on: the first instruction after which their machines differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.api.machine import Machine
from ring1.dbt.machine.memories import differing
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel.moment import Moment

STRETCHES = 16
"""Into how many parts a comparison is cut at least, at whose ends the machines are compared."""
LONGEST = 1 << 20
"""Most instructions of a part: behind each, the user may have it end."""
MOST_ROWS = 16


def difference(machine: Machine, engine: str, count: int) -> str:
    """Run copies of a machine under its own engine and another, for `count` instructions at most; describe where they
    first differ, or say that they do not. Raises MachineError."""
    with machine.copy() as mine, machine.copy(engine) as theirs:
        begin = low = mine.count
        own = f"{machine.engine} and {engine}"
        while low < begin + count:
            if machine.now().body.asked:
                return f"stopped: {own} are equal for {low - begin:,} instructions"
            high = min(low + min(max(count // STRETCHES, 1), LONGEST), begin + count)
            stops = mine.now().run(high), theirs.now().run(high)
            if stops[0] != stops[1] or not alike(mine, theirs):
                return told(mine, theirs, *bisected(mine, theirs, low, max(mine.count, theirs.count)))
            low = high
            if stops[0] != Stop("limit"):
                return f"{own} are equal for {mine.count - begin:,} instructions, to the end: {stops[0].reason}"
        return f"{own} are equal for {count:,} instructions"


def alike(one: Machine, other: Machine) -> bool:
    """Are two machines in the same state?"""
    return not list(rows(one, other)) and one.now().body.cpu.save() == other.now().body.cpu.save()


def at(machine: Machine, count: int) -> Stop:
    """Bring a machine to a count, or to its end before that."""
    timeline = machine.now()
    if timeline.now.retired > count:
        timeline.go(Moment(count))
    return timeline.run(count)


def bisected(one: Machine, other: Machine, low: int, high: int) -> tuple[int, int]:
    """Return counts at which two machines are alike and differ, one instruction apart."""
    while high - low > 1:
        middle = (low + high) // 2
        stops = at(one, middle), at(other, middle)
        if stops[0] == stops[1] and alike(one, other):
            low = middle
        else:
            high = middle
    return low, high


def rows(one: Machine, other: Machine) -> list[str]:
    """Return what differs: registers, words of memory, devices, console."""
    a, b = one.now().body, other.now().body
    names = [names[0] for names in one.isa.registers] + list(one.isa.slots)[len(one.isa.registers) :]
    found = [
        f"{name:<12} {a.cpu.s[slot]:#010x} {b.cpu.s[slot]:#010x}"
        for slot, name in enumerate(names)
        if a.cpu.s[slot] != b.cpu.s[slot]
    ]
    x, y = a.vm.memory.words, b.vm.memory.words
    for page in differing(a.vm.memory, b.vm.memory):
        found += [
            f"[{4 * n:#010x}] {x[n]:#010x} {y[n]:#010x}" for n in range(page << 10, page + 1 << 10) if x[n] != y[n]
        ]
    mine: Mapping[str, Any] = a.vm.bus.save()["devices"]
    theirs: Mapping[str, Any] = b.vm.bus.save()["devices"]
    found += [f"the {name} differs" for name in mine if mine[name] != theirs[name]]
    if one.console.output != other.console.output:
        found.append("the console's output differs")
    return found


def told(one: Machine, other: Machine, low: int, high: int) -> str:
    """Describe a difference that is there after `high` instructions, and not after `low`."""
    at(one, low)
    place = one.where()
    ends = at(one, high), at(other, high)
    found = rows(one, other)
    lines = [f"{one.engine} and {other.engine} differ after {high:,} instructions, at", f"   {place}"]
    lines += [f"   {'':<12} {one.engine:>10} {other.engine:>10}", *(f"   {row}" for row in found[:MOST_ROWS])]
    if len(found) > MOST_ROWS:
        lines.append(f"   and {len(found) - MOST_ROWS} more")
    if ends[0] != ends[1]:
        lines.append(f"   {one.engine} stops for {ends[0].reason}, {other.engine} for {ends[1].reason}")
    return "\n".join(lines)
