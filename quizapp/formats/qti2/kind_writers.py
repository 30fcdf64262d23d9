"""How each kind of question is written in QTI 2 and 3."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from quizapp.formats.qti2.item_writer import (
    RESPONSE,
    Sheet,
    added,
    base,
    decimal,
    identifier,
    make,
    plant,
    score,
    variable,
)
from quizapp.formats.qti2.losses import whole_numbers
from quizapp.formats.qti2.source import GAPS
from quizapp.formats.qti12.answers import in_digits
from quizapp.formats.qti12.typed_writers import limits
from quizapp.kinds.base import Body
from quizapp.kinds.text import WILDCARD
from quizapp.kinds.truefalse import WORDS


def yes(flag: bool) -> str:
    return str(flag).lower()


def write_choices(sheet: Sheet, choices: list[Body], most: int) -> None:
    sheet.stem()
    interaction = make(
        "choiceInteraction", responseIdentifier=RESPONSE, shuffle=yes(sheet.item.shuffle), maxChoices=str(most)
    )
    for choice in choices:
        node = make("simpleChoice", identifier=identifier(choice["id"]))
        if choice.get("pinned"):
            node.set("fixed", "true")
        interaction.append(sheet.fill(node, choice["text"]))
    sheet.body.append(interaction)


def choice_feedback(sheet: Sheet, choices: list[Body], single: bool) -> None:
    for choice in choices:
        name = identifier(choice["id"])
        given = [variable(RESPONSE), base(name, "identifier")]
        test = make("match", *given) if single else make("member", *reversed(given))
        sheet.show(f"choice_{name}", choice.get("feedback"), test)


def write_choice(sheet: Sheet) -> None:
    choices = sheet.item.response["choices"]
    write_choices(sheet, choices, 1)
    right = [identifier(one["id"]) for one in choices if one["fraction"] == 1]
    if {one["fraction"] for one in choices} <= {0, 1} and len(right) == 1:
        sheet.declare(RESPONSE, "single", "identifier", right)
        sheet.by_match()
    else:
        worth = {identifier(one["id"]): one["fraction"] * sheet.points for one in choices if one["fraction"]}
        sheet.declare(RESPONSE, "single", "identifier", right[:1], worth)
        sheet.by_mapping()
    choice_feedback(sheet, choices, single=True)


def write_truefalse(sheet: Sheet) -> None:
    body, language = sheet.item.response, sheet.language if sheet.language == "ko" else "en"
    choices = [
        {"id": name, "text": {sheet.language: words[language]}, "feedback": body.get("feedback", {}).get(name)}
        for name, words in WORDS.items()
    ]
    write_choices(sheet, choices, 1)
    sheet.declare(RESPONSE, "single", "identifier", ["true" if body["answer"] else "false"])
    sheet.by_match()
    choice_feedback(sheet, choices, single=True)


def write_multiple(sheet: Sheet) -> None:
    choices, method = sheet.item.response["choices"], sheet.item.scoring.get("method")
    write_choices(sheet, choices, 0)
    right = [identifier(one["id"]) for one in choices if one["fraction"] > 0]
    if method == "all-or-nothing":
        sheet.declare(RESPONSE, "multiple", "identifier", right)
        sheet.by_match()
    else:
        fractions = {identifier(one["id"]): one["fraction"] for one in choices}
        if method != "sum":
            fractions = {name: (1 if share > 0 else -1) / len(right) for name, share in fractions.items()}
        worth = {name: share * sheet.points for name, share in fractions.items() if share}
        sheet.declare(
            RESPONSE, "multiple", "identifier", right, worth, lowerBound="0", upperBound=decimal(sheet.points)
        )
        sheet.by_mapping()
    choice_feedback(sheet, choices, single=False)


def write_text(sheet: Sheet) -> None:
    sheet.stem()
    entry = make("textEntryInteraction", responseIdentifier=RESPONSE)
    sheet.body.append(make("p", entry))
    declare_text(sheet, RESPONSE, sheet.item.response | {"scoring": sheet.item.scoring}, sheet.points)
    sheet.by_mapping()


def declare_text(sheet: Sheet, name: str, body: Body, points: float) -> None:
    """A typed text: what each accepted answer is worth."""
    answers = [one for one in body["answers"] if one["fraction"] > 0 and not WILDCARD.search(one["text"])]
    worth: dict[str, float] = {}
    for one in answers:
        worth.setdefault(one["text"].replace(r"\*", "*"), one["fraction"] * points)
    right = next(text for text, value in worth.items() if value == points)
    node = sheet.declare(name, "single", "string", [right], worth)
    for entry in node.iter("mapEntry"):
        entry.set("caseSensitive", yes(bool(body.get("scoring", {}).get("case"))))


def write_number(sheet: Sheet) -> None:
    sheet.stem()
    sheet.body.append(make("p", make("textEntryInteraction", responseIdentifier=RESPONSE)))
    declare_number(sheet, RESPONSE, sheet.item.response, sheet.points, score)


def declare_number(sheet: Sheet, name: str, body: Body, points: float, give: Callable[[Any], Any]) -> None:
    """A typed number: the first answer whose tolerance it is in gives its points."""
    sheet.declare(name, "single", "float", [whole_numbers(body)[0]["value"]])
    answers = [one for one in body["answers"] if one["fraction"] > 0 and one["value"] != "*"]
    branches = []
    for place, one in enumerate(answers):
        test = number_test(name, one)
        points_of = give(base(decimal(one["fraction"] * points), "float"))
        branches.append(make("responseElseIf" if place else "responseIf", test, points_of))
    sheet.rules.append(make("responseCondition", *branches))


def number_test(name: str, answer: Body) -> Any:
    low, high = limits(answer)
    value = answer["value"] if answer.get("type") != "geometric" else in_digits((low + high) / 2)
    right = base(value, "float")
    if low == high:
        return make("equal", right, variable(name), toleranceMode="exact")
    half = in_digits((high - low) / Decimal(2))
    return make("equal", right, variable(name), toleranceMode="absolute", tolerance=f"{half} {half}")


def write_match(sheet: Sheet) -> None:
    rows, options = sheet.item.response["rows"], sheet.item.response["options"]
    sheet.stem()
    interaction = make("matchInteraction", responseIdentifier=RESPONSE, shuffle=yes(sheet.item.shuffle),
                       maxAssociations=str(len(rows)))  # fmt: skip
    for entries, most in ((rows, 1), (options, len(rows))):
        one_set = make("simpleMatchSet")
        for one in entries:
            node = make("simpleAssociableChoice", identifier=identifier(one["id"]), matchMax=str(most))
            one_set.append(sheet.fill(node, one["text"]))
        interaction.append(one_set)
    sheet.body.append(interaction)
    pairs = [f"{identifier(row['id'])} {identifier(row['option'])}" for row in rows]
    worth = dict.fromkeys(pairs, sheet.points / len(pairs))
    sheet.declare(RESPONSE, "multiple", "directedPair", pairs, worth, upperBound=decimal(sheet.points))
    sheet.by_mapping()


def write_order(sheet: Sheet) -> None:
    items = sheet.item.response["items"]
    sheet.stem()
    interaction = make("orderInteraction", responseIdentifier=RESPONSE, shuffle=yes(sheet.item.shuffle))
    for one in sorted(items, key=lambda one: one["id"]):
        interaction.append(sheet.fill(make("simpleChoice", identifier=identifier(one["id"])), one["text"]))
    sheet.body.append(interaction)
    sheet.declare(RESPONSE, "ordered", "identifier", [identifier(one["id"]) for one in items])
    sheet.by_match()


def write_essay(sheet: Sheet) -> None:
    sheet.stem()
    if notes := sheet.item.response.get("grader_notes"):
        block = make("rubricBlock", view="scorer")
        if sheet.vocabulary.kebab:
            block.set("use", "scoring")
        sheet.content(block, notes)
        sheet.body.append(block)
    sheet.declare(RESPONSE, "single", "string", [])
    sheet.body.append(make("extendedTextInteraction", responseIdentifier=RESPONSE))


def write_description(sheet: Sheet) -> None:
    sheet.stem()


def write_cloze(sheet: Sheet) -> None:
    gaps = sheet.item.response["gaps"]
    sheet.stem()
    total = sum(gap.get("weight", 1) for gap in gaps)
    nodes = {gap["id"]: write_gap(sheet, gap, sheet.points * gap.get("weight", 1) / total) for gap in gaps}
    block = sheet.block(sheet.item.response["text"], GAPS)
    plant(block, nodes)


def write_gap(sheet: Sheet, gap: Body, points: float) -> Any:
    """Declare a gap and say what it adds; gives its interaction."""
    name = identifier(gap["id"])
    if gap["kind"] == "choice":
        node = make("inlineChoiceInteraction", responseIdentifier=name, shuffle=yes(sheet.item.shuffle))
        for one in gap["choices"]:
            node.append(sheet.fill(make("inlineChoice", identifier=identifier(one["id"])), one["text"]))
        right = [identifier(one["id"]) for one in gap["choices"] if one["fraction"] == 1]
        worth = {identifier(one["id"]): one["fraction"] * points for one in gap["choices"] if one["fraction"]}
        sheet.declare(name, "single", "identifier", right[:1], worth)
    else:
        node = make("textEntryInteraction", responseIdentifier=name)
        if gap["kind"] == "number":
            declare_number(sheet, name, gap, points, added)
            return node
        declare_text(sheet, name, gap, points)
    sheet.rules.append(added(make("mapResponse", identifier=name)))
    return node


WRITERS: dict[str, Callable[[Sheet], None]] = {
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
"""The kinds that are scored at once, so that feedback can be shown."""
