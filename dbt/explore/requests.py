"""What a page can ask: the name of each request, and what answers it. docs/explore.md lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ring1.dbt.dap.arguments import Arguments, BadRequest
from ring1.dbt.explore import listing, panels, shared
from ring1.dbt.explore.desk import Desk
from ring1.dbt.highlight.language import BLOCK, Language, assembly, description

Answer = Any
MOMENT = 0.05
"""Seconds in which most commands are done: who looks then, sees what has come of them."""
MOST_INPUT = 1 << 20
"""Most bytes that are typed at a time."""


def state(desk: Desk, given: Arguments) -> Answer:
    """What is going on: `since` is the number of the last text that the page has."""
    found = desk.bench.state(given.number("since", 0))
    comparer = desk.comparer
    return {**found, "comparison": {"task": comparer.task, "progress": desk.comparing, "result": desk.result}}


def source(desk: Desk, given: Arguments) -> Answer:
    """The texts, the engines, the colours of the languages."""
    bench = desk.bench
    about = bench.subject.description
    files = bench.subject.files
    program = bench.session.machine.program if bench.session else None
    if not files and program is not None:
        files = tuple((name, text) for name, text in program.sources if text)
    return {
        "build": bench.build,
        "files": [{"name": name, "text": text} for name, text in files],
        "editable": bool(bench.subject.files),
        "description": {"name": about.name, "text": about.text, "isa": bench.isa.name, "title": bench.isa.text},
        "engines": [
            {
                "name": each.name,
                "text": each.text,
                "colour": each.colour,
                "cannot": each.cannot(bench.isa),
                "translates": each.policy is not None,
                "unmodified": each.unmodified,
            }
            for each in desk.registry.values()
        ],
        "default": desk.translator("").name,
        "examples": desk.examples,
        "languages": {"s": coloured(assembly(bench.isa)), "isa": coloured(description())},
        "entry": program.entry if program else 0,
    }


def coloured(language: Language) -> Answer:
    """The rules by which a text is coloured."""

    def rules(found: Any) -> list[list[str]]:
        return [[rule.pattern, rule.kind] for rule in found]

    return {
        "comments": rules(language.comments),
        "block": list(BLOCK) if language.blocks else [],
        "head": rules(language.head),
        "opening": rules(language.opening),
        "operands": rules(language.operands),
        "end": language.end,
    }


def load(desk: Desk, given: Arguments) -> Answer:
    """A machine of these texts, in the place of the one there is."""
    texts = [(each.text("name"), each.text("text")) for each in given.list("files")]
    desk.load(texts, given.text("description", "") or None)
    return {"faults": desk.bench.faults, "build": desk.bench.build}


def example(desk: Desk, given: Arguments) -> Answer:
    desk.example(given.text("name"))
    return {"faults": desk.bench.faults, "build": desk.bench.build}


def command(desk: Desk, given: Arguments) -> Answer:
    """A line of the debugger's; what it says is in `state`."""
    desk.bench.command(given.text("line"))
    desk.bench.worker.idle.wait(MOMENT)
    return {}


def cancel(desk: Desk, given: Arguments) -> Answer:
    """End what is under way: the machine's task, or the comparison."""
    (desk.comparer if given.flag("comparison") else desk.bench.worker).cancel()
    return {}


def typed(desk: Desk, given: Arguments) -> Answer:
    """Console input."""
    data = None if given.flag("end") else given.text("text").encode()
    if data is not None and len(data) > MOST_INPUT:
        raise BadRequest(f"{len(data):,} bytes are more than are typed at a time")
    desk.bench.worker.ask(lambda: desk.bench.do_feed(data))
    return {}


def switch(desk: Desk, given: Arguments) -> Answer:
    """Go on under another engine."""
    name = desk.technique(given.text("engine")).name
    desk.bench.worker.do(f"switch to {name}", lambda: desk.bench.do_switch(name))
    return {}


def code(desk: Desk, given: Arguments) -> Answer:
    """Instructions and host code around an address, or of what memory has at pc."""
    if given.flag("live"):
        technique = desk.translator(given.text("engine", ""))
        return desk.bench.look(lambda session: listing.live(session, technique))
    return desk.code(given.text("engine", ""), given.number("focus", 0), given.number("mode", 0))


def about(desk: Desk, given: Arguments) -> Answer:
    """What the manual says of an instruction word."""
    return listing.about(desk.bench.isa, given.number("word") & 0xFFFFFFFF)


def memory(desk: Desk, given: Arguments) -> Answer:
    place, offset, rows = given.text("place", ""), given.number("offset", 0), given.number("rows", panels.ROW)
    return desk.bench.look(lambda session: panels.memory(session, place, offset, rows))


def pages(desk: Desk, given: Arguments) -> Answer:
    place = given.text("place", "")
    return desk.bench.look(lambda session: panels.pages(session, place))


def exits(desk: Desk, given: Arguments) -> Answer:
    """Exits to the VMM and where they come from; `watch` says whether that is counted from now on."""
    bench = desk.bench
    if "watch" in given.given:
        on = given.flag("watch")
        bench.look(lambda session: bench.watch_exits(on))
    return bench.look(lambda session: panels.exits(session, bench.places))


def heat(desk: Desk, given: Arguments) -> Answer:
    return desk.bench.look(panels.heat)


def devices(desk: Desk, given: Arguments) -> Answer:
    return desk.bench.look(panels.devices)


def describe(desk: Desk, given: Arguments) -> Answer:
    """What another description would change."""
    return desk.describe(given.text("text"), given.text("engine", ""), given.number("focus", 0))


def compare(desk: Desk, given: Arguments) -> Answer:
    """Begin to compare two engines; `state` has the result."""
    desk.compare(given.text("first"), given.text("second"), given.number("limit"))
    return {}


def share(desk: Desk, given: Arguments) -> Answer:
    """The machine as a file; with `snapshot` its state."""
    return desk.snapshot() if given.flag("snapshot") else desk.shared()


def opened(desk: Desk, given: Arguments) -> Answer:
    """Take a file that the user has chosen."""
    desk.open(given.text("name"), shared.decoded(given.text("data"), "the file"))
    return {"faults": desk.bench.faults, "build": desk.bench.build}


REQUESTS: dict[str, Callable[[Desk, Arguments], Answer]] = {
    "state": state,
    "source": source,
    "load": load,
    "example": example,
    "command": command,
    "cancel": cancel,
    "input": typed,
    "switch": switch,
    "code": code,
    "about": about,
    "memory": memory,
    "pages": pages,
    "exits": exits,
    "heat": heat,
    "devices": devices,
    "describe": describe,
    "compare": compare,
    "share": share,
    "open": opened,
}
