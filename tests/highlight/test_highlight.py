"""Colours: what the lexers and the grammars take texts for is what assembler and parser take them for, and in VS Code's
own engine it is the same as in Pygments."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Keyword, Name, String, Token, Whitespace, _TokenType

from ring1.dbt.api.loading import program_of
from ring1.dbt.cli.grammar import EPILOG
from ring1.dbt.highlight.language import assembly, description
from ring1.dbt.highlight.lexers import TOKENS, AsmLexer, IsaLexer
from ring1.dbt.highlight.textmate import SCOPES, extension, grammar, text
from ring1.isa.load import load, shipped
from ring1.isa.parse import grammar as parser
from tests.cli.conftest import Command, environment, ring1  # noqa: F401

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("examples/**/*.s"), *ROOT.glob("bench/**/*.s")])
MACHINES = sorted([*ROOT.glob("isa/*.isa"), *ROOT.glob("examples/**/*.isa")])
PROGRAMS = (
    "examples/fib.s",
    "examples/sha256.s",
    "examples/os/kernel.s",
    "examples/life.s",
    "bench/kernels/sha256.s,bench/kernels/kernel.s,bench/kernels/start.s",
)
NODE = shutil.which("node")
MODULES = ROOT / ".venv" / "node" / "node_modules"
TRICKY = """\
/* a comment
   add over lines */ a: b: addi a0, a1, lo(add) # add
x.y = 3; li a0, ';'; li a1, '\\''; nop
.asciz "; add \\" # no" // yes
1:      j 1b; bnez a0, 1f /* add */ ; add a0, add, a0
1:
loop :  mymacro a0, psw, "x"
        addi.x a0; addix a1
        rdcr a0, psw
        .word 0x10, 0b11, 12, hi(a), %lo(a), (1 << 3)
\tunclosed "
        add a0, a1, a2
"""


@cache
def lexer(isa: str = "pg32") -> AsmLexer:
    return AsmLexer(isa=isa, stripnl=False, ensurenl=False)


def is_a(kind: _TokenType, wanted: _TokenType) -> bool:
    return kind[: len(wanted)] == wanted


def placed(source: str, isa: str = "pg32") -> dict[tuple[int, int], tuple[_TokenType, str]]:
    """The tokens by line and column, from 1."""
    found, line, column = {}, 1, 1
    for kind, part in lexer(isa).get_tokens(source):
        found[line, column] = kind, part
        line += part.count("\n")
        column = len(part) - part.rfind("\n") if "\n" in part else column + len(part)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sources(path: Path) -> None:
    """Nothing is lost or an error."""
    source = path.read_text()
    tokens = list(lexer().get_tokens(source))
    assert "".join(part for _, part in tokens) == source
    assert not [part for kind, part in tokens if is_a(kind, Error)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_the_assembler_takes_for_instructions_labels_and_comments(name: str) -> None:
    isa = load("pg32")
    program = program_of(isa, tuple(str(ROOT / each) for each in name.split(",")), None, None)
    mnemonics = {*isa.instructions, *(alias.name for alias in isa.aliases)}
    checked = 0
    for file, source in program.sources:
        tokens = placed(source)
        shown = {part for kind, part in tokens.values() if is_a(kind, Name.Label)}
        lines = source.split("\n")
        for at, _, position in program.lines:
            if position.file != file or at in program.calls or not program.is_code(at):
                continue
            if lines[position.line - 1] == position.text:  # none of a macro's lines, with its arguments
                statement = re.compile(r"(?:\s*[\w.$]+\s*:)*\s*").match(position.text, position.column - 1)
                assert statement is not None
                kind, part = tokens[position.line, statement.end() + 1]
                assert kind is Keyword and part in mnemonics, (position, kind, part)
                checked += 1
        for label in program.symbols:
            if re.search(rf"^{re.escape(label)}:", source, re.MULTILINE):
                assert label in shown
    assert checked > 20
    registers = {part for kind, part in tokens.values() if is_a(kind, Name.Variable)}
    assert registers <= isa.register_numbers.keys() and len(registers) > 2


def test_tricky_text() -> None:
    tokens = [(kind, part) for kind, part in lexer().get_tokens(TRICKY) if not is_a(kind, Whitespace)]
    assert "".join(part for _, part in lexer().get_tokens(TRICKY)) == TRICKY

    def of(wanted: _TokenType) -> list[str]:
        return [part for kind, part in tokens if kind is wanted]

    assert of(Keyword) == ["addi", "li", "li", "nop", "j", "bnez", "add", "rdcr", "add"]
    assert of(Name.Label) == ["a", "b", "1", "1", "loop"]
    assert of(Name.Constant) == ["psw", "psw"]
    assert of(Name.Function) == ["lo", "hi", "%lo"]
    assert of(String) == ["';'", "'\\''", '"; add \\" # no"', '"x"', '"']
    assert of(Comment) == ["# add", "// yes"] and len(of(Comment.Multiline)) == 2
    assert of(Keyword.Pseudo) == [".asciz", ".word"]
    assert {"x.y", "mymacro", "addi.x", "addix"} <= set(of(Name))
    assert of(Token.Literal.Number) == ["3", "1b", "1f", "0x10", "0b11", "12", "1", "3"]


def test_another_machine_has_other_words(tmp_path: Path) -> None:
    path = tmp_path / "my.isa"
    path.write_text('isa my extends pg32v "my own"; insn spy : R(63) { rd = 1; }\n')
    mine = placed("spy a0, a1, a2", str(path))
    assert mine[1, 1] == (Keyword, "spy") and placed("spy a0, a1, a2")[1, 1] == (Name, "spy")
    assert grammar(assembly(load(str(path))))["scopeName"] == "source.my-asm"


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: str(path.relative_to(ROOT)))
def test_descriptions(path: Path) -> None:
    """Words are keywords where the description's own parser takes them for that; all others are names."""
    source = path.read_text()
    tokens = list(IsaLexer(stripnl=False, ensurenl=False).get_tokens(source))
    assert "".join(part for _, part in tokens) == source
    assert not [part for kind, part in tokens if is_a(kind, Error)]
    keywords = {part for kind, part in tokens if kind is Keyword}
    names = {part for kind, part in tokens if kind is Name}
    taken = {(token.type, str(token)) for token in parser().parse_interactive(source).iter_parse()}
    literal = {word for kind, word in taken if word.isalpha() and kind not in ("NAME", "MNEMONIC", "STRING")}
    assert literal <= keywords and not literal & names
    assert {word for kind, word in taken if kind == "NAME"} <= names | keywords


