"""Tests what the theorems say of a machine. Experiment and analysis must agree; where a theorem holds or its monitor is
said to be equivalent, programs must end as on the bare machine; where it fails, a program that reveals the monitor is
looked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from ring1.dbt.engines.table import ENGINES, equipped
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.stop import Stop
from ring1.dbt.theory.experiment import findings
from ring1.dbt.theory.hints import hints
from ring1.dbt.theory.programs import Search, WitnessProgram, diverges
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.classify import classify, verdicts
from ring1.isa.codec import Decoder
from ring1.isa.model import WORD, Isa

MONITORS = ENGINES.monitors
"""Theorem -> the technique that is its monitor."""
RAM = 1 << 16
STEPS = 400
"""The number of instructions that a kernel executes."""
BODY = 40
"""The number of random instructions in a kernel, and in its user program."""
KERNEL = """
    la gp, handler
    wrcr tvec, gp
    li a0, 0x1000
    li a1, 0x7ffc
    li a2, -1
    li a3, {first:#x}
    li a4, {second:#x}
    wrcr scratch, a3
    wrcr cause, a4
{kernel}
    la gp, user
    wrcr epc, gp
    li gp, {status:#x}
    setpsw gp
    rfe
user:
{user}
    jal zero, .
handler:
    rdcr gp, epc
    addi gp, gp, 4
    wrcr epc, gp
    rfe
"""
"""A kernel for a machine that extends PG32: random instructions in both modes, skipping those that trap."""


class Tried(NamedTuple):
    contradictions: tuple[str, ...]
    """Where analysis and experiment disagree."""
    faults: tuple[str, ...]
    """Programs that end differently under a monitor that is said to be equivalent."""
    holds: dict[int, bool]
    """Theorem -> does its condition hold, or is its monitor equivalent all the same?"""
    programs: dict[int, WitnessProgram | None]
    """Theorem that fails -> a program that reveals its monitor; None if none was found."""


PAIRS, PATIENCE, DRAFTS = 100, 5000, 200
"""Pairs of states for each instruction, pairs until a claim is given up, and programs for all instructions together."""
OTHERS = ("add", "xor", "getpsw", "lw", "syscall")
"""Instructions that kernels execute besides."""


def check(isa: Isa, names: Sequence[str], seed: int) -> Tried:
    """Test the analysis of a machine that extends PG32, with these of its instructions."""
    classes = classify(isa)
    found = findings(isa, [classes[name] for name in names], PAIRS, seed, patience=PATIENCE)
    contradictions = [f"{name}: {kind}" for name, finding in found.items() for kind in finding.disagreements]
    faults: list[str] = []
    holding: dict[int, bool] = {}
    programs: dict[int, WitnessProgram | None] = {}
    for verdict in verdicts(isa, classes):
        if verdict.theorem not in MONITORS:
            continue
        holding[verdict.theorem] = bool(verdict.holds) or verdict.equivalent
        search = Search(isa, MONITORS[verdict.theorem], verdict.by, seed)
        if holding[verdict.theorem]:
            faults += told(search, names, seed)
            faults += kernels(isa, search, names, seed)
        else:
            by = [name for name in verdict.by if name in names] or verdict.by
            each = (search.find(isa.instructions[name], DRAFTS) for name in by)
            programs[verdict.theorem] = next((program for program in each if program), None)
        search.close()
    return Tried(tuple(contradictions), tuple(faults), holding, programs)


def told(search: Search, names: Sequence[str], seed: int) -> list[str]:
    """Return short programs that end differently under the technique of a search and on the machine."""
    isa, found = search.isa, list[str]()
    for name in names:
        rng, hinted = Random(f"told {name} {seed}"), hints(isa, isa.instructions[name])
        for _ in range(DRAFTS // len(names)):
            draft = search.draft(rng, isa.instructions[name], hinted)
            if draft is not None and search.tells(draft):
                words = search.writer.written(search.shrunk(draft, any_way=True))
                assert words is not None
                where = "" if diverges(isa, search.technique, words) else " (on the slow path)"
                program = WitnessProgram(search.technique.name, name, words)
                found.append(f"{program.engine}{where}:\n{program.text(isa)}")
                break
    return found


def kernels(isa: Isa, search: Search, names: Sequence[str], seed: int) -> list[str]:
    """Run random kernels with user programs, translated. Returns those that end differently under the technique."""
    rng, decoder = Random(f"kernel {seed}"), Decoder(isa)

    def body() -> str:
        lines = list[str]()
        while len(lines) < BODY:
            insn = isa.instructions[rng.choice(names if rng.random() < 0.7 else OTHERS)]
            word = insn.match | rng.getrandbits(8 * insn.size) & ~insn.mask
            if decoder.decode(word) is not None and " gp" not in (text := disassemble(isa, word, 0)):
                lines.append(f"    {text}" if insn.name != "beq" else "    nop")
        return "\n".join(lines)

    status = rng.getrandbits(16) & 0xFF20 | 0x18
    first, second = rng.getrandbits(WORD), rng.getrandbits(8)
    source = KERNEL.format(kernel=body(), user=body(), first=first, second=second, status=status)
    if ended(isa, ENGINES.reference, source) != ended(isa, search.technique, source):
        return [f"{search.technique.name}, a kernel:\n{source}"]
    return []


def ended(isa: Isa, technique: Technique, source: str) -> tuple[Snapshot, Stop]:
    program = assemble(isa, [("kernel.s", source)])
    with Vm(isa, RAM, b"", io.BytesIO()) as vm:
        vm.load(program.image, program.entry)
        vm.engine = equipped(technique, vm, program.image)
        stop = vm.run(STEPS)
        return vm.state(), stop
