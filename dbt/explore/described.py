"""What a changed description changes: faults, verdicts, encodings, and the translation of a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ring1.dbt.api.errors import EngineUnavailable
from ring1.dbt.engines.technique import Technique
from ring1.dbt.explore import faults
from ring1.dbt.explore.listing import addresses, translating, window
from ring1.dbt.explore.opened import Opened
from ring1.dbt.explore.subject import Description, Subject
from ring1.dbt.report.translating import Interprets
from ring1.dbt.report.translation import BlockReport
from ring1.isa.asm.program import Program
from ring1.isa.classify import Class, Verdict, classify, verdicts
from ring1.isa.manual import instruction, part_text
from ring1.isa.model import Instruction, Isa
from ring1.isa.source import SourceError

SIZE = 4
Object = dict[str, Any]


class Known:
    """A machine with what follows from its description."""

    def __init__(self, isa: Isa, subject: Subject, opened: Opened, technique: Technique, focus: int, mode: int) -> None:
        self.isa = isa
        self.classes = classify(isa)
        self.theorems = verdicts(isa, self.classes)
        self.faults: list[Object] = []
        self.why = ""
        """Why there are no translations."""
        self.blocks: dict[int, BlockReport] = {}
        try:
            program = subject.program(isa, opened)
            self.blocks = {block.pc: block for block in blocks(isa, program, technique, focus, mode)}
        except SourceError as error:
            self.faults, self.why = faults.as_objects(error), "the program has faults on this machine"
        except (Interprets, EngineUnavailable, ValueError) as error:
            self.why = str(error)


def blocks(isa: Isa, program: Program, technique: Technique, focus: int, mode: int) -> list[BlockReport]:
    """Return the translation of the code around an address. Raises Interprets, EngineUnavailable, ValueError."""
    shown = window(addresses(isa, program), focus)
    modes = isa.mode.count if isa.mode else 1
    made = translating(isa, program, technique, mode if mode < modes else 0)
    return made.reporter.blocks(range(shown[0], shown[-1] + SIZE)) if shown else []


def changes(
    text: Description, old: Known, subject: Subject, opened: Opened, technique: Technique, at: int, mode: int
) -> Object:
    """Return what a description says, and what of that differs from an old one."""
    try:
        isa = text.read()
        new = Known(isa, subject, opened, technique, at, mode)
    except SourceError as error:  # a machine cannot always be classified, either
        return {"faults": faults.as_objects(error, short=True)}
    return {
        "faults": [],
        "isa": isa.name,
        "text": isa.text,
        "theorems": [theorem(each, old.theorems) for each in new.theorems],
        "instructions": list(instructions(old, new)),
        "gone": [name for name in old.isa.instructions if name not in isa.instructions],
        "program": new.faults,
        "engine": technique.name,
        "why": new.why,
        "translations": list(translations(old, new)),
        "same": sum(code(old.blocks.get(pc)) == code(block) for pc, block in new.blocks.items()),
    }


def theorem(verdict: Verdict, old: tuple[Verdict, ...]) -> Object:
    was = next((each for each in old if each.theorem == verdict.theorem), None)
    return {
        "theorem": verdict.theorem,
        "claim": verdict.claim,
        "holds": verdict.holds,
        "was": was.holds if was else None,
        "reason": verdict.reason,
        "by": verdict.by,
        "changed": was is None or (was.holds, was.by, was.reason) != (verdict.holds, verdict.by, verdict.reason),
    }


def instructions(old: Known, new: Known) -> Iterator[Object]:
    """Yield the instructions with class and encoding, and what these were where they have changed."""
    for name, found in new.isa.instructions.items():
        before = old.isa.instructions.get(name)
        class_, encoding = kind(new.classes[name]), encoded(found)
        meaning = "\n".join(instruction(new.isa, found))
        made: Object = {"name": name, "class": class_, "encoding": encoding, "meaning": meaning, "new": before is None}
        if before is not None:
            was = {
                "class": kind(old.classes[name]),
                "encoding": encoded(before),
                "meaning": "\n".join(instruction(old.isa, before)),
            }
            made["was"] = {key: value for key, value in was.items() if value != made[key]}
        yield made


def encoded(insn: Instruction) -> str:
    return " ".join(part_text(insn, part) for part in insn.parts)


def kind(found: Class) -> Object:
    return {
        "privileged": found.privileged,
        "sensitive": found.sensitive,
        "control": found.control,
        "mode": found.mode,
        "location": found.location,
        "user": found.user,
    }


def translations(old: Known, new: Known) -> Iterator[Object]:
    """Yield the blocks whose code has changed, with both codes."""
    for pc, block in new.blocks.items():
        before, after = code(old.blocks.get(pc)), code(block)
        if before != after:
            yield {"pc": pc, "symbol": block.symbol, "before": before, "after": after}


def code(block: BlockReport | None) -> list[list[str]]:
    """Return guest instructions, each with how it is run and its host code."""
    if block is None:
        return []
    return [[g.text, g.action, "\n".join(line.text for line in g.host)] for g in block.guests]
