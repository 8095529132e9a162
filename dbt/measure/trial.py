"""A trial: the subjects that perform one benchmark's operation, sampled in turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import BinaryIO, cast

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import NATIVE, Technique
from ring1.dbt.measure.benchmark import Benchmark, assembled, defined
from ring1.dbt.measure.sampling import Maker, Subjects
from ring1.dbt.measure.subject import Endless, Measured, MeasuredGuest, Tally
from ring1.isa.model import Isa
from ring1.isa.record import Record

BARE = ENGINES.playing(NATIVE)
"""The technique that slowdowns are relative to."""


class TrialSetting(Record):
    """What all trials of a run have in common."""

    isa: Isa
    engines: Sequence[Technique]
    folder: str
    """The folder for temporary files."""
    quick: bool


class Trial(Record):
    """One row of a report."""

    name: str
    operation: str
    reference: str
    cycle: float
    subjects: Callable[[], Subjects]
    """Returns the subjects. Raises what assembling raises."""
    shadow: Callable[[], Measured] | None = None
    """Makes a subject whose events of paging are those of a shadow page table. Raises the same."""


def asked(technique: Technique) -> Technique:
    """Return a technique with the same guests on which to count the work of an operation: a fast one, if this host has
    one."""
    return BARE if technique.unmodified and not BARE.why_not() else technique


def chosen(setting: TrialSetting, suite: str, make: Callable[[Technique], Maker]) -> dict[str, Maker]:
    """Return the subjects of a suite for the techniques that can run here, and for the others why they are not
    measured."""

    def ready(technique: Technique) -> Maker:
        reason = technique.why_not()
        if reason:
            return f"cannot run here: {reason}"
        return technique.left_out_of(suite, setting.quick) or make(technique)

    return {technique.name: ready(technique) for technique in setting.engines}


def endless(suite: str, benchmark: Benchmark, setting: TrialSetting) -> Trial:
    """Return the trial of a guest that counts its operations in gp."""
    counter = setting.isa.register_numbers["gp"]

    @cache
    def guest(build: str) -> MeasuredGuest:
        program = assembled(setting.isa, [benchmark.file], {**benchmark.constants, **defined(build)})
        return MeasuredGuest(setting.isa, program.image, program.entry)

    def machine(technique: Technique, guest: MeasuredGuest, shadow: bool = False) -> Measured:
        vm = guest.machine(technique, cast(BinaryIO, Tally()), shadow)
        return Endless(vm, lambda: vm.cpu.s[counter])

    def shadow() -> Measured:
        return machine(BARE, guest(BARE.build), True)

    def make(technique: Technique) -> Maker:
        if not technique.unmodified and not benchmark.paravirtual:
            return "a paravirtualized kernel has nothing to do instead"
        return partial(machine, technique, guest(technique.build))

    def subjects() -> Subjects:
        return chosen(setting, suite, make)

    return Trial(benchmark.name, benchmark.operation, BARE.name, benchmark.cycle, subjects, shadow)
