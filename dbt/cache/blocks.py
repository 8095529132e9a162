"""The blocks in a code cache: looked up by place, chained to each other, removed when their guest code changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from ring1.dbt.host.block import NEXT, Exit
from ring1.dbt.host.interface import Stubs
from ring1.dbt.host.present import present
from ring1.dbt.mmu.view import View
from ring1.dbt.native.code import CodeFull, CodeMemory
from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import NO_FRAME, Translation

Place = tuple[int, int, int]
"""Processor mode, pc, and the frame that pc is in, or NO_FRAME."""
Sharing = tuple[int, bool]
"""Index of an entry of the jump caches, and whether paging is off."""


MOST_SHARING = 256
"""Most blocks that share an entry of the jump caches: passing all of them costs a fraction of an exit."""
LEAST_CROWDED, MOST_DEAD = 1 << 12, 4
"""A cache with more than LEAST_CROWDED blocks is flushed when fewer than one in MOST_DEAD of them is still in the
table."""


class Block:
    """A translation placed at offset `base` of the code memory."""

    def __init__(self, translation: Translation, base: int) -> None:
        self.translation = translation
        self.base = base
        self.incoming: list[tuple[Block, int, bytes]] = []
        """Jumps of other blocks that are patched to lead here: block, offset of the distance, and its original
        bytes."""
        self.passed_on: bytes | None = None
        """The original bytes of its miss jump if that is patched to lead to the next block of its row, else None."""
        self.trace: Trace | None = None
        """The trace that it was made from, if it is one."""

    @property
    def traced(self) -> bool:
        """The block is a trace: it follows paths that the guest took."""
        return self.trace is not None

    @property
    def place(self) -> Place:
        return self.translation.place


class Blocks:
    """The code cache of one virtual CPU.

    Invariants: chained jumps and jump-cache entries lead only to blocks in the table; every block in the table
    translates what memory holds now. Blocks of one mode that share an entry of the jump caches form a row: the entry
    leads to the first one, each block whose pc is not the wanted one jumps to the next, and the last one leaves.
    """

    def __init__(
        self,
        memory: CodeMemory,
        stubs: Stubs,
        clear_jumps: Callable[[int], None],
        clear_jump: Callable[[int, bool], None],
        most: int | None = None,
    ) -> None:
        """`clear_jumps` empties all jump caches, `clear_jump` one entry in the view with paging off or in all others.
        `most` limits the number of blocks, in addition to the size of the memory."""
        self.host = present()
        self.memory = memory
        self.stubs = stubs
        self.clear_jumps = clear_jumps
        self.clear_jump = clear_jump
        self.most = most
        self.table: dict[Place, Block] = {}
        self.pages: dict[int, set[Block]] = {}
        self.exits: dict[int, tuple[Block, Exit, int]] = {}
        """Return address of the call that leaves -> block, exit, offset of the jump distance to patch or -1."""
        self.rows: dict[Sharing, list[Block]] = {}
        self.bases: list[int] = []
        self.placed: list[Block] = []
        self.flushes = 0
        clear_jumps(stubs.miss)

    def install(self, translation: Translation) -> Block:
        """Place a translation. If the cache is full it is flushed first, which invalidates every earlier Block."""
        crowded = len(self.placed) > LEAST_CROWDED and len(self.placed) > MOST_DEAD * len(self.table)
        if crowded or (self.most is not None and len(self.placed) >= self.most):
            self.flush()
        code = translation.host.code
        try:
            base = self.memory.allocate(len(code))
        except CodeFull:
            self.flush()
            base = self.memory.allocate(len(code))
        self.memory.write(base, code)
        replaced, block = self.table.get(translation.place), Block(translation, base)
        if replaced is not None:
            self.remove(replaced)
        for offset, (way, site) in translation.host.exits.items():
            self.exits[self.memory.address(base + offset)] = block, way, base + site if site >= 0 else -1
        self.table[block.place] = block
        for page in block.translation.pages:
            self.pages.setdefault(page, set()).add(block)
        self.bases.append(base)
        self.placed.append(block)
        for origin, site, _ in replaced.incoming if replaced is not None else ():
            if self.table.get(origin.place) is origin:
                self.chain(origin, site, block)
        return block

    def address(self, block: Block) -> int:
        """Return the host address at which a block is entered without checking its pc."""
        return self.memory.address(block.base + block.translation.body)

    def chain(self, origin: Block, site: int, block: Block) -> None:
        """Chain: patch the jump of `origin` whose distance is at offset `site` to lead directly to a block.

        The page in which the origin begins has been checked on entry; a target in another page is entered by way of a
        check.
        """
        near = origin.translation.pc >> 12 == block.translation.pc >> 12
        to = block.base + (block.translation.body if near else block.translation.page)
        distance = self.host.distance(site, to)
        block.incoming.append((origin, site, self.memory.read(site, len(distance))))
        self.memory.write(site, distance)

    def join(self, block: Block) -> int:
        """Chain the exits of a new block that lead to blocks which there are; return how many do."""
        t, chained = block.translation, 0
        frames = dict(t.frames)
        for exit_, site in t.host.exits.values():
            if exit_.kind == NEXT and site >= 0 and exit_.pc is not None:
                frame = frames.get(exit_.pc >> 12) if frames else NO_FRAME
                target = self.table.get((t.mode, exit_.pc, frame)) if frame is not None else None
                if target is not None:
                    self.chain(block, block.base + site, target)
                    chained += 1
        return chained

    def cache_jump(self, block: Block, view: View) -> None:
        """Enter a block in the jump cache of a view, so that indirect jumps find it."""
        key = self.sharing(block)
        row = self.rows.setdefault(key, [])
        if block not in row:
            if len(row) == MOST_SHARING:
                self.part(key)
                row = self.rows[key] = []
            if row:
                self.pass_on(row[-1], block)
            row.append(block)
        view.jumps[key[0]] = self.memory.address(row[0].base)

    @staticmethod
    def sharing(block: Block) -> Sharing:
        """Return the key of a block's row. Blocks translated with paging off do not check their page, so they have rows
        apart."""
        mode, pc, frame = block.place
        return View.jump_entry(mode, pc), frame == NO_FRAME

    def pass_on(self, block: Block, following: Block) -> None:
        """Patch the miss jump of a block to lead to the next block of its row."""
        site = block.base + block.translation.miss
        jump = self.host.redirection(site, following.base)
        block.passed_on = self.memory.read(site, len(jump))
        self.memory.write(site, jump)

    def part(self, key: Sharing) -> None:
        """Dissolve a row."""
        for block in self.rows.pop(key, ()):
            if block.passed_on is not None:
                self.memory.write(block.base + block.translation.miss, block.passed_on)
                block.passed_on = None
        self.clear_jump(*key)

    def at_host(self, address: int) -> tuple[Block, int]:
        """Return the block that a host address lies in, and the index of the guest instruction there."""
        offset = address - self.memory.base
        block = self.placed[bisect_right(self.bases, offset) - 1]
        marks = block.translation.host.marks
        return block, bisect_right(marks, offset - block.base) - 1

    def instructions(self) -> set[tuple[int, int, int]]:
        """Return real mode, pc and word of each guest instruction that blocks in the table translate."""
        return {
            (t.mode, pc, word)
            for t in (block.translation for block in self.table.values())
            for pc, word in zip(t.pcs[: t.end], t.words, strict=False)
        }

    def invalidate(self, page: int, address: int, length: int) -> int:
        """Remove the blocks of a page that translate any of these bytes; return how many there were."""
        hit = [b for b in self.pages.get(page, ()) if b.translation.covers(address, length)]
        for block in hit:
            self.remove(block)
        return len(hit)

    def remove(self, block: Block) -> None:
        """Remove a block, so that nothing leads to it any more. Its bytes are not reused before a flush."""
        del self.table[block.place]
        for page in block.translation.pages:
            self.pages[page].discard(block)
        for _, site, before in block.incoming:
            self.memory.write(site, before)
        key = self.sharing(block)
        if block in self.rows.get(key, ()):
            self.part(key)

    def flush(self) -> None:
        """Remove every block."""
        self.flushes += 1
        self.table.clear()
        self.pages.clear()
        self.exits.clear()
        self.rows.clear()
        self.bases.clear()
        self.placed.clear()
        self.memory.reset(self.stubs.size)
        self.clear_jumps(self.stubs.miss)
