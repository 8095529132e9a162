"""Completion in fish."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.cli.interface import Interface, Option, Value

HEAD = """\
# Made by `ring1 completion fish`.
function __ring1_command
    # Have the words of this command been typed, and none of its own commands?
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l names (string match -v -- '-*' $tokens)
    set -l wanted (string split -n ' ' -- $argv[1])
    for at in (seq (count $wanted))
        test "$names[$at]" = "$wanted[$at]"; or return 1
    end
    set -l next (math (count $wanted) + 1)
    not contains -- "$names[$next]" (string split -n ' ' -- $argv[2])
end

complete -c ring1 -f
"""


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def condition(command: Interface) -> str:
    """Return the condition that this command's words are completed."""
    names = " ".join(each.path[-1] for each in command.commands)
    return quoted(f'__ring1_command "{" ".join(command.path[1:])}" "{names}"')


def values(value: Value) -> str:
    """Return the options of `complete` for what a flag takes."""
    made = f" -a {quoted(' '.join(value.words))}" if value.words else ""
    if value.kind == "folder":
        return " -x -a '(__fish_complete_directories)'"
    return (" -rF" if value.kind else " -x") + made


def flags(option: Option) -> str:
    made = ""
    for flag in option.flags:
        made += f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}"
    taken = "" if option.value is None or option.optional else values(option.value)
    return f"{made}{taken} -d {quoted(option.text)}"


def lines(command: Interface) -> Iterator[str]:
    begin = f"complete -c ring1 -n {condition(command)}"
    for option in command.options:
        yield begin + flags(option)
    for each in command.commands:
        yield f"{begin} -f -a {quoted(each.path[-1])} -d {quoted(each.text)}"
    for operand in command.operands:
        taken = operand.value or Value("")
        words = f" -a {quoted(' '.join(taken.words))}" if taken.words else ""
        if taken.kind or words:
            yield begin + (" -F" if taken.kind else "") + words


def script(top: Interface) -> str:
    """Return the script that fish reads."""
    return HEAD + "".join(f"{line}\n" for command in top.all() for line in lines(command))
