"""The command line as data, read off the argument parsers: what completion and the manual page are made of."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ring1.dbt.cli.main import COMMANDS, DESCRIPTION, EPILOG, parsers
from ring1.dbt.engines.registry import Registry
from ring1.isa.load import shipped
from ring1.isa.record import Record

PROGRAM = "ring1"
FILES = {"FILE", "OUT", "CASES", "SUBMISSION", "OLD.json"}
"""Words for values that are names of files."""
FOLDER = "DIR"
MACHINE = "NAME|FILE"


class Value(Record):
    """What an option or an operand takes. `words`: values that are known. `kind`: "file", "folder", or ""."""

    shown: str
    words: tuple[str, ...] = ()
    kind: str = ""


class Option(Record):
    """`flags`: its names, none for an operand. `several`: it may be given more than once. `optional`: it may be given
    without a value."""

    flags: tuple[str, ...]
    text: str
    value: Value | None = None
    several: bool = False
    optional: bool = False


class Interface(Record):
    """A command with its options, operands and commands of its own."""

    path: tuple[str, ...]
    text: str
    """A line."""
    description: str
    epilog: str
    usage: str
    options: tuple[Option, ...]
    operands: tuple[Option, ...]
    commands: tuple[Interface, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(self.path)

    def all(self) -> Iterator[Interface]:
        """Yield this command and all below it."""
        yield self
        for command in self.commands:
            yield from command.all()


def value(action: argparse.Action) -> Value | None:
    """Return what an option takes; None if it is a switch."""
    if action.nargs == 0:
        return None
    choices = tuple(map(str, action.choices or ()))
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    shown = metavar or ("{" + ",".join(choices) + "}" if choices else action.dest.upper())
    if metavar.startswith(MACHINE):
        return Value(shown, tuple(shipped()), "file")
    kind = "folder" if metavar == FOLDER else "file" if FILES & set(metavar.split("|")) else ""
    return Value(shown, choices, kind)


def option(parser: argparse.ArgumentParser, action: argparse.Action) -> Option:
    text = " ".join(parser._get_formatter()._expand_help(action).split()) if action.help else ""
    several = isinstance(action, argparse._AppendAction) or action.nargs in ("*", "+")
    return Option(tuple(action.option_strings), text, value(action), several, action.nargs == "?")


def interface(path: tuple[str, ...], text: str, parser: argparse.ArgumentParser) -> Interface:
    """Return a command as its parser has it."""
    options: list[Option] = []
    operands: list[Option] = []
    commands: list[Interface] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {each.dest: each.help or "" for each in action._get_subactions()}
            commands += [interface((*path, name), helps[name], inner) for name, inner in action.choices.items()]
        else:
            (options if action.option_strings else operands).append(option(parser, action))
    usage = " ".join(parser.format_usage().split()).removeprefix("usage: ")
    return Interface(
        path,
        text,
        parser.description or "",
        parser.epilog or "",
        usage,
        tuple(options),
        tuple(operands),
        tuple(commands),
    )


def whole(registry: Registry) -> Interface:
    """Return the whole command line."""
    top, _ = parsers(None, registry)
    commands = []
    for name, text in COMMANDS.items():
        _, parser = parsers(name, registry)
        commands.append(interface((PROGRAM, name), text, parser))
    own = tuple(option(top, action) for action in top._actions if action.option_strings)
    usage = " ".join(top.format_usage().split()).removeprefix("usage: ")
    text = "a laboratory of virtualization"
    return Interface((PROGRAM,), text, DESCRIPTION, EPILOG, usage, own, (), tuple(commands))
