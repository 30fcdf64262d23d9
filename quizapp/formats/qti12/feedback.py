"""Feedback in QTI 1.2: which text belongs to a choice, an answer, or the whole question."""

from __future__ import annotations

import re
from collections import Counter

from quizapp.errors import N_, Problem
from quizapp.formats.markup import words_of
from quizapp.formats.qti.documents import local
from quizapp.formats.qti12.question import Qti12Question, Response
from quizapp.formats.qti12.scoring import Condition
from quizapp.kinds.base import Text

MOMENTS = {"general_fb": "general", "correct_fb": "right", "general_incorrect_fb": "wrong"}
"""The idents that Canvas gives to the feedback of the whole question."""
MARKED_RIGHT = re.compile("correct|right", re.IGNORECASE)


def answer_feedback(question: Qti12Question, response: Response, condition: Condition, written: str) -> Text:
    """What is shown for this answer in particular: not for every one, nor for every right one."""
    always = {link for held in question.scoring.holding({}) for link in held.feedback}
    shared = {link for one in question.scoring.conditions if one.gives for link in one.feedback}
    own = [link for link in condition.feedback if link.endswith("_fb") and link not in MOMENTS]
    held = question.scoring.holding({response.ident: [written]})
    shown = [link for one in held for link in one.feedback if link not in always | shared | set(MOMENTS)]
    return next((said for link in [*own, *shown] if (said := question.feedback(link))), {})


def choice_feedback(question: Qti12Question, response: Response, names: list[str]) -> list[Text]:
    """The feedback of each choice: that with its ident, or what is shown for it and for no other.

    What only a right choice brings up is its own where every other choice has its own too; else it is for a right
    answer.
    """
    if not question.feedbacks:
        return [{} for _ in names]
    own = sole({name: feedback_links(question, response, name, gives=False) for name in names})
    for form in ("{}", "{}_fb"):
        own |= {name: ident for name in names if (ident := form.format(name)) in question.feedbacks}
    earned = sole({name: feedback_links(question, response, name, gives=True) for name in names})
    earned = {name: link for name, link in earned.items() if not MARKED_RIGHT.search(link)}
    if set(own) | set(earned) == set(names):
        own = earned | own
    return [question.choice_feedback(own[name]) if name in own else {} for name in names]


def sole(links: dict[str, list[str]]) -> dict[str, str]:
    """For each name the first of its links that no other name has."""
    counts = Counter(link for found in links.values() for link in set(found))
    firsts = {name: next((link for link in found if counts[link] == 1), "") for name, found in links.items()}
    return {name: link for name, link in firsts.items() if link}


def feedback_links(question: Qti12Question, response: Response, ident: str, gives: bool) -> list[str]:
    """The feedback that a choice triggers by earning points, or by itself. Blackboard names it as if a response."""
    held = [one for one in question.scoring.holding({response.ident: [ident]}) if one.gives == gives]
    held += [one for one in question.scoring.conditions if not gives and ident in one.named]
    return [link for one in held if gives or not is_rest(one) for link in one.feedback if link not in MOMENTS]


def is_rest(condition: Condition) -> bool:
    """Whether a condition holds for all answers but some, so that what it shows is no choice's own."""
    return any(local(node) in ("other", "not") for node in condition.element.iter())


def question_feedback(question: Qti12Question) -> dict[str, Text]:
    """The feedback of the whole question, by moment."""
    found = {moment: question.feedback(ident) for ident, moment in MOMENTS.items()}
    for condition in question.scoring.conditions:
        for link in condition.feedback:
            if link not in question.used and (moment := moment_of(condition)):
                found[moment] = found.get(moment) or question.feedback(link)
    found["solution"] = question.solution
    for ident in question.feedbacks:
        if ident not in question.used and (said := question.feedback(ident)):
            question.problems.append(
                Problem(
                    N_("The feedback “%(ident)s” is left out: when it is shown can't be made out."),
                    {"ident": ident},
                    code="feedback",
                    severity="loss",
                    text=words_of(said, question.language),
                )
            )
    return {moment: said for moment, said in found.items() if said}


def moment_of(condition: Condition) -> str:
    """When the feedback of a condition is shown; "" if that depends on more than right or wrong."""
    if condition.gives:
        return "right"
    return "wrong" if is_rest(condition) else ""
