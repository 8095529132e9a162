"""Host assembly text to bytes: keystone, one handle per thread."""

from __future__ import annotations

import re
import threading

from ring1.dbt.native.tools import tool

# keystone 0.9.2 never initializes the radix of numbers without prefix: by the accidents of the heap it reads
# 10 as 16 (keystone-engine pull requests 528 and 608). Any option sets it, to 16; no such number gets there.
_DECIMAL = re.compile(r"\b[1-9][0-9]+\b")

# Module-level: two threads must not share a handle, and opening one costs more than using it. The lock is for
# the tables that the library sets up when the first handle is opened.
_thread = threading.local()
_opening = threading.Lock()


def assemble(text: str) -> bytes:
    """Machine code of x86-64 instructions, Intel syntax, one a line or separated by `;`, as if at address 0.

    Numbers without prefix are decimal. Raises Absent; ValueError, with the text, for what keystone refuses or
    makes nothing of. Constants out of range it truncates without a word, and malformed text can hang or kill it:
    give it only text that this program has composed and range-checked.
    """
    keystone = tool("keystone")
    ks = getattr(_thread, "ks", None)
    if ks is None:
        with _opening:
            ks = keystone.Ks(keystone.KS_ARCH_X86, keystone.KS_MODE_64)
            ks.syntax = keystone.KS_OPT_SYNTAX_INTEL
            _thread.ks = ks
    try:
        code, statements = ks.asm(_DECIMAL.sub(lambda number: hex(int(number[0])), text), as_bytes=True)
    except keystone.KsError as error:
        raise ValueError(f"keystone: {error}, in\n{text}") from None
    if not code or not statements:
        raise ValueError(f"keystone made nothing of\n{text}")
    return bytes(code)
