"""An engine: a technique at work on one machine. This is all that run loop, commands and reports ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ring1.dbt.translate.tally import Tally
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.cache.block import Place  # hosts that only interpret cannot import the code cache


class Attention(Record):
    """What somebody observes of a machine: the engine leaves that to the interpreter, where every supervisor sees it.
    What the guest does, and when, is the same."""

    everything: bool = False
    """Every instruction."""
    pcs: frozenset[int] = frozenset()
    """The instructions at these addresses, in every address space."""
    frames: frozenset[int] = frozenset()
    """Whatever stores to these physical pages."""
    exits: Callable[[str], None] | None = None
    """Told the reason of each exit to the VMM."""


class Engine(Protocol):
    """Runs a machine's virtual CPU, and counts events. Counts begin when the engine is made."""

    name: str

    # --- Running -----------------------------------------------------------------

    def prepare(self) -> None:
        """Prepare to run; called whenever the machine begins or continues to run, as other code may have run in the
        process."""

    def burst(self, until: int) -> None:
        """Execute until the CPU's time reaches `until`, or until the run loop must look at interrupts or devices.

        If `until` is before Cpu.due, it only ends a slice, and the burst may end at any instruction near it.
        """

    def visit(self, until: int, back: int) -> bool:
        """Run generated code from pc on, until time is `until` at most. Has it come to `back`, where nothing can be
        fetched? If not, the machine is somewhere on the way. It must be prepared, and no interrupt be due before.
        Raises Stopped."""

    def singly(self) -> None:
        """From now on execute each guest instruction by itself, so that none hides the effects of another."""

    def attend(self, attention: Attention) -> None:
        """From now on leave to the interpreter what is observed, and nothing else that was. Called between two runs."""

    def rest(self) -> None:
        """Release what can be made again when the machine runs next. Called between two runs."""

    def close(self) -> None:
        """Release the host's resources."""

    # --- Counts --------------------------------------------------------------

    def exits(self) -> Mapping[str, int]:
        """Return reason -> number of exits to the VMM."""

    def events(self) -> Mapping[str, int]:
        """Return counts of the events that hardware-assisted virtualization would have, by the kinds of
        ring1.dbt.measure.costs.EVENTS; empty if there is no VMM."""

    def modelled(self) -> Mapping[str, int]:
        """Return counts of events of the modelled hardware other than VM exits; empty if none is modelled."""

    def control_structure(self) -> Mapping[str, int]:
        """Return the fields of the modelled VMCS by name; empty if there is none."""

    def figures(self) -> Mapping[str, int]:
        """Return more counts, by the labels under which reports show them."""

    def hottest(self, most: int) -> Sequence[tuple[Place, float]]:
        """Return the places at which samples found translated code, the most frequent first, each with its share of the
        time."""

    @property
    def interpreted(self) -> int:
        """Guest instructions that the interpreter has retired."""

    @property
    def callouts(self) -> int:
        """Exits at an instruction that translated code leaves to the interpreter, because it calls the VMM or traps."""

    def rewritten(self) -> int:
        """Return how many guest instructions in the code cache are rewritten into code that acts on the virtual CPU."""

    @property
    def lost(self) -> bool:
        """Has the guest changed the processor mode without its monitor noticing?"""

    @property
    def work(self) -> Tally:
        """Counts of what has been translated."""
