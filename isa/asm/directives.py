"""The table of directives, and the loop of pass one over the statements of a file."""

from __future__ import annotations

from typing import NoReturn

from ring1.isa.asm import data, declare
from ring1.isa.asm.conditions import WORDS as CONDITIONS
from ring1.isa.asm.lines import Head, Mistake, Piece
from ring1.isa.asm.misfit import begins_with, unknown
from ring1.isa.asm.trees import Text
from ring1.isa.asm.unit import Unit


def error(unit: Unit, piece: Piece, begin: Head) -> None:
    """.error "message", .err: report a fault, as the author asks."""
    operands = unit.operands(begin)
    form = operands[0].form if operands else None
    raise Mistake(form.data.decode(errors="replace") if isinstance(form, Text) else f"an {begin.word} directive")


# The directives that decide which statements there are (.macro, .rept, .if, .include) are handled by
# isa/asm/expander.py.
DIRECTIVES: dict[str, data.Directive] = {
    ".byte": data.numbers(1),
    **dict.fromkeys((".half", ".hword", ".short", ".2byte"), data.numbers(2)),
    **dict.fromkeys((".word", ".long", ".int", ".4byte"), data.numbers(4)),
    **dict.fromkeys((".dword", ".quad", ".8byte"), data.numbers(8)),
    ".ascii": data.strings(b""),
    **dict.fromkeys((".asciz", ".string"), data.strings(b"\0")),
    ".uleb128": data.leb(False),
    ".sleb128": data.leb(True),
    **dict.fromkeys((".space", ".skip", ".zero"), data.space),
    ".fill": data.fill,
    **dict.fromkeys((".align", ".p2align"), data.align(power=True)),
    ".balign": data.align(power=False),
    ".org": data.org,
    ".incbin": data.incbin,
    ".section": declare.section,
    **dict.fromkeys((".text", ".rodata", ".data", ".bss"), declare.known_section),
    ".pushsection": declare.push,
    ".popsection": declare.pop,
    ".previous": declare.previous,
    **dict.fromkeys((".globl", ".global", ".weak", ".local"), declare.bind),
    **dict.fromkeys((".equ", ".set", ".equiv"), declare.equ),
    **dict.fromkeys((".comm", ".lcomm"), declare.common),
    **dict.fromkeys((".err", ".error"), error),
}

NO_EFFECT = {
    *(".file", ".ident", ".type", ".size", ".option", ".attribute", ".loc", ".extern"),
    *(".hidden", ".protected", ".internal", ".version"),
}
WORDS = {*DIRECTIVES, *NO_EFFECT, *CONDITIONS}
NO_EFFECT_PREFIXES = (".cfi_", ".addrsig")


def directive(unit: Unit, piece: Piece, begin: Head) -> None:
    """Execute a directive. Raises Mistake."""
    word = begin.word.lower()
    made = DIRECTIVES.get(word)
    if made is not None:
        made(unit, piece, begin)
    elif word not in NO_EFFECT and not word.startswith(NO_EFFECT_PREFIXES):
        strange(unit, begin)


def strange(unit: Unit, begin: Head) -> NoReturn:
    """Reject a statement whose first word is neither an instruction nor a directive nor a macro. Raises Mistake."""
    forms, macros = unit.language.forms, unit.expander.macros
    directives = {*WORDS, *unit.expander.words}
    known = {*forms.names(), *directives, *macros}
    colonless = f".{begin.word}" not in directives and begins_with(begin.rest, known)
    if colonless or not begin.rest:
        unit.expander.skipped.add(begin.word)  # if it was meant to be a label, its uses are not reported
    if colonless:
        raise Mistake(f"a colon is missing after {begin.word}", begin.word_at + len(begin.word))
    raise unknown(forms, begin, directives, macros)


def assemble(unit: Unit) -> None:
    """Assemble the whole file: pass one."""
    for piece, begin in unit.expander.statements(unit.file, unit.text, WORDS):
        try:
            for name, at in begin.labels:
                unit.label(piece, name, at)
            if not begin.word:
                continue
            if begin.assigns:
                unit.assign(piece, begin.word, begin.word_at, begin.rest[1:], begin.rest_at + 1)
            elif begin.word.startswith("."):
                directive(unit, piece, begin)
            elif unit.language.forms.of(begin.word):
                unit.instruction(piece, begin)
            else:
                strange(unit, begin)
        except Mistake as mistake:
            unit.report(piece, mistake)
        except RecursionError:
            unit.report(piece, Mistake("this is nested too deeply"))
    unit.faults += unit.expander.faults
