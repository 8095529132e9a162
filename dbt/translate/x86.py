"""Bound semantics -> x86-64.

An accumulator code generator: every expression is computed in rax, or straight in the host register of the guest
register it is assigned to. Invariants that the rest of ring1 relies on:

- A host register that holds a guest register has its upper 32 bits zero.
- Where an instruction may fault, every guest register and control register still has its value from before, but for
  registers whose values were put off (deferred.py): the block says how to repair those.
- A value narrower than 32 bits is zero-extended.
- The flags and rax carry nothing from one guest instruction to the next.
"""

from __future__ import annotations

from dbt.machine.state import END
from dbt.translate.access import Accesses
from dbt.translate.host import sized
from dbt.translate.target import Unsupported
from isa import semantics as s
from isa.model import WORD

ARITHMETIC = {"+": "add", "-": "sub", "&": "and", "|": "or", "^": "xor", "*": "imul"}
SHIFTS = {"<<": "shl", ">>u": "shr", ">>s": "sar"}
CONDITIONS = {"==": "e", "!=": "ne", "<u": "b", "<=u": "be", "<s": "l", "<=s": "le"}
SWAPPED = {"e": "e", "ne": "ne", "b": "a", "be": "ae", "l": "g", "le": "ge"}
NEGATED = {"e": "ne", "ne": "e", "b": "ae", "ae": "b", "be": "a", "a": "be", "l": "ge", "ge": "l", "le": "g", "g": "le"}


class Expressions(Accesses):
    """Host code that computes the values of expressions, and assigns them."""

    def into(self, e: s.Expr, host: str) -> None:
        """Compute `e` in a host register: rax, or one whose guest register is about to be assigned."""
        wide = sized(host, 64 if e.width > 32 else 32)
        match e:
            case s.Register() | s.Control() | s.Local():
                source = self.leaf(e) or self.locals[e.name]  # type: ignore[union-attr]
                if source != wide:
                    self.emit(f"mov {wide}, {source}")
            case s.Binary(_, op, _, _):
                if op in ARITHMETIC:
                    self.arithmetic(e, host)
                elif op in SHIFTS:
                    self.shift(e, host)
                elif op in CONDITIONS:
                    cc = self.flags(e)
                    self.emit(f"set{cc} al")
                    self.emit(f"movzx {sized(host, 32)}, al")
                else:
                    self.division(e, host)
            case s.Load():
                self.load(e, host, False)
            case s.Const(_, value):
                if value == 0:
                    self.emit(f"xor {sized(host, 32)}, {sized(host, 32)}")
                elif value < 1 << 32:
                    self.emit(f"mov {sized(host, 32)}, {{}}", value)
                else:
                    raise Unsupported("wide constant")
            case s.Unary(width, "!", a):
                self.into(a, host)
                self.emit(f"xor {wide}, {{}}", 1)
            case s.Unary(width, op, a):
                self.into(a, host)
                self.emit(f"{'not' if op == '~' else 'neg'} {wide}")
                self.trim(width, host)
            case s.Slice():
                self.slice(e, host)
            case s.Extend(width, a, False):
                self.into(a, host)
            case s.Extend():
                self.sign_extend(e, host)
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
        elif constant == -1 and op == "xor":
            self.into(a, host)
            self.emit(f"not {wide}")
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
        if not self.bmi2:
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

    # --- Assignments -----------------------------------------------------------------

    def assign(self, number: int, value: s.Expr) -> None:
        """Give the place of a guest register a value, computed from the places of guest registers."""
        host, place = self.pinned.get(number), self.register(number)
        if value == s.Register(WORD, number):
            return
        if host:
            self.into(value, host)
        elif isinstance(value, s.Const):
            self.emit(f"mov {place}, {{}}", value.value)
        elif self.in_place(number, value):
            return
        else:
            self.into(value, "rax")
            self.emit(f"mov {place}, eax")

    def in_place(self, number: int, value: s.Expr) -> bool:
        """Change a register that is in memory where it is, if `value` is itself and an operand that allows it."""
        if not (isinstance(value, s.Binary) and value.a == s.Register(WORD, number) and value.op in ARITHMETIC):
            return False
        constant, host = self.constant(value.b), self.host_of(value.b)
        if value.op == "*" or (constant is None and host is None):
            return False
        text = "{}" if constant is not None else sized(host or "", 32)
        self.emit(f"{ARITHMETIC[value.op]} {self.register(number)}, {text}", constant)
        return True

    def fused(self, number: int, value: s.Expr) -> bool:
        """Assign a sum with a scaled register, or a rotation, by one instruction, if that is what `value` is."""
        host = self.pinned.get(number)
        if host is None or not isinstance(value, s.Binary):
            return False
        a, b = value.a, value.b
        if value.op == "+":
            for base, scaled in ((a, b), (b, a)):
                by = shift_of(scaled, "<<")
                if by is not None and by[1] <= 3 and self.host_of(base) and self.host_of(by[0]):
                    self.emit(f"lea {sized(host, 32)}, [{self.host_of(base)}+{self.host_of(by[0])}*{1 << by[1]}]")
                    return True
        if value.op in ("|", "^", "+") and self.bmi2:
            for up, down in ((a, b), (b, a)):
                left, right = shift_of(up, "<<"), shift_of(down, ">>u")
                if left and right and left[0] == right[0] and left[1] + right[1] == WORD:
                    self.emit(f"rorx {sized(host, 32)}, {self.leaf(left[0])}, {{}}", right[1])
                    return True
        return False


def shift_of(e: s.Expr, op: str) -> tuple[s.Register, int] | None:
    """The register and count of a shift by a constant."""
    if isinstance(e, s.Binary) and e.op == op and isinstance(e.a, s.Register) and isinstance(e.b, s.Const):
        return e.a, e.b.value
    return None
