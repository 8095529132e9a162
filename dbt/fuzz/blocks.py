"""Pieces of straight-line code: instructions that compute and access memory, with operands at edge values."""

from __future__ import annotations

from ring1.dbt.fuzz.layout import CODE_PAGES, DATA, MORE_DATA, RAM, WORDS
from ring1.dbt.fuzz.shapes import Shape, fits
from ring1.dbt.fuzz.tables import table_word
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.ir.fold import SHIFTS
from ring1.dbt.machine.state import ONES
from ring1.isa import semantics as s
from ring1.isa.model import WORD


def compute(w: Writer) -> None:
    """Write an instruction that only computes, if the machine has one."""
    forms = w.usable("compute")
    if forms:
        w.put(w.one(forms), {})


def alu(w: Writer) -> None:
    for _ in w.some(1, 12):
        compute(w)


def edges(w: Writer) -> None:
    """Write instructions on constants."""
    forms = w.usable("compute")
    for _ in w.some(2, 8):
        if forms:
            form = w.one(forms)
            w.put(form, operands(w, form))


def combined(w: Writer) -> None:
    """Write what compilers write where a machine has no instruction for it: two with immediates that go together, and
    one of what they give; sometimes the register that they read is then written."""
    computing, f = w.usable("compute"), w.facts
    immediate = [
        (form, operand)
        for form in computing
        for operand in form.insn.operands
        if len(form.reads) == len(form.writes) == 1 and operand.kind in ("signed", "unsigned")
    ]
    both = [form for form in computing if len(form.reads) == 2 and len(form.writes) == 1]
    if not (immediate and both and f.constants):
        return
    shifts = [
        pair
        for pair in immediate
        if any(isinstance(n, s.Binary) and n.op in SHIFTS for n in s.walk(*pair[0].insn.body))
    ]
    for _ in w.some(1, 4):
        source, one, two, result = (w.one(f.spare) for _ in range(4))
        unknown(w, source)
        count, forms = w.one((1, 8, 16, 24, 31, w.random.randrange(WORD))), w.one((shifts or immediate, immediate))
        for read, written in ((source, one), (w.one((source, source, one)), two)):
            form, operand = w.one(forms)
            given: dict[str, int | str] = {form.reads[0]: read, form.writes[0]: written}
            value = w.one((count, WORD - count))
            if fits(form.insn, operand, value):
                given[operand.name] = value
            w.put(form, given)
        if w.chance(0.3):
            w.constant(source, w.edge())
        form = w.one(both)
        w.put(form, {form.writes[0]: result, form.reads[0]: one, form.reads[1]: two})


def shifting(form: Shape) -> bool:
    """Does the instruction shift?"""
    return any(isinstance(n, s.Binary) and n.op in SHIFTS for n in s.walk(*form.insn.body))


def every(w: Writer) -> None:
    """Write an instruction of any kind that continues with the next one, with edge values in its registers."""
    kinds = ("compute", *("access",) * 6, "branch", "system", "system", "port", "trap")
    form = w.one(w.usable(w.one([kind for kind in kinds if w.usable(kind)])))
    if form.effects.waits or (form.kind == "system" and form.effects.jumps):
        return
    given = operands(w, form)
    if w.facts.constants and form.reads and w.chance(0.5):
        name = w.one(form.reads)
        hardwired = list(w.facts.isa.hardwired)
        if hardwired and w.chance(0.4):
            given[name] = w.one(hardwired)
        else:
            register = given[name] = w.one(w.facts.spare)
            w.constant(register, w.one((0, 0, 1, w.random.getrandbits(31), 1 << 31 | w.random.getrandbits(31))))
    w.put(form, given | harmless(w, form))


def operands(w: Writer, form: Shape) -> dict[str, int | str]:
    """Load registers for an instruction to read: mostly with edge values, sometimes equal or adjacent ones; with an
    immediate, so that the sum is an address."""
    f, given, value = w.facts, dict[str, int | str](), w.edge()
    offset = next((operand for operand in form.insn.operands if operand.name == form.offset), None)
    distance = 0
    if offset is not None and not f.constants and w.chance(0.8):
        given[offset.name] = w.one((0, 0, 4, 8, 0x40, -4))
    elif offset is not None and w.chance(0.7):
        drawn = given[offset.name] = w.operand(form, offset)
        assert isinstance(drawn, int)
        distance = drawn
    for name in form.reads:
        given[name] = w.one(f.targets if name in form.writes else f.registers)
        if f.isa.hardwired and w.chance(0.15):
            given[name] = w.one(list(f.isa.hardwired))
        if not f.constants and name == form.base and w.chance(0.9):
            given[name] = w.one(f.counters)  # they hold addresses, and nothing else writes to them
        if f.constants and w.chance(0.7):
            register = given[name] = w.one(f.spare)
            value = value + w.one((0, 0, 1, -1)) & ONES if w.chance(0.4) else w.edge()
            if name == form.base:
                where = address(w, (3, 3, 1, 1)) & w.one((~0, ~3)) if w.chance(0.7) else value
                w.constant(register, where - distance & ONES)
            elif w.chance(0.3):
                unknown(w, register)
            else:
                w.constant(register, value)
    if f.isa.hardwired and w.chance(0.15):
        given |= dict.fromkeys(form.writes, w.one(list(f.isa.hardwired)))
    return given


