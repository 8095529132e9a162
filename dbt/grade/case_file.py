"""The reader of case files: TOML becomes an Assignment, or all faults are told, with line and column."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ring1.dbt.grade.assignment import Assignment, Mutated
from ring1.dbt.grade.case import Case, Limits
from ring1.dbt.grade.fields import EXCLUDE, KEYS, LIMITS
from ring1.dbt.toml.fields import Key, Wrong, flag, names, number, text, whole
from ring1.dbt.toml.places import Path as KeyPath
from ring1.dbt.toml.source import Known, Source, ordered
from ring1.isa.asm.near import suggestion
from ring1.isa.record import replace
from ring1.isa.source import Fault, Position, SourceError

MOST_CASES = 10_000
HEADER = ("title", "submitted", "solution", "defaults", "case", "mutants")
MUTANTS: Mapping[str, Key] = {
    "of": Key(text, "the reference: an assembly file, or a description"),
    "tests": Key(text, "the case file in a submission that has to notice"),
    "share": Key(number, "the part of the mutants that is to be noticed, 0 to 1"),
    "most": Key(whole(1, 10_000), "so many mutants, spread evenly over the reference"),
    "given": Key(names, "files of the folder's that a submission's cases may name, beside the reference"),
    "hidden": Key(flag, "is nothing told of a mutant but its kind and number?"),
}


class CaseError(SourceError):
    """Faults in case files."""


class Reader:
    """Reads the case files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.header: dict[str, tuple[Source, Any]] = {}
        self.found: list[tuple[Source, KeyPath, dict[str, Any]]] = []
        """Cases: the file, where in it, and what it says."""

    def add(self, path: str) -> None:
        source = Source(path, self.faults)
        made = source.parsed()
        own = {name: value for name, value in made.items() if name not in HEADER}
        for name in HEADER:
            if name in made and name != "case":
                if name in self.header:
                    other = self.header[name][0]
                    source.fault(source.key((name,)), f"{name} is said in {other.path} as well")
                self.header.setdefault(name, (source, made[name]))
        if "case" not in made:
            if own:
                self.found.append((source, (), {"name": Path(path).stem, **own}))
            return
        for name in own:
            known = f"; {name} is a key of cases" if name in KEYS else suggestion(name, HEADER)
            source.fault(source.key((name,)), f"there is no key {name} outside of cases{known}")
        cases = made["case"]
        if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
            source.fault(source.key(("case",)), "cases are tables, each written [[case]]")
            return
        self.found += [(source, ("case", n), case) for n, case in enumerate(cases)]

    def assignment(self) -> Assignment:
        """Return what has been read. Raises CaseError."""
        usual: dict[str, Any] = {}
        places: Known = {}, {}
        if "defaults" in self.header:
            source, given = self.header["defaults"]
            places = source.below(("defaults",))
            keys = {name: key for name, key in KEYS.items() if name != "name"}
            usual = source.read(source.table(given, ("defaults",)), ("defaults",), keys, EXCLUDE)
        cases = [
            self.case(source, path, given, usual, places, n) for n, (source, path, given) in enumerate(self.found, 1)
        ]
        seen: dict[str, Case] = {}
        for case in cases:
            if case.name in seen:
                line = seen[case.name].place.line
                self.faults.append(Fault(case.place, f"{case.name} is the name of another case, in line {line}"))
            seen.setdefault(case.name, case)
        plain = {name: self.plain(name) for name in ("title", "solution")}
        submitted, mutated = self.submitted(), self.mutated()
        if not cases and not self.faults and mutated is None:
            self.faults.append(Fault(Position(str(self.folder)), "there is no case in it"))
        if len(cases) > MOST_CASES:
            self.faults.append(Fault(Position(str(self.folder)), f"more than {MOST_CASES:,} cases"))
        if self.faults:
            raise CaseError(ordered(self.faults))
        place = cases[0].place if cases else Position(str(self.folder))
        return Assignment(self.folder, place, tuple(cases), plain["title"], submitted, plain["solution"], mutated)

    def submitted(self) -> tuple[str, ...]:
        if "submitted" not in self.header:
            return ()
        source, given = self.header["submitted"]
        try:
            found = names(given)
        except Wrong as wrong:
            source.fault(source.value(("submitted", *wrong.path)), f"submitted: {wrong}")
            return ()
        for n, name in enumerate(found):
            if not plain_name(name):
                source.fault(source.value(("submitted", n)), f"{name!r} is no name of a file below a folder")
        return found

    def plain(self, name: str) -> str:
        if name not in self.header:
            return ""
        source, value = self.header[name]
        try:
            return text(value)
        except Wrong as wrong:
            source.fault(source.value((name,)), f"{name}: {wrong}")
            return ""

    def case(
        self,
        source: Source,
        path: KeyPath,
        given: dict[str, Any],
        usual: dict[str, Any],
        places: Known,
        number_: int,
    ) -> Case:
        """Return a case; what it does not say itself is as `usual`, which stands at `places`."""
        own = source.read(given, path, KEYS, EXCLUDE)
        base = {key: value for key, value in usual.items() if not any(said(own, key, pair) for pair in EXCLUDE)}
        made = {**base, **own}
        limits = Limits(**{field: made.pop(key) for key, field in LIMITS.items() if key in made})
        place = source.key(path) if path else Position(source.path, 1, 1, source.text.partition("\n")[0])
        keys, values = ({**usual_, **own_} for usual_, own_ in zip(places, source.below(path), strict=True))
        found = Case(made.pop("name", f"case {number_}"), place, limits=limits, keys=keys, values=values)
        found = replace(found, **made)
        if found.exit is not None and found.stop != "exit":
            source.fault(source.key((*path, "exit")), f"a guest that stops for {found.stop} has no exit code")
        if not found.program and not found.theorems and found.holes is None:
            # One of an unknown key may be meant for it.
            if given.keys() <= KEYS.keys() - {"program", "theorems", "holes"}:
                source.fault(place, "this case has no program")
        return found

    def mutated(self) -> Mutated | None:
        if "mutants" not in self.header:
            return None
        source, given = self.header["mutants"]
        made = source.read(source.table(given, ("mutants",)), ("mutants",), MUTANTS)
        place = source.key(("mutants",))
        if "of" not in given:
            source.fault(place, 'mutants of what? of = "monitor.s"')
            return None
        if not 0 <= made.get("share", 1) <= 1:
            source.fault(source.value(("mutants", "share")), "share: this is a number from 0 to 1")
        return Mutated(place, **{"of": "", **made})


def plain_name(name: str) -> bool:
    """Is this the name of a file within a folder, which leads nowhere else?"""
    path = Path(name)
    return bool(name) and "\0" not in name and not path.is_absolute() and ".." not in path.parts


def said(own: Mapping[str, Any], key: str, pair: tuple[str, str]) -> bool:
    """Does a case say itself what the other key of a pair says by default?"""
    return key in pair and any(name in own for name in pair)


def files_of(place: Path) -> list[str]:
    """Return the case files of a folder, or the one file. Raises OSError."""
    if place.is_file():
        return [str(place)]
    return sorted(entry.path for entry in os.scandir(place) if entry.name.endswith(".toml") and entry.is_file())


def read(place: Path) -> Assignment:
    """Return the assignment in a folder, or in one case file. Raises CaseError with every fault, OSError."""
    reader = Reader(place.parent if place.is_file() else place)
    found = files_of(place)
    if not found:
        raise CaseError([Fault(Position(str(place)), "there is no case file (.toml) in it")])
    for path in found:
        reader.add(path)
    return reader.assignment()
