"""Writing GIFT: what each kind becomes, and what it has to leave behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import written_language
from quizapp.formats.gift.texts import escaped, marker_of
from quizapp.formats.items import Item
from quizapp.formats.losses import loss, lost_fields, lost_languages
from quizapp.formats.schema import texts
from quizapp.kinds.base import Text, say

CARRIED = ("id", "title", "category", "tags", "feedback", "scoring")
Languages = tuple[str, str]


def losses(item: Item) -> Iterator[Problem]:
    """What GIFT can't hold of an item; an error where it can't hold the kind at all."""
    if item.kind not in ANSWERS:
        yield Problem(N_("GIFT has no questions of the kind “%(kind)s”."), {"kind": item.kind}, code="kind")
        return
    yield from lost_fields(item, CARRIED)
    yield from lost_languages(item, written_language(item))
    if any(item.feedback.get(moment) for moment in ("right", "partial", "wrong", "solution")):
        yield loss(N_("Feedback other than the general one is left out."), "lost-feedback")
    if any(text[key] != text[key].strip() for _, text in texts(item.to_json()) for key in text):
        yield loss(N_("White space around a text is left out."), "lost-space")
    if lost := LOST.get(item.kind):
        yield from lost(item)


def lost_of_multiple(item: Item) -> Iterator[Problem]:
    if item.scoring.get("method") != "sum":
        yield loss(N_("The rule of scoring becomes weights: each right choice its share, each wrong one as much less."),
                   "lost-scoring")  # fmt: skip


def lost_of_text(item: Item) -> Iterator[Problem]:
    if item.scoring:
        yield loss(N_("How capitals and spaces count is left out."), "lost-scoring")


def lost_of_number(item: Item) -> Iterator[Problem]:
    if item.response.get("units") or item.scoring:
        yield loss(N_("The units are left out."), "lost-units")
    if any(answer.get("type", "nominal") != "nominal" for answer in item.response["answers"]):
        yield loss(N_("A relative tolerance is written as an absolute one."), "lost-tolerance")


def lost_of_essay(item: Item) -> Iterator[Problem]:
    if item.response:
        yield loss(N_("The limits of words, the template and the notes for graders are left out."), "lost-essay")


def lost_of_choices(item: Item) -> Iterator[Problem]:
    if any(choice.get("pinned") for choice in item.response["choices"]):
        yield loss(N_("Which choices keep their place is left out."), "lost-pinned")


def lost_of_rows(item: Item) -> Iterator[Problem]:
    if any(row.get("feedback") for row in item.response["rows"]):
        yield loss(N_("Feedback of the pairs is left out."), "lost-feedback")
    if item.kind == "categorise":
        yield loss(N_("The sorting into groups becomes a matching."), "lost-kind")


LOST: dict[str, Callable[[Item], Iterator[Problem]]] = {
    "choice": lost_of_choices,
    "multiple": lambda item: iter([*lost_of_choices(item), *lost_of_multiple(item)]),
    "text": lost_of_text,
    "number": lost_of_number,
    "essay": lost_of_essay,
    "match": lost_of_rows,
    "categorise": lost_of_rows,
}


def written(items: list[Item]) -> str:
    """All questions, with a category line wherever the category changes."""
    parts: list[str] = []
    category: list[str] = []
    for item in items:
        if item.category != category:
            category = item.category
            root = ["top"] if category[:1] in ([], ["top"]) else []
            path = "/".join([*root, *(name.replace("/", "//") for name in category)])
            parts.append(f"$CATEGORY: {path}\n")
        parts.append(question(item))
    return "\n".join(parts)


def question(item: Item) -> str:
    language = written_language(item)
    form = marker_of(item.stem)
    notes = [f"[id:{item.id.replace(']', chr(92) + ']')}]"] if item.id else []
    notes += [f"[tag:{tag.replace(']', chr(92) + ']')}]" for tag in item.tags]
    comment = f"// {' '.join(notes)}\n" if notes else ""
    title = f"::{escaped(say(item.title, language))}:: " if item.title else ""
    stem = ("" if form == "moodle" else f"[{form}]") + escaped(say(item.stem, language))
    answers = ANSWERS[item.kind](item, (language, form))
    if answers is None:
        return f"{comment}{title}{stem}\n"
    general = item.feedback.get("general")
    after = f"\n    ####{marked(general, (language, form))}" if general else ""
    end = "\n" if "\n" in answers + after else ""
    return f"{comment}{title}{stem} {{{answers}{after}{end}}}\n"


def marked(text: Text | None, to: Languages) -> str:
    """A text, with its marker where it isn't that of the question."""
    if not text:
        return ""
    language, form = to
    own = marker_of(text)
    return ("" if own == form else f"[{own}]") + escaped(say(text, language))


