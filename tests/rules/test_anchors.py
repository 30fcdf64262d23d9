"""How citations stand after lessons have changed: a table of cases, and what holds for any lesson."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.anchors import Passages, Place, Wording, text_changes
from quizapp.texts.lessons import quote_hash

MURATI = {
    "ko": "임시 CEO를 맡은 미라 무라티가 알트만의 복직을 안건으로 올렸다고 전해졌습니다.",
    "en": "Mira Murati, the interim CEO, was said to have put his reinstatement on the agenda.",
}
REWRITTEN = {
    "ko": "임시 CEO 미라 무라티가 알트만의 복직을 안건으로 올렸다고 전해졌습니다.",
    "en": "Mira Murati, the interim CEO, is said to have put his reinstatement on the agenda.",
}
GUEST = {"ko": "알트만은 출입증을 든 사진을 올렸습니다.", "en": "Altman posted a photograph with a guest pass."}
OTHER = {"ko": "강물은 바다로 흘러갑니다.", "en": "Rivers run to the sea."}
CITED = Place("days", "murati")


def at(*places: tuple[str, str, Wording]) -> Passages:
    return Passages({Place(lesson, anchor): wording for lesson, anchor, wording in places})


@pytest.mark.parametrize(
    ("now", "state", "place"),
    [
        ([("days", "murati", MURATI), ("days", "guest", GUEST)], "intact", CITED),
        # the same words elsewhere are no reason to leave the anchor
        ([("days", "copy", MURATI), ("days", "murati", MURATI)], "intact", CITED),
        # white space and the composition of letters aren't words
        ([("days", "murati", {"ko": MURATI["ko"].replace(" ", "\n "), "en": MURATI["en"]})], "intact", CITED),
        # a language that was added leaves the others as they were
        ([("days", "murati", MURATI | {"ja": "…"})], "intact", CITED),
        ([("days", "interim", MURATI), ("days", "guest", GUEST)], "moved", Place("days", "interim")),
        ([("days", "murati", GUEST), ("days", "interim", MURATI)], "moved", Place("days", "interim")),
        ([("board", "ceo", MURATI), ("days", "guest", GUEST)], "moved", Place("board", "ceo")),
        # of two copies, the one in the same lesson
        ([("board", "ceo", MURATI), ("days", "ceo", MURATI)], "moved", Place("days", "ceo")),
        ([("days", "murati", REWRITTEN)], "changed", CITED),
        # one language is enough
        ([("days", "murati", MURATI | {"en": REWRITTEN["en"]})], "changed", CITED),
        ([("days", "murati", {"ko": MURATI["ko"]})], "changed", CITED),
        # moved and rewritten: far more like the cited words than what stands at the anchor
        ([("days", "murati", OTHER), ("days", "interim", REWRITTEN)], "changed", Place("days", "interim")),
        ([("days", "guest", GUEST), ("board", "interim", REWRITTEN)], "changed", Place("board", "interim")),
        # a new translation doesn't make it another passage
        ([("days", "interim", MURATI | {"en": OTHER["en"]})], "changed", Place("days", "interim")),
        # other words at the anchor, and nothing alike elsewhere
        ([("days", "murati", OTHER), ("days", "guest", GUEST)], "changed", CITED),
        ([("days", "guest", GUEST), ("board", "sea", OTHER)], "gone", None),
        ([], "gone", None),
    ],
)
def test_where_a_cited_passage_is(now: list[tuple[str, str, Wording]], state: str, place: Place | None) -> None:
    found = at(*now).standing(CITED, MURATI)
    assert (found.state, found.place) == (state, place)
    assert found.holds == (state == "intact")


def test_how_much_is_left_is_that_of_the_language_with_the_least() -> None:
    one = at(("days", "murati", MURATI | {"en": REWRITTEN["en"]})).standing(CITED, MURATI)
    both = at(("days", "murati", REWRITTEN)).standing(CITED, MURATI)
    none = at(("days", "murati", OTHER)).standing(CITED, MURATI)
    lost = at(("days", "murati", {"ko": MURATI["ko"]})).standing(CITED, MURATI)
    assert 0.8 < (one.likeness or 0) < 1
    assert (both.likeness or 0) <= (one.likeness or 0)
    assert none.likeness is not None
    assert none.likeness < 0.2
    assert lost.likeness == 0


def test_a_quote_alone_tells_the_same_words_from_others() -> None:
    quote = quote_hash(MURATI["ko"])
    assert at(("days", "murati", MURATI)).standing(CITED, None, quote).state == "intact"
    moved = at(("days", "murati", GUEST), ("board", "ceo", MURATI)).standing(CITED, None, quote)
    assert (moved.state, moved.place) == ("moved", Place("board", "ceo"))
    changed = at(("days", "murati", REWRITTEN)).standing(CITED, None, quote)
    assert (changed.state, changed.place, changed.likeness) == ("changed", CITED, None)
    assert at(("days", "guest", GUEST)).standing(CITED, None, quote).state == "gone"


def test_without_anything_known_the_anchor_counts() -> None:
    assert at(("days", "murati", GUEST)).standing(CITED, None).state == "intact"
    assert at(("days", "guest", GUEST)).standing(CITED, None).state == "gone"


def test_a_lesson_as_a_whole_is_there_or_gone() -> None:
    lesson = Place("days", "")
    assert at(("days", "", {}), ("days", "murati", MURATI)).standing(lesson, {}).state == "intact"
    assert at(("board", "", {})).standing(lesson, {}).state == "gone"


def test_a_passage_without_words_is_looked_for_nowhere_else() -> None:
    """An image alone: any other image would do."""
    assert at(("days", "other", {"ko": ""})).standing(CITED, {"ko": ""}).state == "gone"


sentences = st.text(alphabet="가나다라마바사 abcde", min_size=12, max_size=40).filter(
    lambda text: len(text.split()) > 1
)
wordings = st.fixed_dictionaries({"ko": sentences, "en": sentences})
courses = st.dictionaries(
    st.builds(Place, st.sampled_from(["one", "two"]), st.sampled_from("abcdef")), wordings, min_size=1, max_size=6
)


@given(courses, st.data())
def test_nothing_changes_as_long_as_no_lesson_does(course: Mapping[Place, Wording], data: st.DataObject) -> None:
    cited = data.draw(st.sampled_from(sorted(course)))
    found = Passages(course).standing(cited, course[cited])
    assert (found.state, found.place, found.likeness) == ("intact", cited, 1)


@given(courses, courses, st.data())
def test_a_citation_leads_to_a_passage_that_is_there(
    before: Mapping[Place, Wording], after: Mapping[Place, Wording], data: st.DataObject
) -> None:
    cited = data.draw(st.sampled_from(sorted(before)))
    found = Passages(after).standing(cited, before[cited])
    assert (found.place is None) == (found.state == "gone")
    assert found.place is None or found.place in after
    assert found.likeness is None or 0 <= found.likeness <= 1


@given(courses, st.data())
def test_renamed_anchors_are_followed(course: Mapping[Place, Wording], data: st.DataObject) -> None:
    cited = data.draw(st.sampled_from(sorted(course)))
    renamed = {Place(place.lesson, f"new-{place.anchor}"): wording for place, wording in course.items()}
    found = Passages(renamed).standing(cited, course[cited])
    assert found.state == "moved"
    assert found.place is not None
    assert [*map(str.split, renamed[found.place].values())] == [*map(str.split, course[cited].values())]


@given(st.lists(st.sampled_from(["가", "나", "다", "a", "b"])), st.lists(st.sampled_from(["가", "나", "다", "a", "b"])))
def test_a_comparison_holds_both_texts(old: list[str], new: list[str]) -> None:
    pieces = text_changes(" ".join(old), " ".join(new))
    assert " ".join(text for kind, text in pieces if kind != "new").split() == old
    assert " ".join(text for kind, text in pieces if kind != "old").split() == new


def test_a_comparison_goes_word_by_word() -> None:
    assert text_changes("he left the board", "he left the company today") == [
        ("same", "he left the"),
        ("old", "board"),
        ("new", "company today"),
    ]
