"""A visit of generated code that returns: the short way for calls of a guest's functions from Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ring1.dbt.cache.block import Block
from ring1.dbt.cache.blocks import Blocks
from ring1.dbt.host.interface import FAULTED, MISSED
from ring1.dbt.machine.state import POSTED, State
from ring1.dbt.machine.step import NEVER, Cpu
from ring1.dbt.mmu.spaces import Spaces
from ring1.dbt.vmm.budget import Budget
from ring1.dbt.vmm.heat import Heat
from ring1.dbt.vmm.platform import Platform

POSTED_WORD = State.word(POSTED)


class Visited(Protocol):
    """The members of an executor that a visit needs."""

    cpu: Cpu
    spaces: Spaces
    blocks: Blocks
    platform: Platform
    heat: Heat
    budget: Budget
    slow_modes: frozenset[int]
    enter: Callable[[int, int], int]

    def block(self, pc: int) -> Block | None: ...

    def leave(self, way: int, until: int) -> bool: ...

    def deliver(self, way: int) -> None: ...

    def stopped_at(self) -> tuple[Block, int]: ...

    def unwind(self, block: Block, index: int) -> None: ...


def visit(executor: Visited, until: int, back: int) -> bool:
    """See Engine.visit."""
    cpu, spaces, heat = executor.cpu, executor.spaces, executor.heat
    platform, now = executor.platform, cpu.time
    if platform.exits_itself or spaces.mode() in executor.slow_modes:
        return False
    if now >= heat.due + cpu.idle:
        heat.due = now - cpu.idle + heat.interval
    goal = min(until, heat.due + cpu.idle)
    spaces.enter()
    block = executor.block(cpu.pc)
    if block is None or now >= goal:
        return False
    executor.budget.begin()
    cpu.until, cpu.last, cpu.pause = until, NEVER, goal
    executor.budget.give(goal, goal, goal == until)
    way = executor.enter(cpu.state.pointer, executor.blocks.address(block))
    if executor.budget.take_stock():
        until = min(until, cpu.due)
    if cpu.s[POSTED_WORD]:
        executor.deliver(way)
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
