"""Agreement with the published shape, and the speed to reach: verdicts on invented figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.measure.sampling import Cell
from ring1.dbt.report.bench.agreement import checks
from ring1.dbt.report.bench.targets import targets
from tests.measure.results import made, measured

AS_PUBLISHED = {
    # bare, bt, kvm, and exits under hw
    "syscall": (242, 2300, 242, 0),
    "in": (3210, 214, 15826, 1),
    "cr8wr": (140, 35, 3000, 1),
    "callret": (11, 51, 11, 0),
    "pgfault": (1093, 3927, 11242, 2),
    "divzero": (889, 3223, 1014, 0),
    "ptemod": (100, 391, 12733, 2),
}


def result(times: Mapping[str, tuple[float, float, float, int]]) -> dict[str, Any]:
    return made(
        {
            name: {
                "bare": measured(bare),
                "bt": measured(bt),
                "kvm": measured(kvm),
                "hw": measured(1, {"exit": exits}),
            }
            for name, (bare, bt, kvm, exits) in times.items()
        }
    )


def test_the_paper_agrees_with_itself() -> None:
    """Its own figures, at one cycle a nanosecond, have its shape in every cell."""
    found = checks(result(dict(AS_PUBLISHED)))
    assert {each.benchmark for each in found} == set(AS_PUBLISHED)
    assert [each for each in found if each.verdict != "agrees"] == []
    assert {each.kind for each in found} == {"measured", "modelled"}


def test_another_winner_disagrees() -> None:
    times = dict(AS_PUBLISHED) | {"ptemod": (100, 20000, 12733, 2), "divzero": (889, 890, 891, 0)}
    wrong = {(each.benchmark, each.relation) for each in checks(result(times)) if each.verdict == "disagrees"}
    assert wrong == {
        ("ptemod", "software to hardware"),
        ("ptemod", "software to hardware modelled on Prescott"),
        ("divzero", "software to hardware"),
        ("divzero", "software to native"),
        ("divzero", "software to hardware modelled on Prescott"),
    }


def test_what_was_not_measured_says_why() -> None:
    found = made({"in": {"bare": measured(5), "bt": measured(1), "kvm": Cell("cannot run here: no /dev/kvm")}})
    relations = {each.relation: each for each in checks(found) if each.benchmark == "in"}
    assert relations["software to native"].verdict == "agrees"
    assert relations["software to hardware"].verdict == "not measured"
    assert relations["software to hardware"].found == "cannot run here: no /dev/kvm"
    assert {each.verdict for each in checks(found) if each.benchmark != "in"} == {"not measured"}


def test_speed_to_reach() -> None:
    kernels = {
        "sieve": {"native": measured(100), "bt": measured(110), "qemu-riscv32": measured(330)},
        "fib": {"native": measured(100), "bt": measured(200), "qemu-riscv32": measured(190)},
    }
    nano = {
        "cli": {"bt": measured(2.9)},
        "sti": {"bt": measured(3.1)},
        "callret": {"bare": measured(5), "bt": measured(5.5)},
    }
    found = {each.what: each for each in targets(made(nano, kernels=kernels))}
    assert found["cli"].met is True and found["sti"].met is False and found["getpsw"].met is None
    assert found["callret, to bare"].met is True and found["callret, to bare"].found.startswith("1.10")
    assert found["kernels, to native, in mean"].found == "1.48" and found["kernels, to native, in mean"].met is False
    assert found["kernels, to native, the worst"].met is False
    assert found["kernels, faster than qemu-riscv32, in mean"].found == "1.69 times"
    assert found["kernels, faster than qemu-riscv32, each"].found == "0.95 times in fib"
    assert found["kernels, faster than unicorn, in mean"].met is None


def test_hardware_without_nested_paging_has_a_shadow_page_table() -> None:
    """Prescott: a page fault is an exit of 1931 and an entry of 2409 cycles, a flush a round trip of 3963."""
    shadow = {"guest page fault": 1.0, "page shown": 1.0, "step tlbflush (flush)": 1.0, "jump": 5.0}
    cells = {"pgfault": {"bare": measured(1), "hw": measured(1, {"io": 1.0})}}
    found = made(cells, measured(1, shadow))
    cycles = found["suites"]["nano"][0]["cells"]["hw"]["modelled_cycles"]
    assert cycles["Prescott"] == 2 * (1931 + 2409) + 2 * 3963
    assert cycles["Nehalem"] == 1009 and cycles["Penryn"] is None
    for unknown in (None, Cell("broke")):
        cycles = made(cells, unknown)["suites"]["nano"][0]["cells"]["hw"]["modelled_cycles"]
        assert cycles["Prescott"] is None and cycles["Nehalem"] == 1009
