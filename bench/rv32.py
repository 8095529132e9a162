"""What RV32 costs beside plain instructions: calls and returns, changes of rights and address spaces, flushes, faults,
registers of devices.

    python -m bench.rv32 [--engines bt] [--rounds 5] [--seconds 0.1] [--check] [NAME ...]

The guests are below. Each never ends, and counts its operations in gp; it runs on one machine for each engine until
it is warm, then the machines take turns. Nanoseconds of processor time per operation, the medians, and exits from
generated code per operation. `--check`: instead, each guest runs for a while under every engine, which must end in the
state that `interp` ends in.
"""

from __future__ import annotations

import argparse
import io
import statistics
import zlib

from bench.programs import clock
from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.program import Program
from ring1.isa.load import load

BASE, MEMORY = 0x80000000, 4 << 20
SECONDS, CHECKED = 0.1, 20_000

MACROS = """
        .macro la_ register, place
        lui \\register, %hi(\\place)
        addi \\register, \\register, %lo(\\place)
        .endm
        .macro to mode          # go on behind this, in a mode
        la_ t0, 7f
        csrw mepc, t0
        li t0, 0x1800
        csrc mstatus, t0
        li t0, \\mode << 11
        csrs mstatus, t0
        mret
7:
        .endm
        # Tables at 1 and 2 MiB behind RAM's base, alike: RAM where it is, a superpage of S's, and at 0x40000000, of
        # U's; at 0x50000000 pages, the first eight of which are there; the UART where it is.
        .macro tables
        li t1, 0x80100000
        la_ t3, maps
        jalr t3
        li t1, 0x80200000
        la_ t3, maps
        jalr t3
        li s2, 0x80080100
        li s3, 0x80080200
        csrw satp, s2
        .endm
_start:
        la_ t0, handler
        csrw mtvec, t0
        la_ t0, delegated
        csrw stvec, t0
        li t0, 0xb100           # U's calls, page faults
        csrw medeleg, t0
"""
HANDLERS = """
        .balign 4
handler:
        csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        mret
        .balign 4
delegated:
        csrr t0, sepc
        addi t0, t0, 4
        csrw sepc, t0
        sret
maps:   li t2, 0x200000df
        sw t2, 0x400(t1)
        li t2, 0x200000cf
        addi t4, t1, 0x400
        sw t2, 0x400(t4)
        li t2, 0x040000c7
        sw t2, 0x100(t1)
        li t2, 0x1000
        add t2, t2, t1
        srli t4, t2, 2
        addi t4, t4, 1
        sw t4, 0x500(t1)
        li t4, 0x200c00c7
        li t5, 8
8:      sw t4, 0(t2)
        addi t2, t2, 4
        addi t4, t4, 0x400
        addi t5, t5, -1
        bnez t5, 8b
        ret
"""
GUESTS = {
    "ecall + mret, M": """
again:  ecall
        addi gp, gp, 1
        j again
""",
    "ecall + mret, U": """
        csrw medeleg, zero
        to 0
again:  ecall
        addi gp, gp, 1
        j again
""",
    "ecall + sret, U to S": """
        to 0
again:  ecall
        addi gp, gp, 1
        j again
""",
    "sret, S to S": """
        to 1
        la_ t0, again
        csrw sepc, t0
        li t1, 0x100
again:  addi gp, gp, 1
        csrs sstatus, t1
        sret
""",
    "csrw mstatus": """
        li t1, 0x40000
again:  csrw mstatus, t1
        csrw mstatus, zero
        addi gp, gp, 2
        j again
""",
    "csrsi + csrci sstatus (SIE)": """
        to 1
again:  csrsi sstatus, 2
        csrci sstatus, 2
        addi gp, gp, 1
        j again
""",
    "csrs + csrc sstatus (SUM), a load": """
        tables
        to 1
        li t1, 0x40000
        li t2, 0x40000000
again:  csrs sstatus, t1
        lw t3, 0(t2)
        csrc sstatus, t1
        addi gp, gp, 1
        j again
""",
    "csrw mie": """
        li t1, 0x80
again:  csrw mie, t1
        csrw mie, zero
        addi gp, gp, 2
        j again
""",
    "csrw satp": """
        tables
        to 1
again:  csrw satp, s3
        csrw satp, s2
        addi gp, gp, 2
        j again
""",
    "sfence.vma": """
        tables
        to 1
        li t2, 0x50000000
        lw t3, 0(t2)
again:  sfence.vma
        addi gp, gp, 1
        j again
""",
    "an entry changed, sfence.vma of its page, a load": """
        tables
        to 1
        li t1, 0x80101000
        li t2, 0x50000000
        li s4, 0x400
        lw t4, 0(t1)
again:  xor t4, t4, s4
        sw t4, 0(t1)
        sfence.vma t2
        lw t3, 0(t2)
        addi gp, gp, 1
        j again
""",
    "page fault, S": """
        tables
        to 1
        li t2, 0x50010000
again:  lw t3, 0(t2)
        addi gp, gp, 1
        j again
""",
    "MMIO: a byte to the UART": """
        li t1, 0x10000000
        li t2, 0x61
again:  sb t2, 0(t1)
        sb t2, 0(t1)
        sb t2, 0(t1)
        sb t2, 0(t1)
        addi gp, gp, 4
        j again
""",
    "MMIO: a byte to the UART, paged": """
        tables
        to 1
        li t1, 0x10000000
        li t2, 0x61
again:  sb t2, 0(t1)
        sb t2, 0(t1)
        sb t2, 0(t1)
        sb t2, 0(t1)
        addi gp, gp, 4
        j again
""",
    "MMIO: the UART's status": """
        li t1, 0x10000000
        lbu t3, 0(t1)           # nothing comes
again:  lbu t3, 5(t1)
        lbu t3, 5(t1)
        lbu t3, 5(t1)
        lbu t3, 5(t1)
        addi gp, gp, 4
        j again
""",
    "MMIO: a word of the PLIC": """
        li t1, 0x0c000000
again:  lw t3, 4(t1)
        addi gp, gp, 1
        j again
""",
    "page fault, U to S": """
        tables
        li t0, 0x40000000 - BASE
        la_ t1, again
        add t0, t0, t1
        csrw mepc, t0
        mret
again:  lw t3, 0(zero)
        addi gp, gp, 1
        j again
""",
}


