"""A VMM on the modelled extension: sets up a VMCS, enters the guest, handles its exits.

It knows the guest by the VMCS, and by the general registers, which it saves itself. Between exits and entries it has a
virtual CPU made of the two, on which its instruction emulator, the reference interpreter, works, and which the run
loop looks at. Non-root operation itself is played by translated code, with the interpreter as the one slow path; each
view is the TLB of an address space, and shows a page only as far as both walks allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from ring1.dbt.cache.blocks import Block, Place
from ring1.dbt.engines.hw.nested_tables import NestedTables
from ring1.dbt.engines.hw.policy import HardwareAssistance
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.mmu.tables import Use
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vt import controls, exits, fields, nested
from ring1.dbt.vt.exits import Exit
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.processor import MOST_TIMER, Processor
from ring1.dbt.vt.setup import standard
from ring1.dbt.vt.vmcs import Vmcs
from ring1.dbt.vt.walker import references
from ring1.isa.python import Trap

Change = Callable[[Vmcs, HostMemory], None]
NESTED = 16
"""Why a frame must not be written: its nested entry is not dirty (see Spaces.guarded)."""
TALLIED = ("entries", "injected events", "nested walks", "walk references")
AROUND = 16
"""Pages that the VMM maps at a nested violation."""


class Hypervisor(Executor):
    """Runs a guest in non-root operation. It is translated by what the VMCS intercepts, and anew when that changes."""

    def __init__(self, cpu: Cpu, image: bytes, options: Options | None = None, change: Change | None = None) -> None:
        """`change` makes another VMCS of the standard one. Raises OSError if the host refuses memory."""
        self.host = HostMemory(cpu.memory.size)
        self.vmcs = standard(cpu.isa, self.host)
        if change is not None:
            change(self.vmcs, self.host)
        self.tables = NestedTables(self.host, self.vmcs.read(fields.NESTED_TABLE))
        self.processor = Processor(cpu, self.vmcs, self.host)
        self.reasons = Counter[str]()
        """VM exits."""
        self.tally = Counter[str]()
        """Other events of the modelled hardware."""
        self.event, self.value = 0, 0
        """What the next entry injects; 0 for nothing."""
        self.goal = 0
        """The time until which the guest may run."""
        self.general = len(cpu.isa.registers)
        super().__init__(cpu, HardwareAssistance(cpu.isa, self.processor.intercepts.exiting), image, options)
        self.translated_by = self.processor.intercepts.exiting
        self.note, self.spaces.tables.rely = self.spaces.tables.rely, self.rely  # type: ignore[method-assign]
        self.processor.nested.dirtied = self.dirtied
        self.processor.flushed = self.flushed  # type: ignore[method-assign]
        self.enabled = cpu.enabled
        cpu.enabled = lambda cpu: not self.event and self.enabled(cpu)
        cpu.take_interrupt = self.take_interrupt  # type: ignore[method-assign]
        cpu.take = self.take  # type: ignore[method-assign]

    # --- Entries and exits ---------------------------------------------------------------------

    def burst(self, until: int) -> None:
        """See Executor.burst. Whatever ends it, the guest has exited then."""
        self.goal = min(max(until, self.cpu.due), self.cpu.time + MOST_TIMER)
        try:
            self.enter_guest()
            if self.processor.due() is not None:  # what was injected may have left the window open
                self.look()
            while not self.processor.root:
                super().burst(min(until, self.goal))
                if not self.processor.root:
                    self.look()
        except Stopped as stopped:
            if not self.processor.root:
                fault = stopped.stop.trap is not None
                self.exit_guest(Exit(exits.TRIPLE_FAULT if fault else exits.EXTERNAL_INTERRUPT))
            raise

    def look(self) -> None:
        """Generated code has been left between two instructions: exit, if something has happened."""
        cpu, lines, due = self.cpu, self.cpu.lines, self.processor.due()
        if due is not None:
            self.exit_guest(due)
        elif cpu.time >= self.goal or cpu.until or cpu.bus.interrupted.is_set() or cpu.bus.power is not None:
            self.exit_guest(Exit(exits.EXTERNAL_INTERRUPT))  # the host wants its processor back
        elif cpu.look() != lines or cpu.horizon < self.goal:
            self.exit_guest(Exit(exits.EXTERNAL_INTERRUPT))  # a device that the guest has to itself

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
            self.decide(HardwareAssistance(cpu.isa, now))
        if self.vmcs.launched:
            self.processor.resume()
        else:
            self.processor.launch()

    def exit_guest(self, cause: Exit) -> None:
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
                self.slowly(until)
                return
            except Exit as cause:
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
        super().interpret(self.cpu.time + 1)

    def map(self, page: int) -> None:
        """Give the guest a page of its RAM, and those around it that it does not have yet."""
        self.tables.map(page)
        first = page - page % AROUND
        for other in range(first, min(first + AROUND, self.cpu.memory.size // PAGE)):
            if not self.tables.entry(other):
                self.tables.map(other)

    def take(self, cause: int, value: int) -> None:
        """See Cpu.take. A trap that the emulator meets is injected."""
        if not self.processor.root:
            self.processor.take_intercepted(cause, value)
            return
        self.event, self.value = exits.VALID | exits.HAS_VALUE | exits.TRAP | cause, value

    def take_interrupt(self, lines: int) -> None:
        """See Cpu.take_interrupt. The lowest line is injected."""
        self.event, self.value = exits.VALID | exits.INTERRUPT | (lines & -lines).bit_length() - 1, 0

    # --- Views as TLBs -------------------------------------------------------------------------------

    def fill(self, block: Block, index: int) -> bool:
        """See Executor.fill. What exits is left to the slow path, which knows where the guest is."""
        try:
            return super().fill(block, index)
        except Exit:
            return False
        except Trap as trap:
            if self.processor.intercepts.traps(trap.cause):
                return False
            raise

    def place_of(self, pc: int) -> Place | None:
        try:
            return super().place_of(pc)
        except Exit:
            return None

    def place_walks(self) -> None:
        """See Executor.place_walks. Generated code walks one dimension only: the VMM does it."""

    def goes_on(self, until: int) -> bool:
        return not self.processor.root and super().goes_on(until)

    def rely(self, path: tuple[int, ...], use: Use, values: Sequence[int] | None = None) -> set[Use]:
        """A walk in two dimensions has filled a view."""
        walker = self.processor.walker
        if walker is not None and walker.active:
            self.tally["nested walks"] += 1
            self.tally["walk references"] += references(len(path))
        return self.note(path, use, values)

    def flushed(self) -> None:
        """The TLB is empty. A frame is guarded until its nested entry is known to be dirty."""
        tables, guarded = self.processor.nested, self.spaces.guarded
        self.spaces.empty()
        if tables.root != nested.NOWHERE:
            for frame in range(self.cpu.memory.size // PAGE):
                if not tables.known.get(frame, 0) & nested.WRITE:
                    guarded[frame] = guarded.get(frame, 0) | NESTED

    def dirtied(self, page: int) -> None:
        """The nested entry of a page says so now."""
        self.spaces.release(page, NESTED)

    # --- For the VMM ------------------------------------------------------------------------------------

    def exits(self) -> Mapping[str, int]:
        """VM exits. What leaves generated code without one is no event of the machine that is modelled."""
        return dict(self.reasons)

    def modelled(self) -> dict[str, int]:
        """Events of the modelled hardware beside exits."""
        return {name: self.tally[name] for name in TALLIED}

    def events(self) -> dict[str, int]:
        """What costs time on hardware, for ring1.dbt.measure.costs."""
        return {"exits": sum(self.reasons.values()), "walks": self.tally["nested walks"]}

    def figures(self) -> dict[str, int]:
        left = {"exits of generated code": sum(self.counts.values())}
        return {f"modelled {name}": n for name, n in self.modelled().items()} | left | super().figures()
