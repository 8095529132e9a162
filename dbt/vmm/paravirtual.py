"""The platform of a paravirtualized guest: hypercalls in place of privileged instructions, and a shared frame.

The guest's kernel is built to run in ring 1; none of its code is ever executed in ring 0. The VMM keeps all its state
of a guest in control registers that the guest cannot access: the trap handler in `tvec`, the address of the shared
frame in `scratch`, and in `psw.IE` whether the VMM looks at the guest's flag when a line is asserted. So a snapshot
includes it.

The ABI is in docs/para.md. (The shared flag, batches and error returns are Xen's: Barham et al., "Xen and the art of
virtualization", 2003.)
"""

from __future__ import annotations

from functools import cached_property, partial

from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop, Stopped, TrapInfo
from ring1.dbt.machine.supervisor import Instruction
from ring1.dbt.native import slots
from ring1.dbt.translate.policy import Policy
from ring1.dbt.vmm.hypercall_plans import HypercallPlans
from ring1.dbt.vmm.hypercalls import ENABLE, INSTRUCTION, KERNEL, MODE, Hypercalls
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.shared_frame import CAUSE, MASKED, PC, PENDING, STATUS, VALUE, SharedFrame
from ring1.isa.codec import Decoded
from ring1.isa.effects import sensitive
from ring1.isa.python import Trap


class Paravirtual(Platform):
    """The VMM of one paravirtualized guest."""

    routines = frozenset((slots.TAKE, slots.LOOK_AROUND, slots.TIME_UP))

    def __init__(self, cpu: Cpu, policy: Policy) -> None:
        super().__init__(cpu, policy)
        isa = cpu.isa
        assert isa.mode is not None
        self.status = isa.slots[isa.mode.control]
        fields = {bits.name: bits for bits in isa.controls[isa.mode.control].fields}
        self.ring, self.enable = fields[MODE], fields[ENABLE].mask
        self.frame = SharedFrame(cpu)
        self.calls = Hypercalls(cpu, self.below, self.frame)
        self.sensitive = sensitive(isa)
        if not self.mode():
            self.go_to(KERNEL)

    @cached_property
    def emulating(self) -> HypercallPlans:
        return HypercallPlans(self.cpu.isa, self.cpu.memory.end)

    def mode(self) -> int:
        return (self.cpu.s[self.status] & self.ring.mask) >> self.ring.lo

    def go_to(self, ring: int) -> None:
        self.cpu.s[self.status] = self.cpu.s[self.status] & ~self.ring.mask | ring << self.ring.lo
        self.cpu.changed()

    # --- Instructions --------------------------------------------------------------------------

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        """Bind a hypercall, or the bare machine's instruction, refused to the kernel if it is privileged."""
        made = super().bind(word, decoded)
        if decoded is None:
            return made
        name = decoded.instruction.name
        if name == INSTRUCTION:
            (number,) = decoded.values.values()
            return partial(self.hypercall, made, decoded.instruction.size, number)
        return partial(self.refuse, made) if name in self.sensitive else made

    def refuse(self, instruction: Instruction, pc: int) -> int:
        """Execute a sensitive instruction. If it traps in the kernel, the kernel was not paravirtualized: raises
        Stopped."""
        try:
            return instruction(pc)
        except Trap as trap:
            if self.mode() == KERNEL:
                raise Stopped(Stop("refused", trap=TrapInfo(trap.cause, trap.value, pc))) from None
            raise

    def hypercall(self, instruction: Instruction, size: int, number: int, pc: int) -> int:
        if self.mode() != KERNEL:
            return instruction(pc)
        following = self.calls.call(number)
        self.arm(True)
        return pc + size & ONES if following is None else following

    # --- Traps, and interrupts by a flag in memory ----------------------------------------------

    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        """Enter the handler in ring 1 for a trap or interrupt, having described it in the shared frame."""
        cpu, frame = self.cpu, self.frame
        self.arm(not frame.masked())
        handler = super().trap_entry(cause, value, pc)
        self.go_to(KERNEL)
        if frame.address:
            pc, cause, value = (cpu.control(name) for name in ("epc", "cause", "tval"))
            for offset, word in ((MASKED, 1), (PC, pc), (CAUSE, cause), (VALUE, value), (STATUS, cpu.s[self.status])):
                frame.put(offset, word)
        self.arm(not cpu.lines)
        return handler

    def enabled(self) -> int:
        return 0 if self.frame.masked() else super().enabled()

    def look(self) -> int:
        """See Supervisor.look. The frame is updated when lines change. If the guest masks interrupts, it must make a
        hypercall after unmasking them: when a store to the frame is noticed would depend on when the VMM looks, which
        must not be visible."""
        before, lines = self.cpu.lines, super().look()
        if self.frame.address and lines != before:
            self.frame.put(PENDING, lines)
        if lines and self.frame.masked():
            self.arm(False)
        return lines

    def arm(self, on: bool) -> None:
        """Look at the guest's flag whenever a line is pending, or, if not `on`, not before the next hypercall or
        trap."""
        self.cpu.s[self.status] = self.cpu.s[self.status] & ~self.enable | (self.enable if on else 0)
        self.cpu.changed()
