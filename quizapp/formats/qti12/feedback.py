"""Feedback in QTI 1.2: which text belongs to a choice, an answer, or the whole question."""

from __future__ import annotations

from collections import Counter

from quizapp.errors import N_, Problem
from quizapp.formats.qti.documents import local
from quizapp.formats.qti12.question import Qti12Question, Response
from quizapp.formats.qti12.scoring import Condition
from quizapp.kinds.base import Text

MOMENTS = {"general_fb": "general", "correct_fb": "right", "general_incorrect_fb": "wrong"}
"""The idents that Canvas gives to the feedback of the whole question."""


def answer_feedback(question: Qti12Question, response: Response, condition: Condition, written: str) -> Text:
    """What is shown for this answer in particular: not for every one, nor for every right one."""
    always = {link for held in question.scoring.holding({}) for link in held.feedback}
    shared = {link for one in question.scoring.conditions if one.gives for link in one.feedback}
    own = [link for link in condition.feedback if link.endswith("_fb") and link not in MOMENTS]
    held = question.scoring.holding({response.ident: [written]})
    shown = [link for one in held for link in one.feedback if link not in always | shared | set(MOMENTS)]
    return next((said for link in [*own, *shown] if (said := question.feedback(link))), {})


def choice_feedback(question: Qti12Question, response: Response, names: list[str]) -> list[Text]:
    """The feedback of each choice: `{ident}_fb`, or what is shown for it and for no other."""
    if not question.feedbacks:
        return [{} for _ in names]
    links = {name: feedback_links(question, response, name) for name in names}
    counts = Counter(link for found in links.values() for link in set(found))
    own = {name: next((link for link in found if counts[link] == 1), "") for name, found in links.items()}
    return [question.feedback(f"{name}_fb" if f"{name}_fb" in question.feedbacks else own[name]) for name in names]


def feedback_links(question: Qti12Question, response: Response, ident: str) -> list[str]:
    """The feedback that a choice triggers by itself, not by earning points."""
    held = question.scoring.holding({response.ident: [ident]})
    return [link for one in held if not one.gives for link in one.feedback if link not in MOMENTS]


def question_feedback(question: Qti12Question) -> dict[str, Text]:
    """The feedback of the whole question, by moment."""
    found = {moment: question.feedback(ident) for ident, moment in MOMENTS.items()}
    for condition in question.scoring.conditions:
        for link in condition.feedback:
            if link not in question.used and (moment := moment_of(condition)):
                found[moment] = found.get(moment) or question.feedback(link)
    solutions = [question.text_inside(node) for node in question.element.iter("{*}solutionmaterial")]
    found["solution"] = next((said for said in solutions if said), {})
    for ident in question.feedbacks:
        if ident not in question.used and question.feedback(ident):
            question.problems.append(
                Problem(
                    N_("The feedback “%(ident)s” is left out: it can't be told when it is shown."),
                    {"ident": ident},
                    code="feedback",
                    severity="loss",
                )
            )
    return {moment: said for moment, said in found.items() if said}


def moment_of(condition: Condition) -> str:
    """When the feedback of a condition is shown; "" if that depends on more than right or wrong."""
    if condition.gives:
        return "right"
    tests = [local(node) for node in condition.element.iter()]
    return "wrong" if "other" in tests or "not" in tests else ""
