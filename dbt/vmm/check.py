"""Translated code under the eyes of the interpreter: whatever it does is done once more, and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ring1.dbt.cache.blocks import Block
from ring1.dbt.host.interface import FAULTED
from ring1.dbt.host.present import present
from ring1.dbt.machine.choices import Choices, Tape, TooMany, search
from ring1.dbt.machine.state import END, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Intercepted, Stopped
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.native import slots
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.shadow import Astray, Shadow
from ring1.isa.record import replace

STRETCH = 1 << 8
"""Instructions that are executed at most before they are checked, blocks and traces being at least finished."""
WHOLE = 1 << 20
"""Instructions between two comparisons of all of RAM. Pages that the interpreter has stored to are always compared."""
MOST_BYTES = 16
"""Differing words of memory that are told."""

Row = tuple[str, int, int, int]
"""A register or a word of memory: its name, what it was before (-1: nobody knows), what translated code made of it,
and what the interpreter did."""


@dataclass(frozen=True, slots=True)
class Culprit:
    """An instruction that does something else even when it is translated alone."""

    translation: Translation
    rows: tuple[Row, ...]


class Difference(Exception):
    """Translated code has not done what the interpreter does."""

    def __init__(
        self,
        translation: Translation | None,
        time: int,
        count: int,
        rows: list[Row],
        astray: str = "",
        culprit: Culprit | None = None,
    ) -> None:
        """`translation` began at `time` and executed `count` instructions; None if it is not known which it was."""
        self.translation = translation
        self.time = time
        self.count = count
        self.rows = rows
        self.astray = astray
        self.culprit = culprit
        super().__init__(f"translated code and the interpreter differ in {', '.join(row[0] for row in rows) or astray}")


class Checker(Executor):
    """An executor that has every stretch of generated code followed by the interpreter, and raises Difference.

    Blocks are not chained, so that a difference belongs to one of them; traces are made all the same. Each is verified
    before it runs.
    """

    def __init__(
        self,
        cpu: Cpu,
        technique: Callable[[Cpu], Platform],
        interpreted: Callable[[Cpu], Platform],
        image: bytes,
        options: Options | None = None,
    ) -> None:
        """`interpreted` makes the platform of an interpreter that does the same. Raises OSError if the host refuses
        memory."""
        self.shadow = Shadow(cpu)
        self.entered: Block | None = None
        self.left_open, self.untold = 0, 0
        """Stretches in which the guest used a page whose entry it had changed without a flush: those in which the
        machine did something else than to walk the tables, and those with too many possibilities to tell."""
        self.next_whole = WHOLE
        # Remembered translations do not know what was decided about their instructions, which the report tells.
        super().__init__(cpu, technique, image, replace(options or Options(), chain=False, remember=False))
        self.twin = interpreted(self.shadow)
        self.heat.interval = STRETCH
        isa = cpu.isa
        self.names = [names[0] for names in isa.registers] + list(isa.slots)[len(isa.registers) :]

    def lay_out(self, pinned: dict[int, str]) -> None:
        super().lay_out(pinned)
        self.enter_unchecked, self.enter = self.enter, self.enter_checked

    def prepare(self) -> None:
        super().prepare()
        self.shadow.copy_memory()

    def place(self, translation: Translation, traced: bool = False) -> Block:
        """Put a block into the code cache that cannot leave the machine: else raise Escape."""
        present().verify(
            translation.host,
            (translation.body, translation.page),
            set(self.supply.pinned.values()),
            self.supply.policy.hardware is not None,
        )
        return super().place(translation, traced)

    # --- Generated code ----------------------------------------------------------------

    def enter_checked(self, pointer: int, address: int) -> int:
        """Run generated code; it is checked as soon as pc and time are settled."""
        self.catch_up()
        self.shadow.mark()
        self.entered = self.blocks.at_host(address)[0]
        return self.enter_unchecked(pointer, address)

    def catch_up(self) -> None:
        """Have the interpreter do what generated code has done, and compare."""
        if self.entered is None:
            return
        cpu, shadow = self.cpu, self.shadow
        translation, self.entered = self.entered.translation, None
        start = shadow.time

        def follow() -> str:
            shadow.translated = True
            try:
                shadow.run_to(cpu.time)
                shadow.translated = False
                if cpu.trapped and not shadow.trapped:
                    shadow.step()  # into the trap handler, with which the stretch has ended
            except (Astray, Stopped) as error:
                return f"the interpreter {error}"
            finally:
                shadow.translated = False
            more = shadow.time - cpu.time
            return f"translated code gives back {more} instructions that it has not had" if more > 0 else ""

        rows, astray = self.followed(follow)
        if rows or astray:
            count = cpu.time - start
            raise Difference(translation, start, count, rows, astray, self.culprit(translation.mode, count))
        shadow.own.written.clear()

    def followed(self, follow: Callable[[], str]) -> tuple[list[Row], str]:
        """What differs after the shadow has followed. Where the manual leaves open which entries of a table are used,
        that is only what no machine does, whatever its look-aside buffer holds."""
        shadow, tape = self.shadow, self.shadow.choosing()
        astray = follow()
        rows = self.compare(shadow.own.written)
        if not (rows or astray) or not tape.taken or self.options.mmu.traced:
            return rows, astray

        def again(told: Choices) -> tuple[Tape, bool]:
            shadow.rewind()
            tape = shadow.choosing(told)
            return tape, not follow() and not self.compare(shadow.own.written)

        try:
            found = search((), again)
        except TooMany:  # nobody can tell: go on as the machine has
            shadow.adopt()
            shadow.copy_memory()
            self.untold += 1
            return [], ""
        if found is not None:
            self.left_open += 1
            return [], ""
        shadow.rewind()
        shadow.choosing()
        astray = follow()
        return self.compare(shadow.own.written), astray

    def leave(self, way: int, until: int) -> bool:
        self.catch_up()
        going = super().leave(way, until)
        self.heat.interval = min(self.heat.interval, STRETCH)
        self.heat.due = min(self.heat.due, self.cpu.time + STRETCH)
        return going

    def missed(self, until: int) -> tuple[bool, bool]:
        """Whatever a trap writes to memory, the shadow writes as well, once it has caught up."""
        shadow = self.shadow
        shadow.recorder.recording = shadow.recorder.following = True
        try:
            return super().missed(until)
        finally:
            shadow.recorder.recording = shadow.recorder.following = False

    def block(self, pc: int) -> Block | None:
        self.catch_up()  # to look for a block marks its page as accessed
        return super().block(pc)

    def stretch(self, until: int) -> None:
        cpu = self.cpu
        self.shadow.adopt()
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
        self.catch_up()
        cpu, shadow = self.cpu, self.shadow
        traps, start = cpu.traps, cpu.time
        stop: Exception | None = None
        shadow.mark()
        shadow.recorder.recording = shadow.recorder.following = True
        try:
            super().slowly(until)
        except (Stopped, Intercepted) as left:  # with nothing of an instruction done
            stop = left
        finally:
            shadow.recorder.recording = shadow.recorder.following = False
        stops = isinstance(stop, Stopped)

        def follow() -> str:
            try:
                shadow.run_to(cpu.time)
                if stops or cpu.traps != traps:
                    shadow.step()  # what trapped has not retired
            except Stopped:
                return "" if stops else "the interpreter stops"
            except Astray as error:
                return f"the interpreter {error}"
            return ""

        rows, astray = self.followed(follow)
        if rows or astray:
            raise Difference(None, start, cpu.time - start, rows, astray)
        shadow.own.written.clear()
        if stop is not None:
            raise stop

    # --- Comparing --------------------------------------------------------------------------

    def compare(self, pages: set[int]) -> list[Row]:
        """What differs of the architectural words and of these pages."""
        shadow, cpu = self.shadow, self.cpu
        n, before = shadow.length, memoryview(shadow.marked[0] or bytes(4 * shadow.length)).cast("I")
        rows: list[Row] = []
        if cpu.s[:n].tobytes() != shadow.words():
            values = zip(self.names, before, cpu.s[:n], shadow.s[:n], strict=True)
            rows = [(name, was, mine, theirs) for name, was, mine, theirs in values if mine != theirs]
        return rows + self.memory_rows(shadow.differing(pages))

    def memory_rows(self, pages: list[int]) -> list[Row]:
        """The first words in which these pages differ."""
        mine, theirs = self.cpu.memory.words, self.shadow.memory.words
        at = (index for page in pages for index in range(page << 10, page + 1 << 10) if mine[index] != theirs[index])
        return [(f"[{4 * i:#010x}]", -1, mine[i], theirs[i]) for i, _ in zip(at, range(MOST_BYTES), strict=False)]

    def compare_memory(self) -> None:
        """Compare all of RAM: generated code may have stored where the interpreter did not."""
        cpu, since = self.cpu, max(self.next_whole - WHOLE, 0)
        self.next_whole = cpu.time + WHOLE
        rows = self.memory_rows(self.shadow.all_differing())
        if rows:
            raise Difference(None, since, cpu.time - since, rows)

    def culprit(self, mode: int, count: int) -> Culprit | None:
        """Go over a stretch that differs once more, each instruction translated alone: the first that differs."""
        cpu, shadow, quads = self.cpu, self.shadow, self.cpu.state.quads
        shadow.rewind()
        shadow.copy_memory(back=True)
        self.supply.translator.most = 1
        for _ in range(count):
            shadow.own.written.clear()
            shadow.mark()
            cpu.s[: shadow.length] = shadow.s[: shadow.length]
            cpu.time = shadow.time
            translation = self.supply.translator.translate(cpu.pc, mode, self.fetch)
            block = self.blocks.install(translation)
            quads[State.quad(slots.BUDGET)], quads[State.quad(END)] = 1, shadow.time + 1 & TIME_ONES
            way = self.enter_unchecked(cpu.state.pointer, self.blocks.address(block))
            cpu.time += 1 - quads[State.quad(slots.BUDGET)]
            try:
                shadow.step()
            except Stopped:
                return None
            if way != FAULTED and cpu.time == shadow.time:
                rows = self.compare(shadow.own.written)
                if rows:
                    return Culprit(translation, tuple(rows))
            for page in shadow.own.written:
                part = slice(page << 12, page + 1 << 12)
                cpu.memory.bytes[part] = shadow.memory.bytes[part]
        return None

    def close(self) -> None:
        super().close()
        self.shadow.memory.close()
