"""What generated code runs on: here the machine that the guest knows, with nothing of the VMM's to be seen."""

from __future__ import annotations

from collections.abc import Callable

Enter = Callable[[int, int], int]
"""A stub of generated code: state pointer and host address -> why it came back."""


class Real:
    """The real machine is the guest's own."""

    def around(self, enter: Enter) -> Enter:
        """The stub that enters generated code, with what has to be done on the way in and out."""
        return enter

    def begin(self) -> None:
        """The machine begins to run."""

    def follow(self, other: Real) -> None:
        """Be as the real machine under another CPU with the same registers."""
