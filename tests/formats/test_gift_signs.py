"""GIFT as people write it: full-width signs, formulas, a missing blank line, gaps. Read right and said, or refused."""

from __future__ import annotations

import time
from typing import Any

import pytest

from quizapp.formats import gift
from quizapp.formats.items import Item
from quizapp.kinds import KINDS


def read(source: str) -> tuple[list[Item], list[tuple[str, str, int | None]]]:
    reading = gift.read(source.encode(), "ko")
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    return reading.items, [(problem.code, problem.severity, problem.line) for problem in reading.problems]


def answers(item: Item) -> Any:
    """The answers in short: a choice's texts with their fractions, else what the response holds."""
    if item.kind in ("choice", "multiple"):
        return [(choice["text"]["ko"], choice["fraction"]) for choice in item.response["choices"]]
    if item.kind == "match":
        options = {option["id"]: option["text"]["ko"] for option in item.response["options"]}
        return [(row["text"]["ko"], options[row["option"]]) for row in item.response["rows"]]
    if item.kind in ("text", "number"):
        return [answer.get("text", answer.get("value")) for answer in item.response["answers"]]
    return item.response.get("answer")


SEOUL = [("서울", 1), ("부산", 0)]


@pytest.mark.parametrize(
    ("source", "expected", "codes"),
    [
        ("수도는? ｛＝서울 ～부산｝", SEOUL, ["full-width"]),
        ("수도는? ｛＝서울～부산｝", SEOUL, ["full-width"]),
        ("수도는? ｛\n  ＝서울\n  〜부산\n｝", SEOUL, ["full-width"]),
        ("수도는? {=서울 ～부산}", SEOUL, ["full-width"]),
        ("수도는? {=서울 〜부산}", SEOUL, ["full-width"]),
        ("수도는? ｛=서울 ~부산｝", SEOUL, []),
        ("수도는? {=서울 ~부산｝", SEOUL, []),
        ("소수는? ｛～％50％2 ～％50％3 ～％－100％4｝", [("2", 0.5), ("3", 0.5), ("4", -1)], ["full-width"]),
        ("맞다 ｛T｝", True, []),
        ("몇? ｛#3｝", ["3"], []),
        ("몇? ｛＃3｝", ["3"], ["full-width"]),
        ("짝 {=한국→서울 =일본→도쿄}", [("한국", "서울"), ("일본", "도쿄")], ["full-width"]),
        ("짝 {=한국 -> 서울 =일본 → 도쿄}", [("한국", "서울"), ("일본", "도쿄")], ["full-width"]),
        ("범위는? {=5～10}", ["5～10"], []),
        ("범위는? {=5 ～10 ~3}", [("5 ～10", 1), ("3", 0)], []),
        ("범위는? ｛＝5～10｝", ["5～10"], ["full-width"]),
        ("계절은? {=봄～가을 ~여름}", [("봄～가을", 1), ("여름", 0)], []),
        ("계절은? {=봄～가을}", ["봄～가을"], ["wave"]),
        ("반응은? {=A→B}", ["A→B"], []),
        ("반응은? {=A→B =A}", ["A→B", "A"], ["arrow"]),
        ("수도는? {=서울#잘했어요～ 아주}", ["서울"], []),
    ],
)  # fmt: skip
def test_full_width_signs(source: str, expected: Any, codes: list[str]) -> None:
    items, problems = read(source)
    assert [code for code, _, _ in problems] == codes
    assert [answers(item) for item in items] == [expected]


def test_full_width_braces_without_answers_are_text() -> None:
    ((item,), problems) = read("집합 ｛1, 2, 3｝을 봅시다.")
    assert (item.kind, item.stem["ko"]) == ("description", "집합 ｛1, 2, 3｝을 봅시다.")
    assert problems == [("braces-as-text", "warning", 1)]


@pytest.mark.parametrize(
    ("source", "stem", "expected"),
    [
        (r"$\frac{1}{2}$ 은? {=0.5 ~2}", r"$\frac{1}{2}$ 은?", [("0.5", 1), ("2", 0)]),
        (r"$x^{2}_{1}$ 은? {#4}", r"$x^{2}_{1}$ 은?", ["4"]),
        (r"\(\sqrt[3]{8}\) 은? {둘}", r"\(\sqrt[3]{8}\) 은?", ["둘"]),
        (r"${}^{2}$ 이다 {T}", r"${}^{2}$ 이다", True),
        (r"집합 {1, 2} 는? {=유한 ~무한}", r"집합 {1, 2} 는?", [("유한", 1), ("무한", 0)]),
        (r"반은? {=$\frac{1}{2}$ ~$\frac{1}{3}$}", "반은?", [(r"$\frac{1}{2}$", 1), (r"$\frac{1}{3}$", 0)]),
        (r"답 {=가 ~나} 는 {집합}", "답 _____ 는 {집합}", [("가", 1), ("나", 0)]),
    ],
)
def test_braces_that_are_text_are_told_from_those_of_answers(source: str, stem: str, expected: Any) -> None:
    ((item,), problems) = read(source)
    assert (item.stem["ko"], answers(item)) == (stem, expected)
    assert problems == [("braces-as-text", "warning", 1)]


@pytest.mark.parametrize("source", ["빈칸은 ____{=서울}", "빈칸은 ____{T}", "답은 {서울}"])
def test_one_pair_of_braces_is_that_of_the_answers(source: str) -> None:
    items, problems = read(source)
    assert (len(items), problems) == (1, [])


