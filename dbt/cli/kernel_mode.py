"""The option --kernel-mode: the processor mode that a monitor puts the guest's kernel into."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from typing import TYPE_CHECKING

from ring1.dbt.cli.numbers import integer
from ring1.dbt.cli.outcome import Failure

if TYPE_CHECKING:
    from ring1.dbt.engines.technique import Technique
    from ring1.isa.model import Isa


def option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kernel-mode",
        metavar="MODE",
        type=integer,
        help="the mode into which trap and hybrid put the guest's kernel (default: the most privileged one for which"
        " theorem 1 holds, if there is one)",
    )


def check(isa: Isa, mode: int | None, techniques: Collection[Technique]) -> None:
    """Raise Failure if no monitor on this machine can put a kernel into the mode, or if none of the techniques moves
    it."""
    from ring1.isa.model import MOST_MODES
    from ring1.isa.virtual import kernel_modes

    if mode is None or (isa.mode is not None and isa.mode.count > MOST_MODES):
        return  # the machine itself is rejected elsewhere
    if not any(technique.deprivileges for technique in techniques):
        names = " and ".join(technique.name for technique in techniques)
        raise Failure(
            f"--kernel-mode: {names}: the guest's kernel is in its own mode there; trap and hybrid put it elsewhere"
        )
    if isa.mode is None:
        raise Failure(f"--kernel-mode {mode}: {isa.name} has no processor modes")
    known = kernel_modes(isa)
    if mode not in known:
        *others, last = map(str, known)
        names = f"{', '.join(others)} or {last}" if others else last
        where = f"{isa.mode.control}.{isa.mode.bits.name}, of which {isa.mode.supervisor} is the supervisor's"
        raise Failure(f"--kernel-mode {mode}: a guest's kernel on {isa.name} can be put into mode {names} ({where})")
