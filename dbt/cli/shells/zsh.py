"""Completion in zsh."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from ring1.dbt.cli.interface import Interface, Option, Value

HEAD = """\
#compdef ring1
# Made by `ring1 completion zsh`.

_ring1_words_or_files() {
    compadd -- "$@"
    _files
}
"""
TAIL = """
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _ring1 "$@"
else
    compdef _ring1 ring1
fi
"""
SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\[]:()"})


def function(command: Interface) -> str:
    return "_" + "_".join(command.path)


def action(value: Value) -> str:
    """Return what completes a value, as `_arguments` has it."""
    words = " ".join(word.translate(SPECIAL) for word in value.words)
    if value.kind == "folder":
        return "_files -/"
    if value.kind:
        return f" _ring1_words_or_files {words}" if words else "_files"
    return f"({words})" if words else ""


def specifications(option: Option) -> Iterator[str]:
    """Yield the specifications of an option, one for each of its names."""
    taken = option.value
    text = option.text.translate(SPECIAL)
    for flag in option.flags:
        excluded = "*" if option.several else f"({' '.join(option.flags)})" if len(option.flags) > 1 else ""
        joined = "" if taken is None else "=" if flag.startswith("--") else "+"
        if option.optional:
            joined = "=-"
        value = (
            "" if taken is None else f"{':' * (1 + option.optional)}{taken.shown.translate(SPECIAL)}:{action(taken)}"
        )
        yield f"{excluded}{flag}{joined}[{text}]{value}"


def operand(option: Option) -> str:
    taken = option.value or Value("")
    return f"{'*' if option.several else ''}:{taken.shown.translate(SPECIAL)}:{action(taken)}"


def body(command: Interface) -> Iterator[str]:
    """Yield the lines of a command's function."""
    lines = [each for option in command.options for each in specifications(option)]
    if command.commands:
        lines += ["1: :->command", "*:: :->arguments"]
        yield "    local curcontext=$curcontext state line"
    else:
        lines += [operand(each) for each in command.operands]
    yield "    _arguments -C \\\n" + " \\\n".join(f"        {quote(line)}" for line in lines)
    if command.commands:
        described = " ".join(quote(f"{each.path[-1]}:{each.text}") for each in command.commands)
        yield "    case $state in"
        yield f"        command) local -a names=({described}); _describe command names ;;"
        yield "        arguments) case $line[1] in"
        yield from (f"            {each.path[-1]}) {function(each)} ;;" for each in command.commands)
        yield "        esac ;;"
        yield "    esac"


def script(top: Interface) -> str:
    """Return the script that zsh reads: as a file `_ring1` on its fpath, or by `source`."""
    functions = [f"\n{function(each)}() {{\n" + "\n".join(body(each)) + "\n}\n" for each in top.all()]
    return HEAD + "".join(functions) + TAIL
