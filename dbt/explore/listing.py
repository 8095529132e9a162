"""Instructions and host code side by side: of a program as it was assembled, or of what memory has at pc."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from ring1.dbt.api.errors import EngineUnavailable
from ring1.dbt.debug.session import Session
from ring1.dbt.engines.technique import Technique
from ring1.dbt.explore.panels import mode, source_line
from ring1.dbt.lsp.assembly import explained
from ring1.dbt.report.sweep import Fetch, around, sweep
from ring1.dbt.report.translating import Interprets, Translating
from ring1.dbt.report.translation import BlockReport, is_instruction
from ring1.dbt.report.translation_text import Whole, as_object, legend
from ring1.isa.asm.disassemble import Disassembler
from ring1.isa.asm.program import Program
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa

WINDOW = 160
"""Instructions that are shown at a time."""
SIZE = 4
"""Bytes of the longest instruction."""
Object = dict[str, Any]


def addresses(isa: Isa, program: Program) -> list[int]:
    """Return the addresses of the program's instructions."""
    if program.lines:
        lines = program.lines
        spans = [(at, at + size) for at, size, _ in lines if size >= isa.words.least and is_instruction(program, at)]
    else:
        spans = [*program.code] or [(program.base, program.base + len(program.image))]
    return [at for begin, end in spans for at, _ in sweep(isa.words, fetching(isa, program, end), begin, end)]


def fetching(isa: Isa, program: Program, end: int) -> Fetch:
    """Return a function that returns the instruction at an address of a program, if it ends at `end` at the latest."""
    words = isa.words

    def fetch(at: int) -> int | None:
        data = program.image[at - program.base : min(at - program.base + SIZE, end - program.base)]
        if len(data) < words.least:
            return None
        size = words.size(int.from_bytes(data[: words.least], "little"))
        return int.from_bytes(data[:size], "little") if size <= len(data) else None

    return fetch


def window(known: list[int], focus: int) -> list[int]:
    """Return the WINDOW addresses around one of them."""
    first = min(max(bisect_left(known, focus) - WINDOW // 3, 0), max(len(known) - WINDOW, 0))
    return known[first : first + WINDOW]


def row(program: Program, disassembler: Disassembler, at: int, word: int) -> Object:
    symbol = program.symbol(at)
    return {
        "at": at,
        "word": word,
        "text": disassembler.text(word, at),
        "label": "" if "+" in symbol or symbol.startswith("0x") else symbol,
        "line": source_line(program, at),
    }


class Listing:
    """A program's instructions, and what techniques make of them."""

    def __init__(self, isa: Isa, program: Program) -> None:
        self.isa = isa
        self.program = program
        self.known = addresses(isa, program)
        self.fetch = fetching(isa, program, program.base + len(program.image))
        self.disassembler = Disassembler(isa)
        self.made: dict[tuple[str, int], Translating] = {}

    def around(self, focus: int, technique: Technique, in_mode: int) -> Object:
        """Return the instructions around an address, and the blocks that begin there."""
        shown = window(self.known, focus)
        words = [self.fetch(at) or 0 for at in shown]
        rows = [row(self.program, self.disassembler, at, word) for at, word in zip(shown, words, strict=True)]
        whole = {"rows": rows, "count": len(self.known), "live": False}
        if not shown:
            return {**whole, **host(technique, "the program has no instructions")}
        try:
            made = self.translating(technique, in_mode)
            blocks = made.reporter.blocks(range(shown[0], shown[-1] + SIZE))
        except (Interprets, EngineUnavailable) as error:
            return {**whole, **host(technique, str(error))}
        return {**whole, **translated(self.isa, technique, made, blocks)}

    def translating(self, technique: Technique, in_mode: int) -> Translating:
        """Raises Interprets, EngineUnavailable."""
        key = technique.name, in_mode
        if key not in self.made:
            self.made[key] = translating(self.isa, self.program, technique, in_mode)
        return self.made[key]


def translating(isa: Isa, program: Program, technique: Technique, in_mode: int) -> Translating:
    """Raises Interprets, EngineUnavailable."""
    reason = technique.cannot(isa)
    if reason:
        raise EngineUnavailable(f"the engine {technique.name} cannot run here: {reason}")
    return Translating(isa, program, technique, in_mode)


def host(technique: Technique, why: str) -> Object:
    """Return what is shown where there is no host code."""
    return {"engine": technique.name, "about": technique.text, "why": why, "blocks": [], "registers": {}, "legend": ""}


def translated(isa: Isa, technique: Technique, made: Translating, blocks: list[BlockReport]) -> Object:
    whole = Whole(isa.name, technique.name, made.mode, made.called, made.names, tuple(blocks))
    told = as_object(whole)
    names = {"registers": told["registers"], "legend": legend(), "title": whole.title, "summary": whole.summary}
    return {**host(technique, ""), **names, "blocks": told["blocks"]}


def live(session: Session, technique: Technique) -> Object:
    """Return the instructions that memory has around pc, and the block there."""
    machine = session.machine
    isa, program, pc = machine.isa, machine.program, machine.pc

    found = around(isa.words, session.fetch, pc, WINDOW // 4, WINDOW // 2 - 1)
    disassembler = Disassembler(isa)
    rows = [row(program, disassembler, at, word) for at, word in found]
    for each in rows:
        each["line"] = None  # names and lines belong to where the program was loaded
    whole = {"rows": rows, "count": len(rows), "live": True}
    if not found:
        return {**whole, **host(technique, f"nothing can be fetched from {pc:#010x}")}
    try:
        made = translating(isa, program, technique, mode(session))
        block = made.reporter.block(made.supply.translator.translate(pc, made.mode, machine.mem.instruction))
    except (Interprets, EngineUnavailable) as error:
        return {**whole, **host(technique, str(error))}
    return {**whole, **translated(isa, technique, made, [block])}


def about(isa: Isa, word: int) -> Object:
    """Return what the manual says of an instruction word."""
    decoded = Decoder(isa).decode(word)
    name = "" if decoded is None else decoded.instruction.name
    return {"name": name, "text": explained(isa, name) or f"{word:08x} is no instruction of {isa.name}"}
