"""A technique, a way of virtualizing: everything that is asked about it before there is a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ring1.isa.record import Record, replace

if TYPE_CHECKING:
    from ring1.dbt.machine.step import Cpu
    from ring1.dbt.translate.policy import Policy
    from ring1.dbt.vmm.check import Checker
    from ring1.dbt.vmm.engine import Engine
    from ring1.dbt.vmm.options import Options
    from ring1.dbt.vmm.platform import Platform
    from ring1.dbt.vmm.vm import Vm
    from ring1.isa.model import Isa

# Imports are inside the functions: naming a technique must not load its implementation.

NATIVE, SOFTWARE, HARDWARE, MODEL = "native", "software", "hardware", "modelled hardware"
"""Parts that techniques play in published comparisons: the machine without a VMM, virtualization in software, with
hardware assistance, and with a model of that."""


def nothing() -> str:
    return ""


def no_native_code() -> str:
    """Return why this host cannot run generated code; empty if it can."""
    from ring1.dbt.native.cpu import why_not

    return why_not()


def itself(cpu: Cpu, policy: Policy) -> Platform:
    """Return the platform of the machine itself, not virtualized."""
    from ring1.dbt.vmm.platform import Platform

    return Platform(cpu, policy)


class LeftOut(Record):
    """A benchmark suite that leaves out a technique, and why."""

    suite: str
    why: str
    quick: bool = False
    """Is it left out only of quick runs?"""


class HostKind(Record):
    """The kind of support that a host has for a technique, where hosts differ."""

    word: str
    """One word for it; empty if the host has none."""
    text: str


class Technique(Record):
    """A way of running a guest: a row of the table."""

    name: str
    text: str
    """One line that describes it."""
    colour: str
    """Its colour in charts, in CSS notation."""
    policy: Callable[[Isa], Policy] | None = None
    """Makes the policy by which instructions are translated; None if nothing is."""
    why_not: Callable[[], str] = no_native_code
    """Returns why it cannot run on this host; empty if it can."""
    platform: Callable[[Cpu, Policy], Platform] = itself
    """Makes the platform: what generated code runs on, and the layer over the CPU."""
    interpreter: Callable[[Cpu, Policy], Platform] | None = None
    """Makes the platform over the follower, if it differs from `platform`."""
    engine: Callable[[Vm, bytes, Options], Engine] | None = None
    """Makes the engine, given machine, image and options, if it is not an Executor."""
    build: str = ""
    """The symbol defined in builds of guests for it; empty if it runs unmodified guests."""
    theorem: int | None = None
    """Number of the theorem of Popek and Goldberg that guarantees equivalence, on machines that satisfy its condition;
    None: it is equivalent on all machines."""
    part: str = ""
    """The part that it plays in published comparisons; at most one technique plays each."""
    modelled: bool = False
    """Does it model a processor? Then its counts of events mean something, and its times nothing."""
    priced: bool = False
    """Are its events also priced in cycles of other processors?"""
    left_out: tuple[LeftOut, ...] = ()
    shipped: bool = False
    """Do stencils for it come with ring1?"""
    mappings: int = 0
    """Mappings of the process that it needs while a machine runs, besides those granted to it."""
    host: Callable[[], HostKind] | None = None
    """Returns what this host has for it; None where hosts do not differ."""
    kernel: int | None = None
    """The processor mode in which the guest's kernel runs if it deprivileges the kernel; None: the policy's choice."""

    @property
    def unmodified(self) -> bool:
        return not self.build

    @property
    def label(self) -> str:
        """What reports append to its name and its times."""
        return " (modelled)" if self.modelled else ""

    @property
    def deprivileges(self) -> bool:
        """Does it run the guest's kernel in another mode?"""
        return self.theorem is not None

    def with_kernel(self, mode: int | None) -> Technique:
        """Return the technique with the guest's kernel in a given mode."""
        return replace(self, kernel=mode)

    def over(self, cpu: Cpu) -> Platform:
        """Make the platform over a CPU. Raises ValueError if the technique cannot run the machine."""
        assert self.policy is not None
        return self.platform(cpu, self.policy(cpu.isa).with_kernel(self.kernel))

    def interpreted(self, cpu: Cpu) -> Platform:
        """Make the platform over the CPU of an interpreter that behaves as guests do under the technique."""
        assert self.policy is not None
        return (self.interpreter or self.platform)(cpu, self.policy(cpu.isa).with_kernel(self.kernel))

    def make(self, vm: Vm, image: bytes, options: Options) -> Engine:
        """Make an engine for a machine that will run `image`. Raises OSError if the host refuses memory; ValueError if
        the technique cannot run the machine."""
        self.refuse(vm)
        if self.engine is not None:
            return self.engine(vm, image, options)
        from ring1.dbt.vmm.execute import Executor

        return Executor(vm.cpu, self.over, image, options)

    def refuse(self, vm: Vm) -> None:
        """Raise ValueError if it cannot give the guest all of its machine."""
        why = self.keeps_root(vm.cpu.isa)
        if why:
            raise ValueError(why)

    def checked(self, vm: Vm, image: bytes, options: Options) -> Checker:
        """Make an engine of a technique that translates, with all translated code checked against the interpreter."""
        from ring1.dbt.vmm.check import Checker

        self.refuse(vm)
        return Checker(vm.cpu, self.over, self.interpreted, image, options)

    def cannot(self, isa: Isa) -> str:
        """Return why it cannot run a machine of this description on this host; empty if it can."""
        reason = self.why_not() or self.keeps_root(isa)
        if not reason and self.policy is not None:
            try:
                self.policy(isa)
            except ValueError as error:
                return str(error)
        return reason

    def keeps_root(self, isa: Isa) -> str:
        """Return why it cannot give a guest the root operation of a machine; empty if it can, or there is none."""
        there = isa.exit is not None and self.platform is not itself
        return (
            f"{self.name} cannot give a guest {isa.name}'s root operation: it has a VMM of its own there"
            if there
            else ""
        )

    def left_out_of(self, suite: str, quick: bool) -> str:
        """Return why a benchmark suite leaves it out; empty if it does not."""
        return next((each.why for each in self.left_out if each.suite == suite and (quick or not each.quick)), "")
