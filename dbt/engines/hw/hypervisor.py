"""A VMM on the modelled extension: it sets up a VMCS, enters the guest and handles its VM exits.

The guest's state is in the VMCS and in the general registers, which the VMM saves itself. Between VM exit and VM entry
both are in a virtual CPU, on which the instruction emulator (the reference interpreter) works, and which the run loop
looks at. Non-root operation itself is translated code, with the interpreter as the one slow path; each view is the TLB
of an address space, and shows a page only as far as both dimensions of the walk allow.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable
from functools import cached_property

from ring1.dbt.engines.hw.nested_tables import NestedTables
from ring1.dbt.engines.hw.policy import HardwareAssistance
from ring1.dbt.engines.hw.short_exits import ShortExits
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import (
    ENTERED,
    EXITED,
    INJECTED,
    INJECTED_LINE,
    MOST_WALKED,
    NESTED,
    TIMER_EXITS,
    WALKED,
    WINDOW_EXITS,
    State,
)
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.native import slots
from ring1.dbt.vmm.platform import Figures, Platform
from ring1.dbt.vt import controls, exits, fields, nested
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.intercept import Exiting
from ring1.dbt.vt.processor import MOST_TIMER, Processor
from ring1.dbt.vt.setup import standard
from ring1.dbt.vt.tlb import Tlb
from ring1.dbt.vt.vmcs import Vmcs
from ring1.dbt.vt.walker import references

Change = Callable[[Vmcs, HostMemory], None]
CLEAN = 16
"""A reason to guard a frame (see Spaces.guarded): its nested entry is not dirty."""
ENTRIES, INJECTIONS, WALKS, REFERENCES = "entries", "injected events", "nested walks", "walk references"
TALLIED = (ENTRIES, INJECTIONS, WALKS, REFERENCES)
COUNTS = slice(State.quad(ENTERED), State.quad(WALKED) + MOST_WALKED)
ENTERED_QUAD, TIMER_QUAD, WINDOW_QUAD, INJECTED_QUAD, WALKED_QUAD = map(
    State.quad, (ENTERED, TIMER_EXITS, WINDOW_EXITS, INJECTED, WALKED)
)
EXITED_WORD, LINE_WORD = map(State.word, (EXITED, INJECTED_LINE))
AROUND = 16
"""Pages that the VMM maps at a nested violation."""


class Hypervisor(Platform, Tlb):
    """Runs a guest in non-root operation. Its code is translated by what the VMCS intercepts, and again when that
    changes. The views of generated code are the TLB."""

    exits_itself = True

    def __init__(self, cpu: Cpu, change: Change | None = None) -> None:
        """`change` modifies the standard VMCS."""
        self.host = HostMemory(cpu.memory.end)
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
        self.counts = cpu.state.quads[COUNTS]
        """What generated code has done of the VMM's work, and counted."""
        known = (ctypes.c_char * 0).from_buffer(self.processor.nested.known)
        cpu.state.quads[State.quad(NESTED)] = ctypes.addressof(known)
        super().__init__(cpu, HardwareAssistance(cpu.isa, self.processor.intercepts.exiting))
        self.exiting, self.routines = self.decided()

    @cached_property
    def emulating(self) -> ShortExits:
        return ShortExits(self.cpu.isa, self.processor.intercepts)

    def decided(self) -> tuple[Exiting, frozenset[int]]:
        """Return by what the guest's code is translated, and the routines that there may be, as the VMCS is now."""
        inside = {slots.LOOK_AROUND, slots.TIME_UP} if self.emulating.possible else set()
        exiting = self.processor.intercepts.exiting
        return exiting, frozenset(inside if exiting.exceptions else inside | {slots.TAKE})

    # --- VM entries and VM exits ---------------------------------------------------------------------

    def burst(self, until: int) -> None:
        """See Engine.burst. At its end the guest has always exited."""
        latest = self.cpu.time + MOST_TIMER
        self.goal = min(max(until, self.cpu.due), latest)
        self.cpu.pause = min(self.cpu.pause, latest)  # so that generated code need not limit the timer
        injected = self.event
        try:
            self.enter_guest()
            if (
                injected or self.processor.due() is not None
            ):  # an event may have opened the window, or changed the lines
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
        self.take_over()
        cpu, lines, due = self.cpu, self.cpu.lines, self.processor.due()
        if cpu.s[EXITED_WORD]:
            self.has_exited()
        elif due is not None:
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
        self.arm(cpu.time)
        if self.event:
            write(fields.ENTRY_EVENT, self.event)
            write(fields.ENTRY_VALUE, self.value)
            self.tally[INJECTIONS] += 1
            self.event = 0
        self.tally[ENTRIES] += 1
        if self.vmcs.unchecked and (now := self.decided()) != (self.exiting, self.routines):
            self.exiting, self.routines = now
            self.policy = HardwareAssistance(cpu.isa, self.exiting)
            self.translations.renew()
        if self.vmcs.launched:
            self.processor.resume()
        else:
            self.processor.launch()
        cpu.supervisor.moved()  # if an event was injected, that has set registers

    def arm(self, now: int) -> None:
        """Set timer and interrupt-window exiting for an entry at a time."""
        lines, write = self.cpu.lines, self.vmcs.write
        write(fields.TIMER, self.goal - now)
        window = controls.INTERRUPT_WINDOW_EXITING if lines else 0
        write(fields.PRIMARY, self.vmcs.read(fields.PRIMARY) & ~controls.INTERRUPT_WINDOW_EXITING | window)
        write(fields.WINDOW_LINES, lines)

    def take_over(self) -> None:
        """Take over what generated code has done of the VMM's work since the last entry: the last entry is its own
        then, and so are timer, window and event of it."""
        cpu, counts, quads, tally, values = self.cpu, self.counts, self.cpu.state.quads, self.tally, self.vmcs.values
        if not any(counts):
            return
        entered, timer, window, injected = quads[ENTERED_QUAD : INJECTED_QUAD + 1]
        for reason, n in ((exits.TIMER, timer), (exits.INTERRUPT_WINDOW, window)):
            if n:
                self.reasons[exits.NAMES[reason]] += n
                tally[ENTRIES] += n
        if entered:
            self.goal = min(cpu.due, entered + MOST_TIMER)
            self.processor.entered_at = entered
            self.arm(entered)
        if injected:
            tally[INJECTIONS] += injected
            values[fields.ENTRY_EVENT], values[fields.ENTRY_VALUE] = exits.INTERRUPT | cpu.s[LINE_WORD], 0
        for levels, n in enumerate(quads[WALKED_QUAD : WALKED_QUAD + MOST_WALKED]):
            self.walked(levels, n)
        for n in range(len(counts)):
            counts[n] = 0

    def has_exited(self) -> None:
        """The guest has exited at an instruction that generated code has done in the place of the VMM, and counted with
        the entry that the VMM is to make now. The exit information is what the next exit overwrites."""
        self.cpu.s[EXITED_WORD] = 0
        self.tally[ENTRIES] -= 1
        self.load_virtual(VmExit(exits.CONTROL))

    def exit_guest(self, cause: VmExit) -> None:
        """Exit for a reason, which is counted."""
        self.take_over()
        self.reasons[cause.name] += 1
        self.translations.exited(cause.name)
        self.load_virtual(cause)

    def load_virtual(self, cause: VmExit) -> None:
        """Exit: save the general registers, and load the virtual CPU from them and the VMCS."""
        cpu, read = self.cpu, self.vmcs.read
        self.processor.exit(cause)
        registers = cpu.s[: self.general].tobytes()
        for number, slot in self.processor.registers:
            cpu.s[slot] = read(fields.GUEST_REGISTERS + number)
        cpu.s[: self.general] = memoryview(registers).cast("I")
        cpu.trapped = bool(read(fields.TRAP_SHADOW))
        cpu.refresh()

    # --- Handling --------------------------------------------------------------------------------

    def interpret(self, until: int) -> None:
        """Interpret in non-root operation, and handle VM exits of instructions. Only `emulate` counts as work of the
        VMM."""
        self.take_over()
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
        elif reason == exits.VIOLATION and self.cpu.memory.has(read(fields.PHYSICAL)):
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
        for other in range(first, min(first + AROUND, self.cpu.memory.end // PAGE)):
            if not self.tables.entry(other):
                self.tables.map(other)

    def take(self, cause: int, value: int) -> None:
        """See Supervisor.take. A trap in the emulator is injected at the next VM entry."""
        if not self.processor.root:
            super().take(cause, value)
            return
        self.event, self.value = exits.VALID | exits.HAS_VALUE | exits.TRAP | cause, value

    def take_interrupt(self, lines: int) -> None:
        """Inject the first line at the next VM entry."""
        self.event, self.value = exits.VALID | exits.INTERRUPT | self.cpu.foremost(lines), 0

    def enabled(self) -> int:
        return 0 if self.event else super().enabled()

    @property
    def inside(self) -> bool:
        return not self.processor.root

    # --- Views as TLBs -------------------------------------------------------------------------------

    def relied(self, path: tuple[int, ...]) -> None:
        """Count a two-dimensional walk that has filled a view."""
        self.walked(len(path), 1)

    def walked(self, levels: int, walks: int) -> None:
        """Count walks of so many levels of the guest's tables."""
        walker = self.processor.walker
        if walker is not None and walker.active:
            self.tally[WALKS] += walks
            self.tally[REFERENCES] += walks * references(levels)

    def emptied(self) -> None:
        """Empty all views, and guard each frame until its nested entry is known to be dirty."""
        known, guarded = self.processor.nested.known, self.translations.spaces.guarded
        self.translations.spaces.empty()
        for frame in range(self.cpu.memory.base // PAGE, self.cpu.memory.end // PAGE):
            if not known[frame] & nested.WRITE:
                guarded[frame] = guarded.get(frame, 0) | CLEAN

    def dirtied(self, page: int) -> None:
        self.translations.spaces.release(page, CLEAN)

    # --- Reports ------------------------------------------------------------------------------------

    def exits(self, left: Figures) -> Figures:
        """Return the VM exits. Other exits from generated code are no events of the modelled machine."""
        return dict(self.reasons + Counter(self.translations.emulated()))

    def events(self, found: Figures) -> Figures:
        exits = sum(self.reasons.values()) + sum(self.translations.emulated().values())
        return {"exits": exits, "walks": self.tally[WALKS]}

    def control_structure(self) -> Figures:
        return {field.name: self.vmcs.read(at) for at, field in self.vmcs.fields.items()}

    def modelled(self) -> Figures:
        entries = sum(self.translations.emulated().values())
        return {name: self.tally[name] + entries * (name == ENTRIES) for name in TALLIED}
