"""How each kind of question is written in QTI 1.2: with the types that Canvas knows, where it knows one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.items import Item
from quizapp.formats.qti12.item_writer import GRADER_NOTES, RESPONSE, Sheet, equals, every, percent
from quizapp.formats.qti12.losses import cloze_type
from quizapp.formats.qti12.typed_writers import write_cloze, write_number, write_text
from quizapp.kinds.base import Body
from quizapp.kinds.truefalse import WORDS


def write_choice(sheet: Sheet) -> None:
    write_choices(sheet, sheet.item.response["choices"], "Single")
    for choice in sheet.item.response["choices"]:
        if choice["fraction"]:
            right = sheet.right if choice["fraction"] == 1 else ""
            sheet.condition([equals(RESPONSE, choice["id"])], "No", "Set", percent(choice["fraction"]), right)


def write_choices(sheet: Sheet, choices: list[Body], cardinality: str) -> None:
    render = sheet.render("response_lid", RESPONSE, rcardinality=cardinality)
    for choice in choices:
        sheet.label(render, choice["id"], choice["text"], choice.get("pinned", False))
        sheet.own_feedback(choice["id"], choice.get("feedback"), equals(RESPONSE, choice["id"]))


def write_truefalse(sheet: Sheet) -> None:
    body, language = sheet.item.response, sheet.language if sheet.language == "ko" else "en"
    feedback = body.get("feedback", {})
    choices = [
        {"id": name, "text": {sheet.language: words[language]}, "feedback": feedback.get(name)}
        for name, words in WORDS.items()
    ]
    write_choices(sheet, choices, "Single")
    right = "true" if body["answer"] else "false"
    sheet.condition([equals(RESPONSE, right)], "No", "Set", "100", sheet.right)


def write_multiple(sheet: Sheet) -> None:
    choices = sheet.item.response["choices"]
    write_choices(sheet, choices, "Multiple")
    if sheet.item.scoring.get("method") == "sum":
        for choice in choices:
            if choice["fraction"]:
                sheet.condition([equals(RESPONSE, choice["id"])], "Yes", "Add", percent(choice["fraction"]))
        return
    tests = [
        found if choice["fraction"] > 0 else every("not", found)
        for choice in choices
        if (found := equals(RESPONSE, choice["id"])) is not None
    ]
    sheet.condition([every("and", *tests)], "No", "Set", "100", sheet.right)


def write_match(sheet: Sheet) -> None:
    rows, options = sheet.item.response["rows"], sheet.item.response["options"]
    for row in rows:
        response = f"response_{row['id']}"
        render = sheet.render("response_lid", response, row["text"])
        for option in options:
            sheet.label(render, option["id"], option["text"])
        sheet.condition([equals(response, row["option"])], "Yes", "Add", f"{100 / len(rows):.2f}")
        sheet.own_feedback(row["id"], row.get("feedback"), every("not", equals(response, row["option"])))


def write_order(sheet: Sheet) -> None:
    items = sheet.item.response["items"]
    render = sheet.render("response_lid", RESPONSE, rcardinality="Ordered")
    for one in sorted(items, key=lambda one: one["id"]):
        sheet.label(render, one["id"], one["text"])
    tests = [equals(RESPONSE, one["id"], index=str(place)) for place, one in enumerate(items, 1)]
    if sheet.item.scoring.get("method") == "all-or-nothing":
        sheet.condition([every("and", *tests)], "No", "Set", "100", sheet.right)
        return
    for one in tests:
        sheet.condition([one], "Yes", "Add", percent(1 / len(items)))


def write_essay(sheet: Sheet) -> None:
    sheet.render("response_str", RESPONSE, rcardinality="Single").append(
        etree.Element("response_label", ident="answer1")
    )
    sheet.condition([etree.Element("other")], "No")
    if notes := sheet.item.response.get("grader_notes"):
        sheet.feedbacks.append((GRADER_NOTES, notes))


def write_description(sheet: Sheet) -> None:
    """Its text is all there is."""


class Writer(NamedTuple):
    """How a kind is written, and the type that Canvas calls it."""

    write: Callable[[Sheet], None]
    type_of: Callable[[Item], str]


WRITERS: dict[str, Writer] = {
    "choice": Writer(write_choice, lambda item: "multiple_choice_question"),
    "multiple": Writer(write_multiple, lambda item: "multiple_answers_question"),
    "truefalse": Writer(write_truefalse, lambda item: "true_false_question"),
    "text": Writer(write_text, lambda item: "short_answer_question"),
    "number": Writer(write_number, lambda item: "numerical_question"),
    "match": Writer(write_match, lambda item: "matching_question"),
    "categorise": Writer(write_match, lambda item: "matching_question"),
    "order": Writer(write_order, lambda item: ""),
    "cloze": Writer(write_cloze, cloze_type),
    "essay": Writer(write_essay, lambda item: "essay_question"),
    "description": Writer(write_description, lambda item: "text_only_question"),
}
