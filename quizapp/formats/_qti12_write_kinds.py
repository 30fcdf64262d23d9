"""How each kind of question is written in QTI 1.2: with the types that Canvas knows, where it knows one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats._qti12_answers import MOMENTS, in_digits
from quizapp.formats._qti12_kinds import GAPS
from quizapp.formats._qti12_source import letters
from quizapp.formats._qti_text import UNWRITABLE, html_of, is_bare, rewrite
from quizapp.formats.items import Item
from quizapp.kinds.base import Body, Text, say
from quizapp.kinds.cloze import MARKER
from quizapp.kinds.text import WILDCARD
from quizapp.kinds.truefalse import WORDS

XML = "{http://www.w3.org/XML/1998/namespace}"
RESPONSE = "response1"
GRADER_NOTES = "grader_notes"
ROUGH = re.compile(r"^\s|\s$|[\n\t]|  ")
"""Space that XML would fold."""


def percent(share: float) -> str:
    return f"{share * 100:.8f}".rstrip("0").rstrip(".")


@dataclass
class Sheet:
    """One `<item>` as it is written: its parts are opened in their order, and texts go in one language."""

    element: Any
    item: Item
    language: str
    paths: dict[str, str]
    presentation: Any = None
    processing: Any = None
    feedbacks: list[tuple[str, Text]] = field(default_factory=list)

    def metadata(self, kind: str) -> None:
        fields = {
            "question_type": kind,
            "qmd_itemtype": GAPS if self.item.kind == "cloze" and not kind else "",
            "points_possible": f"{self.item.points}",
            "qmd_keywords": ", ".join(self.item.tags),
        }
        outer = etree.SubElement(etree.SubElement(self.element, "itemmetadata"), "qtimetadata")
        for label, entry in fields.items():
            if entry:
                one = etree.SubElement(outer, "qtimetadatafield")
                etree.SubElement(one, "fieldlabel").text = label
                etree.SubElement(one, "fieldentry").text = UNWRITABLE.sub("", entry)

    def open(self) -> None:
        """The presentation with its text, and the processing with what is always shown."""
        self.presentation = etree.SubElement(self.element, "presentation")
        for text in (self.item.stimulus, self.item.stem):
            self.material(self.presentation, text)
        self.processing = etree.Element("resprocessing")
        outcomes = etree.SubElement(self.processing, "outcomes")
        etree.SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
        if self.item.feedback.get("general"):
            self.condition([etree.Element("other")], "Yes", show="general_fb")

    def close(self) -> None:
        """What is shown for a wrong answer, and all feedback."""
        if self.item.feedback.get("wrong"):
            self.condition([etree.Element("other")], "Yes", show="general_incorrect_fb")
        if len(self.processing) > 1:
            self.element.append(self.processing)
        for ident, moment in MOMENTS.items():
            self.feedback(ident, self.item.feedback.get(moment))
        for ident, text in self.feedbacks:
            self.feedback(ident, text)
        self.nested("solution", "solutionmaterial", [self.item.feedback.get("solution") or {}])
        self.nested("hint", "hintmaterial", self.item.hints)

    def feedback(self, ident: str, text: Text | None) -> None:
        if text and say(text, self.language):
            outer = etree.SubElement(self.element, "itemfeedback", ident=ident)
            if ident == GRADER_NOTES:
                outer.set("view", "Scorer")
            self.material(etree.SubElement(outer, "flow_mat"), text)

    def nested(self, name: str, inner: str, texts: Iterable[Text]) -> None:
        texts = [text for text in texts if say(text, self.language)]
        if texts:
            outer = etree.SubElement(etree.SubElement(self.element, "itemfeedback", ident=f"{name}_fb"), name)
            for text in texts:
                self.material(etree.SubElement(etree.SubElement(outer, inner), "flow_mat"), text)

    # --- texts ---

    def material(self, parent: Any, text: Text | None, change: Callable[[str], str] = str) -> None:
        written = say(text, self.language)
        if not text or not written:
            return
        if text.get("format") == "plain" or is_bare({self.language: written}):
            self.mattext(parent, change(UNWRITABLE.sub("", written)), "text/plain")
        else:
            self.mattext(parent, change(self.markup(text)), "text/html")

    def mattext(self, parent: Any, written: str, kind: str) -> None:
        inner = etree.SubElement(etree.SubElement(parent, "material"), "mattext", texttype=kind)
        inner.text = written
        if kind == "text/plain" and ROUGH.search(written):
            inner.set(XML + "space", "preserve")

    def markup(self, text: Text) -> str:
        return rewrite(html_of(text, self.language), lambda written: self.paths.get(written.removeprefix("media:"))
                       if written.startswith("media:") else None)  # fmt: skip

    # --- responses and conditions ---

    def render(self, name: str, ident: str, prompt: Text | None = None, **attributes: str) -> Any:
        """A response with its renderer; gives the renderer."""
        response = etree.SubElement(self.presentation, name, ident=ident, **attributes)
        self.material(response, prompt)
        if name != "response_lid":
            return etree.SubElement(response, "render_fib")
        return etree.SubElement(response, "render_choice", shuffle="Yes" if self.item.shuffle else "No")

    def label(self, render: Any, ident: str, text: Text, pinned: bool = False) -> None:
        label = etree.SubElement(render, "response_label", ident=ident)
        if pinned:
            label.set("rshuffle", "No")
        self.material(label, text)

    def condition(self, tests: list[Any], goes_on: str, action: str = "", value: str = "", show: str = "") -> None:
        condition = etree.SubElement(self.processing, "respcondition", attrib={"continue": goes_on})
        etree.SubElement(condition, "conditionvar").extend(tests)
        if action:
            etree.SubElement(condition, "setvar", action=action, varname="SCORE").text = value
        if show:
            etree.SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=show)

    def own_feedback(self, ident: str, text: Text | None, test: Any) -> None:
        """Feedback of one choice or answer, shown where the test holds."""
        if text:
            self.feedbacks.append((f"{ident}_fb", text))
            self.condition([test], "Yes", show=f"{ident}_fb")

    @property
    def right(self) -> str:
        """What is shown for a right answer."""
        return "correct_fb" if self.item.feedback.get("right") else ""


def test(name: str, response: str = "", value: str = "", *inner: Any, **attributes: str) -> Any:
    element = etree.Element(name, **({"respident": response} if response else {}), **attributes)
    element.text = UNWRITABLE.sub("", value) or None
    element.extend(inner)
    return element


def equals(response: str, value: str, **attributes: str) -> Any:
    return test("varequal", response, value, **attributes)


# --- the kinds ---


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
        found if choice["fraction"] > 0 else test("not", "", "", found)
        for choice in choices
        if (found := equals(RESPONSE, choice["id"])) is not None
    ]
    sheet.condition([test("and", "", "", *tests)], "No", "Set", "100", sheet.right)


def write_text(sheet: Sheet) -> None:
    sheet.render("response_str", RESPONSE, rcardinality="Single").append(test("response_label", ident="answer1"))
    answers = [
        one for one in sheet.item.response["answers"] if one["fraction"] > 0 and not WILDCARD.search(one["text"])
    ]
    case = {"case": "Yes"} if sheet.item.scoring.get("case") else {}
    for place, answer in enumerate(answers):
        sheet.own_feedback(letters(place), answer.get("feedback"), equals(RESPONSE, plain(answer), **case))
    for fraction, run in runs(answers):
        right = sheet.right if fraction == 1 else ""
        sheet.condition([equals(RESPONSE, plain(one), **case) for one in run], "No", "Set", percent(fraction), right)


def plain(answer: Body) -> str:
    return answer["text"].replace(r"\*", "*")


def runs(answers: list[Body]) -> list[tuple[float, list[Body]]]:
    """The answers in their order, those that follow each other with the same fraction together."""
    found: list[tuple[float, list[Body]]] = []
    for answer in answers:
        if found and found[-1][0] == answer["fraction"]:
            found[-1][1].append(answer)
        else:
            found.append((answer["fraction"], [answer]))
    return found


def write_number(sheet: Sheet) -> None:
    render = sheet.render("response_str", RESPONSE, rcardinality="Single")
    render.set("fibtype", "Decimal")
    render.append(test("response_label", ident="answer1"))
    for place, answer in enumerate(sheet.item.response["answers"]):
        if answer["fraction"] <= 0 or answer["value"] == "*":
            continue
        show = sheet.right if answer["fraction"] == 1 else ""
        sheet.condition([number_test(RESPONSE, answer)], "No", "Set", percent(answer["fraction"]), show)
        if answer.get("feedback"):
            sheet.feedbacks.append((f"{letters(place)}_fb", answer["feedback"]))
            etree.SubElement(sheet.processing[-1], "displayfeedback", feedbacktype="Response",
                             linkrefid=f"{letters(place)}_fb")  # fmt: skip


def number_test(response: str, answer: Body) -> Any:
    """The value by itself, or anything within its tolerance."""
    low, high = limits(answer)
    if low == high:
        return equals(response, answer["value"])
    within = test("and", "", "", test("vargte", response, in_digits(low)), test("varlte", response, in_digits(high)))
    if answer.get("type") == "geometric":
        return within
    return test("or", "", "", equals(response, answer["value"]), within)


def limits(answer: Body) -> tuple[Decimal, Decimal]:
    value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    if answer.get("type") == "geometric":
        low, high = sorted((value / (1 + tolerance), value * (1 + tolerance)))
        return low, high
    half = abs(value) * tolerance if answer.get("type") == "relative" else tolerance
    return value - half, value + half


def write_match(sheet: Sheet) -> None:
    rows, options = sheet.item.response["rows"], sheet.item.response["options"]
    for row in rows:
        response = f"response_{row['id']}"
        render = sheet.render("response_lid", response, row["text"])
        for option in options:
            sheet.label(render, option["id"], option["text"])
        sheet.condition([equals(response, row["option"])], "Yes", "Add", f"{100 / len(rows):.2f}")
        sheet.own_feedback(row["id"], row.get("feedback"), test("not", "", "", equals(response, row["option"])))


def write_order(sheet: Sheet) -> None:
    items = sheet.item.response["items"]
    render = sheet.render("response_lid", RESPONSE, rcardinality="Ordered")
    for one in sorted(items, key=lambda one: one["id"]):
        sheet.label(render, one["id"], one["text"])
    tests = [equals(RESPONSE, one["id"], index=str(place)) for place, one in enumerate(items, 1)]
    if sheet.item.scoring.get("method") == "all-or-nothing":
        sheet.condition([test("and", "", "", *tests)], "No", "Set", "100", sheet.right)
        return
    for one in tests:
        sheet.condition([one], "Yes", "Add", percent(1 / len(items)))


def write_essay(sheet: Sheet) -> None:
    sheet.render("response_str", RESPONSE, rcardinality="Single").append(test("response_label", ident="answer1"))
    sheet.condition([etree.Element("other")], "No")
    if notes := sheet.item.response.get("grader_notes"):
        sheet.feedbacks.append((GRADER_NOTES, notes))


def write_description(sheet: Sheet) -> None:
    """Its text is all there is."""


def cloze_type(item: Item) -> str:
    """Canvas's type for the gaps; "" where it has none, so that their structure must say what they are."""
    gaps = item.response["gaps"]
    if len({gap.get("weight", 1) for gap in gaps}) > 1:
        return ""
    if all(gap["kind"] == "choice" for gap in gaps):
        return "multiple_dropdowns_question"
    simple = all(gap["kind"] == "text" and not gap.get("scoring", {}).get("case") for gap in gaps)
    whole = simple and all(one["fraction"] == 1 for gap in gaps for one in gap["answers"])
    return "fill_in_multiple_blanks_question" if whole else ""


