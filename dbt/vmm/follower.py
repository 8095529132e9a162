"""The follower: a virtual CPU that interprets the same instructions as another one, on memory of its own.

Where the manual leaves open what a TLB holds, it walks the tables, or chooses as it is told.
"""

from __future__ import annotations

from collections import deque

from ring1.dbt.machine.choices import Tape
from ring1.dbt.machine.lookaside import OpenCpu
from ring1.dbt.machine.memories import apart, chunks, differing
from ring1.dbt.machine.paging import STORE
from ring1.dbt.machine.state import LOOKED, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.vmm.recorder import Recorder
from ring1.dbt.vmm.undo import Undoable

LOOKED_QUAD = State.quad(LOOKED)


class Astray(Exception):
    """The follower does something that the machine that it follows did not do."""


class Follower(OpenCpu):
    """Follows `real`. It has no devices: what `real` got from its own is kept by the recorder and replayed.

    While `translated` is set it follows generated code, which takes no traps but interrupts, and reaches no devices
    except for their published answers.
    """

    def __init__(self, real: Cpu) -> None:
        """Raises OSError if the host refuses the memory."""
        self.own = Undoable(real.memory.size, real.memory.base)
        super().__init__(real.isa, self.own, real.bus.places())
        self.real = real
        self.recorder = Recorder(real, self.adopt)
        self.translated = False
        self.trapping = False
        """It follows generated code in taking a trap."""
        self.looks = False
        """Generated code takes interrupts, and waits for the timer."""
        self.length = len(real.isa.slots)
        real.memory.followers.append(self.machine_writes)
        self.mark()

    # --- What the real CPU sees -----------------------------------------------------

    def machine_writes(self, address: int, data: bytes) -> None:
        """Handle a write to the real memory by other means than generated code: what devices write goes to both
        memories."""
        recorder = self.recorder
        if not recorder.following:
            self.own.put(address, data)
        elif not recorder.recording:  # during an access to a device, which the follower has not come to yet
            recorder.seen.append(("write", (address, bytes(data))))

    def replay(self, name: str) -> object:
        """Return what the real CPU got from the call that the follower makes now. Raises Astray, Stopped."""
        if self.translated:
            raise Astray("reaches a device")
        seen = self.recorder.seen
        while seen:
            kind, value = seen.popleft()
            if kind == "write":
                self.own.put(*value)  # type: ignore[misc]
            elif kind == name and isinstance(value, Stopped):
                raise value
            elif kind == name:
                return value
            else:
                break
        raise Astray(f"calls {name} where the machine does not")

    def port_in(self, port: int) -> int:
        answer = self.real.bus.answer(port) if self.translated else None
        if answer is not None:  # generated code reads published answers
            return answer
        value = self.replay("port_in")
        assert isinstance(value, int)
        return value

    def port_out(self, port: int, value: int) -> None:
        seen = self.recorder.seen
        if not seen or seen[0][0] != "posted":
            self.replay("port_out")
        elif seen.popleft()[1] != (port, value, self.time):
            raise Astray(f"writes {value:#x} to port {port:#x}, which was not posted")

    def leftover(self) -> str:
        """Say what generated code has posted and the follower has not written, having followed it; empty: nothing."""
        more = [what for kind, what in self.recorder.seen if kind == "posted"]
        return f"does not write what was posted: port, value, time {more[0]}" if more else ""

    def line(self, number: int) -> int:
        # Nobody uses the value, so generated code has not asked; lines stay in a burst.
        if self.translated or (self.trapping and not self.recorder.seen):
            return self.recorder.below.line(number)
        value = self.replay("line")
        assert isinstance(value, int)
        return value

    def wait(self) -> None:
        if self.translated and self.looks:
            self.until = 0
            time = self.time if self.supervisor.look() else self.next_timer()
            if time is None:
                raise Astray("waits for a device")
            self.skip(time - self.time)
            return
        waited = self.replay("wait")
        assert isinstance(waited, int)
        self.skip(waited)

    def begin(self) -> None:
        """The real CPU enters generated code, which has not looked at interrupts yet."""
        self.real.state.quads[LOOKED_QUAD] = self.real.time - 1 & TIME_ONES
        self.mark()

    # --- Following --------------------------------------------------------------------

    def store(self, address: int, size: int, value: int) -> None:
        flat = self.memory.base <= address and address + size <= self.flat
        at = address if flat else self.found(address, size, STORE)
        if at >= 0:  # Cpu.store may write this directly
            self.own.note(at, size)
        super().store(address, size, value)

    def take(self, cause: int, value: int) -> None:
        if self.translated:
            raise Astray(f"takes a trap: cause {cause}, value {value:#x}")
        super().take(cause, value)

    def adopt(self) -> None:
        """Copy the real CPU's state; the memories are always kept equal."""
        real, n = self.real, self.length
        self.s[:n] = real.s[:n]
        self.time, self.idle, self.lines = real.time, real.idle, real.lines
        self.trapped, self.first = real.trapped, real.first
        if real.exited:
            self.exited = True
        self.repeats, self.repeated = real.repeats, real.repeated
        self.recorder.seen.clear()
        self.changed()

    def run_to(self, time: int) -> None:
        """Execute until virtual time is `time`."""
        while self.time < time:
            if not self.translated or not self.looks:
                self.burst(time)
            elif not self.interrupted():
                self.burst(min(time, self.horizon))
        if self.translated and self.looks and self.real.state.quads[LOOKED_QUAD] == self.time & TIME_ONES:
            self.interrupted()

    def trap(self) -> None:
        """Execute an instruction that traps, as generated code has taken the trap."""
        self.trapping = True
        try:
            self.step()
        finally:
            self.trapping = False

    def interrupted(self) -> bool:
        """Take an interrupt, as generated code does, if one is due."""
        before, self.translated = self.translated, True
        try:
            lines = self.looks and self.supervisor.look()
            taken = lines and lines & self.supervisor.enabled()
            if not taken:
                return False
            self.translated = False
            self.supervisor.take_interrupt(taken)
            return True
        finally:
            self.translated = before

    def words(self) -> bytes:
        """Return the architectural words as bytes."""
        return self.s[: self.length].tobytes()

    def mark(self) -> None:
        """Save the state, for `rewind`."""
        self.own.keep()
        past = {} if self.open is None else {at: set(words) for at, words in self.open.past.items()}
        self.marked = self.words(), self.time, self.idle, list(self.recorder.seen), past
        self.marked_trap = self.trapped, self.first, self.repeats, self.repeated
        self.marked_exit = self.exited

    def rewind(self) -> None:
        """Restore the state of the last `mark`."""
        self.own.undo()
        words, self.time, self.idle, seen, past = self.marked
        self.trapped, self.first, self.repeats, self.repeated = self.marked_trap
        if self.marked_exit:
            self.exited = True
        self.state.bytes[: len(words)] = words
        self.recorder.seen = deque(seen)
        if self.open is not None:
            self.open.flush()
            self.open.past = {at: set(words) for at, words in past.items()}
        self.changed()

    def choosing(self, tape: Tape) -> None:
        """From now on make the choices of this tape."""
        if self.open is not None:
            self.open.choose = tape.choose

    # --- Whole memories -----------------------------------------------------------------

    def differing(self, pages: set[int]) -> list[int]:
        """Return those of the given pages in which the two memories differ."""
        return apart(self.memory, self.real.memory, pages)

    def all_differing(self) -> list[int]:
        """Return the pages in which the two memories differ."""
        return differing(self.memory, self.real.memory)

    def copy_memory(self, back: bool = False) -> None:
        """Copy the real memory to the follower's, or, with `back`, the follower's to the real one."""
        source, target = self.real.memory, self.memory
        if back:
            source, target = target, source
        for part in chunks(self.memory, self.real.memory):
            target.bytes[part] = source.bytes[part]
        if self.walker is not None:
            self.walker.flush()
