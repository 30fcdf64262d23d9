"""Repair: what is blanked says something, and the sentence is the passage's own; on the questions that we ship."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quizapp.content.folder import read_course
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import say
from quizapp.rules import repair
from quizapp.rules.repair import Piece, fills, gapped
from quizapp.texts.lessons import lesson_page

ROOT = Path(__file__).parents[2] / "questions"


def whole(pieces: Any) -> str:
    return "".join(one.text for one in pieces)


def blanks(pieces: Any) -> list[str]:
    return [one.text for one in pieces if one.blank]


def test_the_sentence_with_the_key_is_taken_and_its_word_blanked() -> None:
    passage = "두 사람이 잃은 것은 서로 다릅니다. 알트만은 해고되었고, 브록만은 이사회에서 쫓겨났습니다."
    pieces = gapped(passage, "이사회", "브록만은 어디에서 쫓겨났습니까?", {})
    assert whole(pieces) == "알트만은 해고되었고, 브록만은 이사회에서 쫓겨났습니다."
    assert blanks(pieces) == ["이사회"]
    assert next(one for one in pieces if one.blank).tail == "에서"


def test_without_a_shared_word_the_rarest_are_blanked() -> None:
    often = {"the": 9, "board": 7, "fired": 1, "altman": 5}
    pieces = gapped("The board fired Altman.", "Chair", "What happened?", often)
    assert blanks(pieces) == ["fired"]
    assert blanks(pieces) == blanks(gapped("The board fired Altman.", "Chair", "What happened?", often))


def test_a_passage_without_words_has_no_repair() -> None:
    for passage in ("", "…", "of the", "그리고"):
        assert gapped(passage, "이사회", "?", {}) == ()


def test_a_long_row_of_a_table_is_cut_around_the_blank() -> None:
    passage = " ".join(
        [*(f"word{place}" for place in range(100)), "Sutskever", *(f"more{place}" for place in range(99))]
    )
    pieces = gapped(passage, "Sutskever", "", {})
    assert blanks(pieces) == ["Sutskever"]
    assert whole(pieces).startswith("… ")
    assert whole(pieces).endswith(" …")
    assert len(whole(pieces).split()) < 40


@pytest.mark.parametrize(
    ("typed", "right"),
    [("이사회", True), ("이사회에서", True), (" 이 사회 ", True), ("이사", False), ("", False), ("의장", False)],
)
def test_filling_in_korean(typed: str, right: bool) -> None:
    assert fills(typed, Piece("이사회", True, "에서")) is right


@pytest.mark.parametrize(
    ("typed", "right"), [("openai", True), ("OpenAI’s", True), ("OpenAI's", True), ("Open", False)]
)
def test_filling_in_english(typed: str, right: bool) -> None:
    assert fills(typed, Piece("OpenAI", True, "’s")) is right


def shipped() -> Iterator[tuple[str, Item, str, str, dict[str, str]]]:
    """Every citation of a passage in the courses that we ship, in both languages."""
    for path in sorted(ROOT.iterdir()):
        course = read_course(path)
        assert not course.problems
        for reading in course.banks.values():
            for item in reading.items:
                for citation in item.citations:
                    for language, body in course.lessons[citation["lesson"]].body.items():
                        passages = lesson_page(body).passages
                        if citation.get("anchor"):
                            yield item.id, item, language, passages[citation["anchor"]], dict(passages)


def test_on_all_that_we_ship() -> None:
    """Each passage gives a sentence with one to three blanks that say something, no more than half of it."""
    seen = 0
    for name, item, language, passage, lesson in shipped():
        if KINDS[item.kind].MANUAL:
            continue
        key = KINDS[item.kind].text(item.body, KINDS[item.kind].solution(item.body), language)
        pieces = gapped(passage, key, say(item.stem, language), repair.frequencies(lesson.values()))
        gaps = blanks(pieces)
        assert 1 <= len(gaps) <= 3, (name, language, passage)
        assert all(fills(one.text, one) and fills(one.text + one.tail, one) for one in pieces if one.blank)
        assert all(gap.casefold() not in repair.COMMON for gap in gaps)
        words = repair.words(whole(pieces).strip("… "))
        assert 2 * len(gaps) <= max(2, len(words)), (name, language, whole(pieces))
        assert whole(pieces).removeprefix("… ").removesuffix(" …") in " ".join(passage.split(" "))
        seen += 1
    assert seen > 150
