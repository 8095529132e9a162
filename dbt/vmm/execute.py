"""The executor: enters translated code, handles the exit by which it leaves, and enters again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from ring1.dbt.cache.blocks import Block, Place
from ring1.dbt.host.block import GO, LEAVE, NEXT, STALE, STEP
from ring1.dbt.host.interface import FAULTED, MISSED
from ring1.dbt.host.present import present
from ring1.dbt.machine.paging import UPDATE
from ring1.dbt.machine.state import END, PENDING, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Intercepted
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.mmu.softtlb import instruction, looked_up
from ring1.dbt.native import slots
from ring1.dbt.translate.policy import ADAPTED, HOLE, UNTRANSLATED
from ring1.dbt.vmm.hot_code import HotCode
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.visit import visit
from ring1.isa.effects import atomic
from ring1.isa.python import Trap

MOST_EXITS = 1 << 11
"""Most exits in a burst: code that exits often is slow, and the run loop has to look at the clock."""


class Executor(HotCode):
    """Runs a virtual CPU by translation on a platform. There is one slow path: whatever translated code does not do is
    done by one step of the reference interpreter."""

    def __init__(
        self, cpu: Cpu, technique: Callable[[Cpu], Platform], image: bytes, options: Options | None = None
    ) -> None:
        """See Translations. Raises OSError if the host refuses memory."""
        self.interpreted = 0
        """Instructions retired by the slow path."""
        self.callouts = 0
        """Exits at an instruction that generated code leaves to the slow path, because it calls the VMM or traps."""
        self.unseen = 0
        """Callouts of which a real VMM would not be told."""
        super().__init__(cpu, technique, image, options or Options())
        self.platform.attach(self)
        policy = self.platform.policy
        self.name = policy.name
        present().provide(self.supply.assemble)
        self.work = self.supply.work

    def lay_out(self, pinned: dict[int, str]) -> None:
        super().lay_out(pinned)
        self.enter, self.resume = self.platform.around(self.stubs.enter), self.platform.around(self.stubs.resume)

    def atomic(self, word: int) -> bool:
        """Must an instruction make all its accesses by the same translations, so that it cannot be resumed in its
        middle?"""
        decoded = self.cpu.decoder.decode(word)
        return decoded is not None and decoded.instruction.name in atomic(self.cpu.isa)

    # --- Running -------------------------------------------------------------------

    def prepare(self) -> None:
        """Install the fault handler again, as other code may have replaced it since the machine last ran."""
        present().install(self.supply.assemble)
        self.platform.begin()

    def burst(self, until: int) -> None:
        """See Engine.burst."""
        self.platform.burst(until)

    def visit(self, until: int, back: int) -> bool:
        """See Engine.visit."""
        return visit(self, until, back)

    def stretch(self, until: int) -> None:
        """Execute until the CPU's time reaches `until`, or the run loop must look at interrupts or devices.

        A slice ends at the start of a block; only Cpu.due ends a burst within one. So what is translated depends on the
        guest alone.
        """
        cpu, spaces, state = self.cpu, self.spaces, self.cpu.state
        slice_end, until = until, max(until, cpu.due)
        if spaces.mode() in self.slow_modes:  # a change of mode ends the burst
            self.interpret(slice_end)
            return
        words, quads, pointer, heat, walker = state.words, state.quads, state.pointer, self.heat, cpu.walker
        budget_quad, end_quad = State.quad(slots.BUDGET), State.quad(END)
        words[State.word(PENDING)] = cpu.lines
        cpu.until, goal, stopped = until, slice_end, False
        view = spaces.enter()
        for _ in range(MOST_EXITS):
            if stopped:
                way = self.resume(pointer, 0)
            else:
                now = cpu.time
                if now >= cpu.until or now >= slice_end:
                    return
                block = self.block(words[cpu.pc_slot])
                if block is None:
                    self.left("fetch")
                    if not self.one(until):
                        return
                    continue
                if now >= heat.due:
                    heat.due = now + heat.interval
                goal = min(slice_end, heat.due)
                quads[budget_quad] = goal - now
                quads[end_quad] = goal & TIME_ONES
                way = self.enter(pointer, self.blocks.address(block))
            cpu.time = goal - quads[budget_quad]
            if walker is not None:
                walker.doubt()  # generated code may have written to tables
            view, stopped = spaces.enter(), False
            if way == MISSED:
                self.left("indirect")
                target = self.block(words[cpu.pc_slot]) if cpu.time < until else None
                if target is not None and self.options.chain:
                    self.blocks.cache_jump(target, view)
            elif way == FAULTED:
                stopped, going = self.missed(until)
                if not going:
                    return
            elif not self.leave(way, until):
                return
        if stopped:  # its entry is marked, so the access goes ahead
            self.unwind(*self.stopped_at())
            self.one(until)

    def leave(self, way: int, until: int) -> bool:
        """Handle an exit. False if the burst is over."""
        cpu, blocks = self.cpu, self.blocks
        block, exit_, site = blocks.exits[way]
        self.left(exit_.reason)
        if exit_.kind == NEXT:
            # Looking up a block fetches its first instruction, so that instruction must be next.
            target = self.block(cpu.pc) if cpu.time < until else None
            # Translating the target may have flushed the cache, and the jump with it.
            if self.options.chain and site >= 0 and target and way in blocks.exits:
                if blocks.exits[way][1] is exit_:
                    blocks.chain(block, site, target)
                    self.chains += 1
            return True
        if exit_.kind == GO:
            return True
        if exit_.kind == STEP:
            self.callouts += 1
            self.unseen += exit_.reason.split()[0] in (UNTRANSLATED, HOLE)
            # The block may have used the budget up to the last instruction.
            if cpu.time >= until:
                return True
            if exit_.reason == ADAPTED:
                return self.adapted(block, until)
            return self.one(until)
        if exit_.kind == STALE:
            blocks.remove(block)
            return True
        if exit_.kind == LEAVE:
            cpu.changed()
            return False
        end = cpu.time + block.translation.count
        if end > until:
            self.interpret(until)
        elif end > self.heat.due:
            going = self.sample(block, until)
            self.heat.due = cpu.time + self.heat.interval
            return going
        return False

    # --- Faults ------------------------------------------------------------------------

    def stopped_at(self) -> tuple[Block, int]:
        """Return the block, and the index of the guest instruction in it, whose access has faulted."""
        quads = self.cpu.state.quads
        block, index = self.blocks.at_host(quads[State.quad(slots.FAULT_AT)])
        code = quads[State.quad(slots.FAULT_ERROR)]
        return block, instruction(code) if looked_up(code) else index

    def missed(self, until: int) -> tuple[bool, bool]:
        """Handle an access of the guest that has faulted. Return whether generated code can be resumed where it
        stopped, and whether the burst goes on."""
        block, index = self.stopped_at()
        try:
            if self.filled(block, index):
                return True, True
        except Trap as trap:
            with suppress(Intercepted):
                self.cpu.supervisor.take(trap.cause, trap.value)
                self.left("guest page fault")
                return False, self.goes_on(until)
        self.left("fault")
        site, seen = block.translation.physical(self.cpu.pc), self.seen
        going = self.one(until)
        if self.seen != seen and self.adaptation.fault(site):
            self.retranslate(site)
        return False, going

    def filled(self, block: Block, index: int) -> bool:
        """See `fill`. Unless generated code can be resumed, the state before the instruction is restored, in any
        case."""
        going = False
        try:
            if not self.walks and block.translation.frames:
                self.place_walks()
            # Setting a bit of a page-table entry may have invalidated a block, even this one, which must then not be
            # resumed.
            going = self.fill(block, index) and self.blocks.table.get(block.place) is block
        finally:
            if not going:
                self.unwind(block, index)
        return going

    def adapted(self, block: Block, until: int) -> bool:
        """Handle the call of an adapted instruction. False if the burst is over."""
        site, seen = block.translation.physical(self.cpu.pc), self.seen
        going = self.one(until)
        if self.adaptation.call(site, self.seen != seen):
            self.retranslate(site)
        return going

    def fill(self, block: Block, index: int) -> bool:
        """Show the page of an access that has faulted. False if the access is left to the interpreter, because it must
        be seen or needs more than one page or right. Raises Trap."""
        spaces, quads = self.spaces, self.cpu.state.quads
        if spaces.view is spaces.flat:
            return False
        at, code = quads[State.quad(slots.FAULT_ADDRESS)], quads[State.quad(slots.FAULT_ERROR)]
        address, kind, within = spaces.technique.missed(spaces.view, at, code)
        if not within or kind == UPDATE or self.atomic(block.translation.words[index]):
            return False
        try:
            shown = spaces.fill(address, kind)
        except Intercepted:
            return False
        self.counts["page shown"] += shown
        return shown

    def unwind(self, block: Block, index: int) -> None:
        """Restore the state before guest instruction `index` of a block that has stopped there."""
        cpu = self.cpu
        cpu.time -= block.translation.unexecuted(index)
        cpu.pc = block.translation.pcs[index]
        for number, value in block.translation.repaired(index, cpu.s).items():
            cpu.s[number] = value

    def one(self, until: int) -> bool:
        """See HotCode."""
        cpu = self.cpu
        self.interpret(cpu.time + 1)
        if not cpu.until:
            return cpu.trapped and self.goes_on(until)
        cpu.until = until
        return True

    def goes_on(self, until: int) -> bool:
        """After a trap was taken, does the burst go on with its handler? It does if the handler is translated and runs
        with interrupts off, and nobody asks the machine to stop."""
        cpu = self.cpu
        if not self.platform.inside or cpu.supervisor.enabled() or self.spaces.mode() in self.slow_modes:
            return False
        self.spaces.enter()
        cpu.until = until
        return not cpu.bus.interrupted.is_set()

    def interpret(self, until: int) -> None:
        """Execute on the slow path, as the platform does it."""
        self.platform.interpret(until)

    def emulate(self, until: int) -> None:
        """Execute on the slow path, and count the instructions as interpreted."""
        cpu = self.cpu
        before = cpu.time - cpu.idle
        try:
            self.slowly(until)
        finally:
            self.interpreted += cpu.time - cpu.idle - before

    def slowly(self, until: int) -> None:
        """Interpret until time is `until` or something must be looked at. Raises Intercepted."""
        self.cpu.burst(until)

    # --- For the VMM ------------------------------------------------------------------

    @property
    def lost(self) -> bool:
        return self.platform.lost

    def exits(self) -> Mapping[str, int]:
        return self.platform.exits(dict(self.counts))

    def events(self) -> dict[str, int]:
        """Return how many exits would be VM exits, and how many page faults would be; empty on the bare machine."""
        faults = self.counts["page shown"] + self.counts["guest page fault"]
        return self.platform.events({"exits": self.callouts - self.unseen, "page faults": faults})

    def modelled(self) -> dict[str, int]:
        """See Platform.modelled."""
        return self.platform.modelled()

    def hottest(self, most: int) -> list[tuple[Place, float]]:
        return self.heat.hottest(most)

    def figures(self) -> dict[str, int]:
        """Return counts for reports: what became of the blocks."""
        modelled = {f"modelled {name}": n for name, n in self.modelled().items()}
        if modelled:
            modelled["exits of generated code"] = sum(self.counts.values())
        return {
            **modelled,
            "chained jumps": self.chains,
            "indirect misses": self.counts["indirect"],
            "traces": self.traces,
            "caches flushed": self.flushes,
            "registers pinned again": self.pinnings,
            "instructions adapted": self.adaptation.adapted,
            "adapted ones that went back": self.adaptation.returned,
        }
