"""Lowering: statements of bound instructions -> operations of the host's assembler, in the order of their effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ring1.dbt.host.block import FAULT, LEAVE, NEXT, STEP
from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.values import NEGATED
from ring1.dbt.ir.bind import CODE
from ring1.dbt.ir.fold import possible
from ring1.dbt.machine.state import PENDING
from ring1.dbt.native import slots
from ring1.dbt.translate.bodies import ACCESSES, JUMPS, LEAVES, TOUCHES, jump_last, plain, rebuild_load
from ring1.dbt.translate.deferred import Held, is_offset, sources
from ring1.dbt.translate.foreseen import Foreseen
from ring1.dbt.translate.foresight import CONCERNED, resolved
from ring1.dbt.translate.policy import PAGE_FAULT
from ring1.isa import semantics as s
from ring1.isa.model import WORD


class Lowering(Foreseen):
    """Lowers one block of `count` guest instructions for a processor mode."""

    def __init__(self, target: Target, host: Assembler, mode: int, count: int, frames: Mapping[int, int]) -> None:
        """See WaysOut."""
        super().__init__(target, host, mode, count, frames)
        self.repairs: dict[int, Held] = {}
        """Index of a guest instruction that may fault -> deferred values to compute then."""
        self.follow: int | None = None
        self.recheck = False
        """The instruction may have enabled interrupts."""
        self.moves = False
        """The instruction may switch the address space."""
        self.looks = False
        """The instruction may change which interrupt lines are pending."""
        self.eager = False
        """The instruction has statements beside which no value can be deferred."""
        self.lookup = host.lookup
        """All addresses of the block are looked up."""

    def instruction(
        self,
        index: int,
        pc: int,
        word: int,
        size: int,
        body: s.Body,
        follow: int | None = None,
        otherwise: str = "",
        inline: bool = False,
        probed: bool = False,
        kept: int = 0,
        mapped: bool = False,
    ) -> None:
        """Lower one guest instruction, of `size` bytes. Raises Unsupported with nothing emitted. `otherwise` is the
        reason of the exit taken where host code does not suffice; `inline`: the policy has it rewritten; `probed`: its
        addresses are looked up; `kept`: the body is over CODE, the word in that slot; `mapped`: it accesses devices.

        If it jumps, the trace goes on with the instruction at `follow`, and is left if the guest goes elsewhere.
        """
        self.follow, self.otherwise, self.inline, self.body = follow, otherwise, inline, body
        self.inconstant, self.ahead = bool(kept), False
        before = len(self.exits), len(self.strays), self.mode, dict(self.later.values)
        written = self.host.position()
        self.index, self.recheck, self.moves, self.looks = index, False, False, False
        self.pc, self.word, self.after, self.lets = pc, word, pc + size & (1 << WORD) - 1, {}
        self.host.begin(index, body)
        self.host.lookup = self.lookup or probed
        try:
            self.eager = bool(kept) or not all(map(plain, body))
            if kept:
                self.host.name(CODE.name, kept)
            if mapped:
                self.access_device(body[0], pc)
                self.settle(self.after)
                return
            if self.eager:
                self.later.flush()
                if s.has(TOUCHES, *body):
                    self.may_fault()
            body = jump_last(body) if len(body) > 1 else body
            if s.has(CONCERNED, *body):
                self.foreseen(body, pc)
            else:
                self.statements(body, pc)
            if LEAVES.isdisjoint(map(type, body)):
                self.settle(self.after)
        except Unsupported:
            self.host.back(written)
            for way in self.exits[before[0] :]:
                self.handed.pop(way.label, None)
            del self.exits[before[0] :], self.strays[before[1] :]
            self.mode, self.later.values = before[2], before[3]
            self.repairs.pop(index, None)
            raise

    def statements(self, body: s.Body, pc: int) -> None:
        for stmt in body:
            STATEMENTS[type(stmt)](self, stmt, pc)

    def settle(self, after: int) -> None:
        """End an instruction that does not jump: leave if mode, interrupts or address space may have changed."""
        if self.moves and self.user:
            self.host.jump(self.elsewhere(after, True))
            return
        if self.moves:
            self.find_space(after, not (self.looks or self.recheck))
        if self.looks:
            self.host.jump(self.exit(LEAVE, after, "lines", self.index + 1, self.look))
            return
        if self.mode != self.block_mode:
            mode = self.isa.mode
            assert mode is not None
            away = self.exit(LEAVE, after, "mode", self.index + 1, self.look)
            self.host.unless_field(mode.control, mode.bits.mask, self.block_mode << mode.bits.lo, away)
            self.mode = self.block_mode
        if self.recheck:
            self.host.unless_zero(PENDING, self.exit(LEAVE, after, "interrupt", self.index + 1, self.look))
        if self.moves:
            self.host.enter_space(self.block_mode)
            self.go_to(after, self.block_mode)

    def do_let(self, t: s.Let, pc: int) -> None:
        self.host.let(t.name, t.value)
        self.lets[t.name] = resolved(t.value, self.lets)

    def do_setregister(self, t: s.SetRegister, pc: int) -> None:
        assert isinstance(t.index, int)
        number, later = t.index, self.later
        if isinstance(t.value, s.Port):
            self.read_port(number, t.value.port, pc, self.otherwise, self.alone(t), self.inline)
            return
        loads = s.has(ACCESSES, t.value)
        if number in self.isa.hardwired:
            if loads:
                self.host.compute(self.accessed(t.value))  # only for its faults
            return
        if loads:
            value = self.reachable(t.value)
            later.overwrite(number)
            self.may_fault()
            self.host.assign(number, value)
            later.assigned(number)
            return
        if not self.eager and later.put_off(number, t.value):
            return
        value = t.value
        if later.values:
            if self.fused(number, self.as_sum(value)):
                later.assigned(number)
                return
            value = later.use(value)
            later.overwrite(number)
        self.host.assign(number, value)
        later.assigned(number)

    def as_sum(self, e: s.Expr) -> s.Expr:
        """Return a combination of values that have no bits in common as a sum, which hosts have better instructions
        for."""
        if isinstance(e, s.Binary) and e.op in ("|", "^"):
            if not possible(self.later.resolve(e.a)) & possible(self.later.resolve(e.b)):
                return s.Binary(e.width, "+", e.a, e.b)
        return e

    def fused(self, number: int, e: s.Expr) -> bool:
        """Assign a value by an instruction that does the work of deferred operands as well. True if there is one."""
        later, host = self.later, self.host
        value = later.resolve(e)
        if sources(value).isdisjoint(later.overwrite(number)) and host.fused(number, value):
            return True
        if not (isinstance(e, s.Binary) and e.op == "+"):
            return False
        later.peel(e, host.unscaled)
        later.overwrite(number)
        return host.fused(number, later.resolve(e))

    def accessed(self, value: s.Expr) -> s.Expr:
        """Return a value that loads as an expression over places, having recorded the repairs of a fault."""
        made = self.reachable(value)
        self.may_fault()
        return made

    def reachable(self, e: s.Expr) -> s.Expr:
        """Return a value that loads as an expression over places; a deferred offset becomes part of the address."""
        load = e.a if isinstance(e, s.Extend) else e
        if isinstance(load, s.Load):
            address = self.reachable_address(load.address)
            return rebuild_load(e, address)
        return self.later.use(e)

    def reachable_address(self, e: s.Expr) -> s.Expr:
        """Return an address as an expression over places, without computing a register plus offset or a constant."""
        made = self.later.resolve(e)
        if isinstance(made, s.Const) or is_offset(made):
            return made
        return self.later.use(e)

    def may_fault(self) -> None:
        """Record, before an access, how to repair the registers whose values are deferred if it faults."""
        if self.later.values:
            self.repairs[self.index] = self.later.held()
        if self.host.lookup:
            pad = self.host.pad = self.exit(FAULT, self.pc, PAGE_FAULT, self.index, slots.TAKE)
            self.handed[pad] = self.fetched

    def do_setcontrol(self, t: s.SetControl, pc: int) -> None:
        assert isinstance(t.control, s.Control)
        control, mode = self.isa.controls[t.control.name], self.isa.mode
        field = (1 << t.hi + 1) - (1 << t.lo)
        reach = control.writable & field
        modes = mode is not None and mode.control == control.name and bool(mode.bits.mask & reach)
        enables = reach & self.target.enable.get(control.name, 0)
        if reach & self.target.watched.get(control.name, 0):
            raise Unsupported(f"write to {control.name}")
        if not reach:
            return
        self.moves = self.moves or self.target.switches(control.name, t.hi, t.lo)
        self.looks = self.looks or self.target.changes(control.name, t.hi, t.lo)
        self.host.set_bits(control.name, reach, t.lo, t.value, not control.stored & ~reach)
        if modes:
            exact = mode and isinstance(t.value, s.Const) and (t.hi, t.lo) == (mode.bits.hi, mode.bits.lo)
            self.mode = t.value.value if exact and isinstance(t.value, s.Const) else None
        if reach & self.target.switch.get(control.name, 0) and self.target.hardware and not self.user:
            self.interrupt_flag(t, control.name, enables)
        off = reach & self.target.needed.get(control.name, 0)
        if enables and not (isinstance(t.value, s.Const) and off & ~(t.value.value << t.lo)):
            self.recheck = True

    def interrupt_flag(self, t: s.SetControl, control: str, enables: int) -> None:
        """Set the processor's interrupt flag as the guest has just set its own."""
        on = bool(t.value.value << t.lo & enables) if isinstance(t.value, s.Const) else None
        self.host.take_interrupts(on, control, enables)

    def do_store(self, t: s.Store, pc: int) -> None:
        value = self.later.use(t.value)
        address = self.reachable_address(t.address)
        # Resolving the address may have computed deferred values, so `value` must be resolved again.
        value = self.later.use(t.value)
        if self.emulated and t.size > 1:
            self.keep_together(address, t.size, pc)
        self.may_fault()
        self.host.store(s.Store(address, t.size, value))

    def keep_together(self, address: s.Expr, size: int, pc: int) -> None:
        """Leave a store that may straddle two pages to the interpreter: KVM's emulator would write to the first page
        before it faults in the second."""
        if not isinstance(address, s.Const):
            self.host.unless_aligned(address, size, self.exit(STEP, pc, "misaligned store", self.index))
        elif address.value % size:
            raise Unsupported("misaligned store")

    def do_if(self, t: s.If, pc: int) -> None:
        then, otherwise = jump_last(t.then), jump_last(t.otherwise)
        jumps = s.has(JUMPS, t)
        if jumps and self.follow is None:
            self.later.flush()
        condition = self.later.resolve(t.condition)
        if not self.host.comparable(condition):
            condition = self.later.use(t.condition)
        if isinstance(condition, s.Const) and self.follow is not None and not otherwise:
            if self.goes_to(then, self.follow) if condition.value else self.follow == self.after:
                return
        if isinstance(condition, s.Const) and not (jumps and self.follow is not None):
            self.statements(then if condition.value else otherwise, pc)
            return
        holds = self.host.compare(condition)
        known = dict(self.later.values)
        if self.follow is not None and not otherwise and self.goes_to(then, self.follow):
            self.later.learn(t.condition, False)
            away = self.exit(NEXT, self.after, "jump", self.index + 1)
            self.later.values = known
            self.host.jump(away, NEGATED[holds])
            self.later.learn(t.condition, True)
            return
        self.later.learn(t.condition, True)
        target = self.only_exit(then, pc)
        self.later.values = known
        if self.follow is not None and target is None and jumps:
            raise Unsupported("path")
        if target is not None and not otherwise:
            self.host.jump(target, holds)
            self.assume(condition, False)
            self.later.learn(t.condition, False)
            return
        target = self.only_exit(otherwise, pc)
        if target is not None:
            self.host.jump(target, NEGATED[holds])
            self.assume(condition, True)
            self.statements(then, pc)
            return
        host, mode, nonzero = self.host, self.mode, set(self.host.nonzero)
        other, end = host.label(), host.label()
        host.jump(other, NEGATED[holds])
        self.assume(condition, True)
        self.statements(then, pc)
        self.later.flush()
        after, self.mode = self.mode, mode
        after_known, host.nonzero = host.nonzero, nonzero
        if otherwise:
            host.jump(end)
        host.place(other)
        self.assume(condition, False)
        self.statements(otherwise, pc)
        self.later.flush()
        host.place(end)
        self.mode = self.mode if self.mode == after else None
        host.nonzero &= after_known

    def assume(self, condition: s.Expr, holds: bool) -> None:
        """Record which places a condition, known to hold here or not to hold, shows to be nonzero divisors."""
        match condition:
            case s.Unary(_, "!", inner):
                self.assume(inner, not holds)
            case s.Binary(_, "&" | "|" as op, a, b) if (op == "&") == holds:
                self.assume(a, holds)
                self.assume(b, holds)
            case s.Binary(_, "!=" | "==" as op, s.Register() | s.Local() as leaf, s.Const(_, 0)):
                if (op == "!=") == holds:
                    self.host.nonzero.add(leaf)

    def goes_to(self, body: s.Body, place: int) -> bool:
        """Does `body` only jump to this pc, in the block's mode?"""
        usual = self.mode == self.block_mode and not (self.recheck or self.looks or self.moves)
        return usual and body == (s.SetPc(s.Const(WORD, place)),)

    def only_exit(self, body: s.Body, pc: int) -> int | None:
        """Return the label of an exit if `body` only jumps to a known pc or traps, else None."""
        if len(body) == 1 and isinstance(body[0], s.Raise):
            return self.raising(body[0], pc, "trap", self.index)
        if len(body) == 1 and isinstance(body[0], s.SetPc) and isinstance(body[0].value, s.Const):
            if self.mode == self.block_mode and not (self.recheck or self.looks or self.moves):
                return self.exit(NEXT, body[0].value.value, "jump", self.index + 1)
        return None

    def do_setpc(self, t: s.SetPc, pc: int) -> None:
        """Lower an assignment to pc, the last statement on its path through the instruction."""
        usual = self.mode == self.block_mode and not (self.recheck or self.looks or self.moves)
        there = self.later.resolve(t.value)  # the return address of a call may be a known constant
        if isinstance(there, s.Const) and usual and there.value == self.follow:
            return
        if not (usual and self.follow is not None):
            self.later.flush()
        if isinstance(there, s.Const) and usual:
            self.host.jump(self.exit(NEXT, there.value, "jump", self.index + 1))
            return
        host = self.host
        value = host.compute(self.later.use(t.value))
        if usual and self.follow is not None:
            self.stray(value, self.follow)
            return
        host.set_pc_value(value)
        if self.moves:
            self.find_space(None, not (self.looks or self.recheck))
        if self.looks:
            host.jump(self.exit(LEAVE, None, "lines", self.index + 1, self.look))
            return
        if self.recheck:
            self.enabled()
        if self.moves or self.mode != self.block_mode:
            self.switch_mode(host.pc_value() if self.moves else value, self.mode)
            return
        host.find_block(value, self.block_mode)

    def enabled(self) -> None:
        """Leave if an interrupt is due, as the instruction may have enabled interrupts and pc is stored."""
        self.host.unless_zero(PENDING, self.exit(LEAVE, None, "interrupt", self.index + 1, self.look))

    def do_out(self, t: s.Out, pc: int) -> None:
        self.write_port(t.port, t.value, pc, self.otherwise, self.alone(t))

    def do_wait(self, t: s.Wait, pc: int) -> None:
        raise Unsupported("wait")


STATEMENTS: dict[type[s.Stmt], Callable[[Lowering, Any, int], None]] = {
    s.Let: Lowering.do_let,
    s.SetRegister: Lowering.do_setregister,
    s.SetControl: Lowering.do_setcontrol,
    s.SetPc: Lowering.do_setpc,
    s.Store: Lowering.do_store,
    s.StorePhysical: Lowering.do_storephysical,
    s.Out: Lowering.do_out,
    s.If: Lowering.do_if,
    s.Raise: Lowering.do_trap,
    s.Wait: Lowering.do_wait,
    s.Flush: Lowering.do_flush,
}
