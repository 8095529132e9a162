"""The escapes of C's strings and characters."""

from __future__ import annotations

import re

from ring1.isa.asm.lines import Mistake

ESCAPE = re.compile(r"\\(x[0-9a-fA-F]+|[0-7]{1,3}|.)")
ESCAPES = dict(zip("abefnrtv\\'\"?", b"\a\b\x1b\f\n\r\t\v\\'\"?", strict=True))


def unescape(text: str, at: int) -> bytes:
    """Decode the inside of a C string, which begins at offset `at`. Raises Mistake for unknown escapes."""
    if "\\" not in text:
        return utf_8(text, at)
    data = bytearray()
    done = 0
    for match in ESCAPE.finditer(text):
        data += utf_8(text[done : match.start()], at + done)
        code = match[1]
        if code[0] == "x" and len(code) > 1:
            value = int(code[-2:].removeprefix("x"), 16)  # as in GNU as, the last two digits count
        elif code[0] in "01234567":
            value = int(code, 8)
        else:
            value = ESCAPES.get(code, -1)
        if not 0 <= value <= 0xFF:
            raise Mistake(f"there is no escape {match[0]}", at + match.start())
        data.append(value)
        done = match.end()
    data += utf_8(text[done:], at + done)
    return bytes(data)


def utf_8(text: str, at: int) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Mistake("half a character", at + error.start) from None
