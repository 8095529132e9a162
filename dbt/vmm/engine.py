"""An engine: a technique at work on one machine. What the run loop, the commands and the reports ask of it is here, and
nothing else is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ring1.dbt.translate.tally import Tally

if TYPE_CHECKING:
    from ring1.dbt.cache.blocks import Place  # hosts that only interpret have nothing to keep blocks in


class Engine(Protocol):
    """Runs a machine's virtual CPU, and counts what that takes. Counts begin when the engine is made."""

    name: str

    # --- Running -----------------------------------------------------------------

    def prepare(self) -> None:
        """Called when the machine begins to run, or goes on after somebody else had the process."""

    def burst(self, until: int) -> None:
        """Execute until the CPU's time reaches `until`, or until interrupts or devices must be looked at again.

        Where `until` is before the CPU's `due`, it is the length of a slice, and any instruction near it will do.
        """

    def singly(self) -> None:
        """From now on execute each instruction by itself, so that none hides what another does."""

    def close(self) -> None:
        """Release the host's resources."""

    # --- What it took --------------------------------------------------------------

    def exits(self) -> Mapping[str, int]:
        """Reason -> how often the guest was left for the VMM."""

    def events(self) -> Mapping[str, int]:
        """How often there was what hardware-assisted virtualization would count, by the kinds of
        ring1.dbt.measure.costs.EVENTS; empty if there is no VMM."""

    def modelled(self) -> Mapping[str, int]:
        """Events of the hardware that it models, beside exits; empty if it models none."""

    def figures(self) -> Mapping[str, int]:
        """More counts, for people, by what they are called."""

    def hottest(self, most: int) -> Sequence[tuple[Place, float]]:
        """Where translated code was found running, the most often first, each with its share of the time."""

    @property
    def interpreted(self) -> int:
        """Instructions that the interpreter has retired."""

    @property
    def callouts(self) -> int:
        """Exits at an instruction that translated code leaves to the interpreter, whether it calls or traps."""

    def rewritten(self) -> int:
        """Guest instructions that are in the code cache, rewritten into code that acts on the virtual CPU."""

    @property
    def lost(self) -> bool:
        """Has the guest gone to a processor mode of which its monitor has not been told?"""

    @property
    def work(self) -> Tally:
        """What has been translated."""
