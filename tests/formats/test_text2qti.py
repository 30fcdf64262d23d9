"""The Markdown quiz of text2qti: the whole grammar, what is refused, and that nothing changes there and back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import text2qti
from quizapp.formats.base import CannotCarry, Reading
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from tests.formats.strategies import items

CARRIED = ("choice", "multiple", "truefalse", "text", "number", "essay", "description")


def read(text: str, language: str | None = None) -> Reading:
    reading = text2qti.read(text.encode(), language)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    for item in reading.items:
        assert item.kind == "opaque" or item.kind == "description" or KINDS[item.kind].check(item.body) == []
    return reading


def one(text: str) -> Item:
    reading = read(text)
    assert [problem.message for problem in reading.errors] == []
    assert len(reading.items) == 1
    return reading.items[0]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def contents(reading: Reading) -> list[dict[str, Any]]:
    return [item.content() for item in reading.items]


def test_a_single_choice_with_everything_that_belongs_to_it() -> None:
    item = one(
        "Title: Sums\nPoints: 2.5\n1.  What is 2+3?\n... General.\n+   Right.\n-   Wrong.\n!   Solution.\n"
        "a)  6\n... Too many.\nb)  1\n*c) 5\n... Yes."
    )
    assert (item.kind, item.title, item.points) == ("choice", {"en": "Sums"}, 2.5)
    assert item.stem == {"en": "What is 2+3?"}
    assert item.feedback == {
        "general": {"en": "General."},
        "right": {"en": "Right."},
        "wrong": {"en": "Wrong."},
        "solution": {"en": "Solution."},
    }
    assert item.response["choices"] == [
        {"id": "a", "text": {"en": "6"}, "fraction": 0, "feedback": {"en": "Too many."}},
        {"id": "b", "text": {"en": "1"}, "fraction": 0},
        {"id": "c", "text": {"en": "5"}, "fraction": 1, "feedback": {"en": "Yes."}},
    ]


@pytest.mark.parametrize(
    ("answers", "kind", "response"),
    [
        ("*a) True\nb)  False", "truefalse", {"answer": True}),
        ("a)  true\n*b) false", "truefalse", {"answer": False}),
        ("*a) true\n... Yes.\nb) false", "truefalse", {"answer": True, "feedback": {"true": {"en": "Yes."}}}),
        (
            "*   Santa\n*   Saint Nick",
            "text",
            {"answers": [{"text": t, "fraction": 1} for t in ("Santa", "Saint Nick")]},
        ),
        ("*   2 * 3", "text", {"answers": [{"text": r"2 \* 3", "fraction": 1}]}),
        ("____", "essay", {}),
        ("=   5", "number", {"answers": [{"value": "5", "fraction": 1}]}),
        ("=   1_000", "number", {"answers": [{"value": "1000", "fraction": 1}]}),
        ("=   -3", "number", {"answers": [{"value": "-3", "fraction": 1}]}),
        ("=   1.4142 +- 0.0001", "number", {"answers": [{"value": "1.4142", "tolerance": "0.0001", "fraction": 1}]}),
        ("=   2.50 +- 0", "number", {"answers": [{"value": "2.5", "fraction": 1}]}),
        ("=   1e3 +- 1e1", "number", {"answers": [{"value": "1000", "tolerance": "10", "fraction": 1}]}),
        (
            "=   9.4 +- 5%",
            "number",
            {"answers": [{"value": "9.4", "tolerance": "0.05", "type": "relative", "fraction": 1}]},
        ),
        ("=   [1.2598, 1.2600]", "number", {"answers": [{"value": "1.2599", "tolerance": "0.0001", "fraction": 1}]}),
        ("=   [3,3]", "number", {"answers": [{"value": "3", "fraction": 1}]}),
    ],
)
def test_answers(answers: str, kind: str, response: dict[str, Any]) -> None:
    item = one(f"1.  Question?\n{answers}\n")
    assert (item.kind, item.response) == (kind, response)


def test_multiple_answers_are_scored_right_less_wrong() -> None:
    item = one("1.  Dinosaurs?\n[ ] Mammoth\n[*] Triceratops\n[] Smilodon\n[*] T. rex")
    assert item.kind == "multiple"
    assert [choice["fraction"] for choice in item.response["choices"]] == [0, 1, 0, 1]
    assert item.scoring == {}


def test_texts_of_many_paragraphs_keep_their_markdown() -> None:
    item = one(
        "1.  First,\n    wrapped.\n\n    ```python\n    def f():\n        return 1\n    ```\n\n"
        "\ttab-indented\n*a) $x^2$\n\n    more\nb)  no\n"
    )
    assert item.stem["en"] == "First,\nwrapped.\n\n```python\ndef f():\n    return 1\n```\n\ntab-indented"
    assert item.response["choices"][0]["text"] == {"en": "$x^2$\n\nmore"}


def test_comments_are_left_out_wherever_they_stand() -> None:
    text = "% one\n1.  Q?\n% two\n*a) x\nCOMMENT\n2.  no\nEND_COMMENT\nb)  y\n%three"
    assert len(one(text).response["choices"]) == 2


def test_text_regions_are_descriptions() -> None:
    reading = read(
        "Text title: Read\n  this\nText: Body\n    *more*\n\ntext: Just text\nText title: A * alone\n\n1. Q?\n____"
    )
    assert [item.kind for item in reading.items] == ["description"] * 3 + ["essay"]
    first, second, third, _ = reading.items
    assert (first.title, first.stem) == ({"en": "Read this"}, {"en": "Body\n*more*"})
    assert (second.title, second.stem) == ({}, {"en": "Just text"})
    assert (third.title, third.stem) == ({}, {"en": r"A \* alone"})


def test_a_group_gives_its_points_and_says_what_it_picks() -> None:
    question = "1.  Q{}?\n*a) x\nb)  y\n\n"
    reading = read(f"GROUP\npick: 1\npoints per question: 3\n\n{question.format(1)}{question.format(2)}END_GROUP\n")
    assert [item.points for item in reading.items] == [3, 3]
    assert reading.meta["groups"] == [{"pick": 1, "items": [0, 1]}]
    assert [(problem.severity, problem.line) for problem in reading.problems] == [("loss", 1)]


def test_what_is_said_of_the_whole_quiz() -> None:
    reading = read(
        "Quiz title: A\n  title\nQuiz description: About\nshuffle answers: false\nfeedback is solution: true\n"
        "one question at a time: true\n\n1.  Q?\n... Because.\n____\n"
    )
    assert reading.title == {"en": "A title"}
    assert reading.meta["description"] == {"en": "About"}
    assert reading.items[0].shuffle is False
    assert reading.items[0].feedback["solution"] == {"en": "Because."}
    assert codes(reading) == ["quiz-setting"]


def test_a_file_upload_is_kept_and_written_unchanged() -> None:
    source = "Title: Draw\nPoints: 2\n1.  Upload a file.\n... General.\n^^^^"
    item = one(f"% first\n{source}\n\n")
    assert (item.kind, item.provenance["original"]) == ("opaque", source)
    assert text2qti.write([item]).decode() == f"{source}\n"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("1.  Q?\n", "no-answers", 1),
        ("1.  Q?\na)  x\nb)  y\n", "no-right", 1),
        ("1.  Q?\n*a) x\n*b) y\n", "two-right", 1),
        ("1.  Q?\n*a) x\n", "too-few", 1),
        ("1.  Q?\n*a) x\nb)  x\n", "same-choice", 1),
        ("1.  Q?\n[ ] x\n[ ] y\n", "no-right", 1),
        ("1.  Q?\n*a) x\n[ ] y\n", "mixed", 3),
        ("1.  Q?\n____\n____\n", "mixed", 3),
        ("1.  Q?\n= 5\n= 6\n", "mixed", 3),
        ("1.  Q?\n= five\n", "number", 2),
        ("1.  Q?\n= [2, 1]\n", "number", 2),
        ("1.  Q?\n= [1, 2\n", "number", 2),
        ("1.  Q?\n= 5 +- -1\n", "number", 2),
        ("1.  Q?\n= nan +- 1\n", "number", 2),
        ("1.  Q?\n= 1e999999999 +- 1\n", "number", 2),
        ("1.  Q?\n*   Santa\n... Own feedback\n", "feedback-place", 3),
        ("1.  Q?\n... one\n... two\n____\n", "feedback-twice", 3),
        ("Points: 0.3\n1.  Q?\n____\n", "points", 1),
        ("Points: -1\n1.  Q?\n____\n", "points", 1),
        ("1.What?\n*a) x\nb)  y\n", "cramped", 1),
        ("1.\n*a) x\nb)  y\n", "cramped", 1),
        ("1.  Q?\n*a)x\nb)  y\n", "cramped", 2),
        ("1.  Q, wrapped\nbut not indented\n*a) x\nb)  y\n", "unknown-line", 2),
        ("1.  Q?\n```python\nprint()\n```\n____\n", "unknown-line", 2),
        ("```{.python .run}\nprint('1.  Q')\n```\n", "program", 1),
    ],
)
def test_a_question_with_an_error_is_left_out_whole(text: str, code: str, line: int) -> None:
    reading = read(f"{text}\n7.  Fine?\n____\n")
    assert [item.stem["en"] for item in reading.items] == ["Fine?"]
    assert reading.failed == 1
    assert (code, line) in [(problem.code, problem.line) for problem in reading.errors]


@pytest.mark.parametrize(("text", "code"), [("1.  Q?\n", "no-answers"), ("1.  Q?\n= five\n", "number")])
def test_one_mistake_is_told_once(text: str, code: str) -> None:
    assert [problem.code for problem in read(text).errors][:1] == [code]
    assert len(read(f"{text}\n7.  Fine?\n____\n").errors) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a)  x\n", "no-question"),
        ("Hello\n", "unknown-line"),
        ("END_GROUP\n", "no-group"),
        ("pick: 2\n", "group-setting"),
        ("GROUP\npick: none\nEND_GROUP\n", "group-setting"),
        ("GROUP\nGROUP\nEND_GROUP\n", "group-nested"),
        ("GROUP\n", "group-open"),
        ("shuffle answers: perhaps\n", "setting"),
        ("Title: Lost\nText: Region\n", "heading"),
        ("COMMENT\nfor ever\n", "comment-open"),
    ],
)
def test_what_is_wrong_outside_of_questions_is_told(text: str, code: str) -> None:
    reading = read(f"1.  Fine?\n____\nText: parts\n{text}")
    assert code in codes(reading)
    assert reading.failed == 0
    assert reading.items[0].stem == {"en": "Fine?"}


@pytest.mark.parametrize(
    ("number", "value", "code"),
    [("3,14", "3.14", "number-reading"), ("3,14 +- 0,01", "3.14", "number-reading"), ("3.14", "3.14", "no-tolerance")],
)
def test_a_doubtful_number_is_read_with_a_warning(number: str, value: str, code: str) -> None:
    reading = read(f"1.  Q?\n= {number}\n")
    assert reading.items[0].response["answers"][0]["value"] == value
    assert (reading.problems[0].code, reading.problems[0].severity) == (code, "warning")


def test_a_picture_that_is_missing_is_listed() -> None:
    reading = read("1.  ![a](one.png) ![b](https://example.org/two.png)\n*a) ![c](three.png)\nb)  no\n")
    assert [problem.values.get("name") for problem in reading.problems] == ["one.png", "three.png", None]
    assert reading.problems[-1].code == "remote-media"


@pytest.mark.parametrize(
    "data", [b"\x00\xff\xfe\x01" * 50, b"PK\x03\x04" + bytes(range(256)), b"", b"\n\n", b"1.  Q\0?\n"]
)
def test_what_is_no_text_gives_a_problem(data: bytes) -> None:
    reading = text2qti.read(data)
    assert reading.items == []
    assert reading.errors


def test_cp949_is_read() -> None:
    reading = text2qti.read("1.  누가 만들었나?\n*   세종\n".encode("cp949"))
    assert reading.encoding == "cp949"
    assert reading.items[0].stem == {"ko": "누가 만들었나?"}


@pytest.mark.parametrize(
    ("data", "least", "most"),
    [
        (text2qti.SAMPLE, 0.9, 1),
        (b"1.  What is 2+3?\na)  6\n*b) 5\n", 0.8, 1),
        (b"What is 2+3?\nA. 6\nB. 5\nANSWER: B\n", 0, 0),
        (b"::Q1:: What is 2+3? {=5 ~6}\n", 0, 0),
        (b"PK\x03\x04", 0, 0),
    ],
)
def test_sniff(data: bytes, least: float, most: float) -> None:
    assert least <= text2qti.sniff(data) <= most


# --- writing ---


def test_the_sample_holds_every_kind_and_comes_back() -> None:
    reading = text2qti.read(text2qti.SAMPLE)
    assert {item.kind for item in reading.items} == {*CARRIED, "opaque"}
    assert reading.failed == 0
    assert contents(text2qti.read(text2qti.write(reading.items), "ko")) == contents(reading)


@pytest.mark.parametrize("kind", ["match", "categorise", "order", "cloze"])
def test_other_kinds_are_refused(kind: str) -> None:
    with pytest.raises(CannotCarry):
        text2qti.write([Item(kind=kind, stem={"en": "Q"}, response=dict(KINDS[kind].EXAMPLE))])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "q1"}, "id"),
        ({"tags": ["x"]}, "tags"),
        ({"hints": [{"en": "Think"}]}, "hints"),
        ({"points": 0.7}, "points"),
        ({"stem": {"en": "Q", "ko": "문"}}, "lost-languages"),
        ({"stem": {"en": "<b>Q</b>", "format": "html"}}, "format"),
        ({"stem": {"en": "Q\twith tab\n\twith tab"}}, "spelling"),
        ({"feedback": {"right": {"en": "An essay is never right."}}}, "feedback"),
        ({"shuffle": False}, "shuffle"),
    ],
)
def test_losses_are_told(changes: dict[str, Any], code: str) -> None:
    item = Item(**{"kind": "essay", "stem": {"en": "Q"}, **changes})
    assert [(problem.code, problem.severity) for problem in text2qti.carries(item)] == [(code, "loss")]


@pytest.mark.parametrize(
    ("kind", "response", "code"),
    [
        ("text", {"answers": [{"text": "colou*r", "fraction": 1}]}, "kind"),
        ("number", {"answers": [{"value": "*", "fraction": 1}]}, "kind"),
        ("number", {"answers": [{"value": "1e200", "fraction": 1}]}, "unreadable"),
        ("opaque", {}, "kind"),
    ],
)
def test_what_cannot_be_written_is_an_error(kind: str, response: dict[str, Any], code: str) -> None:
    problems = text2qti.carries(Item(kind=kind, stem={"en": "Q"}, response=response))
    assert [problem.code for problem in problems if problem.is_error] == [code]


def test_a_plain_text_is_escaped() -> None:
    written = text2qti.write([Item(kind="essay", stem={"en": "a*b_c", "format": "plain"})]).decode()
    assert written.startswith("1.  a\\*b\\_c\n")


@settings(max_examples=150)
@given(st.sampled_from(["ko", "en"]).flatmap(
    lambda language: st.lists(
        items(CARRIED, languages=[language], texts="plain", simple=True, fields=["title", "feedback", "points"]),
        min_size=1,
        max_size=4,
    )
))  # fmt: skip
def test_plain_items_come_back_but_for_losses(drawn: list[Item]) -> None:
    come_back(drawn)


@settings(max_examples=150)
@given(items([kind for kind in CARRIED if kind != "description"], languages=["ko"], fields=["title", "feedback"]))
def test_any_item_comes_back_but_for_losses(drawn: Item) -> None:
    come_back([drawn])


def come_back(drawn: list[Item]) -> None:
    found = [text2qti.carries(item) for item in drawn]
    if any(problem.is_error for problems in found for problem in problems):
        return
    reading = text2qti.read(text2qti.write(drawn), drawn[0].languages[0])
    assert [problem.message for problem in reading.errors] == []
    assert len(reading.items) == len(drawn)
    for item, problems, back in zip(drawn, found, reading.items, strict=True):
        assert problems or back.content() == item.content()


INSERTED = ["", "\n", "\t", "    ", "`", "```", "\n1. ", "*", "= ", "[", "GROUP\n", "\u2028", "가"]


def test_mutated_files_never_raise_and_always_add_up(chance: random.Random) -> None:
    source = text2qti.SAMPLE.decode()
    for _ in range(300):
        reading = read(mutated(source, chance))
        written = [item for item in reading.items if not any(p.is_error for p in text2qti.carries(item))]
        again = text2qti.read(text2qti.write(written), next(iter(written[0].stem)) if written else None)
        assert len(again.items) == len(written)


def mutated(source: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 8)):
        at, end = sorted(chance.randrange(len(source)) for _ in range(2))
        end = min(end, at + chance.choice([1, 3, 40]))
        insert = chance.choice([*INSERTED, source[at:end]])
        source = source[:at] + insert + source[end:]
    return source


def test_what_is_said_of_pasted_exam_text_can_be_shown():
    """It isn't of this format, but a person may choose it; the mends name the comment sign and per cents."""
    reading = text2qti.read("1. 물의 화학식은?\n① 산소\n② H2O\n정답: ②\n\n2. 값은?\n= x\n".encode())
    mends = [problem.mend % problem.values for problem in reading.problems]
    assert any("“%”" in mend for mend in mends)
    assert any("5%”" in mend for mend in mends)
