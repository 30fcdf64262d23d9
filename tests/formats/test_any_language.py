"""What a format makes of a text that lacks a language, or has one more than the others: its file is as it is told."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from quizapp.formats.items import FEEDBACK, Item, from_json
from quizapp.formats.schema import check_item, texts
from quizapp.kinds import KINDS
from tests.formats.test_round_trip import EVERY

ODD, OTHER = "Zanzibar", "무궁화"
"""Words that stand in no example."""
WHERE = {"en": ODD}
BOTH = {"ko": OTHER, "en": ODD}


def in_korean(value: Any) -> Any:
    """The value without its texts in English."""
    if isinstance(value, dict):
        return {key: in_korean(part) for key, part in value.items() if not (key == "en" and "ko" in value)}
    return [in_korean(part) for part in value] if isinstance(value, list) else value


def questions() -> Iterator[dict[str, Any]]:
    """One question in Korean of each kind, with every text that it may have."""
    for name, kind in KINDS.items():
        words = {"ko": "어느 것인가?"}
        moments = {moment: {"ko": f"풀이 {number}"} for number, moment in enumerate(FEEDBACK)}
        whole = {"title": {"ko": "제목"}, "stimulus": {"ko": "지문"}, "hints": [{"ko": "도움말"}], "feedback": moments}
        yield {"kind": name, "stem": words, "response": in_korean(kind.EXAMPLE), **whole}


def with_text(text: dict[str, str]) -> Iterator[Item]:
    """The questions, each with this text in place of one of its own; the stem says which language is written."""
    for question in questions():
        for number, (path, old) in enumerate(texts(question)):
            if path != ("stem",) and "{{" not in old["ko"]:
                made = copy.deepcopy(question)
                part = list(texts(made))[number][1]
                part.clear()
                part.update(text)
                yield from_json(made)


def written(form: Any, item: Item) -> tuple[set[str], str]:
    """The codes of what is told of the item, and all that comes back of it."""
    told = form.carries(item)
    if any(problem.is_error for problem in told):
        return {"error"}, ""
    back = form.read(form.write([item]), "ko").items
    return {problem.code for problem in told}, json.dumps([one.to_json() for one in back], ensure_ascii=False)


def test_the_questions_are_sound():
    assert [problem for text in (WHERE, BOTH) for item in with_text(text) for problem in check_item(item.to_json())
            if problem.is_error] == []  # fmt: skip


@EVERY
def test_what_is_in_another_language_only_is_not_told_as_left_out(form):
    for item in with_text(WHERE):
        told, back = written(form, item)
        if "error" not in told:
            assert "lost-languages" not in told
            assert ODD not in back or f'"en": "{ODD}"' in back or "lent-languages" in told


@EVERY
def test_what_is_in_another_language_too_is_left_out_or_comes_back(form):
    for item in with_text(BOTH):
        told, back = written(form, item)
        if OTHER in back:
            assert (ODD in back) is ("lost-languages" not in told)