def guest(name: str) -> Program:
    """Assemble a guest."""
    text = f".equ BASE, {BASE}\n{MACROS}{GUESTS[name]}{HANDLERS}"
    return assemble(load("rv32"), [(f"{name}.s", text)])


class Sink(io.BytesIO):
    """A stream that keeps the length of what is written, and a checksum."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0, 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        length, checksum = self.seen
        self.seen = length + len(data), zlib.crc32(data, checksum)
        return len(data)


class Machine:
    """A machine with a guest under way."""

    def __init__(self, name: str, engine: str) -> None:
        program = guest(name)
        self.output = Sink()
        self.vm = Vm(load("rv32"), MEMORY, output=self.output)
        self.vm.load(program.image, BASE)
        self.engine = self.vm.engine = table.make(engine, self.vm, program.image)
        self.instructions = 1 << 12

    def warm(self, seconds: float) -> None:
        """Run until the guest is warm; find how many instructions take so many seconds."""
        while min(self.run()[0], self.run()[0]) < seconds:  # the first one translates
            self.instructions *= 2

    def operations(self) -> int:
        return self.vm.cpu.s[3]

    def exits(self) -> int:
        return sum(self.engine.exits().values())

    def run(self) -> tuple[float, int, int]:
        """Run `instructions` more. Returns processor seconds, operations and exits."""
        before, left, began = self.operations(), self.exits(), clock("self")
        stop = self.vm.run(self.vm.cpu.retired + self.instructions)
        seconds = clock("self") - began
        if stop.reason != "limit":
            raise SystemExit(f"bench: stopped by {stop}")
        return seconds, self.operations() - before & 0xFFFFFFFF, self.exits() - left

    def state(self) -> tuple[bytes, bytes, tuple[int, int]]:
        """Return registers, RAM and what has been written."""
        cpu = self.vm.cpu
        return cpu.s[: len(cpu.isa.slots)].tobytes(), bytes(cpu.memory.map), self.output.seen


def measured(name: str, engines: list[str], rounds: int, seconds: float) -> str:
    """Return a row of the table."""
    machines = [Machine(name, engine) for engine in engines]
    for machine in machines:
        machine.warm(seconds)
    samples = [[machine.run() for machine in machines] for _ in range(rounds)]
    cells = []
    for one in zip(*samples, strict=True):
        ns = statistics.median(1e9 * spent / count for spent, count, _ in one)
        exits = sum(left for *_, left in one) / sum(count for _, count, _ in one)
        cells.append(f"{ns:12,.1f} ({exits:.2f})")
    return f"{name:50}" + "".join(cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="beginnings of guests' names")
    parser.add_argument("--engines", default="bt", help="separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--check", action="store_true", help="compare the engines with interp instead")
    args = parser.parse_args()
    names = [name for name in GUESTS if not args.names or name.startswith(tuple(args.names))]
    engines, status = args.engines.split(","), 0
    if not args.check:
        print(f"{'ns per operation (exits)':50}" + "".join(f"{engine:>19}" for engine in engines))
    for name in names:
        if not args.check:
            print(measured(name, engines, args.rounds, args.seconds), flush=True)
            continue
        states = []
        for engine in ("interp", *engines):
            machine = Machine(name, engine)
            machine.instructions = CHECKED
            machine.run()
            states.append(machine.state())
        wrong = [engine for engine, state in zip(engines, states[1:], strict=True) if state != states[0]]
        print(f"{name}: {'differs under ' + ', '.join(wrong) if wrong else 'alike'}", flush=True)
        status |= bool(wrong)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
