"""When a question comes back: the vector of FSRS-6, and what holds of every history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs import Rating, Scheduler
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp.kinds import KINDS
from quizapp.rules import spacing
from quizapp.rules.spacing import DAY, GUESS, MAYBE, SURE, CardState, FinalResponse, Memory

START = datetime(2026, 12, 1, tzinfo=UTC)
RATINGS = st.sampled_from(list(Rating))
HISTORIES = st.lists(st.tuples(RATINGS, st.integers(1, 400)), min_size=1, max_size=12)


def test_the_vector_of_the_reference() -> None:
    """Each rating on its due date, with the package's own steps within a day."""
    by, at, memory, intervals = Scheduler(enable_fuzzing=False), START, None, []
    for rating in (3, 3, 3, 3, 1, 3, 3):
        memory = spacing.rated(memory, Rating(rating), at, by)
        intervals.append(memory.due - at)
        at = memory.due
    minutes, day = timedelta(minutes=1), timedelta(days=1)
    assert intervals == [10 * minutes, 2 * day, 11 * day, 46 * day, 10 * minutes, 3 * day, 8 * day]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (FinalResponse("choice", False), Rating.Again),
        (FinalResponse("text", False, SURE), Rating.Again),
        (FinalResponse("choice", True), Rating.Good),
        (FinalResponse("choice", True, SURE), Rating.Good),
        (FinalResponse("choice", True, MAYBE), Rating.Good),
        (FinalResponse("choice", True, GUESS), Rating.Hard),
        (FinalResponse("text", True, GUESS), Rating.Hard),
        (FinalResponse("text", True, SURE), Rating.Easy),
        (FinalResponse("number", True, SURE), Rating.Easy),
        (FinalResponse("text", True, MAYBE), Rating.Good),
        (FinalResponse("text", True, SURE, tries=2), Rating.Hard),
        (FinalResponse("text", True, SURE, hints=1), Rating.Hard),
        (FinalResponse("text", True, SURE, passage=True), Rating.Hard),
        (FinalResponse("choice", True, tries=0), Rating.Good),
        (FinalResponse("choice", None), None),
        (FinalResponse("essay", True), None),
        (FinalResponse("a kind of another release", True), None),
    ],
)
def test_ratings(given: FinalResponse, expected: Rating | None) -> None:
    assert spacing.rating(given) == expected


def test_every_kind_that_a_machine_scores_is_rated() -> None:
    rated = {name for name in KINDS if spacing.rating(FinalResponse(name, True)) is not None}
    assert rated == {name for name, kind in KINDS.items() if not kind.MANUAL}


def replayed(history: list[tuple[Rating, int]], exam: datetime | None = None) -> list[tuple[datetime, CardState]]:
    """Ratings, each so many days after the one before."""
    day, kept, found = START, None, []
    for rating, gap in history:
        kept = spacing.answered(kept, rating, day, exam)
        found.append((day, kept))
        day += gap * DAY
    return found


@given(HISTORIES)
def test_it_comes_back_on_a_later_day_and_at_the_wanted_retention(history: list[tuple[Rating, int]]) -> None:
    for day, kept in replayed(history):
        assert kept.due >= day + DAY
        assert kept.due == kept.memory.due
        assert (kept.due - START) % DAY == timedelta(0)
        if kept.due > day + DAY:  # intervals are rounded to whole days
            assert spacing.retrievability(kept.memory, kept.due + DAY) <= spacing.RETENTION + 0.001
            assert spacing.retrievability(kept.memory, kept.due - DAY) >= spacing.RETENTION - 0.001


@given(HISTORIES, st.integers(0, 400))
def test_an_exam_brings_back_earlier_never_later(history: list[tuple[Rating, int]], ahead: int) -> None:
    exam = START + ahead * DAY
    for (day, kept), (_, usual) in zip(replayed(history, exam), replayed(history), strict=True):
        assert kept.memory == usual.memory, "an exam changes when it comes back, not what is known"
        assert day + DAY <= kept.due <= usual.due
        last = min(kept.due, exam + DAY) - DAY
        if day < last:  # until it comes back, no less is remembered than is wanted
            assert spacing.retrievability(kept.memory, last) >= min(spacing.wanted(last, exam), 0.9) - 0.01


