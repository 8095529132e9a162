"""A technique: one way of running a guest, and everything that anybody asks about it before it runs one."""

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

# Imports are inside the functions: naming a technique must not load what carries it out.

NATIVE, SOFTWARE, HARDWARE, MODEL = "native", "software", "hardware", "modelled hardware"
"""Parts that techniques play in published comparisons: the machine without a VMM, virtualization without and with help
of the hardware, and a model of the latter."""


def nothing() -> str:
    return ""


def no_native_code() -> str:
    """Why this host cannot run generated code; empty if it can."""
    from ring1.dbt.native.cpu import why_not

    return why_not()


def itself(cpu: Cpu, policy: Policy) -> Platform:
    """The guest's own machine."""
    from ring1.dbt.vmm.platform import Platform

    return Platform(cpu, policy)


class LeftOut(Record):
    """A suite of benchmarks that a technique is left out of."""

    suite: str
    why: str
    quick: bool = False
    """Only when it is to be quick."""


class HostKind(Record):
    """What a host has for a technique, where hosts differ."""

    word: str
    """Empty if it has nothing."""
    text: str


class Technique(Record):
    """One way of running a guest."""

    name: str
    text: str
    """One line on how."""
    colour: str
    """In charts, as CSS writes it."""
    policy: Callable[[Isa], Policy] | None = None
    """What it does with an instruction when it translates; None if it translates nothing."""
    why_not: Callable[[], str] = no_native_code
    """Why it cannot run on this host; empty if it can."""
    platform: Callable[[Cpu, Policy], Platform] = itself
    """What generated code runs on, and who stands over the CPU."""
    interpreter: Callable[[Cpu, Policy], Platform] | None = None
    """What stands over an interpreter that does what a guest does under it, if that is another."""
    engine: Callable[[Vm, bytes, Options], Engine] | None = None
    """What runs a machine that is given an image, where it is not code that is translated under the policy."""
    build: str = ""
    """The symbol that is defined in a guest's build for it; empty if it runs guests that know nothing of it."""
    theorem: int | None = None
    """The theorem of Popek and Goldberg by which it is equivalent, on the machines that meet it; None: on any."""
    part: str = ""
    """The part that it plays in published comparisons, if it is the one that plays it."""
    modelled: bool = False
    """It models a processor: what happens is counted, and how long it takes says nothing."""
    priced: bool = False
    """Its events are told as cycles of other processors as well."""
    left_out: tuple[LeftOut, ...] = ()
    mappings: int = 0
    """Mappings of the process's that it needs when a machine runs, beside those that it asks for."""
    host: Callable[[], HostKind] | None = None
    """What this host has for it; None where hosts do not differ."""
    kernel: int | None = None
    """The processor mode that it puts the guest's kernel into, if it does; None: its policy's choice."""

    @property
    def unmodified(self) -> bool:
        return not self.build

    @property
    def label(self) -> str:
        """What stands behind its name, and behind its times."""
        return " (modelled)" if self.modelled else ""

    @property
    def deprivileges(self) -> bool:
        """Does it put the guest's kernel into another mode?"""
        return self.theorem is not None

    def with_kernel(self, mode: int | None) -> Technique:
        """The same with the guest's kernel in a mode that is chosen."""
        return replace(self, kernel=mode)

    def over(self, cpu: Cpu) -> Platform:
        """The platform, over a CPU. Raises ValueError."""
        assert self.policy is not None
        return self.platform(cpu, self.policy(cpu.isa).with_kernel(self.kernel))

    def interpreted(self, cpu: Cpu) -> Platform:
        """The same, for an interpreter that does what a guest does under it."""
        assert self.policy is not None
        return (self.interpreter or self.platform)(cpu, self.policy(cpu.isa).with_kernel(self.kernel))

    def make(self, vm: Vm, image: bytes, options: Options) -> Engine:
        """An engine for a machine that will run `image`. Raises OSError if the host refuses memory, ValueError."""
        if self.engine is not None:
            return self.engine(vm, image, options)
        from ring1.dbt.vmm.execute import Executor

        return Executor(vm.cpu, self.over, image, options)

    def checked(self, vm: Vm, image: bytes, options: Options) -> Checker:
        """`make` for a technique that translates, with all that is translated checked against the interpreter."""
        from ring1.dbt.vmm.check import Checker

        return Checker(vm.cpu, self.over, self.interpreted, image, options)

    def cannot(self, isa: Isa) -> str:
        """Why it cannot run a machine of this description here; empty if it can."""
        reason = self.why_not()
        if not reason and self.policy is not None:
            try:
                self.policy(isa)
            except ValueError as error:
                return str(error)
        return reason

    def left_out_of(self, suite: str, quick: bool) -> str:
        """Why a suite of benchmarks is not measured under it; empty if it is."""
        return next((each.why for each in self.left_out if each.suite == suite and (quick or not each.quick)), "")
