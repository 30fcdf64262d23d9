"""Items of QTI 2 and 3 without a right answer: whether they were meant so, as in a survey, or lack it."""

from __future__ import annotations

from quizapp.formats.qti.documents import local
from quizapp.formats.qti.refusals import MARK_RIGHT, NO_KEY, NO_RIGHT, Unsupported, Unusable
from quizapp.formats.qti2.assessment_item import AssessmentItem


def no_right(question: AssessmentItem, response: str) -> Exception:
    """Why a response has no right answer: no key is given at all, or what is given is none."""
    if has_key(question, response):
        return Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    return Unsupported(NO_KEY)


def has_key(question: AssessmentItem, response: str) -> bool:
    """Whether something is declared as right, or written into the rules."""
    declared = question.processing.declarations.get(response)
    if declared is not None and (any(declared.correct) or declared.mapping):
        return True
    rules = [node for node in question.element if local(node) == "responseProcessing"]
    return any(True for node in rules for _ in node.iter("baseValue"))
