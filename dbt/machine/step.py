"""The reference interpreter: executes one instruction at a time by functions generated from the description.

It is the reference for every engine and the one slow path of all of them: whatever generated code cannot finish is one
`step` here. Clarity comes before speed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ring1.dbt.machine.addressing import Addressing
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.nested_paging import walker
from ring1.dbt.machine.paging import Walker
from ring1.dbt.machine.saved import Saved, integer, integers
from ring1.dbt.machine.state import LINES, ONES, State
from ring1.dbt.machine.stop import Stop, Stopped, TrapInfo
from ring1.dbt.machine.supervisor import Instruction, Supervisor
from ring1.dbt.machine.traps import TIME_ONES, Traps
from ring1.isa.codec import Decoded, Decoder
from ring1.isa.context import paging_bits
from ring1.isa.model import KINDS, WORD, Isa
from ring1.isa.python import Trap, functions

if TYPE_CHECKING:
    from ring1.dbt.machine.bus import Bus

NEVER = 1 << 128
"""Later than any time. Cpu.time does not wrap; the 64 bits of it that the guest sees do."""
NO_LINE = -1
LINES_WORD = State.word(LINES)
MOST_BOUND = 1 << 16
"""Most distinct instruction words kept bound, so that a guest that executes garbage cannot exhaust the host's
memory."""


class Cpu(Addressing, Traps, Supervisor):
    """The virtual CPU, which generated functions call `m`, and the bare machine, the lowest supervisor.

    `time` counts instructions retired plus the time skipped by waiting (`idle`). A burst ends when `time` reaches
    `until`; `changed()` ends it after the present instruction, because interrupts or paging may have changed.
    """

    def __init__(self, isa: Isa, memory: Memory, bus: Bus, state: State | None = None) -> None:
        self.isa = isa
        self.memory = memory
        self.ram, self.halves = memory.words, memory.halves
        self.watch = memory.watch
        self.device_accesses = 0
        self.bus = bus
        self.state = state or State(isa)
        self.s = self.state.words
        self.time = 0
        self.idle = 0
        self.until = 0
        self.supervisor: Supervisor = self
        """The topmost supervisor."""
        self.lines = 0
        """The pending enabled lines that `look` last returned."""
        self.horizon = NEVER
        """The earliest future deadline that `pending` has compared time with."""
        self.last = NEVER
        """Instructions retired at which the run ends."""
        self.pause = NEVER
        """Time at which the run loop looks at the host again, and a burst ends at the beginning of a block."""
        self.due = 0
        """Time at which a burst must end exactly; where it may end earlier, an engine may stop at any instruction."""
        self.supposed = NO_LINE
        """A line that counts as asserted, to find out whether waiting for it makes sense; NO_LINE for none."""
        self.awaiting = False
        """`reached` is asked only for deadlines at which a wait can end."""
        self.decoder = Decoder(isa)
        self.bound: dict[int, Instruction] = {}
        made: Mapping[str, Any] = functions(isa)
        self.instructions: Mapping[str, Callable[..., int]] = made["INSTRUCTIONS"]
        self.handler: Callable[[Cpu, int, int, int], int] = made["trap_entry"]
        self.unhandled: Callable[[Cpu, int, int, int], Any] = made["unhandled"]
        self.exits: Callable[[Cpu, int, int, int], Any] = made["exits"]
        self.leave: Callable[[Cpu, int, int, int], int] = made["exit_entry"]
        self.undefined: Callable[[Cpu, int, int], int] = made["undefined"]
        fetch, load, store = (made[f"absent_{kind}"] for kind in KINDS)
        self.absent: tuple[Callable[[Cpu, int, int], int], ...] = fetch, load, store, store
        self.enable: Callable[[Cpu], int] = made["enabled"]
        self.pending: Callable[[Cpu], int] = made["pending"]
        self.interrupt: Callable[[Cpu, int], tuple[int, int]] | None = made.get("interrupt")
        self.no_traps()
        self.pc_slot = isa.slots["pc"]
        self.walker: Walker | None = walker(isa, self, memory)
        self.context = [(isa.slots[name], mask) for name, mask in sorted(paging_bits(isa).items())]
        self.seen_context: tuple[int, ...] = ()
        """The values of the control bits in `context` at the last `refresh`."""
        self.tlb: dict[int, int] = {}
        """The walker's TLB for these bits: empty with paging off."""
        memory.on_write = self.watched_write
        self.lengths, self.mixed = isa.words, isa.words.mixed
        self.flat = memory.end
        """Guest addresses from RAM's base to below this are physical addresses in RAM: its end with paging off, 0 with
        paging on."""
        for number, value in isa.hardwired.items():
            self.s[number] = value
        for control in isa.controls.values():
            if control.stored:
                self.s[isa.slots[control.name]] = control.reset & control.stored
        self.reset: Callable[[Cpu, int], int] = made["reset"]
        self.readers: dict[str, Callable[[Cpu], int]] = {name: made[f"read_{name}"] for name in isa.controls}
        self.writers: dict[str, Callable[[Cpu, int], None]] = {name: made[f"write_{name}"] for name in isa.controls}

    # --- Snapshots -------------------------------------------------------------

    def save(self) -> Saved:
        """Return the CPU's whole state, between two instructions."""
        first = self.first
        return {
            "time": self.time,
            "idle": self.idle,
            "words": dict(zip(self.isa.slots, self.s, strict=False)),
            "trapped": [first.cause, first.value, first.pc] if self.trapped else None,
        }

    def restore(self, saved: Saved) -> None:
        """Restore the saved state of a CPU of the same machine. Raises KeyError, TypeError, ValueError if it is
        malformed."""
        isa = self.isa
        self.time = integer(saved["time"], NEVER - 1)
        self.idle = integer(saved["idle"], self.time)
        if saved["words"].keys() != isa.slots.keys():
            raise ValueError("these are other registers")
        for name, slot in isa.slots.items():
            control = isa.controls.get(name)
            stored = ONES if control is None else control.stored
            self.s[slot] = isa.hardwired.get(slot, integer(saved["words"][name], ONES) & stored)
        if self.pc % isa.words.least:
            from ring1.isa.outcome import aligned  # machines whose pc can be odd are rare

            if aligned(isa):
                raise ValueError(f"no instruction can be at {self.pc:#x}")
        self.trapped = saved["trapped"] is not None
        if self.trapped:
            self.first = TrapInfo(*integers(saved["trapped"], 3, ONES))
        self.changed()

    # --- Running ---------------------------------------------------------------

    @property
    def pc(self) -> int:
        return self.s[self.pc_slot]

    @pc.setter
    def pc(self, value: int) -> None:
        self.s[self.pc_slot] = value

    def control(self, name: str) -> int:
        """Return a control register as the guest would read it."""
        return self.readers[name](self)

    @property
    def retired(self) -> int:
        """Instructions retired since reset."""
        return self.time - self.idle

    def burst(self, until: int) -> None:
        """Execute until `time` reaches `until` or `changed()` is called. Takes no interrupts.

        Raises Stopped when a trap has no handler or changes nothing, or a wait can never end.
        """
        self.until = until
        ram, bound, pc, base = self.ram, self.bound, self.s[self.pc_slot], self.memory.base
        if self.mixed:
            fetch, base = self.fetch_parts, ONES
        else:
            fetch = self.fetch_word
        try:
            while self.time < self.until:
                word = ram[pc >> 2] if base <= pc < self.flat else fetch(pc)
                if word in bound:
                    pc = bound[word](pc)
                else:
                    pc = self.instruction(word)(pc)
                self.time += 1
        except Trap as trap:
            self.s[self.pc_slot] = pc
            self.supervisor.take(trap.cause, trap.value)
            return
        except Exception:
            self.s[self.pc_slot] = pc
            raise
        self.s[self.pc_slot] = pc

    def step(self) -> None:
        """Execute one instruction, or take its trap."""
        self.burst(self.time + 1)

    def instruction(self, word: int) -> Instruction:
        """Return the function of an instruction word with its operands bound, and keep it."""
        made = self.supervisor.bind(word, self.decoder.decode(word))
        if len(self.bound) >= MOST_BOUND:
            self.bound.clear()
        self.bound[word] = made
        return made

    def supervise(self, supervisor: Supervisor) -> None:
        """Make another supervisor the topmost; it is a layer over the previous one."""
        self.supervisor = supervisor
        self.bound.clear()

    def walk_by(self, walker: Walker) -> None:
        """Translate addresses by another walker from now on."""
        self.walker = walker
        self.seen_context = ()
        self.refresh()

    # --- The bare machine, as a supervisor (see Supervisor) ------------------------------

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        if decoded is None:
            return partial(self.undefined, self, word)
        insn = decoded.instruction
        values = [decoded.values[o.name] & ONES for o in insn.operands]
        return partial(self.instructions[insn.name], self, word, *values)

    def take_interrupt(self, lines: int) -> None:
        assert self.interrupt is not None
        self.supervisor.take(*self.interrupt(self, self.foremost(lines)))

    def foremost(self, lines: int) -> int:
        """Return the first of some interrupt lines in the machine's order."""
        assert self.isa.interrupts is not None
        return self.isa.interrupts.foremost(lines)

    def enabled(self) -> int:
        return self.enable(self)

    def moved(self) -> None:
        """Do nothing: no layer keeps copies of registers."""

    # --- What generated functions call -------------------------------------------

    def changed(self) -> None:
        """End the burst: a control register has changed that interrupts, the processor mode or paging depend on."""
        self.until = 0
        self.refresh()

    def refresh(self) -> None:
        """Switch the walker's context if the control bits that paging depends on have changed."""
        if self.walker is None:
            return
        s = self.s
        context = tuple([s[slot] & mask for slot, mask in self.context])
        if context != self.seen_context:
            self.seen_context = context
            self.flat = 0 if self.walker.translates() else self.memory.end
            self.tlb = self.walker.enter(context)

    def port_in(self, port: int) -> int:
        value = self.bus.read(port, self.time)
        if self.bus.attention:
            self.until, self.bus.attention = 0, False
        return value

    def port_out(self, port: int, value: int) -> None:
        self.bus.write(port, value, self.time)
        if self.bus.attention:
            self.until, self.bus.attention = 0, False

    def time_now(self) -> int:
        return self.time & TIME_ONES

    def reached(self, deadline: int) -> int:
        """Has the 64-bit time reached this deadline? 1 or 0. Lowers the horizon to when the answer next changes.

        A deadline of all ones means that the timer is not armed; no wait ends at it.
        """
        if deadline == TIME_ONES and self.awaiting:
            return 0
        now = self.time & TIME_ONES
        done = now >= deadline
        change = self.time - now + (TIME_ONES + 1 if done else deadline)
        if change < self.horizon:
            self.horizon = change
        return int(done)

    def line(self, number: int) -> int:
        level = self.bus.level(number)
        if number < WORD:
            bit = 1 << number
            self.s[LINES_WORD] = self.s[LINES_WORD] & ~bit | bit * level
        return int(number == self.supposed or level)

    def memory_size(self) -> int:
        return self.memory.size & ONES

    def look(self) -> int:
        self.horizon = NEVER
        lines = self.lines = self.pending(self)
        deadline = self.bus.deadline()
        if deadline is not None and deadline < self.horizon:
            self.horizon = deadline
        return lines

    def wait(self) -> None:
        self.until = 0
        while not self.supervisor.look():
            lines = [device for device in self.bus.devices if device.line is not None and self.awaits(device.line)]
            awaited = [driver for device in lines for driver in device.drivers()]
            times = [time for device in awaited if (time := device.deadline()) is not None]
            timer = self.next_timer()
            if timer is not None:
                times.append(timer)
            bound = self.bus.bound
            pending = times or any(driver.remote for driver in awaited)
            if bound is not None and pending and min(times, default=bound) >= bound:
                self.skip(bound - self.time)
                raise Stopped(Stop("bound"))
            if times:
                self.skip(min(times) - self.time)
                self.bus.advance(self.time)
            elif any(device.wait() for device in awaited):
                self.bus.advance(self.time)  # what the host has changed may be the beginning of what takes time
            else:
                raise Stopped(Stop("halt"))

    def skip(self, time: int) -> None:
        """Advance time with nothing retired. A trap taken before does not count for the new time, even if that is equal
        modulo 2^64."""
        self.time += time
        self.idle += time
        if time:
            self.trapped = False

    def awaits(self, line: int) -> bool:
        """Would an enabled line be pending if this one were asserted?"""
        self.supposed = line
        try:
            return bool(self.pending(self))
        finally:
            self.supposed = NO_LINE

    def next_timer(self) -> int | None:
        """Return the next deadline that makes an enabled line pending, or None."""
        start, self.awaiting = self.time, True
        try:
            while True:
                self.horizon = NEVER
                if self.pending(self):
                    return self.time
                if self.horizon > start + TIME_ONES:  # time has wrapped once, so every deadline has been seen
                    return None
                self.time = self.horizon
        finally:
            self.time, self.awaiting = start, False
