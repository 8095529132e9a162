"""Plans of partitions: machines, schedules of slots in virtual time, channels, and what is done when one fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.engines.registry import Registry
from ring1.dbt.hosting.plan import MachinePlan, Plan, PlanError, Reader
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.toml.fields import Key, Wrong, flag, scaled, text, whole
from ring1.dbt.toml.source import ordered
from ring1.isa.asm.near import suggestion
from ring1.isa.record import Record

ACTIONS = ("stop", "warm", "cold")
PLACING = ("at", "seen", "both")
"""Keys of a channel of pages alone."""
TO = "schedule "
"""How an action begins that switches to a schedule."""
instructions = scaled(1000, '"500k" or "10M"')


class Slot(Record):
    machine: str
    length: int
    """Instructions, or virtual time in which it waits."""


class Care(Record):
    """The health monitor's orders for a partition."""

    fault: str = "stop"
    """What is done when it fails: one of ACTIONS, or TO and the name of a schedule."""
    watchdog: int = 0
    """Virtual time within which it has to say that it is well; 0 for none."""


class ChannelPlan(Record):
    name: str
    sender: str
    receiver: str
    words: int = 64
    pages: int = 0
    """Pages of RAM that both have; 0 for a channel of words."""
    at: int = 0
    seen: int = 0
    """The physical addresses at which the sender has them, and the receiver."""
    both: bool = False
    """May the receiver write to them?"""


class PartitionPlan(Record):
    machines: Plan
    schedules: Mapping[str, tuple[Slot, ...]]
    """The first one is that at the beginning."""
    care: Mapping[str, Care]
    channels: tuple[ChannelPlan, ...]


def action(value: object) -> str:
    if text(value) not in ACTIONS and not str(value).startswith(TO):
        raise Wrong(f"this is one of {', '.join(ACTIONS)}, or {TO}NAME")
    return str(value)


CARE: Mapping[str, Key] = {
    "fault": Key(action, "what is done when it fails: stop it, begin again with its RAM (warm) or without (cold), or"
                 " switch to a schedule"),
    "watchdog": Key(instructions, "virtual time within which it has to write to port 0x3F"),
}  # fmt: skip
CHANNEL: Mapping[str, Key] = {
    "from": Key(text, "the partition that sends"),
    "to": Key(text, "the one that receives"),
    "words": Key(whole(1, 1 << 16), "words that are on their way at most (64)"),
    "pages": Key(whole(1, 1 << 16), "instead of words, pages of 4096 bytes that both have in their RAM"),
    "at": Key(scaled(1024, '0x8000 or "32K"'), "the address at which the sender has them"),
    "seen": Key(scaled(1024, '0x8000 or "32K"'), "the address at which the receiver has them (the same)"),
    "both": Key(flag, "may the receiver write to them as well?"),
}


