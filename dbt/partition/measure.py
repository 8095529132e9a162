"""What is asked of static partitioning, measured under each technique: how long from a line to the first instruction of
its handler and from a doorbell to its reader, what a word sent costs, how much a slot costs, what neighbours do to each
other, how long a start takes, and how much code there is.

(Martins and Pinto, "Shedding light on static partitioning hypervisors for Arm-based mixed-criticality systems", RTAS
2023, ask these of four hypervisors on hardware that isolates caches by colouring. Here caches and buses are the host's,
and nothing isolates them: what neighbours do to each other is measured and not prevented.)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import Technique
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.dbt.machine.bus import Device
from ring1.dbt.partition.channel import LINE
from ring1.dbt.partition.partitions import Partitions, Ran
from ring1.dbt.partition.plan import Care, ChannelPlan, PartitionPlan, Slot
from ring1.dbt.share import share
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.record import Record
from ring1.isa.source import Position

Object = dict[str, Any]
MEMORY, LARGE = 1 << 20, 32 << 20
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
"""Parts of the samples below the figures of a distribution."""
BINS = 24
EVERY = 5003
"""Virtual time between two rises of the line: a prime, so that it meets the guest's loop anywhere."""
LENGTH = 1000
"""Instructions of a slot where nothing else is said."""
WARM = 20
"""Samples that do not count."""
SITUATIONS = {
    "alone": "its neighbour waits",
    "beside one that computes": "by turns with one that computes in registers",
    "beside one that thrashes": f"by turns with one that writes to all of its {LARGE >> 20} MiB",
    "at the same time as one": "while such a one runs on another processor",
}


class Quantity(Record):
    """How much is measured."""

    samples: int
    slow: int
    """Samples of slow techniques."""
    slots: int
    """Slots of a situation."""

    def of(self, technique: Technique, registry: Registry) -> int:
        return self.slow if slow(technique, registry) else self.samples


def slow(technique: Technique, registry: Registry) -> bool:
    """Does a technique get fewer samples? The reference executes a hundredth of what others do, what depends on the
    host may be emulated, and what is modelled has no time of its own."""
    return technique is registry.reference or technique.host is not None or technique.modelled


QUANTITIES = {False: Quantity(1000, 100, 60), True: Quantity(200, 20, 15)}
"""Is the measurement to be quick? -> how much is measured."""


class Probe(Device):
    """Raises the line at fixed times, and notes when the handler's first two instructions have told it so at ports 0x50
    and 0x51. It falls with the second."""

    name = "probe"
    ports = range(0x50, 0x52)
    line = LINE
    shares = True

    def __init__(self) -> None:
        self.due, self.rose, self.first = EVERY, 0, 0
        """When it rises next, in virtual time; when it rose and when the first instruction was executed, by the host's
        clock in nanoseconds."""
        self.up = False
        self.instructions: list[int] = []
        """From the line to the first instruction, in virtual time ..."""
        self.ns: list[int] = []
        """... and by the host's clock."""
        self.between: list[int] = []
        """Nanoseconds between both instructions: what telling it takes."""

    def deadline(self) -> int | None:
        return None if self.up else self.due

    def advance(self, now: int) -> None:
        if now >= self.due and not self.up:
            self.up, self.rose = True, time.perf_counter_ns()

    def level(self) -> bool:
        return self.up

    def write(self, port: int, value: int, now: int) -> None:
        if port == 0:
            self.first = time.perf_counter_ns()
            self.instructions.append(now - self.due)
            self.ns.append(self.first - self.rose)
        elif self.up:
            self.between.append(time.perf_counter_ns() - self.first)
            self.up, self.due, self.attention = False, self.due + EVERY, True


# --- Plans -------------------------------------------------------------------------


@cache
def files(name: str) -> tuple[str, ...]:
    return (str(share("bench", "partitions", f"{name}.s")),)


def machine(name: str, engine: str, memory: int = MEMORY) -> MachinePlan:
    return MachinePlan(name, Position("bench"), program=files(name), engine=engine, memory=memory)


def plan(slots: Mapping[str, int], channel: Mapping[str, Any] | None, *machines: MachinePlan) -> PartitionPlan:
    """Return the plan of a schedule with a slot of this length for each machine, and a channel from the first one to
    the second."""
    names = [each.name for each in machines]
    channels = () if channel is None else (ChannelPlan("c", names[0], names[1], **channel),)
    return PartitionPlan(
        Plan("bench", machines, 1),
        {"s": tuple(Slot(name, length) for name, length in slots.items())},
        {name: Care() for name in names},
        channels,
    )


# --- Measuring ---------------------------------------------------------------------


def line(technique: Technique, registry: Registry, samples: int) -> dict[str, Sequence[float]]:
    """Return samples of the latency from a line to the first instruction of its handler."""
    with closing(Partitions(plan({"line": 20 * EVERY}, None, machine("line", technique.name)), registry)) as made:
        probe = Probe()
        made.parts["line"].machine.vm.bus.add(probe)
        while len(probe.between) < samples + WARM:
            run(made)
        return {
            "instructions": probe.instructions[WARM:],
            "ns": probe.ns[WARM:],
            "probe": probe.between[WARM:],
        }


