"""Bound semantics -> x86-64.

An accumulator code generator: every expression is computed in rax, or straight in the host register of the guest
register it is assigned to. Invariants that the rest of ring1 relies on:

- A host register that holds a guest register has its upper 32 bits zero.
- Where an instruction may fault, every guest register and control register still has its value from before.
- A value narrower than 32 bits is zero-extended.
- The flags and rax carry nothing from one guest instruction to the next.
"""

from __future__ import annotations

from collections.abc import Mapping

from dbt.machine.state import END, JUMP_CACHE_ENTRIES, PENDING, SCRATCH, SCRATCHES, State
from dbt.machine.window import GUARD
from dbt.native.slots import LEAVE as LEAVE_SLOT
from dbt.translate.fold import part, signed
from dbt.translate.host import LEAVE, NEXT, STEP, Exit, Item, Jump, Label, Mark, Op, sized
from isa import semantics as s
from isa.model import WORD, Isa
from isa.python import control_bits, watched_controls

SIZES = {1: "byte", 2: "word", 4: "dword", 8: "qword"}
ARITHMETIC = {"+": "add", "-": "sub", "&": "and", "|": "or", "^": "xor", "*": "imul"}
SHIFTS = {"<<": "shl", ">>u": "shr", ">>s": "sar"}
CONDITIONS = {"==": "e", "!=": "ne", "<u": "b", "<=u": "be", "<s": "l", "<=s": "le"}
SWAPPED = {"e": "e", "ne": "ne", "b": "a", "be": "ae", "l": "g", "le": "ge"}
NEGATED = {"e": "ne", "ne": "e", "b": "ae", "ae": "b", "be": "a", "a": "be", "l": "ge", "ge": "l", "le": "g", "g": "le"}


class Unsupported(Exception):
    """Host code cannot do this: the reference interpreter will."""


class Target:
    """What the host code of every block of a machine has in common.

    `pinned` maps guest register numbers to host registers; the others are words of the state block.
    """

    def __init__(self, isa: Isa, pinned: Mapping[int, str], bmi2: bool) -> None:
        self.isa = isa
        self.pinned = pinned
        self.bmi2 = bmi2
        self.slots = {name: f"dword ptr [rbp{State.displacement(slot):+d}]" for name, slot in isa.slots.items()}
        self.registers = [
            sized(pinned[n], 32) if n in pinned else self.slots[f"{isa.file}{n}"] for n in range(len(isa.registers))
        ]
        self.enable = control_bits(isa.interrupts.enable) if isa.interrupts else {}
        """Control register -> the bits of it that switch interrupts on."""
        self.watched = watched_controls(isa)


