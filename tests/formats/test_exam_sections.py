"""Exams of several parts: numbers that begin again, and which question each answer of a list means."""

from __future__ import annotations

import time

import pytest

from quizapp.formats import exam_text
from quizapp.formats.base import Reading

CHOICES = "① 가가\n② 나나\n③ 다다\n④ 라라"


def read(text: str) -> Reading:
    reading = exam_text.read(text.encode())
    assert reading.found == len(reading.items) + reading.failed
    return reading


def asked(count: int, first: int = 1) -> str:
    """So many questions with choices, and no answers."""
    return "\n\n".join(f"{number}. 물음은 무엇인가?\n{CHOICES}" for number in range(first, first + count))


def exam(*parts: str, key: str) -> str:
    return "\n\n".join([*parts, key])


def right(reading: Reading) -> str:
    """The numbers of the right choices."""
    return "".join(
        str([choice["fraction"] for choice in item.response["choices"]].index(1) + 1) for item in reading.items
    )


PART_A, PART_B = f"Part A\n{asked(3)}", f"Part B\n{asked(3)}"


@pytest.mark.parametrize(
    "key",
    [
        "정답 A: 1① 2② 3③ B: 1④ 2③ 3②",
        "정답\nA: 1 ① 2 ② 3 ③\nB: 1 ④ 2 ③ 3 ②",
        "정답\nPart A\n1 ① 2 ② 3 ③\nPart B\n1 ④ 2 ③ 3 ②",
        "정답\n[Part A]\n1. ①\n2. ②\n3. ③\n\n[Part B]\n1. ④\n2. ③\n3. ②",
        "정답\n[Part B] 1④ 2③ 3②\n[Part A] 1① 2② 3③",
        "<정답>\nPart A: 1-① 2-② 3-③\nPart B: 1-④ 2-③ 3-②",
        "Answer Key\nPart A 1. 1 2. 2 3. 3\nPart B 1. 4 2. 3 3. 2",
        "정답\n번호 1 2 3\n정답 ① ② ③\n번호 1 2 3\n정답 ④ ③ ②",
        "정답\n1① 2② 3③ 1④ 2③ 3②",
        "정답\n1① 2② 3③\n1④ 2③ 3②",
        "정답 (Part A)\n1① 2② 3③\n정답 (Part B)\n1④ 2③ 3②",
    ],
)
def test_answers_by_the_names_of_parts_or_in_their_order(key: str) -> None:
    reading = read(exam(PART_A, PART_B, key=key))
    assert right(reading) == "123432"
    assert [problem.message for problem in reading.problems] == []
    assert [item.category for item in reading.items] == [["Part A"]] * 3 + [["Part B"]] * 3


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("정답\n1① 2② 3③ 4④ 5③ 6②", "key-order"),
        ("정답\nPart A: 1① 2② 3③\nPart B: 4④ 5③ 6②", "key-order"),
    ],
)
def test_answers_whose_numbers_run_on_are_taken_in_order_and_that_is_said(key: str, code: str) -> None:
    reading = read(exam(PART_A, PART_B, key=key))
    assert right(reading) == "123432"
    assert [problem.code for problem in reading.problems] == [code]


def test_questions_whose_numbers_run_on_with_answers_that_begin_again() -> None:
    reading = read(exam(PART_A, f"Part B\n{asked(3, 4)}", key="정답\nPart A 1① 2② 3③\nPart B 1④ 2③ 3②"))
    assert right(reading) == "123432"
    assert [problem.code for problem in reading.problems] == ["key-order"]


def test_questions_whose_numbers_run_on_need_no_names() -> None:
    reading = read(exam(PART_A, f"Part B\n{asked(3, 4)}", key="정답\n1① 2② 3③ 4④ 5③ 6②"))
    assert right(reading) == "123432"
    assert reading.problems == []


@pytest.mark.parametrize(
    "key",
    [
        "정답\n1① 2② 3③",  # of which part?
        "정답\n1① 2② 3③ 1④ 2③ 3② 1④ 2③ 3②",
    ],
)
def test_answers_that_may_be_those_of_several_parts_are_given_to_none(key: str) -> None:
    reading = read(exam(PART_A, PART_B, key=key))
    assert reading.items == []
    assert {problem.code for problem in reading.errors} == {"same-number-key"}
    assert all("Part A" in problem.mend for problem in reading.errors)


@pytest.mark.parametrize(
    "key",
    [
        "정답\n1① 2② 3③ 1④ 2③",
        "정답\n1① 2② 3③ 4④ 5③",
        "정답\nPart X: 1① 2② 3③\nPart Y: 1④ 2③ 3②",
        "정답\n[X] 1① 2② 3③\n[Y] 1④ 2③ 3②",
    ],
)
def test_answers_that_do_not_fit_the_parts_are_given_to_none(key: str) -> None:
    reading = read(exam(PART_A, PART_B, key=key))
    assert reading.items == []
    assert len(reading.errors) >= 6


