"""Feedback in QTI 2 and 3: which response brings up which text."""

from __future__ import annotations

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.qti.documents import local
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.interpretation import Interpretation
from quizapp.kinds.base import Text

SOLUTION = "SOLUTION"
WRONG_MARKS = ("incorrect", "wrong", "false")
RIGHT_MARKS = ("correct", "right", "true")


def question_feedback(question: AssessmentItem, found: Interpretation, item: Item) -> dict[str, Text]:
    """The modal feedback by moment; what only one choice brings up goes to that choice."""
    texts = {
        (node.get("outcomeIdentifier", ""), node.get("identifier", "")): question.text(node)
        for node in question.element
        if local(node) == "modalFeedback" and node.get("showHide", "show") == "show"
    }
    if not texts:
        return {}
    shown = question.processing.feedback
    nothing = shown({})
    right = shown(found.right) if found.right else nothing
    by_choice = {name: shown(probe) for name, probe in found.probes.items()}
    feedback: dict[str, Text] = {}
    for key, text in texts.items():
        choices = [name for name, keys in by_choice.items() if key in keys]
        moment = moment_of(key, right, nothing, choices, len(by_choice))
        if moment:
            feedback.setdefault(moment, text)
        elif len(choices) == 1 and give_to_choice(item, found.ids[choices[0]], text):
            continue
        elif text:
            question.problems.append(unshown(key[1]))
    return {moment: text for moment, text in feedback.items() if text}


def unshown(ident: str) -> Problem:
    return Problem(
        N_("The feedback “%(ident)s” is left out: it can't be told when it is shown."),
        {"ident": ident},
        code="feedback",
        severity="loss",
    )


def moment_of(
    key: tuple[str, str], right: set[tuple[str, str]], nothing: set[tuple[str, str]], choices: list[str], count: int
) -> str:
    """When feedback is shown: after any answer, a right or a wrong one; "" where it belongs to a choice."""
    name = key[1].lower()
    if key[0] == SOLUTION or name == "solution":
        return "solution"
    if key in right and (len(choices) == count if count else key in nothing):
        return "general"
    marked = next((moment for moment, marks in (("wrong", WRONG_MARKS), ("right", RIGHT_MARKS))
                   if any(mark in name for mark in marks)), "")  # fmt: skip
    if len(choices) == 1:
        return marked if not name.startswith("choice_") and name != choices[0].lower() else ""
    if key in right:
        return "right"
    return "wrong" if key in nothing or len(choices) > 1 or marked == "wrong" else ""


def give_to_choice(item: Item, name: str, text: Text) -> bool:
    """Add feedback to the choice with this id; returns whether there is one."""
    if item.kind == "truefalse":
        item.response.setdefault("feedback", {}).setdefault(name, text)
        return True
    for choice in item.response.get("choices", ()):
        if choice["id"] == name:
            choice.setdefault("feedback", text)
            return True
    return False
