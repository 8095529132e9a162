"""The executor: enters translated code, handles the exit by which it leaves, and enters again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from ring1.dbt.cache.block import Block, Place
from ring1.dbt.host.block import BUDGET, FAULT, GO, LEAVE, NEXT, STALE, STEP, Exit
from ring1.dbt.host.interface import FAULTED, MISSED
from ring1.dbt.host.present import present
from ring1.dbt.machine.paging import UPDATE
from ring1.dbt.machine.state import LEFT, MISSES, MOST_MISSES, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Intercepted
from ring1.dbt.mmu.softtlb import instruction, looked_up
from ring1.dbt.native import slots
from ring1.dbt.translate.policy import ADAPTED, MAPPED, PAGE_FAULT
from ring1.dbt.vmm.emulated_exits import EmulatedExits
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Enter, Platform
from ring1.dbt.vmm.port_calls import COMPLETE, PORT_WORD, PORTS
from ring1.dbt.vmm.visit import visit
from ring1.isa.effects import atomic
from ring1.isa.python import Trap

MOST_EXITS = 1 << 11
"""Most exits in a burst: code that exits often is slow, and the run loop has to look at the clock."""

LEFT_WORD = State.word(LEFT)


class Executor(EmulatedExits):
    """Runs a virtual CPU by translation on a platform. There is one slow path: whatever translated code does not do is
    done by one step of the reference interpreter."""

    def __init__(
        self, cpu: Cpu, technique: Callable[[Cpu], Platform], image: bytes, options: Options | None = None
    ) -> None:
        """See Translations. Raises OSError if the host refuses memory."""
        super().__init__(cpu, technique, image, options or Options())
        self.platform.attach(self)
        policy = self.platform.policy
        self.name = policy.name
        present().provide(self.supply.assemble)
        self.work = self.supply.work

    def lay_out(self, pinned: dict[int, str]) -> None:
        super().lay_out(pinned)
        self.enter, self.resume = self.entry(), self.platform.around(self.stubs.resume)

    def entry(self) -> Enter:
        """Return what enters generated code."""
        return self.platform.around(self.stubs.enter)

    def atomic(self, word: int) -> bool:
        """Must an instruction make all its accesses by the same translations, so that it cannot be resumed in its
        middle?"""
        decoded = self.cpu.decoder.decode(word)
        return decoded is not None and decoded.instruction.name in atomic(self.cpu.isa)

    # --- Running -------------------------------------------------------------------

    def prepare(self) -> None:
        """Install the fault handler again, as other code may have replaced it since the machine last ran."""
        super().prepare()
        present().install(self.supply.assemble)
        self.platform.begin()
        if not self.options.patience:
            for slot in self.platform.routines:
                self.place_routine(slot)
            if self.cpu.walker is not None:
                self.walks.place()
                self.walks.place_flush()

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
        cpu, spaces = self.cpu, self.spaces
        slice_end, until = until, max(until, cpu.due)
        if self.interprets():  # a change of mode, or of what addresses mean, ends the burst
            self.interpret(slice_end)
            return
        words, pointer, budget, heat, walker = cpu.s, cpu.state.pointer, self.budget, self.heat, cpu.walker
        posted = self.posts.count
        budget.begin()
        cpu.until, stopped = until, False
        spaces.enter()
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
                if now >= heat.due + cpu.idle:
                    heat.due = now - cpu.idle + heat.interval
                sample = heat.due + cpu.idle
                amid = until < now + block.translation.count <= sample
                goal = until if amid else min(slice_end, sample)
                budget.give(goal, sample, goal == until)
                way = self.enter(pointer, self.blocks.address(block))
            looked = budget.take_stock()
            if words[posted]:
                self.deliver(way)
            left = self.blocks.exit(way)
            if left is not None and left[1].kind in PORTS:
                if looked:
                    cpu.until = until = cpu.due
                way, again = self.served(way, until)
                looked = looked or again
            if looked:
                slice_end, until = min(cpu.due, cpu.pause), cpu.due
                cpu.until = until if cpu.until else 0
            if walker is not None:
                walker.doubt()  # generated code may have written to tables
            if way == COMPLETE:
                stopped = False
                continue
            spaces.enter()
            stopped = False
            if way == MISSED:
                self.left("indirect")
                if self.interprets():
                    return
                target = self.block(words[cpu.pc_slot]) if cpu.time < until else None
                if target is not None and self.options.chain:
                    self.blocks.cache_jump(target)
                    self.supply.jumped(target.translation)
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
        block, exit_, site = self.left_by(way)
        if exit_.reason:  # else it belongs to an emulation, which is counted
            self.left(exit_.reason)
        if exit_.by != slots.VMM and not (exit_.kind == BUDGET and cpu.time < cpu.horizon):
            self.place_routine(exit_.by)
        if cpu.s[LEFT_WORD]:  # a routine has taken a trap
            cpu.s[LEFT_WORD] = 0
            self.place_routine(slots.LOOK_AROUND)
            cpu.changed()
            return False
        if exit_.kind == NEXT:
            # Looking up a block fetches its first instruction, so that instruction must be next.
            target = self.block(cpu.pc) if cpu.time < until else None
            # Translating the target may have flushed the cache, and the jump with it.
            if self.options.chain and site >= 0 and target:
                still = blocks.exit(way)
                if still is not None and still[1] is exit_:
                    blocks.chain(block, site, target)
                    self.chains += 1
            return True
        if exit_.kind == GO:
            return not self.interprets()
        if exit_.kind == STEP or exit_.kind in PORTS:
            self.called(exit_.reason)
            # The block may have used the budget up to the last instruction.
            if cpu.time >= until:
                return True
            if exit_.reason in (ADAPTED, MAPPED):
                return self.adapted(exit_, block, until)
            if self.emulations.monitor is not None:
                self.emulate_from_now(way)
            return self.one(until)
        if exit_.kind == FAULT:  # the interpreter comes to the same, and takes the trap
            return cpu.time >= until or self.one(until)
        if exit_.kind == STALE:
            self.outdated(block)
            return True
        if exit_.kind == LEAVE:
            cpu.changed()
            return False
        end = cpu.time + block.translation.count
        if cpu.time >= until:
            return False
        if end > self.heat.due + cpu.idle:
            if cpu.time - cpu.idle >= self.look_ups.due:
                self.review()
            going = self.sample(block, until)
            self.heat.due = cpu.time - cpu.idle + self.heat.interval
            return going
        if end > until:
            if self.budget.goal < until or self.steps(way):
                return True
            self.interpret(until)
        return False

    def place_routine(self, slot: int) -> None:
        """Have a routine do what an exit has just asked the VMM for, if it may."""
        if self.may(slot):
            self.routines.place(slot)

    def may(self, slot: int) -> bool:
        """May a routine do what the VMM does? Not if somebody observes exits."""
        return self.options.routines and slot in self.platform.routines and self.attention.exits is None

    def steps(self, way: int) -> bool:
        """Have the instructions of a block amid which the budget ends executed one by one in generated code. False if
        the interpreter has to."""
        block, _, site = self.left_by(way)
        if block.twin is not None:
            return True
        block.ended += 1
        usual = self.options.chain and site >= 0 and self.may(slots.TIME_UP)
        return usual and block.ended >= self.options.patience and self.place_twin(block, site)

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
        looked = looked_up(self.cpu.state.quads[State.quad(slots.FAULT_ERROR)])
        misses = self.misses
        stopped, going = self.handled(block, index, until)
        if looked or self.misses == misses or not (self.by_site and block.translation.frames):
            return stopped, going
        site = block.translation.physical(block.translation.pcs[index])
        if not self.look_ups.missed(site, self.cpu.time - self.cpu.idle):
            return stopped, going
        if stopped:  # its entry is marked, so the access goes ahead
            self.unwind(block, index)
            going = self.one(until)
        self.translate_again(site)
        return False, going

    @property
    def misses(self) -> int:
        """Misses that the VMM has handled: pages shown, and page faults of the guest."""
        return self.counts["page shown"] + self.counts[PAGE_FAULT]

    def handled(self, block: Block, index: int, until: int) -> tuple[bool, bool]:
        """Handle an access that has faulted at a guest instruction of a block. See `missed`."""
        try:
            if self.filled(block, index):
                return True, True
        except Trap as trap:
            with suppress(Intercepted):
                self.cpu.supervisor.take(trap.cause, trap.value)
                self.left(PAGE_FAULT)
                return False, self.goes_on(until)
        self.left("fault")
        site, needed = block.translation.physical(self.cpu.pc), self.needed
        accesses = self.cpu.device_accesses
        going = self.one(until)
        if self.needed != needed and self.adaptation.fault(site, self.cpu.device_accesses != accesses):
            self.retranslate(site)
        return False, going

    def review(self) -> None:
        """Have instructions go back whose look-ups have hit for long."""
        quads, blocks, first = self.cpu.state.quads, self.blocks, State.quad(MISSES)
        end, missing = quads[first], set[int]()
        for n in range(max(self.reviewed, end - MOST_MISSES), end):
            at, code = quads[first + 1 + 2 * (n % MOST_MISSES) :][:2]
            translation = blocks.at_host(at)[0].translation
            missing.add(translation.physical(translation.pcs[instruction(code)]))
        self.reviewed = end
        for site in self.look_ups.review(missing, self.cpu.time - self.cpu.idle):
            self.translate_again(site)

    def filled(self, block: Block, index: int) -> bool:
        """See `fill`. Unless generated code can be resumed, the state before the instruction is restored, in any
        case."""
        going = False
        try:
            if block.translation.frames:
                self.walks.place()
            # Setting a bit of a page-table entry may have invalidated a block, even this one, which must then not be
            # resumed.
            going = self.fill(block, index) and self.blocks.has(block)
        finally:
            if not going:
                self.unwind(block, index)
        return going

    def adapted(self, exit_: Exit, block: Block, until: int) -> bool:
        """Handle the call of an adapted instruction. False if the burst is over."""
        site, needed = block.translation.physical(self.cpu.pc), self.needed
        address, accesses = self.cpu.s[PORT_WORD], self.cpu.device_accesses
        going = self.one(until)
        if self.cpu.device_accesses != accesses and exit_.kind == STEP and exit_.reason == MAPPED:
            self.spaces.show_device(address)
        if self.adaptation.call(site, self.needed != needed):
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
            shown = spaces.fill(address, kind, code)
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
        if not self.platform.inside or cpu.supervisor.enabled() or self.interprets():
            return False
        self.spaces.enter()
        cpu.until = until
        return not cpu.bus.interrupted.is_set()

    def interprets(self) -> bool:
        """Is all code interpreted at present: by the policy, or since no view can show what addresses mean?"""
        walker = self.cpu.walker
        return self.spaces.mode() in self.slow_modes or (walker is not None and walker.straight != 0)

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
            self.slow += cpu.time - cpu.idle - before

    def slowly(self, until: int) -> None:
        """Interpret until time is `until` or something must be looked at. Raises Intercepted."""
        self.cpu.burst(until)

    # --- For the VMM ------------------------------------------------------------------

    @property
    def lost(self) -> bool:
        return self.platform.lost

    def exits(self) -> Mapping[str, int]:
        return self.platform.exits(dict(self.reasons()))

    def events(self) -> dict[str, int]:
        """Return how many exits would be VM exits, and how many page faults would be; empty on the bare machine."""
        faults = self.misses + self.cpu.state.quads[State.quad(MISSES)]
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
            "instructions that look up": self.look_ups.adapted,
            "those that went back": self.look_ups.returned,
        }
