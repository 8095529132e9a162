"""kvm: hardware assistance, real. Generated code runs on a KVM virtual CPU of the host, at its privilege levels.

The guest's user mode runs at CPL 3, all others at CPL 0; what a less privileged mode may not do is known at
translation. Sensitive instructions act on the machine directly, by the processor's own means: interrupts by `cli` and
`sti`, address spaces by CR3, changes of mode by the monitor's gate and `iretq`, ports by `in` and `out`, waiting by
`hlt`. An instruction that makes the processor exit is completed by one step of the reference interpreter.

The VMM enters and leaves generated code through the monitor (ring1.dbt.host.x86_64.kvm.monitor), with the registers in
KVM's run page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping

from ring1.dbt.engines.kvm import host
from ring1.dbt.engines.kvm.tick import Tick
from ring1.dbt.host.interface import FAULTED, Stubs
from ring1.dbt.host.target import Hardware
from ring1.dbt.host.x86_64.kvm import ioctl, monitor
from ring1.dbt.host.x86_64.kvm.ioctl import NUMBER, Machine
from ring1.dbt.host.x86_64.kvm.monitor import Gates, Monitor
from ring1.dbt.host.x86_64.kvm.pages import (
    DATA,
    FRAME,
    PRESENT,
    RAM_AGAIN_AT,
    RAM_AT,
    USED,
    USER,
    WATCH_AGAIN_AT,
    WRITE,
    GuestWindow,
    Pages,
)
from ring1.dbt.host.x86_64.kvm.walk import RECORD, Fill
from ring1.dbt.machine.state import END, ORIGIN, STACK, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.view import View
from ring1.dbt.native import slots
from ring1.dbt.native.code import CodeMemory
from ring1.dbt.native.libc import PAGE
from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.dbt.vmm.platform import Platform
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa

CUT = 1 << 40
"""Subtracted from the budget to stop generated code at the next block; more than any budget."""
ONES = (1 << 64) - 1
RAX, RDX, RSI, RCX, RSP, RBP = (NUMBER[name] for name in ("rax", "rdx", "rsi", "rcx", "rsp", "rbp"))
R14, R15, RIP, RFLAGS = (NUMBER[name] for name in ("r14", "r15", "rip", "rflags"))
TIME_LOAD = b"\x48\x8b\x85" + END.to_bytes(4, "little")
"""mov rax, [rbp+END]: the budget is subtracted from it next."""


class VcpuError(Exception):
    """The virtual CPU has stopped for a reason that no guest can cause: a bug of ring1 or of the host."""


class Kvm(Policy):
    name = "kvm"

    def __init__(self, isa: Isa) -> None:
        super().__init__(isa)
        user = frozenset((isa.mode.user,)) if isa.mode else frozenset[int]()
        self.hardware = Hardware(user, frozenset() if host.kind() in host.NATIVE else frozenset(self.modes) - user)

    @property
    def identity(self) -> tuple[object, ...]:
        assert self.hardware is not None
        return sorted(self.hardware.user), sorted(self.hardware.emulated)

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if found.always_traps:
            return Decision(Action.TRAP, f"trap {name}")
        if found.ports or found.waits:
            return Decision(Action.CALLOUT, name)
        return IDENT

    @property
    def walk(self) -> type[Fill]:
        return Fill


class Vcpu(Platform):
    """The platform of a KVM virtual CPU, which is made when generated code is about to run."""

    routines = frozenset[int]()

    def __init__(self, cpu: Cpu, policy: Policy) -> None:
        super().__init__(cpu, policy)
        assert policy.hardware is not None
        self.hardware = policy.hardware
        self.words, self.quads = cpu.state.words, cpu.state.quads
        self.machine: Machine | None = None
        self.homes: list[tuple[int, int]] = []
        """Pinned registers: number of the host register, and index of the guest register's word in the state block."""
        self.stopped: tuple[list[int], list[int]] = [], []
        """Registers, and the frame to return to, at the last fault of generated code."""
        self.filled = 0
        """Number of pages that the monitor has shown."""
        self.injected = 0
        """Number of interrupts that the virtual CPU has taken."""
        self.reading = False
        """An `in` of the processor has exited and is not completed."""
        user = cpu.isa.mode.user if cpu.isa.mode else None
        self.user = user
        self.gate = "syscall" if host.kind() in host.NATIVE else "int3"

    # --- Setting up -----------------------------------------------------------------------

    def start(self) -> None:
        """Make the virtual machine and its memory. Raises OSError."""
        cpu, state = self.cpu, self.cpu.state
        self.machine = machine = Machine()
        self.registers = machine.registers
        self.pages = pages = Pages(machine)
        block = state.pointer - ORIGIN
        size = -(-state.size // PAGE) * PAGE
        pages.share(block, pages.give(block, size), size, DATA | WRITE | USER)
        self.ram = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.map))
        machine.memory(RAM_AT, self.ram, cpu.memory.end)
        pages.share(self.ram, RAM_AT, cpu.memory.end, DATA)
        pages.share(RAM_AGAIN_AT, RAM_AT, cpu.memory.end, DATA | WRITE)
        watch = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.watch))
        first, end = watch & -PAGE, watch + len(cpu.memory.watch) + PAGE - 1 & -PAGE
        pages.share(WATCH_AGAIN_AT, pages.give(first, end - first, False), end - first, DATA)
        self.watch = WATCH_AGAIN_AT + watch - first
        self.tick = Tick(machine.run, cpu.bus.interrupted)
        self.code: CodeMemory | None = None

    def view(self, modes: Iterable[int]) -> View:
        made = tuple(modes)
        if self.machine is None:
            self.start()
        return View(made, GuestWindow(self.pages, not self.hardware.user.isdisjoint(made)))

    def null(self, modes: Iterable[int], assemble: Callable[[str], bytes]) -> View:
        made = self.view(modes)
        made.opened.update(made.modes)
        return made

    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        if self.code is None:
            self.code = memory
            self.furnish(memory, assemble)
        self.homes = [(NUMBER[name], State.word(home)) for name, home in homes.items()]
        self.gates = Gates(memory, assemble, self.enter, self.resume, self.gate, self.monitor.give_up)
        for slot, value in {**self.gates.slots, slots.SWITCH: self.monitor.switch}.items():
            self.quads[State.quad(slot)] = value
        return self.gates

    def furnish(self, code: CodeMemory, assemble: Callable[[str], bytes]) -> None:
        """Give the virtual CPU the code memory and a monitor."""
        pages, machine = self.pages, self.machine
        assert machine is not None
        pages.share(code.base, pages.give(code.base, code.size, False), code.size, PRESENT | USED | USER)
        self.monitor = Monitor(pages, assemble, self.cpu.isa, self.user, self.gate)
        self.data = self.monitor.data.quads
        constants = (
            (slots.RAM_AGAIN, RAM_AGAIN_AT),
            (slots.WATCH_AGAIN, self.watch),
            (slots.POOL, pages.pool.address - pages.physical & ONES),
            (slots.RAM_ENTRY, RAM_AT | DATA),
            (slots.RECORDS, self.monitor.data.address + monitor.RECORDS),
        )
        for slot, value in constants:
            self.quads[State.quad(slot)] = value
        sregs = machine.sregs()
        self.monitor.configure(sregs, pages.entry_of(pages.common, 0))
        machine.set_sregs(sregs)
        machine.set_msrs(self.monitor.msrs())

    def flat(self, view: View) -> int:
        return self.ram

    def expose(self, frame: int) -> None:
        self.pages.share(self.ram + frame * PAGE, RAM_AT + frame * PAGE, PAGE, DATA | USER)

    # --- In and out --------------------------------------------------------------------------

    def enter(self, pointer: int, address: int) -> int:
        """Run generated code at `address` until it leaves (see Stubs.enter)."""
        registers, words = self.registers, self.words
        for number, home in self.homes:
            registers[number] = words[home]
        registers[RBP], registers[R15] = pointer, 0
        registers[R14] = self.quads[State.quad(slots.BUDGET)]
        self.aim(address)
        return self.run()

    def resume(self, pointer: int, address: int) -> int:
        """Resume generated code where it has faulted (see Stubs.resume)."""
        first = monitor.FRAME_QUAD
        self.registers[:], self.data[first : first + 5] = map(memoryview_of, self.stopped)
        return self.run()

    def aim(self, address: int) -> None:
        """Set the frame to enter at an address, in the guest's mode."""
        cpu, first = self.cpu, monitor.FRAME_QUAD
        user = self.mode() == self.user
        code, data = (monitor.USER_CODE, monitor.USER_DATA) if user else (monitor.KERNEL_CODE, monitor.KERNEL_DATA)
        flags = monitor.FLAGS | (monitor.INTERRUPT_FLAG if cpu.supervisor.enabled() else 0)
        frame = [address, code, flags, cpu.state.pointer + STACK, data]
        self.data[first : first + 5] = memoryview_of(frame)

    def mode(self) -> int:
        """Return the guest's processor mode."""
        mode = self.cpu.isa.mode
        return 0 if mode is None else (self.cpu.s[self.cpu.isa.slots[mode.control]] & mode.bits.mask) >> mode.bits.lo

    def run(self) -> int:
        """Enter by the frame with the present registers; return the reason for leaving, with guest registers and budget
        in the state block."""
        quads, registers = self.quads, self.registers
        end, budget = State.quad(END), State.quad(slots.BUDGET)
        self.prepare()
        cut = self.cpu.bus.interrupted.is_set()
        if cut:
            self.cut()
        with self.tick:
            reason = self.go(True)
            while reason == ioctl.INTR:
                now = not cut and self.may_cut()
                if now:
                    cut = True
                    self.cut()
                reason = self.go(now)
        if cut:  # before any register is saved
            quads[end] = quads[end] + CUT & ONES
            registers[R14] = registers[R14] + CUT & ONES
        if quads[State.quad(slots.FILLED)]:
            self.learn()
        way = self.reason(reason)
        for number, home in self.homes:
            self.words[home] = registers[number] & 0xFFFFFFFF
        quads[budget] = registers[R14]
        return way

    def prepare(self) -> None:
        """Prepare an entry by the monitor: have lowered entries written, set CR3, rip and rsp."""
        machine, registers, pages = self.machine, self.registers, self.pages
        assert machine is not None
        if self.reading:  # KVM completes an `in` at the next entry, however short
            kept = registers.tolist()
            machine.run.immediate_exit = 1
            machine.go(False)
            machine.run.immediate_exit = 0
            registers[:], self.reading = memoryview_of(kept), False
        if pages.lowered:
            self.drain()
        self.data[monitor.FRAME_QUAD + 5] = self.quads[State.quad(slots.WINDOW)] or pages.entry_of(pages.common, 0)
        registers[RIP], registers[RFLAGS] = self.monitor.resume, monitor.FLAGS
        registers[RSP] = self.monitor.data.address + monitor.FRAME

    def go(self, changed: bool) -> int:
        """Run the virtual machine until it exits; return the reason. Raises OSError."""
        assert self.machine is not None
        reason = self.machine.go(changed)
        if reason == ioctl.INTR:
            self.machine.run.immediate_exit = 0
        return reason

    def drain(self) -> None:
        """Have the monitor write the lowered entries."""
        registers, pages, queue = self.registers, self.pages, self.data[monitor.QUEUE_QUAD :]
        kept, waiting = registers.tolist(), list(pages.lowered.items())
        for first in range(0, len(waiting), monitor.MOST_LOWERED):
            some = waiting[first : first + monitor.MOST_LOWERED]
            for i, (at, value) in enumerate(some):
                queue[2 * i], queue[2 * i + 1] = pages.pool.address + 8 * at, value
            registers[RSI], registers[RCX] = self.monitor.data.address + monitor.QUEUE, len(some)
            registers[RIP], registers[RFLAGS] = self.monitor.drain, monitor.FLAGS
            registers[RSP] = self.monitor.data.address + monitor.FRAME
            self.until(monitor.DRAINED)
        pages.written()
        registers[:] = memoryview_of(kept)

    def until(self, port: int) -> None:
        """Run the monitor until it exits by this port."""
        assert self.machine is not None
        reason = self.go(True)
        while reason == ioctl.INTR:
            reason = self.go(False)
        if reason != ioctl.IO or self.machine.run.exit.io.port != port or self.machine.run.exit.io.size != 1:
            self.fail(reason)

    def learn(self) -> None:
        """Record the pages that the monitor has shown (see ring1.dbt.host.x86_64.kvm.walk)."""
        count, levels = State.quad(slots.FILLED), RECORD // 8
        for n in range(self.quads[count]):
            first = monitor.RECORDS_QUAD + n * levels
            root, address, entry, *path, depth = self.data[first : first + levels]
            used = dict(zip(path[0 : 2 * depth : 2], path[1 : 2 * depth : 2], strict=True))
            frame = ((entry & FRAME) - RAM_AT) // PAGE
            self.translations.spaces.adopt(root, address // PAGE, frame, bool(entry & WRITE), used)
        self.filled += self.quads[count]
        self.quads[count] = 0

    def may_cut(self) -> bool:
        """May the budget be changed where the virtual CPU has been interrupted?

        Only in a block: setting registers drops an exception that is about to be delivered, and only those in blocks
        are raised again. And not between the load of END and the subtraction of the budget from it.
        """
        assert self.code is not None
        at = self.registers[RIP] - self.code.base
        if not self.gates.size <= at < self.code.used:
            return False
        return self.code.read(at - len(TIME_LOAD), len(TIME_LOAD)) != TIME_LOAD

    def cut(self) -> None:
        """Stop generated code at the next block, without changing the time."""
        end = State.quad(END)
        self.quads[end] = self.quads[end] - CUT & ONES
        self.registers[R14] = self.registers[R14] - CUT & ONES

    def reason(self, reason: int) -> int:
        """Return what Stubs.enter returns for this exit reason."""
        assert self.machine is not None
        io, way = self.machine.run.exit.io, self.quads[State.quad(slots.WAY)]
        if reason == ioctl.HLT:
            return way
        if reason != ioctl.IO:
            self.fail(reason)
        if io.size == 4:
            self.registers[RDX] = self.quads[State.quad(monitor.KEPT_RDX)]
            self.reading = io.direction == 0
            return way
        if io.port == monitor.LEFT:
            return way
        if io.port == monitor.PAGE_FAULT:
            return self.faulted()
        return self.fail(reason)

    def faulted(self) -> int:
        """Record a page fault of generated code as the signal handler does (ring1.dbt.host.x86_64.fault)."""
        data, quads, first = self.data, self.quads, monitor.ERROR_QUAD
        address, rax, error, rip = data[first - 2 : first + 2]
        assert self.code is not None
        if not self.code.base + self.gates.size <= rip < self.code.base + self.code.used or error & 1 << 4:
            self.fail(ioctl.IO)
        self.registers[RAX] = rax
        self.stopped = self.registers.tolist(), data[first + 1 : first + 6].tolist()
        for slot, value in ((slots.FAULT_AT, rip), (slots.FAULT_ADDRESS, address), (slots.FAULT_ERROR, error)):
            quads[State.quad(slot)] = value
        return FAULTED

    # --- Interrupts --------------------------------------------------------------------------

    def take_interrupt(self, lines: int) -> None:
        """Inject the first line as soon as the virtual CPU's IF allows it; then the machine takes the interrupt."""
        self.inject(self.cpu.foremost(lines))
        super().take_interrupt(lines)

    def inject(self, line: int) -> None:
        machine = self.machine
        assert machine is not None
        self.registers[RBP] = self.cpu.state.pointer
        self.aim(self.gates.landing)
        self.prepare()
        machine.run.request_interrupt_window = 1
        with self.tick:
            reason = self.go(True)
            while reason == ioctl.INTR:
                reason = self.go(False)
        machine.run.request_interrupt_window = 0
        if reason != ioctl.IRQ_WINDOW_OPEN or not machine.run.ready_for_interrupt_injection:
            self.fail(reason)
        machine.interrupt(monitor.EXTERNAL + line)
        machine.run.dirty_regs = 0
        reason = self.go(False)
        while reason == ioctl.INTR:
            reason = self.go(False)
        if reason != ioctl.IO or machine.run.exit.io.port != monitor.EXTERNAL + line:
            self.fail(reason)
        self.injected += 1

    # --- When it goes wrong --------------------------------------------------------------------

    def fail(self, reason: int) -> int:
        """Raise VcpuError, with a dump of the virtual CPU as a note."""
        from ring1.dbt.engines.kvm.dump import dump

        error = VcpuError(f"the virtual CPU has stopped with KVM_EXIT_{ioctl.EXITS.get(reason, reason)}")
        error.add_note(dump(self, reason))
        raise error

    def close(self) -> None:
        if self.machine is not None:
            self.tick.stop()
            self.machine.close()
            self.pages.pool.close()
            self.monitor.close()


def memoryview_of(values: list[int]) -> memoryview:
    """Return 64-bit words as a memoryview, for assignment to a slice."""
    return memoryview((ctypes.c_uint64 * len(values))(*values)).cast("B").cast("Q")
