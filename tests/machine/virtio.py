"""Programs that use the console by virtio, and machines for them: a board may have it with legacy registers, or no UART
beside it."""

from __future__ import annotations

import io
from pathlib import Path

from ring1.dbt.devices.fed_input import FedInput
from ring1.dbt.engines import table
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.board import Board
from ring1.isa.board_reader import read
from ring1.isa.boards import find
from tests.machine.builder import machine
from tests.machine.test_rv32_board import BASE, HEAD, SIZE, TAIL
from tests.ways import way

VIRT = Path(find("virt")).read_text()
MODERN = """
        .macro queue number, at
        li t0, \\number
        sw t0, 0x30(s0)
        lw t0, 0x34(s0)                 # the largest: 256
        srli t0, t0, 5
        sw t0, 0x38(s0)                 # 8 descriptors
        li t0, \\at
        sw t0, 0x80(s0)
        sw zero, 0x84(s0)
        addi t0, t0, 0x80
        sw t0, 0x90(s0)
        sw zero, 0x94(s0)
        addi t0, t0, 0x80
        sw t0, 0xa0(s0)
        sw zero, 0xa4(s0)
        li t0, 1
        sw t0, 0x44(s0)
        .endm
"""
# The rings of a queue of 8 descriptors from a page on, aligned to 256: at +0, +0x80 and +0x100 as well.
LEGACY = """
        .macro queue number, at
        li t0, 4096
        sw t0, 0x28(s0)
        li t0, \\number
        sw t0, 0x30(s0)
        lw t0, 0x34(s0)
        srli t0, t0, 5
        sw t0, 0x38(s0)
        li t0, 256
        sw t0, 0x3c(s0)
        li t0, \\at / 4096
        sw t0, 0x40(s0)
        .endm
"""
# s0: the device; s1, s2: entries of the used rings of RX and TX that have been seen; s3: the PLIC's context.
START = """
        .equ CONSOLE, 0x10007000
        .equ RX, 0x80020000
        .equ TX, 0x80021000
        .macro descriptor at, address, length, flags, next
        li t1, \\at
        li t0, \\address
        sw t0, 0(t1)
        sw zero, 4(t1)
        li t0, \\length
        sw t0, 8(t1)
        li t0, \\flags + (\\next << 16)
        sw t0, 12(t1)
        .endm
        .macro offer number, at, head   # the one more chain
        li t1, \\at + 0x80
        lhu t2, 2(t1)
        andi t0, t2, 7
        slli t0, t0, 1
        add t0, t0, t1
        li a7, \\head
        sh a7, 4(t0)
        addi t2, t2, 1
        sh t2, 2(t1)
        li t0, \\number
        sw t0, 0x50(s0)
        .endm
        .macro begin
        li s0, CONSOLE
        sw zero, 0x70(s0)
        li t0, 3
        sw t0, 0x70(s0)
        li t0, 11
        sw t0, 0x70(s0)
        queue 0, RX
        queue 1, TX
        li t0, 15
        sw t0, 0x70(s0)
        li s1, 0
        li s2, 0
        .endm
"""
CONSOLE = "virtio_console @0x10007000 size 0x1000 line 7 of plic"
OLD = read("old.board", VIRT.replace(CONSOLE, CONSOLE + " legacy"))
NO_UART = "\n".join(line for line in VIRT.split("\n") if "ns16550" not in line)
ALONE = read("alone.board", NO_UART)


class Machine:
    """A machine with a program."""

    def __init__(
        self, text: str, name: str = "interp", source: int | bytes | FedInput = b"", board: Board | None = None
    ) -> None:
        engine, mmu = way(name)
        self.isa = machine("rv32")
        queues = LEGACY if board is OLD else MODERN
        image = assemble(self.isa, [("a.s", HEAD + queues + START + text + TAIL)]).image
        self.output = io.BytesIO()
        self.vm = vm = Vm(self.isa, SIZE, source, self.output, board=board)
        vm.load(image, BASE)
        vm.engine = table.ENGINES[engine].make(vm, image, Options(mmu=mmu))

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *error: object) -> None:
        self.vm.close()

    def __getitem__(self, name: str) -> int:
        return self.vm.state().registers[name]

    def so_far(self) -> tuple[object, ...]:
        self.vm.bus.flush()
        return self.vm.state(), self.output.getvalue(), [device.save() for device in self.vm.bus.devices]
