"""The keys of a case, and how their values are read."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.toml.fields import Key, Wrong, data, flag, names, number, one_of, scaled, seconds, table, text, whole

REASONS = ("exit", "trap", "double-fault", "halt", "refused", "limit", "output")
"""Why a guest may be expected to stop (see ring1.dbt.machine.stop)."""
THEOREMS = {"1": 1, "2": 2, "3": 3}


def word(value: object) -> int:
    found = whole(-(1 << 31), (1 << 32) - 1)(value)
    return found & 0xFFFFFFFF


def word_or_label(value: object) -> int | str:
    return value if isinstance(value, str) else word(value)


def contents(value: object) -> int | tuple[int, ...] | bytes:
    """Read what is expected in memory: a word, a list of words, or a text for its bytes."""
    if isinstance(value, str):
        return value.encode()
    if not isinstance(value, list):
        return word(value)
    made = []
    for n, each in enumerate(value):
        try:
            made.append(word(each))
        except Wrong as wrong:
            raise Wrong(str(wrong), (n,)) from None
    return tuple(made)


def theorems(value: object) -> tuple[tuple[int, bool], ...]:
    found = table(flag)(value)
    for name, _ in found:
        if name not in THEOREMS:
            raise Wrong(f"there are theorems {', '.join(THEOREMS)}", (name,))
    return tuple((THEOREMS[name], holds) for name, holds in found)


KEYS: Mapping[str, Key] = {
    "name": Key(text, "what the case is called; without it, its file or number"),
    "program": Key(names, "the files of the program, assembly or one image"),
    "isa": Key(text, "the machine: a name, or a description's file"),
    "engines": Key(names, "engines that must agree; the first one's run is compared with what is expected"),
    "stdin": Key(data, "what is typed on the console"),
    "stdin_file": Key(text, "the same, from a file"),
    "arguments": Key(names, "arguments of a C program, its name first"),
    "disk": Key(text, "a file of which the machine has a copy for its disk"),
    "ram": Key(scaled(1024, '"64K" or "16M"'), "bytes of RAM"),
    "seed": Key(whole(0, (1 << 32) - 1), "what the entropy device begins with"),
    "max_insns": Key(scaled(1000, '"500k" or "10M"'), "most instructions"),
    "timeout": Key(seconds, "most seconds of processor time"),
    "max_output": Key(scaled(1024, '"64K" or "1M"'), "most bytes of output"),
    "stop": Key(one_of(REASONS), "why the guest is to stop; without it by itself, with an exit code"),
    "exit": Key(whole(0, 255), "the exit code"),
    "output": Key(data, "all that is to be output"),
    "output_file": Key(text, "the same, from a file"),
    "contains": Key(names, "texts that are to be in the output, in this order"),
    "registers": Key(table(word_or_label), "registers at the end; the value of a text is the label's address"),
    "memory": Key(table(contents), "memory at the end, by label or address: a word, words, or a text"),
    "theorems": Key(theorems, "theorems of Popek and Goldberg, and whether they are to hold of the machine"),
    "holes": Key(names, "instructions that are to be sensitive and not privileged, and no others"),
    "points": Key(number, "what the case is worth"),
    "hint": Key(text, "what is told to whoever fails"),
    "hidden": Key(flag, "is nothing told but the name and the hint?"),
}
"""The keys of a case, in the order of the manual."""
LIMITS = {"max_insns": "insns", "timeout": "seconds", "max_output": "output"}
"""Keys of Limits."""
EXCLUDE = (("output", "output_file"), ("stdin", "stdin_file"))
"""Keys of which a case has one at most."""
