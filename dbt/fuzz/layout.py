"""Where things are in a generated program's memory."""

from __future__ import annotations

RAM = 0x10000
"""Bytes."""
SUBROUTINES, HANDLER, DATA, ROOTS, TABLES = 0x2000, 0x3000, 0x4000, (0x8000, 0x9000), (0xA000, 0xB000)
MORE_DATA, OTHERS, SPARE = 0xC000, 0xF000, 0xE000
"""Code begins at 0. Of page tables there are two roots, and two below them: one for each, or one for each level.
OTHERS are other subroutines: by the second root they may be where SUBROUTINES are. SPARE is a table that programs
fill."""
WORDS = 12
"""Words of data that are there from the beginning: edges."""
NEXT = DATA + 0x600
"""A word that says with what processor status the trap handler goes back."""
CODE_PAGES = (0, SUBROUTINES, HANDLER)
TABLE_PAGES = (*ROOTS, *TABLES)
