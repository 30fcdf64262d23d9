"""Typed answers and texts with gaps as QTI 1.2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.markup import UNWRITABLE, is_bare
from quizapp.formats.qti12.answers import in_digits
from quizapp.formats.qti12.item_writer import RESPONSE, Sheet, compare, equals, every, percent
from quizapp.formats.qti12.losses import cloze_type, shares_ids
from quizapp.formats.qti12.source import letters
from quizapp.kinds.base import Body, say
from quizapp.kinds.cloze import MARKER
from quizapp.kinds.text import WILDCARD


def write_text(sheet: Sheet) -> None:
    sheet.render("response_str", RESPONSE, rcardinality="Single").append(
        etree.Element("response_label", ident="answer1")
    )
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
    render.append(etree.Element("response_label", ident="answer1"))
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
    within = every("and", compare("vargte", response, in_digits(low)), compare("varlte", response, in_digits(high)))
    if answer.get("type") == "geometric":
        return within
    return every("or", equals(response, answer["value"]), within)


def limits(answer: Body) -> tuple[Decimal, Decimal]:
    value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    if answer.get("type") == "geometric":
        low, high = sorted((value / (1 + tolerance), value * (1 + tolerance)))
        return low, high
    half = abs(value) * tolerance if answer.get("type") == "relative" else tolerance
    return value - half, value + half


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
            ident = f"{gap['id']}-{choice['id']}" if shares_ids(sheet.item) else choice["id"]
            sheet.label(render, ident, choice["text"], choice.get("pinned", False))
            sheet.own_feedback(ident, choice.get("feedback"), equals(response, ident))
            if choice["fraction"]:
                share = percent(whole * choice["fraction"])
                sheet.condition([equals(response, ident)], "Yes", "Add", share)
    elif gap["kind"] == "number":
        sheet.render("response_num", response).append(etree.Element("response_label", ident="answer1"))
        answers = [one for one in gap["answers"] if one["fraction"] > 0 and one["value"] != "*"]
        for place, answer in enumerate(answers):
            earlier = [every("not", number_test(response, one)) for one in answers[:place]]
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
    sheet.render("response_str", response, rcardinality="Single").append(
        etree.Element("response_label", ident="answer1")
    )
    case = {"case": "Yes"} if gap.get("scoring", {}).get("case") else {}
    for ident, answer in zip(idents, answers, strict=True):
        sheet.own_feedback(ident, answer.get("feedback"), equals(response, plain(answer), **case))
    for fraction, run in runs(answers):
        tests = [equals(response, plain(one), **case) for one in run]
        sheet.condition([every("or", *tests)], "Yes", "Add", percent(whole * fraction))