def unknown(w: Writer, register: int) -> None:
    """Load a word of data into a register, mostly an edge value: no translator can know which."""
    w.constant(register, w.at(DATA + 4 * w.random.randrange(WORDS)))
    load = w.facts.load_word
    if load is not None:
        w.put(load, {load.base or "": register, load.writes[0]: register, load.offset or "": 0})


def harmless(w: Writer, form: Shape) -> dict[str, int | str]:
    """Choose the control register that an instruction writes to: seldom one whose loss would keep the program from
    reaching much else."""
    keep = (*(h.vector for h in w.facts.handlings), *w.facts.deadline, *w.facts.paged(0))
    known = w.facts.isa.control_numbers
    free = [n for n in w.facts.numbers if known[n].name not in keep]
    return {form.control: w.one(free)} if form.control and w.chance(0.97) else {}


def address(w: Writer, weights: tuple[int, ...] = (20, 5, 1, 1)) -> int:
    """Draw an address, mostly of data: `weights` are those of data, of anything, of code and of page tables."""
    r = w.random
    near = w.one(
        (DATA, DATA + 0xFFC, DATA + 0x1FFE, DATA + 0x2FFE, MORE_DATA, MORE_DATA + 0xFFE, RAM - 4, RAM - 0x1000)
    ) + r.randrange(-8, 9)
    odd = (0xFFFFFFFE, 1 << 22, 0x7FFFFFFC)
    wild = w.one((w.at(RAM - 2), w.at(RAM), *odd, w.at(RAM + 0x1000 * r.randrange(16)), r.getrandbits(32)))
    code = w.one(CODE_PAGES) + r.randrange(0x200)
    table = table_word(w, 0, 32)
    found = r.choices((w.at(near), wild, w.at(code), table), weights)[0]
    return alias(w, found) if w.chance(0.1) else found & ONES


def alias(w: Writer, where: int) -> int:
    """Return an address that another entry of a root table maps to the same place, or to none (see tables.tables)."""
    paging = w.facts.isa.paging
    if paging is not None:
        where += w.random.randrange(1, 7) << paging.page + sum(paging.levels[1:])
    return where & ONES


def reach(w: Writer, form: Shape, where: int) -> None:
    """Write an access to an address."""
    base = w.one(w.facts.spare)
    w.constant(base, where & ONES)
    w.put(form, {form.base or "": base, form.offset or "": 0})


def put_word(w: Writer, where: int, word: int | str) -> None:
    """Write a store of a word to an address, if the machine can."""
    store = w.facts.store_word
    if store is not None and w.facts.constants:
        base, value = w.pair()
        w.constant(base, where)
        w.constant(value, word)
        given = dict.fromkeys((n for n in store.reads if n != store.base), value)
        w.put(store, {**given, store.base or "": base, store.offset or "": 0})


def access(w: Writer) -> None:
    """Write accesses around an address in a register."""
    forms = w.usable("access")
    if not forms:
        return
    base = w.one(w.facts.spare if w.facts.constants else w.facts.counters)
    if w.facts.constants:
        where = address(w)
        w.constant(base, where & ~3 if w.chance(0.5) else where)
    for _ in w.some(1, 6):
        form = w.one(forms)
        given: dict[str, int | str] = {form.base: base} if form.base and w.chance(0.9) else {}
        if form.offset and w.chance(0.9):
            given[form.offset] = w.one((0, 0, 0, 1, 2, 3, 4, -1, -4, 0x7F8, w.random.randrange(-0x20, 0x20)))
        if form.writes and w.chance(0.8):
            given |= {name: w.one([n for n in w.facts.targets if n != base]) for name in form.writes}
        w.put(form, given)


def matching(w: Writer) -> None:
    """Write a load of a word, and an access that may depend on its value."""
    load, forms = w.facts.load_word, [form for form in w.usable("access") if form.effects.loads and form.effects.stores]
    if load is None or not forms or not w.facts.constants:
        return
    base, register = w.pair()
    w.constant(base, address(w) & ~3)
    w.put(load, {load.base or "": base, load.writes[0]: register, load.offset or "": 0})
    form = w.one(forms)
    w.put(form, {form.base or "": base, **dict.fromkeys(form.writes, register)})
