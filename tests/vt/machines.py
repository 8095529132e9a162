"""A processor with the extension, with no VMM but the test: it enters, and sees what the guest exits with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from ring1.dbt.engines.hw.nested_tables import NestedTables
from ring1.dbt.machine.step import Cpu
from ring1.dbt.vmm.vm import Vm
from ring1.dbt.vt import controls, fields
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.nested import RIGHTS
from ring1.dbt.vt.processor import MOST_TIMER, Processor
from ring1.dbt.vt.setup import standard
from tests.machine.builder import Program, machine

RAM = 1 << 20
NUMBERS = fields.registers(machine())
HOST_PC = 0x4440


def guest(name: str) -> int:
    """The encoding of a register of guest state."""
    return fields.GUEST_REGISTERS + 2 * NUMBERS[name]


def host(name: str) -> int:
    return fields.HOST_REGISTERS + 2 * NUMBERS[name]


class Bench:
    """A processor, and a guest with a program, in root operation. All of the guest's RAM is mapped."""

    def __init__(self, vm: Vm) -> None:
        self.vm = vm
        self.cpu: Cpu = vm.cpu
        self.host = HostMemory(vm.memory.size)
        self.vmcs = standard(vm.isa, self.host)
        self.tables = NestedTables(self.host, self.vmcs.read(fields.NESTED_TABLE))
        for page in range(vm.memory.size >> 12):
            self.tables.map(page, RIGHTS)
        self.processor = Processor(self.cpu, self.vmcs, self.host)
        self.vmcs.write(guest("pc"), self.cpu.pc)
        self.vmcs.write(host("pc"), HOST_PC)
        self.vmcs.write(fields.TIMER, MOST_TIMER)

    def set(self, encoding: int, *bits: int) -> None:
        """Set bits of a field."""
        for bit in bits:
            self.vmcs.write(encoding, self.vmcs.read(encoding) | bit)

    def drop(self, encoding: int, *bits: int) -> None:
        for bit in bits:
            self.vmcs.write(encoding, self.vmcs.read(encoding) & ~bit)

    def enter(self) -> None:
        if self.vmcs.launched:
            self.processor.resume()
        else:
            self.processor.launch()

    def go(self, most: int = 10_000) -> VmExit:
        """Run the guest until it exits."""
        for _ in range(most):
            cause = self.processor.due()
            try:
                if cause is None:
                    self.cpu.step()
                    continue
            except VmExit as found:
                cause = found
            self.processor.exit(cause)
            return cause
        raise AssertionError(f"no exit in {most} instructions")

    def run(self) -> VmExit:
        """Enter, and run until the guest exits."""
        self.enter()
        return self.go()

    def skip(self) -> None:
        """Let the guest go on behind the instruction that it has exited with."""
        self.vmcs.write(guest("pc"), self.vmcs.read(guest("pc")) + self.vmcs.read(fields.LENGTH))

    def port(self, number: int, exits: bool) -> None:
        """Say in the I/O bitmaps whether a port exits."""
        half = fields.PORTS_LOW if number < 0x8000 else fields.PORTS_HIGH
        at, bit = self.vmcs.read(half) + (number % 0x8000 >> 3), 1 << (number & 7)
        self.host.bytes[at] = self.host.bytes[at] & ~bit | (bit if exits else 0)

    def memory(self) -> tuple[bytes, bytes]:
        """The guest's RAM, and what the VMM uses of its own memory."""
        return self.vm.memory.read(0, RAM), bytes(self.host.bytes[: self.host.used])

    def state(self) -> bytes:
        """All that an entry that fails must leave as it is."""
        return bytes(self.cpu.state.bytes) + repr((self.cpu.time, self.processor.root)).encode()


@contextmanager
def bench(program: Program | None = None) -> Iterator[Bench]:
    """A bench whose guest has a program at address 0."""
    program = program or Program()
    with Vm(program.isa, RAM, b"", io.BytesIO()) as vm:
        vm.load(program.image())
        yield Bench(vm)


ALL_CONTROLS = controls.PRIMARY & ~controls.INTERRUPT_WINDOW_EXITING
