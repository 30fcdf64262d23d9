"""Reading one question of Moodle XML, by its type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from string import ascii_lowercase
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats._moodle_cloze import read_cloze
from quizapp.formats._moodle_kept import keep
from quizapp.formats._moodle_select import read_select
from quizapp.formats._moodle_text import MEDIA, Files, media_name, text_of
from quizapp.formats._plain import loss
from quizapp.formats._qti_text import text_from_html, text_from_plain
from quizapp.formats.items import Item
from quizapp.formats.schema import texts
from quizapp.kinds import KINDS
from quizapp.kinds.base import Text, nfc

GRADING = {
    "ALL_OR_NOTHING": "all-or-nothing",
    "ABSOLUTE_POSITION": "absolute",
    "RELATIVE_NEXT_EXCLUDE_LAST": "next-exclude-last",
    "RELATIVE_NEXT_INCLUDE_LAST": "next-include-last",
    "RELATIVE_ONE_PREVIOUS_AND_NEXT": "previous-and-next",
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": "all-previous-and-next",
    "LONGEST_ORDERED_SUBSET": "longest-ordered",
    "LONGEST_CONTIGUOUS_SUBSET": "longest-contiguous",
    "RELATIVE_TO_CORRECT": "relative",
}
MOMENTS = {"correctfeedback": "right", "partiallycorrectfeedback": "partial", "incorrectfeedback": "wrong"}
COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
NUMBERED: dict[str, str] = dict(zip(("-1", "0", "1", "2", "3", "4", "5", "6", "7"), GRADING.values(), strict=True))
"""The same as early versions of the plugin wrote them."""


@dataclass
class Question:
    """One `<question>` while it is read."""

    element: Any
    language: str
    item: Item = field(default_factory=Item)
    files: Files = field(default_factory=Files)
    problems: list[Problem] = field(default_factory=list)

    def text(self, element: Any) -> Text:
        """A text; one without a format has that of the question, as Moodle takes it."""
        stem = self.element.find("questiontext")
        return text_of(element, self.language, self.files, "html" if stem is None else stem.get("format", "html"))

    def setting(self, name: str, default: str = "") -> str:
        return nfc(self.element.findtext(name) or default).strip()

    def is_on(self, name: str, default: str) -> bool:
        return self.setting(name, default).lower() in ("1", "true")

    def with_feedback(self, answer: Any) -> dict[str, Text]:
        feedback = self.text(answer.find("feedback"))
        return {"feedback": feedback} if feedback else {}

    def fraction(self, answer: Any) -> float:
        value = finite(answer.get("fraction", "0"))
        if value is None:
            self.problems.append(
                Problem(
                    N_("“%(fraction)s” is no fraction in percent."),
                    {"fraction": answer.get("fraction", "")[:50]},
                    code="fraction",
                    line=answer.sourceline,
                )
            )
            return 0
        value = round(value / 100, 7)
        return int(value) if value == int(value) else value

    def answers(self) -> list[Any]:
        """The answers without those that were left blank, as Moodle itself passes over them."""
        listed = self.element.findall("answer")
        if self.element.get("type") == "numerical":
            blank = [one for one in listed if not (one.findtext("text") or "").strip()]
        else:
            blank = [one for one in listed if not self.text(one)]
        blank = [one for one in blank if not self.fraction(one)]
        if blank:
            self.problems.append(loss(N_("%(count)s blank answers are left out."), "blank", count=len(blank)))
        return [one for one in listed if one not in blank]

    def decimal(self, written: str, answer: Any) -> str:
        """A number, with a decimal comma told and mended."""
        written = written.strip()
        if not COMMA.fullmatch(written):
            return written
        value = written.replace(",", ".")
        self.problems.append(
            Problem(N_("“%(words)s” was read as %(value)s."), {"words": written, "value": value}, code="comma",
                    severity="warning", line=answer.sourceline, mend=N_("Write the decimal point as a point."))
        )  # fmt: skip
        return value

    def number(self, name: str, default: float) -> float:
        value = finite(self.setting(name, str(default)))
        return default if value is None else value


def finite(written: str) -> float | None:
    """A number as Moodle writes it; None for anything else."""
    try:
        value = float(written)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def read_question(element: Any, language: str, category: list[str]) -> Question:
    """The question as an item; an unknown type becomes opaque, with its source."""
    question = Question(element, language)
    item = question.item
    kind = element.get("type", "")
    reader = READERS.get(kind)
    if reader is None or not reader(question):
        item.kind, item.response, item.scoring = "opaque", {}, {}
        item.provenance["original"] = etree.tostring(element, encoding="unicode", with_tail=False)
        question.problems.append(
            loss(
                N_("A question of the type “%(type)s” is kept as it is; it can't be played here."), "opaque", type=kind
            )
        )
    read_common(question, category)
    return question


def read_common(question: Question, category: list[str]) -> None:
    """What every type has."""
    item, element = question.item, question.element
    item.category = list(category)
    name = nfc(element.findtext("name/text") or "").strip()
    item.title = {question.language: name} if name else {}
    item.id = question.setting("idnumber")
    if item.kind != "cloze":
        item.stem = question.text(element.find("questiontext"))
        legacy_image(question)
    points = question.number("defaultgrade", 1)
    if points <= 0:
        question.problems.append(
            loss(N_("The question is worth %(points)s points there; here it is worth 1."), "points", points=points)
        )
        points = 1
    item.points = int(points) if points == int(points) else points
    tags = [nfc(tag.text or "").strip() for tag in (*element.iterfind("tags/tag/text"),
                                                    *element.iterfind("coursetags/tag/text"))]  # fmt: skip
    item.tags = list(dict.fromkeys(tag for tag in tags if tag))
    item.hints = [hint for hint in map(question.text, element.findall("hint")) if hint]
    general = question.text(element.find("generalfeedback"))
    if general:
        item.feedback["general"] = general
    for tag, moment in MOMENTS.items():
        if text := question.text(element.find(tag)):
            item.feedback[moment] = text
    if element.find("shuffleanswers") is not None:
        item.shuffle = question.is_on("shuffleanswers", "1")
    if question.is_on("hidden", "0"):
        item.status = "draft"
    if item.kind != "opaque":
        question.problems += keep(item, element)
    item.media = question.files.media
    shown = {name for _, text in texts(item.to_json()) for part in text.values() for name in MEDIA.findall(part)}
    for name in sorted(shown - {media.name for media in item.media}):
        question.problems.append(
            loss(N_("The file “%(name)s” that the text shows is missing."), "missing-media", name=name)
        )
    question.problems += question.files.problems


def legacy_image(question: Question) -> None:
    """Moodle 1.9 wrote one image beside the question."""
    name = media_name(question.setting("image"))
    if name:
        if data := question.setting("image_base64"):
            question.files.add(name, data, question.element.sourceline)
        stem = question.item.stem.get(question.language, "")
        question.item.stem = {question.language: f'{stem}<p><img src="media:{name}" alt=""></p>', "format": "html"}


def multichoice(question: Question) -> bool:
    choices = [
        {"id": option(n), "text": question.text(answer), "fraction": question.fraction(answer),
         **question.with_feedback(answer)}
        for n, answer in enumerate(question.answers())
    ]  # fmt: skip
    several = not question.is_on("single", "true")
    question.item.kind, question.item.response = ("multiple" if several else "choice"), {"choices": choices}
    if several:
        question.item.scoring = {"method": "sum"}
    return True


def option(n: int) -> str:
    return ascii_lowercase[n % 26] + (str(n // 26) if n >= 26 else "")


def truefalse(question: Question) -> bool:
    both = question.element.findall("answer")
    answers = {(one.findtext("text") or "").strip().lower(): one for one in both}
    if set(answers) != {"true", "false"}:
        if len(both) != 2:
            return False
        answers = {"true": both[0], "false": both[1]}  # as early versions wrote them, in any language
    feedback = {name: text for name in ("true", "false") if (text := question.text(answers[name].find("feedback")))}
    question.item.kind = "truefalse"
    question.item.response = {
        "answer": question.fraction(answers["true"]) > 0,
        **({"feedback": feedback} if feedback else {}),
    }
    return True


def shortanswer(question: Question) -> bool:
    question.item.kind = "text"
    question.item.response = {
        "answers": [
            {
                "text": nfc(one.findtext("text") or "").strip(),
                "fraction": question.fraction(one),
                **question.with_feedback(one),
            }
            for one in question.answers()
        ]
    }
    question.item.scoring = {"case": True} if question.is_on("usecase", "0") else {}
    return True


def numerical(question: Question) -> bool:
    answers = []
    for one in question.answers():
        tolerance = question.decimal(one.findtext("tolerance") or "0", one)
        value = question.decimal(one.findtext("text") or "", one)
        answers.append(
            {
                "value": value,
                **({"tolerance": tolerance} if is_positive(tolerance) else {}),
                "fraction": question.fraction(one),
                **question.with_feedback(one),
            }
        )
    units = [
        {"name": nfc(unit.findtext("unit_name") or "").strip(), "factor": inverse(unit.findtext("multiplier") or "1")}
        for unit in question.element.findall("units/unit")
    ]
    question.item.kind, question.item.response = "number", {"answers": answers, **({"units": units} if units else {})}
    graded = {"1": "response", "2": "question"}.get(question.setting("unitgradingtype"))
    if graded and units:
        penalty = question.number("unitpenalty", 0.1)
        question.item.scoring = {"unit_penalty": penalty, "unit_penalty_of": graded}
    return True


def is_positive(written: str) -> bool:
    try:
        return Decimal(written) > 0
    except InvalidOperation:
        return bool(written)


def inverse(written: str) -> str:
    """Moodle's multiplier turns the answer into the unit; our factor turns the unit into the answer."""
    try:
        multiplier = Decimal(written.strip())
    except InvalidOperation:
        return written.strip()
    if not multiplier.is_finite() or not multiplier or abs(multiplier.adjusted()) > 100:
        return written.strip()
    text = f"{1 / multiplier:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def matching(question: Question) -> bool:
    rows: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    for pair in question.element.findall("subquestion"):
        answer = text_from_plain(pair.findtext("answer/text") or "", question.language)
        if not answer:
            continue
        known = next((one["id"] for one in options if one["text"] == answer), None)
        if known is None:
            known = f"o{len(options) + 1}"
            options.append({"id": known, "text": answer})
        if row := question.text(pair):
            rows.append({"id": f"r{len(rows) + 1}", "text": row, "option": known})
    question.item.kind, question.item.response = "match", {"rows": rows, "options": options}
    return True


