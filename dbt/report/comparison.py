"""Reports of a comparison of engines: as text, and as an object for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ring1.dbt.compare.contender import Contender
from ring1.dbt.compare.difference import Apart, Divergence, Ending
from ring1.dbt.compare.lockstep import Lockstep
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.measure.costs import EVENTS, Costs, model
from ring1.dbt.report.difference import table
from ring1.dbt.report.place import cause_name
from ring1.isa.model import Isa

MOST_BYTES = 48
"""The most bytes of console output that are shown."""
MOST_SECTORS = 8

Figures = dict[str, Any]
Formats = dict[str, Callable[[Any], str]]


def count(value: int) -> str:
    return f"{value:,}"


FORMATS: Formats = {
    "wall time": lambda seconds: f"{seconds:.3f} s",
    "run without the VMM": lambda share: f"{share:.2%}",
}
"""The figures that are not counts."""


def equivalent(done: Lockstep) -> bool:
    """Does every engine equal the reference, as far as they can be compared?"""
    return not done.divergences and all(each.equal or each.refused for each in done.endings().values())


# --- Figures of a run ------------------------------------------------------------------


def figures(party: Contender) -> Figures:
    """Return the figures of a run."""
    vm, engine = party.vm, party.engine
    retired = vm.cpu.retired
    exits = dict(sorted(engine.exits().items(), key=lambda item: -item[1]))
    return {
        "wall time": party.seconds,
        "instructions": retired,
        "run without the VMM": (retired - engine.interpreted) / max(retired, 1),
        "exits to the VMM": sum(exits.values()),
        "exits": exits,
        "callouts": engine.callouts,
        "emulated inline, static": engine.rewritten(),
        "shadow faults": exits.get("page shown", 0),
        "page walks": engine.events().get("walks", vm.cpu.walker.walks if vm.cpu.walker else 0),
    }


def levels(isa: Isa) -> int:
    return len(isa.paging.levels) if isa.paging else 0


def modelled(party: Contender, costs: Costs) -> list[dict[str, Any]]:
    """Return the modelled cost of a run's events."""
    return [
        {
            "event": made.event,
            "count": made.count,
            "modelled_cycles": made.cycles,
            "formula": made.formula,
            "sources": list(made.sources),
        }
        for made in model(costs, party.engine.events(), levels(party.vm.isa))
    ]


# --- For people ------------------------------------------------------------------------


def describe(done: Lockstep, absent: Mapping[str, str], costs: Costs | None) -> str:
    """Return verdicts, divergences and a table, as text."""
    return "\n".join(lines(done, absent, costs)) + "\n"


def lines(done: Lockstep, absent: Mapping[str, str], costs: Costs | None) -> Iterator[str]:
    isa, reference = done.setup.isa, done.reference
    equal = [party.name for party in done.parties if party.name not in (*done.divergences, *done.builds)]
    end = ended(isa, reference.stop)
    if len(equal) > 1:
        yield f"equivalent: {', '.join(equal)}, for {done.equal:,} instructions; {end}"
    for divergence in done.divergences.values():
        yield from diverged(isa, divergence, reference.name)
    for name, count in done.left_open.items():
        times = f"{count:,} stretch{'es' * (count != 1)}"
        untold = f"; {done.untold[name]:,} of them could not be told to the end" if done.untold[name] else ""
        yield f"left open: in {times} {name} did what it may without a tlbflush (docs/pg32.md){untold}"
    endings = done.endings()
    for party in done.parties:
        if party.name in endings:
            yield from built(isa, party.technique, endings[party.name], reference.name)
    for name, reason in absent.items():
        yield f"not compared: {name}, which cannot run here: {reason}"
    yield ""
    yield from grid({party.name + party.technique.label: figures(party) for party in done.parties})
    if costs is not None:
        yield ""
        yield f"modelled, not measured: had these events been events of a {costs.generation}'s VMM"
        for party in done.parties:
            yield from modelled_lines(party, costs)
        yield from notes(costs)


def ended(isa: Isa, stop: Stop) -> str:
    """Describe how a guest stopped."""
    if stop.trap is not None:
        return f"{stop.reason}: {cause_name(isa, stop.trap.cause)} at {stop.trap.pc:#010x}"
    return f"exit code {stop.code}" if stop.code is not None else stop.reason


def diverged(isa: Isa, d: Divergence, reference: str) -> Iterator[str]:
    if d.exact:
        yield f"{d.engine} diverges from {reference} after {d.low:,} instructions, at"
        yield f"  {d.place}"
    else:
        yield f"{d.engine} diverges from {reference} between {d.low:,} and {d.high:,} instructions; none of them does"
        yield f"  so when it is executed again by itself. They begin at {d.place}"
    a = d.apart
    for name, trap in zip((d.engine, reference), a.traps, strict=True):
        if trap is not None and d.exact:
            yield f"  {name} takes there: {taken(isa, trap)}"
    if a.stops[0] != a.stops[1]:
        for name, stop in zip((d.engine, reference), a.stops, strict=True):
            yield f"  {name} then: {'goes on' if stop.reason == 'limit' else ended(isa, stop)}"
    yield from table(a.rows, d.engine, reference)
    yield from outside(a, d.engine, reference)
    if a.devices:
        yield f"  devices differ in the {', the '.join(a.devices)}"