def bell(technique: Technique, registry: Registry, samples: int) -> dict[str, Sequence[float]]:
    """Return samples of the latency from a doorbell to the first instruction of the handler that hears it."""
    slots = {"rings": LENGTH, "hears": LENGTH}
    both = machine("rings", technique.name), machine("hears", technique.name)
    with closing(Partitions(plan(slots, {}, *both), registry)) as made:
        channel = made.channels[0]
        while len(channel.answered) < samples + WARM:
            run(made)
        return {
            "instructions": [heard - rung for rung, heard in channel.answered[WARM:]],
            "ns": channel.took[WARM:],
        }


def words(technique: Technique, registry: Registry, samples: int, pages: bool) -> list[float]:
    """Return nanoseconds of wall time for each word sent and received, in slots of both."""
    channel = {"pages": 1, "at": 0x8000, "seen": 0x8000} if pages else {}
    long = LENGTH if slow(technique, registry) else 50 * LENGTH
    both = machine("sends", technique.name), machine("takes", technique.name)
    made = Partitions(plan({"sends": long, "takes": long}, channel, *both), registry, built(pages))
    with closing(made):
        found = list[float]()
        while len(found) < samples // 20 + WARM:
            before, slots = counts(made), list[Ran]()
            run(made, slots.append)
            done = [after - count for after, count in zip(counts(made), before, strict=True)]
            if all(done):
                found.append(sum(ran.seconds * 1e9 / count for ran, count in zip(slots, done, strict=True)))
        return found[WARM:]


def built(pages: bool) -> Callable[[Any, tuple[str, ...]], Program]:
    """Return what assembles the guests, for pages or for words."""
    return lambda isa, names: assemble_files(isa, list(names), definitions=["PAGES"] if pages else [])


def counts(made: Partitions) -> list[int]:
    """Return how many words each partition has sent or received."""
    vms = [part.machine.vm for part in made.parts.values()]
    return [vm.cpu.s[vm.isa.register_numbers["gp"]] for vm in vms]


def run(made: Partitions, told: Callable[[Ran], None] = lambda ran: None) -> None:
    """Run a major frame. Raises MachineError if a partition fails."""
    made.run(1, told)
    if made.failures:
        raise MachineError(f"{made.failures[0].machine} has failed: {made.failures[0].why}")


def slots(technique: Technique, registry: Registry, length: int, count: int) -> list[float]:
    """Return microseconds of wall time of slots of this length."""
    with closing(Partitions(plan({"computes": length}, None, machine("computes", technique.name)), registry)) as made:
        found = list[Ran]()
        for _ in range(count + WARM):
            run(made, found.append)
        return [ran.seconds * 1e6 for ran in found[WARM:]]


def start(technique: Technique, registry: Registry, count: int) -> list[float]:
    """Return milliseconds from a plan that has been read until a partition has executed an instruction."""
    found = list[float]()
    for _ in range(count):
        began = time.perf_counter()
        with closing(Partitions(plan({"computes": 1}, None, machine("computes", technique.name)), registry)) as made:
            run(made)
            found.append((time.perf_counter() - began) * 1e3)
    return found


def size(technique: Technique, registry: Registry) -> Object:
    """Return the guest instructions that were translated of an example, and the bytes of host code for them."""
    with closing(Partitions(plan({"line": 20 * EVERY}, None, machine("line", technique.name)), registry)) as made:
        made.parts["line"].machine.vm.bus.add(Probe())
        run(made)
        engine = made.parts["line"].machine.vm.engine
        assert engine is not None
        return {"guest_insns": engine.work.guest_insns, "host_bytes": engine.work.host_bytes}


def interference(technique: Technique, registry: Registry, count: int) -> dict[str, list[float]]:
    """Return situation -> microseconds of wall time of the victim's slots, which are all of the same work."""
    victim, found = machine("victim", technique.name), dict[str, list[float]]()
    computes, thrashes = machine("computes", technique.name), machine("thrashes", technique.name, LARGE)
    length = 1 << 18
    for situation, neighbour in zip(SITUATIONS, (None, computes, thrashes, None), strict=True):
        machines = (victim,) if neighbour is None else (victim, neighbour)
        lengths = {each.name: length for each in machines}
        with closing(Partitions(plan(lengths, None, *machines), registry)) as made:
            beside = closing(Thrashing(thrashes, registry)) if situation.startswith("at the same") else None
            if beside is not None:
                beside.__enter__()
            try:
                ran = list[Ran]()
                for _ in range(count + WARM):
                    run(made, ran.append)
            finally:
                if beside is not None:
                    beside.__exit__(None, None, None)
            found[situation] = [each.seconds * 1e6 for each in ran if each.machine == "victim"][WARM:]
    return found


class Thrashing:
    """A host with a machine that runs on a thread of its own."""

    def __init__(self, plan: MachinePlan, registry: Registry) -> None:
        self.host = Host(Plan("bench", (plan,), 1), registry)
        self.host.start()

    def close(self) -> None:
        self.host.close()


