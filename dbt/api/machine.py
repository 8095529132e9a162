"""A machine for programs in Python: it runs forward and back, is looked at and changed, and told about by hooks."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from ring1.dbt.api import beginning, loading
from ring1.dbt.api.call import Calls
from ring1.dbt.api.console import Console
from ring1.dbt.api.errors import BadAddress, Closed, Ended, EngineUnavailable, MachineError, ProgramError
from ring1.dbt.api.hooks import Blocks, Hook, Hooks, Part
from ring1.dbt.api.memory import Memory
from ring1.dbt.api.places import Place, address
from ring1.dbt.api.registers import Controls, Registers, changing
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel import journal
from ring1.dbt.travel.body import Kind
from ring1.dbt.travel.kept import BUDGET
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.timeline import FOREVER, Halted, Timeline, stepping
from ring1.dbt.travel.transcript import Transcript
from ring1.dbt.travel.watch import Watch
from ring1.isa.asm.program import Program
from ring1.isa.board import Board
from ring1.isa.model import Isa
from ring1.isa.record import replace

RAM = 16 << 20
"""Bytes of an instruction, which lies at a multiple of them."""
Until = Place | Sequence[Place]


def number(count: int) -> int:
    """Return a count of instructions. Raises MachineError if it is none."""
    if not isinstance(count, int) or count < 0:
        raise MachineError(f"{count!r} is no count of instructions")
    return count


class Machine:
    """A machine with its program, under an engine, at a moment of its run.

    `reg` are the general registers, `control` the control registers, `mem` memory as the guest addresses it now, `ram`
    physical memory, `console` keyboard and screen. Any number of machines may be used, each by one thread at a time;
    only `interrupt` may be called by another.
    """

    def __init__(
        self,
        isa: str | os.PathLike[str] | Isa | None = None,
        *programs: str | os.PathLike[str] | Program,
        text: str | None = None,
        elf: str | os.PathLike[str] | None = None,
        image: bytes | None = None,
        snapshot: str | os.PathLike[str] | None = None,
        engine: str | None = None,
        ram: int = RAM,
        disk: str | os.PathLike[str] | bytes | None = None,
        seed: int = 0,
        input: bytes | None = None,
        arguments: Sequence[str] = (),
        budget: int = BUDGET,
        tell: Callable[[bytes], None] | None = None,
        registry: Registry = ENGINES,
        board: Board | None = None,
        tohost: int | None = None,
    ) -> None:
        """Make a machine of the description `isa`, a name or a file, with one program: assembly files, an image (.bin)
        or a linked file in `programs`; assembly in `text`; a linked file in `elf`; bytes in `image`; or none. Or go on
        with a `snapshot`: `isa` is then needed only if it is not one that is shipped, and a program for its names.
        Without both the machine is `pg32`.

        `ram`: bytes. `disk`: a file or bytes, of which the machine has a copy of its own. `input`: all that is typed on
        the console; None if `console.feed` and `console.close` will say. `arguments` are those of a C program, its name
        first. `budget`: bytes of memory for going back. `tell` is called with console output. Without `engine`, it is
        the registry's default, or its reference where that cannot run. Without `board`, it has the one that the
        description names. A store of an odd word at the physical address `tohost` ends the machine. Raises
        MachineError.
        """
        given = [each for each in (programs, text, elf, image) if each not in (None, ())]
        if len(given) > 1:
            raise ProgramError("a machine has one program: files, text=, elf= or image=")
        known = None if isa is None and snapshot is not None else loading.described("pg32" if isa is None else isa)
        sectors, state = beginning.contents(disk), None
        if snapshot is not None:
            kind, state = beginning.resumed(os.fspath(snapshot), known, sectors)
        else:
            assert known is not None
            kind = Kind(known, ram, b"", sectors=sectors, board=board, tohost=tohost)
        known = kind.isa
        self.registry = registry
        self.program = loading.program_of(known, programs or (() if elf is None else (elf,)), text, image)
        self.name = next((os.path.basename(name) for name in programs if not isinstance(name, Program)), known.name)
        self.timeline: Timeline | None = None
        kind = replace(kind, image=self.program.image, seed=seed)
        technique, transcript = self.technique(engine, known), Transcript(tell)
        if state is None:
            begun = beginning.at_reset(kind, technique, transcript, self.program, arguments, budget)
        else:
            begun = beginning.in_state(kind, technique, transcript, state, budget)
        self.attach(begun)
        if input is not None:
            self.console.feed(input)
            self.console.close()

    def attach(self, timeline: Timeline) -> None:
        """Be the machine of a timeline."""
        self.timeline = timeline
        self.hooks = Hooks()
        self.reg = Registers(self.now)
        self.control = Controls(self.now)
        self.mem = Memory(self.now, self.address, True)
        self.ram = Memory(self.now, self.address, False)
        self.console = Console(self.now)
        self.calls = Calls(self.now, self.address)

    def technique(self, name: str | None, isa: Isa) -> Technique:
        """Return the technique of a name, or the usual one. Raises EngineUnavailable if it cannot run here."""
        registry = self.registry
        if name is None:
            return registry.reference if registry.default.cannot(isa) else registry.default
        if name not in registry:
            raise EngineUnavailable(f"there is no engine {name!r}; there are {', '.join(registry)}")
        reason = registry[name].cannot(isa)
        if reason:
            raise EngineUnavailable(f"the engine {name} cannot run here: {reason}")
        return registry[name]

    def now(self) -> Timeline:
        """Return the timeline. Raises Closed."""
        if self.timeline is None:
            raise Closed("the machine has been closed")
        return self.timeline

    # --- What it is, and where ------------------------------------------------------------

    @property
    def isa(self) -> Isa:
        """The description."""
        return self.now().body.kind.isa

    @property
    def engine(self) -> str:
        """The name of the engine."""
        return self.now().body.technique.name

    @property
    def labels(self) -> Mapping[str, int]:
        """The program's labels and their addresses."""
        return self.program.symbols

    @property
    def pc(self) -> int:
        """The address of the next instruction."""
        return self.now().body.cpu.pc

    @pc.setter
    def pc(self, place: Place) -> None:
        timeline, at = changing(self.now), self.address(place)
        if at % self.isa.words.least:
            raise BadAddress(f"no instruction is at {at:#x}: that is no multiple of {self.isa.words.least}")
        timeline.change(journal.register_set(timeline.body.cpu.pc_slot, at))

    @property
    def count(self) -> int:
        """Instructions retired since reset."""
        return self.now().body.cpu.retired

    @property
    def exits(self) -> Mapping[str, int]:
        """Exits to the VMM by reason, since the engine was made; those of what was run again count again."""
        return self.now().body.engine.exits()

    def address(self, place: Place) -> int:
        """Return the address of a label, of "label+4", or of an address. Raises UnknownName, BadAddress."""
        return address(place, self.program.symbols)

    def where(self) -> str:
        """Describe where the machine is: address, label, source line, instruction."""
        from ring1.dbt.report.place import describe

        return describe(self.now().body.cpu, self.program, self.pc)

    # --- Running ---------------------------------------------------------------------------

    def run(self, until: Until | None = None, max_insns: int | None = None) -> Stop:
        """Run until the guest stops, comes to a place, or has executed so many more instructions; return why it has
        stopped: "breakpoint" for a place, "limit", "input", or as ring1.dbt.machine.stop.Stop has it.

        It runs at least one instruction, so that a loop can be left to come round to where it is.
        """
        timeline = changing(self.now)
        places = () if until is None else (until,) if isinstance(until, int | str) else tuple(until)
        stops = frozenset(map(self.address, places))
        limit = FOREVER if max_insns is None else timeline.now.retired + number(max_insns)
        with self.interruptible(timeline):
            if timeline.body.cpu.pc in stops and timeline.now.retired < limit:
                stop = timeline.step(stepping(self.hooks.interest(stops - {timeline.body.cpu.pc})))
                if stop.reason not in ("limit", "entry"):
                    return stop
            return timeline.run(limit, self.hooks.interest(stops))

    def step(self, count: int = 1) -> Stop:
        """Execute `count` instructions. Traps and interrupts that are taken before them are no instructions."""
        return self.run(max_insns=count)

    def back(self, count: int = 1) -> None:
        """Go back by `count` instructions, to the beginning at most."""
        self.at(max(self.now().now.retired - number(count), self.now().start.retired))

    def at(self, count: int) -> None:
        """Go to the moment when `count` instructions have retired since reset, forward or back. Hooks are not called.
        Raises Ended, with the machine where the guest has stopped, if it never comes to that."""
        timeline = changing(self.now)
        if number(count) < timeline.start.retired:
            raise MachineError(f"the machine's run begins after {timeline.start.retired:,} instructions")
        with self.interruptible(timeline):
            try:
                timeline.go(Moment(count))
            except Halted as halted:
                raise Ended(str(halted)) from None

    def interrupt(self) -> None:
        """Ask a machine that runs in another thread to stop soon, for the reason "interrupt"."""
        self.now().interrupt()

    @contextmanager
    def interruptible(self, timeline: Timeline) -> Iterator[None]:
        """Let Ctrl-C stop the machine between two instructions; then KeyboardInterrupt is raised."""
        ours = threading.current_thread() is threading.main_thread()
        if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            yield
            return
        came: list[int] = []

        def stop(number: int, frame: FrameType | None) -> None:
            came.append(number)
            timeline.interrupt()

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            timeline.body.asked = False
        if came:
            raise KeyboardInterrupt

    def call(self, function: Place, *arguments: int, max_insns: int = 10**9) -> int:
        """Call a function of the guest's by its calling convention, and return its result: 32 bits, without sign. The
        registers and pc are then as they were; memory is as the function has left it. Raises CallFailed."""
        return self.calls.call(function, arguments, max_insns)

    # --- Hooks ---------------------------------------------------------------------------

    def on_insn(self, tell: Callable[[int], None], at: Until | None = None) -> Hook:
        """Call `tell` with the address of each instruction before it executes; with `at`, of those only, and all else
        runs as fast as it does without."""
        if at is None:
            return self.hooks.add(Part(told=lambda pc, word: tell(pc)))
        places = (at,) if isinstance(at, int | str) else tuple(at)
        return self.hooks.add(Part(at=tuple(map(self.address, places)), visited=tell))

    def on_block(self, tell: Callable[[int], None]) -> Hook:
        """Call `tell` with the address of each basic block's first instruction before it executes."""
        return self.hooks.add(Part(told=Blocks(tell, self.isa.words)))

    def on_memory(
        self,
        place: Place,
        length: int = 4,
        read: Callable[[int, bytes], None] | None = None,
        write: Callable[[int, bytes], None] | None = None,
    ) -> Hook:
        """Call `read` and `write` with address and bytes of each load from and store to `length` bytes at a place, the
        disk's included; the address is physical. Stores are seen at the engine's speed, loads by interpretation."""
        pieces = list(self.mem.pieces(place, length))
        if not pieces:
            raise BadAddress("a hook on no bytes")
        writes = tuple(Watch(at, at + size, told=write) for at, size in pieces) if write else ()
        reads = tuple(Watch(at, at + size, told=read) for at, size in pieces) if read else ()
        return self.hooks.add(Part(watches=writes, reads=reads))

    def on_trap(self, tell: Callable[[int, int, int], None]) -> Hook:
        """Call `tell` with cause, value and pc of each trap and interrupt when it has been taken."""
        return self.hooks.add(Part(entered=tell))

    def on_exit(self, tell: Callable[[str], None]) -> Hook:
        """Call `tell` with the reason of each exit to the VMM. The interpreter has none."""
        return self.hooks.add(Part(exits=tell))

    # --- Other engines, copies, files -----------------------------------------------------------

    def switch(self, engine: str) -> None:
        """Go on under another engine, with all that was before. Raises EngineUnavailable."""
        timeline = changing(self.now)
        technique = self.technique(engine, self.isa)
        try:
            timeline.swap(technique)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(f"the engine {engine} cannot run this machine: {error}") from None

    def copy(self, engine: str | None = None) -> Machine:
        """Return a machine of its own in the same state, whose past begins here."""
        timeline = changing(self.now)
        old = timeline.body
        technique = self.technique(engine or self.engine, self.isa)
        state = old.capture(timeline.now, timeline.done, None)
        transcript = Transcript()
        transcript.write(old.transcript.text)
        made = object.__new__(type(self))
        made.registry, made.program, made.name = self.registry, self.program, self.name
        made.attach(beginning.in_state(old.kind, technique, transcript, state, timeline.kept.budget))
        return made

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a snapshot, for `snapshot=` and `ring1 resume`. What is on the disk is not in it: `disk` has that."""
        from ring1.dbt.vmm import snapshot

        try:
            snapshot.save(changing(self.now).body.vm, os.fspath(path))
        except (OSError, ValueError) as error:
            raise MachineError(f"{path}: {error}") from None

    @property
    def disk(self) -> bytes | None:
        """What is on the disk now; None without a disk."""
        return self.now().body.disk.contents()

    def close(self) -> None:
        """Release the host's resources; safe to call twice."""
        timeline, self.timeline = self.timeline, None
        if timeline is not None:
            timeline.close()

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self.timeline is None:
            return f"<Machine {self.name}, closed>"
        return f"<Machine {self.name} under {self.engine} after {self.count:,} instructions, at {self.where()}>"

    def _repr_html_(self) -> str:
        from ring1.dbt.api.html import page

        if self.timeline is None:
            return page(repr(self), "", {}, "")
        title = f"{self.name} under {self.engine}, after {self.count:,} instructions"
        return page(title, self.where(), {**self.reg, "pc": self.pc, **self.control}, self.console.text)
