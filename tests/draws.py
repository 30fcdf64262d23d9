"""How tests draw by chance: in the gate the same each time, in `make explore` anew.

Hypothesis and the fixture `chance` are the two sources. The profile "explore" takes the tests that draw, and those
marked `explore`, which are too large for the gate; the profile "gate" takes all but the latter. One that is marked
`explore(gate=True)` is in both, and asks `exploring()` how large it may be. What is marked `pages` looks at pages that
are the same on each database: the gate takes it on SQLite, an exploration on PostgreSQL.
"""

from __future__ import annotations

import gc
import random
import time

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.internal.conjecture.providers import Constants, HypothesisProvider

from quizapp import ids

settings.register_profile(
    "gate", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("gate"), derandomize=False)
settings.load_profile("gate")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--until", type=float, metavar="SECONDS", help="begin no test after this time of the epoch")


def exploring() -> bool:
    return settings.get_current_profile_name() == "explore"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what isn't of this profile; an exploration goes through its tests in an order by chance."""
    if not exploring():
        # Else Hypothesis draws constants of the modules that are loaded, and those depend on the tests before.
        HypothesisProvider._local_constants = Constants()  # type: ignore[assignment]
    chosen = [item for item in items if exploring() in profiles_of(item)]
    config.hook.pytest_deselected(items=[item for item in items if exploring() not in profiles_of(item)])
    if exploring():
        random.Random(config.getoption("hypothesis_seed")).shuffle(chosen)
    items[:] = chosen


def profiles_of(item: pytest.Item) -> set[bool]:
    """Whether it is run in an exploration, in the gate, or in both."""
    if item.get_closest_marker("pages") and item.name.partition("[")[2].startswith("postgresql"):
        return {True}
    explore = item.get_closest_marker("explore")
    if explore:
        return {True, not explore.kwargs.get("gate")}
    draws = item.get_closest_marker("hypothesis") or "chance" in getattr(item, "fixturenames", ())
    return {True, False} if draws else {False}


def pytest_collection_finish() -> None:
    """What was loaded by now stays, so that nobody looks through it for what is no longer needed; nor is the rest
    looked through as often as in a small process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if time_is_over(item.config):
        pytest.skip("the time is over")
    if not exploring() and isinstance(item, pytest.Function) and item.get_closest_marker("hypothesis"):
        # Else a test with several parameters draws by the name of that one which this process ran first.
        seed(item.nodeid)(item.function)


def time_is_over(config: pytest.Config) -> bool:
    """Whether an exploration ends: a test that draws for minutes asks now and then."""
    until = config.getoption("until")
    return until is not None and time.time() > until


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Numbers by chance: the same in each run of the gate, those of its seed in an exploration."""
    return random.Random(f"{request.config.getoption('hypothesis_seed')} {request.node.name}")


@pytest.fixture(autouse=True)
def ids_by_chance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Public ids and the seeds of attempts come again too, and with them every order of questions and choices."""
    monkeypatch.setattr(
        ids, "chance", random.Random(f"ids {request.config.getoption('hypothesis_seed')} {request.node.name}")
    )