def test_a_part_whose_answers_are_named_leaves_the_others_to_the_rest() -> None:
    reading = read(exam(PART_A, PART_B, key="정답\n1① 2② 3③\nPart B 1④ 2③ 3②"))
    assert right(reading) == "123432"


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("제1부", "제2부", "정답\n제1부: 1① 2② 3③\n제2부: 1④ 2③ 3②"),
        ("파트 1. 듣기", "파트 2. 읽기", "정답\n듣기\n1① 2② 3③\n읽기\n1④ 2③ 3②"),
        ("Ⅰ. 듣기", "Ⅱ. 읽기", "정답\nⅠ. 1① 2② 3③\nⅡ. 1④ 2③ 3②"),
        ("[문법]", "[독해]", "정답\n[문법] 1① 2② 3③\n[독해] 1④ 2③ 3②"),
        ("문법 문제", "독해 문제", "정답\n문법: 1① 2② 3③\n독해: 1④ 2③ 3②"),
        ("SECTION 1: Listening", "SECTION 2: Reading", "Answers\nSection 1\n1① 2② 3③\nSection 2\n1④ 2③ 3②"),
    ],
)
def test_parts_by_any_name(one: str, other: str, key: str) -> None:
    reading = read(f"2026 시험\n\n{one}\n\n{asked(3)}\n\n{other}\n\n{asked(3)}\n\n{key}")
    assert right(reading) == "123432"
    assert [problem.message for problem in reading.problems] == []
    assert [item.category for item in reading.items] == [[one]] * 3 + [[other]] * 3
    assert reading.title == {"ko": "2026 시험"}


def test_a_list_of_answers_below_each_part() -> None:
    reading = read(f"{PART_A}\n\n정답\n1① 2② 3③\n\n{PART_B}\n\n정답\n1④ 2③ 3②")
    assert right(reading) == "123432"
    assert reading.problems == []


def test_parts_without_a_name_are_said_once() -> None:
    reading = read(f"{asked(3)}\n\n{asked(3)}\n\n정답\n1① 2② 3③\n1④ 2③ 3②")
    assert right(reading) == "123432"
    assert [problem.code for problem in reading.problems] == ["same-number"]


def test_explanations_of_several_parts() -> None:
    reading = read(
        exam(PART_A, PART_B, key="정답\nA: 1① 2② 3③\nB: 1④ 2③ 3②\n\n해설\nPart A\n1. 가\n2. 나\nPart B\n1. 다\n2. 라")
    )
    assert right(reading) == "123432"
    solutions = [item.feedback.get("solution", {}).get("ko", "") for item in reading.items]
    assert solutions == ["가", "나", "", "다", "라", ""]


def test_what_stands_below_the_name_of_a_part_is_named() -> None:
    reading = read(f"Part A\n문장을 완성하시오\n{asked(1)}\n정답: ①")
    assert [(problem.code, problem.text) for problem in reading.problems] == [("stray", "문장을 완성하시오")]


def test_a_passage_is_not_that_of_another_part() -> None:
    passage = "[1~2] 다음 글을 읽고 물음에 답하시오.\n글이다."
    key = "정답\nA: 1① 2②\nB: 1③ 2④"
    reading = read(f"Part A\n\n{passage}\n\n{asked(2)}\n\nPart B\n{asked(2)}\n\n{key}")
    assert right(reading) == "1234"
    assert [bool(item.stimulus) for item in reading.items] == [True, True, False, False]


def test_letters_of_answers_are_no_names_of_parts() -> None:
    part = "\n\n".join(f"{number}. Which one?\nA. one\nB. two\nC. three" for number in (1, 2, 3))
    reading = read(f"Part A\n{part}\n\nPart B\n{part}\n\nAnswers\nPart A\n1. A 2. B 3. C\nPart B\n1. B 2. A 3. C")
    assert right(reading) == "123213"
    reading = read(f"Part A\n{part}\n\nPart B\n{part}\n\nAnswers\nA: 1 A 2 B 3 C\nB: 1 B 2 A 3 C")
    assert right(reading) == "123213"
    below = "\n\n".join(f"{number}. Which one?\nA. one\nB. two\nAnswer\nA" for number in (1, 2))
    reading = read(f"Part A\n{below}\n\nPart B\n{below}")
    assert right(reading) == "1111"


def test_many_parts_take_time_in_step_with_their_number() -> None:
    def seconds(count: int) -> float:
        parts = "\n\n".join(f"Part {at % 99}\n1. 물음은?\n① 가\n② 나" for at in range(count))
        key = "\n".join(f"Part {at % 99}: 1② [B] 1①" for at in range(count))
        began = time.process_time()
        read(f"{parts}\n정답\n{key}")
        return time.process_time() - began

    seconds(50)
    few, many = seconds(400), seconds(1600)
    assert many < 4 * few * 2.5 + 0.2


def test_names_in_brackets_need_no_space_around_them() -> None:
    one, other = "1. 1+1은?\n① 1 ② 2\n2. 2+2는?\n① 4 ② 5", "1. 3+3은?\n2. 4+4는?"
    reading = read(f"[객관식]\n{one}\n[주관식]\n{other}\n\n<정답>\n[객관식] 1. ② 2. ①\n[주관식] 1. 6 2. 8")
    assert right(Reading(items=reading.items[:2])) == "21"
    assert [item.response["answers"][0]["value"] for item in reading.items[2:]] == ["6", "8"]
    assert reading.problems == []


def test_the_last_answer_of_a_part_is_no_name_of_the_next() -> None:
    part = "1. 물음은?\n① 가 ② 나\n\n정답: ②\n2. 물음은?\n① 가 ② 나\n\n정답: ①"
    reading = read(f"{part}\n{part}")
    assert right(reading) == "2121"
    assert [problem.code for problem in reading.problems] == ["same-number"]