def test_the_wanted_retention_rises_to_the_day_of_the_exam() -> None:
    exam = START + 60 * DAY
    days = [spacing.wanted(START + day * DAY, exam) for day in range(70)]
    assert days[:31] == [0.9] * 31
    assert days[30:61] == sorted(days[30:61])
    assert days[60] == 0.97
    assert days[61:] == [0.9] * 9
    assert spacing.wanted(START, None) == 0.9


def test_better_ratings_come_back_later() -> None:
    first = [spacing.answered(None, rating, START, None).due for rating in Rating]
    assert first == sorted(first)
    assert first[0] == START + DAY
    after = spacing.answered(None, Rating.Good, START, None)
    second = [spacing.answered(after, rating, after.due, None).due for rating in Rating]
    assert second == sorted(second)
    assert second[0] == after.due + DAY


def test_lapses_and_misses_that_were_sure() -> None:
    kept = spacing.answered(None, Rating.Again, START, None, sure=True)
    assert (kept.reviews, kept.lapses, kept.missed_sure) == (1, 0, True)
    kept = spacing.answered(kept, Rating.Good, kept.due, None, sure=True)
    assert (kept.reviews, kept.lapses, kept.missed_sure) == (2, 0, False)
    kept = spacing.answered(kept, Rating.Again, kept.due, None)
    assert (kept.reviews, kept.lapses, kept.missed_sure) == (3, 1, False)


def test_sooner_and_undone() -> None:
    kept = spacing.answered(None, Rating.Easy, START, None)
    assert spacing.sooner(kept, START).due == START + DAY
    assert spacing.sooner(kept, START).memory == kept.memory
    late = kept.due + 3 * DAY
    assert spacing.sooner(kept, late).due == kept.due, "what is due already stays due"
    assert spacing.undone(kept, late).due == late + DAY
    assert spacing.undone(kept, START).due == kept.due


ZONES = ["Asia/Seoul", "America/Santiago", "Africa/Cairo", "Pacific/Apia", "UTC", "America/New_York"]


@given(st.integers(0, 8_000_000), st.sampled_from(ZONES))
def test_a_day_begins_at_midnight_where_the_learner_lives(minutes: int, name: str) -> None:
    zone, at = ZoneInfo(name), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day = spacing.as_day(at, zone)
    assert spacing.begins(day, zone) <= at < spacing.begins(day + DAY, zone)
    assert spacing.as_day(spacing.begins(day, zone), zone) == day


NEVER, FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@example(date.min, NEVER, "Asia/Seoul")
@example(date.min, FOREVER, "Pacific/Kiritimati")
@example(date.max, NEVER, "America/Los_Angeles")
@example(date.max, FOREVER, "Asia/Seoul")
@given(st.dates(), st.datetimes(timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_no_day_whatever_is_stored_raises(exam_on: date, at: datetime, name: str) -> None:
    zone, exam = ZoneInfo(name), spacing.day_named(exam_on)
    day = spacing.as_day(at, zone)
    for rating in Rating:
        card = spacing.answered(None, rating, day, exam)
        again = spacing.answered(card, rating, max(day, card.due), exam)
        assert card.memory.at < card.due <= max(card.memory.due, again.due)
        assert spacing.sooner(card, day).due <= spacing.undone(card, day).due
        assert spacing.forecast({"one": [again.memory]}, exam) in (0, 1)
    for one in (day, exam, NEVER, FOREVER):
        assert spacing.begins(one, zone)


def test_days_of_seoul() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    assert spacing.as_day(datetime(2026, 12, 1, 14, 59, tzinfo=UTC), seoul) == datetime(2026, 12, 1, tzinfo=UTC)
    assert spacing.as_day(datetime(2026, 12, 1, 15, 0, tzinfo=UTC), seoul) == datetime(2026, 12, 2, tzinfo=UTC)
    assert spacing.day_named(date(2026, 12, 2)) == datetime(2026, 12, 2, tzinfo=UTC)


def test_the_forecast_falls_with_time() -> None:
    def memory(rating: Rating) -> Memory:
        return spacing.rated(None, rating, START)

    objectives = {"firm": [memory(Rating.Easy)], "weak": [memory(Rating.Again)],
                  "mixed": [memory(Rating.Easy), memory(Rating.Good)]}  # fmt: skip
    known = [spacing.forecast(objectives, START + days * DAY) for days in range(0, 400, 5)]
    assert known[0] == 3
    assert known == sorted(known, reverse=True)
    assert known[1] == 2
    assert known[-1] == 0
    assert spacing.forecast({"none": []}, START) == 0
