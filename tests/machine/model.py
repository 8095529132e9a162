"""PG32 once more, written from its manual alone: the oracle's oracle.

A plain and slow machine that shares nothing with ring1's but the encodings (ring1.isa.codec), and the names in which a
stop and a state are put down. Every instruction is a method over its decoded operands. Where the manual is silent:
a `hlt` that waits retires after time has moved on; a `swap` or `cas` that faults does so as a store, and a `cas` that
stores nothing sets no D.
"""

from __future__ import annotations

from tests.machine.model_core import (
    BREAKPOINT,
    DIVZERO,
    EVER,
    LOAD,
    MISALIGNED,
    ONES,
    STORE,
    SYSCALL,
    Core,
    Halt,
    Operands,
    Trap,
)


def signed(word: int) -> int:
    """A word as the integer it is in two's complement."""
    return word - (1 << 32) if word >> 31 else word


def quotient(a: int, b: int) -> int:
    """a / b, toward zero."""
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


class Model(Core):
    """The machine of PG32's manual."""

    def put(self, v: Operands, value: int) -> None:
        self.r[v["rd"]] = value & ONES

    def pair(self, v: Operands) -> tuple[int, int]:
        return self.r[v["rs1"]], self.r[v["rs2"]]

    def signed_pair(self, v: Operands) -> tuple[int, int]:
        return signed(self.r[v["rs1"]]), signed(self.r[v["rs2"]])

    # --- Arithmetic --------------------------------------------------------

    def op_add(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a + b)

    def op_sub(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a - b)

    def op_and(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a & b)

    def op_or(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a | b)

    def op_xor(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a ^ b)

    def op_sll(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a << (b & 31))

    def op_srl(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a >> (b & 31))

    def op_sra(self, v: Operands) -> None:
        a, b = self.signed_pair(v)
        self.put(v, a >> (b & 31))

    def op_slt(self, v: Operands) -> None:
        a, b = self.signed_pair(v)
        self.put(v, a < b)

    def op_sltu(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a < b)

    def op_mul(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a * b)

    def op_mulh(self, v: Operands) -> None:
        a, b = self.signed_pair(v)
        self.put(v, a * b >> 32)

    def op_mulhsu(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, signed(a) * b >> 32)

    def op_mulhu(self, v: Operands) -> None:
        a, b = self.pair(v)
        self.put(v, a * b >> 32)

    def op_div(self, v: Operands) -> None:
        a, b = self.signed_pair(v)
        if b == 0:
            raise Trap(DIVZERO, 0)
        self.put(v, quotient(a, b))

    def op_divu(self, v: Operands) -> None:
        a, b = self.pair(v)
        if b == 0:
            raise Trap(DIVZERO, 0)
        self.put(v, a // b)

    def op_rem(self, v: Operands) -> None:
        a, b = self.signed_pair(v)
        if b == 0:
            raise Trap(DIVZERO, 0)
        self.put(v, a - b * quotient(a, b))

    def op_remu(self, v: Operands) -> None:
        a, b = self.pair(v)
        if b == 0:
            raise Trap(DIVZERO, 0)
        self.put(v, a % b)

    def op_addi(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] + v["imm"])

    def op_slti(self, v: Operands) -> None:
        self.put(v, signed(self.r[v["rs1"]]) < v["imm"])

    def op_sltiu(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] < v["imm"] & ONES)

    def op_andi(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] & v["imm"])

    def op_ori(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] | v["imm"])

    def op_xori(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] ^ v["imm"])

    def op_slli(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] << v["shamt"])

    def op_srli(self, v: Operands) -> None:
        self.put(v, self.r[v["rs1"]] >> v["shamt"])

    def op_srai(self, v: Operands) -> None:
        self.put(v, signed(self.r[v["rs1"]]) >> v["shamt"])

    def op_lui(self, v: Operands) -> None:
        self.put(v, v["imm20"] << 12)

    def op_auipc(self, v: Operands) -> None:
        self.put(v, self.pc + (v["imm20"] << 12))

    # --- Memory ------------------------------------------------------------

    def fetched(self, v: Operands, length: int, signs: bool) -> None:
        old = self.access((self.r[v["rs1"]] + v["imm"]) & ONES, length, LOAD)
        self.put(v, int.from_bytes(old, "little", signed=signs))

    def stored(self, v: Operands, length: int) -> None:
        data = self.r[v["rs2"]].to_bytes(4, "little")[:length]
        self.access((self.r[v["rs1"]] + v["imm"]) & ONES, length, STORE, data)

    def op_lb(self, v: Operands) -> None:
        self.fetched(v, 1, True)

    def op_lbu(self, v: Operands) -> None:
        self.fetched(v, 1, False)

    def op_lh(self, v: Operands) -> None:
        self.fetched(v, 2, True)

    def op_lhu(self, v: Operands) -> None:
        self.fetched(v, 2, False)

    def op_lw(self, v: Operands) -> None:
        self.fetched(v, 4, True)

    def op_sb(self, v: Operands) -> None:
        self.stored(v, 1)

    def op_sh(self, v: Operands) -> None:
        self.stored(v, 2)

    def op_sw(self, v: Operands) -> None:
        self.stored(v, 4)

    def op_swap(self, v: Operands) -> None:
        address, new = self.pair(v)
        if address % 4:
            raise Trap(MISALIGNED, address)
        self.put(v, int.from_bytes(self.access(address, 4, STORE, new.to_bytes(4, "little")), "little"))

    def op_cas(self, v: Operands) -> None:
        address, new = self.pair(v)
        if address % 4:
            raise Trap(MISALIGNED, address)
        old = int.from_bytes(self.access(address, 4, STORE), "little")
        if old == self.r[v["rd"]]:
            self.access(address, 4, STORE, new.to_bytes(4, "little"))
        self.put(v, old)

    # --- Control flow ------------------------------------------------------

    def op_beq(self, v: Operands) -> int | None:
        a, b = self.pair(v)
        return self.pc + v["off"] if a == b else None

    def op_bne(self, v: Operands) -> int | None:
        a, b = self.pair(v)
        return self.pc + v["off"] if a != b else None

    def op_blt(self, v: Operands) -> int | None:
        a, b = self.signed_pair(v)
        return self.pc + v["off"] if a < b else None

    def op_bge(self, v: Operands) -> int | None:
        a, b = self.signed_pair(v)
        return self.pc + v["off"] if a >= b else None

    def op_bltu(self, v: Operands) -> int | None:
        a, b = self.pair(v)
        return self.pc + v["off"] if a < b else None

    def op_bgeu(self, v: Operands) -> int | None:
        a, b = self.pair(v)
        return self.pc + v["off"] if a >= b else None

    def op_jal(self, v: Operands) -> int:
        self.put(v, self.pc + 4)
        return self.pc + v["far"]

    def op_jalr(self, v: Operands) -> int:
        target = (self.r[v["rs1"]] + v["imm"]) & ~3
        self.put(v, self.pc + 4)
        return target

    def op_syscall(self, v: Operands) -> None:
        raise Trap(SYSCALL, v["uimm"])

    def op_brk(self, v: Operands) -> None:
        raise Trap(BREAKPOINT, 0)

    def op_rdtime(self, v: Operands) -> None:
        self.put(v, self.time)

    # --- Privileged --------------------------------------------------------

    def op_in(self, v: Operands) -> None:
        self.put(v, self.board.read(self.r[v["rs1"]] & 0xFFFF))

    def op_out(self, v: Operands) -> None:
        port, value = self.pair(v)
        self.board.write(port & 0xFFFF, value, self.time)

    def op_setptb(self, v: Operands) -> None:
        self.ptb = self.r[v["rs1"]] & 0xFFFFF1FF

    def op_tlbflush(self, v: Operands) -> None:
        """This machine keeps no entries."""

    def op_rdcr(self, v: Operands) -> None:
        self.put(v, self.control(self.control_names[v["cr"]]))

    def op_wrcr(self, v: Operands) -> None:
        self.set_control(self.control_names[v["cr"]], self.r[v["rs1"]])

    def op_cli(self, v: Operands) -> None:
        self.enable = 0

    def op_sti(self, v: Operands) -> None:
        self.enable = 1

    def op_hlt(self, v: Operands) -> None:
        if self.ie & self.ip():
            return
        awaited = []
        if self.ie & 1 and self.timecmp != EVER:
            awaited.append(self.timecmp)
        if self.ie & 4 and self.board.due >= 0:
            awaited.append(self.board.due)
        if not awaited:
            raise Halt
        self.time = min(awaited)
        self.board.advance(self.time)

    def op_rfe(self, v: Operands) -> int:
        self.ring, self.enable = self.pring, self.pie
        return self.epc

    # --- The holes ---------------------------------------------------------

    def op_getpsw(self, v: Operands) -> None:
        self.put(v, self.psw())

    def op_setpsw(self, v: Operands) -> None:
        value = self.r[v["rs1"]]
        self.flags = value >> 8 & 0xFF
        if self.ring == 0:
            self.ring, self.enable, self.pring, self.pie = value & 3, value >> 2 & 1, value >> 3 & 3, value >> 5 & 1

    def op_getptb(self, v: Operands) -> None:
        self.put(v, self.ptb)

    def op_lra(self, v: Operands) -> None:
        try:
            place, _ = self.translate(self.r[v["rs1"]], LOAD)
            self.put(v, place if place < len(self.ram) else ONES)
        except Trap:
            self.put(v, ONES)

    def op_jru(self, v: Operands) -> int:
        target = self.r[v["rs1"]] & ~3
        self.ring = 3
        return target
