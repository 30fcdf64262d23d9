"""How typed answers are written in QTI 2 and 3."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from quizapp.formats.qti.numbers import bounds_of, in_digits
from quizapp.formats.qti2.elements import base_value, boolean, decimal, new_element, set_score, variable
from quizapp.formats.qti2.item_writer import RESPONSE, AssessmentItemWriter
from quizapp.formats.qti2.losses import right_numbers, whole_numbers
from quizapp.kinds.base import Body
from quizapp.kinds.text import WILDCARD


def write_text(writer: AssessmentItemWriter) -> None:
    writer.stem()
    entry = new_element("textEntryInteraction", responseIdentifier=RESPONSE)
    writer.body.append(new_element("p", entry))
    declare_text(writer, RESPONSE, writer.item.response | {"scoring": writer.item.scoring}, writer.points)
    writer.by_mapping()


def declare_text(writer: AssessmentItemWriter, name: str, body: Body, points: float) -> None:
    """Declare a typed text: what each accepted answer is worth."""
    answers = [one for one in body["answers"] if one["fraction"] > 0 and not WILDCARD.search(one["text"])]
    worth: dict[str, float] = {}
    for one in answers:
        worth.setdefault(one["text"].replace(r"\*", "*"), one["fraction"] * points)
    right = next(text for text, value in worth.items() if value == points)
    node = writer.declare(name, "single", "string", [right], worth)
    for entry in node.iter("mapEntry"):
        entry.set("caseSensitive", boolean(bool(body.get("scoring", {}).get("case"))))


def write_number(writer: AssessmentItemWriter) -> None:
    writer.stem()
    writer.body.append(new_element("p", new_element("textEntryInteraction", responseIdentifier=RESPONSE)))
    declare_number(writer, RESPONSE, writer.item.response, writer.points, set_score)


def declare_number(
    writer: AssessmentItemWriter, name: str, body: Body, points: float, give: Callable[[Any], Any]
) -> None:
    """Declare a typed number: the first answer that takes it decides its points."""
    writer.declare(name, "single", "float", [whole_numbers(body)[0]["value"]])
    answers = right_numbers(body)
    branches = []
    for place, one in enumerate(answers):
        test = number_test(name, one)
        points_of = give(base_value(decimal(one["fraction"] * points), "float"))
        branches.append(new_element("responseElseIf" if place else "responseIf", test, points_of))
    writer.rules.append(new_element("responseCondition", *branches))


def number_test(name: str, answer: Body) -> Any:
    low, high = bounds_of(answer)
    value = answer["value"] if answer.get("type") != "geometric" else in_digits((low + high) / 2)
    right = base_value(value, "float")
    if low == high:
        return new_element("equal", right, variable(name), toleranceMode="exact")
    half = in_digits((high - low) / Decimal(2))
    return new_element("equal", right, variable(name), toleranceMode="absolute", tolerance=f"{half} {half}")
