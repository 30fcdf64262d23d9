"""The packages of QTI: a zip with a manifest, or a single XML file.

`QtiPackage` says which documents a file holds, and which member an address in one of them means.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from quizapp.errors import N_, Problem, Severity
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.base import FormatError
from quizapp.formats.qti.addresses import BASES, ELSEWHERE, FOLDERS
from quizapp.formats.qti.documents import MAX_QUIZ_XML, OPENING, Document, check_xml, parse_document
from quizapp.formats.text import opening

MANIFEST = "imsmanifest.xml"
MAX_UNPACKED = 128 * 1024 * 1024
MAX_MEDIUM = 48 * 1024 * 1024
MAX_PARSED = 2 * MAX_UNPACKED
"""What is parsed of one package, counting again what several questions share."""
TOO_LARGE = N_("Unpacked, the package would be %(size)s MB, which is more than this app accepts. Split it.")
SEARCHED = 40
"""How many members are looked into for the format of a package whose manifest doesn't show it."""
MANIFEST_OPENING = 200_000
MANIFEST_END = re.compile(r"</(?:[\w.-]+:)?manifest\s*>\s*$")


@dataclass
class QtiPackage:
    """An uploaded file. `files` is {} for a single XML file. `problems` are those of its members."""

    files: Mapping[str, bytes]
    problems: list[Problem] = field(default_factory=list)
    parsed_bytes: int = 0
    media: dict[str, bytes] = field(default_factory=dict)
    shared: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """What several questions show, by name and language among others, as its reader keeps it."""

    @cached_property
    def by_path(self) -> dict[str, str]:
        """The members by their paths in lower case, as addresses call them."""
        return {name.lower(): name for name in reversed(list(self.files))}

    @cached_property
    def by_end(self) -> dict[str, str | None]:
        """The members by their file names; None where several share one."""
        found: dict[str, str | None] = {}
        for name in self.files:
            end = posixpath.basename(name).lower()
            found[end] = None if end in found else name
        return found

    @cached_property
    def manifest(self) -> Any:
        """The root of the manifest, None if there is none that can be read."""
        name = self.by_path.get(MANIFEST) or self.by_end.get(MANIFEST)
        document = self.document(name) if name else None
        return document.root if document else None

    @cached_property
    def types(self) -> dict[str, str]:
        """The members that the manifest lists, each with the type of its resource in lower case."""
        found: dict[str, str] = {}
        if self.manifest is None:
            return found
        for tag in ("resource", "file"):
            for node in self.manifest.iter("{*}" + tag):
                resource = node if tag == "resource" else node.getparent()
                if name := self.find(node.get("href") or ""):
                    found.setdefault(name, (resource.get("type") or "").lower())
        return found

    def opening(self, name: str, limit: int = OPENING) -> str:
        """How a member begins; "" if it can't be unpacked."""
        try:
            start = self.files.start(name, limit) if isinstance(self.files, Archive) else self.files[name]
            return opening(start, limit)
        except FormatError:
            return ""

    def parsed(self, name: str) -> Document:
        """A member as XML. Raises FormatError."""
        if isinstance(self.files, Archive):
            check_xml(self.files.size(name), MAX_QUIZ_XML)
        data = self.files[name]
        self.parsed_bytes += len(data)
        if self.parsed_bytes > MAX_PARSED:
            raise FormatError(TOO_LARGE, size=self.parsed_bytes // 1024 // 1024)
        return Document(parse_document(data), name)

    def medium(self, name: str) -> bytes:
        """The bytes of a member, held once for all the questions that show it. Raises FormatError."""
        if name not in self.media:
            if isinstance(self.files, Archive) and self.files.size(name) > MAX_MEDIUM:
                raise FormatError(TOO_LARGE, size=self.files.size(name) // 1024 // 1024)
            self.media[name] = self.files[name]
        return self.media[name]

    def document(self, name: str) -> Document | None:
        """A member as XML; None, with a warning noted, if it can't be read."""
        try:
            return self.parsed(name)
        except FormatError as error:
            self.problems.append(damaged(error, name, "warning"))
            return None

    def find(self, address: str, beside: str = "") -> str | None:
        """The member that an address in the file `beside` means."""
        for written in dict.fromkeys((address, unquote(address))):
            path = written.partition("?")[0] if written.lower() not in self.by_path else written
            path = next((path[len(base) :] for base in BASES if path.startswith(base)), path)
            if ELSEWHERE.match(path) and not path.startswith("/"):
                continue
            near = posixpath.join(posixpath.dirname(beside), path.lstrip("/"))
            for name in (near, *(folder + path.lstrip("/") for folder in FOLDERS)):
                if found := self.by_path.get(posixpath.normpath(name).lower()):
                    return found
        return self.by_end.get(posixpath.basename(unquote(address).partition("?")[0]).lower())


def damaged(error: FormatError, name: str, severity: Severity = "error") -> Problem:
    """Why a member can't be read."""
    return Problem(
        error.template,
        error.values,
        code="unreadable",
        severity=severity,
        line=error.values.get("line"),
        place=name,
        mend=N_("Export the package again, with all its items."),
    )


def open_package(data: bytes) -> tuple[QtiPackage, list[Document]]:
    """The package and, for a single XML file, its document. Raises FormatError."""
    if data.startswith(b"PK"):
        files = open_archive(data)
        total = sum(map(files.size, files))
        if total > MAX_UNPACKED:
            raise FormatError(TOO_LARGE, size=total // 1024 // 1024)
        return QtiPackage(files), []
    return QtiPackage({}), [Document(parse_document(data))]


def opening_of(data: bytes) -> str:
    """What shows the format of a file: the start of its XML, or the manifest of its package.

    Without a whole manifest, the first lines of the other members are added.
    """
    if not data.startswith(b"PK"):
        return opening(data)
    try:
        package = QtiPackage(open_archive(data))
    except FormatError:
        return ""
    name = next((name for name in package.files if posixpath.basename(name).lower() == MANIFEST), None)
    start = package.opening(name, MANIFEST_OPENING) if name else ""
    if MANIFEST_END.search(start[-200:]) or len(start) > MANIFEST_OPENING // 2:
        return start
    members = [name for name in package.files if name.lower().endswith((".xml", ".qti", ".dat"))]
    return "\n".join([start, *(package.opening(name) for name in members[:SEARCHED])])
