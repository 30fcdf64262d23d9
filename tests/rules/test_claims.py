"""Claims that a course lists: a question on them says whose they are."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from quizapp.formats.items import Item
from quizapp.rules.claims import is_attributed, told_as_fact, unasked


@dataclass
class Fact:
    fact: str
    lesson: str
    anchor: str
    claim: bool = False


FACTS = [Fact("a fear", "one", "fear", True), Fact("a date", "one", "date")]
SAYING = ["글은", "the article"]


def question(ko: str, en: str, *anchors: str, use: str = "") -> Item:
    return Item(stem={"ko": ko, "en": en}, citations=[{"lesson": "one", "anchor": one} for one in anchors], use=use)


@pytest.mark.parametrize(
    ("item", "languages"),
    [
        (question("누가 걱정했습니까?", "Who feared?", "fear"), ["ko", "en"]),
        (question("글은 누구를 듭니까?", "Who feared?", "fear"), ["en"]),
        (question("글은 누구를 듭니까?", "Whom does the article name?", "fear"), []),
        (question("누가 걱정했습니까?", "Who feared?", "fear", "date"), []),
        (question("누가 걱정했습니까?", "Who feared?"), []),
        (question("누가 걱정했습니까?", "Who feared?", "fear", use="check"), []),
        (question("언제입니까?", "When?", "date"), []),
    ],
)
def test_a_question_on_a_claim_says_whose_it_is(item: Item, languages: list[str]) -> None:
    said = list(told_as_fact(item, FACTS, SAYING))
    assert [one.path for one in said] == [("stem", language) for language in languages]
    assert all("a fear" in one.message for one in said)
    assert not list(told_as_fact(item, FACTS, []))


def test_a_phrase_is_a_phrase_at_the_beginning_of_words_only() -> None:
    assert is_attributed("이 글은 그렇게 봅니다.", SAYING)
    assert is_attributed("As The\nArticle has it", SAYING)
    assert not is_attributed("구글은 그렇게 봅니다.", SAYING)


def test_a_fact_is_asked_by_who_cites_its_passage() -> None:
    assert [(place, one.values["fact"]) for place, one in unasked(FACTS, {("one", "fear")})] == [(1, "a date")]
    assert not list(unasked(FACTS, {("one", "fear"), ("one", "date")}))