class PartitionReader(Reader):
    """Reads a plan with schedules."""

    tables = ("host", "machine", "schedule", "channel")

    def __init__(self, path: str, registry: Registry) -> None:
        super().__init__(path, registry)
        self.care: dict[str, Care] = {}
        self.names: dict[str, MachinePlan] = {}

    def machines(self, name: str, given: Mapping[str, Any]) -> list[MachinePlan]:
        own = {key: value for key, value in given.items() if key in CARE}
        care = Care(**self.source.read(own, ("machine", name), CARE))
        made = super().machines(name, {key: value for key, value in given.items() if key not in CARE})
        if "paused" in given:
            self.source.fault(self.source.key(("machine", name, "paused")), "nobody can have a partition go on")
        for machine in made:
            self.care[machine.name], self.names[machine.name] = care, machine
        return made

    def together(self, machines: list[MachinePlan], most: int) -> None:
        super().together(machines, most)
        self.schedules = self.read_schedules()
        self.channels = self.read_channels()
        for name, care in self.care.items():
            to = care.fault.removeprefix(TO)
            if care.fault.startswith(TO) and to not in self.schedules:
                path = ("machine", name, "fault")
                self.source.fault(self.source.value(path), f"there is no schedule {to}{suggestion(to, self.schedules)}")

    def read_schedules(self) -> dict[str, tuple[Slot, ...]]:
        source, made = self.source, dict[str, tuple[Slot, ...]]()
        given = source.table(self.said.get("schedule", {}), ("schedule",))
        for name, slots in given.items():
            path = ("schedule", name)
            if not isinstance(slots, list) or not slots:
                source.fault(source.value(path), f"{name}: a schedule is a list of slots, each [machine, length]")
                continue
            made[name] = tuple(self.slot((*path, n), slot) for n, slot in enumerate(slots))
        if not given:
            source.fault(source.key(()), "there is no schedule in it: [schedule]")
        return made

    def slot(self, path: tuple[str | int, ...], given: object) -> Slot:
        source = self.source
        if not isinstance(given, list) or len(given) != 2 or not isinstance(given[0], str):
            source.fault(source.value(path), "a slot is [machine, length]")
            return Slot("", 1)
        if given[0] not in self.names:
            known = suggestion(given[0], self.names)
            source.fault(source.value((*path, 0)), f"there is no machine {given[0]}{known}")
        try:
            return Slot(given[0], instructions(given[1]))
        except Wrong as wrong:
            source.fault(source.value((*path, 1)), str(wrong))
            return Slot(given[0], 1)

    def read_channels(self) -> tuple[ChannelPlan, ...]:
        source, made = self.source, list[ChannelPlan]()
        for name, given in source.table(self.said.get("channel", {}), ("channel",)).items():
            path = ("channel", name)
            found = source.read(source.table(given, path), path, CHANNEL)
            for key in ("from", "to"):
                if key not in found and key not in given:
                    source.fault(source.key(path), f"{name}: {key} whom?")
                elif found.get(key, "") not in self.names:
                    known = suggestion(found.get(key, ""), self.names)
                    source.fault(source.value((*path, key)), f"there is no machine {found.get(key)}{known}")
            if found.get("from", "") == found.get("to"):
                source.fault(source.key(path), f"{name} leads to where it begins")
            self.pages_of(path, given, found)
            rest = {key: value for key, value in found.items() if key not in ("from", "to")}
            made.append(ChannelPlan(name, found.get("from", ""), found.get("to", ""), **rest))
        self.apart(made)
        return tuple(made)

    def pages_of(self, path: tuple[str, ...], given: Mapping[str, Any], found: dict[str, Any]) -> None:
        """Look at what a channel says of its pages, and complete it."""
        source, name = self.source, path[-1]
        if "pages" not in given:
            for key in PLACING:
                if key in given:
                    source.fault(source.key((*path, key)), f"{key}: {name} has no pages")
            return
        if "words" in given:
            source.fault(source.key((*path, "words")), f"words: {name} is a channel of pages")
        if "at" not in given:
            source.fault(source.key(path), f"{name}: at which address does the sender have its pages?")
        found.setdefault("seen", found.get("at", 0))
        for key, end in (("at", "from"), ("seen", "to")):
            where, there = source.value((*path, key if key in given else "pages")), self.names.get(found.get(end, ""))
            first, length = found.get(key, 0), found.get("pages", 1) * PAGE
            if first % PAGE:
                source.fault(where, f"{key}: {first:#x} is not where a page begins: a multiple of {PAGE:#x}")
            elif there is not None and first + length > there.memory:
                source.fault(where, f"{key}: {first:#x} to {first + length - 1:#x} are not in the RAM of {there.name}")

    def apart(self, channels: list[ChannelPlan]) -> None:
        """Look for pages of one machine that two channels have."""
        taken: dict[str, list[tuple[range, str]]] = {}
        for channel in channels:
            for key, machine, at in (("at", channel.sender, channel.at), ("seen", channel.receiver, channel.seen)):
                pages = range(at, at + channel.pages * PAGE)
                for other, name in taken.get(machine, ()):
                    if pages.start < other.stop and other.start < pages.stop:
                        path, said = ("channel", channel.name), self.said["channel"][channel.name]
                        where = self.source.value((*path, key if key in said else "pages"))
                        self.source.fault(where, f"{key}: {machine} has pages of {name} there")
                if channel.pages:
                    taken.setdefault(machine, []).append((pages, channel.name))


def read(path: str, registry: Registry) -> PartitionPlan:
    """Return the plan in a file. Raises PlanError with every fault."""
    reader = PartitionReader(path, registry)
    plan = reader.plan()
    if reader.faults:
        raise PlanError(ordered(reader.faults))
    return PartitionPlan(plan, reader.schedules, reader.care, reader.channels)
