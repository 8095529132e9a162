"""Assembly of x86-64 text by keystone, with one handle for each thread."""

from __future__ import annotations

import re
import threading

from ring1.dbt.native.tools import tool

# keystone 0.9.2 never initializes the radix of numbers without prefix: depending on what is in the heap it reads 10 as
# 16 (keystone-engine pull requests 528 and 608). Setting any option sets the radix to 16; numbers of more than one
# digit are passed in hexadecimal.
_DECIMAL = re.compile(r"\b[1-9][0-9]+\b")

# Module-level state, on purpose: threads must not share a handle, and opening one costs more than using it. The lock
# protects tables that the library sets up when the first handle is opened.
_thread = threading.local()
_opening = threading.Lock()


def assemble(text: str) -> bytes:
    """Assemble x86-64 instructions, in Intel syntax, one on a line or separated by `;`, at address 0.

    Numbers without prefix are decimal. Raises Absent; ValueError, with the text, for what keystone rejects or ignores.
    It truncates constants out of range silently, and malformed text can hang or kill it: pass only text that this
    program has composed and range-checked.
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
