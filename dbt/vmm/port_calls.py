"""Port accesses of generated code: writes that it has posted, and devices that are called directly."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from ring1.dbt.cache.block import Block
from ring1.dbt.host.block import READ, WRITE
from ring1.dbt.host.interface import FAULTED
from ring1.dbt.machine.posts import Posts
from ring1.dbt.machine.state import ATTENTION, ONES, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.supervisor import first_at_ports
from ring1.dbt.native import slots
from ring1.dbt.translate.policy import HOLE, UNTRANSLATED
from ring1.dbt.vmm.budget import Budget
from ring1.dbt.vmm.hot_code import HotCode
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform

UNSEEN = UNTRANSLATED, HOLE
PORTS = READ, WRITE
"""Exits that ask for a port access."""
MOST_CALLS = 1 << 11
"""Most accesses in a row: the run loop has to look at the clock."""
COMPLETE = -1
"""Stands for a way: generated code has left between two instructions, and the burst is over."""
PORT_WORD, VALUE_WORD, ATTENTION_WORD = State.word(slots.PORT), State.word(slots.VALUE), State.word(ATTENTION)


class PortCalls(HotCode):
    """Makes the port accesses of generated code: all that are posted before anything else is done once it has left, the
    others by calling who is the first to take part in them, mostly the bus."""

    enter: Callable[[int, int], int]

    @abstractmethod
    def stopped_at(self) -> tuple[Block, int]:
        """Return the block, and the index of the guest instruction in it, whose access has faulted."""

    @abstractmethod
    def unwind(self, block: Block, index: int) -> None:
        """Restore the state before guest instruction `index` of a block that has stopped there."""

    def __init__(
        self, cpu: Cpu, technique: Callable[[Cpu], Platform], image: bytes, options: Options | None = None
    ) -> None:
        """See Translations. Raises OSError if the host refuses memory."""
        self.slow = 0
        """Instructions retired by the slow path, or by a call of a device."""
        self.calls_out = 0
        """Exits at an instruction that generated code leaves to the VMM, because it calls it or traps."""
        self.unseen = 0
        """Callouts of which a real VMM would not be told."""
        super().__init__(cpu, technique, image, options or Options())
        self.budget = Budget(cpu)
        self.posts = Posts(cpu.state)
        self.outermost = cpu.supervisor
        """Who makes port accesses."""
        monitored = self.platform.emulating is not None  # who sees each access to a device in memory
        cpu.bus.publish_to(cpu.state.answers, None if monitored else cpu.state.seated)
        if self.options.post:
            cpu.bus.post_to(self.posts)

    def prepare(self) -> None:
        """See Engine.prepare."""
        self.outermost = first_at_ports(self.cpu.supervisor)
        self.cpu.bus.publish_all()
        if self.options.post:
            self.cpu.bus.grant()

    def deliver(self, way: int) -> None:
        """Make the writes that generated code has posted, which has left by `way`. Raises OSError, between two
        instructions."""
        try:
            self.cpu.bus.deliver(self.cpu.time)
        except OSError:
            if way == FAULTED:
                self.unwind(*self.stopped_at())
            raise

    def served(self, way: int, until: int) -> tuple[int, bool]:
        """Make the port access for which generated code has left by `way`, have it go on, and so forth. Return the way
        by which it has left for another reason, and whether it has looked at interrupts meanwhile (Budget.take_stock);
        COMPLETE if it has left between two instructions, with Cpu.until 0 if the burst is over. `until`: where it ends
        otherwise."""
        cpu, blocks, left, outermost = self.cpu, self.blocks, self.left, self.outermost
        words, pointer, posted, looked = cpu.s, cpu.state.pointer, self.posts.count, False
        exit_of, enter, enter_space = blocks.exit, self.enter, self.spaces.enter
        block, exit_, _ = self.left_by(way)
        for _ in range(MOST_CALLS):
            if exit_.reason:  # else it belongs to an emulation, which is counted
                left(exit_.reason)
                self.called(exit_.reason)
                self.slow += 1
            if exit_.kind == READ:
                words[VALUE_WORD] = outermost.port_in(words[PORT_WORD]) & ONES
            else:
                outermost.port_out(words[PORT_WORD], words[VALUE_WORD])
            if not cpu.until or not blocks.has(block):
                self.complete(way)
                return COMPLETE, looked
            enter_space()
            way = enter(pointer, way)
            if self.budget.take_stock():
                looked, cpu.until = True, cpu.due
            if words[posted]:
                self.deliver(way)
            found = exit_of(way)
            if found is None or found[1].kind not in PORTS:
                return way, looked
            block, exit_, _ = found
        cpu.until = 0
        return COMPLETE, looked

    def called(self, reason: str) -> None:
        """Count a callout."""
        self.calls_out += 1
        self.unseen += reason.startswith(UNSEEN)

    def complete(self, way: int) -> None:
        """Have generated code finish an instruction that has made its port access, and leave behind it. The block may
        have been removed since, but its code is there until all is flushed."""
        cpu = self.cpu
        cpu.s[ATTENTION_WORD] = 1
        try:
            self.enter(cpu.state.pointer, way)
        finally:
            cpu.s[ATTENTION_WORD] = 0
        cpu.time += 1
