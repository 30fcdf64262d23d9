"""Exams in plain text: how teachers write them, that nothing is lost and no answer guessed, and the way back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import FORMATS, exam_text
from quizapp.formats.base import Reading
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from tests.formats.strategies import items

CARRIED = ("choice", "multiple", "truefalse", "text", "number", "essay")


def read(text: str, language: str | None = None) -> Reading:
    reading = exam_text.read(text.encode(), language)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    for item in reading.items:
        assert KINDS[item.kind].check(item.body) == []
    return reading


def one(text: str) -> Item:
    reading = read(text)
    assert [problem.message for problem in reading.errors] == []
    assert len(reading.items) == 1
    return reading.items[0]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def said(text: dict[str, str]) -> str:
    return text.get("ko") or text.get("en") or ""


def choices(item: Item) -> list[str]:
    """The choices' words, the right ones with a star."""
    return [("*" if choice["fraction"] else "") + said(choice["text"]) for choice in item.response["choices"]]


def answers(item: Item) -> Any:
    if item.kind in ("choice", "multiple"):
        return choices(item)
    if item.kind == "truefalse":
        return item.response["answer"]
    return [answer.get("text", answer.get("value")) for answer in item.response["answers"]]


# --- numbers of questions, labels of choices ---


@pytest.mark.parametrize(
    "number",
    [
        "1. ",
        "1.",
        "1) ",
        "문1. ",
        "문 1) ",
        "문제 1. ",
        "[문제 1] ",
        "[1] ",
        "<1> ",
        "〈1〉 ",
        "1번 ",
        "1번. ",
        "１．　",
        "• 1. ",
        "Q1. ",
        "(1) ",
    ],
)
@pytest.mark.parametrize("label", ["①②", "⑴⑵", "ⓐⓑ", "㉠㉡"])
def test_every_way_of_numbering(number, label):
    item = one(f"{number}물의 화학식은?\n{label[0]} 산소\n{label[1]} 물\n정답: {label[1]}\n")
    assert (said(item.stem), choices(item)) == ("물의 화학식은?", ["산소", "*물"])


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ("①", "②", "②"),
        ("①", "②", "2"),
        ("①", "②", "2번"),
        ("①", "②", "(2)"),
        ("(1)", "(2)", "2"),
        ("1)", "2)", "②"),
        ("가.", "나.", "나"),
        ("(가)", "(나)", "(나)"),
        ("ㄱ.", "ㄴ.", "ㄴ"),
        ("A.", "B.", "B"),
        ("a)", "b)", "b"),
        ("(A)", "(B)", "(B)"),
        ("A)", "B)", "b"),
        ("（１）", "（２）", "２"),
        ("①", "②", "산소"),
        ("①", "②", "② 산소"),
        ("①", "②", "②(산소)"),
        ("①", "②", "②번"),
        ("①", "②", "02"),
        ("①", "②", "② 입니다."),
    ],
)
@pytest.mark.parametrize("between", ["\n", "  ", "\t"])
def test_every_way_of_labelling_choices(first, second, key, between):
    item = one(f"문1. 다음 중 기체는?\n{first} 수은{between}{second} 산소\n정답: {key}\n")
    assert choices(item) == ["수은", "*산소"]


def test_choices_may_follow_the_stem_on_its_line_without_spaces():
    assert choices(one("1. 기체는?①수은②산소③철\n정답②")) == ["수은", "*산소", "철"]


@pytest.mark.parametrize(
    "key",
    [
        "정답: ②",
        "정답 ②",
        "답: 2",
        "답 2",
        "(정답 ②)",
        "[정답] 2",
        "정답) ②",
        "정답은 ②",
        "정 답 : ②",
        "<정답> ②",
        "Answer: 2",
        "Ans: 2",
        "Correct answer: 2",
        "정답:\n②",
        "정답\n2",
    ],
)
def test_every_way_of_giving_the_answer(key):
    assert choices(one(f"1. 기체는?\n① 수은\n② 산소\n{key}\n")) == ["수은", "*산소"]


@pytest.mark.parametrize(
    "text",
    ["1. 기체는? (정답 ②)\n① 수은\n② 산소", "1. 기체는?\n① 수은 ② 산소 정답: ②", "1. 기체는?\n정답: ②\n① 수은\n② 산소"],
)
def test_the_answer_may_stand_elsewhere(text):
    assert choices(one(text)) == ["수은", "*산소"]


@pytest.mark.parametrize(
    "listed",
    [
        "정답\n1 ② 2 ① 3 ②",
        "정답\n1. ② 2. ① 3. ②",
        "[정답]\n1-② 2-① 3-②",
        "정답표\n1번: 2\n2번: 1\n3번: 2",
        "정답: 1-② 2-① 3-②",
        "<정답 및 해설>\n1. ② 그래서\n2. ①\n해설: 그래서\n3. ②",
        "번호 1 2 3\n정답 ② ① ②",
        "정답\n1②2①3②",
        "정답\n1) 2, 2) 1, 3) 2",
        "Answer key\n1. ②\n2. ①\n3. ②",
        "정답\n1 2 2 1 3 2",
    ],
)
def test_every_list_of_answers(listed):
    text = "".join(f"{number}. 기체는 {number}?\n① 수은\n② 산소\n\n" for number in (1, 2, 3))
    reading = read(text + listed)
    assert [choices(item) for item in reading.items] == [["수은", "*산소"], ["*수은", "산소"], ["수은", "*산소"]]
    assert codes(reading) == []


# --- kinds ---


