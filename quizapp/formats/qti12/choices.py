"""Single and multiple choice in QTI 1.2: what each choice earns, found by scoring it as a response."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.markup import words_of
from quizapp.formats.qti.ids import ids_of
from quizapp.formats.qti.item_core import ItemCore, as_truefalse
from quizapp.formats.qti.numbers import share_of
from quizapp.formats.qti.refusals import MARK_RIGHT, NO_RIGHT, Unsupported, Unusable
from quizapp.formats.qti12.feedback import choice_feedback
from quizapp.formats.qti12.question import Qti12Question, Response
from quizapp.kinds.base import Body, Text

EITHER_OR = {
    "true_false.true": ("참", "True"), "true_false.false": ("거짓", "False"),
    "yes_no.true": ("예", "Yes"), "yes_no.false": ("아니요", "No"),
    "right_wrong.true": ("맞음", "Right"), "right_wrong.false": ("틀림", "Wrong"),
    "agree_disagree.true": ("동의함", "Agree"), "agree_disagree.false": ("동의하지 않음", "Disagree"),
}  # fmt: skip
"""The choices of Blackboard's Either/Or, which its files hold by name only."""


def read_choice(question: Qti12Question) -> ItemCore:
    response = question.only_response("response_lid", "response_grp")
    scores = [question.scoring.score({response.ident: [label.get("ident", "")]}) for label in response.labels]
    best = max(scores, default=0)
    if best <= 0:
        raise Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    whole = whole_of(question, best, sum(score > 0 for score in scores))
    choices = read_choices(question, response, [share_of(score, whole) for score in scores])
    return as_truefalse(choices, question.language) or ItemCore("choice", {"choices": choices})


def whole_of(question: Qti12Question, best: float, positives: int) -> float:
    """The score that counts as full. A lone right answer earns it, even if it misses the declared maximum."""
    whole = question.scoring.whole(best)
    if positives > 1 or best >= whole:
        return whole
    question.problems.append(
        Problem(
            N_("The right answer gives %(best)s of %(whole)s; it was read as fully right."),
            {"best": f"{best:g}", "whole": f"{whole:g}"},
            code="less-than-whole",
            severity="warning",
        )
    )
    return best


def read_choices(question: Qti12Question, response: Response, fractions: list[float]) -> list[Body]:
    choices = []
    names = [label.get("ident", "") for label in response.labels]
    if len(set(names)) < len(names):
        raise Unusable(N_("Two choices have the same ident, so that it isn't clear which is right."), "same-id")
    said = choice_feedback(question, response, names)
    for place, (name, label) in enumerate(zip(ids_of(names), response.labels, strict=True)):
        choice: Body = {"id": name, "text": label_text(question, label), "fraction": fractions[place]}
        if said[place]:
            choice["feedback"] = said[place]
        if response.shuffle and label.get("rshuffle", "").lower() == "no":
            choice["pinned"] = True
        choices.append(choice)
    return choices


def label_text(question: Qti12Question, label: Any) -> Text:
    """The text of a choice; what Blackboard names instead of writing it (`yes_no.true`) in words."""
    text = question.text_inside(label)
    words = EITHER_OR.get(words_of(text, question.language))
    return {question.language: words[question.language != "ko"]} if words else text


def read_multiple(question: Qti12Question) -> ItemCore:
    response = question.only_response("response_lid", "response_grp")
    names = [label.get("ident", "") for label in response.labels]
    score = question.scoring.score
    weights = {name: score({response.ident: [name]}) for name in names}
    right = [name for name in names if weights[name] > 0]
    wanted = required(question, response)
    together = sum(weights[name] for name in right)
    if wanted and score({response.ident: wanted}) > max([together, *weights.values()]):
        return read_together(question, response, wanted)
    if not right:
        raise Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    if any(abs(score({response.ident: some}) - sum(map(weights.__getitem__, some))) > 0.01 * together
           for some in (right, names)):  # fmt: skip
        if sorted(right) == sorted(wanted):
            return read_together(question, response, right)
        raise Unsupported(N_("Its choices earn different points together than one by one."))
    whole = whole_of(question, together, 1)
    fractions = [share_of(weights[name], whole) for name in names]
    choices = read_choices(question, response, fractions)
    return ItemCore("multiple", {"choices": choices}, {"method": "sum"})


def required(question: Qti12Question, response: Response) -> list[str]:
    """The choices that one condition asks for together; of several such sets, the one that earns most."""
    found: dict[int, list[str]] = {}
    for condition, test in question.scoring.tests(response.ident, ("varequal", "varsubset")):
        found.setdefault(id(condition), []).extend(part.strip() for part in (test.text or "").split(","))
    sets = [list(dict.fromkeys(names)) for names in found.values()]
    return max(sets, key=lambda names: question.scoring.score({response.ident: names}), default=[])


def read_together(question: Qti12Question, response: Response, right: list[str]) -> ItemCore:
    """Only all right choices and no others earn points. Canvas writes this for what it scores by right minus wrong."""
    fractions: list[float] = [int(label.get("ident") in right) for label in response.labels]
    canvas = question.meta.get("question_type") == "multiple_answers_question"
    choices = read_choices(question, response, fractions)
    return ItemCore("multiple", {"choices": choices}, {} if canvas else {"method": "all-or-nothing"})
