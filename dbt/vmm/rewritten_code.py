"""Code that the guest writes: its blocks are withdrawn, or check themselves where stores to them go through."""

from __future__ import annotations

from ring1.dbt.cache.block import Block
from ring1.dbt.machine.memory import CODE, TRACED
from ring1.dbt.native.code import CodeFull
from ring1.dbt.native.mappings import Short
from ring1.dbt.translate.translation import NO_FRAME
from ring1.dbt.vmm.translations import Translations

MOST_STORED = 4
"""Most bytes that an instruction stores: longer writes are a device's, which fills the page with other code."""


class RewrittenCode(Translations):
    """Translations that follow what is written to the guest's code."""

    def page_written(self, page: int, address: int, length: int) -> None:
        """See Supervisor. The page holds translated code, or traced page tables."""
        flags = self.cpu.memory.watch[page]
        self.seen += bool(flags & TRACED) or page not in self.sharing.pages
        if flags & TRACED:
            self.spaces.table_written(page, address, length)
        if flags & CODE:
            self.code_written(page, address, length)
        super().page_written(page, address, length)

    def code_written(self, page: int, address: int, length: int) -> None:
        """Bytes of a page with translated code are about to change."""
        blocks = self.blocks
        hit = blocks.invalidate(page, address, length, self.sites.within())
        if length <= MOST_STORED:
            if self.sharing.stored(page, address, bool(hit), self.cpu.retired):
                self.share(page)
        if not blocks.pages.get(page):
            self.cpu.memory.watch[page] &= ~CODE
            self.spaces.release(page, CODE)

    def share(self, page: int) -> None:
        """Share a page in which code and data lie side by side, or whose code keeps changing: let stores through, and
        have its blocks check themselves."""
        self.sharing.pages.add(page)
        self.platform.expose(page)
        for block in list(self.blocks.pages.get(page, ())):
            self.blocks.remove(block)

    def outdated(self, block: Block) -> None:
        """Memory does not hold what a checked block and its versions translate: add a version. If there are too many,
        read the constants in which the later ones differ from memory; if they differ in more, the page is not shared
        any more."""
        mode, pc, frame = block.place
        frames = () if frame == NO_FRAME else ((pc >> 12, frame),)
        sites, fetch = self.sites.of(frames, pc), self.code.reader(frames)
        if not self.blocks.has(block):
            return
        if not self.options.chain:
            self.blocks.remove(block)
            return
        try:
            if len(block.versions) < self.options.most_versions:
                made = self.supply.block(pc, mode, fetch, True, lambda at: False, frames, sites)
                version = self.blocks.add_version(block, made)
                if self.on_place is not None:
                    self.on_place(version)
                return
            later = block.versions[len(block.versions) // 2 :]
            words = [version.translation.words for version in later]
            varying = self.supply.varying(words, pc, mode, fetch, frames, sites)
            if varying is None:
                self.unshare(self.frame(block.place))
            else:
                self.place(varying)
        except (CodeFull, Short):
            self.blocks.remove(block)

    def unshare(self, page: int) -> None:
        """Have stores to a page seen again, and do so for longer than before."""
        self.sharing.end(page)
        for block in list(self.blocks.pages.get(page, ())):
            self.blocks.remove(block)
        self.cpu.memory.watch[page] &= ~CODE