def test_pygments_finds_the_lexers() -> None:
    assert get_lexer_by_name("pg32").name == AsmLexer.name
    assert get_lexer_by_name("ring1-isa").name == IsaLexer.name


def test_every_kind_has_a_token_and_a_scope() -> None:
    languages = [description(), *(assembly(load(name)) for name in shipped())]
    kinds = {rule.kind for each in languages for rule in (*each.comments, *each.head, *each.opening, *each.operands)}
    assert kinds == TOKENS.keys() == SCOPES.keys()


@pytest.mark.skipif(NODE is None or not (MODULES / "vscode-textmate").is_dir(), reason="no node, or no vscode-textmate")
@pytest.mark.parametrize("which", ["assembly", "descriptions"])
def test_vscode_sees_the_same(which: str, tmp_path: Path) -> None:
    """Token by token; but for comments over lines, which VS Code sees line by line."""
    (tmp_path / "tricky.s").write_text(TRICKY)
    asked: AsmLexer | IsaLexer
    if which == "assembly":
        language, files, asked = (
            assembly(load("pg32")),
            [tmp_path / "tricky.s", *SOURCES],
            AsmLexer(stripnl=False, ensurenl=False),
        )
    else:
        language, files, asked = description(), MACHINES, IsaLexer(stripnl=False, ensurenl=False)
    (tmp_path / "grammar.json").write_text(text(grammar(language)))
    done = subprocess.run(
        [str(NODE), str(Path(__file__).with_name("tokens.js")), str(tmp_path / "grammar.json"), *map(str, files)],
        env={"NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    kinds = {f"{scope}.{language.name}": TOKENS[kind] for kind, scope in SCOPES.items()}
    block = f"comment.block.{language.name}"
    for path, tokens in zip(files, json.loads(done.stdout), strict=True):
        seen = [(kinds[scope], part) for _, _, part, scope in tokens if part.strip() and scope in kinds]
        missed = [each for each in tokens if each[2].strip() and each[3] not in kinds and each[3] != block]
        assert not missed, (path, missed[:3])
        own = [(kind, part) for kind, part in asked.get_tokens(path.read_text())]
        wanted = [(kind, part) for kind, part in own if part.strip() and kind is not Comment.Multiline]
        assert seen == wanted, path


def test_the_extension(tmp_path: Path) -> None:
    extension([assembly(load("pg32")), description()], "0.1.0", tmp_path / "made")
    package = json.loads((tmp_path / "made" / "package.json").read_text())
    named = [each["path"] for each in package["contributes"]["grammars"]]
    named += [each["configuration"] for each in package["contributes"]["languages"]]
    assert len(named) == 4 and all((tmp_path / "made" / name).is_file() for name in named)
    (debugger,) = package["contributes"]["debuggers"]
    assert (debugger["program"], debugger["args"], debugger["languages"]) == ("ring1", ["dap"], ["pg32-asm"])


def test_the_command(ring1: Command) -> None:  # noqa: F811
    assert json.loads(ring1("grammar", status=0).out)["scopeName"] == "source.pg32-asm"
    assert json.loads(ring1("grammar", "--descriptions", status=0).out)["scopeName"] == "source.ring1-isa"
    ring1("grammar", "--vscode", "made", status=0)
    assert (ring1.folder / "made" / "package.json").is_file()
    ring1.write("file", "")
    ring1("grammar", "--vscode", "file/made", status=124)
    ring1("grammar", "--isa", "nowhere.isa", status=2)
    assert "pygmentize -l pg32" in EPILOG
