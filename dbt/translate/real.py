"""What generated code runs on: here the machine that the guest knows, with nothing of the VMM's to be seen.

Where generated code cannot run, the experiments of ring1.dbt.theory use it all the same: what needs the host's memory
is imported when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ring1.dbt.cache.blocks import Blocks
    from ring1.dbt.mmu.spaces import Spaces
    from ring1.dbt.mmu.view import View
    from ring1.dbt.native.code import CodeMemory
    from ring1.dbt.native.entry import Stubs

Enter = Callable[[int, int], int]
"""A stub of generated code: state pointer and host address -> why it came back."""


class Real:
    """The real machine is the guest's own."""

    blocks: Blocks | None = None
    """What is in the code cache, for reports."""
    shows_tables = True
    """Generated code finds the guest's own page tables and processor status, and may walk them."""
    spaces: Spaces | None = None
    """The guest's address spaces, for a machine that shows pages itself."""

    def around(self, enter: Enter) -> Enter:
        """The stub that enters generated code, with what has to be done on the way in and out."""
        return enter

    def view(self, modes: Iterable[int]) -> View:
        """A view for code of these real modes. Raises OSError."""
        from ring1.dbt.mmu.view import View

        return View(modes)

    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        """The ways in and out, at the start of an empty code memory (see Stubs). Raises OSError."""
        from ring1.dbt.native.entry import Stubs

        return Stubs(memory, homes, assemble)

    def flat(self, view: View) -> int:
        """Where generated code finds physical address 0 whatever view it uses; `view` is that with paging off."""
        return view.base

    def expose(self, frame: int) -> None:
        """Generated code will compare words of this physical page with what it translates."""

    def close(self) -> None:
        """Generated code will not be run again."""

    def begin(self) -> None:
        """The machine begins to run."""

    def follow(self, other: Real) -> None:
        """Be as the real machine under another CPU with the same registers."""
