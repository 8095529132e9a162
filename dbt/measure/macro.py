"""The macrobenchmarks: the operating system of examples/os repeats the same few commands.

An operation is one run of the script. How many were done is computed from the bytes of output, which are the same for
each.
"""

from __future__ import annotations

from functools import cache, cached_property, partial
from pathlib import Path
from typing import BinaryIO, cast

from ring1.dbt.engines.technique import Technique
from ring1.dbt.measure.benchmark import assembled, defined
from ring1.dbt.measure.sampling import Maker, Subjects
from ring1.dbt.measure.subject import Endless, Measured, MeasuredGuest, Tally, session
from ring1.dbt.measure.trial import BARE, Trial, TrialSetting, asked, chosen
from ring1.dbt.share import share
from ring1.isa.record import Record

KERNEL = share("examples", "os", "kernel.s")
SOME = 4
"""How often the script is run to measure its work."""
TIMES = 1 << 14
"""How often the script is on the console: more often than it can be completed."""
OFTEN = 1000
"""Instructions between interrupts, where these are frequent."""
QUICK = ("compute", "forkwait", "mixed")
"""The scripts of a quick measurement."""


class Load(Record):
    """A script, and the kernel's quantum."""

    name: str
    operation: str
    script: str
    quantum: int = 100_000
    """Instructions between two ticks of the timer."""


LOADS = (
    Load("compute", "a program that only computes", "primes 60000\n"),
    Load("forkwait", "fork and wait, twice, and a command", "forkwait 2\n"),
    Load("build", "3 short processes, 2 of which read files", "cat motd\nprimes 30\nls\n"),
    Load("server", "2 files from the disk to the console", "cat jabberwocky help\n"),
    Load("churn", "a heap of 16 pages that grows, is shared, copied, and goes", "churn 1\n"),
    Load("interrupts", "two programs that are interrupted all the time", "primes 500 &\nprimes 500\n", OFTEN),
    Load("mixed", "something of each", "forkwait 1\nprimes 2000\ncat motd\nchurn 1 4\n"),
)


class Sessions:
    """The guests that run a script on the operating system, and the work of a session."""

    def __init__(self, setting: TrialSetting) -> None:
        self.setting = setting
        self.booted: dict[tuple[str, int], tuple[int, bytes]] = {}

    @cached_property
    def disk(self) -> str:
        from ring1.examples.os import image

        path = Path(self.setting.folder, "os.img")
        path.write_bytes(image.build(image.contents(image.sources())))
        return str(path)

    def guest(self, load: Load, build: str, times: int) -> MeasuredGuest:
        """Return the system with the script `times` times on its console."""
        constants = {"TICK": load.quantum, **defined(build)}
        program = assembled(self.setting.isa, [KERNEL], constants)
        return MeasuredGuest(self.setting.isa, program.image, program.entry, (load.script * times).encode(), self.disk)

    def unit(self, load: Load, who: Technique) -> tuple[int, int]:
        """Return instructions and bytes of output of one run of the script."""
        system = who.build, load.quantum
        if system not in self.booted:
            self.booted[system] = session(self.guest(load, who.build, 0), who)
        (boot, shown), (whole, written) = self.booted[system], session(self.guest(load, who.build, SOME), who)
        return round((whole - boot) / SOME), (len(written) - len(shown)) // SOME


def trial(load: Load, sessions: Sessions) -> Trial:
    unit = cache(partial(sessions.unit, load))

    def machine(technique: Technique, shadow: bool = False) -> Measured:
        instructions, output = unit(asked(technique))
        tally = Tally()
        vm = sessions.guest(load, technique.build, TIMES).machine(technique, cast(BinaryIO, tally), shadow)
        return Endless(vm, lambda: tally.written, output, instructions)

    def make(technique: Technique) -> Maker:
        return partial(machine, technique)

    def subjects() -> Subjects:
        return chosen(sessions.setting, "macro", make)

    return Trial(load.name, load.operation, BARE.name, 1, subjects, partial(machine, BARE, True))


def trials(setting: TrialSetting) -> list[Trial]:
    sessions = Sessions(setting)
    return [trial(load, sessions) for load in LOADS if not setting.quick or load.name in QUICK]
