"""What the questions of QTI 1.2 are in our kinds: by the type that Canvas names, else by how they are built.

Each reader takes a `Question` and gives a `Draft`. It raises Wrong for a question without a right answer, and
Unsupported for one that we can't play.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.draft import Draft
from quizapp.formats.qti.refusals import MARK_RIGHT, NO_RIGHT, Unsupported, Unusable
from quizapp.formats.qti12.choices import read_choice, read_multiple
from quizapp.formats.qti12.gaps import read_blanks, read_dropdowns, read_flow
from quizapp.formats.qti12.matching import RESPONSE_NAMES, read_matching, read_pairs
from quizapp.formats.qti12.material import materials
from quizapp.formats.qti12.ordering import read_order
from quizapp.formats.qti12.question import GAPS, Qti12Question, Response
from quizapp.formats.qti12.typed_answers import number_answers, text_answers


def read_short(question: Qti12Question) -> Draft:
    response = question.only_response("response_str")
    answers, scoring = text_answers(question, response)
    if not answers:
        raise Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    return Draft("text", {"answers": answers}, scoring)


def read_number(question: Qti12Question) -> Draft:
    answers = number_answers(question, question.only_response("response_str", "response_num"))
    if not answers:
        raise Unusable(NO_RIGHT, "no-right", MARK_RIGHT)
    return Draft("number", {"answers": answers})


def read_essay(question: Qti12Question) -> Draft:
    notes = question.feedback("grader_notes")
    return Draft("essay", {"grader_notes": notes} if notes else {})


def read_description(question: Qti12Question) -> Draft:
    return Draft("description")


def not_played(question: Qti12Question) -> Draft:
    raise Unsupported(N_("Questions of this type can't be played here."))


def is_essay(question: Qti12Question, response: Response) -> bool:
    """Whether a person is meant to grade it: it says so, or it has room for more than a line."""
    declared = f"{question.meta.get('qmd_itemtype', '')} {question.meta.get('cc_profile', '')}".lower()
    by_hand = question.meta.get("qmd_computerscored", "").lower() in ("no", "false", "n")
    rows = response.render.get("rows", "") if response.render is not None else ""
    return by_hand or "essay" in declared or (rows.isascii() and rows.isdigit() and int(rows[:6]) > 1)


def read_by_structure(question: Qti12Question) -> Draft:
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


def flow(question: Qti12Question) -> Draft:
    return Draft("cloze", read_flow(question), stem={})


def blanks(question: Qti12Question) -> Draft:
    return Draft("cloze", read_blanks(question), stem={})


def dropdowns(question: Qti12Question) -> Draft:
    return Draft("cloze", read_dropdowns(question), stem={})


READERS: dict[str, Callable[[Qti12Question], Draft]] = {
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


def read_draft(question: Qti12Question) -> Draft:
    named = question.meta.get("question_type", "")
    if named:
        return READERS.get(named, not_played)(question)
    return read_by_structure(question)
