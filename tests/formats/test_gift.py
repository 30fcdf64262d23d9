"""GIFT: the grammar of Moodle's importer, what bites in real files, what is refused, and the way back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.errors import Problem
from quizapp.formats import gift
from quizapp.formats.base import CannotCarry
from quizapp.formats.items import Item
from tests.formats.strategies import FIELDS, damaged, items

CARRIED = ["choice", "multiple", "truefalse", "text", "number", "match", "essay", "description"]


def one(source: str) -> Item:
    """The only question of a file that has no problems."""
    reading = gift.read(source.encode(), "en")
    assert [problem.message for problem in reading.problems if problem.is_error] == []
    (item,) = reading.items
    return item


def choices(item: Item) -> list[tuple[str, float]]:
    return [(choice["text"]["en"], choice["fraction"]) for choice in item.response["choices"]]


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("Q{=a ~b ~c}", "choice", [("a", 1), ("b", 0), ("c", 0)]),
        ("Q{\n=a\n~b\n}", "choice", [("a", 1), ("b", 0)]),
        ("Q{~b =a}", "choice", [("b", 0), ("a", 1)]),
        ("Q{=a ~%50%b ~%-25%c}", "choice", [("a", 1), ("b", 0.5), ("c", -0.25)]),
        ("Q{=a =b ~c}", "choice", [("a", 1), ("b", 1), ("c", 0)]),
        ("Q{~%100%a ~%100%b ~c}", "multiple", [("a", 1), ("b", 1), ("c", 0)]),
        ("Q{~%50%a ~%50%b ~%-100%c}", "multiple", [("a", 0.5), ("b", 0.5), ("c", -1)]),
        ("Q{=1\\:30 ~2\\=2 ~\\{x\\}}", "choice", [("1:30", 1), ("2=2", 0), ("{x}", 0)]),
        ("Q{=time: now ~b}", "choice", [("time: now", 1), ("b", 0)]),
        ("Q{=back\\\\slash ~a\\nb}", "choice", [("back\\slash", 1), ("a\nb", 0)]),
    ],
)
def test_choices(source: str, kind: str, expected: list[tuple[str, float]]) -> None:
    item = one(source)
    assert item.kind == kind
    assert choices(item) == expected


@pytest.mark.parametrize(
    ("source", "kind", "response"),
    [
        ("Q{}", "essay", {}),
        ("Q{ }", "essay", {}),
        ("Just words.", "description", {}),
        ("Q{T}", "truefalse", {"answer": True}),
        ("Q{false}", "truefalse", {"answer": False}),
        ("Q{T#no#yes}", "truefalse", {"answer": True, "feedback": {"true": {"en": "yes"}, "false": {"en": "no"}}}),
        ("Q{F#no}", "truefalse", {"answer": False, "feedback": {"true": {"en": "no"}}}),
        ("Q{=a =b}", "text", {"answers": [{"text": "a", "fraction": 1}, {"text": "b", "fraction": 1}]}),
        ("Q{Grant}", "text", {"answers": [{"text": "Grant", "fraction": 1}]}),
        ("Q{=%50%a#half =b}", "text",
         {"answers": [{"text": "a", "fraction": 0.5, "feedback": {"en": "half"}}, {"text": "b", "fraction": 1}]}),
        ("Q{#3}", "number", {"answers": [{"value": "3", "fraction": 1}]}),
        ("Q{#3.14:0.05}", "number", {"answers": [{"value": "3.14", "tolerance": "0.05", "fraction": 1}]}),
        ("Q{#1..5}", "number", {"answers": [{"value": "3", "tolerance": "2", "fraction": 1}]}),
        ("Q{#=3:0 =%50%3:2#near ~#far}", "number",
         {"answers": [{"value": "3", "fraction": 1},
                      {"value": "3", "tolerance": "2", "fraction": 0.5, "feedback": {"en": "near"}},
                      {"value": "*", "fraction": 0, "feedback": {"en": "far"}}]}),
    ],
)  # fmt: skip
def test_other_kinds(source: str, kind: str, response: dict[str, Any]) -> None:
    item = one(source)
    assert (item.kind, item.response) == (kind, response)


def test_matching_keeps_distractors_and_joins_equal_options() -> None:
    item = one("Q{=a -> x =b -> y =c -> x = -> z}")
    assert [row["option"] for row in item.response["rows"]] == ["o1", "o2", "o1"]
    assert [option["text"]["en"] for option in item.response["options"]] == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("source", "field", "value"),
    [
        ("::A title:: Q{T}", "title", {"en": "A title"}),
        ("::With \\: colon::Q{T}", "title", {"en": "With : colon"}),
        ("// [id:q-1] [tag:x] [tag:y z]\nQ{T}", "id", "q-1"),
        ("// [id:q-1] [tag:x] [tag:y z]\nQ{T}", "tags", ["x", "y z"]),
        ("$CATEGORY: a/b//c\n\nQ{T}", "category", ["a", "b/c"]),
        ("$CATEGORY: $course$/top/a\n\nQ{T}", "category", ["a"]),
        ("[html]<b>Q</b>{T}", "stem", {"en": "<b>Q</b>", "format": "html"}),
        ("[markdown]**Q**{T}", "stem", {"en": "**Q**"}),
        ("[plain]2*3*4{T}", "stem", {"en": "2*3*4", "format": "plain"}),
        ("2*3*4{T}", "stem", {"en": "2*3*4", "format": "plain"}),
        ("<i>Q</i>{T}", "stem", {"en": "<i>Q</i>", "format": "html"}),
        ("$CATEGORY: $cat1$/top/a/top\n\nQ{T}", "category", ["a", "top"]),
        ("// [id:of-nothing]\n\nQ{T}", "id", ""),
        ("// [id:of-nothing]\n\n// [id:q-1]\nQ{T}", "id", "q-1"),
        ("Q{T}\n// [id:q-1]", "id", "q-1"),
        ("수도는 {=서울}입니다.", "stem", {"en": "수도는 _____입니다.", "format": "plain"}),
        ("It is {=so}.", "stem", {"en": "It is _____.", "format": "plain"}),
        ("The {=cat ~dog} sat.", "stem", {"en": "The _____ sat.", "format": "plain"}),
        ("Q{T####because}", "feedback", {"general": {"en": "because"}}),
        ("Line one\nline two{T}", "stem", {"en": "Line one\nline two", "format": "plain"}),
        ("Only {T} the first } counts", "kind", "truefalse"),
    ],
)
def test_what_stands_around_the_answers(source: str, field: str, value: Any) -> None:
    assert getattr(one(source), field) == value


def test_a_blank_line_ends_a_question_and_a_comment_does_not() -> None:
    reading = gift.read(b"One{T}\n\n// a word\nTwo{\n// inside\n=a\n~b\n}\n   \nThree{F}")
    assert [item.kind for item in reading.items] == ["truefalse", "choice", "truefalse"]
    assert [item.provenance["line"] for item in reading.items] == [1, 4, 10]


@pytest.mark.parametrize(
    ("source", "line", "code", "severity"),
    [
        ("Fine{T}\n\nQ{=a ~b", 3, "braces", "error"),
        ("Fine{T}\n\nQ =a ~b}", 3, "braces", "error"),
        ("Q{~a ~b}", 1, "no-right", "error"),
        ("Q{=a =b ~c}", 1, "several-right", "warning"),
        ("Q{~%100%a ~%100%b ~c}", 1, "over-full", "warning"),
        ("::Title only::{T}", 1, "no-text", "error"),
        ('Fine{T}\n\n[html]<img src="@@PLUGINFILE@@/a%20b.png">{T}', 3, "missing-media", "warning"),
        ("Q{=a}\n\nR{=a ~}", 3, "empty-option", "error"),
        ("Q{~%33%a ~%33%b ~%34%c}", 1, "moodle-weight", "warning"),
        ("Q{#3,14}", 1, "number-reading", "warning"),
        ("Q{#abc}", 1, "no-number", "error"),
        ("Q{=a -> =b -> y}", 1, "pair", "error"),
        ("Q{~%500%a ~b}", 1, "weight", "error"),
    ],
)
def test_what_is_wrong_is_told_by_line(source: str, line: int, code: str, severity: str) -> None:
    reading = gift.read(source.encode())
    found: list[Problem] = [problem for problem in reading.problems if problem.code == code]
    assert found, [problem.code for problem in reading.problems]
    assert (found[0].line, found[0].severity) == (line, severity)
    assert found[0].text
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


@pytest.mark.parametrize("source", [b"// " + b"[id:" * 50_000 + b"\nQ{T}", b"Q{" + b"~" * 100_000 + b"}"])
def test_a_hostile_question_is_given_up_soon(source: bytes) -> None:
    began = time.process_time()
    assert len(gift.read(source).problems) <= 2
    assert time.process_time() - began < 2


def test_a_third_may_be_rounded_as_moodle_takes_it() -> None:
    assert gift.read(b"Q{~%33.333%a ~%33.333%b ~%33.333%c ~d}").problems == []


@pytest.mark.parametrize("category", [[], ["top"], ["top", "a/b"], ["a", "top"]])
def test_categories_of_any_name_come_back(category: list[str]) -> None:
    other = Item(kind="essay", stem={"en": "P"}, category=["x"])
    made = Item(kind="essay", stem={"en": "Q"}, category=category)
    assert [item.category for item in gift.read(gift.write([other, made]), "en").items] == [["x"], category]


def test_korean_from_an_old_excel_is_read() -> None:
    reading = gift.read("대한민국의 수도는? {=서울 ~부산}".encode("cp949"))
    assert reading.items[0].stem == {"ko": "대한민국의 수도는?"}
    assert reading.encoding.lower() == "cp949"


@settings(max_examples=150)
@given(made=st.lists(items(CARRIED, languages=("ko",), fields=("id", "title", "category", "tags")), max_size=3))
def test_what_has_no_loss_comes_back_equal(made: list[Item]) -> None:
    made = [item for n, item in enumerate(made) if item.id not in {other.id for other in made[:n]}]
    whole = [item for item in made if not gift.carries(item)]
    back = gift.read(gift.write(whole), "ko").items
    assert [(item.id, item.content()) for item in back] == [(item.id, item.content()) for item in whole]


@settings(max_examples=100)
@given(item=items(CARRIED, texts="plain", languages=("ko",), simple=True))
def test_simple_questions_lose_little(item: Item) -> None:
    """With plain words and nothing around them, only the rule of scoring may be lost."""
    assert {problem.code for problem in gift.carries(item)} <= {
        "lost-scoring", "lost-units", "lost-tolerance", "lost-essay", "lost-pinned", "lost-feedback", "spelling"
    }  # fmt: skip


@settings(max_examples=100)
@given(item=items([*CARRIED, "categorise", "order", "cloze"], fields=FIELDS))
def test_every_item_is_written_or_refused(item: Item) -> None:
    if any(problem.is_error for problem in gift.carries(item)):
        with pytest.raises(CannotCarry):
            gift.write([item])
    else:
        assert len(gift.read(gift.write([item])).items) == 1


def test_what_comes_back_is_stable() -> None:
    once = gift.read(gift.SAMPLE).items
    assert gift.read(gift.SAMPLE).problems == []
    assert gift.write(gift.read(gift.write(once)).items) == gift.write(once)


@settings(max_examples=300)
@given(data=damaged(gift.SAMPLE) | st.binary(max_size=200))
def test_a_damaged_file_never_raises(data: bytes) -> None:
    reading = gift.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


def test_what_is_no_tag_of_html_stays_a_word() -> None:
    """Of a program, say. Only where the text says that it is HTML, or has tags that are, it is taken for it."""
    written = "What does List<String> hold in Java, and vector<int> in C++? {=text ~Map<Integer,String>}"
    (item,) = gift.read(written.encode()).items
    assert item.stem == {"en": "What does List<String> hold in Java, and vector<int> in C++?", "format": "plain"}
    assert "Map<Integer,String>" in [choice["text"]["en"] for choice in item.response["choices"]]
    (item,) = gift.read(b"<p>Is it?</p> {T}").items
    assert item.stem["format"] == "html"
