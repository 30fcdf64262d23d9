"""XML -> a tree, safely: no doctype, no entities, no network, bounded depth and size.

Texts come in NFC, comments and processing instructions are gone, and each element's `sourceline` is its line.
"""

from __future__ import annotations

import re

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_
from quizapp.formats.base import FormatError
from quizapp.formats.text import check_size, decode
from quizapp.kinds.base import nfc

MAX_DEPTH = 100
MAX_NODES = 1_000_000
"""Elements, and attributes twice; each takes a hundred bytes or two, however short it is written."""
ATTRIBUTE = re.compile(rb"=[\s\0]*+[\"']")
"""A file in UTF-16 has a NUL between the two."""
TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")

DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
SINGLE_BYTE = {"iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso-8859-15"}
"""Declared encodings that `decode` could take for CP949; what it finds by itself is surer than a declaration."""

DOCTYPE = re.compile(r"(?:\s++|(?><\?.*?\?>)|(?><!--.*?-->))*+<!DOCTYPE", re.DOTALL | re.IGNORECASE)


def check_nodes(data: bytes, limit: int = MAX_NODES) -> None:
    if data.count(b"<") - data.count(b"</") + 2 * sum(1 for _ in ATTRIBUTE.finditer(data)) > limit:
        raise FormatError(N_("The file holds more than %(limit)s elements. Split it."), limit=limit)


def parse(data: bytes) -> etree._Element:
    """The root element. Raises FormatError (with `values["line"]` where there is one) for anything unsafe or broken."""
    source = source_text(data)
    if doctype := DOCTYPE.match(source):
        raise FormatError(
            N_("Line %(line)s has a document type declaration, which may hide other files. Remove it."),
            line=source.count("\n", 0, doctype.end()) + 1,
        )
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    encoded = source.encode()
    del source  # beside the tree one form of the text is enough
    try:
        root = etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            N_("This is not well-formed XML. Line %(line)s: %(what)s"),
            line=error.lineno or 1,
            what=(error.msg or "").partition(", line ")[0],
        ) from None
    if TOO_DEEP(root.getroottree()):
        raise FormatError(
            N_("The XML is nested more than %(limit)s levels deep; no question file needs that."), limit=MAX_DEPTH
        )
    return root


def source_text(data: bytes) -> str:
    """The characters of the file, without a byte order mark."""
    declared = DECLARATION.match(data)
    encoding = SINGLE_BYTE.get(declared[1].decode().lower()) if declared else None
    if encoding is None:
        return decode(data)[0]
    check_size(data)
    return nfc(data.decode(encoding, errors="replace"))