def essay(question: Question) -> bool:
    response: dict[str, Any] = {}
    for name, key in (("minwordlimit", "min_words"), ("maxwordlimit", "max_words")):
        limit = question.setting(name)
        if limit.isascii() and limit.isdigit() and len(limit) < 7 and int(limit):
            response[key] = int(limit)
    for name, key in (("responsetemplate", "template"), ("graderinfo", "grader_notes")):
        if text := question.text(question.element.find(name)):
            response[key] = text
    question.item.kind, question.item.response = "essay", response
    return True


def description(question: Question) -> bool:
    question.item.kind = "description"
    return True


def ordering(question: Question) -> bool:
    grading = question.setting("gradingtype", "RELATIVE_TO_CORRECT").upper()
    method = GRADING.get(grading) or NUMBERED.get(grading)
    if method is None or question.setting("selecttype", "ALL").upper() not in ("ALL", "0"):
        return False
    steps = sorted(question.answers(), key=lambda one: finite(one.get("fraction", "")) or 0)
    items = [{"id": option(n), "text": question.text(one)} for n, one in enumerate(steps)]
    question.item.kind, question.item.response = "order", {"items": items}
    question.item.scoring = {"method": method}
    return True


def cloze(question: Question) -> bool:
    text = question.text(question.element.find("questiontext"))
    found = read_cloze(text.get(question.language, ""), question.language)
    return found is not None and with_gaps(question, text, *found)