@pytest.mark.parametrize(
    ("key", "kind", "response"),
    [
        ("○", "truefalse", True),
        ("×", "truefalse", False),
        ("거짓", "truefalse", False),
        ("True", "truefalse", True),
        ("광합성", "text", ["광합성"]),
        ("광합성 또는 탄소 동화", "text", ["광합성", "탄소 동화"]),
        ("물 / H2O", "text", ["물", "H2O"]),
        ("광합성/탄소동화", "text", ["광합성", "탄소동화"]),
        ("km/h", "text", ["km/h"]),
        ("서울, Seoul", "text", ["서울", "Seoul"]),
        ("3*4", "text", [r"3\*4"]),
        ("42", "number", ["42"]),
        ("-2.5", "number", ["-2.5"]),
        ("3 또는 5", "number", ["3", "5"]),
        ("5 cm", "number", ["5"]),
        ("3.1 운동", "text", ["3.1 운동"]),
        ("007", "text", ["007"]),
        ("3/4", "number", ["0.75"]),
        ("1/3", "text", ["1/3"]),
        ("2.5×10^3", "number", ["2500"]),
        ("1.5e3", "number", ["1500"]),
        ("−5", "number", ["-5"]),
        ("½", "number", ["0.5"]),
        ("1/2 또는 0.5", "number", ["0.5"]),
        ("1,234.5", "number", ["1234.5"]),
        ("1,5", "text", ["1,5"]),
        ("3²", "text", ["3²"]),
        ("⭕", "truefalse", True),
        ("✗", "truefalse", False),
        ("나라", "text", ["나라"]),
        ("photosynthesis", "text", ["photosynthesis"]),
    ],
)
def test_the_kind_comes_from_the_answer(key, kind, response):
    item = one(f"1. 무엇인가?\n정답: {key}\n")
    assert (item.kind, answers(item)) == (kind, response)


def test_several_right_choices():
    item = one("1. 기체는?\n① 수소 ② 철 ③ 산소\n정답: ①, ③")
    assert (item.kind, choices(item)) == ("multiple", ["*수소", "철", "*산소"])
    assert one("1. 모두 고르시오.\n① 수소 ② 철\n정답: ①").kind == "multiple"
    either = read("1. 기체는?\n① 수소 ② 철 ③ 산소\n정답: ① 또는 ③")
    assert (either.items[0].kind, codes(either)) == ("choice", ["several-right"])


def test_an_essay_says_so_or_has_a_model_answer():
    item = one("1. 까닭을 쓰시오. (서술형)\n모범 답안: 빛이 있어서\n둘째 줄")
    assert (item.kind, said(item.stem)) == ("essay", "까닭을 쓰시오.")
    assert said(item.response["grader_notes"]) == "빛이 있어서\n둘째 줄"
    assert one("1. 까닭을 쓰시오. [서술형]").response == {}
    item = one("1. 까닭을 쓰시오.\n모범 답안: 빛\n채점기준\n- 원인 서술 2점\n- 결과 서술 3점")
    assert said(item.response["grader_notes"]) == "빛\n\n- 원인 서술 2점\n- 결과 서술 3점"
    item = one("1. 까닭을 쓰시오. [5점]\n채점 기준\n- 원인 서술 2점")
    assert (said(item.response["grader_notes"]), item.points) == ("- 원인 서술 2점", 5)
    for key in ("서술형", "(논술형)", "Essay."):
        item = one(f"1. 까닭을 쓰시오. [5점]\n정답: {key}")
        assert (item.kind, item.response, item.points) == ("essay", {}, 5)


@pytest.mark.parametrize(
    "text",
    [
        "1. 힘이란 무엇인지 설명하시오. (10점)",
        "1. 두 법칙의 차이를 비교하여 서술하세요.",
        "1. 하늘이 파란 까닭을 한 문장으로 쓰시오.",
        "1. Explain why the sky is blue. (10 points)",
        "1. 왜 그럴까요?\n정답: 서술형",
        "1. 왜 그럴까요?\n정답: 해설 참조\n해설: 빛이 흩어집니다.",
        "1. 왜 그럴까요?\n\n정답\n1. 서술형",
        "1. Why?\nAnswer: Answers may vary.",
    ],
)
def test_what_a_person_grades_is_an_essay_with_a_warning(text):
    reading = read(text)
    assert ([item.kind for item in reading.items], codes(reading)) == (["essay"], ["taken-as-essay"])
    assert reading.items[0].response == {}


def test_a_question_without_an_answer_that_asks_for_no_text_stays_unread():
    (problem,) = read("1. 힘의 단위는?").problems
    assert (problem.code, "(서술형)" in problem.mend) == ("no-key", True)
    assert one("1. 다음을 설명하는 말은?\n정답: 관성").kind == "text"


@pytest.mark.parametrize(
    ("mark", "kind", "points"),
    [
        ("[배점 5]", "text", 5),
        ("(배점: 5점)", "text", 5),
        ("3점", "text", 3),
        ("[총 8점]", "text", 8),
        ("(서술형, 10점)", "essay", 10),
        ("[서술형 10점]", "essay", 10),
        ("[10점] (서술형)", "essay", 10),
        ("(10점, 논술형)", "essay", 10),
    ],
)
def test_marks_behind_a_stem(mark, kind, points):
    item = one(f"1. 이름을 쓰시오. {mark}\n정답: 가나")
    assert (said(item.stem), item.kind, item.points) == ("이름을 쓰시오.", kind, points)


def test_a_mark_that_says_more_than_is_known_stays():
    item = one("1. 이름을 쓰시오. (단답형, 3점)\n정답: 가나")
    assert (said(item.stem), item.points) == ("이름을 쓰시오. (단답형, 3점)", 3)


@pytest.mark.parametrize("mark", ["(OX)", "(O, X)", "[O X]", "(T/F)", "(○/×, 2점)"])
@pytest.mark.parametrize(("key", "truth"), [("T", True), ("F", False), ("ㅇ", True), ("×", False)])
def test_marks_of_true_and_false(mark, key, truth):
    item = one(f"1. 지구는 둥글다. {mark}\n정답: {key}")
    assert (said(item.stem), item.response) == ("지구는 둥글다.", {"answer": truth})


