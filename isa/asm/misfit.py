"""Explanations of malformed statements, in terms of what the author may have meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from ring1.isa.asm.choose import Match, Misfit
from ring1.isa.asm.forms import Forms, GroupSlot, IndexedSlot, Pattern, Slot
from ring1.isa.asm.lines import Head, Mistake, head
from ring1.isa.asm.near import suggestion
from ring1.isa.asm.nodes import Group, Symbol
from ring1.isa.asm.trees import Gap, Indexed, Operand

MOST_FORMS = 4
"""The most forms that one message shows."""


def unknown(forms: Forms, begin: Head, directives: Collection[str], macros: Collection[str]) -> Mistake:
    """Explain why a statement begins with neither an instruction nor a directive nor a macro."""
    word = begin.word
    if word.startswith("."):
        return Mistake(f"unknown directive {word}" + suggestion(word, [*directives, *macros]))
    meant = forms.isa.hints.get(word.lower())
    if meant is not None:
        return Mistake(f"unknown instruction {word}; {forms.isa.name} has {syntaxes(forms, meant)}")
    close = suggestion(word, {*forms.names(), *macros})
    if f".{word}" in directives:
        close = f"; did you mean .{word}?"
    elif not close and not begin.rest:
        close = f"; a label is written {word}:"
    return Mistake(f"unknown instruction {word}{close}")


def begins_with(text: str, known: Collection[str]) -> bool:
    """Is this text a statement of its own, with or without operands?"""
    with suppress(Mistake):
        begin = head(text)
        return begin.word in known and not begin.labels and begin.rest[:1] not in tuple(",+-*/&|^<>=?)")
    return False


def explained(forms: Forms, misfit: Misfit) -> Mistake:
    """Explain what is wrong with operands that fit no form of their mnemonic."""
    mnemonic, operands = misfit.mnemonic, misfit.operands
    tried, syntax = forms.of(mnemonic), syntaxes(forms, mnemonic)
    gap = next((n for n, operand in enumerate(operands) if isinstance(operand.form, Gap)), None)
    if gap is not None:
        return Mistake(f"operand {gap + 1} is missing; it is written {syntax}", operands[gap].at)
    counts = {len(form.patterns) for form in tried}
    if len(operands) not in counts:
        extra = operands[max(counts)] if len(operands) > max(counts) else None
        message = f"{mnemonic} with {number_of(len(operands))}; it is written {syntax}"
        return Mistake(message, extra.at if extra else None)
    # The form that matches the furthest is taken to be the one that was meant.
    fitting = [form for form in tried if len(form.patterns) == len(operands)]
    reached = {n: Match(forms).all(form, operands) for n, form in enumerate(fitting)}
    best = max(reached, key=lambda n: reached[n] or 0)
    wrong = reached[best] or 0
    operand = operands[wrong]
    why, closer = wanted(forms, fitting[best].patterns[wrong], operand)
    return Mistake(f"{why}; it is written {syntax}{closer}", operand.at)


def syntaxes(forms: Forms, mnemonic: str) -> str:
    """Show the forms of a mnemonic."""
    found = dict.fromkeys(form.syntax for form in forms.of(mnemonic))
    return " or ".join(f"'{s}'" for s in [*found][:MOST_FORMS])


def number_of(operands: int) -> str:
    return "no operands" if not operands else "one operand" if operands == 1 else f"{operands} operands"


def wanted(forms: Forms, pattern: Pattern, operand: Operand) -> tuple[str, str]:
    """Say why an operand does not fit, and what may have been meant."""
    form = operand.form
    if isinstance(pattern, IndexedSlot) and isinstance(form, Indexed):
        pattern, form = pattern.base, form.base
    if isinstance(pattern, GroupSlot) and isinstance(form, Group):
        pattern, form = pattern.base, form.a
    if isinstance(pattern, IndexedSlot):
        return f"{pattern.offset.name}({pattern.base.name}) must stand here", ""
    if isinstance(pattern, GroupSlot):
        return f"({pattern.base.name}) must stand here", ""
    if pattern.kind == "value":
        return "an expression must stand here", ""
    shown = form.name if isinstance(form, Symbol) else str(form) if isinstance(form, int) else "this"
    if pattern.kind == "literal":
        return f"{shown} is not {pattern.name}", ""
    name = form.name if isinstance(form, Symbol) else ""
    if pattern.kind == "control":
        close = suggestion(name, forms.controls)
        return f"{shown} is not a control register" + ("" if close else f" ({' '.join(forms.controls)})"), close
    # All register names are near to each other, so only a difference in case is suggested.
    close = suggestion(name, {name.lower()} & forms.registers.keys())
    return f"{shown} is not a register" + ("" if close else f" ({' '.join(registers(forms))})"), close


def registers(forms: Forms) -> Sequence[str]:
    """Return the registers by their preferred names, and the names of the register files."""
    isa = forms.isa
    counted = [f"{file}0..{file}{len(isa.registers) - 1}" for file in (isa.file, *isa.more_files)]
    return [*(names[0] for names in isa.registers), *counted]


def might_be_register(forms: Forms, begin: Head, operands: Sequence[Operand], symbol: Symbol) -> bool:
    """Does the statement's mnemonic have a form with a register in the place of this symbol?"""
    number = next((n for n, operand in enumerate(operands) if operand.form == symbol), None)
    if number is None:
        return False
    patterns = [f.patterns for f in forms.of(begin.word) if len(f.patterns) == len(operands)]
    slots = [p[number] for p in patterns]
    return any(isinstance(slot, Slot) and slot.kind == "register" for slot in slots)
