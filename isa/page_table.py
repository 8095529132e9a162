"""The reader of a description's `paging` item."""

from __future__ import annotations

from lark import Token, Tree

from ring1.isa import places
from ring1.isa import semantics as s
from ring1.isa.elaborate import Node, Unit, integer
from ring1.isa.events import settings
from ring1.isa.model import KINDS, WORD, Access, Bits, Paging
from ring1.isa.names import Names
from ring1.isa.simplify import rebuilt
from ring1.isa.state import bits

WHO, FETCHES, DATA = "who", "fetch", "data"
SECOND = "table", "misconfigured"
"""What second tables say besides."""
FIRST = "denied", "accessed", "dirty"
"""What only first tables say."""
HOST_PAGE = 12
"""log2 of the host's page size in bytes: nothing smaller can be mapped or protected."""


def memory(unit: Unit, item: Tree[Token]) -> int:
    """Read where RAM begins."""
    base = integer(item.children[0])
    if base >> WORD or base % (1 << HOST_PAGE):
        unit.fault(item.children[0], f"RAM begins at a multiple of {1 << HOST_PAGE} below 4 GiB")
    return base


def whoever(names: Names, unit: Unit, item: Tree[Token], rows: list[Node]) -> dict[str, s.Expr]:
    """Read in which mode's name fetches are made, and accesses to data; both are said, or neither."""
    found: dict[str, s.Expr] = {}
    for row in rows:
        if isinstance(row, Tree) and row.data == "who":
            key = str(row.children[0])
            if key in found:
                unit.fault(row, f"who {key} is given twice")
            width = next((e.width for e in found.values()), None)
            found[key] = names.scope(unit).expr(row.children[1], width)
    for key in (FETCHES, DATA) if found else ():
        if key not in found:
            raise names.scope(unit).fail(item, f"missing: who {key}")
    return found


def in_place(e: s.Expr, by: s.Expr | None) -> s.Expr:
    """Return an expression with the mode in whose name an access is made in the place of its name."""
    if by is None:
        return e
    return by if isinstance(e, s.Local) and e.name == WHO else rebuilt(e, lambda part: in_place(part, by))


def below(unit: Unit, item: Tree[Token], first: Paging | None, second: Paging | None) -> None:
    """Note what is wrong with second tables below the first ones: whoever compares entries with what they were ignores
    the bits that the machine marks in the first ones."""
    if second is None or item.children[0] is None:
        return
    if first is None:
        unit.fault(item, "there are no first tables, below which these would be")
        return
    for field in second.fields:
        if field is not second.frame and field.mask & first.marks:
            unit.fault(item, f"{field.name} has bits that the machine marks in the first tables' entries")


def paging(names: Names, unit: Unit, item: Tree[Token]) -> Paging:
    """Read how addresses are translated, by the first tables or by the second ones."""
    second, when, *rows = item.children
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
    found = settings(names, unit, item, rows, *(key for key in keys if not second or key not in FIRST))
    who = whoever(names, unit, item, rows)
    known = {} if not who else {WHO: who[FETCHES].width}
    for row, field in zip(trees["entry"].children[1:], fields, strict=False):
        if field.name in known:
            unit.fault(row, f"{WHO} is the mode here, and no field")
    widths = {b.name: b.hi - b.lo + 1 for b in fields}
    scope = names.scope(unit, (), widths | known)
    spaces = names.scope(unit, (), known)
    when_ = spaces.expr(when, 1)
    denied = scope.expr(found["denied"], 1) if "denied" in found else s.Const(1, 0)

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
            by = who.get(FETCHES if right == "fetch" else DATA)
            when_here, denied_here, here = (in_place(e, by) for e in (when_, denied, scope.expr(allowed, 1)))
            access[str(right)] = Access(when_here, denied_here, here, names.causes[str(cause)].number)
    for kind in (*KINDS, *(SECOND if second else ())):
        if kind not in access:
            raise fail(item, f"missing: {kind}")
    for row in rows:
        if isinstance(row, Tree) and row.data == "access" and row.children[0] in SECOND and not second:
            unit.fault(row, f"{row.children[0]} is for `paging nested`")
    what = "what an address means cannot depend on"
    root, of_entry = names.scope(unit).expr(found["root"], None), names.scope(unit, (), widths)
    rights = {key: of_entry.expr(found[key], 1) for key in ("invalid", "leaf")}
    asked = [(when, when_), (found["root"], root), *([(found["denied"], denied)] if "denied" in found else [])]
    asked += [(found[key], e) for key, e in rights.items()]
    asked += [(row, who[str(row.children[0])]) for row in rows if isinstance(row, Tree) and row.data == "who"]
    asked += [
        (row, access[str(row.children[0])].allowed) for row in rows if isinstance(row, Tree) and row.data == "access"
    ]
    for at, e in asked:
        places.refuse(unit, at, what, names.controls, places.STEADY, places.ADDRESSING, e)
    frame, accessed, dirty = named("frame"), named("accessed"), named("dirty")
    assert frame is not None
    for at, e in asked:
        if any(isinstance(n, s.Local) and n.name == frame.name for n in s.walk(e)):
            unit.fault(at, f"what an entry means cannot depend on {frame.name}, the frame that it leads to")
    return Paging(
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
        table=access.get("table") if second else None,
        misconfigured=access.get("misconfigured") if second else None,
    )
