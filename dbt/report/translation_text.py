"""A translation as text for a terminal, and as an object for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ring1.dbt.host.present import present
from ring1.dbt.report.translation import BlockReport, GuestLine, HostLine

LEFT = 46
"""Columns of the guest's side."""
HOST = 44
"""Columns of a host instruction, before its note."""
COLOURS = {"inline": "32", "callout": "33", "trap": "31", "head": "1", "note": "2"}
"""ANSI SGR parameters: green, yellow, red, bold, dim."""


@dataclass(frozen=True)
class Whole:
    """All blocks of a program, and what they have in common."""

    isa: str
    engine: str
    mode: int
    mode_name: str
    """The description's name of the field that holds the mode; empty if the machine has none."""
    pinned: Mapping[str, str]
    """Guest register -> host register."""
    blocks: tuple[BlockReport, ...]
    run: str = ""
    """What was run to find the blocks; empty if nothing was."""
    gone: tuple[tuple[str, float], ...] = ()
    """Blocks that were hot in that run and are no longer in the code cache: symbol, and share of the run."""

    @property
    def title(self) -> str:
        mode = f" in {self.mode_name} {self.mode}" if self.mode_name else ""
        return f"{self.isa} under {self.engine}{mode}{self.run}"

    @property
    def summary(self) -> str:
        guests = [guest for block in self.blocks for guest in block.guests]
        counts = {action: sum(g.action == action for g in guests) for action in ("inline", "callout", "trap")}
        size = sum(block.size for block in self.blocks)
        said = ", ".join(f"{n} {action}" for action, n in counts.items() if n) or "none rewritten"
        return f"{len(self.blocks)} blocks, {len(guests)} guest instructions ({said}), {size} bytes of host code"

    @property
    def lost(self) -> str:
        """Say which blocks cannot be shown."""
        named = ", ".join(f"{symbol} {share:.1%}" for symbol, share in self.gone)
        return f"hot, but gone from the code cache when the run ended: {named}" if named else ""

    @property
    def registers(self) -> str:
        return " ".join(f"{host}={guest}" for guest, host in self.pinned.items())


PUT_OFF = "A value is computed where it is needed: an instruction whose result can wait shows no host code here."


def legend() -> str:
    """Say what generated code uses each register for."""
    return ", ".join(f"{register}: {role}" for register, role in present().roles.items())


def as_text(whole: Whole, colours: bool) -> str:
    """Return guest instructions on the left and their host code on the right; `*` marks the rewritten ones."""
    lines = [paint(whole.title, "head", colours), whole.summary, whole.registers, legend(), PUT_OFF]
    for block in whole.blocks:
        lines += ["", *block_lines(block, colours)]
    if whole.lost:
        lines += ["", whole.lost]
    return "\n".join(lines) + "\n"


def paint(text: str, kind: str, colours: bool) -> str:
    """Return a text in the colour of its kind."""
    return f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if colours and kind in COLOURS and text else text


def block_lines(block: BlockReport, colours: bool = False) -> Iterator[str]:
    """Yield the lines of a block."""

    def beside(left: Iterable[tuple[str, str]], host: Iterable[HostLine]) -> Iterator[str]:
        lefts, hosts = list(left), list(host)
        for n in range(max(len(lefts), len(hosts))):
            text, kind = lefts[n] if n < len(lefts) else ("", "")
            line = paint(text, kind, colours) + " " * (LEFT - len(text))
            if n < len(hosts):
                note = f"; {hosts[n].note}" if hosts[n].note else ""
                line += f"{hosts[n].text:<{HOST}}" + paint(note, "note", colours)
            yield line.rstrip()

    size = f"{len(block.guests)} instructions, {block.size} bytes"
    heat = f", {heated(block)}" if block.share is not None else ""
    yield paint(f"block {block.pc:08x} {block.symbol}: {size}{heat}", "head", colours)
    yield from beside([("  entry", "note")], block.entry)
    for guest in block.guests:
        yield from beside(guest_lines(guest), guest.host)
    if block.end:
        yield from beside([("  end", "note")], block.end)
    for way in block.exits:
        reason = "" if way.reason == way.kind else f" {way.reason}"
        target = "" if way.pc is None else f" at {way.pc:08x}"
        yield from beside([(f"  exit: {way.kind}{reason}{target}", "note")], way.host)
    yield from beside([("  not this block", "note")], block.miss)


def heated(block: BlockReport) -> str:
    """Say how hot a block was in the run."""
    mode = f", mode {block.mode}" if block.mode else ""
    return f"{block.share or 0:.1%} of the run{mode}{', a trace' if block.traced else ''}"


def guest_lines(guest: GuestLine) -> list[tuple[str, str]]:
    """Return the left side of a guest instruction: itself, and why it is rewritten; each with its colour."""
    mark = "*" if guest.rewritten else " "
    lines = [(f"{mark} {guest.pc:08x}  {labelled(guest)}"[: LEFT - 1], guest.action)]
    if guest.rewritten:
        words = f"{guest.action.upper()} {guest.why}"
        lines += [("    " + line, guest.action) for line in textwrap.wrap(words, LEFT - 6)]
    return lines


def labelled(guest: GuestLine) -> str:
    """Return the instruction, after the label at its address."""
    plain = "+" in guest.symbol or guest.symbol.startswith("0x")
    return guest.text if plain else f"{guest.symbol}: {guest.text}"


def warmth(block: BlockReport) -> dict[str, Any]:
    """Return what is known of a block from the run."""
    if block.share is None:
        return {}
    return {"share": round(block.share, 4), "trace": block.traced, "ring": block.mode}


def as_object(whole: Whole) -> dict[str, Any]:
    """Return the object of `ring1 translate --format json` (its --help describes it)."""

    def host(lines: Iterable[HostLine]) -> list[dict[str, Any]]:
        return [{"offset": h.offset, "bytes": h.code.hex(), "text": h.text, "note": h.note} for h in lines]

    gone = {"gone": [{"symbol": symbol, "share": round(share, 4)} for symbol, share in whole.gone]}
    return {
        "isa": whole.isa,
        "engine": whole.engine,
        "ring": whole.mode,
        "registers": dict(whole.pinned),
        "blocks": [
            {
                "pc": block.pc,
                "symbol": block.symbol,
                "host_bytes": block.size,
                "entry": host(block.entry),
                "instructions": [
                    {
                        "pc": g.pc,
                        "word": g.word,
                        "symbol": g.symbol,
                        "text": g.text,
                        "action": g.action,
                        "reason": g.reason,
                        "why": g.why,
                        "host": host(g.host),
                    }
                    for g in block.guests
                ],
                "end": host(block.end),
                "exits": [
                    {"kind": way.kind, "pc": way.pc, "reason": way.reason, "host": host(way.host)}
                    for way in block.exits
                ],
                "miss": host(block.miss),
            }
            | warmth(block)
            for block in whole.blocks
        ],
    } | (gone if whole.run else {})
