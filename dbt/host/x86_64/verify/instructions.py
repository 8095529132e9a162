"""The transfer functions of the host instructions that blocks may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ring1.dbt.host.x86_64.verify.known import ANY, NUMBER, ONES, Knowledge, Known, number
from ring1.dbt.host.x86_64.verify.layout import FLAT_RAM, READ, ROW, SHOWN, STATE, TAGS, WINDOW, within
from ring1.dbt.host.x86_64.verify.operands import IMMEDIATE, MEMORY, REGISTER, SIZED, Operands
from ring1.dbt.machine.state import SPACE, SPACE_ROW
from ring1.dbt.mmu.view import TLB_ENTRIES


class Instructions(Operands):
    """Analyses instructions after which control goes on to the next one."""

    def do_mov(self, m: Knowledge, insn: Any, ops: Any) -> None:
        if ops[1].type == REGISTER and SIZED.get(insn.reg_name(ops[1].reg), ("", 0))[1] >= 32:
            source = SIZED[insn.reg_name(ops[1].reg)][0]
            m.put(source, m.registers[source], self.at)  # source and copy have the same name
        known = self.value(m, insn, ops[1])
        if ops[0].type == MEMORY:
            kind, where = self.reach(m, insn, ops[0])
            if kind == STATE and where.start < SPACE + 8 and where.stop > SPACE and known.kind != ROW:
                raise self.fail("this is no row of an address space")
            known = known if known.kind == NUMBER else ANY
        self.target(m, insn, ops[0], known)

    def do_movsx(self, m: Knowledge, insn: Any, ops: Any) -> None:
        self.value(m, insn, ops[1])
        self.target(m, insn, ops[0], ANY)

    def do_lea(self, m: Knowledge, insn: Any, ops: Any) -> None:
        if insn.reg_name(ops[0].reg) == "r15":
            kind, where = self.reach(m, insn, ops[1])
            if kind != STATE or not within(range(where.start, where.stop - ops[1].size + SPACE_ROW), READ[-1]):
                raise self.fail("this is no row of an address space")
            m.put("r15", Known(ROW), self.at)
            return
        self.target(m, insn, ops[0], ANY)

    def do_sum(self, m: Knowledge, insn: Any, ops: Any) -> None:
        a, b = self.value(m, insn, ops[0]), None
        if insn.mnemonic == "add" and ops[1].type == MEMORY and insn.reg_name(ops[1].mem.base) == "r15":
            index = m.registers[insn.reg_name(ops[1].mem.index)]
            self.access(m, insn, ops[1], False)
            found = m.found
            if (
                ops[0].size != 8
                or found is None
                or (a.name, index.name) != (("differing", found[0]), ("index", found[0]))
            ):
                raise self.fail("the look-aside buffer has not been asked about this address")
            m.put(insn.reg_name(ops[0].reg), Known(SHOWN, found[1]), self.at)
            return
        b = self.value(m, insn, ops[1])
        if ops[0].type == REGISTER and insn.reg_name(ops[0].reg) == "r14" and ops[1].type != IMMEDIATE:
            raise self.fail("the account is changed by what is no constant")
        if insn.mnemonic == "add" and ops[0].size == 8 and (a.kind, b.kind) == (NUMBER, FLAT_RAM):
            self.target(m, insn, ops[0], Known(FLAT_RAM, a.most + b.most))
            return
        fits = insn.mnemonic == "add" and a.kind == b.kind == NUMBER and a.most + b.most <= ONES[8 * ops[0].size]
        self.target(m, insn, ops[0], number(a.most + b.most) if fits else ANY)

    def do_bits(self, m: Knowledge, insn: Any, ops: Any) -> None:
        a, b = self.value(m, insn, ops[0]), self.value(m, insn, ops[1])
        if insn.mnemonic == "xor" and ops[1].type == REGISTER and ops[0].reg == ops[1].reg:
            zero = number(0)
            if self.hardware and insn.reg_name(ops[0].reg) == "r15d":
                zero = Known(WINDOW)  # the window is at 0 there
                m.put("r15", zero, self.at)
                return
            self.target(m, insn, ops[0], zero)
        elif insn.mnemonic == "xor" and self.is_tag(m, insn, ops[1]):
            index = m.registers[insn.reg_name(ops[1].mem.index)]
            same = a.name is not None and index.name == ("index", a.name)
            self.target(m, insn, ops[0], number(ONES[32], name=("differing", a.name) if same else None))
        elif a.kind != NUMBER or b.kind != NUMBER:
            self.target(m, insn, ops[0], ANY)
        elif insn.mnemonic == "and":
            name: object = None
            if ops[1].type == IMMEDIATE and a.name is not None:
                name = ("and", b.most, a.name)
                if b.most == TLB_ENTRIES - 1 and isinstance(a.name, tuple) and a.name[0] == "page":
                    name = ("index", a.name[1])
            self.target(m, insn, ops[0], number(min(a.most, b.most), name=name))
        else:
            self.target(m, insn, ops[0], number((1 << max(a.most, b.most).bit_length()) - 1))

    def is_tag(self, m: Knowledge, insn: Any, op: Any) -> bool:
        """Is an operand a tag of the software TLB?"""
        if op.type != MEMORY or not op.mem.index:
            return False
        kind, where = self.reach(m, insn, op)
        return kind == WINDOW and within(where, TAGS)

    def do_shift(self, m: Knowledge, insn: Any, ops: Any) -> None:
        a = self.value(m, insn, ops[0])
        if len(ops) == 2 and ops[1].type == IMMEDIATE and insn.mnemonic == "shr" and a.kind == NUMBER:
            name = ("page", a.name) if ops[1].imm == 12 and a.name is not None else None
            self.target(m, insn, ops[0], number(a.most >> ops[1].imm, name=name))
            return
        for op in ops[1:]:
            self.value(m, insn, op)
        self.target(m, insn, ops[0], ANY)

    def do_imul(self, m: Knowledge, insn: Any, ops: Any) -> None:
        known = [self.value(m, insn, op) for op in (ops[1:] if len(ops) == 3 else ops)]
        most = known[0].most * known[1].most
        fits = all(k.kind == NUMBER for k in known) and most <= ONES[8 * ops[0].size]
        self.target(m, insn, ops[0], number(most) if fits else ANY)

    def do_one(self, m: Knowledge, insn: Any, ops: Any) -> None:
        if insn.mnemonic in ("neg", "not"):
            self.value(m, insn, ops[0])
        self.target(m, insn, ops[0], ANY)

    def do_compare(self, m: Knowledge, insn: Any, ops: Any) -> None:
        m.compared = m.tagging = None
        a, b = self.value(m, insn, ops[0]), None
        b = self.value(m, insn, ops[1])
        constant = b.most if ops[1].type == IMMEDIATE else None
        if insn.mnemonic == "test":
            if isinstance(a.name, tuple) and a.name[0] == "differing" and constant is not None:
                low = constant - 0xFFFFF000
                m.tagging = (a.name[1], low + 1) if low in (0, 1, 3) else None
            constant = 0 if ops[1].type == REGISTER and ops[0].type == REGISTER and ops[0].reg == ops[1].reg else None
        if constant is not None:
            self.compare(m, insn, ops[0], constant)

    def compare(self, m: Knowledge, insn: Any, op: Any, constant: int) -> None:
        """Note that the flags say whether an operand equals a constant."""
        bits = 8 * op.size
        if op.type == REGISTER:
            m.compared = SIZED[insn.reg_name(op.reg)][0], bits, constant & ONES[bits]
        elif self.reach(m, insn, op)[0] == STATE:
            m.compared = self.reach(m, insn, op)[1].start, bits, constant & ONES[bits]

    def do_divide(self, m: Knowledge, insn: Any, ops: Any) -> None:
        divisor = self.value(m, insn, ops[0])
        bad = {0, ONES[32]} if insn.mnemonic == "idiv" else {0}
        possible = {n for n in bad - divisor.without if n <= divisor.most}
        high = m.registers["rdx"]
        if ops[0].size != 4 or divisor.kind != NUMBER or possible:
            raise self.fail("it may divide by what the host traps on")
        if insn.mnemonic == "div" and high.most:
            raise self.fail("the quotient may be too large")
        if insn.mnemonic == "idiv" and high.name != ("sign", m.registers["rax"].name):
            raise self.fail("the dividend is not one of 32 bits")
        for register in ("rax", "rdx"):
            m.put(register, number(ONES[32]), self.at)

    def do_cdq(self, m: Knowledge, insn: Any, ops: Any) -> None:
        m.put("rax", m.registers["rax"], self.at)
        m.registers["rdx"] = number(ONES[32], name=("sign", m.registers["rax"].name))

    def do_vector(self, m: Knowledge, insn: Any, ops: Any) -> None:
        for op in ops[1:]:
            if op.type != IMMEDIATE:
                self.value(m, insn, op)
        self.target(m, insn, ops[0], ANY)


QUIET = frozenset(("mov", "movzx", "movsx", "movsxd", "lea", "not", "cdq", "movd", "movq", "pextrb", "pextrw"))
"""Mnemonics that leave the flags unchanged."""
RESULTS = frozenset(("add", "sub", "and", "or", "xor"))
"""Mnemonics after which the flags compare the result with 0, for equality."""
Handler = Callable[[Instructions, Knowledge, Any, Any], None]
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("mov", "movzx"), Instructions.do_mov),
    **dict.fromkeys(("movsx", "movsxd"), Instructions.do_movsx),
    "lea": Instructions.do_lea,
    **dict.fromkeys(("add", "sub", "adc", "sbb"), Instructions.do_sum),
    **dict.fromkeys(("and", "or", "xor"), Instructions.do_bits),
    **dict.fromkeys(("shl", "shr", "sar", "shlx", "shrx", "sarx", "rorx"), Instructions.do_shift),
    "imul": Instructions.do_imul,
    **dict.fromkeys(("neg", "not"), Instructions.do_one),
    **dict.fromkeys(
        (f"set{cc}" for cc in ("b", "ae", "e", "ne", "be", "a", "l", "ge", "le", "g")), Instructions.do_one
    ),
    **dict.fromkeys(("cmp", "test"), Instructions.do_compare),
    **dict.fromkeys(("div", "idiv"), Instructions.do_divide),
    "cdq": Instructions.do_cdq,
    **dict.fromkeys(("movd", "movq", "pextrb", "pextrw"), Instructions.do_vector),
}
