"""Dumps the state of a virtual CPU that has stopped for a reason that no guest can cause."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from ring1.dbt.engines.kvm import host
from ring1.dbt.host.present import present
from ring1.dbt.host.x86_64.kvm import ioctl, monitor
from ring1.dbt.host.x86_64.kvm.ioctl import EXITS, REGISTERS, Machine, Sregs
from ring1.dbt.host.x86_64.kvm.monitor import Gates, Monitor
from ring1.dbt.machine.step import Cpu
from ring1.dbt.native.code import CodeMemory
from ring1.dbt.native.tools import Absent
from ring1.dbt.vmm.platform import Translated

AROUND = 15
"""Bytes of host code shown: the length of the longest instruction."""


class Stopped(Protocol):
    """What a dump needs of a KVM virtual CPU (ring1.dbt.engines.kvm.engine.Vcpu)."""

    cpu: Cpu
    """The guest's virtual CPU."""
    machine: Machine | None
    monitor: Monitor
    data: memoryview
    """The monitor's data, as quadwords."""
    gates: Gates
    code: CodeMemory | None
    translations: Translated


def dump(vcpu: Stopped, reason: int) -> str:
    """Return as text why it has stopped, its registers, and the host and guest instructions at which it was."""
    machine = vcpu.machine
    assert machine is not None
    run, registers, sregs = machine.run, dict(zip(REGISTERS, machine.registers, strict=True)), machine.sregs()
    why = f"KVM_EXIT_{EXITS.get(reason, reason)}"
    rip, where = registers["rip"], "there"
    if reason == ioctl.INTERNAL_ERROR:
        words = list(run.exit.internal.data[: run.exit.internal.count])
        why += f", suberror {run.exit.internal.suberror} (1: an instruction that KVM cannot emulate), {words}"
    elif reason == ioctl.FAIL_ENTRY:
        why += f", the hardware says {run.exit.hardware:#x}"
    elif reason == ioctl.IO:
        port = run.exit.io.port
        first = monitor.ERROR_QUAD
        error, rip, segment, flags, stack = vcpu.data[first : first + 5]
        why += f", port {port:#x}: exception {port}, error code {error:#x}" if port < monitor.EXTERNAL else ""
        where = f"where the exception came from, cs {segment:#x} rflags {flags:#x} rsp {stack:#x}"
    lines = [f"the virtual CPU ({host.text()}) has stopped: {why}", f"  rip {rip:#018x} {where}: {code_at(vcpu, rip)}"]
    names = list(registers)
    for row in range(0, len(names), 3):
        lines.append("  " + "  ".join(f"{name:<6} {registers[name]:016x}" for name in names[row : row + 3]))
    lines.append("  " + system(sregs))
    lines.append(f"  {guest_at(vcpu, rip)}; the state block has pc {vcpu.cpu.pc:#010x}")
    return "\n".join(lines)


def system(sregs: Sregs) -> str:
    names = ("cr0", "cr2", "cr3", "cr4", "efer")
    return f"cs {sregs.cs.selector:#x}  " + "  ".join(f"{name} {getattr(sregs, name):#x}" for name in names)


def guest_at(vcpu: Stopped, address: int) -> str:
    """Return, as text, the guest instruction that the code at a host address translates."""
    code = vcpu.code
    if code is None or not code.base + vcpu.gates.size <= address < code.base + code.used:
        return "not in translated code"
    from ring1.isa.asm.disassemble import disassemble

    block, index = vcpu.translations.blocks.at_host(address)
    if index < 0:
        return f"at the entry of the block at {block.translation.pc:#010x}"
    pc, word = block.translation.pcs[index], block.translation.words[index]
    return f"guest instruction {pc:#010x}: {word:08x}  {disassemble(vcpu.cpu.isa, word, pc)}"


def code_at(vcpu: Stopped, address: int) -> str:
    """Return, as text, the host instruction at a linear address in code memory or the monitor."""
    code, block = vcpu.code, vcpu.monitor.code
    if code is not None and code.base <= address < code.base + code.used:
        offset = address - code.base
        data = code.read(offset, min(AROUND, code.used - offset))
    elif block.address <= address < block.address + block.size:
        offset = address - block.address
        data = bytes(block.bytes[offset : offset + AROUND])
    else:
        return "no code of ours"
    with suppress(Absent):
        for instruction in present().read(data, address):
            return f"{instruction.text} [{instruction.code.hex()}]"
    return f"[{data.hex()}]"
