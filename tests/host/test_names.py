"""What knows x86-64 is below dbt/host/x86_64."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ring1.dbt.host.x86_64.registers import NAMES

ROOT = Path(__file__).resolve().parents[2]
HOST = ROOT / "dbt/host/x86_64"
KVM = ROOT / "dbt/engines/kvm"
"""A virtual CPU of the host's is an x86-64 processor whatever generated code is made for: the engine sets its registers
through KVM's interface, and tells them when it has stopped."""
REGISTERS = {name for row in NAMES.values() for name in row if len(name) > 2} | {
    "rsp",
    "rbp",
    "ebp",
    "esp",
    "rip",
    "xmm0",
}
MNEMONICS = frozenset(
    (
        "mov",
        "movzx",
        "movsx",
        "movsxd",
        "movd",
        "movq",
        "lea",
        "cmp",
        "jmp",
        "jne",
        "jae",
        "shl",
        "shr",
        "sar",
        "shlx",
        "shrx",
        "sarx",
        "rorx",
        "imul",
        "idiv",
        "cdq",
        "pextrb",
        "pextrw",
        "setne",
        "sete",
        "iretq",
    )
)
"""Of those that instructions have here, what is a word of nothing else."""
WORDS = re.compile("[a-z]+[0-9]*[a-z]?|[a-z]+")


def said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names and constants of a module, docstrings left out: they may tell what a host does."""
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield 0, node.asname or node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name


def found(source: str) -> list[tuple[int, str]]:
    """Where a source says a host's register or instruction: line and word."""
    return [
        (line, word)
        for line, text in said(ast.parse(source))
        for word in WORDS.findall(text.lower())
        if word in REGISTERS or word in MNEMONICS
    ]


COMMANDS = "dbt/debug/run_commands.py:"


def test_it_is_noticed() -> None:
    sources = (
        'emit(f"mov {x}, 1")',
        "FAULT_RAX = 1",
        "def put(r14): ...",
        'x = "[rbp+8]"',
        "from x import EAX as y, R9D",
    )
    assert all(map(found, sources[:4])) and found("from x import R9D")
    assert not found('"""Moves rax."""\nx = "and, or, not, call, test"')


def test_nobody_else_names_registers_or_instructions_of_the_host() -> None:
    paths = [p for p in ROOT.glob("dbt/**/*.py") if HOST not in p.parents and KVM not in p.parents]
    assert len(paths) > 150
    wrong = [f"{p.relative_to(ROOT)}:{line}: {word}" for p in paths for line, word in found(p.read_text())]
    assert not [at for at in wrong if not at.startswith(COMMANDS) or not at.endswith(": rsi")]  # gdb's reverse-stepi


def test_only_who_chooses_the_host_imports_one() -> None:
    """By host/present.py; kvm is the engine that is this host's."""
    paths = [p for p in ROOT.glob("dbt/**/*.py") if HOST not in p.parents and KVM not in p.parents]
    imports = re.compile(r"^ *(from|import) ring1\.dbt\.host\.x86_64", re.MULTILINE)
    importing = {str(p.relative_to(ROOT)) for p in paths if imports.search(p.read_text())}
    assert importing == {"dbt/host/present.py"}


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def adds(call: ast.Call, before: int) -> bool:
    """Does an address have a register beside its base, the argument behind the first `before`?"""
    return len(call.args) > before or any(keyword.arg == "added" for keyword in call.keywords)


def test_an_index_is_a_bounded_value() -> None:
    """Nobody writes an access at a base and a register but by Code.window and Code.entry, which ask for a Value's
    bound. (`lea` computes, and accesses nothing: of size 0.)"""
    made = 0
    for path in HOST.rglob("*.py"):
        tree = ast.parse(path.read_text())
        for call in calls(tree, "Memory"):
            size = call.args[0]
            nothing = isinstance(size, ast.Constant) and size.value == 0
            assert nothing or not adds(call, 2) or path.name == "operations.py", f"{path}:{call.lineno}"
            made += 1
        for call in calls(tree, "Address"):
            assert not adds(call, 1) or path.name == "code.py", f"{path}:{call.lineno}"
            made += 1
    assert made > 15
