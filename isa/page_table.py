"""The reader of a description's `paging` item."""

from __future__ import annotations

from lark import Token, Tree

from ring1.isa import places
from ring1.isa import semantics as s
from ring1.isa.elaborate import Unit, integer
from ring1.isa.events import settings
from ring1.isa.model import WORD, Access, Bits, Paging
from ring1.isa.names import Names
from ring1.isa.state import bits

HOST_PAGE = 12
"""log2 of the host's page size in bytes: nothing smaller can be mapped or protected."""


def paging(names: Names, unit: Unit, item: Tree[Token]) -> Paging:
    """Read how addresses are translated."""
    when, *rows = item.children
    fail = names.scope(unit).fail
    trees: dict[str, Tree[Token]] = {}
    for row in rows:
        assert isinstance(row, Tree)
        if row.data in ("page", "levels", "entry") and trees.setdefault(str(row.data), row) is not row:
            unit.fault(row, f"{row.data} is given twice")
    for kind in ("page", "levels", "entry"):
        if kind not in trees:
            raise fail(item, f"missing: {kind}")
    size = integer(trees["entry"].children[0])
    page = integer(trees["page"].children[0])
    levels = tuple(integer(n) for n in trees["levels"].children)
    if page < HOST_PAGE:
        unit.fault(
            trees["page"], f"pages have {1 << HOST_PAGE} bytes or more, as the host's: page {HOST_PAGE} or above"
        )
    if 0 in levels:
        unit.fault(trees["levels"], "a level has one bit or more")
    if page + sum(levels) != WORD:
        unit.fault(trees["levels"], f"{page} bits of page and {sum(levels)} of levels are not {WORD}")
    if size not in (4,):
        unit.fault(trees["entry"], "a page-table entry has 4 bytes")
    fields = bits(names, unit, trees["entry"].children[1:], 8 * size)
    for row, field in zip(trees["entry"].children[1:], fields, strict=False):
        if field.source is not None:
            unit.fault(row, f"{field.name} is a field of an entry, which is in memory, and not computed")
    masks = {b.name: b for b in fields}
    keys = ("root", "frame", "invalid", "leaf", "denied", "accessed", "dirty")
    found = settings(names, unit, item, rows, *keys)
    scope = names.scope(unit, (), {b.name: b.hi - b.lo + 1 for b in fields})

    def named(key: str) -> Bits | None:
        node = found.get(key)
        if node is None:
            return None
        value = scope.expr(node, None)
        if not isinstance(value, s.Local):
            raise fail(node, f"{key} is one field of the entry")
        if key != "frame" and value.width != 1:
            unit.fault(node, f"{key} is one bit, and {value.name} has {value.width}")
        return masks[value.name]

    access: dict[str, Access] = {}
    for row in rows:
        if isinstance(row, Tree) and row.data == "access":
            right, allowed, cause = row.children
            if str(cause) not in names.causes:
                raise fail(cause, f"unknown cause {cause}")
            if str(right) in access:
                unit.fault(row, f"{right} is given twice")
            access[str(right)] = Access(scope.expr(allowed, 1), names.causes[str(cause)].number)
    for kind in ("fetch", "load", "store"):
        if kind not in access:
            raise fail(item, f"missing: {kind}")
    what = "what an address means cannot depend on"
    spaces = names.scope(unit)
    when_, root = spaces.expr(when, 1), spaces.expr(found["root"], None)
    rights = {key: scope.expr(found[key], 1) for key in ("invalid", "leaf", "denied")}
    asked = [(when, when_), (found["root"], root), *((found[key], e) for key, e in rights.items())]
    asked += [
        (row, access[str(row.children[0])].allowed) for row in rows if isinstance(row, Tree) and row.data == "access"
    ]
    for at, e in asked:
        places.refuse(unit, at, what, names.controls, places.STEADY, places.ADDRESSING, e)
    frame, accessed, dirty = named("frame"), named("accessed"), named("dirty")
    assert frame is not None
    return Paging(
        when=when_,
        root=root,
        page=page,
        levels=levels,
        entry=size,
        fields=fields,
        frame=frame,
        **rights,
        fetch=access["fetch"],
        load=access["load"],
        store=access["store"],
        accessed=accessed.mask if accessed else 0,
        dirty=dirty.mask if dirty else 0,
    )
