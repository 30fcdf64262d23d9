"""Feedback in QTI 2 and 3: which response brings up which text."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.markup import words_of
from quizapp.formats.qti.documents import local
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.interpretation import Interpretation
from quizapp.formats.qti2.stimulus import joined_texts
from quizapp.kinds.base import Text

SOLUTION = "SOLUTION"
WITH_OWN = ("choice", "multiple", "truefalse")
"""The kinds whose choices have feedback of their own."""
WRONG_MARKS = ("incorrect", "wrong", "false")
RIGHT_MARKS = ("correct", "right", "true")


def question_feedback(question: AssessmentItem, found: Interpretation, item: Item) -> dict[str, Text]:
    """The feedback by moment; what only one choice brings up goes to that choice."""
    nodes = feedback_nodes(question, item.kind)
    if not nodes:
        return {}
    shown = question.processing.feedback
    nothing = shown({})
    right = shown(found.right) if found.right else nothing
    by_choice = {name: shown(probe) for name, probe in found.probes.items()}
    feedback: dict[str, list[Text]] = {}
    for node in nodes:
        text = question.text(node)
        choices = [name for name, keys in by_choice.items() if is_shown(node, keys)]
        moment = moment_of(node, is_shown(node, right), is_shown(node, nothing), choices, len(by_choice))
        if not text:
            continue
        if moment:
            feedback.setdefault(moment, []).append(text)
        elif not (len(choices) == 1 and give_to_choice(item, found.ids[choices[0]], text, question.language)):
            question.problems.append(unshown(node, words_of(text, question.language)))
    return {moment: joined_texts(texts, question.language) for moment, texts in feedback.items()}


def feedback_nodes(question: AssessmentItem, kind: str) -> list[Any]:
    """The modal feedback, and that in the body; what stands within a choice is read with it."""
    modal = [node for node in question.element if local(node) == "modalFeedback"]
    inside = [node for name in ("feedbackBlock", "feedbackInline") for node in question.body.iter(name)]
    if kind in WITH_OWN:
        inside = [node for node in inside if not any(local(one) == "simpleChoice" for one in node.iterancestors())]
    return [*modal, *inside]


def key_of(node: Any) -> tuple[str, str]:
    return node.get("outcomeIdentifier", ""), node.get("identifier", "")


def is_shown(node: Any, keys: set[tuple[str, str]]) -> bool:
    """Whether outcomes bring up feedback: it names when it is shown, or when it is hidden."""
    return (key_of(node) in keys) != (node.get("showHide", "show") == "hide")


def unshown(node: Any, words: str) -> Problem:
    return Problem(
        N_("The feedback “%(ident)s” is left out: when it is shown can't be made out."),
        {"ident": node.get("identifier", "")},
        code="feedback",
        severity="loss",
        text=words,
    )


def moment_of(node: Any, at_right: bool, at_nothing: bool, choices: list[str], count: int) -> str:
    """When feedback is shown: after any answer, a right or a wrong one; "" where it belongs to a choice."""
    outcome, name = key_of(node)[0], key_of(node)[1].lower()
    if outcome == SOLUTION or name == "solution":
        return "solution"
    if at_right and (len(choices) == count if count else at_nothing):
        return "general"
    hides = node.get("showHide") == "hide"
    marked = next((moment for moment, marks in (("wrong", WRONG_MARKS), ("right", RIGHT_MARKS))
                   if not hides and any(mark in name for mark in marks)), "")  # fmt: skip
    if len(choices) == 1:
        return marked if not name.startswith("choice_") and name != choices[0].lower() else ""
    if at_right:
        return "right"
    return "wrong" if at_nothing or len(choices) > 1 or marked == "wrong" else ""


def give_to_choice(item: Item, name: str, text: Text, language: str) -> bool:
    """Add feedback to the choice with this id; returns whether there is one."""
    if item.kind == "truefalse":
        said = item.response.setdefault("feedback", {})
        said[name] = joined_texts([*([said[name]] if name in said else []), text], language)
        return True
    for choice in item.response.get("choices", ()):
        if choice["id"] == name:
            choice["feedback"] = joined_texts([*([choice["feedback"]] if "feedback" in choice else []), text], language)
            return True
    return False
