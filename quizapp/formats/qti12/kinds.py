"""The questions of QTI 1.2 as our kinds: by the type that Canvas names, else by their structure.

Each reader takes a `Qti12Question` and returns a `ItemCore`. It raises Unusable for a question without a right answer,
and Unsupported for one that we can't play.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.formats.qti.documents import local
from quizapp.formats.qti.item_core import ItemCore
from quizapp.formats.qti.refusals import MARK_RIGHT, NO_KEY, NO_RIGHT, NOT_PLAYED, Unsupported, Unusable
from quizapp.formats.qti12.choices import read_choice, read_multiple
from quizapp.formats.qti12.gaps import read_blanks, read_dropdowns, read_flow
from quizapp.formats.qti12.matching import RESPONSE_NAMES, read_matching, read_pairs
from quizapp.formats.qti12.material import materials
from quizapp.formats.qti12.ordering import read_order
from quizapp.formats.qti12.passages import instructions, rubrics
from quizapp.formats.qti12.question import GAPS, Qti12Question, Response
from quizapp.formats.qti12.typed_answers import number_answers, text_answers

TYPES = ("question_type", "bbmd_questiontype", "qmd_itemtype", "cc_profile")
"""Where systems name the type of a question."""


def read_short(question: Qti12Question) -> ItemCore:
    response = question.only_response("response_str")
    answers, scoring = text_answers(question, response)
    if not answers:
        raise Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    return ItemCore("text", {"answers": answers}, scoring)


def read_number(question: Qti12Question) -> ItemCore:
    answers = number_answers(question, question.only_response("response_str", "response_num"))
    if not answers:
        raise Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    return ItemCore("number", {"answers": answers})


def read_essay(question: Qti12Question) -> ItemCore:
    notes = question.feedback("grader_notes")
    if others := rubrics(question.element, learners=False):
        parts = [*question.feedbacks.get("grader_notes", ()), *others]
        notes = question.text([node for part in parts for node in materials(part, ())])
    return ItemCore("essay", {"grader_notes": notes} if notes else {})


def read_description(question: Qti12Question) -> ItemCore:
    extra = list(instructions(question.element))
    return ItemCore(
        "description", stem=question.text([*extra, *materials(question.presentation, ())]) if extra else None
    )


def not_played(question: Qti12Question) -> ItemCore:
    raise Unsupported(NOT_PLAYED, type=type_of(question))


def type_of(question: Qti12Question) -> str:
    """What the file calls the type of a question, else how its responses are given."""
    named = next((value for key in TYPES if (value := question.meta.get(key))), "")
    renders = [local(one.element if one.render is None else one.render) for one in question.responses]
    return named or ", ".join(dict.fromkeys(renders))


def is_essay(question: Qti12Question, response: Response) -> bool:
    """Whether it is meant to be graded by a person: it says so, or it has room for more than a line."""
    declared = f"{question.meta.get('qmd_itemtype', '')} {question.meta.get('cc_profile', '')}".lower()
    by_hand = question.meta.get("qmd_computerscored", "").lower() in ("no", "false", "n")
    rows = response.render.get("rows", "") if response.render is not None else ""
    return by_hand or "essay" in declared or (rows.isascii() and rows.isdigit() and int(rows[:6]) > 1)


def read_by_structure(question: Qti12Question) -> ItemCore:
    """A question whose type isn't named: its responses show what it is."""
    responses = question.responses
    if not responses:
        return ItemCore("description")
    if any(one.name not in RESPONSE_NAMES or one.is_graphic for one in responses):
        raise Unsupported(NOT_PLAYED, type=type_of(question))
    if len(responses) > 1:
        return read_matching(question) if are_rows(responses) else flow(question)
    only = responses[0]
    return read_typed(question, only) if only.is_typed else read_listed(question, only)


def are_rows(responses: list[Response]) -> bool:
    """Whether they are the rows of a matching: each with a text of its own, and all with the same choices."""
    if all(one.is_typed for one in responses) or any(one.name == "response_str" for one in responses):
        return False
    choices = {tuple(label.get("ident") for label in one.labels) for one in responses}
    return len(choices) == 1 and all(one.prompt for one in responses)


def read_listed(question: Qti12Question, response: Response) -> ItemCore:
    """A question whose one response has choices: pairs of them, an order, several, or one."""
    if response.name == "response_grp" and any(question.scoring.tests(response.ident, ("varsubset",))):
        return read_pairs(question)
    return {"ordered": read_order, "multiple": read_multiple}.get(response.cardinality, read_choice)(question)


def read_typed(question: Qti12Question, response: Response) -> ItemCore:
    """A question whose one response is typed: an essay, a text with one gap, a number or a short text."""
    if is_essay(question, response) and not any(question.scoring.tests(response.ident, ("varequal",))):
        return read_essay(question)
    after = [node for node in response.element.itersiblings() if has_material(node)]
    inside = [node for node in response.prompt if node.getparent() is response.render]
    if after or inside or question.meta.get("qmd_itemtype", "").lower() == GAPS:
        return flow(question)
    return read_number(question) if response.is_number else read_short(question)


def has_material(node: Any) -> bool:
    return any(True for _ in materials([node], ()))


def flow(question: Qti12Question) -> ItemCore:
    return ItemCore("cloze", read_flow(question), stem={})


def blanks(question: Qti12Question) -> ItemCore:
    return ItemCore("cloze", read_blanks(question), stem={})


def dropdowns(question: Qti12Question) -> ItemCore:
    return ItemCore("cloze", read_dropdowns(question), stem={})


READERS: dict[str, Callable[[Qti12Question], ItemCore]] = {
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
    "ordering_question": read_order,
    "calculated_question": not_played,
    "file_upload_question": not_played,
}
"""Canvas's types, and the one of its newer quizzes that we know."""


def read_core(question: Qti12Question) -> ItemCore:
    """By the type that is named, else by structure. A question in which nothing scores is like one of a survey."""
    named = question.meta.get("question_type", "")
    try:
        return READERS.get(named, not_played)(question) if named else read_by_structure(question)
    except Unusable as wrong:
        if wrong.problem.code != "no-right" or any(one.gives for one in question.scoring.conditions):
            raise
        raise Unsupported(NO_KEY) from wrong
