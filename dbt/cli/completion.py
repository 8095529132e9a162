"""`ring1 completion`: prints what a shell completes the command line by."""

from __future__ import annotations

import argparse
import importlib

from ring1.dbt.cli import streams

SHELLS = ("bash", "zsh", "fish")
"""Each is a file dbt/cli/shells/SHELL.py with `script(interface)`."""
DESCRIPTION = """\
Print a script by which a shell completes commands, options and their values. It is derived from the options that there
are, so print it again when there is another ring1.
"""
EPILOG = """\
  bash   source <(ring1 completion bash), in ~/.bashrc
  zsh    ring1 completion zsh > _ring1, in a directory of fpath; or source <(ring1 completion zsh), behind compinit
  fish   ring1 completion fish | source, in config.fish
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument("shell", choices=SHELLS, help="for which shell")


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.cli.interface import whole

    made = importlib.import_module(f"ring1.dbt.cli.shells.{arguments.shell}")
    streams.write(made.script(whole(arguments.registry)))
    return 0
