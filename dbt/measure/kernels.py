"""The kernels of bench/kernels: computation in a ring-3 program under a small operating system, the same for all
engines; also natively and in other emulators.

An operation is a part of a kernel's work, repeated; the amount of output tells how often it was done.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, cast

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.measure.benchmark import assembled, defined
from ring1.dbt.measure.peers.table import PEERS, Peer, PeerWork
from ring1.dbt.measure.sampling import Maker, Subjects
from ring1.dbt.measure.subject import Endless, Measured, MeasuredGuest, Tally, session
from ring1.dbt.measure.trial import BARE, Trial, TrialSetting, asked, chosen
from ring1.dbt.share import share

HERE = share("bench", "kernels")
NAMES = ("sieve", "crc32", "matmul", "fib", "quicksort", "sha256", "listwalk", "collatz", "bytes")
PARTS = {False: 16, True: 32}
"""Is the measurement to be quick? -> the number of parts into which the work is divided, one of which is an
operation."""
QUICK = ("sieve", "fib", "sha256")
"""The kernels of a quick measurement."""
NATIVE = "native"


def versions() -> dict[str, str]:
    """Return peer -> its version, or why it is absent."""
    return {name: peer.why_not() or peer.version() for name, peer in PEERS.items()}


def trial(name: str, setting: TrialSetting) -> Trial:
    parts = PARTS[setting.quick]

    @cache
    def guest(build: str, *more: str) -> MeasuredGuest:
        constants = {"PARTS": parts, **dict.fromkeys(more, 1), **defined(build)}
        program = assembled(setting.isa, [HERE / f"{name}.s", HERE / "program.s"], constants)
        return MeasuredGuest(setting.isa, program.image, program.entry)

    @cache
    def unit(who: Technique) -> tuple[int, bytes]:
        """Return instructions and output of one operation."""
        return session(guest(who.build), who)

    def machine(technique: Technique) -> Measured:
        instructions, output = unit(asked(technique))
        tally = Tally()
        vm = guest(technique.build, "FOREVER").machine(technique, cast(BinaryIO, tally))
        return Endless(vm, lambda: tally.written, len(output), instructions)

    def make(technique: Technique) -> Maker:
        return partial(machine, technique)

    def peer(who: Peer) -> Maker:
        def made() -> Measured:
            output = unit(asked(ENGINES.reference))[1]
            return who.make(PeerWork(name, parts, output, Path(setting.folder)))

        return who.why_not() or made

    def subjects() -> Subjects:
        engines, others = chosen(setting, "kernels", make), {each: peer(who) for each, who in PEERS.items()}
        return {NATIVE: others.pop(NATIVE), **engines, **others}

    reference = BARE.name if PEERS[NATIVE].why_not() else NATIVE
    return Trial(name, f"1/{parts} of its work", reference, 1, subjects)


def trials(setting: TrialSetting) -> list[Trial]:
    return [trial(name, setting) for name in NAMES if not setting.quick or name in QUICK]
