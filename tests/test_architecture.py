"""Packages import one another in one direction (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent


def package(module: str) -> str:
    """`isa`, or a package of `dbt`."""
    return ".".join(module.split(".")[: 1 + module.startswith("dbt.")])


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported, inside functions too, but not for annotations alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"dbt.{name.name}" for name in node.names) if node.module == "dbt" else (node.module,)
        yield from imports(node)


def test_packages_import_in_one_direction() -> None:
    graph: dict[str, set[str]] = {}
    for path in [*ROOT.glob("dbt/**/*.py"), *ROOT.glob("isa/**/*.py")]:
        own = package(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found = {package(name) for name in imports(ast.parse(path.read_text())) if name.split(".")[0] in ("dbt", "isa")}
        graph.setdefault(own, set()).update(found - {own})
    assert len(graph) > 10
    list(TopologicalSorter(graph).static_order())  # raises CycleError
