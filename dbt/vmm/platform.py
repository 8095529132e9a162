"""A platform: what generated code runs on, and the technique's layer over the CPU.

This one is the machine as the guest expects it, in which no VMM can be seen. The experiments of ring1.dbt.theory use
platforms even where generated code cannot run, so whatever needs the host's memory is imported only when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import Layer
from ring1.dbt.native import slots
from ring1.dbt.translate.policy import Policy

if TYPE_CHECKING:
    from ring1.dbt.cache.blocks import Blocks
    from ring1.dbt.host.interface import Stubs
    from ring1.dbt.mmu.spaces import Spaces
    from ring1.dbt.mmu.view import View
    from ring1.dbt.native.code import CodeMemory
    from ring1.dbt.translate.emulation import Emulating

Enter = Callable[[int, int], int]
"""A stub that enters generated code: (state pointer, host address) -> reason for which it left (see Stubs.enter)."""
Figures = dict[str, int]


class Translated(Protocol):
    """The translations of a guest's code, as its platform uses them."""

    spaces: Spaces
    blocks: Blocks

    def stretch(self, until: int) -> None:
        """Run generated code until time is `until`, or something must be looked at."""

    def slowly(self, until: int) -> None:
        """Interpret until the same. Raises Intercepted."""

    def emulate(self, until: int) -> None:
        """Interpret until the same, counting the instructions as interpreted by the VMM."""

    def renew(self) -> None:
        """Translate everything anew, under the platform's present policy."""

    def emulated(self) -> Mapping[str, int]:
        """Return reason -> how many exits generated code has done the work of."""

    def exited(self, reason: str) -> None:
        """Tell who observes exits of one that the platform has by itself."""


class Platform(Layer):
    """The machine itself, not virtualized."""

    shows_tables = True
    """Generated code knows the guest's own page tables and processor status, and may walk the tables."""
    routines = slots.INSIDE
    """Slots of the routines that do here what the VMM does at exits (ring1.dbt.translate.routine)."""
    exits_itself = False
    """The guest's exits to its VMM are the platform's own, not those of generated code."""
    translations: Translated
    """Set by `attach`."""

    def __init__(self, cpu: Cpu, policy: Policy) -> None:
        """`policy`: how the guest's instructions are translated here."""
        super().__init__(cpu.supervisor)
        self.cpu = cpu
        self.policy = policy
        cpu.supervise(self)

    def attach(self, translations: Translated) -> None:
        """Attach the translations that will run here."""
        self.translations = translations

    @property
    def inside(self) -> bool:
        """May generated code be entered again after the slow path has run?"""
        return True

    @property
    def lost(self) -> bool:
        """Has the guest changed the processor mode without the VMM noticing?"""
        return False

    @property
    def emulating(self) -> Emulating | None:
        """What generated code has to know to do the VMM's work at some exits; None if it cannot."""
        return None

    # --- Running -------------------------------------------------------------------

    def begin(self) -> None:
        """Prepare to run, when the machine begins or continues."""

    def burst(self, until: int) -> None:
        """See Engine.burst."""
        self.translations.stretch(until)

    def interpret(self, until: int) -> None:
        """Execute on the slow path until time is `until`, or something must be looked at."""
        self.translations.emulate(until)

    def around(self, enter: Enter) -> Enter:
        """Wrap the stub that enters generated code with what has to be done on the way in and out."""
        return enter

    def relied(self, path: tuple[int, ...]) -> None:
        """Told that a page has been shown by a walk of these entries."""

    def close(self) -> None:
        """Release resources: generated code will not run again."""

    # --- The host's memory ---------------------------------------------------------

    def view(self, modes: Iterable[int]) -> View:
        """Make a view for code of these real modes. Raises OSError."""
        from ring1.dbt.mmu.view import View

        return View(modes)

    def null(self, modes: Iterable[int], assemble: Callable[[str], bytes]) -> View:
        """Return a view with no pages and no code, whose jump caches for these modes lead to the VMM. Raises
        OSError."""
        from ring1.dbt.vmm.null_view import null_view

        return null_view(assemble)

    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        """Place the entry and exit stubs at the start of an empty code memory (see Stubs). Raises OSError."""
        from ring1.dbt.host.present import present

        return present().stubs(memory, homes, assemble)

    def flat(self, view: View) -> int:
        """Return the host address of physical address 0 that generated code can use in any view; `view` is the one with
        paging off."""
        return view.base

    def expose(self, frame: int) -> None:
        """Make a frame readable for generated code, which will compare words of it with what it translates."""

    # --- Another CPU under the same technique --------------------------------------------

    def follow(self, other: Platform) -> None:
        """Restore the state of another platform of the same technique, whose CPU has the same registers."""

    # --- Reports: counts as this technique defines them -----------------

    def exits(self, left: Figures) -> Figures:
        """Return exits by reason, given those of generated code."""
        return left

    def events(self, found: Figures) -> Figures:
        """Return the events that cost time on hardware (ring1.dbt.measure.costs), given the exits from generated code
        to the VMM."""
        return found if self.policy.monitor else {}

    def control_structure(self) -> Figures:
        """Return the fields of the modelled VMCS by name; empty if there is none."""
        return {}

    def modelled(self) -> Figures:
        """Return events of the modelled processor other than VM exits; empty if none is modelled."""
        return {}
