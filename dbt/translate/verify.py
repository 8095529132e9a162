"""Proof, from the bytes of a block alone, that it cannot leave the machine.

Data flow over the host's instructions, as a disassembler reads them: of each register and each word of the state block
it is known whether it is one of the pointers that generated code may have, or a number, how large that may be, and what
it cannot be. Shown on every path:

- Memory is reached within the window and its guard zones, in the tables below it (read, each by the instructions that
  have to do with it), and in those parts of the state block that are a block's own to read or write.
- Registers of the guest's have their upper halves zero wherever the block is left, chained or may fault.
- Nothing is divided by 0, nor -2**31 by -1; the stack, rbp and r14 are what they were, but for the account in r14.
- Control stays in the block, on instructions that are decoded, or leaves it by the slots and tables that are for that.

It has nothing in common with the code generator but the layout of memory. (What the page walk in generated code writes is
not a block's: dbt.translate.refill.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from dbt.machine.state import (
    ANSWERED,
    ANSWERS,
    END,
    FLAT,
    MOST_MODES,
    ORIGIN,
    PENDING,
    REFILLS,
    SCRATCH,
    SCRATCHES,
    SPACE,
    SPACE_ROW,
    SPACE_ROWS,
    SPACES,
    TRAPPED,
    TRAPPED_AT,
    WORDS,
)
from dbt.mmu.view import CODE_MAP, JUMP_CACHE, JUMPS, TLB_ADDEND, TLB_ENTRIES, TLB_LOAD
from dbt.native import slots
from dbt.native.window import GUARD, SPAN
from dbt.translate.host import NAMES, NEXT, WIDE
from dbt.translate.translation import Translation

ONES = {8: (1 << 8) - 1, 16: (1 << 16) - 1, 32: (1 << 32) - 1, 64: (1 << 64) - 1}
SIZED = {name: (whole, width) for whole, row in NAMES.items() for name, width in zip(row, (64, 32, 16, 8), strict=True)}
SIZED |= {"rbp": ("rbp", 64), "rsp": ("rsp", 64)}
NUMBER, STATE, WINDOW, ROW, FLAT_RAM, SHOWN, STACK = "number", "state", "window", "row", "flat", "shown", "stack"

TRAPPING = frozenset((0, ONES[32]))
"""What the host traps on as a divisor."""
WRITTEN: tuple[range, ...] = (
    range(-ORIGIN, 4 * WORDS - ORIGIN),
    range(SCRATCH, SCRATCH + 8 * SCRATCHES),
    range(TRAPPED_AT, TRAPPED + 12),
    range(SPACE, SPACE + 8),
    range(slots.FAULT_ERROR, slots.FAULT_ERROR + 8),
    range(slots.PORT, slots.VALUE + 8),
)
"""What a block may write of the state block, as displacements from rbp."""
READ: tuple[range, ...] = (
    range(-ORIGIN, 4 * WORDS - ORIGIN),
    range(SCRATCH, SCRATCH + 8 * SCRATCHES),
    range(END, PENDING + 4),
    range(FLAT, SPACE + 8),
    range(TRAPPED_AT, TRAPPED_AT + 8),
    range(ANSWERS, ANSWERS + 8 * ANSWERED),
    range(SPACES, SPACES + SPACE_ROWS * SPACE_ROW),
)
LEAVING = frozenset((slots.LEAVE, slots.OUT, slots.IN, slots.HALT))
"""Slots that are called and do not return."""
LOOKING = frozenset((slots.LOOK, REFILLS, REFILLS + 8))
"""Slots that are called with a guest address in rax, and return with it."""
GOING = frozenset((slots.MISS, slots.GATE, slots.SWITCH))
"""Slots that are jumped through."""
POINTERS = {FLAT: FLAT_RAM, SPACE: ROW}
TABLES = {
    "jmp": range(JUMPS, JUMPS + MOST_MODES * JUMP_CACHE),
    "cmp": range(CODE_MAP, JUMPS),
    "add": range(TLB_ADDEND, TLB_ADDEND + 8 * TLB_ENTRIES),
}
"""What may be read below the window, by the instruction that does."""
TAGS = range(TLB_LOAD, TLB_ADDEND)


class Escape(Exception):
    """A block might leave the machine, for all that can be shown. `at` is the offset of the instruction."""

    def __init__(self, at: int, text: str, why: str) -> None:
        self.at = at
        super().__init__(f"{at:#x}: {text}: {why}")


class Known(NamedTuple):
    """What is known of 64 bits."""

    kind: str = NUMBER
    most: int = ONES[64]
    without: frozenset[int] = frozenset()
    """Numbers that it is not."""
    name: object = None
    """Two that have the same name are equal; None has none."""


ANY = Known()


def number(most: int, without: frozenset[int] = frozenset(), name: object = None) -> Known:
    return Known(NUMBER, most, without, name)


def merged(a: Known, b: Known, place: object) -> Known:
    """What holds of both."""
    if a == b:
        return a
    if a.kind != NUMBER or b.kind != NUMBER:
        return ANY if a.kind != b.kind else Known(a.kind)
    name = a.name if a.name == b.name else place
    return number(max(a.most, b.most), a.without & b.without, name)


class Machine:
    """What is known before an instruction."""

    def __init__(self, registers: dict[str, Known], memory: dict[int, tuple[int, Known]]) -> None:
        self.registers = registers
        self.memory = memory
        """Displacement from rbp -> bytes and contents, as far as there is anything to know."""
        self.compared: tuple[object, int, int] | None = None
        """Register or displacement, bits and constant that the flags are of."""
        self.tagging: tuple[object, int] | None = None
        """The flags say whether the look-aside buffer has a guest address: its name, and the bytes that may follow."""
        self.found: tuple[object, int] | None = None
        """It has."""

    def copy(self) -> Machine:
        made = Machine(dict(self.registers), dict(self.memory))
        made.compared, made.tagging, made.found = self.compared, self.tagging, self.found
        return made

    def join(self, other: Machine, at: int) -> bool:
        """Know what holds of both; whether that is less than before."""
        before = (self.registers, self.memory, self.found)
        self.registers = {r: merged(k, other.registers[r], (at, r)) for r, k in self.registers.items()}
        shared = {d: v for d, v in self.memory.items() if d in other.memory and other.memory[d][0] == v[0]}
        self.memory = {d: (n, merged(k, other.memory[d][1], (at, d))) for d, (n, k) in shared.items()}
        self.found = self.found if self.found == other.found else None
        self.compared = self.tagging = None
        return before != (self.registers, self.memory, self.found)

    def read(self, place: object, bits: int) -> Known:
        """A register's low bits, or a word of the state block."""
        if isinstance(place, str):
            known = self.registers[place]
        else:
            size, known = self.memory.get(place, (bits // 8, number(ONES[bits])))  # type: ignore[call-overload]
            if 8 * size < bits:
                return number(ONES[bits])
        if known.kind != NUMBER:
            return known if bits == 64 else number(ONES[bits])
        return known if known.most <= ONES[bits] else number(ONES[bits])

    def forget(self, name: object) -> None:
        """Nothing is called so any more."""
        for r, k in self.registers.items():
            if names(k.name, name):
                self.registers[r] = k._replace(name=None)
        for d, (n, k) in self.memory.items():
            if names(k.name, name):
                self.memory[d] = n, k._replace(name=None)
        if self.found is not None and self.found[0] == name:
            self.found = None

    def put(self, register: str, known: Known, at: int) -> None:
        """Assign to a register, by the instruction at an offset. What has no name gets one."""
        if known.name is None and known.kind == NUMBER:
            self.forget((at, register))
            known = known._replace(name=(at, register))
        self.registers[register] = known

    def store(self, displacement: int, size: int, known: Known) -> None:
        for d in [d for d, (n, _) in self.memory.items() if d < displacement + size and displacement < d + n]:
            del self.memory[d]
        self.memory[displacement] = size, known
        if self.compared is not None and isinstance(self.compared[0], int):
            self.compared = None

    def refine(self, place: object, known: Known) -> None:
        if isinstance(place, str):
            self.registers[place] = known
        elif isinstance(place, int):
            self.memory[place] = self.memory[place][0] if place in self.memory else 4, known


class Verifier:
    """Verifies one block."""

    def __init__(self, code: bytes, pinned: Collection[str], sites: Iterable[int], hardware: bool) -> None:
        self.instructions = {insn.address: insn for insn in disassembler().disasm(code, 0)}
        self.end = len(code)
        self.pinned = pinned
        self.sites = frozenset(sites)
        self.hardware = hardware
        self.before: dict[int, Machine] = {}
        self.queue: list[int] = []
        self.leaders: set[int] = set()
        """Where control may come from elsewhere."""
        self.at = 0

    def fail(self, why: str) -> Escape:
        insn = self.instructions.get(self.at)
        return Escape(self.at, f"{insn.mnemonic} {insn.op_str}" if insn else "", why)

    def run(self, entries: Collection[int]) -> None:
        if sum(insn.size for insn in self.instructions.values()) != self.end:
            raise Escape(0, "", "not all of it are instructions")
        start = Machine({r: number(ONES[32]) if r in self.pinned else ANY for r in ("rax", "r14", *WIDE)}, {})
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

    def go(self, target: int, m: Machine) -> None:
        """Control comes to an instruction."""
        if target not in self.instructions:
            raise self.fail("a jump out of the block")
        if target not in self.before:
            self.before[target] = m.copy()
            self.before[target].compared = self.before[target].tagging = None
            self.queue.append(target)
        elif self.before[target].join(m, target):
            self.queue.append(target)

    # --- Borders --------------------------------------------------------------------

    def halves(self, m: Machine) -> None:
        for register in self.pinned:
            known = m.registers[register]
            if known.kind != NUMBER or known.most > ONES[32]:
                raise self.fail(f"the upper half of {register} may be anything here")

    def border(self, m: Machine) -> None:
        """The block may be left here."""
        self.halves(m)
        if m.registers["r15"].kind != WINDOW:
            raise self.fail("r15 is no window here")

    # --- Operands ---------------------------------------------------------------------

    def reach(self, m: Machine, insn: Any, op: Any) -> tuple[str, range]:
        """The kind of pointer that a memory operand goes by, and what it may reach from there."""
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
            else:
                high += known.most * scale
        return kind or (WINDOW if self.hardware else NUMBER), range(low, high + max(op.size, 1))

    def access(self, m: Machine, insn: Any, op: Any, writes: bool) -> Known:
        """Check an access; what is read."""
        kind, where = self.reach(m, insn, op)
        size = op.size
        if kind == STATE:
            if not any(within(where, part) for part in (WRITTEN if writes else READ)):
                raise self.fail(f"the state block at {shown(where)}")
            if len(where) == size:
                pointer = POINTERS.get(where.start)
                return Known(pointer) if pointer and size == 8 else m.read(where.start, 8 * size)
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
            if writes or not within(where, range(SPAN)):
                raise self.fail(f"RAM at {shown(where)}")
        elif kind == SHOWN:
            self.halves(m)
            name = m.registers["rax"].name
            most = m.registers["rax"].most
            if where.start or len(where) != size or size > most:
                raise self.fail(f"a page at {shown(where)} of {name}")
        else:
            raise self.fail(f"{shown(where)} of no pointer")
        return number(ONES[8 * size]) if size <= 8 else ANY

    def value(self, m: Machine, insn: Any, op: Any) -> Known:
        """An operand that is read."""
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

    def target(self, m: Machine, insn: Any, op: Any, known: Known) -> None:
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

    # --- Instructions -------------------------------------------------------------------

    def step(self, m: Machine, insn: Any) -> bool:
        """Go over one instruction. False if nothing behind it is come to from it."""
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
        return True

    def site(self, m: Machine, insn: Any) -> None:
        """A jump that is patched to lead to another block."""
        if insn.address + insn.size - 4 in self.sites:
            self.border(m)

    def call(self, m: Machine, insn: Any, op: Any) -> bool:
        where = self.slot(m, insn, op)
        self.halves(m)
        if where in LEAVING:
            return False
        self.border(m)
        if where not in LOOKING or m.registers["rax"].kind != NUMBER or m.registers["rax"].most > ONES[32]:
            raise self.fail("a call that blocks do not have")
        for register in ("rax", *(r for r in WIDE if r not in self.pinned)):
            m.put(register, number(ONES[32]) if register == "rax" else ANY, self.at)
        m.compared = m.tagging = m.found = None
        m.memory = {d: v for d, v in m.memory.items() if d < slots.FAULT_RIP}
        return True

    def jump(self, m: Machine, insn: Any, op: Any) -> bool:
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

    def slot(self, m: Machine, insn: Any, op: Any) -> int:
        """The slot of the state block that is called or jumped through."""
        kind, where = self.reach(m, insn, op)
        if op.type != MEMORY or kind != STATE or len(where) != 8:
            raise self.fail("control goes through what is no slot")
        return where.start

    def branch(self, m: Machine, name: str) -> None:
        """What is known where a conditional jump has gone this way."""
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

    def do_mov(self, m: Machine, insn: Any, ops: Any) -> None:
        if ops[1].type == REGISTER and SIZED.get(insn.reg_name(ops[1].reg), ("", 0))[1] >= 32:
            source = SIZED[insn.reg_name(ops[1].reg)][0]
            m.put(source, m.registers[source], self.at)  # it and its copy have one name
        known = self.value(m, insn, ops[1])
        if ops[0].type == MEMORY:
            kind, where = self.reach(m, insn, ops[0])
            if kind == STATE and where.start < SPACE + 8 and SPACE < where.stop and known.kind != ROW:
                raise self.fail("this is no row of an address space")
            known = known if known.kind == NUMBER else ANY
        self.target(m, insn, ops[0], known)

    def do_movsx(self, m: Machine, insn: Any, ops: Any) -> None:
        self.value(m, insn, ops[1])
        self.target(m, insn, ops[0], ANY)

    def do_lea(self, m: Machine, insn: Any, ops: Any) -> None:
        if insn.reg_name(ops[0].reg) == "r15":
            kind, where = self.reach(m, insn, ops[1])
            if kind != STATE or not within(range(where.start, where.stop - ops[1].size + SPACE_ROW), READ[-1]):
                raise self.fail("this is no row of an address space")
            m.put("r15", Known(ROW), self.at)
            return
        self.target(m, insn, ops[0], ANY)

    def do_sum(self, m: Machine, insn: Any, ops: Any) -> None:
        a, b = self.value(m, insn, ops[0]), None
        if insn.mnemonic == "add" and ops[1].type == MEMORY and insn.reg_name(ops[1].mem.base) == "r15":
            index = m.registers[insn.reg_name(ops[1].mem.index)]
            self.access(m, insn, ops[1], False)
            found = m.found
            if ops[0].size != 8 or found is None or a.name != found[0] or index.name != ("index", found[0]):
                raise self.fail("the look-aside buffer has not been asked about this address")
            m.put(insn.reg_name(ops[0].reg), Known(SHOWN, found[1]), self.at)
            return
        b = self.value(m, insn, ops[1])
        if ops[0].type == REGISTER and insn.reg_name(ops[0].reg) == "r14" and ops[1].type != IMMEDIATE:
            raise self.fail("the account is changed by what is no constant")
        fits = insn.mnemonic == "add" and a.kind == b.kind == NUMBER and a.most + b.most <= ONES[8 * ops[0].size]
        self.target(m, insn, ops[0], number(a.most + b.most) if fits else ANY)

    def do_bits(self, m: Machine, insn: Any, ops: Any) -> None:
        a, b = self.value(m, insn, ops[0]), self.value(m, insn, ops[1])
        if insn.mnemonic == "xor" and ops[1].type == REGISTER and ops[0].reg == ops[1].reg:
            zero = number(0)
            if self.hardware and insn.reg_name(ops[0].reg) == "r15d":
                zero = Known(WINDOW)  # it is at 0 there
                m.put("r15", zero, self.at)
                return
            self.target(m, insn, ops[0], zero)
        elif a.kind != NUMBER or b.kind != NUMBER:
            self.target(m, insn, ops[0], ANY)
        elif insn.mnemonic == "and":
            name = None
            if ops[1].type == IMMEDIATE and a.name is not None:
                name = ("and", b.most, a.name)
                if b.most == TLB_ENTRIES - 1 and isinstance(a.name, tuple) and a.name[0] == "page":
                    name = ("index", a.name[1])
            self.target(m, insn, ops[0], number(min(a.most, b.most), name=name))
        else:
            self.target(m, insn, ops[0], number((1 << max(a.most, b.most).bit_length()) - 1))

    def do_shift(self, m: Machine, insn: Any, ops: Any) -> None:
        a = self.value(m, insn, ops[0])
        if len(ops) == 2 and ops[1].type == IMMEDIATE and insn.mnemonic == "shr" and a.kind == NUMBER:
            name = ("page", a.name) if ops[1].imm == 12 and a.name is not None else None
            self.target(m, insn, ops[0], number(a.most >> ops[1].imm, name=name))
            return
        for op in ops[1:]:
            self.value(m, insn, op)
        self.target(m, insn, ops[0], ANY)

    def do_imul(self, m: Machine, insn: Any, ops: Any) -> None:
        known = [self.value(m, insn, op) for op in (ops[1:] if len(ops) == 3 else ops)]
        most = known[0].most * known[1].most
        fits = all(k.kind == NUMBER for k in known) and most <= ONES[8 * ops[0].size]
        self.target(m, insn, ops[0], number(most) if fits else ANY)

    def do_one(self, m: Machine, insn: Any, ops: Any) -> None:
        if insn.mnemonic in ("neg", "not"):
            self.value(m, insn, ops[0])
        self.target(m, insn, ops[0], ANY)

    def do_compare(self, m: Machine, insn: Any, ops: Any) -> None:
        m.compared = m.tagging = None
        a, b = self.value(m, insn, ops[0]), None
        if insn.mnemonic == "cmp" and ops[1].type == MEMORY and ops[1].mem.index:
            kind, where = self.reach(m, insn, ops[1])
            index = m.registers[insn.reg_name(ops[1].mem.index)]
            if kind == WINDOW and within(where, TAGS):
                name = index.name[1] if isinstance(index.name, tuple) and index.name[0] == "index" else None
                for low in (0, 1, 3):
                    if name is not None and a.name == ("and", 0xFFFFF000 | low, name):
                        m.tagging = name, low + 1
                return
        b = self.value(m, insn, ops[1])
        constant = b.most if ops[1].type == IMMEDIATE else None
        if insn.mnemonic == "test":
            constant = 0 if ops[1].type == REGISTER and ops[0].type == REGISTER and ops[0].reg == ops[1].reg else None
        if constant is None:
            return
        bits = 8 * ops[0].size
        if ops[0].type == REGISTER:
            m.compared = SIZED[insn.reg_name(ops[0].reg)][0], bits, constant & ONES[bits]
        elif self.reach(m, insn, ops[0])[0] == STATE:
            m.compared = self.reach(m, insn, ops[0])[1].start, bits, constant & ONES[bits]

    def do_divide(self, m: Machine, insn: Any, ops: Any) -> None:
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

    def do_cdq(self, m: Machine, insn: Any, ops: Any) -> None:
        m.put("rax", m.registers["rax"], self.at)
        m.registers["rdx"] = number(ONES[32], name=("sign", m.registers["rax"].name))

    def do_vector(self, m: Machine, insn: Any, ops: Any) -> None:
        for op in ops[1:]:
            if op.type != IMMEDIATE:
                self.value(m, insn, op)
        self.target(m, insn, ops[0], ANY)


REGISTER, IMMEDIATE, MEMORY = 1, 2, 3
"""Kinds of operands (capstone's CS_OP_REG, CS_OP_IMM, CS_OP_MEM)."""
OPPOSITE = {"je": "jne", "jne": "je", "jae": "jb", "jb": "jae"}
QUIET = frozenset(("mov", "movzx", "movsx", "movsxd", "lea", "not", "cdq", "movd", "movq", "pextrb", "pextrw"))
"""What leaves the flags alone."""
Handler = Callable[[Verifier, Machine, Any, Any], None]
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("mov", "movzx"), Verifier.do_mov),
    **dict.fromkeys(("movsx", "movsxd"), Verifier.do_movsx),
    "lea": Verifier.do_lea,
    **dict.fromkeys(("add", "sub"), Verifier.do_sum),
    **dict.fromkeys(("and", "or", "xor"), Verifier.do_bits),
    **dict.fromkeys(("shl", "shr", "sar", "shlx", "shrx", "sarx", "rorx"), Verifier.do_shift),
    "imul": Verifier.do_imul,
    **dict.fromkeys(("neg", "not"), Verifier.do_one),
    **dict.fromkeys((f"set{cc}" for cc in ("b", "ae", "e", "ne", "be", "a", "l", "ge", "le", "g")), Verifier.do_one),
    **dict.fromkeys(("cmp", "test"), Verifier.do_compare),
    **dict.fromkeys(("div", "idiv"), Verifier.do_divide),
    "cdq": Verifier.do_cdq,
    **dict.fromkeys(("movd", "movq", "pextrb", "pextrw"), Verifier.do_vector),
}


def names(whole: object, part: object) -> bool:
    """Is a name another, or made of it?"""
    return part is not None and (whole == part or (isinstance(whole, tuple) and any(names(n, part) for n in whole)))


def within(inner: range, outer: range) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop


def shown(where: range) -> str:
    return f"{where.start:+#x} .. {where.stop - 1:+#x}"


@cache
def disassembler() -> Any:
    import capstone

    made = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    made.detail = True
    return made


def verify(made: Translation, pinned: Collection[str], hardware: bool = False) -> None:
    """Raise Escape unless a block keeps within the machine, wherever it is entered and whichever of its jumps are
    patched. `pinned`: the host registers that hold guest registers. `hardware`: it is for a virtual CPU of the host's."""
    sites = [site for way, site in made.host.exits.values() if way.kind == NEXT and site >= 0]
    Verifier(made.host.code, pinned, sites, hardware).run({0, made.body, made.page})
