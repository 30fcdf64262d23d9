"""How each kind of question is written in QTI 2 and 3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.formats.qti2.assessment_item import GAPS
from quizapp.formats.qti2.elements import (
    add_score,
    base_value,
    boolean,
    decimal,
    identifier,
    new_element,
    place_gaps,
    variable,
)
from quizapp.formats.qti2.item_writer import RESPONSE, AssessmentItemWriter
from quizapp.formats.qti2.typed_writers import declare_number, declare_text, write_number, write_text
from quizapp.kinds.base import Body
from quizapp.kinds.truefalse import WORDS


def write_choices(writer: AssessmentItemWriter, choices: list[Body], most: int) -> None:
    writer.stem()
    interaction = new_element(
        "choiceInteraction", responseIdentifier=RESPONSE, shuffle=boolean(writer.item.shuffle), maxChoices=str(most)
    )
    for choice in choices:
        node = new_element("simpleChoice", identifier=identifier(choice["id"]))
        if choice.get("pinned"):
            node.set("fixed", "true")
        interaction.append(writer.fill(node, choice["text"]))
    writer.body.append(interaction)


def choice_feedback(writer: AssessmentItemWriter, choices: list[Body], single: bool) -> None:
    for choice in choices:
        name = identifier(choice["id"])
        given = [variable(RESPONSE), base_value(name, "identifier")]
        test = new_element("match", *given) if single else new_element("member", *reversed(given))
        writer.show(f"choice_{name}", choice.get("feedback"), test)


def write_choice(writer: AssessmentItemWriter) -> None:
    choices = writer.item.response["choices"]
    write_choices(writer, choices, 1)
    right = [identifier(one["id"]) for one in choices if one["fraction"] == 1]
    if {one["fraction"] for one in choices} <= {0, 1} and len(right) == 1:
        writer.declare(RESPONSE, "single", "identifier", right)
        writer.by_match()
    else:
        worth = {identifier(one["id"]): one["fraction"] * writer.points for one in choices if one["fraction"]}
        writer.declare(RESPONSE, "single", "identifier", right[:1], worth)
        writer.by_mapping()
    choice_feedback(writer, choices, single=True)


def write_truefalse(writer: AssessmentItemWriter) -> None:
    body, language = writer.item.response, writer.language if writer.language == "ko" else "en"
    choices = [
        {"id": name, "text": {writer.language: words[language]}, "feedback": body.get("feedback", {}).get(name)}
        for name, words in WORDS.items()
    ]
    write_choices(writer, choices, 1)
    writer.declare(RESPONSE, "single", "identifier", ["true" if body["answer"] else "false"])
    writer.by_match()
    choice_feedback(writer, choices, single=True)


def write_multiple(writer: AssessmentItemWriter) -> None:
    choices, method = writer.item.response["choices"], writer.item.scoring.get("method")
    write_choices(writer, choices, 0)
    right = [identifier(one["id"]) for one in choices if one["fraction"] > 0]
    if method == "all-or-nothing":
        writer.declare(RESPONSE, "multiple", "identifier", right)
        writer.by_match()
    else:
        fractions = {identifier(one["id"]): one["fraction"] for one in choices}
        if method != "sum":
            fractions = {name: (1 if share > 0 else -1) / len(right) for name, share in fractions.items()}
        worth = {name: share * writer.points for name, share in fractions.items() if share}
        writer.declare(
            RESPONSE, "multiple", "identifier", right, worth, lowerBound="0", upperBound=decimal(writer.points)
        )
        writer.by_mapping()
    choice_feedback(writer, choices, single=False)


def write_match(writer: AssessmentItemWriter) -> None:
    rows, options = writer.item.response["rows"], writer.item.response["options"]
    writer.stem()
    interaction = new_element("matchInteraction", responseIdentifier=RESPONSE, shuffle=boolean(writer.item.shuffle),
                       maxAssociations=str(len(rows)))  # fmt: skip
    for entries, most in ((rows, 1), (options, len(rows))):
        one_set = new_element("simpleMatchSet")
        for one in entries:
            node = new_element("simpleAssociableChoice", identifier=identifier(one["id"]), matchMax=str(most))
            one_set.append(writer.fill(node, one["text"]))
        interaction.append(one_set)
    writer.body.append(interaction)
    pairs = [f"{identifier(row['id'])} {identifier(row['option'])}" for row in rows]
    worth = dict.fromkeys(pairs, writer.points / len(pairs))
    writer.declare(RESPONSE, "multiple", "directedPair", pairs, worth, upperBound=decimal(writer.points))
    writer.by_mapping()


def write_order(writer: AssessmentItemWriter) -> None:
    items = writer.item.response["items"]
    writer.stem()
    interaction = new_element("orderInteraction", responseIdentifier=RESPONSE, shuffle=boolean(writer.item.shuffle))
    for one in sorted(items, key=lambda one: one["id"]):
        interaction.append(writer.fill(new_element("simpleChoice", identifier=identifier(one["id"])), one["text"]))
    writer.body.append(interaction)
    writer.declare(RESPONSE, "ordered", "identifier", [identifier(one["id"]) for one in items])
    writer.by_match()


def write_essay(writer: AssessmentItemWriter) -> None:
    writer.stem()
    if notes := writer.item.response.get("grader_notes"):
        block = new_element("rubricBlock", view="scorer")
        if writer.vocabulary.kebab:
            block.set("use", "scoring")
        writer.content(block, notes)
        writer.body.append(block)
    writer.declare(RESPONSE, "single", "string", [])
    writer.body.append(new_element("extendedTextInteraction", responseIdentifier=RESPONSE))


def write_description(writer: AssessmentItemWriter) -> None:
    writer.stem()


def write_cloze(writer: AssessmentItemWriter) -> None:
    gaps = writer.item.response["gaps"]
    writer.stem()
    total = sum(gap.get("weight", 1) for gap in gaps)
    nodes = {gap["id"]: write_gap(writer, gap, writer.points * gap.get("weight", 1) / total) for gap in gaps}
    block = writer.block(writer.item.response["text"], GAPS)
    place_gaps(block, nodes)


def write_gap(writer: AssessmentItemWriter, gap: Body, points: float) -> Any:
    """Declare a gap and what it adds to the score; returns its interaction."""
    name = identifier(gap["id"])
    if gap["kind"] == "choice":
        node = new_element("inlineChoiceInteraction", responseIdentifier=name, shuffle=boolean(writer.item.shuffle))
        for one in gap["choices"]:
            node.append(writer.fill(new_element("inlineChoice", identifier=identifier(one["id"])), one["text"]))
        right = [identifier(one["id"]) for one in gap["choices"] if one["fraction"] == 1]
        worth = {identifier(one["id"]): one["fraction"] * points for one in gap["choices"] if one["fraction"]}
        writer.declare(name, "single", "identifier", right[:1], worth)
    else:
        node = new_element("textEntryInteraction", responseIdentifier=name)
        if gap["kind"] == "number":
            declare_number(writer, name, gap, points, add_score)
            return node
        declare_text(writer, name, gap, points)
    writer.rules.append(add_score(new_element("mapResponse", identifier=name)))
    return node


WRITERS: dict[str, Callable[[AssessmentItemWriter], None]] = {
    "choice": write_choice,
    "multiple": write_multiple,
    "truefalse": write_truefalse,
    "text": write_text,
    "number": write_number,
    "match": write_match,
    "categorise": write_match,
    "order": write_order,
    "essay": write_essay,
    "cloze": write_cloze,
    "description": write_description,
}
GRADED = frozenset(WRITERS) - {"essay", "description"}
"""The kinds that are scored automatically, so that feedback can depend on the score."""
