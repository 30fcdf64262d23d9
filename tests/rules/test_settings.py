"""Settings of quizzes: what is refused on its way in, and what is made of what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from quizapp.rules.settings import QuizSettings, setting_words

WRONG: list[dict[str, Any]] = [
    {"feedback": "now"},
    {"time_limit": 0},
    {"time_limit": 1e15},
    {"time_limit": float("nan")},
    {"time_limit": float("inf")},
    {"attempts": 0},
    {"attempts": 10**30},
    {"pass_mark": 1.01},
    {"opens_at": "0001-01-01T00:00:00+09:00"},
    {"closes_at": "9999-12-31T23:59:59-11:00"},
    {"opens_at": "2026-01-01T00:00:00"},
    {"opens_at": "2026-01-02T00:00:00+00:00", "closes_at": "2026-01-01T00:00:00+00:00"},
    {"shows": {"solution": "now"}},
    {"shows": {"hints": "after"}},
    {"unknown": 1},
]


@pytest.mark.parametrize("written", WRONG, ids=str)
def test_what_a_setting_cannot_be_is_refused(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QuizSettings.model_validate(written)


@pytest.mark.parametrize("stored", WRONG, ids=str)
def test_a_quiz_opens_whatever_is_stored(stored: dict[str, Any]) -> None:
    found = QuizSettings.of({"shuffle_choices": False, **stored})
    assert found.shuffle_choices is False
    assert found.feedback == "immediate"
    assert found.time_limit is None
    assert found.closes_at is None


def test_moments_know_their_zone() -> None:
    found = QuizSettings.of({"opens_at": "2026-03-01T09:00:00+09:00", "closes_at": "2026-03-01T10:00:00Z"})
    assert found.opens_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert found.closes_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("name", QuizSettings.model_fields)
def test_every_setting_has_words(name: str) -> None:
    words = setting_words(name)
    assert words.label
    assert words.mend or words.entry in ("choice", "switch", "table")
    assert bool(words.values) == (words.entry in ("choice", "level"))
