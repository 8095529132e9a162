"""Who takes part in what a CPU does: the CPU itself, and whoever stands over it.

A technique of virtualization is a supervisor; so is whoever checks, observes or records what a machine does. Each
stands over the one that was there before it, and the bare machine is at the bottom. What a supervisor does not say
otherwise, the one below does. The CPU asks the topmost one, `Cpu.supervisor`, whatever is asked here, and nobody's
method is replaced.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from ring1.isa.codec import Decoded

Instruction = Callable[[int], int]
"""An instruction with its operands bound: pc -> next pc. Raises Trap."""


class Supervisor(ABC):
    """What is asked and told."""

    # --- Asked ---------------------------------------------------------------------

    @abstractmethod
    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        """The function of an instruction word, which is `decoded`, or None if it is undefined."""

    @abstractmethod
    def take(self, cause: int, value: int) -> None:
        """Take a trap, with pc at the instruction that trapped. Raises Stopped if there is no handler, or if that would
        change nothing; Intercepted."""

    @abstractmethod
    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        """Enter the handler of traps, from pc: the handler's address."""

    @abstractmethod
    def take_interrupt(self, lines: int) -> None:
        """Take the lowest of the pending interrupt lines, between two instructions."""

    @abstractmethod
    def look(self) -> int:
        """The pending enabled lines, with Cpu.horizon set to the next time at which that may change by itself."""

    @abstractmethod
    def enabled(self) -> bool:
        """Is a line that is pending taken?"""

    @abstractmethod
    def physical(self, address: int) -> int:
        """What the machine tells a program of where a load of the byte at `address` would go: a physical address, or
        all ones if nowhere. Changes nothing."""

    @abstractmethod
    def port_in(self, port: int) -> int:
        """What an I/O port reads."""

    @abstractmethod
    def port_out(self, port: int, value: int) -> None:
        """Write to an I/O port."""

    @abstractmethod
    def line(self, number: int) -> int:
        """Is an interrupt line up?"""

    @abstractmethod
    def wait(self) -> None:
        """Move time on, or wait for the host, until an enabled line is pending. Raises Stopped, with the wait not
        retired and nothing changed, if none ever will be or the host's user asks to stop."""

    # --- Told ----------------------------------------------------------------------

    @abstractmethod
    def page_written(self, page: int, address: int, length: int) -> None:
        """Bytes of a watched page are about to change."""

    @abstractmethod
    def flushed(self) -> None:
        """The guest has said that its page tables have changed."""

    @abstractmethod
    def moved(self) -> None:
        """The registers are others than instructions, traps and interrupts have made them: a VMM has set them."""


class Layer(Supervisor):
    """A supervisor that stands over another."""

    def __init__(self, below: Supervisor) -> None:
        self.below = below

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        return self.below.bind(word, decoded)

    def take(self, cause: int, value: int) -> None:
        self.below.take(cause, value)

    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        return self.below.trap_entry(cause, value, pc)

    def take_interrupt(self, lines: int) -> None:
        self.below.take_interrupt(lines)

    def look(self) -> int:
        return self.below.look()

    def enabled(self) -> bool:
        return self.below.enabled()

    def physical(self, address: int) -> int:
        return self.below.physical(address)

    def port_in(self, port: int) -> int:
        return self.below.port_in(port)

    def port_out(self, port: int, value: int) -> None:
        self.below.port_out(port, value)

    def line(self, number: int) -> int:
        return self.below.line(number)

    def wait(self) -> None:
        self.below.wait()

    def page_written(self, page: int, address: int, length: int) -> None:
        self.below.page_written(page, address, length)

    def flushed(self) -> None:
        self.below.flushed()

    def moved(self) -> None:
        self.below.moved()
