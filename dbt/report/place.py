"""Descriptions of places in a guest in its author's terms: address, symbol, source line and instruction."""

from __future__ import annotations

from ring1.dbt.machine.paging import FETCH
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.share import located
from ring1.isa.asm.program import Program
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa
from ring1.isa.python import Trap, pure_function

EXAMPLE = "examples/hello.s"
LINES = 32
"""The most interrupt lines of a machine: bits of a register."""


def physical(cpu: Cpu, pc: int) -> int | None:
    """Return the physical address of the instruction at `pc`; None if it cannot be fetched. Changes nothing."""
    at = pc
    if not cpu.flat:
        assert cpu.walker is not None
        try:
            at = cpu.walker.walk(pc, FETCH).physical
        except Trap:
            return None
    return at if cpu.memory.has(at, cpu.lengths.least) else None


def word_at(cpu: Cpu, pc: int) -> int | None:
    """Return the instruction word at `pc`; None if it cannot be fetched."""
    at, words = physical(cpu, pc), cpu.lengths
    if at is None or not words.mixed:
        return None if at is None else cpu.memory.words[at >> 2]
    first = cpu.memory.halves[at >> 1]
    if words.size(first) == words.least:
        return first
    second = physical(cpu, pc + words.least & ONES)
    return None if second is None else first | cpu.memory.halves[second >> 1] << 8 * words.least


def before(cpu: Cpu, pc: int) -> list[tuple[int, int]]:
    """Return address and word of each instruction that may stand before `pc`: of each length one."""
    sizes = set(cpu.lengths.table.values())
    found = [(pc - size & ONES, word_at(cpu, pc - size & ONES), size) for size in sorted(sizes)]
    return [(at, word) for at, word, size in found if word is not None and cpu.lengths.size(word) == size]


def describe(cpu: Cpu, program: Program, pc: int) -> str:
    """Return `0x00000124 (main+0x10, prog.s:12): lw a0, 4(a1)`, as far as that is known."""
    from ring1.isa.asm.disassemble import disassemble

    at, word = physical(cpu, pc), word_at(cpu, pc)
    if at is None or word is None:
        return f"{pc:#010x}, from where nothing can be fetched"
    # Symbols and lines belong to the addresses where the program was loaded, whatever the page tables map there now.
    known = [name for name in (program.symbol(at),) if not name.startswith("0x")]
    source = program.where(at)
    if source is not None:
        size = cpu.lengths.size(word)
        changed = program.image[at - program.base :][:size] != word.to_bytes(size, "little")
        known.append(f"{source.file}:{source.line}{', overwritten since' if changed else ''}")
    names = f" ({', '.join(known)})" if known else ""
    return f"{pc:#010x}{names}: {disassemble(cpu.isa, word, pc)}"


def cause_name(isa: Isa, number: int) -> str:
    """Return the description's name of a cause of traps."""
    for cause in isa.causes.values():
        if cause.number == number:
            return cause.name
    if isa.interrupts is not None:
        taken = pure_function(["line"], isa.interrupts.cause)
        for line in range(LINES):
            if taken(line) == number:
                return f"interrupt {line}"
    return f"cause {number:#x}"


def describe_trap(cpu: Cpu, program: Program, trap: TrapInfo) -> str:
    name = cause_name(cpu.isa, trap.cause)
    number = str(trap.cause) if trap.cause < 256 else f"{trap.cause:#x}"
    place = f"{describe(cpu, program, trap.pc)}{strayed(cpu, program, trap.pc)}"
    return f"{name} (cause {number}, value {trap.value:#x}) at {place}"


def strayed(cpu: Cpu, program: Program, pc: int) -> str:
    """Explain how a guest came to `pc` if that is not an instruction, because its author forgot to end the program."""
    at, word = physical(cpu, pc), word_at(cpu, pc)
    if at is None or word is None or Decoder(cpu.isa).decode(word) is not None:
        return ""
    if not program.is_code(at):
        if program.is_code(at - 1):
            into = "into its data" if program.where(at) else "past its end"
            return f"; the program ran {into} at {at:#x} ({located(EXAMPLE)} shows how to switch the machine off)"
        if at >= program.size > 0:
            return f"; the program ends at {program.size:#x}"
    return ""


def describe_stop(cpu: Cpu, program: Program, stop: Stop, interrupted: str = "Ctrl-C") -> str:
    """Say in one line why and where a guest stopped that did not switch its power off; `interrupted` is what interrupts
    it."""
    if stop.trap is not None and stop.first is not None:
        first = describe_trap(cpu, program, stop.first)
        return f"the guest stopped on a double fault: {describe_trap(cpu, program, stop.trap)}; before it, {first}"
    if stop.reason == "refused" and stop.trap is not None:
        at = describe(cpu, program, stop.trap.pc)
        return f"the kernel is not paravirtualized: it executes a privileged instruction, at {at}"
    if stop.trap is not None:
        return f"the guest stopped on an unhandled trap: {describe_trap(cpu, program, stop.trap)}"
    what = {
        "limit": "the limit stopped the guest",
        "timeout": "the time limit stopped the guest",
        "output": "the limit of its output stopped the guest",
        "halt": "the guest halted with nothing to wait for",
        "interrupt": f"{interrupted} stopped the guest",
        "input": "the guest waits for console input",
    }[stop.reason]
    return f"{what} after {cpu.retired:,} instructions, at {describe(cpu, program, cpu.pc)}"
