"""The memory map of generated programs, in offsets from where RAM begins."""

from __future__ import annotations

RAM = 0x10000
"""Bytes of RAM."""
SUBROUTINES, HANDLER, DATA, ROOTS, TABLES = 0x2000, 0x3000, 0x4000, (0x8000, 0x9000), (0xA000, 0xB000)
MORE_DATA, OTHERS, SPARE = 0xC000, 0xF000, 0xE000
"""Code begins at 0. There are two root page tables, and two below them: one for each, or one for each level. OTHERS are
other subroutines, which the second root may map in the place of SUBROUTINES. SPARE is a table that programs fill."""
BLOCK, SECOND_ROOT, SECOND_TABLE = 0x5000, 0x7000, 0xD000
"""Where a machine that enters another kind of operation has the words that it does that by, and second page tables."""
WORDS = 12
"""The number of words of data that are initialized, with edge values."""
NEXT = DATA + 0x600
"""The word with the processor status with which the trap handler returns."""
HANDLER_SIZE = 0x400
"""Bytes for each trap handler."""
CODE_PAGES = (0, SUBROUTINES, HANDLER)
TABLE_PAGES = (*ROOTS, *TABLES)
