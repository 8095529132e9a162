"""The verifier: proves, from the bytes of a block alone, that it cannot leave the machine.

A data-flow analysis of the disassembled host instructions: for each register and each word of the state block it knows
whether it is one of the pointers that generated code may have, or a number, with a bound and values that it cannot
have. It proves for every path:

- Memory is accessed only in the window and its guard zones, in the tables below it (read-only, each by the instruction
  meant for it), and in those parts of the state block that a block may read or write.
- Host registers that hold guest registers have their upper halves zero wherever the block is left, chained or may
  fault.
- Nothing is divided by 0, nor -2**31 by -1; the stack and rbp are unchanged, and r14 is changed only by constants.
- Control stays in the block, on decoded instructions, or leaves it by the slots and tables meant for that.

It shares nothing with the code generator but the layout of memory. (It does not cover the page walk in generated code,
which is no block: see ring1.dbt.host.x86_64.walk.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from ring1.dbt.host.block import NEXT, READ, WRITE, HostBlock
from ring1.dbt.host.x86_64.listing import disassembler
from ring1.dbt.host.x86_64.registers import WIDE
from ring1.dbt.host.x86_64.verify.instructions import HANDLERS, QUIET, RESULTS, Instructions
from ring1.dbt.host.x86_64.verify.known import ANY, NUMBER, ONES, Knowledge, Known, number
from ring1.dbt.host.x86_64.verify.layout import (
    GOING,
    LEAVING,
    LOOKING,
    POSTING,
    RETURNING,
    STACK,
    STATE,
    TABLES,
    WINDOW,
    within,
)
from ring1.dbt.host.x86_64.verify.operands import IMMEDIATE, Escape
from ring1.dbt.native import slots

OPPOSITE = {"je": "jne", "jne": "je", "jae": "jb", "jb": "jae"}


class Verifier(Instructions):
    """Verifies one block."""

    def __init__(self, code: bytes, pinned: Collection[str], sites: Iterable[int], hardware: bool) -> None:
        super().__init__(pinned, hardware)
        self.instructions = {insn.address: insn for insn in reader().disasm(code, 0)}
        self.end = len(code)
        self.sites = frozenset(sites)
        self.before: dict[int, Knowledge] = {}
        self.queue: list[int] = []
        self.leaders: set[int] = set()
        """Offsets that are entries or targets of jumps."""

    def run(self, entries: Collection[int]) -> None:
        if sum(insn.size for insn in self.instructions.values()) != self.end:
            raise Escape(0, "", "not all of it are instructions")
        start = Knowledge({r: number(ONES[32]) if r in self.pinned else ANY for r in ("rax", "r14", *WIDE)}, {})
        start.registers |= {"rbp": Known(STATE), "r15": Known(WINDOW), "rsp": Known(STACK)}
        jumps = (i for i in self.instructions.values() if i.mnemonic[0] == "j" and i.operands[0].type == IMMEDIATE)
        self.leaders = {*entries, *(jump.operands[0].imm for jump in jumps)}
        for entry in entries:
            self.go(entry, start)
        steps = 0
        while self.queue:
            at = self.queue.pop()
            m, going = self.before[at].copy(), True
            while going:
                steps += 1
                if steps > 1000 * len(self.instructions):
                    raise Escape(at, "", "no end of it")
                self.at = at
                insn = self.instructions[at]
                going = self.step(m, insn)
                at += insn.size
                if going and at in self.leaders:
                    self.go(at, m)
                    break
                if going and at not in self.instructions:
                    raise self.fail("control goes on behind it")

    def go(self, target: int, m: Knowledge) -> None:
        """Join what is known where control comes to an instruction."""
        if target not in self.instructions:
            raise self.fail("a jump out of the block")
        if target not in self.before:
            self.before[target] = m.copy()
            self.before[target].compared = self.before[target].tagging = None
            self.queue.append(target)
        elif self.before[target].join(m, target):
            self.queue.append(target)

    def border(self, m: Knowledge) -> None:
        """Check what must hold where the block may be left."""
        self.halves(m)
        if m.registers["r15"].kind != WINDOW:
            raise self.fail("r15 is no window here")

    # --- Control transfers ----------------------------------------------

    def step(self, m: Knowledge, insn: Any) -> bool:
        """Analyse one instruction. False if control does not go on to the next one."""
        name, ops = insn.mnemonic, insn.operands
        if name == "call":
            return self.call(m, insn, ops[0])
        if name == "jmp":
            return self.jump(m, insn, ops[0])
        if name.startswith("j"):
            self.site(m, insn)
            taken = m.copy()
            self.branch(taken, name)
            self.go(ops[0].imm, taken)
            self.branch(m, OPPOSITE.get(name, ""))
            m.compared = m.tagging = None
            return True
        handle = HANDLERS.get(name)
        if handle is None:
            if not (self.hardware and name in ("cli", "sti")):
                raise self.fail("an instruction that blocks do not have")
            return True
        if self.hardware and name == "mov" and insn.op_str.startswith("cr3"):
            return True
        flags = name in ("cmp", "test")
        if not flags and name not in QUIET:
            m.compared = m.tagging = None
        handle(self, m, insn, ops)
        if name in RESULTS:
            self.compare(m, insn, ops[0], 0)
        return True

    def site(self, m: Knowledge, insn: Any) -> None:
        """Check a jump that may be patched to lead to another block."""
        if insn.address + insn.size - 4 in self.sites:
            self.border(m)

    def call(self, m: Knowledge, insn: Any, op: Any) -> bool:
        where = self.slot(m, insn, op)
        self.halves(m)
        if where in LEAVING:
            return False
        self.border(m)
        if where in POSTING:
            m.put("rax", ANY, self.at)
            for slot in (slots.PORT, slots.VALUE):
                m.store(slot, 8, ANY)
            m.compared = m.tagging = m.found = None
            return True
        address = m.registers["rax"].kind == NUMBER and m.registers["rax"].most <= ONES[32]
        if where not in RETURNING and not (where in LOOKING and address):
            raise self.fail("a call that blocks do not have")
        for register in ("rax", *(r for r in WIDE if r not in self.pinned)):
            m.put(register, number(ONES[32]) if register == "rax" and where in LOOKING else ANY, self.at)
        m.compared = m.tagging = m.found = None
        return True

    def jump(self, m: Knowledge, insn: Any, op: Any) -> bool:
        if op.type == IMMEDIATE:
            self.site(m, insn)
            self.go(op.imm, m)
            return False
        self.border(m)
        if m.registers[insn.reg_name(op.mem.base)].kind == STATE:
            if self.slot(m, insn, op) not in GOING:
                raise self.fail("a jump that blocks do not have")
        else:
            kind, where = self.reach(m, insn, op)
            if kind != WINDOW or not within(where, TABLES["jmp"]):
                raise self.fail("a jump through what is no jump cache")
        return False

    def branch(self, m: Knowledge, name: str) -> None:
        """Refine what is known after a conditional jump, taken under the condition of mnemonic `name`."""
        if name == "je" and m.tagging is not None:
            m.found = m.tagging
        if m.compared is None:
            return
        place, bits, constant = m.compared
        known = m.read(place, bits)
        whole = m.read(place, 64) if isinstance(place, str) else known
        if known.kind != NUMBER or whole.most > ONES[bits]:
            return
        if name == "jne":
            m.refine(place, known._replace(without=known.without | {constant}))
        elif name == "je":
            m.refine(place, known._replace(most=min(known.most, constant)))
        elif name == "jb" and constant:
            m.refine(place, known._replace(most=min(known.most, constant - 1)))


@cache
def reader() -> Any:
    """Return a disassembler with details of operands. Raises Absent."""
    made = disassembler()
    made.detail = True
    return made


def verify(made: HostBlock, entries: Collection[int], pinned: Collection[str], hardware: bool = False) -> None:
    """Raise Escape unless a block keeps within the machine, whichever entry is used and whichever jumps are patched.

    `entries`: offsets of entries other than 0. `pinned`: the host registers that hold guest registers. `hardware`: it
    runs on a KVM virtual CPU.
    """
    sites = [site for way, site in made.exits.values() if way.kind == NEXT and site >= 0]
    returns = [offset for offset, (way, _) in made.exits.items() if way.kind in (READ, WRITE)]
    Verifier(made.code, pinned, sites, hardware).run({0, *entries, *returns})
