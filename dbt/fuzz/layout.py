"""Where things are in a generated program's memory."""

from __future__ import annotations

RAM = 0x10000
"""Bytes."""
SUBROUTINES, HANDLER, DATA, ROOTS, TABLES, MORE_DATA = 0x2000, 0x3000, 0x4000, (0x8000, 0x9000), 0xA000, 0xC000
"""Code begins at 0. Two root tables share the tables below them, of which there may be two levels."""
WORDS = 12
"""Words of data that are there from the beginning: edges."""
NEXT = DATA + 0x40
"""A word that says with what processor status the trap handler goes back."""
CODE_PAGES = (0, SUBROUTINES, HANDLER)
TABLE_PAGES = (*ROOTS, TABLES)
