"""Checking translated code (`run --check`): the interpreter repeats whatever it does, and the results are compared."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ring1.dbt.cache.block import Block
from ring1.dbt.host.interface import FAULTED
from ring1.dbt.host.present import present
from ring1.dbt.machine.choices import Tape, TooMany, search
from ring1.dbt.machine.state import END, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Intercepted, Stopped
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.native import slots
from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.follower import Astray, Follower
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Enter, Platform
from ring1.dbt.vmm.port_calls import COMPLETE
from ring1.isa.record import replace

MOST_TAKEN = 8
"""Most traps and exits without an instruction that retires, of those that generated code takes in a row."""
STRETCH = 1 << 8
"""Most instructions executed between two checks, except that a block or trace is always finished."""
WHOLE = 1 << 20
"""Instructions between two comparisons of all of RAM. Pages that the interpreter has stored to are compared at every
check."""
MOST_BYTES = 16
"""Most differing words of memory that are reported."""

Row = tuple[str, int, int, int]
"""A register or word of memory that differs: its name, its value before (-1: unknown), after translated code, and after
the interpreter."""


Compare = Callable[[set[int]], list[Row]]
"""Compares the architectural words, and these pages."""


@dataclass(frozen=True, slots=True)
class Culprit:
    """An instruction that differs from the interpreter even when translated alone."""

    translation: Translation
    rows: tuple[Row, ...]


class Mistranslation(Exception):
    """Translated code and the interpreter have come to different states."""

    def __init__(
        self,
        translation: Translation | None,
        time: int,
        count: int,
        rows: list[Row],
        astray: str = "",
        culprit: Culprit | None = None,
    ) -> None:
        """`translation` began at `time` and executed `count` instructions; it is None if unknown."""
        self.translation = translation
        self.time = time
        self.count = count
        self.rows = rows
        self.astray = astray
        self.culprit = culprit
        super().__init__(f"translated code and the interpreter differ in {', '.join(row[0] for row in rows) or astray}")


class Checker(Executor):
    """An executor whose generated code the follower repeats, stretch by stretch. Raises Mistranslation at a difference.

    Blocks are not chained, so that a difference belongs to one of them; traces are made nevertheless. Each block is
    verified before it runs.
    """

    def __init__(
        self,
        cpu: Cpu,
        technique: Callable[[Cpu], Platform],
        interpreted: Callable[[Cpu], Platform],
        image: bytes,
        options: Options | None = None,
    ) -> None:
        """`interpreted` makes the platform over the follower, an interpreter that behaves as `technique` does. Raises
        OSError if the host refuses memory."""
        self.follower = Follower(cpu)
        self.entered: Block | None = None
        self.traps = 0
        """Cpu.traps when that was entered."""
        self.left_open, self.untold = 0, 0
        """Stretches in which the guest used a page whose entry it had changed without a flush: those in which the
        machine behaved otherwise than a fresh walk would, and those with too many possibilities to decide."""
        self.next_whole = WHOLE
        # Remembered translations lack the decisions on their instructions, which the report shows.
        made = replace(options or Options(), chain=False, remember=False)
        super().__init__(cpu, technique, image, made)
        self.twin = interpreted(self.follower)
        self.follower.looks = self.may(slots.LOOK_AROUND)
        self.heat.interval = STRETCH
        isa = cpu.isa
        self.names = [names[0] for names in isa.registers] + list(isa.slots)[len(isa.registers) :]

    def entry(self) -> Enter:
        enter = super().entry()

        def checked(pointer: int, address: int) -> int:
            """Run generated code, to be checked as soon as pc and time are up to date."""
            self.catch_up()
            self.follower.begin()
            self.entered, self.traps = self.blocks.at_host(address)[0], self.cpu.traps
            return enter(pointer, address)

        return checked

    def prepare(self) -> None:
        super().prepare()
        self.follower.copy_memory()

    def place(self, translation: Translation, trace: Trace | None = None) -> Block:
        """Place a block, having verified that it cannot leave the machine. Raises Escape."""
        present().verify(
            translation.host,
            (translation.body, translation.page),
            set(self.supply.pinned.values()),
            self.supply.policy.hardware is not None,
        )
        return super().place(translation, trace)

    # --- Generated code ----------------------------------------------------------------

    def catch_up(self, compare: Compare | None = None) -> None:
        """Have the follower repeat what generated code has done, and compare. Raises Mistranslation."""
        if self.entered is None:
            return
        cpu, follower = self.cpu, self.follower
        translation, self.entered = self.entered.translation, None
        start = follower.time

        def follow() -> str:
            follower.translated = True
            try:
                follower.run_to(cpu.time)
                follower.translated = False
                if cpu.traps != self.traps:
                    follower.step()  # the stretch has ended by a fault, maybe at once behind another trap
                for _ in range(MOST_TAKEN):  # it has ended by entering the trap handler, or by an exit
                    behind = (cpu.trapped and not follower.trapped) or (cpu.exited and not follower.exited)
                    if behind and not follower.interrupted():
                        follower.trap()
            except (Astray, Stopped) as error:
                return f"the interpreter {error}"
            finally:
                follower.translated = False
            more, extra = follower.time - cpu.time, follower.leftover()
            if extra:
                return f"the interpreter {extra}"
            return f"translated code gives back {more} instructions that it has not had" if more > 0 else ""

        rows, astray = self.followed(follow, compare or self.compare)
        if rows or astray:
            count = cpu.time - start
            raise Mistranslation(translation, start, count, rows, astray, self.culprit(translation.mode, count))
        if compare is None:
            follower.own.written.clear()

    def followed(self, follow: Callable[[], str], compare: Compare) -> tuple[list[Row], str]:
        """Run the follower, and return what differs. Where the manual leaves open which page-table entries are used,
        only what no machine can do, whatever its TLB holds, counts as a difference."""
        follower, tape = self.follower, Tape()
        seen = tuple(follower.recorder.seen)
        follower.choosing(tape)
        astray = follow()
        rows = compare(follower.own.written)
        if not (rows or astray) or not tape.taken or self.options.mmu.traced:
            return rows, astray

        def again(tape: Tape) -> bool:
            follower.rewind()
            follower.recorder.seen = deque(seen)
            follower.choosing(tape)
            return not follow() and not compare(follower.own.written)

        try:
            found = search((), again)
        except TooMany:  # undecidable: go on from the machine's state
            follower.adopt()
            follower.copy_memory()
            self.untold += 1
            return [], ""
        if found is not None:
            self.left_open += 1
            return [], ""
        follower.rewind()
        follower.recorder.seen = deque(seen)
        follower.choosing(Tape())
        astray = follow()
        return compare(follower.own.written), astray

    def deliver(self, way: int) -> None:
        self.follower.recorder.posted(self.posts)
        super().deliver(way)

    def served(self, way: int, until: int) -> tuple[int, bool]:
        """Have the slow path execute the instruction, so that both CPUs do."""
        if self.cpu.walker is not None:
            self.cpu.walker.doubt()
        self.leave(way, until)
        return COMPLETE, False

    def leave(self, way: int, until: int) -> bool:
        self.catch_up()
        going = super().leave(way, until)
        self.heat.interval = min(self.heat.interval, STRETCH)
        self.heat.due = min(self.heat.due, self.cpu.retired + STRETCH)
        return going

    def missed(self, until: int) -> tuple[bool, bool]:
        """While a trap is taken, keep its writes to memory for the follower, which makes them once it has caught up."""
        follower = self.follower
        follower.recorder.recording = follower.recorder.following = True
        try:
            return super().missed(until)
        except Stopped:
            if self.entered is not None:  # the trap of the access itself stops the machine
                self.catch_up()
                self.stop_too()
            raise
        finally:
            follower.recorder.recording = follower.recorder.following = False

    def stop_too(self) -> None:
        """Have the follower, which has caught up, stop as the machine has. Raises Mistranslation if it goes on."""

        def follow() -> str:
            try:
                self.follower.step()
            except Stopped:
                return ""
            except Astray as error:
                return f"the interpreter {error}"
            return "the interpreter goes on"

        self.follower.mark()
        rows, astray = self.followed(follow, self.compare)
        if rows or astray:
            raise Mistranslation(None, self.cpu.time, 0, rows, astray)
        self.follower.own.written.clear()

    def block(self, pc: int) -> Block | None:
        self.catch_up()  # looking up a block sets the accessed bit of its page
        return super().block(pc)

    def stretch(self, until: int) -> None:
        cpu = self.cpu
        self.follower.adopt()
        self.twin.follow(self.platform)
        try:
            super().stretch(until)
            self.catch_up()
        except Stopped:
            self.compare_memory()
            raise
        if cpu.time >= self.next_whole or cpu.bus.power is not None:
            self.compare_memory()

    # --- The slow path --------------------------------------------------------------------

    def slowly(self, until: int) -> None:
        """Both CPUs interpret; only the real one has devices."""
        self.catch_up(self.compare_within)
        cpu, follower = self.cpu, self.follower
        traps, start = cpu.traps, cpu.time
        stop: Exception | None = None
        follower.mark()
        follower.recorder.recording = follower.recorder.following = True
        try:
            super().slowly(until)
        except (Stopped, Intercepted) as left:  # before any of the instruction was done
            stop = left
        finally:
            follower.recorder.recording = follower.recorder.following = False
        stops = isinstance(stop, Stopped)

        def follow() -> str:
            try:
                follower.run_to(cpu.time)
                if stops or cpu.traps != traps:
                    follower.step()  # the instruction that trapped has not retired
            except Stopped:
                return "" if stops else "the interpreter stops"
            except Astray as error:
                return f"the interpreter {error}"
            return ""

        rows, astray = self.followed(follow, self.compare)
        if rows or astray:
            raise Mistranslation(None, start, cpu.time - start, rows, astray)
        follower.own.written.clear()
        if stop is not None:
            raise stop

    # --- Comparing --------------------------------------------------------------------------

    def compare(self, pages: set[int]) -> list[Row]:
        """Return the architectural words, and the words of these pages, that differ."""
        follower, cpu = self.follower, self.cpu
        n, before = follower.length, memoryview(follower.marked[0] or bytes(4 * follower.length)).cast("I")
        rows: list[Row] = []
        if cpu.s[:n].tobytes() != follower.words():
            values = zip(self.names, before, cpu.s[:n], follower.s[:n], strict=True)
            rows = [(name, was, mine, theirs) for name, was, mine, theirs in values if mine != theirs]
        return rows + self.memory_rows(follower.differing(pages))

    def compare_within(self, pages: set[int]) -> list[Row]:
        """As `compare`, where generated code has left the rest of an instruction to the interpreter: it may already
        have marked an entry, as the instruction does in any case. Behind the instruction nothing may differ."""
        paging = self.cpu.isa.paging
        marks = paging.marks if paging else 0
        return [
            row for row in self.compare(pages) if row[1] >= 0 or row[2] & ~marks != row[3] & ~marks or row[3] & ~row[2]
        ]

    def memory_rows(self, pages: list[int]) -> list[Row]:
        """Return the first MOST_BYTES words in which these pages differ."""
        mine, theirs = self.cpu.memory.words, self.follower.memory.words
        at = (index for page in pages for index in range(page << 10, page + 1 << 10) if mine[index] != theirs[index])
        return [(f"[{4 * i:#010x}]", -1, mine[i], theirs[i]) for i, _ in zip(at, range(MOST_BYTES), strict=False)]

    def compare_memory(self) -> None:
        """Compare all of RAM: generated code may have stored where the interpreter did not."""
        cpu, since = self.cpu, max(self.next_whole - WHOLE, 0)
        self.next_whole = cpu.time + WHOLE
        rows = self.memory_rows(self.follower.all_differing())
        if rows:
            raise Mistranslation(None, since, cpu.time - since, rows)

    def culprit(self, mode: int, count: int) -> Culprit | None:
        """Repeat a stretch that differs with each instruction translated alone; return the first that differs by
        itself, or None."""
        cpu, follower, quads = self.cpu, self.follower, self.cpu.state.quads
        follower.rewind()
        follower.copy_memory(back=True)
        self.supply.translator.most = 1
        for _ in range(count):
            follower.own.written.clear()
            follower.mark()
            cpu.s[: follower.length] = follower.s[: follower.length]
            cpu.time = follower.time
            translation = self.supply.translator.translate(cpu.pc, mode, self.code.fetch)
            block = self.blocks.install(translation)
            quads[State.quad(slots.BUDGET)], quads[State.quad(END)] = 1, follower.time + 1 & TIME_ONES
            way = super().entry()(cpu.state.pointer, self.blocks.address(block))
            follower.recorder.posted(self.posts)
            self.posts.clear()
            cpu.time += 1 - quads[State.quad(slots.BUDGET)]
            try:
                follower.step()
            except (Stopped, Astray):
                return None
            if way != FAULTED and cpu.time == follower.time:
                rows = self.compare(follower.own.written)
                if rows:
                    return Culprit(translation, tuple(rows))
            for page in follower.own.written:
                part = slice(page << 12, page + 1 << 12)
                cpu.memory.bytes[part] = follower.memory.bytes[part]
        return None

    def close(self) -> None:
        super().close()
        self.follower.memory.close()