def lines() -> Object:
    """Return the lines of Python, but for empty ones, of what is there for partitions alone, and of all that runs
    machines: a trusted computing base."""
    root = Path(__file__).resolve().parents[1]

    def of(*folders: str) -> int:
        paths = (path for folder in folders for path in root.joinpath(folder).rglob("*.py"))
        return sum(bool(text.strip()) for path in paths for text in path.read_text(encoding="utf-8").splitlines())

    base = ("cache", "devices", "engines", "host", "ir", "machine", "mmu", "native", "stencils", "translate", "vmm")
    return {"partitions": of("partition"), "base": of("partition", "hosting", *base)}


# --- The result --------------------------------------------------------------------


def distribution(samples: Sequence[float]) -> Object:
    """Return a distribution: the figures of SHARES, and how many samples there are in each of equal bins."""
    ordered = sorted(samples)
    figures = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in SHARES]
    low, high = ordered[0], ordered[max(0, int(0.9 * len(ordered)) - 1)]
    width = (high - low) / BINS or 1
    bins = [0] * (BINS + 1)
    for sample in ordered:
        bins[min(BINS, int((sample - low) / width))] += 1
    return {
        "samples": len(ordered),
        **{f"p{share * 100:g}": rounded(figure) for share, figure in zip(SHARES, figures, strict=True)},
        "bins": {"from": rounded(low), "width": rounded(width), "counts": bins},
    }


def rounded(figure: float) -> float:
    return float(f"{figure:.5g}")


ROWS = {
    "line": ("instructions", "from a line to the first instruction of its handler"),
    "line ns": ("ns", "the same by the host's clock, from when the device is asked until it is told"),
    "probe ns": ("ns", "of that, what it takes to tell the device"),
    "doorbell": ("instructions", "from a doorbell to the first instruction of the handler that hears it, by turns of"
                 f" {LENGTH:,} each"),
    "doorbell ns": ("ns", "the same by the host's clock"),
    "word": ("ns", "a word sent and received by ports"),
    "page": ("ns", "a word written to a shared page and read there"),
    "slot 100": ("us", "a slot of 100 instructions"),
    "slot 10k": ("us", "a slot of 10,000"),
    "start": ("ms", "from a plan to the first instruction"),
}  # fmt: skip
"""Name of a row -> its unit, and what it is."""


def measured(technique: Technique, registry: Registry, quantity: Quantity) -> Iterator[tuple[str, Sequence[float]]]:
    """Yield the samples of each row under a technique. Raises MachineError, OSError."""
    count = quantity.of(technique, registry)
    told, heard = line(technique, registry, count), bell(technique, registry, count)
    yield from (("line", told["instructions"]), ("doorbell", heard["instructions"]))
    if technique.modelled:
        return
    yield from (("line ns", told["ns"]), ("probe ns", told["probe"]), ("doorbell ns", heard["ns"]))
    yield "word", words(technique, registry, count, False)
    yield "page", words(technique, registry, count, True)
    yield "slot 100", slots(technique, registry, 100, count)
    yield "slot 10k", slots(technique, registry, 10_000, count // 10)
    yield "start", start(technique, registry, 5)


def measure(techniques: Sequence[Technique], registry: Registry, quick: bool, step: Callable[[str], None]) -> Object:
    """Return the measurement (docs/bench.md). `step` is told of each technique, and of the rest."""
    quantity, sizes = QUANTITIES[quick], dict[str, Object]()
    rows = dict[str, Object]()
    for name, (unit, text) in ROWS.items():
        rows[name] = {"name": name, "unit": unit, "text": text, "cells": {}}
    for technique in techniques:
        step(technique.name)
        reason = technique.why_not() or ("" if technique.unmodified else "its guests are built for it")
        try:
            if not reason:
                for name, samples in measured(technique, registry, quantity):
                    rows[name]["cells"][technique.name] = distribution(samples)
                sizes[technique.name] = size(technique, registry)
                reason = "the time is its model's" if technique.modelled else ""
        except (MachineError, OSError) as error:
            reason = str(error)
        for row in rows.values() if reason else ():
            row["cells"].setdefault(technique.name, {"why_not": reason})
    step("neighbours")
    able = [each for each in techniques if each.unmodified and not each.modelled and not each.why_not()]
    chosen = next((each for each in able if each is registry.default), able[0] if able else None)
    found = {} if chosen is None else interference(chosen, registry, quantity.slots)
    base = median(found["alone"]) if found else 1.0
    return {
        "rows": list(rows.values()),
        "neighbours": {
            "technique": "" if chosen is None else chosen.name,
            "unit": "us",
            "text": "a slot of 262,144 instructions that goes through 256 KiB",
            "cells": {
                name: {"text": SITUATIONS[name], "slowdown": rounded(median(samples) / base), **distribution(samples)}
                for name, samples in found.items()
            },
        },
        "size": sizes,
        "lines": lines(),
    }
