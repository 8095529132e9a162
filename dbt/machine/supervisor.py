"""Supervisors: the CPU itself, and the layers over it that take part in what it does.

A technique is a supervisor; so is whatever checks, observes or records what a machine does. Each is a layer over the
previous one; the bare machine is at the bottom. A layer passes on to the one below whatever it does not override. The
CPU calls the topmost one, `Cpu.supervisor`; no method is replaced at run time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from ring1.isa.codec import Decoded

Instruction = Callable[[int], int]
"""An instruction with its operands bound, a function pc -> next pc. Raises Trap."""


class Supervisor(ABC):
    """What a CPU asks of its supervisor, and tells it."""

    # --- Asked ---------------------------------------------------------------------

    @abstractmethod
    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        """Return the function that executes an instruction word; `decoded` is None for an undefined word."""

    @abstractmethod
    def take(self, cause: int, value: int) -> None:
        """Take a trap, with pc at the instruction that trapped. Raises Stopped if there is no handler or taking the
        trap would change nothing; Intercepted."""

    @abstractmethod
    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        """Enter the trap handler from pc; return the handler's address."""

    @abstractmethod
    def take_interrupt(self, lines: int) -> None:
        """Take the first, in the machine's order, of interrupt lines that are pending and enabled, between two
        instructions."""

    @abstractmethod
    def look(self) -> int:
        """Return the pending enabled lines as a bitmap, having set Cpu.horizon to the next time at which they may
        change by themselves."""

    @abstractmethod
    def enabled(self) -> int:
        """Return the lines whose interrupts the CPU takes now, as a bitmap."""

    @abstractmethod
    def physical(self, address: int) -> int:
        """Return the physical address that the machine reports to a program for a load of the byte at `address`, all
        ones if the load would trap. Changes nothing."""

    @abstractmethod
    def port_in(self, port: int) -> int:
        """Read an I/O port."""

    @abstractmethod
    def port_out(self, port: int, value: int) -> None:
        """Write to an I/O port."""

    @abstractmethod
    def line(self, number: int) -> int:
        """Is an interrupt line asserted? 1 or 0."""

    @abstractmethod
    def wait(self) -> None:
        """Advance time, or wait for the host, until an enabled line is pending. Raises Stopped, with the instruction
        not retired and nothing changed, if none ever will be or the user asks to stop."""

    # --- Told ----------------------------------------------------------------------

    @abstractmethod
    def page_written(self, page: int, address: int, length: int) -> None:
        """Told that bytes of a watched page are about to change."""

    @abstractmethod
    def flushed(self, address: int | None = None) -> None:
        """Told that the guest has flushed its TLB, or the page of an address."""

    @abstractmethod
    def moved(self) -> None:
        """Told that a VMM has set registers, other than by an instruction, trap or interrupt."""


class Layer(Supervisor):
    """A supervisor over another one, to which it passes on everything that it does not override."""

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

    def enabled(self) -> int:
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

    def flushed(self, address: int | None = None) -> None:
        self.below.flushed(address)

    def moved(self) -> None:
        self.below.moved()


def first_at_ports(supervisor: Supervisor) -> Supervisor:
    """Return the first supervisor, from this one down, that does more with a port access than to pass it on."""
    while (
        isinstance(supervisor, Layer)
        and type(supervisor).port_in is Layer.port_in
        and type(supervisor).port_out is Layer.port_out
    ):
        supervisor = supervisor.below
    return supervisor