def write_cloze(sheet: Sheet) -> None:
    gaps = {gap["id"]: gap for gap in sheet.item.response["gaps"]}
    text = sheet.item.response["text"]
    if cloze_type(sheet.item):
        sheet.material(sheet.presentation, text, lambda written: MARKER.sub(r"[\1]", written))
        for gap in gaps.values():
            write_gap(sheet, gap, f"response_{gap['id']}")
        return
    is_words = text.get("format") == "plain" or is_bare({sheet.language: say(text, sheet.language)})
    written = UNWRITABLE.sub("", say(text, sheet.language)) if is_words else sheet.markup(text)
    for place, part in enumerate(MARKER.split(written)):
        if place % 2:
            write_gap(sheet, gaps[part], part)
        elif part:
            sheet.mattext(sheet.presentation, part, "text/plain" if is_words else "text/html")


def write_gap(sheet: Sheet, gap: Body, response: str) -> None:
    """A gap's response, and what its right answer adds to the score."""
    total = sum(one.get("weight", 1) for one in sheet.item.response["gaps"])
    whole = gap.get("weight", 1) / total
    if gap["kind"] == "choice":
        named = {sheet.language: gap["id"]} if cloze_type(sheet.item) else None
        render = sheet.render("response_lid", response, named)
        for choice in gap["choices"]:
            sheet.label(render, choice["id"], choice["text"], choice.get("pinned", False))
            sheet.own_feedback(choice["id"], choice.get("feedback"), equals(response, choice["id"]))
            if choice["fraction"]:
                share = percent(whole * choice["fraction"])
                sheet.condition([equals(response, choice["id"])], "Yes", "Add", share)
    elif gap["kind"] == "number":
        sheet.render("response_num", response).append(test("response_label", ident="answer1"))
        answers = [one for one in gap["answers"] if one["fraction"] > 0 and one["value"] != "*"]
        for place, answer in enumerate(answers):
            earlier = [test("not", "", "", number_test(response, one)) for one in answers[:place]]
            share = percent(whole * answer["fraction"])
            said = f"{gap['id']}-{letters(place)}_fb" if answer.get("feedback") else ""
            sheet.condition([number_test(response, answer), *earlier], "Yes", "Add", share, said)
            if said:
                sheet.feedbacks.append((said, answer["feedback"]))
    else:
        write_text_gap(sheet, gap, response, whole)


def write_text_gap(sheet: Sheet, gap: Body, response: str, whole: float) -> None:
    answers = [one for one in gap["answers"] if one["fraction"] > 0 and not WILDCARD.search(one["text"])]
    idents = [f"{gap['id']}-{letters(place)}" for place in range(len(answers))]
    if cloze_type(sheet.item):
        render = sheet.render("response_lid", response, {sheet.language: gap["id"]})
        for ident, answer in zip(idents, answers, strict=True):
            sheet.label(render, ident, {sheet.language: plain(answer), "format": "plain"})
            sheet.own_feedback(ident, answer.get("feedback"), equals(response, ident))
            sheet.condition([equals(response, ident)], "Yes", "Add", percent(whole))
        return
    sheet.render("response_str", response, rcardinality="Single").append(test("response_label", ident="answer1"))
    case = {"case": "Yes"} if gap.get("scoring", {}).get("case") else {}
    for ident, answer in zip(idents, answers, strict=True):
        sheet.own_feedback(ident, answer.get("feedback"), equals(response, plain(answer), **case))
    for fraction, run in runs(answers):
        tests = [equals(response, plain(one), **case) for one in run]
        sheet.condition([test("or", "", "", *tests)], "Yes", "Add", percent(whole * fraction))


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
