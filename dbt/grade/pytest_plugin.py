"""pytest's plugin `pytest-ring1`: machines as fixtures, for each engine.

    def test_it(ring1_machine):                       # once for each engine
        m = ring1_machine("pg32", "prog.s")
        assert m.run().code == 0

pytest loads it wherever ring1 is installed, so that nothing of ring1 is imported here before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ring1.dbt.api.machine import Machine

OPTION = "--ring1-engines"
DEFAULT = "interp,bt"
FIXTURE = "ring1_engine"
MARK = "ring1_engines"
ALL = "all"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ring1")
    group.addoption(
        OPTION,
        metavar="NAMES",
        default=None,
        help=f"engines for the fixture {FIXTURE}, separated by commas, or {ALL} (ini: ring1_engines; {DEFAULT})",
    )
    parser.addini("ring1_engines", f"engines for the fixture {FIXTURE}", default=DEFAULT)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}(*names): the engines of a test that uses {FIXTURE}")


def wanted(config: pytest.Config) -> list[str]:
    """Return the names of the engines that tests are run under. Raises pytest.UsageError for one that there is not."""
    from ring1.dbt.engines.table import ENGINES

    text = config.getoption(OPTION) or config.getini("ring1_engines")
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == [ALL]:
        return [name for name, technique in ENGINES.items() if technique.unmodified]
    return known(names, OPTION)


def known(names: list[str], where: str) -> list[str]:
    from ring1.dbt.engines.table import ENGINES

    for name in names:
        if name not in ENGINES:
            raise pytest.UsageError(f"{where}: there is no engine {name!r}; there are {', '.join(ENGINES)}")
    return names


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever asks for an engine under each of them; where one cannot run, it is skipped with the reason."""
    if FIXTURE not in metafunc.fixturenames:
        return
    from ring1.dbt.engines.table import ENGINES

    mark = metafunc.definition.get_closest_marker(MARK)
    names = known(list(mark.args), f"{MARK} of {metafunc.definition.name}") if mark else wanted(metafunc.config)
    parameters = []
    for name in names:
        reason = ENGINES[name].why_not()
        marks = [pytest.mark.skip(reason=f"the engine {name} cannot run here: {reason}")] if reason else []
        parameters.append(pytest.param(name, marks=marks))
    metafunc.parametrize(FIXTURE, parameters)


@pytest.fixture
def ring1_machine(ring1_engine: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Machine]]:
    """Make machines under the present engine, as `ring1.Machine` does; files are looked for beside the test as well.
    They are closed when the test ends."""
    from pathlib import Path

    import ring1

    folder = request.path.parent

    def found(name: Any) -> Any:
        beside = folder / name if isinstance(name, str) and not Path(name).exists() else None
        return beside if beside is not None and beside.is_file() else name

    with ExitStack() as stack:

        def make(isa: Any = None, *programs: Any, **options: Any) -> Machine:
            options.setdefault("engine", ring1_engine)
            made = ring1.Machine(found(isa), *map(found, programs), **options)
            return stack.enter_context(made)

        yield make
