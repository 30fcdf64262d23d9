"""The elements of QTI 2 and 3 that we write, and how texts are put into them."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.markup import writable
from quizapp.formats.qti2.losses import IDENTIFIER
from quizapp.kinds.cloze import MARKER

NAME = re.compile(r"[A-Za-z_][\w.-]*")
OF_PAGES = re.compile(r"</?(?:html|head|body|frameset)(?![\w-])[^>]*>?", re.IGNORECASE)
"""Tags of a whole page, between which a text may stand."""
NOT_IN_IDENTIFIER = re.compile(r"[^\w.-]")


def identifier(name: str) -> str:
    """An id as QTI allows it."""
    plain = NOT_IN_IDENTIFIER.sub("_", name)
    return plain if IDENTIFIER.fullmatch(plain) else f"_{plain}"


def decimal(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".")


def new_element(name: str, *inner: Any, words: str = "", **attributes: str) -> Any:
    element = etree.Element(name, **attributes)
    element.text = words or None
    element.extend(inner)
    return element


def variable(name: str) -> Any:
    return new_element("variable", identifier=name)


def base_value(value: str, kind: str) -> Any:
    return new_element("baseValue", words=value, baseType=kind)


def set_score(value: Any) -> Any:
    return new_element("setOutcomeValue", value, identifier="SCORE")


def add_score(value: Any) -> Any:
    """The score with something added."""
    return set_score(new_element("sum", variable("SCORE"), value))


def show_feedback(name: str) -> Any:
    return new_element(
        "setOutcomeValue",
        new_element("multiple", variable("FEEDBACK"), base_value(name, "identifier")),
        identifier="FEEDBACK",
    )


def condition(test: Any, *rules: Any) -> Any:
    return new_element("responseCondition", new_element("responseIf", test, *rules))


def add_html(element: Any, markup: str) -> None:
    """Put HTML into an element as XML; what XML can't say is left out."""
    parsed = lxml.html.document_fromstring(f"<html><body>{OF_PAGES.sub('', markup)}").body
    parsed.tag = "div"
    etree.strip_tags(parsed, etree.Comment, etree.ProcessingInstruction)
    for node in parsed.iter():
        if not isinstance(node.tag, str):
            continue
        if not NAME.fullmatch(node.tag):
            node.tag = "span"
        for key in [key for key in node.attrib if not NAME.fullmatch(key)]:
            del node.attrib[key]
    copy = etree.fromstring(writable(etree.tostring(parsed, encoding="unicode", with_tail=False)))
    element.text = copy.text
    element.extend(list(copy))


def place_gaps(element: Any, gaps: dict[str, Any]) -> None:
    """Put an interaction in the place of each marker below an element."""
    for node in list(element.iter()):
        if isinstance(node.tag, str):
            place_gaps_in(node, node, "text", 0, gaps)
            parent = node.getparent()
            if node is not element and parent is not None:
                place_gaps_in(node, parent, "tail", parent.index(node) + 1, gaps)


def place_gaps_in(node: Any, parent: Any, part: str, at: int, gaps: dict[str, Any]) -> None:
    """Replace the markers in one piece of text by children of `parent`, from this place on."""
    written = getattr(node, part) or ""
    pieces = MARKER.split(written)
    if len(pieces) == 1:
        return
    setattr(node, part, pieces[0])
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        gap = gaps.get(name)
        if gap is None:
            gap = new_element("span", words=f"{{{{{name}}}}}")
        gap.tail = after
        parent.insert(at, gap)
        at += 1


def boolean(flag: bool) -> str:
    return str(flag).lower()
