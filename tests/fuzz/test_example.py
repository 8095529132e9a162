"""A fuzzer for a machine of one's own, in fifteen lines: what docs/fuzzing.md shows."""

from hypothesis import given, settings

from ring1.dbt.fuzz.case import Case
from ring1.dbt.fuzz.compare import check
from ring1.dbt.fuzz.strategies import kernels, ways
from ring1.dbt.fuzz.ways import Way

MINE = "tests/theory/riscish.isa"


@settings(max_examples=25, deadline=None)
@given(kernels(MINE), ways(MINE))
def test_my_machine(case: Case, way: Way) -> None:
    assert check(case, [way]).unexplained == ()