def test_everything_that_a_question_may_have():
    item = one(
        "1. [3점] 옳은 것을 〈보기〉에서 고른 것은?\n<보 기>\nㄱ. 하나\nㄴ. 둘\n① ㄱ ② ㄴ\n"
        "(정답 ①)\n난이도: 상\n단원: 과학 > 물질\n"
        "해설: 첫째\n\n둘째 $x^2$ 줄\n"
    )
    assert (item.points, item.difficulty, item.category) == (3, 3, ["과학", "물질"])
    assert said(item.stem) == "옳은 것을 〈보기〉에서 고른 것은?\n<보 기>\nㄱ. 하나\nㄴ. 둘"
    assert item.feedback == {"solution": {"ko": "첫째\n\n둘째 $x^2$ 줄"}}


def test_statements_without_other_choices_are_the_choices():
    item = one("1. 옳은 것을 모두 고르시오.\n〈보기〉\nㄱ. 하나\nㄴ. 둘\nㄷ. 셋\n정답: ㄱ, ㄷ")
    assert (item.kind, choices(item)) == ("multiple", ["*하나", "둘", "*셋"])


def test_a_passage_is_the_stimulus_of_each_of_its_questions():
    head = "[1~2] 다음 글을 읽고 물음에 답하시오.\n첫째 줄\n둘째 줄\n\n"
    reading = read(head + "1. 하나?\n정답: 가나\n2. 둘?\n정답: 다라\n3. 셋?\n정답: 마바\n")
    assert [said(item.stimulus) for item in reading.items] == [
        *["다음 글을 읽고 물음에 답하시오.\n첫째 줄\n둘째 줄"] * 2,
        "",
    ]
    english = read(
        "Questions 1-2 refer to the following passage.\nPlants eat.\n1. Who?\nAnswer: they\n2. What?\nAnswer: it"
    )
    assert [item.stimulus for item in english.items] == [{"en": "Plants eat."}] * 2


def test_an_english_exam():
    item = one(
        "1. What do plants need? (2 points)\nA) Light\nB) Sand\nAnswer: A\nExplanation: No food.\nDifficulty: easy"
    )
    assert (item.stem, choices(item), item.points, item.difficulty) == (
        {"en": "What do plants need?"},
        ["*Light", "Sand"],
        2,
        1,
    )
    assert one("1. Plants eat. True/False\nAnswer: False").response == {"answer": False}


def test_marks_in_a_text_are_choices_that_keep_their_order():
    reading = read("1. 밑줄 친 ①~③ 중 틀린 것은?\nThe man ① who ② are ③ there.\n정답: ②")
    assert (choices(reading.items[0]), reading.items[0].shuffle) == (["①", "*②", "③"], False)
    assert codes(reading) == ["choices-in-text"]


def test_formulas_and_tables_stay_and_nothing_else_is_markup():
    item = one("1. *표*의 $x_1$은 5$인가?\n| a | b |\n|---|---|\n| 1 | 2 |\n① $2x$ ② x_y_z\n정답: $2x$")
    assert item.stem == {"ko": "\\*표\\*의 $x_1$은 5\\$인가?\n\n| a | b |\n|---|---|\n| 1 | 2 |"}
    assert item.response["choices"][1]["text"] == {"ko": "x_y_z", "format": "plain"}


# --- what is wrong ---


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("1. 물은?\n① a\n② b", "no-key", 1),
        ("1. 물은?", "no-key", 1),
        ("1. 물은?\n① a\n② b\n정답: ⑤", "no-choice", 4),
        ("1. 물은?\n① 가\n② 나\n정답: B", "no-choice", 4),
        ("1. 물은?\n① a\n② b\n정답: 글쎄요", "no-choice", 4),
        ("1. 물은?\n정답: ②", "no-choices", 2),
        ("1. 물은?\n① a\n② b\n정답: ② a", "key-text", 4),
        ("1. 물은?\n① 1\n② 3\n③ 5\n정답: 3", "key-number", 5),
        ("1. 물은?\n① a\n② b\n정답: ①\n정답: ②", "two-keys", 4),
        ("1. 물은?\n① a\n② b\n정답: ①\n정답\n1 ②", "two-keys", 4),
        ("1. 물은?\n① a\n② b\n② c\n정답: ①", "same-label", 4),
        ("1. 물은?\n정답: (1) 가나 (2) 다라", "parts", 2),
        ("1. 다음 중 옳은 것은?\nⅰ) 가\nⅱ) 나\n정답: 2", "no-choices", 4),
        ("1. 물은?\n가\n나\n정답: 2번", "no-choices", 4),
        ("1. Who?\nA: me\nB: you\nAnswer: A", "no-choices", 4),
        ("1. 물은?\n① 1, 2\n② 1, 3\n③ 2, 3\n정답: 1, 3", "key-number", 5),
        ("1. 물은?\n① a\n② b\n정답\n1 2 3 4", "key-line", 5),
        ("1. 물은? (O/X)\n정답: 글쎄요", "not-judged", 2),
        ("물은?\n산소", "no-questions", 1),
        ("1. 물은?\n① a\n② b\n1. 불은?\n① a\n② b\n정답\n1 ②", "same-number-key", 1),
    ],
)
def test_what_cannot_be_used_is_an_error_with_its_line(text, code, line):
    reading = read(text)
    assert reading.items == []
    assert (code, line) in [(problem.code, problem.line) for problem in reading.errors]
    assert all(problem.mend for problem in reading.errors)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("1. 물은?\n정답: 가나\n3. 불은?\n정답: 가나다", "gap", 3),
        ("1. 물은?\n정답: 가나\n1. 불은?\n정답: 가나다", "same-number", 3),
        ("1. 물은?\n① a\n② b\n③ c\n⑤ e\n정답: ⑤", "choice-gap", 5),
        ("1. 물은?\n① a\n② b\n더\n정답: ①", "continued", 4),
        ("1. 물은?\n① a\n② b\n\n- 2 -\n정답: ①", "page", 5),
        ("1. 물은?\n① a\n② b\n\n2쪽에 계속\n정답: ①", "stray", 5),
        ("1. 조선을 세운 사람은?\n답: 이성계(태조)", "whole-brackets", 2),
        ("1. 물은?\n① a\n② b\n정답: ①\n까닭", "stray", 5),
        ("제목\n이름\n1. 물은?\n정답: 가나", "before", 2),
        ("[1~3] 다음 글\n1. 물은?\n정답: 가나", "passage-gap", 1),
        ("1. 물은?\n정답: 1,000", "thousands", 2),
        ("1. 물은?\n정답: 3/4", "quotient", 2),
        ("1. 물이다.\n정답: T", "letter", 2),
        ("1. 물은? [각 2점]\n정답: 가나", "points", 1),
        ("1. 물은? [5000점]\n정답: 가나", "points", 1),
        ("1. 물은? [3점] 단, 하나만\n정답: 가나", "points", 1),
        ("1. 물은?\n배점: 5000점\n정답: 가나", "points", 2),
        ("1. 산소의 원소 기호는?\n정답: O", "letter", 2),
        ("1. 물은?\n정답: 가나, 다라", "comma", 2),
        ("1. 물은?\n정답: 광합성(photosynthesis)", "brackets", 2),
        ("1. 물은?\n정답: 가나\n난이도: 모름", "level", 3),
        ("1. 물은?\n① a\n② b\n정답\n1 ② 7 ③", "key-unknown", 5),
        ("1. 물은?\n정답: " + "가" * 70, "long-key", 2),
    ],
)
def test_what_deserves_a_look_is_a_warning_with_its_line(text, code, line):
    reading = read(text)
    assert reading.items
    assert (code, line) in [(problem.code, problem.line) for problem in reading.problems]


