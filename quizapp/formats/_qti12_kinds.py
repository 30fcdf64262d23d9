"""What the questions of QTI 1.2 are in our kinds: by the type that Canvas names, else by how they are built.

Each reader takes a `Question` and gives a `Draft`. It raises Wrong for a question without a right answer, and
Unsupported for one that we can't play.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats._qti12_answers import MOMENTS, number_answers, text_answers
from quizapp.formats._qti12_gaps import read_blanks, read_dropdowns, read_flow
from quizapp.formats._qti12_scoring import Unsupported
from quizapp.formats._qti12_source import Question, Response, Wrong, ids_of, materials
from quizapp.formats._qti_text import words_of
from quizapp.kinds.base import Body, Text

NO_RIGHT = N_("No answer of this question is marked as right.")
MARK_ONE = N_("Mark the right answer where the file was made, and export it again.")
GAPS = "fib"
"""The item type that tells a text with a gap at its end from a question with an answer."""
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
    choices = read_choices(question, response, [fraction(score, whole) for score in scores])
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


def fraction(score: float, whole: float) -> float:
    """A score as a share of the whole; a whole number where it is one."""
    share = round(max(-1.0, min(1.0, score / whole)), 5)
    return int(share) if share == int(share) else share


def read_choices(question: Question, response: Response, fractions: list[float]) -> list[Body]:
    choices = []
    names = [label.get("ident", "") for label in response.labels]
    if len(set(names)) < len(names):
        raise Wrong(N_("Two choices have the same ident, so that it isn't clear which is right."), "same-id")
    for name, label, share in zip(ids_of(names), response.labels, fractions, strict=True):
        choice: Body = {"id": name, "text": question.label_text(label), "fraction": share}
        if said := own_feedback(question, response, label.get("ident", "")):
            choice["feedback"] = said
        if response.shuffle and label.get("rshuffle", "").lower() == "no":
            choice["pinned"] = True
        choices.append(choice)
    return choices


def own_feedback(question: Question, response: Response, ident: str) -> Text:
    """The feedback of one choice: `{ident}_fb`, or what is shown for it and for no other."""
    if f"{ident}_fb" in question.feedbacks:
        return question.feedback(f"{ident}_fb")
    others = [label.get("ident", "") for label in response.labels if label.get("ident") != ident]
    elsewhere = {link for other in others for link in shown(question, response, other)}
    links = [link for link in shown(question, response, ident) if link not in elsewhere]
    return question.feedback(links[0]) if links else {}


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
    if wanted and score({response.ident: wanted}) > max(together, *weights.values()):
        return read_together(question, response, wanted)
    if not right:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    if any(abs(score({response.ident: some}) - sum(map(weights.__getitem__, some))) > 0.01 * together
           for some in (right, names)):  # fmt: skip
        if sorted(right) == sorted(wanted):
            return read_together(question, response, right)
        raise Unsupported(N_("Its choices earn other points together than each by itself."))
    whole = whole_of(question, together, 1)
    fractions = [fraction(weights[name], whole) for name in names]
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


def read_matching(question: Question) -> Draft:
    """Several responses with the same choices: the rows, and the options to choose from."""
    responses = question.responses
    if not responses or any(one.name not in ("response_lid", "response_grp") for one in responses):
        raise Unsupported(N_("Its places for answers aren't those of its type."))
    options: dict[str, Text] = {}
    for label in (label for one in responses for label in one.labels):
        said = question.label_text(label)
        if options.setdefault(label.get("ident", ""), said) != said:
            raise Unsupported(N_("Its rows have different choices under the same ident."))
    names = ids_of([one.ident.removeprefix("response_") for one in responses])
    chosen = dict(zip(options, option_ids(list(options), names), strict=True))
    rows = []
    for name, response in zip(names, responses, strict=True):
        scores = {ident: question.scoring.score({response.ident: [ident]}) for ident in options}
        right = [ident for ident, score in scores.items() if score > 0]
        if len(right) != 1:
            raise Wrong(N_("A row of the matching has %(count)s right options; it needs one."), "no-right", MARK_ONE,
                        count=len(right))  # fmt: skip
        said = question.feedback(f"{response.ident.removeprefix('response_')}_fb")
        row = {"id": name, "text": question.text(response.prompt), "option": chosen[right[0]]}
        rows.append(row | ({"feedback": said} if said else {}))
    body = {"rows": rows, "options": [{"id": chosen[ident], "text": text} for ident, text in options.items()]}
    return Draft("match", body, stem=question.text(list(materials(question.presentation, tuple(RESPONSE_NAMES)))))


RESPONSE_NAMES = ("response_lid", "response_grp", "response_str", "response_num")


def option_ids(wanted: list[str], taken: list[str]) -> list[str]:
    """Ids of options, none of them that of a row."""
    names = ids_of(wanted)
    return [f"o-{name}" for name in names] if set(names) & set(taken) else names


def read_pairs(question: Question) -> Draft:
    """One group of choices, of which pairs belong together: as ILIAS writes matchings."""
    response = question.only_response("response_grp")
    tests = question.scoring.tests(response.ident, ("varsubset",))
    pairs = [tuple(part.strip() for part in (test.text or "").split(",")) for _, test in tests]
    labels = {label.get("ident", ""): label for label in response.labels}
    if not pairs or any(len(pair) != 2 or not set(pair) <= set(labels) for pair in pairs):
        raise Unsupported(N_("Its pairs can't be told."))
    grouped = {ident for ident, label in labels.items() if label.get("match_group")}
    pairs = [pair if not grouped or pair[0] in grouped else pair[::-1] for pair in pairs]
    rows = [row for row, _ in pairs]
    options = [ident for ident in labels if ident not in rows and ident not in grouped]
    if len(set(rows)) < len(rows) or not {option for _, option in pairs} <= set(options):
        raise Unsupported(N_("Its pairs can't be told."))
    names = dict(zip(rows, ids_of(rows), strict=True))
    chosen = dict(zip(options, option_ids(options, list(names.values())), strict=True))
    return Draft("match", {
        "rows": [{"id": names[row], "text": question.label_text(labels[row]), "option": chosen[option]}
                 for row, option in pairs],
        "options": [{"id": chosen[ident], "text": question.label_text(labels[ident])} for ident in options],
    })  # fmt: skip


def read_order(question: Question) -> Draft:
    """Things to put in order: the right place of each is its index, or that of its comparison."""
    response = question.only_response("response_lid", "response_grp")
    labels = {label.get("ident", ""): label for label in response.labels}
    places: dict[str, int] = {}
    for place, (_, test) in enumerate(question.scoring.tests(response.ident, ("varequal",)), 1):
        index = test.get("index") or ""
        places.setdefault((test.text or "").strip(), int(index) if index.isdigit() and len(index) < 6 else place)
    if set(places) != set(labels):
        raise Wrong(N_("The right order of this question isn't given."), "no-right", MARK_ONE)
    right = sorted(labels, key=places.__getitem__)
    partly = sum(condition.gives for condition in question.scoring.conditions) > 1
    names = dict(zip(labels, ids_of(list(labels)), strict=True))
    items = [{"id": names[ident], "text": question.label_text(labels[ident])} for ident in right]
    return Draft("order", {"items": items}, {"method": "absolute" if partly else "all-or-nothing"})


def read_short(question: Question) -> Draft:
    response = question.only_response("response_str")
    answers, scoring = text_answers(question, response)
    if not answers:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    return Draft("text", {"answers": answers}, scoring)


def read_number(question: Question) -> Draft:
    answers = number_answers(question, question.only_response("response_str", "response_num"))
    if not answers:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    return Draft("number", {"answers": answers})


def read_essay(question: Question) -> Draft:
    notes = question.feedback("grader_notes")
    return Draft("essay", {"grader_notes": notes} if notes else {})


def read_description(question: Question) -> Draft:
    return Draft("description")


def not_played(question: Question) -> Draft:
    raise Unsupported(N_("Questions of this type can't be played here."))


def is_essay(question: Question, response: Response) -> bool:
    """Whether a person is meant to grade it: it says so, or it has room for more than a line."""
    declared = f"{question.meta.get('qmd_itemtype', '')} {question.meta.get('cc_profile', '')}".lower()
    by_hand = question.meta.get("qmd_computerscored", "").lower() in ("no", "false", "n")
    rows = response.render.get("rows", "") if response.render is not None else ""
    return by_hand or "essay" in declared or (rows.isascii() and rows.isdigit() and int(rows[:6]) > 1)


def read_by_structure(question: Question) -> Draft:
    """A question whose type isn't named: what it is shows in its places for answers."""
    responses = question.responses
    names = {one.name for one in responses}
    if not responses:
        return Draft("description")
    renders = [one.render is not None and one.render.tag for one in responses]
    if not names <= set(RESPONSE_NAMES) or any("hotspot" in str(tag) or "slider" in str(tag) for tag in renders):
        raise Unsupported(N_("Questions of this type can't be played here."))
    typed = names <= {"response_str", "response_num"}
    if len(responses) > 1:
        rows = not typed and len({tuple(label.get("ident") for label in one.labels) for one in responses}) == 1
        rows = rows and all(one.prompt for one in responses) and "response_str" not in names
        return read_matching(question) if rows else flow(question)
    only = responses[0]
    if not typed:
        by_cardinality = {"ordered": read_order, "multiple": read_multiple}.get(only.cardinality, read_choice)
        pairs = only.name == "response_grp" and any(question.scoring.tests(only.ident, ("varsubset",)))
        return read_pairs(question) if pairs else by_cardinality(question)
    if is_essay(question, only) and not any(question.scoring.tests(only.ident, ("varequal",))):
        return read_essay(question)
    after = [node for node in only.element.itersiblings() if local_material(node)]
    inside = [node for node in only.prompt if node.getparent() is only.render]
    if after or inside or question.meta.get("qmd_itemtype", "").lower() == GAPS:
        return flow(question)
    return read_number(question) if only.is_number else read_short(question)


def local_material(node: Any) -> bool:
    return any(True for _ in materials([node], ()))


def flow(question: Question) -> Draft:
    return Draft("cloze", read_flow(question), stem={})


def blanks(question: Question) -> Draft:
    return Draft("cloze", read_blanks(question), stem={})


def dropdowns(question: Question) -> Draft:
    return Draft("cloze", read_dropdowns(question), stem={})


READERS: dict[str, Callable[[Question], Draft]] = {
    "multiple_choice_question": read_choice,
    "true_false_question": read_choice,
    "multiple_answers_question": read_multiple,
    "short_answer_question": read_short,
    "fill_in_multiple_blanks_question": blanks,
    "multiple_dropdowns_question": dropdowns,
    "matching_question": read_matching,
    "numerical_question": read_number,
    "essay_question": read_essay,
    "text_only_question": read_description,
    "calculated_question": not_played,
    "file_upload_question": not_played,
}
"""Canvas's types."""


def read_draft(question: Question) -> Draft:
    named = question.meta.get("question_type", "")
    if named:
        return READERS.get(named, not_played)(question)
    return read_by_structure(question)