def gapselect(question: Question) -> bool:
    text = question.text(question.element.find("questiontext"))
    found = read_select(question.element, text.get(question.language, ""), question.language)
    if found is None or not with_gaps(question, text, *found):
        return False
    question.problems.append(
        loss(N_("A question of the type “%(type)s” becomes a text with gaps to choose for, and goes back as a cloze."),
             "as-cloze", type=question.element.get("type"))
    )  # fmt: skip
    return True


def with_gaps(question: Question, text: Text, marked: str, gaps: list[dict[str, Any]]) -> bool:
    """Make the question a cloze, and say whether it can be one."""
    form = {"format": text["format"]} if "format" in text else {}
    whole = {question.language: marked, **form}
    if form.get("format") == "html":
        whole = text_from_html(marked, question.language)
    elif form.get("format") == "plain":
        whole = text_from_plain(marked, question.language)
    question.item.kind, question.item.response = "cloze", {"text": whole, "gaps": gaps}
    return not KINDS["cloze"].check(question.item.body)


READERS: dict[str, Callable[[Question], bool]] = {
    "multichoice": multichoice,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": matching,
    "match": matching,
    "essay": essay,
    "description": description,
    "ordering": ordering,
    "cloze": cloze,
    "multianswer": cloze,
    "gapselect": gapselect,
    "ddwtos": gapselect,
}
