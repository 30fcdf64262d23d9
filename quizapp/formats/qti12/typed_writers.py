"""How typed answers and texts with gaps are written in QTI 1.2."""

from __future__ import annotations

from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.markup import is_bare, writable
from quizapp.formats.qti.ids import letters
from quizapp.formats.qti.numbers import bounds_of, in_digits
from quizapp.formats.qti12.item_writer import RESPONSE, ItemWriter, comparison, compound, equals, percent
from quizapp.formats.qti12.losses import cloze_type, shares_ids
from quizapp.kinds.base import Body, say
from quizapp.kinds.cloze import MARKER
from quizapp.kinds.text import WILDCARD


def write_text(writer: ItemWriter) -> None:
    writer.render("response_str", RESPONSE, rcardinality="Single").append(
        etree.Element("response_label", ident="answer1")
    )
    answers = [
        one for one in writer.item.response["answers"] if one["fraction"] > 0 and not WILDCARD.search(one["text"])
    ]
    case = {"case": "Yes"} if writer.item.scoring.get("case") else {}
    for place, answer in enumerate(answers):
        writer.own_feedback(letters(place), answer.get("feedback"), equals(RESPONSE, plain(answer), **case))
    for fraction, run in runs(answers):
        right = writer.right if fraction == 1 else ""
        writer.condition([equals(RESPONSE, plain(one), **case) for one in run], "No", "Set", percent(fraction), right)


def plain(answer: Body) -> str:
    return answer["text"].replace(r"\*", "*")


def runs(answers: list[Body]) -> list[tuple[float, list[Body]]]:
    """The answers in order, grouped where neighbours have the same fraction."""
    found: list[tuple[float, list[Body]]] = []
    for answer in answers:
        if found and found[-1][0] == answer["fraction"]:
            found[-1][1].append(answer)
        else:
            found.append((answer["fraction"], [answer]))
    return found


def write_number(writer: ItemWriter) -> None:
    render = writer.render("response_str", RESPONSE, rcardinality="Single")
    render.set("fibtype", "Decimal")
    render.append(etree.Element("response_label", ident="answer1"))
    for place, answer in enumerate(writer.item.response["answers"]):
        if answer["fraction"] <= 0 or answer["value"] == "*":
            continue
        show = writer.right if answer["fraction"] == 1 else ""
        writer.condition([number_test(RESPONSE, answer)], "No", "Set", percent(answer["fraction"]), show)
        if answer.get("feedback"):
            writer.feedbacks.append((f"{letters(place)}_fb", answer["feedback"]))
            etree.SubElement(writer.processing[-1], "displayfeedback", feedbacktype="Response",
                             linkrefid=f"{letters(place)}_fb")  # fmt: skip


def number_test(response: str, answer: Body) -> Any:
    """The value by itself, or anything within its tolerance."""
    low, high = bounds_of(answer)
    if low == high:
        return equals(response, answer["value"])
    within = compound(
        "and", comparison("vargte", response, in_digits(low)), comparison("varlte", response, in_digits(high))
    )
    if answer.get("type") == "geometric":
        return within
    return compound("or", equals(response, answer["value"]), within)


def write_cloze(writer: ItemWriter) -> None:
    gaps = {gap["id"]: gap for gap in writer.item.response["gaps"]}
    text = writer.item.response["text"]
    if cloze_type(writer.item):
        writer.material(writer.presentation, text, lambda written: MARKER.sub(r"[\1]", written))
        for gap in gaps.values():
            write_gap(writer, gap, f"response_{gap['id']}")
        return
    is_words = text.get("format") == "plain" or is_bare({writer.language: say(text, writer.language)})
    written = writable(say(text, writer.language)) if is_words else writer.markup(text)
    for place, part in enumerate(MARKER.split(written)):
        if place % 2:
            write_gap(writer, gaps[part], part)
        elif part:
            writer.mattext(writer.presentation, part, "text/plain" if is_words else "text/html")


def write_gap(writer: ItemWriter, gap: Body, response: str) -> None:
    """A gap's response, and what its right answer adds to the score."""
    total = sum(one.get("weight", 1) for one in writer.item.response["gaps"])
    whole = gap.get("weight", 1) / total
    if gap["kind"] == "choice":
        named = {writer.language: gap["id"]} if cloze_type(writer.item) else None
        render = writer.render("response_lid", response, named)
        for choice in gap["choices"]:
            ident = f"{gap['id']}-{choice['id']}" if shares_ids(writer.item) else choice["id"]
            writer.label(render, ident, choice["text"], choice.get("pinned", False))
            writer.own_feedback(ident, choice.get("feedback"), equals(response, ident))
            if choice["fraction"]:
                share = percent(whole * choice["fraction"])
                writer.condition([equals(response, ident)], "Yes", "Add", share)
    elif gap["kind"] == "number":
        writer.render("response_num", response).append(etree.Element("response_label", ident="answer1"))
        answers = [one for one in gap["answers"] if one["fraction"] > 0 and one["value"] != "*"]
        for place, answer in enumerate(answers):
            earlier = [compound("not", number_test(response, one)) for one in answers[:place]]
            share = percent(whole * answer["fraction"])
            said = f"{gap['id']}-{letters(place)}_fb" if answer.get("feedback") else ""
            writer.condition([number_test(response, answer), *earlier], "Yes", "Add", share, said)
            if said:
                writer.feedbacks.append((said, answer["feedback"]))
    else:
        write_text_gap(writer, gap, response, whole)


def write_text_gap(writer: ItemWriter, gap: Body, response: str, whole: float) -> None:
    answers = [one for one in gap["answers"] if one["fraction"] > 0 and not WILDCARD.search(one["text"])]
    idents = [f"{gap['id']}-{letters(place)}" for place in range(len(answers))]
    if cloze_type(writer.item):
        render = writer.render("response_lid", response, {writer.language: gap["id"]})
        for ident, answer in zip(idents, answers, strict=True):
            writer.label(render, ident, {writer.language: plain(answer), "format": "plain"})
            writer.own_feedback(ident, answer.get("feedback"), equals(response, ident))
            writer.condition([equals(response, ident)], "Yes", "Add", percent(whole))
        return
    writer.render("response_str", response, rcardinality="Single").append(
        etree.Element("response_label", ident="answer1")
    )
    case = {"case": "Yes"} if gap.get("scoring", {}).get("case") else {}
    for ident, answer in zip(idents, answers, strict=True):
        writer.own_feedback(ident, answer.get("feedback"), equals(response, plain(answer), **case))
    for fraction, run in runs(answers):
        tests = [equals(response, plain(one), **case) for one in run]
        writer.condition([compound("or", *tests)], "Yes", "Add", percent(whole * fraction))
