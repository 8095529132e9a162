"""A machine that has run, held against what a case expects."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.compare.contender import Contender
from ring1.dbt.grade.case import Case, Expected
from ring1.dbt.grade.verdict import Complaint
from ring1.dbt.machine.addressing import Addressing
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.report.place import describe_stop
from ring1.isa.asm.program import Program
from ring1.isa.record import Record

ONES = 0xFFFFFFFF
LIMITS = {
    "limit": "it did not come to an end within {insns:,} instructions, the limit of this case",
    "timeout": "it did not come to an end within {seconds:g} s of processor time, the limit of this case",
    "output": "it outputs more than {output:,} bytes, the limit of this case",
}


class Wanted(Record):
    """What a case expects of one machine, with labels as addresses."""

    output: bytes | None
    registers: tuple[tuple[str, int], ...]
    memory: tuple[tuple[str, int, Expected], ...]
    """How it is called, the address, and what is to be there."""


def stopped(case: Case, ran: Contender, program: Program) -> Iterator[Complaint]:
    """Say what is wrong with how a guest has stopped."""
    stop, limits = ran.stop, case.limits
    if stop.reason == case.stop and (case.exit is None or stop.code == case.exit):
        return
    if stop.reason == "exit" and case.stop == "exit":
        yield Complaint(f"the exit code is {stop.code}, and should be {case.exit}")
    elif stop.reason == "exit":
        yield Complaint(f"it has switched the machine off, with exit code {stop.code}; it should stop for {case.stop}")
    elif stop.reason in LIMITS:
        said = LIMITS[stop.reason].format(insns=limits.insns, seconds=limits.seconds, output=limits.output)
        yield Complaint(said)
    else:
        yield Complaint(describe_stop(ran.vm.cpu, program, stop))


def registers(wanted: Wanted, ran: Contender) -> Iterator[tuple[str, int, int]]:
    """Yield the names of registers that are not as expected, what they are, and what they should be."""
    cpu = ran.vm.cpu
    for name, expected in wanted.registers:
        is_ = cpu.pc if name == "pc" else value(ran, name)
        if is_ != expected:
            yield name, is_, expected


def value(ran: Contender, name: str) -> int:
    isa = ran.setup.isa
    if name in isa.register_numbers:
        return ran.vm.cpu.s[isa.register_numbers[name]]
    return ran.vm.cpu.control(name)


def there(ran: Contender, at: int, length: int) -> bytes | None:
    """Return bytes as the guest would see them; None where there is no memory."""
    cpu, found = ran.vm.cpu, b""
    while length:
        part = min(length, PAGE - at % PAGE)
        physical = Addressing.physical(cpu, at)
        if not cpu.memory.has(physical, part):
            return None
        found += cpu.memory.read(physical, part)
        at, length = at + part & ONES, length - part
    return found


def bytes_of(expected: Expected) -> bytes:
    if isinstance(expected, bytes):
        return expected
    words = (expected,) if isinstance(expected, int) else expected
    return b"".join(word.to_bytes(4, "little") for word in words)


def memory(wanted: Wanted, ran: Contender) -> Iterator[tuple[str, int, bytes | None, bytes]]:
    """Yield what is not as expected: its name, the address of the first word or byte that differs, what is there and
    what should be."""
    for name, at, expected in wanted.memory:
        should = bytes_of(expected)
        is_ = there(ran, at, len(should))
        if is_ is None:
            yield name, at, None, should
        elif is_ != should:
            size = 1 if isinstance(expected, bytes) else 4
            first = next(n for n in range(len(should)) if is_[n] != should[n]) // size * size
            if isinstance(expected, bytes):
                yield name, at + first, is_[first:], should[first:]
            else:
                yield name, at + first, is_[first : first + 4], should[first : first + 4]


def missing(case: Case, output: bytes) -> str:
    """Return the first text that the output should contain and does not; empty if there is none."""
    at = 0
    for text in case.contains:
        found = output.find(text.encode(), at)
        if found < 0:
            return text
        at = found + len(text.encode())
    return ""
