"""How each kind of question is written in QTI 1.2, with Canvas's type for it where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.items import Item
from quizapp.formats.qti12.item_writer import GRADER_NOTES, RESPONSE, ItemWriter, compound, equals, percent
from quizapp.formats.qti12.losses import cloze_type
from quizapp.formats.qti12.typed_writers import write_cloze, write_number, write_text
from quizapp.kinds.base import Body
from quizapp.kinds.truefalse import WORDS


def write_choice(writer: ItemWriter) -> None:
    write_choices(writer, writer.item.response["choices"], "Single")
    for choice in writer.item.response["choices"]:
        if choice["fraction"]:
            right = writer.right if choice["fraction"] == 1 else ""
            writer.condition([equals(RESPONSE, choice["id"])], "No", "Set", percent(choice["fraction"]), right)


def write_choices(writer: ItemWriter, choices: list[Body], cardinality: str) -> None:
    render = writer.render("response_lid", RESPONSE, rcardinality=cardinality)
    for choice in choices:
        writer.label(render, choice["id"], choice["text"], choice.get("pinned", False))
        writer.own_feedback(choice["id"], choice.get("feedback"), equals(RESPONSE, choice["id"]))


def write_truefalse(writer: ItemWriter) -> None:
    body, language = writer.item.response, writer.language if writer.language == "ko" else "en"
    feedback = body.get("feedback", {})
    choices = [
        {"id": name, "text": {writer.language: words[language]}, "feedback": feedback.get(name)}
        for name, words in WORDS.items()
    ]
    write_choices(writer, choices, "Single")
    right = "true" if body["answer"] else "false"
    writer.condition([equals(RESPONSE, right)], "No", "Set", "100", writer.right)


def write_multiple(writer: ItemWriter) -> None:
    choices = writer.item.response["choices"]
    write_choices(writer, choices, "Multiple")
    if writer.item.scoring.get("method") == "sum":
        for choice in choices:
            if choice["fraction"]:
                writer.condition([equals(RESPONSE, choice["id"])], "Yes", "Add", percent(choice["fraction"]))
        return
    tests = [
        found if choice["fraction"] > 0 else compound("not", found)
        for choice in choices
        if (found := equals(RESPONSE, choice["id"])) is not None
    ]
    writer.condition([compound("and", *tests)], "No", "Set", "100", writer.right)


def write_match(writer: ItemWriter) -> None:
    rows, options = writer.item.response["rows"], writer.item.response["options"]
    for row in rows:
        response = f"response_{row['id']}"
        render = writer.render("response_lid", response, row["text"])
        for option in options:
            writer.label(render, option["id"], option["text"])
        writer.condition([equals(response, row["option"])], "Yes", "Add", f"{100 / len(rows):.2f}")
        writer.own_feedback(row["id"], row.get("feedback"), compound("not", equals(response, row["option"])))


def write_order(writer: ItemWriter) -> None:
    items = writer.item.response["items"]
    render = writer.render("response_lid", RESPONSE, rcardinality="Ordered")
    for one in sorted(items, key=lambda one: one["id"]):
        writer.label(render, one["id"], one["text"])
    tests = [equals(RESPONSE, one["id"], index=str(place)) for place, one in enumerate(items, 1)]
    if writer.item.scoring.get("method") == "all-or-nothing":
        writer.condition([compound("and", *tests)], "No", "Set", "100", writer.right)
        return
    for one in tests:
        writer.condition([one], "Yes", "Add", percent(1 / len(items)))


def write_essay(writer: ItemWriter) -> None:
    writer.render("response_str", RESPONSE, rcardinality="Single").append(
        etree.Element("response_label", ident="answer1")
    )
    writer.condition([etree.Element("other")], "No")
    if notes := writer.item.response.get("grader_notes"):
        writer.feedbacks.append((GRADER_NOTES, notes))


def write_description(writer: ItemWriter) -> None:
    """Its text is all there is."""


class KindWriter(NamedTuple):
    """How a kind is written, and Canvas's name for its type."""

    write: Callable[[ItemWriter], None]
    type_of: Callable[[Item], str]


WRITERS: dict[str, KindWriter] = {
    "choice": KindWriter(write_choice, lambda item: "multiple_choice_question"),
    "multiple": KindWriter(write_multiple, lambda item: "multiple_answers_question"),
    "truefalse": KindWriter(write_truefalse, lambda item: "true_false_question"),
    "text": KindWriter(write_text, lambda item: "short_answer_question"),
    "number": KindWriter(write_number, lambda item: "numerical_question"),
    "match": KindWriter(write_match, lambda item: "matching_question"),
    "categorise": KindWriter(write_match, lambda item: "matching_question"),
    "order": KindWriter(write_order, lambda item: ""),
    "cloze": KindWriter(write_cloze, cloze_type),
    "essay": KindWriter(write_essay, lambda item: "essay_question"),
    "description": KindWriter(write_description, lambda item: "text_only_question"),
}