def test_a_list_in_a_question_is_not_its_end():
    reading = read("1. 고르시오.\n1. 첫째\n2. 둘째\n정답: 2\n2. 다음은?\n① a\n② b\n정답: ①")
    assert [choices(item) for item in reading.items] == [["첫째", "*둘째"], ["*a", "b"]]


# --- nothing is lost ---


@pytest.mark.parametrize("drawn", ["*\n**\n***\n****", "***\n**\n*", "* * *\n* *", "---\n-----", "***", "===\n말\n==="])
@pytest.mark.parametrize(
    "below", ["\n정답: 가나", "\n① a\n② b\n정답: ①", "\n\n2. 다음은?\n정답: 다라\n\n정답\n1. 가나"]
)
def test_stars_that_a_program_prints_stay_in_the_stem(drawn, below):
    assert said(read(f"1. 무엇이 출력되는가?\n{drawn}{below}").items[0].stem) == f"무엇이 출력되는가?\n{drawn}"


def test_the_indentation_of_code_stays():
    item = one("1. 무엇이 출력되는가?\n  for i in range(3):\n      if i:\n\n          print(i)\n정답: 가나")
    assert said(item.stem) == "무엇이 출력되는가?\nfor i in range(3):\n    if i:\n\n        print(i)"
    tabs = one("1. 무엇이 출력되는가?\nif x:\n\tprint(i)\n\t\tpass\n정답: 가나")
    assert said(tabs.stem) == "무엇이 출력되는가?\nif x:\n    print(i)\n        pass"
    formula = one("1. $x$는?\nif x:\n    print(i)\n정답: 가나")
    assert said(formula.stem) == "$x$는?\\\nif x:\\\n&nbsp;&nbsp;&nbsp;&nbsp;print(i)"
    wrapped = one("1. 물음이\n   이어지는가?\n   ① 가\n     나\n   ② 다\n정답: ②")
    assert (said(wrapped.stem), choices(wrapped)) == ("물음이\n이어지는가?", ["가\n나", "*다"])


@pytest.mark.parametrize("rule", ["***", "---", "===", "* * *", "- - -"])
def test_rules_between_questions_are_no_part_of_them(rule):
    asked = "1. 하나는?\n① a\n② b\n\n{0}\n\n2. 둘은?\n정답: 가나\n\n{0}\n\n3. 셋은?\n\n{0}\n\n정답\n1 ②\n{0}\n3 다라"
    reading = read(asked.format(rule))
    assert ([answers(item) for item in reading.items], codes(reading)) == ([["a", "*b"], ["가나"], ["다라"]], [])
    assert said(reading.items[0].stem) == "하나는?"


@pytest.mark.parametrize("line", range(1, 7))
@pytest.mark.parametrize("drawn", ["**\n***", "-----\n---"])
def test_a_drawing_put_anywhere_comes_out_in_an_item_or_in_a_problem(drawn, line):
    exam = ["머리말", "1. 하나는?", "① a", "② b", "정답: ②", "해설: 까닭", "2. 둘은?", "정답: 가나"]
    reading = read("\n".join([*exam[:line], drawn, *exam[line:]]))
    shown = repr([item.to_json() for item in reading.items]) + repr([problem.text for problem in reading.problems])
    assert all(one in shown for one in drawn.split("\n"))


EXAMS = [
    exam_text.SAMPLE.decode(),
    "과학\n반 번호\n문1. 하나는?\n가. a 나. b\n답: 가\n해설: 셋\n넷\n\n쪽\n"
    "문2. 둘은? [2점]\n〈보기〉\nㄱ. 가나\nㄴ. 다라\n① ㄱ\n② ㄴ\n\n"
    "정답 및 해설\n문2. ② 그래서\n더 있다\n",
    "Quiz\n\nQuestions 1-2 refer to the following passage.\nPlants.\n\n"
    "1) Who?\na. x\nb. y\nAnswer: b\nDifficulty: easy\n2) Why? (Essay)\n"
    "Model answer: so\nand so\n3) Is it? (True/False)\nAnswer: True\nUnit: a > b\n",
]
MARKED = "Zebra"


