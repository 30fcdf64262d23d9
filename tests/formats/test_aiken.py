"""Aiken: the grammar, its lenient forms, what is refused, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import aiken
from quizapp.formats.accounting import unread_texts
from quizapp.formats.base import CannotCarry
from quizapp.formats.items import Item
from quizapp.kinds.base import say
from tests.formats.strategies import FIELDS, damaged, items


def shown(item: Item) -> tuple[str, list[str], str]:
    language = item.languages[0]
    choices = item.response["choices"]
    right = next(choice["id"] for choice in choices if choice["fraction"] == 1)
    return say(item.stem, language), [say(choice["text"], language) for choice in choices], right


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Q?\nA. x\nB. y\nANSWER: B\n", ("Q?", ["x", "y"], "b")),
        ("Q?\nA) x\nB) y\nANSWER: A", ("Q?", ["x", "y"], "a")),
        ("Q?\na) x\nb) y\nanswer: b", ("Q?", ["x", "y"], "b")),
        ("Q?\r\nA. x\r\nB. y\r\nANSWER: B.\r\n", ("Q?", ["x", "y"], "b")),
        ("Q?\nA. x\nB. y\nANSWER:B) y", ("Q?", ["x", "y"], "b")),
        ("질문?\nA．가\nB.나\n정답: B", ("질문?", ["가", "나"], "b")),
        ("One.\nTwo.\n\nThree?\nA. x\nB. y\nANSWER: A", ("One.\nTwo.\n\nThree?", ["x", "y"], "a")),
        ("Q?\n\nA. x\n\nB. y\n\nANSWER: A", ("Q?", ["x", "y"], "a")),
        ("  Q?\n  A. x\n\tB.\ty\n ANSWER : A", ("  Q?", ["x", "y"], "a")),
        ("B. Brown wrote it.\nWho?\nA. x\nB. y\nANSWER: A", ("B. Brown wrote it.\nWho?", ["x", "y"], "a")),
        ("Q?\nA. x\nB. y\nC. z\nD. w\nANSWER: D", ("Q?", ["x", "y", "z", "w"], "d")),
        ("Q?\nA. e.g. x\nB. \\*y_\nANSWER: A", ("Q?", ["e.g. x", "\\*y_"], "a")),
    ],
)
def test_a_question_is_read(source, expected):
    reading = aiken.read(source.encode())
    assert reading.problems == []
    assert [shown(item) for item in reading.items] == [expected]


def test_more_than_ten_options():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    source = "Q?\n" + "".join(f"{letter}. option {letter}\n" for letter in letters) + "ANSWER: Z\n"
    (item,) = aiken.read(source.encode()).items
    assert shown(item)[2] == "z"
    assert len(item.response["choices"]) == 26


def test_plain_text_is_never_read_as_markup():
    (item,) = aiken.read(b"2*3*4?\nA. 24\nB. 9\nANSWER: A").items
    assert item.stem == {"en": "2*3*4?", "format": "plain"}
    assert item.response["choices"][0]["text"] == {"en": "24"}


@pytest.mark.parametrize(
    ("source", "line", "code", "kept"),
    [
        ("Q?\nA. x\nB. y\n\nR?\nA. x\nB. y\nANSWER: A", 1, "no-right", 1),
        ("Q?\nA. x\nB. y\nANSWER: C\nR?\nA. x\nB. y\nANSWER: A", 4, "no-right", 1),
        ("Q?\nA. x\nB. y\nANSWER: A, B", 4, "no-right", 0),
        ("Q?\nA. x\nB. y\nANSWER: AB", 4, "no-right", 0),
        ("Q?\nA. x\nB. y\nANSWER:", 4, "no-right", 0),
        ("Q?\nA. x\nANSWER: A", 1, "too-few", 0),
        ("\nANSWER: A", 2, "no-question", 0),
        ("Q?\nA. x\nB.\nANSWER: A", 1, "no-text", 0),
        ("Q?\nA. x\ngoes on\nB. y\nANSWER: A", 3, "continued", 1),
        ("", 1, "empty", 0),
        ("Q?\nA. x\nB. \0", 3, "unreadable", 0),
    ],
)
def test_what_is_wrong_is_told_with_its_line(source, line, code, kept):
    reading = aiken.read(source.encode())
    assert [(problem.line, problem.code) for problem in reading.problems] == [(line, code)]
    assert len(reading.items) == kept
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


@pytest.mark.parametrize("language", ["ko", "en"])
@settings(max_examples=100)
@given(data=st.data())
def test_simple_single_choices_come_back(language, data):
    made = data.draw(st.lists(items(["choice"], texts="plain", languages=(language,), simple=True), max_size=3))
    assert [problem for item in made for problem in aiken.carries(item)] == []
    assert [item.content() for item in aiken.read(aiken.write(made)).items] == [item.content() for item in made]


@settings(max_examples=200)
@given(item=items(["choice"], fields=FIELDS))
def test_any_single_choice_comes_back_up_to_the_losses_told(item):
    problems = aiken.carries(item)
    if any(problem.is_error for problem in problems):
        with pytest.raises(CannotCarry):
            aiken.write([item])
        return
    (back,) = aiken.read(aiken.write([item]), language="ko").items
    stem, choices, right = shown(item)
    if "lost-lines" not in {problem.code for problem in problems}:
        assert shown(back) == (stem, choices, right)
    assert ["".join(choice.split()) for choice in shown(back)[1]] == ["".join(choice.split()) for choice in choices]
    assert "lost-languages" in {problem.code for problem in problems}
    for name in FIELDS:
        assert (f"lost-{name}" in {problem.code for problem in problems}) == (name in item.to_json())


def test_what_comes_back_is_stable():
    once = aiken.read(aiken.SAMPLE).items
    assert aiken.write(aiken.read(aiken.write(once)).items) == aiken.write(once)


@pytest.mark.parametrize(
    "item",
    [
        Item(kind="essay", stem={"en": "x"}),
        Item(
            stem={"en": "A stem\nA. with options"},
            response={"choices": [{"id": "a", "text": {"en": "x"}, "fraction": 1}, {"id": "b", "text": {"en": "y"}}]},
        ),
    ],
)
def test_what_cannot_be_written_is_refused(item):
    with pytest.raises(CannotCarry):
        aiken.write([item])


@settings(max_examples=300)
@given(data=damaged(aiken.SAMPLE) | st.binary(max_size=200))
def test_a_damaged_file_never_raises(data):
    reading = aiken.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


def test_an_explanation_below_an_answer_belongs_to_its_question_and_not_to_the_next() -> None:
    text = "수도는?\nA. 부산\nB. 서울\n정답: B\n해설: 한국의 수도\n둘째 줄\n\n섬은?\nA. 제주\nB. 대전\nANSWER: A\n"
    reading = aiken.read(text.encode())
    assert [item.stem["ko"] for item in reading.items] == ["수도는?", "섬은?"]
    assert reading.items[0].feedback["general"]["ko"] == "한국의 수도\n둘째 줄"
    assert (reading.problems, unread_texts(text.encode(), "aiken", reading)) == ([], [])
    close = aiken.read(b"One?\nA. a\nB. b\nANSWER: A\nTwo?\nA. a\nB. b\nANSWER: B\n")
    assert [item.stem["en"] for item in close.items] == ["One?", "Two?"], "no blank line is needed between questions"


def test_a_stem_that_reads_as_an_explanation_is_not_written() -> None:
    (item,) = aiken.read("설명: 하나\n둘은?\nA. 부산\nB. 서울\n정답: B\n".encode()).items
    item.stem = {"ko": "해설: 무엇의 해설인가?"}
    assert [problem.code for problem in aiken.carries(item) if problem.is_error] == ["stem"]
