"""The blocks in a code cache: looked up by place, chained to each other, removed when their guest code changes."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from ring1.dbt.cache.block import Block, Jump, Place
from ring1.dbt.cache.withdrawn import Withdrawal, Withdrawn
from ring1.dbt.host.block import BUDGET, NEXT, STALE, Exit
from ring1.dbt.host.interface import Stubs
from ring1.dbt.host.present import present
from ring1.dbt.mmu.view import View
from ring1.dbt.native.code import CodeFull, CodeMemory
from ring1.dbt.native.slots import VMM
from ring1.dbt.translate.policy import Sites
from ring1.dbt.translate.translation import NO_FRAME, Translation

Sharing = tuple[int, bool]
"""Index of an entry of the jump caches, and whether paging is off."""

Left = tuple[Block, Exit, int]
"""A block, one of its exits, and the offset of the jump distance to patch or -1."""

MOST_SHARING = 256
"""Most blocks that share an entry of the jump caches: passing all of them costs a fraction of an exit."""
ALIGNED = 16
"""Blocks begin at multiples of so many bytes."""
LEAST_CROWDED, MOST_DEAD = 1 << 12, 4
"""A cache with more than LEAST_CROWDED blocks is flushed when fewer than one in MOST_DEAD of them is still in the
table."""


class Blocks:
    """The code cache of one virtual CPU.

    Invariants: chained jumps lead only to blocks in the table, and jump-cache entries to these or to withdrawn ones,
    which let everything pass; every block in the table translates what memory holds now. Blocks of one mode that share
    an entry of the jump caches form a row: the entry leads to the first one, each block whose pc is not the wanted one
    jumps to the next, and the last one leaves.
    """

    def __init__(
        self,
        memory: CodeMemory,
        stubs: Stubs,
        clear_jumps: Callable[[int], None],
        set_jump: Callable[[int, bool, int], None],
        most: int | None = None,
    ) -> None:
        """`clear_jumps` empties all jump caches, `set_jump` has an entry lead to a host address, in the view with
        paging off or in all others. `most` limits the number of blocks, in addition to the size of the memory."""
        self.host = present()
        self.memory = memory
        self.stubs = stubs
        self.clear_jumps = clear_jumps
        self.set_jump = set_jump
        self.most = most
        self.table: dict[Place, Block] = {}
        self.pages: dict[int, set[Block]] = {}
        self.taken: dict[int, Left] = {}
        """The exits that have been taken, by return address."""
        self.rows: dict[Sharing, list[Block]] = {}
        self.bases = array("Q")
        self.placed: list[Block] = []
        self.withdrawn = Withdrawn()
        self.flushes = 0
        clear_jumps(stubs.miss)

    def install(self, translation: Translation) -> Block:
        """Place a translation. If the cache is full it is flushed first, which invalidates every earlier Block."""
        crowded = len(self.placed) > LEAST_CROWDED and len(self.placed) > MOST_DEAD * len(self.table)
        if crowded or (self.most is not None and len(self.placed) >= self.most):
            self.flush()
        try:
            block = self.put(translation)
        except CodeFull:
            self.flush()
            block = self.put(translation)
        replaced, incoming = self.table.get(translation.place), list[Jump]()
        if replaced is not None:
            incoming = replaced.incoming
            self.remove(replaced)
        self.table[block.place] = block
        self.enlist(block)
        for origin, site, _ in incoming:
            if self.has(origin):
                self.chain(origin, site, block)
        return block

    def install_all(self, translations: Sequence[Translation], frame_of: Callable[[int, int], int]) -> list[Block]:
        """Place the blocks, each in one page, whose places have none, and chain what leads from one to another or to
        blocks that there are: in other pages, if `frame_of` says of mode and page in which frame code of it has always
        been. Return them; none if there is no room for all."""
        table, begin, placed = self.table, self.memory.used + ALIGNED - 1 & -ALIGNED, list[Block]()
        end = begin
        for translation in translations:
            block = Block(translation, end)
            if block.place not in table:
                placed.append(block)
                end = end + len(translation.host.code) + ALIGNED - 1 & -ALIGNED
        if not placed or (self.most is not None and len(self.placed) + len(placed) > self.most):
            return []
        try:
            self.memory.allocate(end - begin, ALIGNED)
        except CodeFull:
            return []
        code, leading = bytearray(end - begin), list[tuple[Block, int, int]]()
        for block in placed:
            base, host, (_, pc, frame) = block.base, block.translation.host, block.place
            code[base - begin : base - begin + len(host.code)] = host.code
            for way, site in host.exits.values():
                if way.kind == NEXT and site >= 0 and way.pc is not None:
                    leading.append((block, base + site, way.pc))
            table[block.place] = block
            self.bases.append(base)
            self.pages.setdefault(pc >> 12 if frame == NO_FRAME else frame, set()).add(block)
        self.placed += placed
        for block, site, pc in leading:
            mode, own, frame = block.place
            near = pc >> 12 == own >> 12
            there = frame if near or frame == NO_FRAME else frame_of(mode, pc >> 12)
            target = table.get((mode, pc, there)) if near or there != NO_FRAME or frame == NO_FRAME else None
            if target is not None:
                to = target.base + (target.translation.body if near else target.translation.page)
                distance, at = self.host.distance(site, to), site - begin
                target.incoming.append(Jump(block, site, bytes(code[at : at + len(distance)])))
                code[at : at + len(distance)] = distance
        self.memory.write(begin, bytes(code))
        return placed

    def put(self, translation: Translation) -> Block:
        """Put a translation into the memory. Raises CodeFull."""
        code = translation.host.code
        base = self.memory.allocate(len(code))
        self.memory.write(base, code)
        block = Block(translation, base)
        self.bases.append(base)
        self.placed.append(block)
        return block

    def enlist(self, block: Block) -> None:
        """Have a block removed with its guest code."""
        for page in block.translation.pages:
            self.pages.setdefault(page, set()).add(block)

    def install_twin(self, translation: Translation, block: Block, site: int) -> bool:
        """Place a stepping twin of a block, and patch the jump of the block's at offset `site` to lead to it. False if
        there is no room."""
        try:
            twin = self.put(translation)
        except CodeFull:
            return False
        self.enlist(twin)
        block.twin, twin.origin = twin, block
        self.chain(block, site, twin)
        self.join(twin)  # at its end the budget may always be used up, so that nobody looks the next block up
        return True

    def add_version(self, block: Block, translation: Translation) -> Block:
        """Place another version of a checked block, which is tried if memory holds what none of its versions
        translates. Raises CodeFull."""
        if self.most is not None and len(self.placed) >= self.most:
            raise CodeFull
        versions = block.versions
        last = versions[-1].translation.host
        stale = next(last.labels[way.label] for way, _ in last.exits.values() if way.kind == STALE)
        made = self.put(translation)
        site = versions[-1].base + stale
        self.memory.write(site, self.host.redirection(site, made.base + translation.body))
        made.versions = versions
        versions.append(made)
        return made

    def has(self, block: Block) -> bool:
        """Can it still be entered, it or the first of its versions?"""
        return not block.versions[0].removed

    def annex(self, translation: Translation) -> Block | None:
        """Place code to which only exits of other blocks will be chained, and which is not looked up; None if the cache
        is full."""
        try:
            block = self.put(translation)
        except CodeFull:
            return None
        self.enlist(block)
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
        before = self.memory.read(site, len(distance))
        if before != distance:  # looking the block up may have restored it, with its jumps
            block.incoming.append(Jump(origin, site, before))
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

    def cache_jump(self, block: Block) -> None:
        """Enter a block in the jump caches, so that indirect jumps find it."""
        key = self.sharing(block)
        row = self.rows.setdefault(key, [])
        if block not in row:
            if len(row) == MOST_SHARING:
                self.part(key)
                row = self.rows[key] = []
            if row:
                self.pass_on(row[-1], block)
            row.append(block)
        self.set_jump(*key, self.memory.address(row[0].base))

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
        self.set_jump(*key, self.stubs.miss)

    def exit(self, way: int) -> Left | None:
        """Return the exit of a block whose call that leaves has this return address; None if there is none."""
        found = self.taken.get(way)
        if found is None and (n := bisect_left(self.bases, max(way - self.memory.base, 0))):
            block = self.placed[n - 1]  # it ends where the call does, at the latest
            exit_, site = block.translation.host.exits.get(way - self.memory.base - block.base, (None, -1))
            if exit_ is not None:
                found = block, exit_, block.base + site if site >= 0 else -1
                if block.origin is not None and exit_.kind == BUDGET and exit_.by == VMM:
                    found = block.origin, exit_, -1  # a twin leaves as the block would
                self.taken[way] = found
        return found

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

    def invalidate(self, page: int, address: int, length: int, exceptions: Callable[[Translation], Sites]) -> int:
        """Withdraw the blocks of a page that translate any of these bytes; return how many there were. `exceptions`
        returns those among the instructions of a translation."""
        hit = [b for b in self.pages.get(page, ()) if b.covers(address, length)]
        for block in hit:
            if not block.removed:
                self.withdraw(block, exceptions(block.translation))
        return len(hit)

    def withdraw(self, block: Block, exceptions: Sites) -> None:
        """Remove a block, which may come back."""
        if block.twin is not None:
            self.withdraw(block.twin, exceptions)
        incoming, listed = block.incoming, self.table.get(block.place) is block
        self.detach(block)
        if block in self.rows.get(self.sharing(block), ()):  # it stays there, and passes everything on
            jump = self.host.redirection(block.base, block.base + block.translation.miss)
            block.opening = self.memory.read(block.base, len(jump))
            self.memory.write(block.base, jump)
        self.withdrawn.add(Withdrawal(block, exceptions, incoming, listed))

    def restore(self, page: int, valid: Callable[[Withdrawal], bool]) -> list[Block]:
        """Have the withdrawn blocks of a page come back that are valid; return those that are looked up."""
        back = list[Withdrawal]()
        for withdrawal in self.withdrawn.take(page, valid):
            block, listed = withdrawal.block, withdrawal.listed
            if listed and block.place in self.table:
                continue
            block.removed = False
            if block.opening is not None:
                self.memory.write(block.base, block.opening)
                block.opening = None
            self.enlist(block)
            if listed:
                self.table[block.place] = block
            back.append(withdrawal)
        for block, _, incoming, _ in back:
            for origin, site, before in incoming:
                if self.memory.read(site, len(before)) == before:
                    self.chain(origin, site, block)
                    if block.translation.stepping:
                        origin.twin = block
        return [w.block for w in back if w.listed]

    def remove(self, block: Block) -> None:
        """Remove a block with its twin and all its versions for good, so that nothing leads to it any more. Its bytes
        are not reused before a flush."""
        block = block.versions[0]
        if block.removed:
            self.withdrawn.discard(block)
            return
        self.detach(block)
        key = self.sharing(block)
        if block in self.rows.get(key, ()):
            self.part(key)

    def detach(self, block: Block) -> None:
        """Have neither the table nor chained jumps lead to a block and its twin."""
        block.removed = True
        if self.table.get(block.place) is block:
            del self.table[block.place]
        if block.twin is not None:
            self.remove(block.twin)
        for page in block.translation.pages:
            self.pages[page].discard(block)
        for origin, site, before in block.incoming:
            self.memory.write(site, before)
            if origin.twin is block:
                origin.twin = None
        block.incoming = []

    def all(self) -> list[Block]:
        """Return the blocks in the table, their versions and their stepping twins."""
        found = [version for block in self.table.values() for version in block.versions]
        return found + [block.twin for block in found if block.twin is not None]

    def flush(self) -> None:
        """Remove every block."""
        for block in self.placed:
            block.removed = True
        self.flushes += 1
        self.table.clear()
        self.pages.clear()
        self.taken.clear()
        self.rows.clear()
        self.withdrawn.clear()
        del self.bases[:]
        self.placed.clear()
        self.memory.reset(self.stubs.size)
        self.clear_jumps(self.stubs.miss)
