"""Commands about engines and the past: who wrote an address, translations, other engines, snapshots."""

from __future__ import annotations

import contextlib

from ring1.dbt.debug import expression
from ring1.dbt.debug.command import NO_FILES, BadCommand, Command, number
from ring1.dbt.debug.session import Session
from ring1.dbt.debug.together import difference
from ring1.dbt.travel.search import Watched, last
from ring1.dbt.travel.timeline import Halted

FAR = 1_000_000
"""Instructions that engines are compared for unless the user says how many."""


def who(session: Session, rest: str) -> None:
    """Find the last store to an address before now, and come back."""
    text = rest.strip()
    if text.startswith("wrote"):
        text = text.removeprefix("wrote").strip()
    where, _, size = text.partition(",")
    if not where:
        raise BadCommand("who wrote PLACE[, BYTES]")
    at = expression.place(where, session.machine)
    length = number(size, "number of bytes") if size.strip() else 4
    pieces = list(session.machine.mem.pieces(at, length))
    timeline, here = session.timeline, session.timeline.now
    try:
        found = last(timeline, {}, tuple(Watched(start, start + part) for start, part in pieces)).write
        if found is None:
            session.say(f"nobody has written {where.strip()} since the beginning")
            return
        before, after = (int.from_bytes(data, "little") for data in (found.before, found.after))
        became = f"{where.strip()} was {before:#x}, and became {after:#x}"
        session.say(f"{became} after {timeline.now}, by\n   {session.place()}")
    finally:
        with contextlib.suppress(Halted):
            timeline.go(here)


def translate(session: Session, rest: str) -> None:
    """Show the block at a place, guest beside host, as the engine translates it."""
    machine, technique = session.machine, session.timeline.body.technique
    at = expression.place(rest, machine) if rest.strip() else machine.pc
    if technique.policy is None:
        raise BadCommand(f"the engine {technique.name} translates nothing; switch to another")
    from ring1.dbt.report.translating import Interprets, Translating
    from ring1.dbt.report.translation_text import Whole, as_text

    isa = machine.isa
    mode = 0
    if isa.mode is not None:
        bits, word = isa.mode.bits, session.timeline.body.cpu.s[isa.slots[isa.mode.control]]
        mode = (word & bits.mask) >> bits.lo
    try:
        made = Translating(isa, machine.program, technique, mode)
    except Interprets as error:
        raise BadCommand(str(error)) from None
    machine.mem.word(at)
    block = made.reporter.block(made.supply.translator.translate(at, made.mode, machine.mem.word))
    whole = Whole(isa.name, technique.name, made.mode, made.called, made.names, (block,))
    session.say(as_text(whole, False).rstrip("\n"))


def switch(session: Session, rest: str) -> None:
    words = rest.split()
    if words[:1] == ["to"]:
        words = words[1:]
    if len(words) != 1:
        raise BadCommand(f"switch to ENGINE: {', '.join(session.machine.registry)}")
    session.machine.switch(words[0])
    session.say(f"the engine is {session.machine.engine}")


def compare(session: Session, rest: str) -> None:
    """Run on under the present engine and another, and find the first instruction after which they differ."""
    words = rest.split()
    if words[:1] == ["with"]:
        words = words[1:]
    if not words or len(words) > 2:
        raise BadCommand("compare with ENGINE [COUNT]")
    session.say(difference(session.machine, words[0], number(words[1], "count") if words[1:] else FAR))


def save(session: Session, rest: str) -> None:
    """Write a snapshot."""
    if not rest.strip():
        raise BadCommand("save FILE")
    if not session.files:
        raise BadCommand(NO_FILES)
    session.machine.save(rest.strip())
    session.say(f"{rest.strip()}: the machine after {session.timeline.now}")


def type_in(session: Session, rest: str) -> None:
    """Type a line on the guest's console, or end its input."""
    if not rest:
        raise BadCommand('input TEXT, which "..." may be with \\n and the like; input end')
    if rest.strip() == "end":
        session.machine.console.close()
        return
    text = rest.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            session.machine.console.feed(text[1:-1].encode().decode("unicode_escape").encode("latin-1", "replace"))
        except UnicodeDecodeError as error:
            raise BadCommand(f"{text} is no text: {error.reason}") from None
    else:
        session.machine.console.feed(text + "\n")


def echo(session: Session, rest: str) -> None:
    session.say(rest.strip())


def leave(session: Session, rest: str) -> None:
    session.over = True


COMMANDS = (
    Command(("who",), "wrote PLACE[, BYTES]", "show the last store to it before now", who),
    Command(("translate",), "[PLACE]", "show the block there, guest beside host", translate),
    Command(("switch",), "to ENGINE", "go on under another engine", switch),
    Command(("compare",), "with ENGINE [COUNT]", "run on under both, and find where they first differ", compare),
    Command(("save",), "FILE", "write a snapshot, for ring1 resume", save),
    Command(("input",), 'TEXT | "TEXT" | end', "type on the guest's console, or end its input", type_in),
    Command(("echo",), "TEXT", "show a text", echo),
    Command(("quit", "q", "exit"), "", "leave", leave),
)
