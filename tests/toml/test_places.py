"""Where keys and values of TOML texts stand: beside what tomllib reads."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.toml.places import Path, Places

TEXT = '''# a comment with = and [brackets]
title = "x # y"
"quoted key" = 'it''s'
[defaults]
engines = [ "a", # hi ]
  "b" ]
[[case]]
name = """a "quoted" \\
  text"""
registers = { a0 = 5, "s p" = "0x10" }
memory.counter = 5
memory."a.b" = [1, 2]
[case.deep]
x = 1979-05-27T07:32:00Z
[[case]]
name = \'\'\'
raw\'\'\'
lists = [[1, 2], [{ y = 3 }]]
'''.replace("'it''s'", "'its'")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All values that are neither tables nor lists, by their paths."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
    for key, each in items or ():
        yield from leaves(each, (*path, key))


def test_every_value_has_its_place() -> None:
    places = Places(TEXT)
    found = dict(leaves(tomllib.loads(TEXT)))
    assert found.keys() <= places.values.keys()
    for path, begins in {
        ("title",): '"x # y"',
        ("quoted key",): "'its'",
        ("defaults", "engines", 1): '"b" ]',
        ("case", 0, "registers", "s p"): '"0x10"',
        ("case", 0, "memory", "a.b", 1): "2]",
        ("case", 0, "deep", "x"): "1979",
        ("case", 1, "name"): "'''\nraw",
        ("case", 1, "lists", 1, 0, "y"): "3 }",
    }.items():
        assert TEXT[places.values[path] :].startswith(begins), path
    for path, begins in {
        ("case", 0): 'case]]\nname = "',
        ("case", 1): "case]]\nname = '",
        ("case", 0, "memory", "a.b"): '"a.b" =',
        ("case", 1, "lists", 1, 0, "y"): "y = 3",
    }.items():
        assert TEXT[places.keys[path] :].startswith(begins), path
    assert places.key_at(("case", 1, "nothing", 5)) == places.keys["case", 1]


VALUES = st.recursive(
    st.one_of(st.integers(-(2**40), 2**40), st.booleans(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def written(value: object) -> str:
    """A value in TOML, on one line; its strings are JSON's."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{written(key)} = {written(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[ " + ", ".join(map(written, value)) + " ]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@given(st.dictionaries(st.text(min_size=1, max_size=6), st.dictionaries(st.text(min_size=1, max_size=6), VALUES)))
def test_whatever_there_is_in_a_text(tables: dict[str, dict[str, Any]]) -> None:
    text = "".join(
        f"[{written(name)}]\n" + "".join(f"{written(key)} = {written(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    read = tomllib.loads(text)
    assert read == tables
    places = Places(text)
    for path, value in leaves(read):
        at = places.values[path]
        assert text[at:].startswith(written(value)), (path, text)
        assert text[places.keys[path[:2]] :].startswith(written(path[1]))
