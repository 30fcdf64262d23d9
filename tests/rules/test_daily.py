"""A day's review: bounded, due first, mixed; and days in a row that leave room for rest."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules import daily
from quizapp.rules.daily import DueQuestion, Preferences
from quizapp.rules.drawing import DrawableQuestion

START = datetime(2026, 12, 1, tzinfo=UTC)
TODAY = date(2026, 12, 2)  # a Wednesday


@st.composite
def piles(draw: st.DrawFn) -> list[DueQuestion]:
    """Up to 40 questions of four groups that are due."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["choice", "text", "order"]), st.integers(0, 3), st.integers(0, 9), st.booleans()
            ),
            max_size=40,
        )
    )
    return [
        DueQuestion(
            DrawableQuestion(place, place, f"q{place}"), kind, ("bank", group), START - timedelta(days=days), sure
        )
        for place, (kind, group, days, sure) in enumerate(rows)
    ]


@given(piles(), st.integers(1, 20))
def test_a_day_is_bounded_and_begins_with_what_matters(waiting: list[DueQuestion], minutes: int) -> None:
    plan = daily.plan(waiting, minutes, {})
    asked = plan.asked
    assert len(asked) + plan.left == len(waiting)
    assert bool(asked) == bool(waiting)
    assert plan.seconds == sum(daily.seconds_of(one.kind, {}) for one in asked)
    assert plan.seconds <= minutes * 60 or len(asked) == 1
    shortest = min((daily.seconds_of(one.kind, {}) for one in waiting if one not in asked), default=0)
    assert not shortest or plan.seconds + shortest > minutes * 60, "another one would have fitted"
    same = {one for one in waiting if one.kind == "choice"}
    kept = [one for one in asked if one in same]
    left = same - set(kept)
    rank = lambda one: (not one.missed_sure, one.due)  # noqa: E731
    assert not left or not kept or max(map(rank, kept)) <= min(map(rank, left))


@given(piles())
def test_groups_take_turns(waiting: list[DueQuestion]) -> None:
    mixed = daily.interleaved(waiting)
    assert Counter(mixed) == Counter(waiting)
    groups = [one.group for one in mixed]
    repeats = sum(1 for one, other in pairwise(groups) if one == other)
    largest = max(Counter(groups).values(), default=0)
    assert repeats == max(0, 2 * largest - len(groups) - 1), "no more than there must be"


def test_enemies_are_asked_on_different_days() -> None:
    one = DueQuestion(DrawableQuestion(1, 1, "a", frozenset({"b"})), "choice", (), START)
    other = DueQuestion(DrawableQuestion(2, 2, "b"), "choice", (), START)
    plan = daily.plan([one, other], 5, {})
    assert (plan.asked, plan.left) == ([one], 1)


def test_seconds_are_the_learners_own_once_there_are_enough() -> None:
    times = [("choice", 10.0)] * 4 + [("choice", 4000.0)] * 9 + [("text", 60.0)] * 3 + [("text", 40.0)] * 2
    assert daily.measured(times) == {"text": 60.0}
    assert daily.seconds_of("choice", {}) == 25
    assert daily.seconds_of("text", {"text": 60.0}) == 60
    assert daily.measured([("choice", 10.0)] * 5) == {"choice": 10.0}


def test_a_plan_says_its_minutes() -> None:
    assert daily.Plan(seconds=10).minutes == 1
    assert daily.Plan(seconds=241).minutes == 4


@pytest.mark.parametrize(
    ("days", "rest", "count"),
    [
        ([], 2, 0),
        ([2], 0, 1),
        ([1], 0, 1),
        ([1, 2], 0, 2),
        ([2, 0], 0, 1),
        ([2, 0], 1, 2),
        ([2, 0, -1], 1, 3),  # Sunday is of another week, which has its own rest
        ([2, -3], 2, 2),
        ([2, -5], 2, 1),
    ],
)
def test_days_in_a_row(days: list[int], rest: int, count: int) -> None:
    """Days of December 2026: 2 is today, 0 is Monday, November 30."""
    active = {date(2026, 11, 30) + timedelta(days=day) for day in days}
    assert daily.in_a_row(active, TODAY, rest) == count


def test_the_week_begins_on_monday() -> None:
    assert daily.this_week([date(2026, 11, 29), date(2026, 11, 30), TODAY, TODAY], TODAY) == 2


def test_preferences_keep_what_differs_and_survive_nonsense() -> None:
    chosen = {"minutes": 10, "certainty": False, "exam": "2027-01-31", "zone": "Europe/Berlin"}
    assert Preferences.of(chosen).chosen == chosen
    assert Preferences.of(chosen).exam_on == date(2027, 1, 31)
    assert Preferences().chosen == {}
    nonsense = {"minutes": 0, "certainty": 1, "goal": "4", "rest": 7, "zone": "Mars", "exam": "soon", "more": 1}
    assert Preferences.of(nonsense) == Preferences()
