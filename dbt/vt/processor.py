"""Root and non-root operation of a CPU with the extension: VM entry and VM exit.

In root operation the CPU's control registers and pc are the host's; VM entry and VM exit leave general registers
unchanged. In non-root operation the machine's semantics are unchanged, except for what the controls turn into VM exits
(ring1.dbt.vt.intercept).
"""

from __future__ import annotations

from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import Instruction, Layer
from ring1.dbt.vt import controls, entry, exits, fields
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.intercept import Intercepts
from ring1.dbt.vt.nested import NOWHERE, Nested
from ring1.dbt.vt.tlb import Tlb
from ring1.dbt.vt.vmcs import NOT_CLEAR, NOT_IN_ROOT, NOT_LAUNCHED, Vmcs
from ring1.dbt.vt.walker import Walker2D
from ring1.isa.codec import Decoded
from ring1.isa.effects import sensitive

MOST_TIMER = 0xFFFFFFFF


class Processor(Layer):
    """The extension's layer over a CPU, with its current VMCS."""

    def __init__(self, cpu: Cpu, vmcs: Vmcs, host: HostMemory, tlb: Tlb | None = None) -> None:
        super().__init__(cpu.supervisor)
        self.cpu = cpu
        self.tlb = tlb or Tlb()
        self.vmcs = vmcs
        self.host = host
        self.root = True
        self.entered_at = 0
        self.vpid = 0
        """The tag of the translations in the TLB; 0 if they must not be used after the next VM entry."""
        self.present = entry.Present(vmcs, cpu, host)
        self.intercepts = Intercepts(cpu.isa, vmcs, host)
        self.nested = Nested(host, self.tlb)
        self.walker = Walker2D(cpu, self.nested) if cpu.walker is not None else None
        if self.walker is not None:
            cpu.walk_by(self.walker)
        slots = cpu.isa.slots
        self.registers = [(2 * number, slots[name]) for name, number in fields.registers(cpu.isa).items()]
        mode = cpu.isa.mode
        self.mode_slot, self.mode_shift, self.mode_mask = 0, 0, 0
        if mode:
            self.mode_slot, self.mode_shift, self.mode_mask = slots[mode.control], mode.bits.lo, mode.count - 1
        cpu.supervise(self)

    # --- VMLAUNCH, VMRESUME ----------------------------------------------------------------------

    def launch(self) -> None:
        """VMLAUNCH: enter with a VMCS that is clear. Raises VmFail, or VmExit if the guest's state is invalid."""
        if self.root and self.vmcs.launched:
            raise self.vmcs.fail(NOT_CLEAR)
        self.enter()

    def resume(self) -> None:
        """VMRESUME: enter with a VMCS that has been launched. Raises VmFail, VmExit."""
        if self.root and not self.vmcs.launched:
            raise self.vmcs.fail(NOT_LAUNCHED)
        self.enter()

    def enter(self) -> None:
        """Make all checks, then load the guest's state, and deliver the event to be injected.

        Raises Stopped if that event has no handler or recurs without progress: a triple fault.
        """
        if not self.root:
            raise self.vmcs.fail(NOT_IN_ROOT)
        present = self.present
        if self.vmcs.unchecked:
            error = entry.first_failing(entry.CONTROLS, present) or entry.first_failing(entry.HOST, present)
            if error:
                raise self.vmcs.fail(error)
            self.vmcs.unchecked = False
            self.intercepts.renew()
        wrong = entry.first_failing(entry.GUEST, present)
        if wrong:
            self.leave(VmExit(exits.INVALID_GUEST | exits.ENTRY_FAILURE, wrong))
            raise VmExit(exits.INVALID_GUEST | exits.ENTRY_FAILURE, wrong)
        cpu, values = self.cpu, self.vmcs.values
        self.load(fields.GUEST_REGISTERS)
        cpu.trapped = bool(values[fields.TRAP_SHADOW])
        self.entered_at = cpu.time
        self.root, self.vmcs.launched = False, True
        if self.walker is not None:
            self.walker.active = present.secondary(controls.NESTED_PAGING)
            root = values[fields.NESTED_TABLE] if self.walker.active else NOWHERE
            if self.nested.root != root:
                self.nested.root = root
                self.invept()
        vpid = values[fields.VPID] if present.secondary(controls.TAGGED_TLB) else 0
        if not vpid or vpid != self.vpid:
            self.tlb.emptied()
        self.vpid = vpid
        if cpu.walker is not None:
            cpu.walker.flush()  # its TLB holds translations of root operation
        cpu.refresh()
        event, value = values[fields.ENTRY_EVENT], values[fields.ENTRY_VALUE]
        if event & exits.VALID:
            values[fields.ENTRY_EVENT] &= ~exits.VALID
            self.deliver(event, value)

    def invept(self) -> None:
        """INVEPT: the nested tables have lost rights or bits. Flushes the only TLB completely."""
        self.nested.flush()
        if self.cpu.walker is not None:
            self.cpu.walker.flush()
        self.tlb.emptied()

    def deliver(self, event: int, value: int) -> None:
        """Deliver a trap or an interrupt as the machine takes it."""
        number = event & exits.NUMBER
        if event & exits.TYPE == exits.INTERRUPT:
            assert self.cpu.interrupt is not None
            number, value = self.cpu.interrupt(self.cpu, number)
        self.below.take(number, value)

    # --- VM exit -----------------------------------------------------------------------------------

    def exit(self, cause: VmExit) -> None:
        """VM exit: save the guest's state, write the exit information, and load the host's state."""
        assert not self.root
        cpu, values = self.cpu, self.vmcs.values
        for offset, slot in self.registers:
            values[fields.GUEST_REGISTERS + offset] = cpu.s[slot]
        values[fields.TRAP_SHADOW] = int(cpu.trapped)
        if values[fields.ON_EXIT] & controls.SAVE_TIMER:
            values[fields.TIMER] = max(values[fields.TIMER] - (cpu.time - self.entered_at), 0)
        self.leave(cause)

    def leave(self, cause: VmExit) -> None:
        """Write the exit information, and load the host's state."""
        cpu, values = self.cpu, self.vmcs.values
        values[fields.REASON] = cause.reason
        values[fields.QUALIFICATION] = cause.qualification
        values[fields.LENGTH] = 0 if cause.instruction is None else cpu.lengths.size(cause.instruction)
        values[fields.INSTRUCTION] = cause.instruction or 0
        values[fields.LINEAR], values[fields.PHYSICAL] = cause.linear, cause.physical
        values[fields.EXIT_EVENT], values[fields.EXIT_VALUE] = cause.event, cause.value
        self.load(fields.HOST_REGISTERS)
        self.root = True
        if self.walker is not None:
            self.walker.active = False
        self.cpu.refresh()

    def load(self, area: int) -> None:
        """Load the control registers and pc from guest or host state."""
        s, values = self.cpu.s, self.vmcs.values
        for offset, slot in self.registers:
            s[slot] = values[area + offset]

    def due(self) -> VmExit | None:
        """Return the VM exit that is due before the guest's next instruction, whatever that is, or None."""
        cpu, values = self.cpu, self.vmcs.values
        if values[fields.PIN] & controls.PREEMPTION_TIMER and cpu.time - self.entered_at >= values[fields.TIMER]:
            return VmExit(exits.TIMER)
        if values[fields.PRIMARY] & controls.INTERRUPT_WINDOW_EXITING:
            if self.present.enabled(cpu) & (values[fields.WINDOW_LINES] or ONES):
                return VmExit(exits.INTERRUPT_WINDOW)
        return None

    # --- In non-root operation ---------------------------------------------------------------------

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        """Bind an instruction, with a check before it if it may exit."""
        cpu, made = self.cpu, super().bind(word, decoded)
        if decoded is None or decoded.instruction.name not in sensitive(cpu.isa):
            return made

        def looking(pc: int) -> int:
            if not self.root:
                mode = cpu.s[self.mode_slot] >> self.mode_shift & self.mode_mask
                found = self.intercepts.find(cpu, decoded, word, pc, mode)
                if found is not None:
                    raise found
            return made(pc)

        return looking

    def take(self, cause: int, value: int) -> None:
        """Take a trap. Raises VmExit if the trap exits."""
        if not self.root and self.intercepts.traps(cause):
            event = exits.VALID | exits.HAS_VALUE | exits.TRAP | cause
            raise VmExit(exits.EXCEPTION, value, event=event, value=value)
        super().take(cause, value)
