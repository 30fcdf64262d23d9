"""Single and multiple choice in QTI 1.2: what each choice is worth, found out by giving it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.markup import words_of
from quizapp.formats.qti12.answers import MOMENTS
from quizapp.formats.qti12.scoring import Unsupported, share_of
from quizapp.formats.qti12.source import Question, Response, Wrong, ids_of
from quizapp.kinds.base import Body, Text

NO_RIGHT = N_("No answer of this question is marked as right.")
MARK_ONE = N_("Mark the right answer where the file was made, and export it again.")
TRUE_FALSE = {"true": True, "false": False, "참": True, "거짓": False}
"""What the two choices of a true/false question read."""


@dataclass
class Draft:
    """What a question is: its kind, its body, and the text above it (None: that of the presentation)."""

    kind: str
    response: Body = field(default_factory=dict)
    scoring: Body = field(default_factory=dict)
    stem: Text | None = None


def read_choice(question: Question) -> Draft:
    response = question.only_response("response_lid", "response_grp")
    scores = [question.scoring.score({response.ident: [label.get("ident", "")]}) for label in response.labels]
    best = max(scores, default=0)
    if best <= 0:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    whole = whole_of(question, best, sum(score > 0 for score in scores))
    choices = read_choices(question, response, [share_of(score, whole) for score in scores])
    return as_truefalse(choices, question.language) or Draft("choice", {"choices": choices})


def whole_of(question: Question, best: float, positives: int) -> float:
    """The score that counts as wholly right. A lone right answer does, even if it misses the declared maximum."""
    whole = question.scoring.whole(best)
    if positives > 1 or best >= whole:
        return whole
    question.problems.append(
        Problem(
            N_("The right answer gives %(best)s of %(whole)s; it was read as wholly right."),
            {"best": f"{best:g}", "whole": f"{whole:g}"},
            code="less-than-whole",
            severity="warning",
        )
    )
    return best


def read_choices(question: Question, response: Response, fractions: list[float]) -> list[Body]:
    choices = []
    names = [label.get("ident", "") for label in response.labels]
    if len(set(names)) < len(names):
        raise Wrong(N_("Two choices have the same ident, so that it isn't clear which is right."), "same-id")
    said = own_feedback(question, response, names)
    for place, (name, label) in enumerate(zip(ids_of(names), response.labels, strict=True)):
        choice: Body = {"id": name, "text": question.label_text(label), "fraction": fractions[place]}
        if said[place]:
            choice["feedback"] = said[place]
        if response.shuffle and label.get("rshuffle", "").lower() == "no":
            choice["pinned"] = True
        choices.append(choice)
    return choices


def own_feedback(question: Question, response: Response, names: list[str]) -> list[Text]:
    """The feedback of each choice: `{ident}_fb`, or what is shown for it and for no other."""
    if not question.feedbacks:
        return [{} for _ in names]
    links = {name: shown(question, response, name) for name in names}
    counts = Counter(link for found in links.values() for link in set(found))
    own = {name: next((link for link in found if counts[link] == 1), "") for name, found in links.items()}
    return [question.feedback(f"{name}_fb" if f"{name}_fb" in question.feedbacks else own[name]) for name in names]


def shown(question: Question, response: Response, ident: str) -> list[str]:
    """The feedback that a choice brings up by itself, not by earning points."""
    held = question.scoring.holding({response.ident: [ident]})
    return [link for one in held if not one.gives for link in one.feedback if link not in MOMENTS]


def as_truefalse(choices: list[Body], language: str) -> Draft | None:
    """The two choices True and False, one of them wholly right, are a question of their own kind."""
    said = [TRUE_FALSE.get(words_of(choice["text"], language).strip(" .").casefold()) for choice in choices]
    if len(choices) != 2 or set(said) != {True, False} or sorted(one["fraction"] for one in choices) != [0, 1]:
        return None
    right = next(value for value, choice in zip(said, choices, strict=True) if choice["fraction"] == 1)
    feedback = {
        "true" if value else "false": choice["feedback"]
        for value, choice in zip(said, choices, strict=True)
        if choice.get("feedback")
    }
    return Draft("truefalse", {"answer": right, **({"feedback": feedback} if feedback else {})})


def read_multiple(question: Question) -> Draft:
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
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    if any(abs(score({response.ident: some}) - sum(map(weights.__getitem__, some))) > 0.01 * together
           for some in (right, names)):  # fmt: skip
        if sorted(right) == sorted(wanted):
            return read_together(question, response, right)
        raise Unsupported(N_("Its choices earn other points together than each by itself."))
    whole = whole_of(question, together, 1)
    fractions = [share_of(weights[name], whole) for name in names]
    choices = read_choices(question, response, fractions)
    return Draft("multiple", {"choices": choices}, {"method": "sum"})


def required(question: Question, response: Response) -> list[str]:
    """The choices that one condition asks for together, of the condition that gives most."""
    found: dict[int, list[str]] = {}
    for condition, test in question.scoring.tests(response.ident, ("varequal", "varsubset")):
        found.setdefault(id(condition), []).extend(part.strip() for part in (test.text or "").split(","))
    sets = [list(dict.fromkeys(names)) for names in found.values()]
    return max(sets, key=lambda names: question.scoring.score({response.ident: names}), default=[])


def read_together(question: Question, response: Response, right: list[str]) -> Draft:
    """Only all right choices and no others give points. Canvas writes so what it scores by right minus wrong."""
    fractions: list[float] = [int(label.get("ident") in right) for label in response.labels]
    canvas = question.meta.get("question_type") == "multiple_answers_question"
    choices = read_choices(question, response, fractions)
    return Draft("multiple", {"choices": choices}, {} if canvas else {"method": "all-or-nothing"})