class Lowering:
    """Writes the host code of one block of `count` guest instructions, for a processor mode."""

    def __init__(self, target: Target, mode: int, count: int) -> None:
        self.target = target
        self.isa = target.isa
        self.pinned = target.pinned
        self.block_mode = mode
        self.mode: int | None = mode
        self.count = count
        self.items: list[Item] = []
        self.exits: list[Exit] = []
        self.strays: list[tuple[int, int, int]] = []
        """Indirect jumps that went elsewhere than the block goes on: label, mode, refund."""
        self.labels = 0
        self.locals: dict[str, str] = {}
        self.free = list(range(SCRATCHES))
        self.follow: int | None = None
        self.index = 0
        """The guest instruction being lowered."""
        self.recheck = False
        """The instruction may have switched interrupts on."""

    # --- Pieces ------------------------------------------------------------------

    def emit(self, text: str, imm: int | None = None) -> None:
        if imm is not None:
            imm = signed(imm & 0xFFFFFFFF, 32) if -(1 << 31) <= imm < 1 << 32 else imm
            if not -(1 << 31) <= imm < 1 << 31:
                raise AssertionError(f"constant {imm:#x} out of range in {text}")
        self.items.append(Op(text, imm))

    def label(self) -> int:
        self.labels += 1
        return self.labels

    def place(self, label: int) -> None:
        self.items.append(Label(label))

    def jump(self, label: int, cc: str | None = None) -> None:
        self.items.append(Jump(label, cc))

    def exit(self, kind: str, pc: int | None, reason: str, retired: int) -> int:
        """Label of a new way out, taken when `retired` instructions of the block have been executed."""
        label, refund = self.label(), self.count - retired
        site = self.label() if kind == NEXT and refund else label
        self.exits.append(Exit(kind, pc, reason, label, refund, site))
        return label

    def slot(self, name: str) -> str:
        """The word of the state block that holds the pc or a control register."""
        return self.target.slots[name]

    def register(self, number: int) -> str:
        """Where a guest register is: a 32-bit host register or a word of memory."""
        return self.target.registers[number]

    def scratch(self) -> int:
        if not self.free:
            raise Unsupported("expression too deep")
        return self.free.pop()

    @staticmethod
    def scratch_text(number: int, width: int) -> str:
        return f"{SIZES[width // 8]} ptr [rbp+{SCRATCH + 8 * number}]"

    # --- Expressions ---------------------------------------------------------------

    def leaf(self, e: s.Expr) -> str | None:
        """The operand text of a 32-bit value that is somewhere already; constants are `imm` of emit instead."""
        if isinstance(e, s.Register):
            assert isinstance(e.index, int)
            return self.register(e.index)
        if isinstance(e, s.Control):
            return self.slot(e.name)
        if isinstance(e, s.Local) and e.width <= 32:
            return self.locals[e.name]
        return None

    @staticmethod
    def constant(e: s.Expr) -> int | None:
        """The value of a constant that fits an instruction's signed 32 bits, as the instruction holds it."""
        if not isinstance(e, s.Const):
            return None
        value = signed(e.value, e.width) if e.width in (32, 64) else e.value
        return value if -(1 << 31) <= value < 1 << 31 else None

    def into(self, e: s.Expr, host: str) -> None:
        """Compute `e` in a host register: rax, or one whose guest register is about to be assigned."""
        wide = sized(host, 64 if e.width > 32 else 32)
        match e:
            case s.Const(_, value):
                if value == 0:
                    self.emit(f"xor {sized(host, 32)}, {sized(host, 32)}")
                elif value < 1 << 32:
                    self.emit(f"mov {sized(host, 32)}, {{}}", value)
                else:
                    raise Unsupported("wide constant")
            case s.Register() | s.Control() | s.Local():
                source = self.leaf(e) or self.locals[e.name]  # type: ignore[union-attr]
                if source != wide:
                    self.emit(f"mov {wide}, {source}")
            case s.Unary(width, "!", a):
                self.into(a, host)
                self.emit(f"xor {wide}, {{}}", 1)
            case s.Unary(width, op, a):
                self.into(a, host)
                self.emit(f"{'not' if op == '~' else 'neg'} {wide}")
                self.trim(width, host)
            case s.Binary(width, op, a, b) if op in ARITHMETIC:
                self.arithmetic(e, host)
            case s.Binary(width, op, a, b) if op in SHIFTS:
                self.shift(e, host)
            case s.Binary(width, op, a, b) if op in CONDITIONS:
                cc = self.flags(e)
                self.emit(f"set{cc} al")
                self.emit(f"movzx {sized(host, 32)}, al")
            case s.Binary():
                self.division(e, host)
            case s.Slice():
                self.slice(e, host)
            case s.Extend(width, a, False):
                self.into(a, host)
            case s.Extend():
                self.sign_extend(e, host)
            case s.Load():
                self.load(e, host, False)
            case s.Select(_, condition, a, b):
                other, end = self.label(), self.label()
                self.jump(other, NEGATED[self.flags(condition)])
                self.into(a, "rax")
                self.jump(end)
                self.place(other)
                self.into(b, "rax")
                self.place(end)
                self.move(host, "rax", wide)
            case s.Call(_, "time", ()):
                # END is when the whole budget is used up, r14 is what is left after paying for this block.
                self.emit(f"mov rax, qword ptr [rbp+{END}]")
                self.emit("sub rax, r14")
                self.emit("sub rax, {}", self.count - self.index)
                self.move(host, "rax", sized(host, 64))
            case s.Call(_, name, _):
                raise Unsupported(name)
            case _:
                raise Unsupported(type(e).__name__)

    def move(self, host: str, source: str, wide: str) -> None:
        if host != source:
            self.emit(f"mov {wide}, {sized(source, 64 if wide == host else 32)}")

    def trim(self, width: int, host: str) -> None:
        """Clear what an operation on fewer than 32 bits left above them."""
        if width < 32:
            self.emit(f"and {sized(host, 32)}, {{}}", (1 << width) - 1)
        elif 32 < width < 64:
            raise Unsupported(f"{width} bits")

    def arithmetic(self, e: s.Binary, host: str) -> None:
        a, b, op = e.a, e.b, ARITHMETIC[e.op]
        width = 64 if e.width > 32 else 32
        wide = sized(host, width)
        commutes = e.op != "-"
        if commutes and self.leaf(a) is not None and self.leaf(b) is None and self.constant(b) is None:
            a, b = b, a
        if commutes and self.leaf(b) == wide and self.leaf(a) is not None:
            a, b = b, a
        constant, right = self.constant(b), self.leaf(b) if e.width <= 32 else None
        if constant is not None and e.op == "+" and width == 32 and self.host_of(a) and self.host_of(a) != host:
            self.emit(f"lea {wide}, [{self.host_of(a)}{{:+d}}]", constant)
        elif constant is not None and e.op == "*":
            self.into(a, host)
            self.emit(f"imul {wide}, {wide}, {{}}", constant)
        elif constant is not None:
            self.into(a, host)
            self.emit(f"{op} {wide}, {{}}", constant)
        elif right is not None and right != wide:
            both = self.host_of(a), self.host_of(b)
            if e.op == "+" and all(both) and host not in both:
                self.emit(f"lea {wide}, [{both[0]}+{both[1]}]")
            else:
                self.into(a, host)
                self.emit(f"{op} {wide}, {right}")
        elif right is not None:  # b is where the result goes
            self.into(a, "rax")
            self.emit(f"{op} {sized('rax', width)}, {right}")
            self.move(host, "rax", wide)
        else:
            self.into(b, "rax")
            number = self.scratch()
            self.emit(f"mov {self.scratch_text(number, width)}, {sized('rax', width)}")
            self.into(a, "rax")
            self.emit(f"{op} {sized('rax', width)}, {self.scratch_text(number, width)}")
            self.free.append(number)
            self.move(host, "rax", wide)
        if e.op not in "&|^":
            self.trim(e.width, host)

    def host_of(self, e: s.Expr) -> str | None:
        """The 64-bit name of the host register that holds the guest register `e`, if one does."""
        return self.pinned.get(e.index) if isinstance(e, s.Register) and isinstance(e.index, int) else None

    def shift(self, e: s.Binary, host: str) -> None:
        name, width = SHIFTS[e.op], 64 if e.width > 32 else 32
        if e.width < 32 and e.op != ">>u":
            raise Unsupported("narrow shift")
        if isinstance(e.b, s.Const):
            if e.b.value >= width:
                raise Unsupported("shift by more than the width")
            self.into(e.a, host)
            self.emit(f"{name} {sized(host, width)}, {{}}", e.b.value)
            self.trim(e.width, host)
            return
        count = e.b.a if isinstance(e.b, s.Slice) and e.b.lo == 0 and e.b.hi == 4 else None
        if count is None or e.width != 32:
            raise Unsupported("shift count")  # x86 takes the low five bits, as Slice 4:0 does
        by, value = self.host_of(count), self.leaf(e.a)
        target = sized(host, 32)
        if not self.target.bmi2:
            self.into(count, "rax")
            number = self.scratch()
            self.emit(f"mov {self.scratch_text(number, 32)}, eax")
            self.into(e.a, "rax")
            saved = self.scratch()
            self.emit(f"mov {self.scratch_text(saved, 64)}, rcx")
            self.emit(f"mov ecx, {self.scratch_text(number, 32)}")
            self.emit(f"{name} eax, cl")
            self.emit(f"mov rcx, {self.scratch_text(saved, 64)}")
            self.free += [number, saved]
            self.move(host, "rax", target)
        elif by and value is None:
            self.into(e.a, "rax")
            self.emit(f"{name}x {target}, eax, {sized(by, 32)}")
        elif by:
            self.emit(f"{name}x {target}, {value}, {sized(by, 32)}")
        elif value is not None:
            self.into(count, "rax")
            self.emit(f"{name}x {target}, {value}, eax")
        else:
            self.into(e.a, "rax")
            number = self.scratch()
            self.emit(f"mov {self.scratch_text(number, 32)}, eax")
            self.into(count, "rax")
            self.emit(f"{name}x {target}, {self.scratch_text(number, 32)}, eax")
            self.free.append(number)

    def division(self, e: s.Binary, host: str) -> None:
        """Truncating division, wrapped: -2**31 / -1 would trap on the host, so -1 is taken apart."""
        if e.width != 32:
            raise Unsupported("division of other than 32 bits")
        is_signed, remainder = e.op[1] == "s", e.op[0] == "%"
        self.into(e.b, "rax")
        divisor, saved = self.scratch(), self.scratch()
        self.emit(f"mov {self.scratch_text(divisor, 32)}, eax")
        self.into(e.a, "rax")
        end = self.label()
        if is_signed:
            usual = self.label()
            self.emit(f"cmp {self.scratch_text(divisor, 32)}, {{}}", -1)
            self.jump(usual, "ne")
            self.emit("xor eax, eax" if remainder else "neg eax")
            self.jump(end)
            self.place(usual)
        self.emit(f"mov {self.scratch_text(saved, 64)}, rdx")
        self.emit("cdq" if is_signed else "xor edx, edx")
        self.emit(f"{'idiv' if is_signed else 'div'} {self.scratch_text(divisor, 32)}")
        if remainder:
            self.emit("mov eax, edx")
        self.emit(f"mov rdx, {self.scratch_text(saved, 64)}")
        self.place(end)
        self.free += [divisor, saved]
        self.move(host, "rax", sized(host, 32))

    def slice(self, e: s.Slice, host: str) -> None:
        name = self.host_of(e.a)
        if name and e.lo == 0 and e.width in (8, 16):
            self.emit(f"movzx {sized(host, 32)}, {sized(name, e.width)}")
            return
        if e.a.width > 32:
            self.into(e.a, "rax")
            if e.lo:
                self.emit("shr rax, {}", e.lo)
            elif e.width == 32:
                self.emit(f"mov {sized(host, 32)}, eax")
                return
            self.move(host, "rax", sized(host, 32) if e.width <= 32 else host)
        else:
            self.into(e.a, host)
            if e.lo:
                self.emit(f"shr {sized(host, 32)}, {{}}", e.lo)
        if e.hi != e.a.width - 1:
            self.trim(e.width, host)

    def sign_extend(self, e: s.Extend, host: str) -> None:
        a = e.a
        if isinstance(a, s.Load) and e.width == 32 and a.width < 32:
            self.load(a, host, True)
        elif e.width > 32 and a.width == 32:
            source = self.leaf(a)
            if source is None:
                self.into(a, "rax")
                source = "eax"
            self.emit(f"movsxd {host}, {source}")
        elif e.width == 32:
            self.into(a, host)
            self.emit(f"shl {sized(host, 32)}, {{}}", 32 - a.width)
            self.emit(f"sar {sized(host, 32)}, {{}}", 32 - a.width)
        else:
            raise Unsupported("sign extension")

    def flags(self, e: s.Expr) -> str:
        """Emit a comparison; the condition code under which the one-bit `e` holds."""
        if isinstance(e, s.Unary) and e.op == "!":
            return NEGATED[self.flags(e.a)]
        if not (isinstance(e, s.Binary) and e.op in CONDITIONS) or e.a.width > 32:
            if isinstance(e, s.Binary) and e.op in CONDITIONS:
                raise Unsupported("wide comparison")
            self.into(e, "rax")
            self.emit("test eax, eax")
            return "ne"
        a, b, cc = e.a, e.b, CONDITIONS[e.op]
        if isinstance(a, s.Const) or (self.leaf(a) is not None and self.leaf(b) is None and not isinstance(b, s.Const)):
            a, b, cc = b, a, SWAPPED[cc]
        left, right, constant = self.leaf(a), self.leaf(b), self.constant(b)
        held = []
        if right is None and constant is None:
            self.into(b, "rax")
            held.append(self.scratch())
            right = self.scratch_text(held[0], 32)
            self.emit(f"mov {right}, eax")
        if left is None or (constant is None and self.host_of(a) is None and self.host_of(b) is None):
            self.into(a, "rax")
            left = "eax"
        self.free += held
        if constant is None:
            self.emit(f"cmp {left}, {right}")
        elif constant == 0 and "ptr" not in left:
            self.emit(f"test {left}, {left}")
        else:
            self.emit(f"cmp {left}, {{}}", constant)
        return cc

    # --- Memory ----------------------------------------------------------------------

    def address(self, e: s.Expr) -> tuple[str, int | None]:
        """Text and displacement of a guest address, computed in rax if it must be.

        A register plus a small constant is left to the addressing mode: what wraps lands in a guard zone.
        """
        base, offset = (e.a, self.constant(e.b)) if isinstance(e, s.Binary) and e.op == "+" else (e, 0)
        if isinstance(e, s.Const) and e.value < 1 << 31:
            return "[r15{:+d}]", e.value
        if offset is not None and abs(offset) < GUARD - 8 and (self.leaf(base) is not None):
            host = self.host_of(base)
            if host is None:
                self.into(base, "rax")
                host = "rax"
            return (f"[r15+{host}{{:+d}}]", offset) if offset else (f"[r15+{host}]", None)
        self.into(e, "rax")
        return "[r15+rax]", None

    def load(self, e: s.Load, host: str, is_signed: bool) -> None:
        text, offset = self.address(e.address)
        if e.write:
            self.emit(f"or {SIZES[e.size]} ptr {text}, 0", offset)  # faults where a store would, changes nothing
        operation = "mov" if e.size == 4 else "movsx" if is_signed else "movzx"
        self.emit(f"{operation} {sized(host, 32)}, {SIZES[e.size]} ptr {text}", offset)

    def store(self, t: s.Store) -> None:
        value, width = t.value, 8 * t.size
        if isinstance(value, s.Slice) and value.lo == 0:
            value = value.a  # the store takes the low bits by itself
        constant = self.constant(part(t.value, width - 1, 0))
        if constant is not None and t.size != 2:  # a constant of 16 bits has a length-changing prefix
            text, offset = self.address(t.address)
            if offset is None:
                self.emit(f"mov {SIZES[t.size]} ptr {text}, {{}}", signed(constant & (1 << width) - 1, width))
                return
        host = self.host_of(value)
        if host:
            text, offset = self.address(t.address)
            self.emit(f"mov {SIZES[t.size]} ptr {text}, {sized(host, width)}", offset)
            return
        plain = t.address.a if isinstance(t.address, s.Binary) and t.address.op == "+" else t.address
        if self.host_of(plain) or isinstance(t.address, s.Const):
            before = len(self.items)
            text, offset = self.address(t.address)
            if len(self.items) == before:  # the address does without rax
                self.into(value, "rax")
                self.emit(f"mov {SIZES[t.size]} ptr {text}, {sized('rax', width)}", offset)
                return
            del self.items[before:]
        self.into(value, "rax")
        number = self.scratch()
        self.emit(f"mov {self.scratch_text(number, 32)}, eax")
        text, offset = self.address(t.address)
        # rax holds the address; the value goes through a vector register, which no guest state lives in.
        self.emit(f"movd xmm0, {self.scratch_text(number, 32)}")
        move = {1: "pextrb byte ptr {}, xmm0, 0", 2: "pextrw word ptr {}, xmm0, 0", 4: "movd dword ptr {}, xmm0"}
        self.emit(move[t.size].format(text), offset)
        self.free.append(number)

    # --- Statements --------------------------------------------------------------------

    def instruction(self, index: int, pc: int, body: s.Body, follow: int | None = None) -> None:
        """One guest instruction. Raises Unsupported with nothing of it emitted.

        Where it jumps, the block goes on with the instruction at `follow` and leaves if the guest goes elsewhere.
        """
        self.follow = follow
        before = len(self.items), len(self.exits), self.mode
        self.index, self.locals, self.free, self.recheck = index, {}, list(range(SCRATCHES)), False
        self.items.append(Mark(index))
        try:
            self.statements(jump_last(body), pc)
            if not any(isinstance(stmt, s.SetPc | s.Trap) for stmt in body):
                self.settle(pc + 4 & (1 << WORD) - 1)
        except Unsupported:
            del self.items[before[0] :]
            del self.exits[before[1] :]
            self.mode = before[2]
            raise

    def statements(self, body: s.Body, pc: int) -> None:
        for stmt in body:
            getattr(self, "do_" + type(stmt).__name__.lower())(stmt, pc)

    def settle(self, after: int) -> None:
        """After an instruction that does not jump: let the VMM look, if what it watches may have changed."""
        if self.mode != self.block_mode:
            mode = self.isa.mode
            assert mode is not None
            self.into(s.Control(WORD, mode.control), "rax")
            self.emit("and eax, {}", mode.bits.mask)
            self.emit("cmp eax, {}", self.block_mode << mode.bits.lo)
            self.jump(self.exit(LEAVE, after, "mode", self.index + 1), "ne")
            self.mode = self.block_mode
        if self.recheck:
            self.emit(f"cmp dword ptr [rbp+{PENDING}], {{}}", 0)
            self.jump(self.exit(LEAVE, after, "interrupt", self.index + 1), "ne")

    def do_let(self, t: s.Let, pc: int) -> None:
        self.into(t.value, "rax")
        width = 64 if t.value.width > 32 else 32
        text = self.scratch_text(self.scratch(), width)
        self.emit(f"mov {text}, {sized('rax', width)}")
        self.locals[t.name] = text

    def do_setregister(self, t: s.SetRegister, pc: int) -> None:
        assert isinstance(t.index, int)
        number, value = t.index, t.value
        host, place = self.pinned.get(number), self.register(number)
        if number in self.isa.hardwired:
            if any(isinstance(n, s.Load | s.Port) for n in s.walk(value)):
                self.into(value, "rax")  # for its faults
        elif value == s.Register(WORD, number):
            pass
        elif host:
            self.into(value, host)
        elif isinstance(value, s.Const):
            self.emit(f"mov {place}, {{}}", value.value)
        else:
            self.into(value, "rax")
            self.emit(f"mov {place}, eax")

    def do_setcontrol(self, t: s.SetControl, pc: int) -> None:
        assert isinstance(t.control, s.Control)
        control, mode = self.isa.controls[t.control.name], self.isa.mode
        field = (1 << t.hi + 1) - (1 << t.lo)
        reach = control.writable & field
        modes = mode is not None and mode.control == control.name and bool(mode.bits.mask & reach)
        enables = reach & self.target.enable.get(control.name, 0)
        if control.name in self.target.watched and control.name not in self.target.enable and not modes:
            raise Unsupported(f"write to {control.name}")
        if not reach:
            return
        place, kept = self.slot(control.name), control.stored & ~reach
        if isinstance(t.value, s.Const):
            value = t.value.value << t.lo & reach
            if kept:
                self.emit(f"and {place}, {{}}", ~reach)
                if value:
                    self.emit(f"or {place}, {{}}", value)
            else:
                self.emit(f"mov {place}, {{}}", value)
        else:
            self.into(t.value, "rax")
            if t.lo:
                self.emit("shl eax, {}", t.lo)
            if reach != (1 << WORD) - 1:
                self.emit("and eax, {}", reach)
            if kept:
                self.emit(f"and {place}, {{}}", ~reach)
                self.emit(f"or {place}, eax")
            else:
                self.emit(f"mov {place}, eax")
        if modes:
            exact = mode and isinstance(t.value, s.Const) and (t.hi, t.lo) == (mode.bits.hi, mode.bits.lo)
            self.mode = t.value.value if exact and isinstance(t.value, s.Const) else None
        if enables and not (isinstance(t.value, s.Const) and not t.value.value << t.lo & enables):
            self.recheck = True

    def do_store(self, t: s.Store, pc: int) -> None:
        self.store(t)

    def do_if(self, t: s.If, pc: int) -> None:
        then, otherwise = t.then, t.otherwise
        cc = self.flags(t.condition)
        if self.follow is not None and not otherwise and self.goes_to(then, self.follow):
            away = self.exit(NEXT, pc + 4 & (1 << WORD) - 1, "jump", self.index + 1)
            self.jump(away, NEGATED[cc])
            return
        target = self.only_exit(then, pc)
        if self.follow is not None and target is None and any(isinstance(n, s.SetPc) for n in s.walk(t)):
            raise Unsupported("path")
        if target is not None and not otherwise:
            self.jump(target, cc)
            return
        target = self.only_exit(otherwise, pc)
        if target is not None:
            self.jump(target, NEGATED[cc])
            self.statements(then, pc)
            return
        other, end, mode = self.label(), self.label(), self.mode
        self.jump(other, NEGATED[cc])
        self.statements(then, pc)
        after, self.mode = self.mode, mode
        if otherwise:
            self.jump(end)
        self.place(other)
        self.statements(otherwise, pc)
        self.place(end)
        self.mode = self.mode if self.mode == after else None

    def goes_to(self, body: s.Body, place: int) -> bool:
        """Is a jump to this place, in the block's mode, all that `body` does?"""
        usual = self.mode == self.block_mode and not self.recheck
        return usual and body == (s.SetPc(s.Const(WORD, place)),)

    def only_exit(self, body: s.Body, pc: int) -> int | None:
        """If all that `body` does is to jump to a known place or to trap: the label of that exit."""
        if len(body) == 1 and isinstance(body[0], s.Trap):
            return self.exit(STEP, pc, "trap", self.index)
        if len(body) == 1 and isinstance(body[0], s.SetPc) and isinstance(body[0].value, s.Const):
            if self.mode == self.block_mode and not self.recheck:
                return self.exit(NEXT, body[0].value.value, "jump", self.index + 1)
        return None

    def do_trap(self, t: s.Trap, pc: int) -> None:
        self.jump(self.exit(STEP, pc, "trap", self.index))

    def do_setpc(self, t: s.SetPc, pc: int) -> None:
        """The last thing that its path through the instruction does."""
        known = self.mode if not self.recheck else None
        usual = known == self.block_mode
        if isinstance(t.value, s.Const) and usual and t.value.value == self.follow:
            return
        if isinstance(t.value, s.Const) and usual:
            self.jump(self.exit(NEXT, t.value.value, "jump", self.index + 1))
            return
        self.into(t.value, "rax")
        self.emit(f"mov {self.slot('pc')}, eax")
        if known is None:
            self.jump(self.exit(LEAVE, None, "mode", self.index + 1))
            return
        if usual and self.follow is not None:
            away = self.label()
            self.emit("cmp eax, {}", self.follow)
            self.jump(away, "ne")
            self.strays.append((away, known, self.count - self.index - 1))
            return
        self.look_up(known)

    def look_up(self, mode: int) -> None:
        """Jump to the block of the place in eax, by the jump cache of a mode."""
        self.emit("and eax, {}", (JUMP_CACHE_ENTRIES - 1) << 2)
        self.emit(f"jmp qword ptr [rbp+rax*2+{State.jump_cache(mode)}]")

    def do_out(self, t: s.Out, pc: int) -> None:
        raise Unsupported("port")

    def do_wait(self, t: s.Wait, pc: int) -> None:
        raise Unsupported("wait")

    def do_flush(self, t: s.Flush, pc: int) -> None:
        raise Unsupported("flush")

    # --- Whole blocks --------------------------------------------------------------------

    def ways_out(self) -> None:
        """The code of every exit: settle the account, say where the guest is, leave."""
        for label, mode, refund in self.strays:
            self.place(label)
            if refund:
                self.emit("add r14, {}", refund)
            self.look_up(mode)
        for way in self.exits:
            self.place(way.label)
            if way.refund:
                self.emit("add r14, {}", way.refund)
            if way.site != way.label:
                self.jump(way.site)
                self.place(way.site)
            if way.pc is not None:
                self.emit(f"mov {self.slot('pc')}, {{}}", way.pc)
            self.emit(f"call qword ptr [rbp+{LEAVE_SLOT}]")


def jump_last(body: s.Body) -> s.Body:
    """The body with an assignment to pc moved behind what follows it. Raises Unsupported where that matters."""
    for i, stmt in enumerate(body[:-1]):
        if isinstance(stmt, s.SetPc):
            rest = body[i + 1 :]
            written = {n.index for n in s.walk(*rest) if isinstance(n, s.SetRegister)}
            read = {n.index for n in s.walk(stmt) if isinstance(n, s.Register)}
            if read & written or any(isinstance(n, s.Control | s.Load) for n in s.walk(stmt)):
                raise Unsupported("jump before other effects")
            return (*body[:i], *rest, stmt)
        if isinstance(stmt, s.If) and any(isinstance(n, s.SetPc) for n in s.walk(stmt)):
            raise Unsupported("jump before other effects")
    return body
