"""Remarks on a course: planted in a copy of ours, each is told by file and line, and fails nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.config import bundled
from quizapp.content.authoring import remarks_on_course
from quizapp.content.folder import read_course
from quizapp.errors import Problem
from quizapp.rules.copies import SourceText
from tests.content.folders import edit


def told(folder: Path, source: str = "") -> list[Problem]:
    found = read_course(folder)
    assert not found.problems
    said = list(remarks_on_course(folder, found, SourceText(source) if source else None))
    assert all(one.severity == "warning" and one.line for one in said)
    return said


def places(said: list[Problem]) -> list[tuple[str, str, int | None]]:
    return [(one.code, str(Path(one.place).name), one.line) for one in said]


@pytest.mark.parametrize("course", sorted(one.parent.name for one in bundled("questions").glob("*/course.yaml")))
def test_nothing_is_left_to_say_of_ours(course: str) -> None:
    assert told(bundled("questions") / course) == []


def test_feedback_and_keys_are_told_on_their_lines(folder: Path) -> None:
    line = edit(folder / "funding.yaml", "            ko: 글은 머스크를 빼면", "            ko: 글에 없습니다.  # ")
    shown = "그 아래에 놓여 통제를 받았다."
    owner = edit(folder / "funding.yaml", shown, shown)
    edit(folder / "later.yaml", "      ko: ", f"      ko: {shown[:-1]} ")
    said = places(told(folder))
    assert ("generic-feedback", "funding.yaml", line) in said
    (given,) = [one for one in said if one[0] == "given-away"]
    assert given[1] == "funding.yaml"
    assert 0 < owner - (given[2] or 0) < 20, "where the question begins"


def test_a_near_copy_is_told_in_lessons_and_in_questions(folder: Path) -> None:
    sentence = "목표한 모금액은 10억 달러였습니다. AGI를 만드는 데"
    line = edit(folder / "lessons" / "funding.ko.md", sentence, sentence)
    item = edit(folder / "board.yaml", "      ko: ", f"      ko: {sentence.replace(': ', '')} ")
    assert places(told(folder, f"... {sentence} ...")) == [
        ("near-copy", "board.yaml", item),
        ("near-copy", "funding.ko.md", line),
    ]


def test_a_near_copy_is_told_whose_word_was_taken_out(folder: Path) -> None:
    """A gap in a copied sentence hides nothing: it is read with its right word."""
    line = edit(folder / "devday.yaml", "DevDay는 OpenAI가 {{g1}} 연", "DevDay는 OpenAI가 {{g1}} 주최한")
    sentence = "OpenAI DevDay는 OpenAI가 처음으로 주최한 콘퍼런스"
    assert places(told(folder, sentence)) == [("near-copy", "devday.yaml", line)]
    assert not told(folder, sentence.replace("처음으로", "마침내"))


def test_minutes_that_are_not_those_of_reading_are_told(folder: Path) -> None:
    for language in ("ko", "en"):
        edit(folder / "lessons" / f"board.{language}.md", "minutes: ", "minutes: 2")
    assert places(told(folder)) == [("minutes", "board.en.md", 1)]


def test_a_lesson_in_another_encoding_is_read_as_it_is(folder: Path) -> None:
    file = folder / "lessons" / "board.ko.md"
    sentence = next(line for line in file.read_text().splitlines() if len(line) > 60 and ":" not in line)
    text = "".join(one for one in file.read_text() if one.encode("cp949", "ignore"))
    file.write_bytes(text.encode("cp949"))
    kept = "".join(one for one in sentence if one.encode("cp949", "ignore"))
    assert ("near-copy", "board.ko.md") in [one[:2] for one in places(told(folder, kept))]


def test_facts_and_attribution_that_the_course_demands(folder: Path) -> None:
    line = edit(folder / "course.yaml", "facts:\n", "facts:\n  - {fact: nobody, lesson: funding, anchor: nobody}\n")
    assert places(told(folder)) == [("unasked-fact", "course.yaml", line + 1)]
    for language, words in (("ko", "글"), ("en", "the a")):
        file = folder / "lessons" / f"funding.{language}.md"
        file.write_text(re.sub(words, "…", file.read_text(), flags=re.IGNORECASE))
        assert ("no-attribution", file.name, 1) in places(told(folder))


@pytest.mark.parametrize(
    ("language", "old"),
    [("ko", "글은 다른 곳도 다르지 않았다고 합니다. "), ("en", "Others, the article says, were no different: ")],
)
def test_a_claim_told_as_a_fact_is_found_on_its_passage(folder: Path, language: str, old: str) -> None:
    """The lesson says elsewhere whose claims it tells; this passage doesn't."""
    line = edit(folder / "lessons" / f"outlook.{language}.md", old, "")
    assert places(told(folder)) == [("unattributed-claim", f"outlook.{language}.md", line - 1)]


def test_keys_that_can_be_guessed_are_told_of_the_bank(folder: Path) -> None:
    source = (folder / "outlook.yaml").read_text()
    (folder / "outlook.yaml").write_text(source.replace("이사회의 결정으로 앞당겨진다.", "이사회가 앞당긴다."))
    assert ("telling-length", "outlook.yaml", 1) in places(told(folder))