def built(isa: Isa, technique: Technique, each: Ending, reference: str) -> Iterator[str]:
    """Describe the result of an engine with its own build of the guest."""
    engine, symbol = technique.name, technique.build
    if each.refused:
        yield f"not compared: {engine}; the guest has no build for it (-D {symbol}), refused at"
        yield f"  {each.place}"
        return
    same = "is equivalent to" if each.equal else "is not equivalent to"
    yield f"{engine}, with a build of its own (-D {symbol}), {same} {reference} in what can be compared:"
    yield f"  console output, disk, and the end, {ended(isa, each.stops[0])}"
    if not each.equal:
        yield f"  {reference}: {ended(isa, each.stops[1])}"
        yield from outside(each, engine, reference)


def outside(a: Apart | Ending, engine: str, reference: str) -> Iterator[str]:
    """Describe differences in console output and disks."""
    if a.console[0] != a.console[1]:
        for name, data in zip((engine, reference), a.console, strict=True):
            yield f"  {name} prints {data[:MOST_BYTES]!r}{'...' if len(data) > MOST_BYTES else ''}"
    if a.sectors:
        more = f" and {len(a.sectors) - MOST_SECTORS} more" if len(a.sectors) > MOST_SECTORS else ""
        yield f"  on the disk differ the sectors {', '.join(map(str, a.sectors[:MOST_SECTORS]))}{more}"


def taken(isa: Isa, trap: TrapInfo) -> str:
    return f"{cause_name(isa, trap.cause)}, value {trap.value:#x}, at {trap.pc:#010x}"


def grid(found: Mapping[str, Figures]) -> Iterator[str]:
    """Yield a table with a column for each engine and a row for each figure."""
    rows: list[tuple[str, list[str]]] = [("", list(found))]
    columns = list(found.values())
    for name in columns[0]:
        if name == "exits":
            reasons = dict.fromkeys(reason for column in columns for reason in column["exits"])
            rows += [
                (f"  {reason}", [count(column["exits"].get(reason, 0)) for column in columns]) for reason in reasons
            ]
        else:
            rows.append((name, [FORMATS.get(name, count)(column[name]) for column in columns]))
    yield from aligned(rows)


def aligned(rows: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    left = max(len(name) for name, _ in rows)
    width = max(len(text) for _, texts in rows for text in texts)
    for name, texts in rows:
        yield f"{name:<{left}}" + "".join(f"  {text:>{width}}" for text in texts)


def modelled_lines(party: Contender, costs: Costs) -> Iterator[str]:
    for made in modelled(party, costs):
        what = f"  {party.name}: {made['count']:,} {EVENTS.get(made['event'], made['event'])}"
        cycles = made["modelled_cycles"]
        result = "" if cycles is None else f" = {cycles:,} modelled cycles"
        yield f"{what}, {made['formula']}{result}"


def notes(costs: Costs) -> Iterator[str]:
    """Yield the sources of the figures."""
    for kind, figure in costs.figures.items():
        on = f" ({figure.processor})" if figure.processor else ""
        yield f"  {kind.replace('_', ' ')} {figure.value:,}{on}: {figure.source}"


# --- For programs ----------------------------------------------------------------------


def as_object(done: Lockstep, absent: Mapping[str, str], costs: Costs | None) -> dict[str, Any]:
    """Return the object that `ring1 compare --json` prints."""
    isa = done.setup.isa
    return {
        "isa": isa.name,
        "reference": done.reference.name,
        "equivalent": equivalent(done),
        "equal_instructions": done.equal,
        "stop": stopped(isa, done.reference.stop),
        "engines": {party.name: engine_object(party, costs) for party in done.parties},
        "divergences": {name: divergence_object(isa, each) for name, each in done.divergences.items()},
        "left_open": dict(done.left_open),
        "builds": {name: ending_object(isa, each) for name, each in done.endings().items()},
        "unavailable": dict(absent),
        "modelled_on": None if costs is None else costs.generation,
    }


def engine_object(party: Contender, costs: Costs | None) -> dict[str, Any]:
    found = figures(party)
    made: dict[str, Any] = {
        "wall_s": round(found["wall time"], 6),
        "instructions": found["instructions"],
        "efficiency": found["run without the VMM"],
        "exits": found["exits"],
        "callouts": found["callouts"],
        "inline_static": found["emulated inline, static"],
        "shadow_faults": found["shadow faults"],
        "page_walks": found["page walks"],
        **({"modelled_hardware": party.engine.modelled()} if party.technique.modelled else {}),
    }
    return made if costs is None else made | {"modelled": modelled(party, costs)}


def divergence_object(isa: Isa, d: Divergence) -> dict[str, Any]:
    a: Apart = d.apart
    return {
        "after": d.low,
        "by": d.high,
        "exact": d.exact,
        "pc": d.pc,
        "place": d.place,
        "stops": both(stopped(isa, stop) for stop in a.stops),
        "traps": both(None if trap is None else taken(isa, trap) for trap in a.traps),
        "differences": [
            {"name": name, "before": before if before >= 0 else None, "engine": mine, "reference": theirs}
            for name, before, mine, theirs in a.rows
        ],
        "console": both(data.decode("latin-1") for data in a.console),
        "sectors": list(a.sectors),
        "devices": list(a.devices),
    }


def ending_object(isa: Isa, each: Ending) -> dict[str, Any]:
    return {
        "equivalent": None if each.refused else each.equal,
        "refused_at": each.place if each.refused else None,
        "stops": both(stopped(isa, stop) for stop in each.stops),
        "console": both(data.decode("latin-1") for data in each.console),
        "sectors": list(each.sectors),
    }


def both(pair: Iterable[Any]) -> dict[str, Any]:
    return dict(zip(("engine", "reference"), pair, strict=True))


def stopped(isa: Isa, stop: Stop) -> dict[str, Any]:
    from ring1.dbt.report.result import trap_object

    return {"reason": stop.reason, "exit_code": stop.code, "trap": trap_object(isa, stop.trap)}