@pytest.mark.parametrize(
    "source",
    [
        "가 {=1 ~2} 나 {=3 ~4}",
        "가 {하나} 나 {둘}",
        r"$\frac{1}{2}$ 을 구하시오.",
        "가 {=1 ~{=2 ~3}",
        "가 {=1 ~2\n나 {=3 ~4}",
    ],
)
def test_braces_that_are_not_clear_are_refused(source: str) -> None:
    assert read(source) == ([], [("braces", "error", 1)])


def test_a_title_below_answers_begins_a_question() -> None:
    items, problems = read(
        "// [id:a]\n::하나:: 가 {T}\n// [id:b]\n::둘:: 나 {\n=1\n~2\n}\n::셋:: 다 {F}\n\n::넷:: 라 {T}"
    )
    assert [item.title["ko"] for item in items] == ["하나", "둘", "셋", "넷"]
    assert [item.id for item in items] == ["a", "b", "", ""]
    assert [item.stem["ko"] for item in items] == ["가", "나", "다", "라"]
    assert problems == [("blank-line", "warning", 4), ("blank-line", "warning", 8)]


def test_an_answer_that_is_never_closed_takes_no_other_question_with_it() -> None:
    items, problems = read("::하나:: 가 {=1 ~2\n::둘:: 나 {T}")
    assert [item.title["ko"] for item in items] == ["둘"]
    assert problems == [("braces", "error", 1), ("blank-line", "warning", 2)]


def test_a_category_below_answers_ends_a_question() -> None:
    items, _ = read("가 {T}\n$CATEGORY: x\n나 {F}")
    assert [(item.stem["ko"], item.category) for item in items] == [("가", []), ("나", ["x"])]


def test_moodles_text_with_gaps_is_read() -> None:
    ((item,), problems) = read("수도는 {1:MC:=서울#맞음~부산}, 섬은 {2:SA:=제주} 입니다: {:NM:=1,000}")
    assert problems == [("thousands", "warning", 1), ("gaps", "warning", 1)]
    assert item.kind == "cloze"
    assert item.response["text"]["ko"] == "수도는 {{g1}}, 섬은 {{g2}} 입니다: {{g3}}"
    assert [gap["kind"] for gap in item.response["gaps"]] == ["choice", "text", "number"]
    assert KINDS["cloze"].score(item.body, {"gaps": {"g1": "a", "g2": "제주", "g3": "1000"}}).fraction == 1


@pytest.mark.parametrize("gap", ["{1:MULTIRESPONSE:=서울~부산}", "{1:NM:=둘}", "{1:MC:=서울"])
def test_gaps_that_cannot_be_read_are_named(gap: str) -> None:
    reading = gift.read(f"수도는 {gap}.".encode())
    assert [problem.code for problem in reading.problems] == ["gap"]
    assert gap in reading.problems[0].message


@pytest.mark.parametrize("marker", ["[markdown]", "[html]", "[plain] "])
def test_a_marker_in_a_typed_answer_is_left_out(marker: str) -> None:
    ((item,), problems) = read(f"수도는? {{={marker}서울 =한양}}")
    assert (answers(item), problems) == (["서울", "한양"], [("marker", "warning", 1)])


def test_a_number_in_percent_may_be_a_weight() -> None:
    ((item,), problems) = read("대한민국의 수도는 {=서울 ~75%한양 ~25 %}입니다.")
    assert answers(item) == [("서울", 1), ("75%한양", 0), ("25 %", 0)]
    assert problems == [("weight-or-text", "warning", 1)]
    assert read("몇 %? {=50% ~75% ~25%}")[1] == []


@pytest.mark.parametrize(
    ("answer", "code"), [("{=}", "no-right"), ("{= = }", "no-right"), ("{= ~ ~가}", "empty-option")]
)
def test_blank_answers_say_what_is_missing(answer: str, code: str) -> None:
    items, problems = read(f"무엇? {answer}")
    assert (items, problems) == ([], [(code, "error", 1)])


def test_no_marker_stands_in_what_is_matched() -> None:
    rows = [{"id": "r1", "text": {"ko": "**가**"}, "option": "o1"}, {"id": "r2", "text": {"ko": "나"}, "option": "o2"}]
    options = [{"id": "o1", "text": {"ko": "<b>하나</b>", "format": "html"}}, {"id": "o2", "text": {"ko": "*둘*"}}]
    item = Item(kind="match", stem={"ko": "짝"}, response={"rows": rows, "options": options})
    written = gift.write([item]).decode()
    assert "=[markdown]**가** -> <b>하나</b>" in written
    assert "=나 -> *둘*" in written
    assert [problem.code for problem in gift.carries(item)] == ["lost-markup"]


@pytest.mark.parametrize(
    "source",
    ["{" * 200_000, "\\a{" * 50_000, "{}" * 50_000, "Q{" + "＝" * 100_000 + "}", "Q{=a" + " ～" * 100_000 + "}",
     "Q{=a" + "→" * 100_000 + "}", "{1:MC:" * 20_000, "::a::{}\n" * 5_000, "Q{~" + "5%a " * 50_000 + "}"],
)  # fmt: skip
def test_signs_without_end_take_no_time(source: str) -> None:
    began = time.process_time()
    gift.read(source.encode())
    assert time.process_time() - began < 4
