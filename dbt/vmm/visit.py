"""A visit of generated code that returns: the short way for calls of a guest's functions from Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ring1.dbt.cache.blocks import Block, Blocks
from ring1.dbt.host.interface import FAULTED, MISSED
from ring1.dbt.machine.state import END, PENDING, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.traps import TIME_ONES
from ring1.dbt.mmu.spaces import Spaces
from ring1.dbt.native import slots
from ring1.dbt.vmm.heat import Heat
from ring1.dbt.vmm.platform import Platform

BUDGET_QUAD, END_QUAD, PENDING_WORD = State.quad(slots.BUDGET), State.quad(END), State.word(PENDING)


class Visited(Protocol):
    """The members of an executor that a visit needs."""

    cpu: Cpu
    spaces: Spaces
    blocks: Blocks
    platform: Platform
    heat: Heat
    slow_modes: frozenset[int]
    enter: Callable[[int, int], int]

    def block(self, pc: int) -> Block | None: ...

    def leave(self, way: int, until: int) -> bool: ...

    def stopped_at(self) -> tuple[Block, int]: ...

    def unwind(self, block: Block, index: int) -> None: ...


def visit(executor: Visited, until: int, back: int) -> bool:
    """See Engine.visit."""
    cpu, spaces, heat = executor.cpu, executor.spaces, executor.heat
    platform, now = executor.platform, cpu.time
    if platform.exits_itself or spaces.mode() in executor.slow_modes:
        return False
    if now >= heat.due:
        heat.due = now + heat.interval
    goal = min(until, heat.due)
    spaces.enter()
    block = executor.block(cpu.pc)
    if block is None or now >= goal:
        return False
    quads = cpu.state.quads
    cpu.state.words[PENDING_WORD] = cpu.lines
    cpu.until = until
    quads[BUDGET_QUAD], quads[END_QUAD] = goal - now, goal & TIME_ONES
    way = executor.enter(cpu.state.pointer, executor.blocks.address(block))
    cpu.time = goal - quads[BUDGET_QUAD]
    if cpu.walker is not None:
        cpu.walker.doubt()
    spaces.enter()
    if way == MISSED:
        return cpu.pc == back
    if way == FAULTED:
        executor.unwind(*executor.stopped_at())
    else:
        executor.leave(way, until)
    return False
