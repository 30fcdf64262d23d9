"""The accepted answers of a typed response in QTI 1.2: texts and numbers, in the order of the conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from quizapp.formats.numbers import number_in
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import in_digits, share_of
from quizapp.formats.qti12.algorithms import case_of, case_rule, patterns_of
from quizapp.formats.qti12.feedback import answer_feedback
from quizapp.formats.qti12.question import Qti12Question, Response
from quizapp.formats.qti12.scoring import Condition, affirmed
from quizapp.kinds.base import Body, nfc

LOW, HIGH = ("vargte", "vargt"), ("varlte", "varlt")


def text_answers(question: Qti12Question, response: Response) -> tuple[list[Body], Body]:
    """The accepted texts with their fractions, and the rule of scoring."""
    answers: list[Body] = []
    cases: dict[str, bool] = {}
    for condition, test in question.scoring.tests(response.ident, ("varequal", "varsubset")):
        written = nfc(test.text or "").strip()
        if written and written not in cases:
            cases[written] = case_of(question, test, written)
            grade = graded(question, response, condition, written)
            answers += [{"text": pattern, **grade} for pattern in patterns_of(question, test, written)]
    return scaled(question, response, answers), case_rule(question, cases.values())


def graded(question: Qti12Question, response: Response, condition: Condition, written: str) -> Body:
    """The score of an answer, to be scaled, and its feedback."""
    score = question.scoring.score({response.ident: [written]})
    said = answer_feedback(question, response, condition, written)
    return {"fraction": score, **({"feedback": said} if said else {})}


def scaled(question: Qti12Question, response: Response, answers: list[Body]) -> list[Body]:
    """The answers with their scores as fractions. Of several gaps, the best answer to each counts as full."""
    best = max((answer["fraction"] for answer in answers), default=0)
    alone = len(question.responses) == 1
    distinct = {answer["fraction"] for answer in answers if answer["fraction"] > 0}
    whole = question.scoring.whole(best) if alone and len(distinct) > 1 else best
    kept = [answer for answer in answers if answer["fraction"] > 0]
    for answer in kept:
        answer["fraction"] = share_of(answer["fraction"], whole)
    return kept


def number_answers(question: Qti12Question, response: Response) -> list[Body]:
    """The accepted numbers: each condition has single values, or a range around one."""
    answers = []
    for condition in question.scoring.conditions:
        if condition.gives:
            for answer in numbers_of(question, response, condition):
                said = answer_feedback(question, response, condition, answer["value"])
                answers.append(answer | {"fraction": condition.points} | ({"feedback": said} if said else {}))
    return scaled(question, response, answers)


def numbers_of(question: Qti12Question, response: Response, condition: Condition) -> list[Body]:
    """The numbers that one condition takes."""
    tests = [test for node in condition.element if local(node) == "conditionvar" for test in affirmed(node)]
    tests = [test for test in tests if test.get("respident") == response.ident]
    values = [value for test in tests if local(test) == "varequal" and (value := plain_number(question, test))]
    low, high = bound(question, tests, LOW), bound(question, tests, HIGH)
    if low is None or high is None:
        return [{"value": value} for value in dict.fromkeys(values)]
    if high < low:
        return []
    beyond = [{"value": value} for value in dict.fromkeys(values) if not low <= Decimal(value) <= high]
    return [number_between(low, high, values), *beyond]


def number_between(low: Decimal, high: Decimal, values: list[str]) -> Body:
    """A range as the number in its middle, written as one of the values if that is the same, and a tolerance."""
    middle, half = (low + high) / 2, (high - low) / 2
    written = next((value for value in values if Decimal(value) == middle), in_digits(middle))
    return {"value": written, **({"tolerance": in_digits(half)} if half else {})}


def bound(question: Qti12Question, tests: list[Any], names: tuple[str, ...]) -> Decimal | None:
    found = [value for test in tests if local(test) in names and (value := plain_number(question, test))]
    return Decimal(found[0]) if found else None


def plain_number(question: Qti12Question, test: Any) -> str | None:
    """The number of a comparison; one that isn't written plainly is read with a warning."""
    value, said = number_in(test.text or "")
    question.problems += [problem.at(line=test.sourceline) for problem in said]
    return value
