"""How each kind of question is written in Moodle XML."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.markup import words_of
from quizapp.formats.moodle_xml.choices import GRADING
from quizapp.formats.moodle_xml.question_writer import QuestionWriter, leaf
from quizapp.formats.moodle_xml.typed import unit_factor


def write_choices(writer: QuestionWriter) -> None:
    item = writer.item
    several = item.kind == "multiple"
    leaf(writer.root, "single", "false" if several else "true")
    listed = item.response["choices"]
    right = sum(1 for one in listed if one.get("fraction", 0) > 0)
    for one in listed:
        fraction = one.get("fraction", 0)
        if several and item.scoring.get("method") != "sum":
            fraction = (1 if fraction > 0 else -1) / right
        writer.answer(one["text"], fraction, one.get("feedback"))


def write_truefalse(writer: QuestionWriter) -> None:
    response = writer.item.response
    for name in ("true", "false"):
        fraction = float((name == "true") == response["answer"])
        writer.answer(name, fraction, response.get("feedback", {}).get(name))


def write_shortanswer(writer: QuestionWriter) -> None:
    leaf(writer.root, "usecase", "1" if writer.item.scoring.get("case") else "0")
    for one in writer.item.response["answers"]:
        writer.answer(one["text"], one.get("fraction", 1), one.get("feedback"))


def write_numerical(writer: QuestionWriter) -> None:
    item = writer.item
    for one in item.response["answers"]:
        answer = writer.answer(str(one["value"]), one.get("fraction", 1), one.get("feedback"))
        tolerance = Decimal(str(one.get("tolerance", "0")))
        if one.get("type", "nominal") != "nominal" and one["value"] != "*":
            tolerance *= abs(Decimal(str(one["value"])))
        leaf(answer, "tolerance", f"{tolerance:f}")
    if item.scoring.get("unit_penalty"):
        leaf(writer.root, "unitgradingtype", "2" if item.scoring.get("unit_penalty_of") == "question" else "1")
        leaf(writer.root, "unitpenalty", f"{item.scoring['unit_penalty']:g}")
    if item.response.get("units"):
        units = etree.SubElement(writer.root, "units")
        for one in item.response["units"]:
            unit = etree.SubElement(units, "unit")
            leaf(unit, "multiplier", unit_factor(str(one.get("factor", "1"))))
            leaf(unit, "unit_name", one["name"])


def write_matching(writer: QuestionWriter) -> None:
    options = {one["id"]: one["text"] for one in writer.item.response["options"]}
    rows = [(row["text"], options[row["option"]]) for row in writer.item.response["rows"]]
    used = {row["option"] for row in writer.item.response["rows"]}
    for text, option in [*rows, *(({}, text) for name, text in options.items() if name not in used)]:
        pair = writer.text(writer.root, "subquestion", text)
        leaf(pair, "answer/text", words_of(option, writer.language))


def write_ordering(writer: QuestionWriter) -> None:
    method = writer.item.scoring.get("method", "relative")
    leaf(writer.root, "gradingtype", next(name for name, own in GRADING.items() if own == method))
    for place, one in enumerate(writer.item.response["items"], 1):
        writer.answer(one["text"], place / 100, None)


def write_essay(writer: QuestionWriter) -> None:
    response = writer.item.response
    for key, tag in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        if response.get(key):
            leaf(writer.root, tag, str(response[key]))
    for key, tag in (("grader_notes", "graderinfo"), ("template", "responsetemplate")):
        if response.get(key):
            writer.text(writer.root, tag, response[key])


WRITERS: dict[str, Callable[[QuestionWriter], None]] = {
    "choice": write_choices,
    "multiple": write_choices,
    "truefalse": write_truefalse,
    "text": write_shortanswer,
    "number": write_numerical,
    "match": write_matching,
    "categorise": write_matching,
    "order": write_ordering,
    "essay": write_essay,
}