def percent(fraction: float) -> str:
    return f"%{float(f'{fraction * 100:.5f}'):g}%" if abs(fraction) in (0, 1, 0.5) else f"%{fraction * 100:.5f}%"


def feedback_of(entry: dict[str, Any], to: Languages) -> str:
    return f"#{marked(entry['feedback'], to)}" if entry.get("feedback") else ""


def choice_answers(item: Item, to: Languages) -> str:
    lines = []
    for choice in item.response["choices"]:
        fraction = choice.get("fraction", 0)
        sign = "=" if fraction == 1 else "~" if not fraction else f"~{percent(fraction)}"
        lines.append(f"\n    {sign}{marked(choice['text'], to)}{feedback_of(choice, to)}")
    return "".join(lines)


def multiple_answers(item: Item, to: Languages) -> str:
    right = sum(1 for choice in item.response["choices"] if choice.get("fraction", 0) > 0)
    lines = []
    for choice in item.response["choices"]:
        fraction = choice.get("fraction", 0)
        if item.scoring.get("method") != "sum":
            fraction = (1 if fraction > 0 else -1) / right
        lines.append(f"\n    ~{percent(fraction)}{marked(choice['text'], to)}{feedback_of(choice, to)}")
    return "".join(lines)


def truefalse_answers(item: Item, to: Languages) -> str:
    answer = item.response["answer"]
    feedback = item.response.get("feedback", {})
    wrong, right = (marked(feedback.get(str(value).lower()), to) for value in (not answer, answer))
    return ("TRUE" if answer else "FALSE") + (f"#{wrong}" if wrong or right else "") + (f"#{right}" if right else "")


def text_answers(item: Item, to: Languages) -> str:
    lines = []
    for answer in item.response["answers"]:
        weight = "" if answer.get("fraction", 1) == 1 else percent(answer["fraction"])
        lines.append(f"\n    ={weight}{escaped(answer['text'])}{feedback_of(answer, to)}")
    return "".join(lines)


def number_answers(item: Item, to: Languages) -> str:
    lines = []
    for answer in item.response["answers"]:
        fraction = answer.get("fraction", 1)
        weight = "" if fraction == 1 else percent(fraction)
        if answer["value"] == "*" and not fraction and answer is item.response["answers"][-1]:
            lines.append(f"\n    ~{feedback_of(answer, to)}")
        else:
            lines.append(f"\n    ={weight}{bounds(answer)}{feedback_of(answer, to)}")
    return "#" + "".join(lines)


def bounds(answer: dict[str, Any]) -> str:
    """The value with its tolerance as an absolute one. Geometric: the wider of its two sides."""
    if answer["value"] == "*":
        return "*"
    value, tolerance = Decimal(str(answer["value"])), Decimal(str(answer.get("tolerance", "0")))
    if answer.get("type", "nominal") != "nominal":
        tolerance = abs(value) * tolerance
    return f"{answer['value']}:{tolerance:f}" if tolerance else str(answer["value"])


def match_answers(item: Item, to: Languages) -> str:
    options = {option["id"]: option["text"] for option in item.response["options"]}
    lines = [
        f"\n    ={marked(row['text'], to)} -> {marked(options[row['option']], to)}" for row in item.response["rows"]
    ]
    used = {row["option"] for row in item.response["rows"]}
    lines += [f"\n    = -> {marked(text, to)}" for name, text in options.items() if name not in used]
    return "".join(lines)


ANSWERS: dict[str, Callable[[Item, Languages], str | None]] = {
    "choice": choice_answers,
    "multiple": multiple_answers,
    "truefalse": truefalse_answers,
    "text": text_answers,
    "number": number_answers,
    "match": match_answers,
    "categorise": match_answers,
    "essay": lambda item, to: "",
    "description": lambda item, to: None,
}
