"""A body: a machine under an engine, which can be put into any state of a machine of its kind."""

from __future__ import annotations

from contextlib import ExitStack

from ring1.dbt.devices.fed_input import FedInput
from ring1.dbt.devices.tohost import ToHost
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.travel.checkpoint import Checkpoint, pages_of, put_pages
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import Interest, Probe
from ring1.dbt.travel.reading import ReadingCpu
from ring1.dbt.travel.scratch_disk import ScratchDisk
from ring1.dbt.travel.transcript import Transcript
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.board import Board
from ring1.isa.model import Isa
from ring1.isa.record import Record

NOTHING = Interest()
UNATTENDED = Attention()


class Kind(Record):
    """What a machine is made of, and does not change: everything but its state."""

    isa: Isa
    ram: int
    """Bytes."""
    image: bytes
    """The program, for engines that want to know what they will run."""
    seed: int = 0
    room: int = 1 << 26
    """Bytes of console output that are accepted."""
    sectors: bytes | None = None
    """Contents of the disk at first; None without a disk."""
    board: Board | None = None
    """The machine's board, unless it is the description's."""
    tohost: int | None = None
    """Physical address of the word by which the program ends the machine, if there is one (devices/tohost.py)."""


class Body:
    """A machine with its engine. It runs, between two instructions it is looked at and changed, and its whole state is
    captured and restored. Under an engine that is equivalent to the reference, what it does is a function of its state
    and of what it is fed."""

    def __init__(
        self,
        kind: Kind,
        technique: Technique,
        transcript: Transcript,
        reads: bool = False,
    ) -> None:
        """With `reads`, loads can be observed. Raises OSError if the host refuses memory, ValueError if the technique
        cannot run the machine."""
        self.kind = kind
        self.technique = technique
        self.transcript = transcript
        self.reads = reads
        processor = ReadingCpu if reads else Cpu
        self.asked = False
        """Has the user asked for the run to end?"""
        self.calm: tuple[bytes, int] = b"", 0
        """Control registers with which no interrupt was due, and until when none will be."""
        with ExitStack() as made:
            self.disk = ScratchDisk(kind.sectors)
            made.callback(self.disk.close)
            self.source = FedInput()
            self.vm = vm = Vm(
                kind.isa, kind.ram, self.source, transcript.stream, self.disk.path, kind.seed, 0, processor, kind.board
            )
            made.callback(vm.close)
            if kind.tohost is not None:
                vm.bus.add(ToHost(vm.cpu, kind.tohost))
            vm.output.room = kind.room
            # Tables are traced: nothing that a guest does depends on when what is translated was looked at.
            options = Options(remember=True, mmu=Mmu(traced=True))
            self.engine = vm.engine = technique.make(vm, kind.image, options)
            self.probe = Probe(vm)
            self.cpu = vm.cpu
            self.words = len(kind.isa.slots)
            self.interpreted = False
            self.attention = UNATTENDED
            self.close = made.pop_all().close

    # --- Running -----------------------------------------------------------------------

    def run(self, limit: int, interest: Interest = NOTHING, interpreted: bool = False) -> Stop:
        """Run until `limit` instructions have retired since reset, the guest stops, or something of interest ends the
        run. With `interpreted` the interpreter executes everything."""
        if interest is not self.probe.interest or interpreted != self.interpreted:
            self.interpreted = interpreted
            self.attention = interest.attention(interpreted, self.probe.left)
            self.engine.attend(self.attention)
            self.probe.ask(interest)
        self.probe.halting = False
        if not self.asked:
            self.vm.bus.interrupted.clear()
        self.probe.live, self.calm = True, (b"", 0)
        try:
            stop = self.vm.run(limit)
        finally:
            self.probe.live = False
        self.asked &= stop.reason != "interrupt"
        return stop

    def visit(self, limit: int, back: int) -> bool:
        """Run generated code from pc on, if nobody observes it and no interrupt is due: until it comes to `back`, where
        nothing can be fetched, or so many instructions have retired since reset. False if it has not come there."""
        cpu, engine, bus = self.cpu, self.engine, self.vm.bus
        if self.attention != UNATTENDED or bus.interrupted.is_set() or bus.power is not None:
            return False
        controls = cpu.s[cpu.pc_slot + 1 : self.words].tobytes()
        if controls != self.calm[0] or cpu.time >= self.calm[1]:
            try:
                bus.advance(cpu.time)
            except Stopped:
                return False  # it stops again for who asks why
            if cpu.supervisor.look() & cpu.supervisor.enabled():
                return False
            self.calm = controls, cpu.horizon
        cpu.due = min(self.calm[1], limit + cpu.idle)
        engine.prepare()
        self.probe.live = True
        try:
            if engine.visit(cpu.due, back):
                return True
        except Stopped:
            pass  # it stops again for who asks why
        finally:
            self.probe.live = False
        self.calm = b"", 0
        return False

    def step(self, interest: Interest) -> Stop:
        """Execute one instruction, or take one trap or interrupt; `interest` has `entries`. Stops for the reason
        "limit" in the first case, "entry" in the second."""
        return self.run(self.cpu.retired + 1, interest, True)

    def complain(self) -> None:
        """Raise what somebody who was told of the last run has raised."""
        error, self.probe.error = self.probe.error, None
        if error is not None:
            raise error

    def interrupt(self) -> None:
        """Ask for the run to end soon, for the reason "interrupt". Can be called from any thread and from a signal
        handler."""
        self.asked = True
        self.vm.interrupt()

    # --- State -------------------------------------------------------------------------

    def put(self, words: bytes) -> None:
        """Change general registers and pc, the first words of the state block."""
        self.cpu.s[: len(words) >> 2] = memoryview(words).cast("I")
        self.cpu.supervisor.moved()
        self.probe.begun = -1, -1

    def touched(self) -> None:
        """Registers have been changed from outside, between two instructions."""
        self.calm = b"", 0
        self.cpu.changed()
        self.cpu.supervisor.moved()
        self.probe.forget()

    def capture(self, moment: Moment, done: int, before: Checkpoint | None) -> Checkpoint:
        """Return the state; what did not change since the checkpoint `before` is shared with it."""
        vm, disk = self.vm, self.disk.contents()
        pages = pages_of(vm.memory, before.pages if before else {})
        if before is not None and disk == before.disk:
            disk = before.disk
        cpu, bus = vm.cpu.save(), vm.bus.save()
        return Checkpoint(moment, done, cpu, bus, pages, self.transcript.length, self.source.closed, disk)

    def restore(self, at: Checkpoint) -> None:
        """Take on a state. Whatever is translated and still holds is kept."""
        vm, cpu = self.vm, self.vm.cpu
        if at.disk is not None and self.disk.contents() != at.disk:
            self.disk.put(at.disk)
        self.transcript.length = at.written
        vm.output.room = self.kind.room - at.written
        put_pages(vm.memory, at.pages)
        self.source.begin(at.closed)
        vm.bus.restore(at.bus)
        cpu.restore(at.cpu)
        cpu.repeats, cpu.repeated = 0, None
        if cpu.walker is not None:
            cpu.walker.flush()
        cpu.supervisor.flushed()
        self.touched()


STEPPING = Interest(entries=True)
"""The interest of a step of which nothing else is asked."""
