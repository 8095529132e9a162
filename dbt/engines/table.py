"""The engines: the one place that lists them. An engine is added to ring1 by a row here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ring1.dbt.mmu.choice import Mmu
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.machine.step import Cpu
    from ring1.dbt.translate.policy import Policy
    from ring1.dbt.vmm.check import Checker
    from ring1.dbt.vmm.engine import Engine
    from ring1.dbt.vmm.options import Options
    from ring1.dbt.vmm.platform import Platform
    from ring1.dbt.vmm.vm import Vm
    from ring1.isa.model import Isa

# Imports are inside the functions: naming an engine must not load all of them.


class Technique(Record):
    """One way of running a guest."""

    text: str
    """One line on how."""
    policy: Callable[[Isa], Policy] | None
    """What it does with an instruction when it translates; None if it translates nothing."""
    why_not: Callable[[], str]
    """Why it cannot run on this host; empty if it can."""
    platform: Callable[[Cpu, Policy], Platform] | None = None
    """What generated code runs on, and who stands over the CPU; None if there is no generated code."""
    interpreter: Callable[[Cpu, Policy], Platform] | None = None
    """What stands over an interpreter that does what a guest does under it, if that is another."""
    engine: Callable[[Vm, bytes, Options], Engine] | None = None
    """What runs a guest, where there is no generated code."""
    build: str = ""
    """The symbol that is defined in a guest's build for it; empty if it runs guests that know nothing of it."""
    kind: Callable[[], str] = lambda: ""
    """What this host does it with, where hosts differ."""

    @property
    def unmodified(self) -> bool:
        return not self.build

    def cannot(self, isa: Isa) -> str:
        """Why it cannot run a machine of this description here; empty if it can."""
        reason = self.why_not()
        if not reason and self.policy is not None:
            try:
                self.policy(isa)
            except ValueError as error:
                return str(error)
        return reason

    def over(self, cpu: Cpu) -> Platform:
        """The platform, over a CPU. Raises ValueError."""
        assert self.policy is not None and self.platform is not None
        return self.platform(cpu, self.policy(cpu.isa))

    def interpreted(self, cpu: Cpu) -> Platform:
        """The same, for an interpreter that does what a guest does under it."""
        assert self.policy is not None and self.platform is not None
        return (self.interpreter or self.platform)(cpu, self.policy(cpu.isa))

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


def nothing() -> str:
    return ""


def no_native_code() -> str:
    from ring1.dbt.native.cpu import why_not

    return why_not()


def interp(vm: Vm, image: bytes, options: Options) -> Engine:
    from ring1.dbt.engines.interp import Interp

    return Interp(vm.cpu)


def bare_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.bare import Bare

    return Bare(isa)


def bt_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.bt import BinaryTranslation

    return BinaryTranslation(isa)


def trap_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.trap import TrapAndEmulate

    return TrapAndEmulate(isa)


def hybrid_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.hybrid import Hybrid

    return Hybrid(isa)


def para_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.para import Paravirtualization

    return Paravirtualization(isa)


def hw_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.hw.policy import HardwareAssistance

    return HardwareAssistance(isa)


def hw_platform(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.engines.hw.hypervisor import Hypervisor

    return Hypervisor(cpu)


def kvm_policy(isa: Isa) -> Policy:
    from ring1.dbt.engines.kvm.engine import Kvm

    return Kvm(isa)


def kvm_kind() -> str:
    from ring1.dbt.engines.kvm.host import text

    return text()


def no_kvm() -> str:
    from ring1.dbt.engines.kvm.host import why_not

    return why_not()


def itself(cpu: Cpu, policy: Policy) -> Platform:
    """The guest's own machine."""
    from ring1.dbt.vmm.platform import Platform

    return Platform(cpu, policy)


def deprivileged(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.vmm.deprivileged import Deprivileged

    return Deprivileged(cpu, policy) if cpu.isa.mode else itself(cpu, policy)


def paravirtual(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.vmm.paravirtual import Paravirtual

    return Paravirtual(cpu, policy)


def vcpu(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.engines.kvm.engine import Vcpu

    return Vcpu(cpu, policy)


ENGINES: dict[str, Technique] = {
    "interp": Technique("the bare machine, interpreted: the reference", None, nothing, engine=interp),
    "bare": Technique(
        "the bare machine, translated: nothing is virtualized",
        bare_policy,
        no_native_code,
        itself,
    ),
    "bt": Technique(
        "binary translation: sensitive instructions are rewritten into calls of the VMM",
        bt_policy,
        no_native_code,
        itself,
    ),
    "trap": Technique(
        "trap-and-emulate: the guest runs as it is, its kernel deprivileged; what traps, the VMM emulates",
        trap_policy,
        no_native_code,
        deprivileged,
    ),
    "hybrid": Technique(
        "the hybrid monitor: supervisor code is interpreted, user code runs as it is",
        hybrid_policy,
        no_native_code,
        deprivileged,
    ),
    "para": Technique(
        "paravirtualization: the guest's kernel is built for the VMM, which it asks by hypercalls",
        para_policy,
        no_native_code,
        paravirtual,
        build="PARAVIRT",
    ),
    "hw": Technique(
        "hardware assistance, modelled: the guest runs in non-root operation and exits as its VMCS says",
        hw_policy,
        no_native_code,
        hw_platform,
        interpreter=itself,
    ),
    "kvm": Technique(
        "hardware assistance, real: the guest's rings on a virtual CPU of the host's, through /dev/kvm",
        kvm_policy,
        no_kvm,
        vcpu,
        interpreter=itself,
        kind=kvm_kind,
    ),
}
"""Name -> technique, in the order in which tables show them."""

DEFAULT, REFERENCE = "bt", "interp"


def make(name: str, vm: Vm, image: bytes, mmu: Mmu | None = None) -> Engine:
    """The engine called `name` for a machine that will run `image`. Raises OSError if the host refuses memory."""
    from ring1.dbt.vmm.options import Options

    return ENGINES[name].make(vm, image, Options(remember=True, mmu=mmu or Mmu()))
