"""A VMM on the modelled extension: sets up a VMCS, enters the guest, handles its exits.

It knows the guest by the VMCS, and by the general registers, which it saves itself. Between exits and entries it has a
virtual CPU made of the two, on which its instruction emulator, the reference interpreter, works, and which the run
loop looks at. Non-root operation itself is played by translated code, with the interpreter as the one slow path; each
view is the TLB of an address space, and shows a page only as far as both walks allow.
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
"""Why a frame must not be written: its nested entry is not dirty (see Spaces.guarded)."""
TALLIED = ("entries", "injected events", "nested walks", "walk references")
AROUND = 16
"""Pages that the VMM maps at a nested violation."""


class Hypervisor(Platform, Tlb):
    """Runs a guest in non-root operation. It is translated by what the VMCS intercepts, and anew when that changes. The
    views of generated code are its TLB."""

    shows_tables = False
    """A walk in generated code has one dimension only: the VMM does it."""

    def __init__(self, cpu: Cpu, change: Change | None = None) -> None:
        """`change` makes another VMCS of the standard one."""
        self.host = HostMemory(cpu.memory.size)
        self.vmcs = standard(cpu.isa, self.host)
        if change is not None:
            change(self.vmcs, self.host)
        self.tables = NestedTables(self.host, self.vmcs.read(fields.NESTED_TABLE))
        self.processor = Processor(cpu, self.vmcs, self.host, self)
        self.reasons = Counter[str]()
        """VM exits."""
        self.tally = Counter[str]()
        """Other events of the modelled hardware."""
        self.event, self.value = 0, 0
        """What the next entry injects; 0 for nothing."""
        self.goal = 0
        """The time until which the guest may run."""
        self.general = len(cpu.isa.registers)
        super().__init__(cpu, HardwareAssistance(cpu.isa, self.processor.intercepts.exiting))
        self.translated_by = self.processor.intercepts.exiting

    # --- Entries and exits ---------------------------------------------------------------------

    def burst(self, until: int) -> None:
        """Whatever ends it, the guest has exited then."""
        self.goal = min(max(until, self.cpu.due), self.cpu.time + MOST_TIMER)
        try:
            self.enter_guest()
            if self.processor.due() is not None:  # what was injected may have left the window open
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
        """Generated code has been left between two instructions: exit, if something has happened."""
        cpu, lines, due = self.cpu, self.cpu.lines, self.processor.due()
        if due is not None:
            self.exit_guest(due)
        elif cpu.time >= self.goal or cpu.until or cpu.bus.interrupted.is_set() or cpu.bus.power is not None:
            self.exit_guest(VmExit(exits.EXTERNAL_INTERRUPT))  # the host wants its processor back
        elif cpu.supervisor.look() != lines or cpu.horizon < self.goal:
            self.exit_guest(VmExit(exits.EXTERNAL_INTERRUPT))  # a device that the guest has to itself

    def enter_guest(self) -> None:
        """Write the virtual CPU to the VMCS, say when and for what to exit, and enter."""
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
        cpu.supervisor.moved()  # by the event that was injected, if there was one

    def exit_guest(self, cause: VmExit) -> None:
        """The guest exits. Save its general registers, and make the virtual CPU of them and of the VMCS."""
        cpu, read = self.cpu, self.vmcs.read
        self.processor.exit(cause)
        registers = cpu.s[: self.general].tobytes()
        self.reasons[cause.name] += 1
        for number, slot in self.processor.registers:
            cpu.s[slot] = read(fields.GUEST_REGISTERS + number)
        cpu.s[: self.general] = memoryview(registers).cast("I")
        cpu.trapped = bool(read(fields.TRAP_SHADOW))
        cpu.refresh()

    # --- Handling --------------------------------------------------------------------------------

    def interpret(self, until: int) -> None:
        """The slow path of non-root operation, and the exits of instructions. Only `emulate` is the VMM at work."""
        cpu = self.cpu
        while True:
            try:
                self.translations.slowly(until)
                return
            except VmExit as cause:
                self.exit_guest(cause)
            self.handle(self.vmcs.read(fields.REASON))
            if not cpu.until or cpu.time >= self.goal:
                cpu.until = 0  # the run loop looks at devices and lines
                return
            self.enter_guest()
            if not cpu.until or cpu.time >= until:
                return

    def handle(self, reason: int) -> None:
        """What the guest wanted, done on the virtual CPU."""
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
        """The instruction emulator: the instruction that has exited, or the trap that it takes."""
        self.translations.emulate(self.cpu.time + 1)

    def map(self, page: int) -> None:
        """Give the guest a page of its RAM, and those around it that it does not have yet."""
        self.tables.map(page)
        first = page - page % AROUND
        for other in range(first, min(first + AROUND, self.cpu.memory.size // PAGE)):
            if not self.tables.entry(other):
                self.tables.map(other)

    def take(self, cause: int, value: int) -> None:
        """A trap that the emulator meets is injected."""
        if not self.processor.root:
            super().take(cause, value)
            return
        self.event, self.value = exits.VALID | exits.HAS_VALUE | exits.TRAP | cause, value

    def take_interrupt(self, lines: int) -> None:
        """The lowest line is injected."""
        self.event, self.value = exits.VALID | exits.INTERRUPT | (lines & -lines).bit_length() - 1, 0

    def enabled(self) -> bool:
        return not self.event and super().enabled()

    @property
    def inside(self) -> bool:
        return not self.processor.root

    # --- Views as TLBs -------------------------------------------------------------------------------

    def relied(self, path: tuple[int, ...]) -> None:
        """A walk in two dimensions has filled a view."""
        walker = self.processor.walker
        if walker is not None and walker.active:
            self.tally["nested walks"] += 1
            self.tally["walk references"] += references(len(path))

    def emptied(self) -> None:
        """A frame is guarded until its nested entry is known to be dirty."""
        tables, guarded = self.processor.nested, self.translations.spaces.guarded
        self.translations.spaces.empty()
        if tables.root != nested.NOWHERE:
            for frame in range(self.cpu.memory.size // PAGE):
                if not tables.known.get(frame, 0) & nested.WRITE:
                    guarded[frame] = guarded.get(frame, 0) | NESTED

    def dirtied(self, page: int) -> None:
        self.translations.spaces.release(page, NESTED)

    # --- For others ------------------------------------------------------------------------------------

    def exits(self, left: Figures) -> Figures:
        """VM exits. What leaves generated code without one is no event of the machine that is modelled."""
        return dict(self.reasons)

    def events(self, found: Figures) -> Figures:
        return {"exits": sum(self.reasons.values()), "walks": self.tally["nested walks"]}

    def modelled(self) -> Figures:
        return {name: self.tally[name] for name in TALLIED}