@pytest.mark.parametrize("exam", EXAMS)
def test_a_word_put_anywhere_comes_out_in_an_item_or_in_a_problem(exam):
    """At the beginning, in the middle and at the end of every line."""
    lines = exam.split("\n")
    tried = 0
    for number, line in enumerate(lines):
        for place in {0, len(line) // 2, len(line)} if line else ():
            changed = f"{line[:place]} {MARKED} {line[place:]}"
            reading = read("\n".join([*lines[:number], changed, *lines[number + 1 :]]))
            shown = str([item.to_json() for item in reading.items]) + str(reading.title)
            named = str([(problem.text, dict(problem.values)) for problem in reading.problems])
            where = {problem.line for problem in reading.errors}
            assert MARKED in shown or MARKED in named or number + 1 in where, changed
            tried += 1
    assert tried > 40


PIECES = [
    *[
        "1. 가?",
        "2. 나?",
        "① a",
        "② b",
        "③ c ④ d",
        "정답: ②",
        "정답 ①",
        "해설: 그",
        "[1~2] 글",
        "<보기>",
        "ㄱ. x",
        "ㄴ. y",
    ],
    *["", "말", "난이도: 중", "[3점]", "정답", "1 ② 2 ①", "(O/X)", "단원: 가", "3) 다", "(1) 라", "정답:", "- 1 -"],
]


@given(data=st.data())
def test_any_lines_are_used_or_named(data):
    pieces = data.draw(st.lists(st.sampled_from(PIECES), max_size=14))
    lines = [f"{piece} q{number}q" if piece else "" for number, piece in enumerate(pieces)]
    reading = read("\n".join(lines))
    shown = str([item.to_json() for item in reading.items]) + str(reading.title)
    failed = [problem.line for problem in reading.errors if problem.line]
    named = str([(problem.text, dict(problem.values)) for problem in reading.problems])
    for number, line in enumerate(lines):
        if line and f"q{number}q" not in shown + named:
            assert any(at and at <= len(lines) for at in failed), line


# --- the way back ---


@settings(max_examples=60)
@given(items(CARRIED, texts="plain", languages=["ko"], simple=True, fields=["stimulus", "points", "difficulty"]))
def test_what_is_written_reads_the_same(item):
    problems = exam_text.carries(item)
    if any(problem.is_error for problem in problems):
        return
    again = exam_text.read(exam_text.write([item])).items
    assert len(again) == 1
    if not problems:
        assert again[0].content() == item.content()


@settings(max_examples=60)
@given(items(CARRIED, fields=["stimulus", "points", "difficulty", "category", "feedback", "title"]))
def test_writing_what_was_read_changes_nothing(item):
    if any(problem.is_error for problem in exam_text.carries(item)):
        return
    once = exam_text.read(exam_text.write([item])).items
    written = exam_text.write(once)
    assert exam_text.write(exam_text.read(written).items) == written


@pytest.mark.parametrize("exam", EXAMS)
def test_an_exam_comes_back_as_it_was_read(exam):
    found = read(exam).items
    assert [item.content() for item in exam_text.read(exam_text.write(found)).items] == [
        item.content() for item in found
    ]


# --- recognised ---


@pytest.mark.parametrize(
    "text",
    [
        *EXAMS,
        "1. 물은?\n① O2 ② H2O\n정답: ②",
        "1. 물은?\n① O2\n② H2O",
        "문제 1. 지구는 둥글다. (O/X)\n정답: O",
        "1. What is it?\nA) x\nB) y\nAnswer: B",
        "[1~2] 글을 읽고 답하시오.\n글\n1. 물은?\n정답: 가",
        "1. 집합 {x | x = 1}의 원소는?\n① 1 ② 2\n정답: ①",
    ],
)
def test_pasted_exam_text_is_recognised(text):
    assert detect(text.encode()) == "exam"
    assert detect(text.encode(), "시험.txt") == "exam"


def test_samples_of_other_formats_are_theirs():
    assert {name: detect(form.SAMPLE, f"x{form.SUFFIXES[0]}") for name, form in FORMATS.items()} == {
        name: name for name in FORMATS
    }


@pytest.mark.parametrize(
    "text",
    [
        "1. " + "① " * 500_000,
        "1. x?\n답 " + "1  " * 3000 + "x",
        "1. x?\n정답: " + "1  ①  " * 1000 + "x",
        "1. x?\n" + "\n".join(f"{number % 999 + 1}. y" for number in range(10_000)),
        "1. x?\n" + "가. a\n나. b\n" * 10_000,
        "1. x?\n① a\n② b\n" + "② c\n" * 10_000,
        "1. x?\n① a\n② b\n정답 및 해설\n1 ②\n" + "해설 줄\n" * 10_000,
        "1. x?\n정답: a\n해설: $x$\n" + "줄 $y$\n\n" * 10_000,
        "1. x?\n정답\n1 " + "1 " * 4900,
    ],
    ids=range(9),
)
def test_no_text_takes_long(text):
    begin = time.process_time()
    exam_text.read(text.encode())
    assert time.process_time() - begin < 4


def test_a_line_longer_than_any_exam_has_is_kept_whole():
    item = one("1. 물은?\n" + "*말* " * 5000 + "\n정답: 가나")
    assert said(item.stem).count("\\*말\\*") == 5000


def test_a_letter_is_a_judgement_of_a_statement_only():
    assert one("1. 지구는 둥글다.\n정답: O").response == {"answer": True}
    assert one("1. 지구는 둥글다.\n정답: ㅇ").response == {"answer": True}
    assert one("1. 지구는 둥근가? (O/X)\n정답: X").response == {"answer": False}
    letter = read("1. 산소의 원소 기호는?\n정답: O").items[0]
    assert (letter.kind, answers(letter)) == ("text", ["O"])


def test_numbers_that_begin_anew_behind_a_gap_are_other_questions():
    reading = read("1. 하나?\n\n1. 둘?\n정답: 가나\n")
    assert (len(reading.items), codes(reading)) == (1, ["no-key", "same-number"])


def test_the_words_of_a_choice_may_look_like_labels():
    assert choices(one("1. 옳은 것은?\n① ㉠\n② ㉠, ㉡\n정답: ㉠, ㉡")) == ["㉠", "*㉠, ㉡"]
    assert choices(one("1. 값은?\n① 1/2\n② 1/5\n정답: 1/5")) == ["1/2", "*1/5"]
    assert choices(one("1. 옳은 것은?\n① ②\n② ①\n정답: ①")) == ["*②", "①"]


def test_a_number_alone_on_its_line_begins_a_question():
    reading = read("문제 1\n물은?\n1) 가\n2) 나\n정답: 2\n\n문제 2\n불은?\n1) 가\n2) 나\n정답: 1)\n")
    assert [choices(item) for item in reading.items] == [["가", "*나"], ["*가", "나"]]


# --- as people type, paste and mark it ---


@pytest.mark.parametrize(
    "text",
    [
        "1. 짝수는?\n*a. 2\nb. 3\nc. 5",
        "1. 짝수는?\na. 2 ✓\nb. 3\nc. 5",
        "1. 짝수는?\na. 2 (정답)\nb. 3\nc. 5",
        "1. 짝수는?\n① 2 [correct] ② 3 ③ 5",
        "1. 짝수는?\n- [x] 2\n- [ ] 3\n- [ ] 5",
        "1. 짝수는?\n• 2 (정답)\n• 3\n• 5",
        "1. 짝수는? ( ① )\n① 2 ② 3 ③ 5",
        "1. 짝수는? ( 1 )\n① 2\n② 3\n③ 5",
        "## 1. 짝수는?\n\n- ① 2\n- ② 3\n- ③ 5\n\n**정답: ①**\n\n---",
        "**1. 짝수는?**\n\n**① 2**\n② 3\n③ 5",
        "Q: 짝수는?\nA. 2\nB. 3\nC. 5\nAns. A",
        "1. 짝수는?\n① 2 ② 3 ③ 5\n답은 ①번입니다.",
        "[객관식 1] 짝수는?\n① 2 ② 3 ③ 5\n정답 ①",
    ],
)
def test_every_way_of_marking_the_right_choice(text):
    assert choices(one(text)) == ["*2", "3", "5"]


def test_a_sign_is_an_answer_and_a_form_or_a_bracket_is_told():
    assert codes(read("1. 짝수는?\n*a. 2\nb. 3")) == []
    assert codes(read("**1. 짝수는?**\n**① 2**\n② 3")) == ["marked-key"]
    assert codes(read("1. 짝수는? ( ① )\n① 2\n② 3")) == ["filled-in"]
    assert codes(read("1. 짝수는? (1)\n① 2\n② 3")) == ["no-key"], "it may belong to the question"
    assert codes(read("1. 짝수는?\n① 2 (정답)\n② 3\n정답: ②")) == ["marked-otherwise"]


def test_a_list_without_labels_is_choices_only_where_one_of_them_is_the_answer():
    conditions = one("1. 조건에 맞는 원소는?\n- 기체이다\n- 숨을 쉴 때 쓴다\n정답: 산소")
    assert (conditions.kind, said(conditions.stem).count("\n")) == ("text", 2)
    assert codes(read("1. 짝수는?\n- 2\n- 3")) == ["no-key"]
    assert choices(one("1. 수도는?\n- 부산\n- 서울\n정답: 서울")) == ["부산", "*서울"]
    assert codes(read("1. 짝수는?\n- 2\n- 3\n정답: 2")) == ["key-number"], "the second, or the one that reads 2"


@pytest.mark.parametrize(
    ("text", "kind", "right"),
    [
        ("Q1. 국화는?\nA. 무궁화", "text", ["무궁화"]),
        ("Q: Capital of Korea?\nA: Seoul", "text", ["Seoul"]),
        ("1. 지구는 둥글다. ( ○ )", "truefalse", True),
        ("1. 모두 얼마인가?\n정답 3,000원", "number", ["3000"]),
        ("1. √2는?\n정답 1.41", "number", ["1.41"]),
        ("1. 수도를 쓰시오.\n정답 서울", "text", ["서울"]),
        ("1. 세종이 만든 것은?\n답: 훈민정음 (또는 한글)", "text", ["훈민정음", "한글"]),
        ("１．에서　무엇을？\n정답：둘", "text", ["둘"]),
    ],
)
def test_answers_to_type_as_people_write_them(text, kind, right):
    found = one(text)
    assert (found.kind, answers(found)) == (kind, right)


def test_words_that_follow_a_label_of_an_answer_in_a_sentence_are_none():
    assert codes(read("1. 다음의 정답 하나를 고르시오.\n① 2\n② 3\n정답: ①")) == []
    assert codes(read("1. Which is the right ans. of these?\nAnswer: neither")) == []
    assert codes(read("1. 수는?\n① 2\n② 3\n정답 없음"))[-1] == "continued"


def test_numbers_with_a_wide_stop_and_of_another_style_begin_questions():
    wide = read("1．하나는？\n정답：1\n\n2．1에서　2를　빼면？\n정답：-1")
    assert [said(item.stem) for item in wide.items] == ["하나는？", "1에서 2를 빼면？"]
    mixed = read("1. 하나는?\n정답: 1\n\n2) 둘은?\n정답: 2\n해설: 이유\n\n3) 설명의 셋째")
    assert [said(item.stem) for item in mixed.items] == ["하나는?", "둘은?"], "not behind an explanation"
    assert said(mixed.items[1].feedback["solution"]).endswith("3) 설명의 셋째")


def test_sorts_of_questions_that_count_by_themselves():
    text = "1. 수는?\n① 2 ② 3\n정답 ①\n\n서술형 1. 까닭을 쓰시오. [5점]\n채점 기준: 둘을 쓰면 5점"
    found = read(text + "\n\n[서답형 2] 수도는?\n정답: 서울")
    assert [(item.kind, item.points) for item in found.items] == [("choice", 1), ("essay", 5), ("text", 1)]
    assert said(found.items[1].response["grader_notes"]) == "둘을 쓰면 5점"


@pytest.mark.parametrize("listed", ["문1. ②\n문2. 서울", "문1 ②\n문2 서울", "[문1] ②\n[문2] 서울"])
def test_a_list_of_answers_may_be_numbered_as_the_questions_are(listed):
    found = read(f"문1. 짝수는?\n① 1 ② 2\n\n문2. 수도는?\n\n정답\n{listed}")
    assert [answers(item) for item in found.items] == [["1", "*2"], ["서울"]]
    assert found.errors == []
    asked = read("문1. 수도는?\n정답\n문2. 짝수는?\n① 1 ② 2\n정답 ②")
    assert [item.kind for item in asked.items] == ["choice"], "a blank answer is no list"


def test_explanations_may_follow_the_list_of_answers():
    exam = "1. 하나는?\n① 가 ② 나\n2. 둘은?\n① 가 ② 나\n\n빠른 정답\n1 ② 2 ①\n\n"
    found = read(exam + "해설\n1. ②가 맞다.\n까닭이 있다.\n2. ①이다.")
    assert [answers(item) for item in found.items] == [["가", "*나"], ["*가", "나"]]
    assert [said(item.feedback["solution"]) for item in found.items] == ["②가 맞다.\n까닭이 있다.", "①이다."]
    assert codes(found) == []


def test_a_star_is_no_sign_of_another_format_where_answers_are_written():
    starred = "1. One?\n*A) a\nB) b\n2. Two?\nA) a\nB) b\n"
    assert detect(starred.encode(), "a.txt") == "markdown"
    assert detect((starred + "Key: B\n").encode(), "a.txt") == "exam"
    assert [answers(item) for item in read(starred + "Key: B").items] == [["*a", "b"], ["a", "*b"]]


def test_lines_that_pages_repeat_are_named_and_no_part_of_a_choice() -> None:
    reading = read("기말고사 사회\n- 1 -\n1. 물은?\n① a\n② b\n기말고사 사회\n- 2 -\n2. 불은?\n① c\n② d\n<정답> 1.② 2.①")
    assert [choices(item) for item in reading.items] == [["a", "*b"], ["*c", "d"]]
    assert codes(reading) == ["page"] * 3
    assert read("물\n1. 원소는?\n① 물\n② 산소\n물\n정답: ②").problems[0].code == "continued"  # no page


def test_a_line_of_answers_for_all_questions() -> None:
    asked = "1) Which gas?\na) Oxygen\nb) Water\n2) The sun is a star.  T / F\n3) It is called ____."
    for head in ("ANSWERS:", "Answer key:", "빠른 정답:"):
        reading = read(f"{asked}\n\n{head} 1) b  2) T  3) photosynthesis")
        assert [answers(item) for item in reading.items] == [["Oxygen", "*Water"], True, ["photosynthesis"]]
        assert reading.problems == []
    parts = read("1. 한 수를 쓰시오.\n정답: 5\n2. 두 수를 쓰시오.\n\n정답: 1) 삼  2) 오다")
    assert codes(parts) == ["parts"]  # of one question, not of both
    parts = read("1. 한 수를 쓰시오.\n2. 두 수를 쓰시오.\n정답: 1) 삼  2) 오다")
    assert codes(parts) == ["no-key", "parts"]


def test_numbers_in_a_text_above_the_questions_are_not_theirs() -> None:
    reading = read(
        "[1~2] 다음 글을 읽고 물음에 답하시오.\n1) 호랑이가 있었다.\n\n"
        "1. 누가 있었나?\n① 호랑이 ② 곰\n2. 누가 없었나?\n① 호랑이 ② 곰\n\n정답 1 ① 2 ②"
    )
    assert [choices(item) for item in reading.items] == [["*호랑이", "곰"], ["호랑이", "*곰"]]
    assert all("1) 호랑이가" in said(item.stimulus) for item in reading.items)


FIVE = "\n".join(f"{number}. 물음 {number}은?\n① 가 ② 나 ③ 다 ④ 라 ⑤ 마" for number in range(1, 6))


def numbers_of_right(reading: Reading) -> str:
    return "".join(
        str([choice["fraction"] for choice in item.response["choices"]].index(1) + 1) for item in reading.items
    )


@pytest.mark.parametrize(
    "key",
    [
        "정답\n1-5 ③①④②⑤",
        "[정답]\n1~3 ③ ① ④\n4~5 ② ⑤",
        "정답\n1~3: ③①④ 4~5: ②⑤",
        "정답 1~5: ③①④②⑤",
        "빠른 정답\n1-5 31425",
        "정답\n1-3 2-1 3-4 4-2 5-5",
    ],
)
def test_rows_of_answers_by_their_first_and_last_number(key: str) -> None:
    reading = read(f"{FIVE}\n\n{key}")
    assert numbers_of_right(reading) == "31425"
    assert codes(reading) == []


def test_a_row_of_answers_without_numbers_is_in_order_and_told() -> None:
    reading = read(f"{FIVE}\n\n정답\n③ ① ③ ② ⑤")
    assert (numbers_of_right(reading), codes(reading)) == ("31325", ["key-row"])


@pytest.mark.parametrize("key", ["정답\n1-5 ③①④②", "정답\n③ ① ③ ②", "정답 1~5: ③①④②", "정답: ③ ① ③"])
def test_a_row_that_is_too_short_is_no_answer_to_any(key: str) -> None:
    reading = read(f"{FIVE}\n\n{key}")
    assert reading.items == []
    assert reading.failed == 5


def test_a_remark_in_brackets_is_no_label() -> None:
    item = one("1. 옳은 것은? (복수 정답)\n① 가 ② 나 ③ 다\n정답: ① 또는 ③")
    assert (said(item.stem), choices(item)) == ("옳은 것은? (복수 정답)", ["*가", "나", "*다"])
    assert choices(one("1. 옳은 것은? (정답) ②\n① 가 ② 나")) == ["가", "*나"]


@pytest.mark.parametrize("key", ["정답은 미토콘드리아이다.", "정답은 미토콘드리아입니다", "정답은 미토콘드리아"])
def test_the_end_of_a_sentence_is_no_part_of_the_answer(key: str) -> None:
    assert answers(one(f"1. 세포의 발전소는?\n{key}")) == ["미토콘드리아"]


ASKED = "1. 물은?\n① 가\n② 나\n③ 다\n2. 불은?\n① 가\n② 나\n③ 다\n"


@pytest.mark.parametrize(
    ("last", "listed", "answers"),
    [
        ("3. 장소는? (단답형)", "정답: 1② 2③ 3 엽록체", ["나", "다", "엽록체"]),
        ("3. 장소는? (단답형)", "정답: 1② 2③ 3. 엽록체", ["나", "다", "엽록체"]),
        ("3. 장소는? (단답형)", "답: 1번 ②\n2번 ③\n3번 엽록체", ["나", "다", "엽록체"]),
        ("3. 셋은?\n① 가\n② 나\n③ 다", "정답: 1② 2③ 3①③", ["나", "다", "가 다"]),
        ("3. 셋은?\n가. 강\n나. 산", "정답: 1② 2①③ 3나", ["나", "가 다", "산"]),
        ("3. 논하시오. (서술형)", "정답: 1② 2①③", ["나", "가 다", ""]),
        ("3. 논하시오. (서술형)", "정답: 1③ 2① 5. 46 7② 8② 9라", ["다", "가", ""]),
    ],
)
def test_a_list_of_answers_is_nobodys_own(last: str, listed: str, answers: list[str]) -> None:
    """However it is written, it isn't the key of the question above it."""
    found = read(f"{ASKED}{last}\n{listed}\n")
    assert [right_words(item) for item in found.items] == answers


def right_words(item: Item) -> str:
    choices, typed = item.response.get("choices", []), item.response.get("answers", [])
    return " ".join([one["text"]["ko"] for one in choices if one["fraction"]] + [one["text"] for one in typed])


@pytest.mark.parametrize("own", ["정답: ①", "답: 1번 ②", "정답: 1가지", "정답: 2개", "정답: (1) ① (2) ②"])
def test_an_answer_of_its_own_is_no_list(own: str) -> None:
    found = read(f"1. 물은?\n① 가\n② 나\n정답: ②\n2. 불은? (단답형)\n{own}\n3. 흙은?\n① 가\n② 나\n정답: ①\n")
    assert len(found.items) + len(found.errors) == 3
    assert [right_words(item) for item in (found.items[0], found.items[-1])] == ["나", "가"]


@pytest.mark.parametrize("numbers", [("1.", "문 2)", "3."), ("1.", "문 2)", "3．", "문제 4."), ("문 1)", "2.", "3)")])
def test_questions_that_are_numbered_in_several_ways_are_all_found(numbers: tuple[str, ...]) -> None:
    found = read("".join(f"{one} 무엇은?\n① 가\n② 나\n정답: ②\n" for one in numbers))
    assert [right_words(item) for item in found.items] == ["나"] * len(numbers)
    assert found.problems == []


def test_a_question_that_is_not_recognised_is_no_remark() -> None:
    found = read("생물 시험\n무엇은 어디에 있는가?\n① 가\n② 나\n정답: ①\n\n문 2) 무엇은?\n① 가\n② 나\n정답: ②\n")
    assert [(problem.code, problem.line) for problem in found.errors] == [("lost-key", 5)]


MIXED = "1. 물은? [3점]\n① 가\n② 나\n③ 다\n문 2) 불은? [2점]\n① 가\n② 나\n③ 다\n"


@pytest.mark.parametrize(
    ("last", "answers"),
    [
        ("3. 장소는? (단답형)\n정답: 1② 2①③ 3 엽록체", ["나", "가 다", "엽록체"]),
        ("3. 까닭을 쓰시오. (서술형, 10점)\n정답: 1② 2①", ["나", "가", ""]),
        ("3. 흙은? [4점]\n① 가\n② 나\n정답: 1② 2③ 3①", ["나", "다", "가"]),
    ],
)
def test_a_question_of_another_style_needs_neither_choices_nor_an_answer(last: str, answers: list[str]) -> None:
    assert [right_words(item) for item in read(f"{MIXED}{last}\n").items] == answers


def test_what_is_numbered_within_a_question_is_its_own() -> None:
    """Choices with such numbers, or statements above the choices."""
    inner = read("문 1) 다음은?\n1. 가?\n2. 나?\n3. 다?\n정답: 2\n문 2) 무엇은?\n1. 라?\n2. 마?\n3. 바?\n정답: 3\n")
    assert [right_words(item) for item in inner.items] == ["나?", "바?"]
    above = read(
        "문 1) 읽고 답하시오.\n1. 첫째인가?\n2. 둘째인가?\n① 가\n② 나\n정답: ②\n문 2) 무엇은?\n① 가\n② 나\n정답: ①\n"
    )
    assert [right_words(item) for item in above.items] == ["나", "가"]
