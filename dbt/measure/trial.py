"""A trial: the subjects that do one benchmark's operation, to be sampled by turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import BinaryIO, cast

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure.benchmark import PARAVIRTUAL, Benchmark, assembled
from ring1.dbt.measure.sampling import Maker, Subjects
from ring1.dbt.measure.subject import Endless, Guest, Subject, Tally
from ring1.isa.model import Isa
from ring1.isa.record import Record

BARE = "bare"
"""What slowdowns are told against."""


class Setting(Record):
    """What all trials of a run have in common."""

    isa: Isa
    engines: Sequence[str]
    folder: str
    """For temporary files."""
    quick: bool


class Trial(Record):
    """One row of a report."""

    name: str
    operation: str
    reference: str
    cycle: float
    subjects: Callable[[], Subjects]
    """Makes them ready, and raises what assembling raises."""


def unmodified(engine: str) -> bool:
    """Does the engine run guests that know nothing of it?"""
    return ENGINES[engine].unmodified


def asked(plain: bool) -> str:
    """An engine that tells how much work an operation is: a fast one, if it is here."""
    able = [name for name in ENGINES if unmodified(name) is plain and not ENGINES[name].why_not()]
    return BARE if BARE in able else able[0]


def chosen(setting: Setting, make: Callable[[str, bool], Maker]) -> dict[str, Maker]:
    """The subjects of the engines that can run here: `make` has the engine, and whether its guests are unmodified."""

    def ready(engine: str) -> Maker:
        reason = ENGINES[engine].why_not()
        return f"cannot run here: {reason}" if reason else make(engine, unmodified(engine))

    return {engine: ready(engine) for engine in setting.engines}


def endless(benchmark: Benchmark, setting: Setting) -> Trial:
    """The trial of a guest that counts its operations in gp."""
    counter = setting.isa.register_numbers["gp"]

    @cache
    def guest(plain: bool) -> Guest:
        constants = benchmark.constants if plain else {**benchmark.constants, **PARAVIRTUAL}
        program = assembled(setting.isa, [benchmark.file], constants)
        return Guest(setting.isa, program.image, program.entry)

    def machine(engine: str, guest: Guest) -> Subject:
        vm = guest.machine(engine, cast(BinaryIO, Tally()))
        return Endless(vm, lambda: vm.cpu.s[counter])

    def make(engine: str, plain: bool) -> Maker:
        if not plain and not benchmark.paravirtual:
            return "a paravirtualized kernel has nothing to do instead"
        return partial(machine, engine, guest(plain))

    return Trial(benchmark.name, benchmark.operation, BARE, benchmark.cycle, lambda: chosen(setting, make))
