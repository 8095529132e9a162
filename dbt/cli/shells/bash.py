"""Completion in bash."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from ring1.dbt.cli.interface import Interface, Value

HEAD = """\
# Made by `ring1 completion bash`.
_ring1() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=ring1 at
    # bash splits --option=value into three words
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for ((at = 1; at < COMP_CWORD; at++)); do
        case "$command ${COMP_WORDS[at]}" in
"""
VALUES = """\
        esac
    done
    COMPREPLY=()
    case "$command $before" in
"""
OPERANDS = """\
    esac
    case $command in
"""
TAIL = """\
    esac
}

_ring1_complete() {
    # $1: what values are, $2: words
    mapfile -t COMPREPLY < <(
        compgen -W "$2" -- "$word"
        case $1 in
            file) compgen -f -- "$word" ;;
            folder) compgen -d -- "$word" ;;
        esac
    )
    [[ $1 ]] && compopt -o filenames 2> /dev/null
}

complete -F _ring1 ring1
"""


def reply(kind: str, words: tuple[str, ...]) -> str:
    return f"_ring1_complete {quote(kind)} {quote(' '.join(words))}"


def values(command: Interface) -> Iterator[tuple[str, Value]]:
    """Yield the flags of a command that take a value."""
    for option in command.options:
        if option.value is not None:
            for flag in option.flags:
                yield flag, option.value


def operand(command: Interface) -> str:
    """Return what completes a word that is no value of an option."""
    flags = tuple(flag for option in command.options for flag in option.flags)
    names = tuple(each.path[-1] for each in command.commands)
    taken = [each.value for each in command.operands if each.value is not None]
    words = tuple(word for each in taken for word in each.words)
    kind = next((each.kind for each in taken if each.kind), "")
    return f"if [[ $word == -* ]]; then {reply('', flags)}; else {reply(kind, names + words)}; fi"


def script(top: Interface) -> str:
    """Return the script that bash reads."""
    found = list(top.all())
    paths = "|".join(quote(each.name) for each in found[1:])
    lines = [HEAD, f'            {paths}) command+=" ${{COMP_WORDS[at]}}" ;;\n', VALUES]
    for command in found:
        for flag, value in values(command):
            lines.append(f"        {quote(f'{command.name} {flag}')}) {reply(value.kind, value.words)}; return ;;\n")
    lines.append(OPERANDS)
    lines += [f"        {quote(command.name)}) {operand(command)} ;;\n" for command in found]
    return "".join([*lines, TAIL])
