"""Operands of host instructions: checks of memory accesses, and values read and written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ring1.dbt.host.x86_64.registers import NAMES
from ring1.dbt.host.x86_64.verify.known import ANY, NUMBER, ONES, TRAPPING, Knowledge, Known, number
from ring1.dbt.host.x86_64.verify.layout import (
    FLAT_RAM,
    POINTERS,
    READ,
    ROW,
    SHOWN,
    STATE,
    TABLES,
    WINDOW,
    WRITTEN,
    shown,
    within,
)
from ring1.dbt.machine.state import SPACE_ROW
from ring1.dbt.native.window import GUARD, SPAN

REGISTER, IMMEDIATE, MEMORY = 1, 2, 3
"""Kinds of operands (capstone's CS_OP_REG, CS_OP_IMM, CS_OP_MEM)."""
SIZED = {name: (whole, width) for whole, row in NAMES.items() for name, width in zip(row, (64, 32, 16, 8), strict=True)}
SIZED |= {"rbp": ("rbp", 64), "rsp": ("rsp", 64)}


class Escape(Exception):
    """The verifier cannot prove that a block keeps within the machine. `at` is the offset of the instruction."""

    def __init__(self, at: int, text: str, why: str) -> None:
        self.at = at
        super().__init__(f"{at:#x}: {text}: {why}")


class Operands:
    """Checks the operands of a block's instructions."""

    def __init__(self, pinned: Collection[str], hardware: bool) -> None:
        """See ring1.dbt.host.x86_64.verify.block.verify."""
        self.pinned = pinned
        self.hardware = hardware
        self.instructions: dict[int, Any] = {}
        self.at = 0
        """Offset of the present instruction."""

    def fail(self, why: str) -> Escape:
        insn = self.instructions.get(self.at)
        return Escape(self.at, f"{insn.mnemonic} {insn.op_str}" if insn else "", why)

    def halves(self, m: Knowledge) -> None:
        for register in self.pinned:
            known = m.registers[register]
            if known.kind != NUMBER or known.most > ONES[32]:
                raise self.fail(f"the upper half of {register} may be anything here")

    def reach(self, m: Knowledge, insn: Any, op: Any) -> tuple[str, range]:
        """Return the kind of pointer that a memory operand is relative to, and the range of displacements that it may
        access."""
        mem = op.mem
        if mem.segment:
            raise self.fail("a segment")
        base = insn.reg_name(mem.base) if mem.base else ""
        index = insn.reg_name(mem.index) if mem.index else ""
        if not base and not index:
            raise self.fail("an absolute address")
        low, high, kind = mem.disp, mem.disp, ""
        for register, scale in ((base, 1), (index, mem.scale)):
            if not register:
                continue
            whole, width = SIZED.get(register, ("", 0))
            known = m.registers.get(whole, ANY)
            if width != 64:
                raise self.fail("an address of other than 64 bits")
            if known.kind != NUMBER:
                if kind or scale != 1:
                    raise self.fail("two pointers")
                kind = known.kind
                high += known.most if kind == FLAT_RAM else 0
            else:
                high += known.most * scale
        return kind or (WINDOW if self.hardware else NUMBER), range(low, high + max(op.size, 1))

    def access(self, m: Knowledge, insn: Any, op: Any, writes: bool) -> Known:
        """Check an access; return what is known of the value read."""
        kind, where = self.reach(m, insn, op)
        size = op.size
        if kind == STATE:
            if not any(within(where, part) for part in (WRITTEN if writes else READ)):
                raise self.fail(f"the state block at {shown(where)}")
            if len(where) == size:
                pointer = POINTERS.get(where.start)
                return Known(pointer, 0) if pointer and size == 8 else m.read(where.start, 8 * size)
        elif kind == WINDOW:
            if within(where, range(-GUARD, SPAN + GUARD)):
                self.halves(m)
            elif writes or not within(where, TABLES.get(insn.mnemonic, range(0))):
                raise self.fail(f"the window at {shown(where)}")
        elif kind == ROW:
            if writes or not within(where, range(SPACE_ROW)):
                raise self.fail(f"an address space's row at {shown(where)}")
            if where.start >= 8 and size == 8:
                return Known(WINDOW)
        elif kind == FLAT_RAM:
            if not within(where, range(SPAN + GUARD)):  # it is a window as well
                raise self.fail(f"RAM at {shown(where)}")
            self.halves(m)
        elif kind == SHOWN:
            self.halves(m)
            name = m.registers["rax"].name
            most = m.registers["rax"].most
            if where.start or len(where) != size or size > most:
                raise self.fail(f"a page at {shown(where)} of {name}")
        else:
            raise self.fail(f"{shown(where)} of no pointer")
        return number(ONES[8 * size]) if size <= 8 else ANY

    def value(self, m: Knowledge, insn: Any, op: Any) -> Known:
        """Return what is known of an operand that is read."""
        if op.type == IMMEDIATE:
            imm = op.imm & (ONES[32] if op.size == 4 else ONES[64])
            return number(imm, TRAPPING - {imm})
        if op.type == REGISTER:
            name = insn.reg_name(op.reg)
            if name.startswith("xmm"):
                return ANY
            if name not in SIZED:
                raise self.fail(f"the register {name}")
            return m.read(*SIZED[name])
        return self.access(m, insn, op, False)

    def target(self, m: Knowledge, insn: Any, op: Any, known: Known) -> None:
        """Assign to an operand."""
        if op.type == MEMORY:
            kind, where = self.reach(m, insn, op)
            self.access(m, insn, op, True)
            if kind == STATE and len(where) == op.size:
                m.store(where.start, op.size, known)
            elif kind == STATE:
                m.memory.clear()
            return
        name = insn.reg_name(op.reg)
        if name.startswith("xmm"):
            return
        whole, width = SIZED.get(name, ("", 0))
        if whole in ("", "rbp", "rsp"):
            raise self.fail(f"{name} is assigned")
        if whole == "r14" and insn.mnemonic not in ("add", "sub"):
            raise self.fail("the account is assigned")
        if width < 32:  # the other bits stay
            old = m.registers[whole]
            rest = old.most if old.kind == NUMBER else ONES[64]
            known = number((1 << max(rest.bit_length(), width)) - 1)
        elif width == 32 and (known.kind != NUMBER or known.most > ONES[32]):
            known = number(ONES[32])
        m.put(whole, known, self.at)
        if m.compared and m.compared[0] == whole:
            m.compared = None

    def slot(self, m: Knowledge, insn: Any, op: Any) -> int:
        """Return the displacement of the slot that is called or jumped through."""
        kind, where = self.reach(m, insn, op)
        if op.type != MEMORY or kind != STATE or len(where) != 8:
            raise self.fail("control goes through what is no slot")
        return where.start
