"""A VMM on the modelled extension: it sets up a VMCS, enters the guest and handles its VM exits.

The guest's state is in the VMCS and in the general registers, which the VMM saves itself. Between VM exit and VM entry
both are in a virtual CPU, on which the instruction emulator (the reference interpreter) works, and which the run loop
looks at. Non-root operation itself is translated code, with the interpreter as the one slow path; each view is the TLB
of an address space, and shows a page only as far as both dimensions of the walk allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ring1.dbt.engines.hw.nested_tables import NestedTables
from ring1.dbt.engines.hw.policy import HardwareAssistance
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.vmm.platform import Figures, Platform
from ring1.dbt.vt import controls, exits, fields, nested
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.processor import MOST_TIMER, Processor
from ring1.dbt.vt.setup import standard
from ring1.dbt.vt.tlb import Tlb
from ring1.dbt.vt.vmcs import Vmcs
from ring1.dbt.vt.walker import references

Change = Callable[[Vmcs, HostMemory], None]
NESTED = 16
"""A reason to guard a frame (see Spaces.guarded): its nested entry is not dirty."""
TALLIED = ("entries", "injected events", "nested walks", "walk references")
AROUND = 16
"""Pages that the VMM maps at a nested violation."""


class Hypervisor(Platform, Tlb):
    """Runs a guest in non-root operation. Its code is translated by what the VMCS intercepts, and again when that
    changes. The views of generated code are the TLB."""

    shows_tables = False
    """False: a page walk in generated code has only one dimension, so the VMM makes all walks."""
    exits_itself = True

    def __init__(self, cpu: Cpu, change: Change | None = None) -> None:
        """`change` modifies the standard VMCS."""
        self.host = HostMemory(cpu.memory.size)
        self.vmcs = standard(cpu.isa, self.host)
        if change is not None:
            change(self.vmcs, self.host)
        self.tables = NestedTables(self.host, self.vmcs.read(fields.NESTED_TABLE))
        self.processor = Processor(cpu, self.vmcs, self.host, self)
        self.reasons = Counter[str]()
        """Counts of VM exits by reason."""
        self.tally = Counter[str]()
        """Counts of other events of the modelled hardware."""
        self.event, self.value = 0, 0
        """Event and value that the next VM entry injects; 0 for none."""
        self.goal = 0
        """The time until which the guest may run."""
        self.general = len(cpu.isa.registers)
        super().__init__(cpu, HardwareAssistance(cpu.isa, self.processor.intercepts.exiting))
        self.translated_by = self.processor.intercepts.exiting

    # --- VM entries and VM exits ---------------------------------------------------------------------

    def burst(self, until: int) -> None:
        """See Engine.burst. At its end the guest has always exited."""
        self.goal = min(max(until, self.cpu.due), self.cpu.time + MOST_TIMER)
        try:
            self.enter_guest()
            if self.processor.due() is not None:  # the injected event may have left the interrupt window open
                self.exit_if_due()
            while not self.processor.root:
                self.translations.stretch(min(until, self.goal))
                if not self.processor.root:
                    self.exit_if_due()
        except Stopped as stopped:
            if not self.processor.root:
                fault = stopped.stop.trap is not None
                self.exit_guest(VmExit(exits.TRIPLE_FAULT if fault else exits.EXTERNAL_INTERRUPT))
            raise

    def exit_if_due(self) -> None:
        """Exit, between two instructions, if a reason has come up."""
        cpu, lines, due = self.cpu, self.cpu.lines, self.processor.due()
        if due is not None:
            self.exit_guest(due)
        elif cpu.time >= self.goal or cpu.until or cpu.bus.interrupted.is_set() or cpu.bus.power is not None:
            self.exit_guest(VmExit(exits.EXTERNAL_INTERRUPT))  # the host wants its processor back
        elif cpu.supervisor.look() != lines or cpu.horizon < self.goal:
            self.exit_guest(VmExit(exits.EXTERNAL_INTERRUPT))  # a device to which the guest has direct access

    def enter_guest(self) -> None:
        """Write the virtual CPU to the VMCS, set timer and interrupt-window exiting, and enter."""
        cpu, write = self.cpu, self.vmcs.write
        for number, slot in self.processor.registers:
            write(fields.GUEST_REGISTERS + number, cpu.s[slot])
        write(fields.TRAP_SHADOW, int(cpu.trapped))
        write(fields.TIMER, self.goal - cpu.time)
        window = controls.INTERRUPT_WINDOW_EXITING if cpu.lines else 0
        write(fields.PRIMARY, self.vmcs.read(fields.PRIMARY) & ~controls.INTERRUPT_WINDOW_EXITING | window)
        if self.event:
            write(fields.ENTRY_EVENT, self.event)
            write(fields.ENTRY_VALUE, self.value)
            self.tally["injected events"] += 1
            self.event = 0
        self.tally["entries"] += 1
        if self.vmcs.unchecked and (now := self.processor.intercepts.exiting) != self.translated_by:
            self.translated_by = now
            self.policy = HardwareAssistance(cpu.isa, now)
            self.translations.renew()
        if self.vmcs.launched:
            self.processor.resume()
        else:
            self.processor.launch()
        cpu.supervisor.moved()  # if an event was injected, that has set registers

    def exit_guest(self, cause: VmExit) -> None:
        """Exit: save the general registers, and load the virtual CPU from them and the VMCS."""
        cpu, read = self.cpu, self.vmcs.read
        self.processor.exit(cause)
        registers = cpu.s[: self.general].tobytes()
        self.reasons[cause.name] += 1
        self.translations.exited(cause.name)
        for number, slot in self.processor.registers:
            cpu.s[slot] = read(fields.GUEST_REGISTERS + number)
        cpu.s[: self.general] = memoryview(registers).cast("I")
        cpu.trapped = bool(read(fields.TRAP_SHADOW))
        cpu.refresh()

    # --- Handling --------------------------------------------------------------------------------

    def interpret(self, until: int) -> None:
        """Interpret in non-root operation, and handle VM exits of instructions. Only `emulate` counts as work of the
        VMM."""
        cpu = self.cpu
        while True:
            try:
                self.translations.slowly(until)
                return
            except VmExit as cause:
                self.exit_guest(cause)
            self.handle(self.vmcs.read(fields.REASON))
            if not cpu.until or cpu.time >= self.goal:
                cpu.until = 0  # so that the run loop looks at devices and lines
                return
            self.enter_guest()
            if not cpu.until or cpu.time >= until:
                return

    def handle(self, reason: int) -> None:
        """Handle a VM exit, on the virtual CPU."""
        read = self.vmcs.read
        if reason == exits.EXCEPTION:
            self.event, self.value = read(fields.EXIT_EVENT), read(fields.EXIT_VALUE)
        elif reason == exits.MISCONFIGURATION:
            raise RuntimeError(f"the nested tables are wrong for {read(fields.PHYSICAL):#x}")
        elif reason == exits.VIOLATION and read(fields.PHYSICAL) < self.cpu.memory.size:
            self.map(read(fields.PHYSICAL) // PAGE)
        else:
            self.emulate()

    def emulate(self) -> None:
        """Emulate the instruction that has exited, or the trap that it takes."""
        self.translations.emulate(self.cpu.time + 1)

    def map(self, page: int) -> None:
        """Map a page of the guest's RAM, and unmapped pages around it."""
        self.tables.map(page)
        first = page - page % AROUND
        for other in range(first, min(first + AROUND, self.cpu.memory.size // PAGE)):
            if not self.tables.entry(other):
                self.tables.map(other)

    def take(self, cause: int, value: int) -> None:
        """See Supervisor.take. A trap in the emulator is injected at the next VM entry."""
        if not self.processor.root:
            super().take(cause, value)
            return
        self.event, self.value = exits.VALID | exits.HAS_VALUE | exits.TRAP | cause, value

    def take_interrupt(self, lines: int) -> None:
        """Inject the lowest line at the next VM entry."""
        self.event, self.value = exits.VALID | exits.INTERRUPT | (lines & -lines).bit_length() - 1, 0

    def enabled(self) -> bool:
        return not self.event and super().enabled()

    @property
    def inside(self) -> bool:
        return not self.processor.root

    # --- Views as TLBs -------------------------------------------------------------------------------

    def relied(self, path: tuple[int, ...]) -> None:
        """Count a two-dimensional walk that has filled a view."""
        walker = self.processor.walker
        if walker is not None and walker.active:
            self.tally["nested walks"] += 1
            self.tally["walk references"] += references(len(path))

    def emptied(self) -> None:
        """Empty all views, and guard each frame until its nested entry is known to be dirty."""
        tables, guarded = self.processor.nested, self.translations.spaces.guarded
        self.translations.spaces.empty()
        if tables.root != nested.NOWHERE:
            for frame in range(self.cpu.memory.size // PAGE):
                if not tables.known.get(frame, 0) & nested.WRITE:
                    guarded[frame] = guarded.get(frame, 0) | NESTED

    def dirtied(self, page: int) -> None:
        self.translations.spaces.release(page, NESTED)

    # --- Reports ------------------------------------------------------------------------------------

    def exits(self, left: Figures) -> Figures:
        """Return the VM exits. Other exits from generated code are no events of the modelled machine."""
        return dict(self.reasons)

    def events(self, found: Figures) -> Figures:
        return {"exits": sum(self.reasons.values()), "walks": self.tally["nested walks"]}

    def control_structure(self) -> Figures:
        return {field.name: self.vmcs.read(at) for at, field in self.vmcs.fields.items()}

    def modelled(self) -> Figures:
        return {name: self.tally[name] for name in TALLIED}
