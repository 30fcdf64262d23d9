"""The XML files of QTI: parsing within bounds, and the source of elements that are kept unchanged."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_
from quizapp.formats.base import FormatError
from quizapp.formats.xml import MAX_NODES, check_nodes, parse

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

HARMLESS_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+[\w:.-]+(?:\s+(?:SYSTEM|PUBLIC)(?:\s+(?:\"[^\"<>]*\"|'[^'<>]*')){1,2})?\s*>"
)
"""A document type without declarations of its own; nothing is loaded for it, so it can be passed over."""
MAX_XML = 32 * 1024 * 1024
MAX_QUIZ_XML = 40 * 1024 * 1024
MAX_QUIZ_NODES = 1_000_000
"""The same for a file of QTI 1.2, which may hold all questions of a bank."""
QUIZ = b"<questestinterop"
MAX_ITEM_NODES = 100_000
"""The elements of one question, which are copied as its texts are read."""
OPENING = 8192
"""How far into a file its kind is looked for."""


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parse_document(data: bytes) -> Any:
    """The root of an XML file. The plain doctypes that old exports begin with are passed over, with their lines."""
    is_quiz = QUIZ in data[:OPENING]
    check_xml(len(data), MAX_QUIZ_XML if is_quiz else MAX_XML)
    check_nodes(data, MAX_QUIZ_NODES if is_quiz else MAX_NODES)
    head = data[:2000]
    if found := HARMLESS_DOCTYPE.search(head):
        blank = b"\n" * found[0].count(b"\n")
        data = data[: found.start()] + blank + data[found.end() :]
    return parse(data)


def check_xml(size: int, limit: int) -> None:
    if size > limit:
        raise FormatError(
            N_("The file is larger than %(limit)s MB. Split it into smaller ones."), limit=limit // 1024 // 1024
        )


@dataclass
class Document:
    """One XML file: its root, and its name in the package ("" for a file by itself)."""

    root: Any
    name: str = ""


def is_huge(element: Any) -> bool:
    return sum(1 for _ in element.iter()) > MAX_ITEM_NODES


def source_of(element: Any, namespaces: tuple[str, ...]) -> str:
    """The source of an element, without the namespace that the whole format has."""
    copy = deepcopy(element)
    for node in copy.iter():
        if isinstance(node.tag, str) and node.tag.startswith("{") and node.tag[1:].partition("}")[0] in namespaces:
            node.tag = local(node)
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode", with_tail=False)
