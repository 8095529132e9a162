"""What generated code runs on, and who stands over the CPU that it is: a technique of virtualization.

This one is the machine that the guest knows, with nothing of the VMM's to be seen. Where generated code cannot run, the
experiments of ring1.dbt.theory use a platform all the same: what needs the host's memory is imported when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import Layer
from ring1.dbt.translate.policy import Policy

if TYPE_CHECKING:
    from ring1.dbt.cache.blocks import Blocks
    from ring1.dbt.host.interface import Stubs
    from ring1.dbt.mmu.spaces import Spaces
    from ring1.dbt.mmu.view import View
    from ring1.dbt.native.code import CodeMemory

Enter = Callable[[int, int], int]
"""A stub of generated code: state pointer and host address -> why it came back."""
Figures = dict[str, int]


class Translated(Protocol):
    """The guest's code, translated, as its platform has to do with it."""

    spaces: Spaces
    blocks: Blocks

    def stretch(self, until: int) -> None:
        """Run it until time is `until`, or something must be looked at."""

    def slowly(self, until: int) -> None:
        """The same by the interpreter. Raises Intercepted."""

    def emulate(self, until: int) -> None:
        """The same, as the VMM's work."""

    def renew(self) -> None:
        """Translate it anew, under the platform's policy."""


class Platform(Layer):
    """The guest's own machine."""

    shows_tables = True
    """Generated code finds the guest's own page tables and processor status, and may walk them."""
    translations: Translated
    """Once they are attached."""

    def __init__(self, cpu: Cpu, policy: Policy) -> None:
        """`policy`: what becomes of the guest's instructions here."""
        super().__init__(cpu.supervisor)
        self.cpu = cpu
        self.policy = policy
        cpu.supervise(self)

    def attach(self, translations: Translated) -> None:
        """Generated code is going to run here."""
        self.translations = translations

    @property
    def inside(self) -> bool:
        """May generated code be entered again where the slow path has been?"""
        return True

    @property
    def lost(self) -> bool:
        """Has the guest gone to a processor mode of which the VMM has not been told?"""
        return False

    # --- Running -------------------------------------------------------------------

    def begin(self) -> None:
        """The machine begins to run."""

    def burst(self, until: int) -> None:
        """See Engine.burst."""
        self.translations.stretch(until)

    def interpret(self, until: int) -> None:
        """Have the slow path execute until time is `until`, or something must be looked at."""
        self.translations.emulate(until)

    def around(self, enter: Enter) -> Enter:
        """The stub that enters generated code, with what has to be done on the way in and out."""
        return enter

    def relied(self, path: tuple[int, ...]) -> None:
        """A page has been shown by a walk of these entries."""

    def close(self) -> None:
        """Generated code will not be run again."""

    # --- The host's memory ---------------------------------------------------------

    def view(self, modes: Iterable[int]) -> View:
        """A view for code of these real modes. Raises OSError."""
        from ring1.dbt.mmu.view import View

        return View(modes)

    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        """The ways in and out, at the start of an empty code memory (see Stubs). Raises OSError."""
        from ring1.dbt.host.present import present

        return present().stubs(memory, homes, assemble)

    def flat(self, view: View) -> int:
        """Where generated code finds physical address 0 whatever view it uses; `view` is that with paging off."""
        return view.base

    def expose(self, frame: int) -> None:
        """Generated code will compare words of this physical page with what it translates."""

    # --- Another CPU that does the same --------------------------------------------

    def follow(self, other: Platform) -> None:
        """Restore the state of another one of the technique, whose CPU has the same registers."""

    # --- What there is to report: changed as this technique counts it -----------------

    def exits(self, left: Figures) -> Figures:
        """Exits by reason, from those of generated code."""
        return left

    def events(self, found: Figures) -> Figures:
        """What costs time on hardware (ring1.dbt.measure.costs), from what has left generated code for the VMM."""
        return found if self.policy.monitor else {}

    def modelled(self) -> Figures:
        """Events of a modelled processor beside exits; empty if none is modelled."""
        return {}
