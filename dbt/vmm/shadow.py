"""A virtual CPU that follows another one: the same instructions by the interpreter, on memory of its own.

Where the manual leaves it open what a look-aside buffer holds, it walks the tables, or chooses as it is told.
"""

from __future__ import annotations

from collections import deque

from ring1.dbt.devices.bus import ANSWERED, Bus
from ring1.dbt.machine.choices import Choices, Tape
from ring1.dbt.machine.lookaside import OpenCpu
from ring1.dbt.machine.memories import apart, chunks, differing
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.step import ONES, Cpu
from ring1.dbt.machine.stop import Stopped


class Astray(Exception):
    """The interpreter does what the machine that it follows cannot have done."""


class Shadow(OpenCpu):
    """What it would learn from devices is what `real` learnt: `record` keeps it, `replay` gives it out.

    While `translated` is set it follows generated code, which takes no traps and reaches no devices, but for what
    they have published.
    """

    def __init__(self, real: Cpu) -> None:
        """Raises OSError if the host refuses the memory."""
        super().__init__(real.isa, Memory(real.memory.size), Bus())
        self.real = real
        self.seen: deque[tuple[str, object]] = deque()
        self.translated = False
        self.written: set[int] = set()
        """Pages that it has stored to."""
        self.undo: list[tuple[int, bytes]] = []
        """What the stores since the last `mark` have overwritten: address and bytes."""
        self.recording = self.following = False
        self.length = len(real.isa.slots)
        for name in ("port_in", "port_out", "line", "wait"):
            self.record(name)
        self.real_write, self.own_write = real.memory.write, self.memory.write
        real.memory.write = self.machine_writes  # type: ignore[method-assign]
        self.memory.write = self.writes  # type: ignore[method-assign]
        if self.walker is not None:
            self.walker.mark = self.marks  # type: ignore[method-assign]
        self.mark()

    # --- What the real CPU sees -----------------------------------------------------

    def record(self, name: str) -> None:
        """From now on, what this method of the real CPU returns, raises or waits for is kept."""
        cpu, original = self.real, getattr(self.real, name)

        def recorded(*arguments: int) -> object:
            if not self.recording:
                return original(*arguments)
            self.recording, before = False, cpu.time
            try:
                found = original(*arguments)
            except Stopped as stopped:
                self.seen.append((name, stopped))
                raise
            finally:
                self.recording = True
            self.seen.append((name, cpu.time - before if name == "wait" else found))
            return found

        setattr(cpu, name, recorded)

    def machine_writes(self, address: int, data: bytes) -> None:
        """The real memory is written by other than generated code: devices write to both."""
        self.real_write(address, data)
        if not self.following:
            self.own_write(address, data)
        elif not self.recording:  # amid an access to a device: the shadow is not there yet
            self.seen.append(("write", (address, bytes(data))))

    def replay(self, name: str) -> object:
        """What the real CPU got from the call that is made now."""
        if self.translated:
            raise Astray("reaches a device")
        while self.seen:
            kind, value = self.seen.popleft()
            if kind == "write":
                self.own_write(*value)  # type: ignore[misc]
            elif kind == name and isinstance(value, Stopped):
                raise value
            elif kind == name:
                return value
            else:
                break
        raise Astray(f"calls {name} where the machine does not")

    def port_in(self, port: int) -> int:
        if self.translated and port < len(self.real.bus.answers) and self.real.bus.answers[port] & ANSWERED:
            return self.real.bus.answers[port] & ONES  # generated code reads what is published
        value = self.replay("port_in")
        assert isinstance(value, int)
        return value

    def port_out(self, port: int, value: int) -> None:
        self.replay("port_out")

    def line(self, number: int) -> int:
        value = self.replay("line")
        assert isinstance(value, int)
        return value

    def wait(self) -> None:
        waited = self.replay("wait")
        assert isinstance(waited, int)
        self.skip(waited)

    # --- Following --------------------------------------------------------------------

    def store(self, address: int, size: int, value: int) -> None:
        if address + size <= self.flat:  # may be written at once
            self.note(address, size)
        super().store(address, size, value)

    def writes(self, address: int, data: bytes) -> None:
        """What it writes otherwise: through its page tables, and to them."""
        self.note(address, len(data))
        self.own_write(address, data)

    def marks(self, address: int, entry: int) -> None:
        """It marks its own tables."""
        self.writes(address, entry.to_bytes(4, "little"))

    def note(self, address: int, size: int) -> None:
        self.undo.append((address, self.memory.read(address, size)))
        self.written.add(address >> 12)
        self.written.add(address + size - 1 >> 12)

    def take(self, cause: int, value: int) -> None:
        if self.translated:
            raise Astray(f"takes a trap: cause {cause}, value {value:#x}")
        super().take(cause, value)

    def adopt(self) -> None:
        """Be in the real CPU's state. Memory is kept equal all the time."""
        real, n = self.real, self.length
        self.s[:n] = real.s[:n]
        self.time, self.idle, self.lines = real.time, real.idle, real.lines
        self.trapped, self.first = real.trapped, real.first
        self.repeats, self.repeated = real.repeats, real.repeated
        self.seen.clear()
        self.changed()

    def run_to(self, time: int) -> None:
        """Execute until virtual time is `time`."""
        while self.time < time:
            self.burst(time)

    def words(self) -> bytes:
        """The architectural words."""
        return self.s[: self.length].tobytes()

    def mark(self) -> None:
        """`rewind` comes back to here."""
        self.undo.clear()
        past = {} if self.open is None else {at: set(words) for at, words in self.open.past.items()}
        self.marked = self.words(), self.time, self.idle, list(self.seen), past
        self.marked_trap = self.trapped, self.first, self.repeats, self.repeated

    def rewind(self) -> None:
        """Be as at the last `mark`."""
        while self.undo:
            self.own_write(*self.undo.pop())
        words, self.time, self.idle, seen, past = self.marked
        self.trapped, self.first, self.repeats, self.repeated = self.marked_trap
        self.state.bytes[: len(words)] = words
        self.seen = deque(seen)
        if self.open is not None:
            self.open.flush()
            self.open.past = {at: set(words) for at, words in past.items()}
        self.changed()

    def choosing(self, told: Choices = ()) -> Tape:
        """From now on choose as it is told, and then as usual; what there was to choose."""
        tape = Tape(told)
        if self.open is not None:
            self.open.choose = tape.choose
        return tape

    # --- Whole memories -----------------------------------------------------------------

    def differing(self, pages: set[int]) -> list[int]:
        """Those of these pages that the two memories do not agree on."""
        return apart(self.memory, self.real.memory, pages)

    def all_differing(self) -> list[int]:
        """The pages that the two memories do not agree on."""
        return differing(self.memory, self.real.memory)

    def copy_memory(self, back: bool = False) -> None:
        """Have what the real memory holds; or, `back`, give it what the shadow's holds."""
        source, target = self.real.memory, self.memory
        if back:
            source, target = target, source
        for part in chunks(self.memory, self.real.memory):
            target.bytes[part] = source.bytes[part]
        if self.walker is not None:
            self.walker.flush()
