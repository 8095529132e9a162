"""All commands of the debugger, and how a line names one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ring1.dbt.debug import engine_commands, info, look_commands, point_commands, run_commands
from ring1.dbt.debug.command import BadCommand, Command
from ring1.isa.asm.near import suggestion

GROUPS: Mapping[str, Sequence[Command]] = {
    "running": run_commands.COMMANDS,
    "breakpoints": point_commands.COMMANDS,
    "looking": (*look_commands.COMMANDS, *info.COMMANDS),
    "engines and the past": engine_commands.COMMANDS,
}
"""Commands in the order in which `help` lists them."""
BY_NAME: Mapping[str, Command] = {
    name: command for commands in GROUPS.values() for command in commands for name in command.names
}


def found(word: str) -> Command:
    """Return the command that a word names: a name, or the beginning of just one. Raises BadCommand."""
    if word in BY_NAME:
        return BY_NAME[word]
    begun = {command.names[0]: command for name, command in BY_NAME.items() if name.startswith(word)}
    if len(begun) == 1:
        return next(iter(begun.values()))
    if begun:
        raise BadCommand(f"{word} may be {', '.join(sorted(begun))}")
    raise BadCommand(f"there is no command {word}{suggestion(word, BY_NAME)}; help lists them")


def help_text(rest: str) -> str:
    """Return help about all commands, or about one. Raises BadCommand."""
    if rest.strip():
        command = found(rest.split()[0])
        names = ", ".join(command.names[1:])
        return (
            f"{command.names[0]} {command.usage}".rstrip() + f"\n   {command.text}" + (f" ({names})" if names else "")
        )
    lines = []
    for title, commands in GROUPS.items():
        lines.append(f"{title}:")
        for command in commands:
            usage = f"{command.names[0]} {command.usage}".rstrip()
            short = f" ({', '.join(command.names[1:])})" if command.names[1:] else ""
            lines.append(f"  {usage:<44} {command.text}{short}")
    lines.append("An empty line does the last command again if that moves, lists or examines.")
    lines.append("PLACE is a label, *ADDRESS, LINE or FILE:LINE.")
    return "\n".join(lines)
