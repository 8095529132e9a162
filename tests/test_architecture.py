"""Files and packages import one another in one direction (docs/architecture.md), for annotations too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES

ROOT = Path(__file__).parent.parent

Graph = Mapping[str, set[str]]
"""Who imports whom."""


def module(path: Path) -> str:
    """The name that a file of `isa` or `dbt` is imported by."""
    parts = ("ring1", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module(path): path for folder in ("dbt", "isa") for path in ROOT.joinpath(folder).rglob("*.py")}


def package(name: str) -> str:
    """`ring1.isa`, or a package of `ring1.dbt`."""
    return ".".join(name.split(".")[: 2 + name.startswith("ring1.dbt.")])


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported, inside functions and for annotations alone too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield inner if inner in FILES else node.module
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@cache
def files() -> Graph:
    return {name: set(imports(parsed(path))) & FILES.keys() - {name} for name, path in FILES.items()}


def packages(graph: Graph) -> Graph:
    made: dict[str, set[str]] = {}
    for name, found in graph.items():
        made.setdefault(package(name), set()).update({package(other) for other in found} - {package(name)})
    return made


def in_order(graph: Graph) -> list[str]:
    """Whoever is imported before whoever imports it. Raises CycleError."""
    return list(TopologicalSorter(graph).static_order())


def test_files_and_packages_import_in_one_direction() -> None:
    graph = files()
    assert sum(map(len, graph.values())) > 1000
    in_order(graph)
    assert len(in_order(packages(graph))) > 10


def test_a_circle_is_found_for_annotations_too() -> None:
    back = ast.parse("if TYPE_CHECKING:\n    from ring1.dbt.vmm.vm import Vm\n")
    graph = files()
    assert "ring1.dbt.machine.step" in graph["ring1.dbt.vmm.vm"]
    changed = {**graph, "ring1.dbt.machine.step": graph["ring1.dbt.machine.step"] | set(imports(back))}
    for each in (changed, packages(changed)):
        with pytest.raises(CycleError):
            in_order(each)


def test_nothing_is_imported_but_as_part_of_the_package() -> None:
    """Installed, there is `ring1` alone: `dbt` and `isa` may be anybody's."""
    folders = ("dbt", "isa", "examples", "bench", "tests")
    paths = [*ROOT.glob("ring1/*.py"), *(path for folder in folders for path in ROOT.joinpath(folder).rglob("*.py"))]
    assert len(paths) > 300
    for path in paths:
        for name in imports(parsed(path)):
            assert name.split(".")[0] not in ("dbt", "isa", "examples"), f"{path}: {name}"
            assert path.parts[len(ROOT.parts)] in ("bench", "tests") or not name.startswith(("bench", "tests")), path


def test_the_package_is_made_of_the_folders_beside_it() -> None:
    for name in ("dbt", "isa", "examples"):
        assert (ROOT / "ring1" / name).resolve() == ROOT / name


def test_nothing_is_replaced_at_run_time() -> None:
    """Whoever takes part in what a CPU does is a supervisor (dbt/machine/supervisor.py): no method is assigned to, and
    nothing is set by a computed name, but for the maker of objects that have none yet."""
    for path in [*ROOT.glob("dbt/**/*.py"), *ROOT.glob("isa/**/*.py")]:
        text, name = path.read_text(), str(path.relative_to(ROOT))
        assert "method-assign" not in text, path
        assert not re.search(r"\bsetattr\(", text) or name == "isa/asm/kept.py", path


REPORTING = ("cli", "compare", "fuzz", "measure", "report")
"""Packages that ask engines what they have done."""


def probed(tree: ast.AST) -> Iterator[str]:
    """Where an engine is asked for what it may not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("getattr", "hasattr", "setattr", "vars") and "engine" in ast.unparse(node.args[0]):
                yield ast.unparse(node)


def test_engines_are_asked_for_declared_members_alone() -> None:
    assert list(probed(ast.parse('work = getattr(getattr(vm.engine, "supply", None), "work", None)')))
    for name, path in FILES.items():
        if name.startswith(tuple(f"ring1.dbt.{folder}." for folder in REPORTING)):
            assert not list(probed(parsed(path))), path


WORDS = {"trap"}
"""Names of techniques that are words for other things too: why a guest stops, for one."""


def own(path: Path, name: str) -> bool:
    """Is this the table, or a file of the technique's own?"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:2] == ("dbt", "engines") and parts[2] in ("table", name)


def test_techniques_are_named_in_the_table_and_in_their_own_files() -> None:
    """Whoever wants to know something of a technique asks its row."""
    for path in FILES.values():
        constants = {node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant)}
        named = {name for name in ENGINES.keys() - WORDS if name in constants and not own(path, name)}
        assert not named, path
