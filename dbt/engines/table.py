"""The table of techniques, the only place that lists them. To add one takes a file in this folder and a row here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import (
    HARDWARE,
    MODEL,
    NATIVE,
    SOFTWARE,
    HostKind,
    LeftOut,
    Technique,
    itself,
    nothing,
)
from ring1.dbt.mmu.choice import Mmu

if TYPE_CHECKING:
    from ring1.dbt.machine.step import Cpu
    from ring1.dbt.translate.policy import Policy
    from ring1.dbt.vmm.engine import Engine
    from ring1.dbt.vmm.options import Options
    from ring1.dbt.vmm.platform import Platform
    from ring1.dbt.vmm.vm import Vm
    from ring1.isa.model import Isa


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


def kvm_host() -> HostKind:
    from ring1.dbt.engines.kvm import host

    return HostKind(host.kind() or "", host.text())


def no_kvm() -> str:
    from ring1.dbt.engines.kvm.host import why_not

    return why_not()


def deprivileged(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.vmm.deprivileged import Deprivileged

    return Deprivileged(cpu, policy) if cpu.isa.mode else itself(cpu, policy)


def paravirtual(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.vmm.paravirtual import Paravirtual

    return Paravirtual(cpu, policy)


def vcpu(cpu: Cpu, policy: Policy) -> Platform:
    from ring1.dbt.engines.kvm.engine import Vcpu

    return Vcpu(cpu, policy)


REFERENCE_ONLY = "the reference is not measured here"
DIRECT = LeftOut("kernels", "its programs run as under bare")

ENGINES = Registry(
    (
        Technique(
            "interp",
            "the bare machine, interpreted: the reference",
            "#8a8f98",
            why_not=nothing,
            engine=interp,
            left_out=(LeftOut("macro", REFERENCE_ONLY), LeftOut("kernels", REFERENCE_ONLY)),
        ),
        Technique(
            "bare",
            "the bare machine, translated: nothing is virtualized",
            "#5d7285",
            bare_policy,
            part=NATIVE,
            shipped=True,
        ),
        Technique(
            "bt",
            "binary translation: sensitive instructions are rewritten into calls of the VMM",
            "#2f7ed8",
            bt_policy,
            part=SOFTWARE,
            shipped=True,
            priced=True,
        ),
        Technique(
            "trap",
            "trap-and-emulate: the guest runs as it is, its kernel deprivileged; what traps, the VMM emulates",
            "#d9822b",
            trap_policy,
            platform=deprivileged,
            theorem=1,
            priced=True,
            left_out=(DIRECT,),
        ),
        Technique(
            "hybrid",
            "the hybrid monitor: supervisor code is interpreted, user code runs as it is",
            "#9b6bd0",
            hybrid_policy,
            platform=deprivileged,
            theorem=3,
            left_out=(
                DIRECT,
                LeftOut("macro", "its kernel is interpreted: not measured when it is to be quick", quick=True),
            ),
        ),
        Technique(
            "para",
            "paravirtualization: the guest's kernel is built for the VMM, which it asks by hypercalls",
            "#2e9e63",
            para_policy,
            platform=paravirtual,
            build="PARAVIRT",
            priced=True,
            left_out=(DIRECT,),
        ),
        Technique(
            "hw",
            "hardware assistance, modelled: the guest runs in non-root operation and exits as its VMCS says",
            "#a8762a",
            hw_policy,
            platform=hw_platform,
            interpreter=itself,
            part=MODEL,
            modelled=True,
            priced=True,
            left_out=(LeftOut("kernels", "modelled: there is nothing to count where nothing exits"),),
        ),
        Technique(
            "kvm",
            "hardware assistance, real: the guest's rings on a virtual CPU of the host's, through /dev/kvm",
            "#d0436b",
            kvm_policy,
            no_kvm,
            vcpu,
            interpreter=itself,
            part=HARDWARE,
            mappings=16,  # for the thread that it starts
            host=kvm_host,
        ),
    ),
    reference="interp",
    default="bt",
)


def make(name: str, vm: Vm, image: bytes, mmu: Mmu | None = None) -> Engine:
    """Make the engine called `name` for a machine that will run `image`. Raises OSError if the host refuses memory."""
    return equipped(ENGINES[name], vm, image, mmu)


def equipped(technique: Technique, vm: Vm, image: bytes, mmu: Mmu | None = None) -> Engine:
    """Make the engine of a technique as commands use it: translations are kept for the next run of the same image."""
    from ring1.dbt.vmm.options import Options

    return technique.make(vm, image, Options(remember=True, mmu=mmu or Mmu()))
