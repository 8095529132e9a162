"""The VMCS of ring1's VMM: only port accesses, waits and writes to registers that interrupt lines depend on exit."""

from __future__ import annotations

from ring1.dbt.vt import controls, fields
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.vmcs import Vmcs
from ring1.isa.controls import control_bits
from ring1.isa.model import Isa

ALL = b"\xff"


def standard(isa: Isa, host: HostMemory) -> Vmcs:
    """Return the standard VMCS, clear, with guest state still to be written."""
    vmcs = Vmcs(isa)
    low, high = host.page(), host.page()
    host.bytes[low : high + 4096] = ALL * 8192
    primary = controls.HLT_EXITING | controls.PORT_BITMAPS
    vmcs.write(fields.PIN, controls.EXTERNAL_INTERRUPT_EXITING | controls.PREEMPTION_TIMER)
    vmcs.write(fields.ON_EXIT, controls.SAVE_TIMER)
    vmcs.write(fields.PORTS_LOW, low)
    vmcs.write(fields.PORTS_HIGH, high)
    vmcs.write(fields.WRITES, lines(isa))
    if isa.paging is not None:
        primary |= controls.SECONDARY_CONTROLS
        vmcs.write(fields.SECONDARY, controls.NESTED_PAGING | controls.TAGGED_TLB)
        vmcs.write(fields.VPID, 1)
        vmcs.write(fields.NESTED_TABLE, host.page())
    vmcs.write(fields.PRIMARY, primary)
    if isa.mode is not None:
        number = fields.registers(isa)[isa.mode.control]
        vmcs.write(fields.HOST_REGISTERS + 2 * number, isa.mode.supervisor << isa.mode.bits.lo)
    return vmcs


def lines(isa: Isa) -> int:
    """Return a bitmap of the control registers that decide which interrupt lines are pending."""
    read = control_bits(isa, isa.interrupts.pending) if isa.interrupts else {}
    return sum(1 << n for n, name in enumerate(isa.controls) if name in read)
