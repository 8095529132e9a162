"""Packages import one another in one direction (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent


OURS = ("ring1.dbt", "ring1.isa")


def package(module: str) -> str:
    """`ring1.isa`, or a package of `ring1.dbt`."""
    return ".".join(module.split(".")[: 2 + module.startswith("ring1.dbt.")])


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported, inside functions too, but not for annotations alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names) if node.module in OURS else (node.module,)
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        yield from imports(node)


def test_packages_import_in_one_direction() -> None:
    graph: dict[str, set[str]] = {}
    for path in [*ROOT.glob("dbt/**/*.py"), *ROOT.glob("isa/**/*.py")]:
        own = package(".".join(("ring1", *path.relative_to(ROOT).with_suffix("").parts)))
        found = {package(name) for name in imports(ast.parse(path.read_text())) if name.startswith(OURS)}
        graph.setdefault(own, set()).update(found - {own})
    assert len(graph) > 10
    list(TopologicalSorter(graph).static_order())  # raises CycleError


def test_nothing_is_imported_but_as_part_of_the_package() -> None:
    """Installed, there is `ring1` alone: `dbt` and `isa` may be anybody's."""
    folders = ("ring1", "dbt", "isa", "examples", "bench", "tests")
    paths = [path for folder in folders for path in ROOT.joinpath(folder).rglob("*.py")]
    assert len(paths) > 300
    for path in paths:
        for name in imports(ast.parse(path.read_text())):
            assert name.split(".")[0] not in ("dbt", "isa", "examples"), f"{path}: {name}"
            assert path.parts[len(ROOT.parts)] in ("bench", "tests") or not name.startswith(("bench", "tests")), path


def test_the_package_is_made_of_the_folders_beside_it() -> None:
    for name in ("dbt", "isa", "examples"):
        assert (ROOT / "ring1" / name).resolve() == ROOT / name


def test_nothing_is_replaced_at_run_time() -> None:
    """Whoever takes part in what a CPU does is a supervisor (dbt/machine/supervisor.py): no method is assigned to, and
    nothing is set by a computed name, but for the two makers of objects that have none yet."""
    for path in [*ROOT.glob("dbt/**/*.py"), *ROOT.glob("isa/**/*.py")]:
        text, name = path.read_text(), str(path.relative_to(ROOT))
        assert "method-assign" not in text or name == "isa/record.py", path
        assert "setattr(" not in text or name == "isa/asm/kept.py", path
