"""Moodle XML's questions that a learner answers in writing: short answers, numbers with units, essays.

Each function fills the question's item and returns whether the item can hold the question.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from quizapp.formats.moodle_xml.question import MoodleQuestion
from quizapp.kinds.base import nfc


def shortanswer(question: MoodleQuestion) -> bool:
    question.item.kind = "text"
    question.item.response = {
        "answers": [
            {
                "text": nfc(one.findtext("text") or "").strip(),
                "fraction": question.fraction(one),
                **question.with_feedback(one),
            }
            for one in question.answers()
        ]
    }
    question.item.scoring = {"case": True} if question.is_on("usecase", "0") else {}
    return question.has_right([one["fraction"] for one in question.item.response["answers"]])


def numerical(question: MoodleQuestion) -> bool:
    answers = []
    for one in question.answers():
        tolerance = question.decimal(one.findtext("tolerance") or "0", one)
        value = question.decimal(one.findtext("text") or "", one)
        answers.append(
            {
                "value": value,
                **({"tolerance": tolerance} if is_positive(tolerance) else {}),
                "fraction": question.fraction(one),
                **question.with_feedback(one),
            }
        )
    if not question.has_right([one["fraction"] for one in answers]):
        return False
    units = [
        {
            "name": nfc(unit.findtext("unit_name") or "").strip(),
            "factor": unit_factor(unit.findtext("multiplier") or "1"),
        }
        for unit in question.element.findall("units/unit")
    ]
    question.item.kind, question.item.response = "number", {"answers": answers, **({"units": units} if units else {})}
    graded = {"1": "response", "2": "question"}.get(question.setting("unitgradingtype"))
    if graded and units:
        penalty = question.number("unitpenalty", 0.1)
        question.item.scoring = {"unit_penalty": penalty, "unit_penalty_of": graded}
    return True


def is_positive(written: str) -> bool:
    try:
        return Decimal(written) > 0
    except InvalidOperation:
        return bool(written)


def unit_factor(written: str) -> str:
    """Moodle's multiplier turns the answer into the unit; our factor turns the unit into the answer."""
    try:
        multiplier = Decimal(written.strip())
    except InvalidOperation:
        return written.strip()
    if not multiplier.is_finite() or not multiplier or abs(multiplier.adjusted()) > 100:
        return written.strip()
    text = f"{1 / multiplier:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def essay(question: MoodleQuestion) -> bool:
    response: dict[str, Any] = {}
    for name, key in (("minwordlimit", "min_words"), ("maxwordlimit", "max_words")):
        limit = question.setting(name)
        if limit.isascii() and limit.isdigit() and len(limit) < 7 and int(limit):
            response[key] = int(limit)
    for name, key in (("responsetemplate", "template"), ("graderinfo", "grader_notes")):
        if text := question.text(question.element.find(name)):
            response[key] = text
    question.item.kind, question.item.response = "essay", response
    return True
