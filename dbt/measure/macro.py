"""The macrobenchmarks: the operating system of examples/os does the same few commands again and again.

An operation is the script once. How often it has been done is told by what the console has been given, which is so
many bytes for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, cast

from dbt.measure.benchmark import PARAVIRTUAL, ROOT, assembled
from dbt.measure.sampling import Maker, Subjects
from dbt.measure.subject import Endless, Guest, Subject, Tally, session
from dbt.measure.trial import BARE, Setting, Trial, asked, chosen
from isa.record import Record

KERNEL = ROOT / "examples" / "os" / "kernel.s"
TIMES = 1 << 14
"""How often the script is on the console: more often than it can be done."""
PHASE = 0.05
"""Of an operation: by so much a sample may begin elsewhere in the script than it ends."""
OFTEN = 1000
"""Instructions between interrupts, where there are many."""
LEFT_OUT = {"interp": "the reference is not measured here"}
SLOW = {"hybrid": "its kernel is interpreted: not measured when it is to be quick"}


class Load(Record):
    """A script, and the kernel's quantum."""

    name: str
    operation: str
    script: str
    constants: Mapping[str, int] = {}


LOADS = (
    Load("compute", "a program that only computes", "primes 60000\n"),
    Load("forkwait", "fork and wait, twice, and a command", "forkwait 2\n"),
    Load("build", "3 short processes, 2 of which read files", "cat motd\nprimes 30\nls\n"),
    Load("server", "2 files from the disk to the console", "cat jabberwocky help\n"),
    Load("churn", "a heap of 16 pages that grows, is shared, copied, and goes", "churn 1\n"),
    Load("interrupts", "two programs that are interrupted all the time", "primes 500 &\nprimes 500\n", {"TICK": OFTEN}),
    Load("mixed", "something of each", "forkwait 1\nprimes 2000\ncat motd\nchurn 1 4\n"),
)


def trial(load: Load, setting: Setting, disk: Callable[[], str]) -> Trial:
    @cache
    def guest(plain: bool, times: int) -> Guest:
        constants = load.constants if plain else {**load.constants, **PARAVIRTUAL}
        program = assembled(setting.isa, [KERNEL], constants)
        return Guest(setting.isa, program.image, program.entry, (load.script * times).encode(), disk())

    @cache
    def unit(plain: bool) -> tuple[int, int]:
        """Instructions and bytes of output of one operation."""
        few, many = (session(guest(plain, times), asked(plain)) for times in (1, 3))
        return round((many[0] - few[0]) / 2), (len(many[1]) - len(few[1])) // 2

    def machine(engine: str, plain: bool) -> Subject:
        instructions, output = unit(plain)
        tally = Tally()
        vm = guest(plain, TIMES).machine(engine, cast(BinaryIO, tally))
        return Endless(vm, lambda: tally.written, output, instructions)

    def make(engine: str, plain: bool) -> Maker:
        return LEFT_OUT.get(engine) or (setting.quick and SLOW.get(engine)) or partial(machine, engine, plain)

    def subjects() -> Subjects:
        return chosen(setting, make)

    return Trial(load.name, load.operation, BARE, PHASE, subjects)


def trials(setting: Setting) -> list[Trial]:
    @cache
    def disk() -> str:
        from examples.os import image

        path = Path(setting.folder, "os.img")
        path.write_bytes(image.build(image.contents(image.sources())))
        return str(path)

    return [trial(load, setting, disk) for load in LOADS]
