"""The packages in which QTI travels: a zip with a manifest, or a single XML file; their media; and how one is written.

`Package` answers for one file which documents it holds and what stands behind an address in one of them. Writing
gives the same bytes for the same files.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import mimetypes
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem, Severity
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.base import FormatError
from quizapp.formats.items import Media
from quizapp.formats.text import opening
from quizapp.formats.xml import parse

MANIFEST = "imsmanifest.xml"
BASES = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILEBASE$", "$CANVAS_COURSE_REFERENCE$/file_contents/course%20files")
"""What stands for the folder of a course's files."""
FOLDERS = ("", "web_resources/", "course files/")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|/")
"""Addresses that lie outside of a package: nothing is fetched."""
DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?;base64,([A-Za-z0-9+/=\s%]+)")
NOT_IN_NAMES = re.compile(r"""[\s"'<>()\[\]:?#%&]+""")
HARMLESS_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+[\w:.-]+(?:\s+(?:SYSTEM|PUBLIC)(?:\s+(?:\"[^\"<>]*\"|'[^'<>]*')){1,2})?\s*>"
)
"""A document type without declarations of its own; nothing is loaded for it, so it can be passed over."""
REFERENCE = re.compile(r"""\b(?:src|href|data|uri|poster)\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE)
EPOCH = (1980, 1, 1, 0, 0, 0)
MAX_XML = 32 * 1024 * 1024
MAX_NODES = 1_000_000
"""Of one XML file: its elements, and its attributes twice. Each takes a hundred bytes, however short it is written."""
MAX_QUIZ_XML = 40 * 1024 * 1024
MAX_QUIZ_NODES = 3_000_000
"""The same of a file of QTI 1.2, which may hold all questions of a bank."""
QUIZ = b"<questestinterop"
MAX_ITEM_NODES = 100_000
"""The elements of one question, which are copied as its texts are read."""
MAX_UNPACKED = 128 * 1024 * 1024
MAX_MEDIUM = 48 * 1024 * 1024
MAX_PARSED = 2 * MAX_UNPACKED
"""What is parsed of one package, counting again what several questions share."""
TOO_LARGE = N_("Unpacked, the package would have %(size)s MB, which is more than this app takes. Split it.")
OPENING = 8192
"""How far into a member its kind is looked for."""
SEARCHED = 40
"""How many members are looked into to tell the format of a package whose manifest doesn't."""
MANIFEST_OPENING = 200_000
MANIFEST_END = re.compile(r"</(?:[\w.-]+:)?manifest\s*>\s*$")


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parse_document(data: bytes) -> Any:
    """The root of an XML file. The plain doctypes that old exports begin with are passed over, with their lines."""
    is_quiz = QUIZ in data[:OPENING]
    check_xml(len(data), MAX_QUIZ_XML if is_quiz else MAX_XML)
    limit = MAX_QUIZ_NODES if is_quiz else MAX_NODES
    if data.count(b"<") - data.count(b"</") + 2 * (data.count(b'="') + data.count(b"='")) > limit:
        raise FormatError(N_("The file holds more than %(limit)s elements. Split it."), limit=limit)
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


@dataclass
class Package:
    """A file as it was uploaded. `files` is {} for a single XML file. `problems` are those of its parts."""

    files: Mapping[str, bytes]
    problems: list[Problem] = field(default_factory=list)
    parsed_bytes: int = 0
    media: dict[str, bytes] = field(default_factory=dict)
    shared: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What several questions show, by name and language, as its reader keeps it."""

    @cached_property
    def by_path(self) -> dict[str, str]:
        """Names by what they are called in addresses: without regard to capitals."""
        return {name.lower(): name for name in reversed(list(self.files))}

    @cached_property
    def by_end(self) -> dict[str, str | None]:
        """Names by their last part; None where several files have it."""
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
        """The members that the manifest lists, each with the type of its resource in small letters."""
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


def is_huge(element: Any) -> bool:
    return sum(1 for _ in element.iter()) > MAX_ITEM_NODES


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


def open_package(data: bytes) -> tuple[Package, list[Document]]:
    """The package and, for a single XML file, its document. Raises FormatError."""
    if data.startswith(b"PK"):
        files = open_archive(data)
        total = sum(map(files.size, files))
        if total > MAX_UNPACKED:
            raise FormatError(TOO_LARGE, size=total // 1024 // 1024)
        return Package(files), []
    return Package({}), [Document(parse_document(data))]


def is_elsewhere(address: str) -> bool:
    """Whether an address lies outside of the package."""
    known = unquote(address).startswith(BASES)
    return not known and bool(ELSEWHERE.match(address))


@dataclass
class Shelf:
    """The media of one item as they are found: each gets a name of its own, which its texts then show."""

    package: Package
    beside: str = ""
    media: dict[str, Media] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def address(self, written: str) -> str | None:
        """`media:NAME` for an address in the package or with its data in it; None to leave it as it is."""
        written = written.strip()
        if embedded := DATA.fullmatch(written):
            return self.embedded(embedded[1] or "application/octet-stream", embedded[2])
        if not written or written.startswith("media:") or is_elsewhere(written):
            return None
        name = self.package.find(written, self.beside)
        if name is None:
            self.missing.append(written)
            return None
        try:
            data = self.package.medium(name)
        except FormatError:  # one damaged file costs no question
            self.missing.append(written)
            return None
        return f"media:{self.keep(posixpath.basename(name), data)}"

    def embedded(self, kind: str, encoded: str) -> str | None:
        try:
            data = base64.b64decode(unquote(encoded), validate=False)
        except (binascii.Error, ValueError):
            return None
        return f"media:{self.keep('embedded' + (mimetypes.guess_extension(kind) or ''), data, kind)}"

    def keep(self, name: str, data: bytes, kind: str = "") -> str:
        """The name under which the data is kept."""
        plain = NOT_IN_NAMES.sub("_", name) or "file"
        stem, suffix = posixpath.splitext(plain)
        number = 1
        while plain in self.media and self.media[plain].data != data:
            number += 1
            plain = f"{stem}-{number}{suffix}"
        self.media[plain] = Media(plain, data, kind or mimetypes.guess_type(plain)[0] or "application/octet-stream")
        return plain

    def problems(self) -> list[Problem]:
        return [
            Problem(
                N_("The file “%(name)s” that the text shows is missing in the package."),
                {"name": name},
                code="missing-media",
                severity="warning",
                text=name,
                mend=N_("Export it again with its files, or add the file by hand."),
            )
            for name in dict.fromkeys(self.missing)
        ]


def media_path(media: Media) -> str:
    """Where a written package keeps a file: by what it holds, so that equal names don't meet."""
    return f"{media.hash[:12]}/{media.name}"


def write_package(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these files, the same bytes for the same files. The first, its manifest, is stored unpacked."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for index, (name, data) in enumerate(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED if index else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            package.writestr(info, data, compresslevel=6)
    return written.getvalue()


def opening_of(data: bytes) -> str:
    """What tells the format of a file: the start of its XML, or the manifest of its package.

    Where there is no manifest, or only a part of one, how the other members begin is added.
    """
    if not data.startswith(b"PK"):
        return opening(data)
    try:
        package = Package(open_archive(data))
    except FormatError:
        return ""
    name = next((name for name in package.files if posixpath.basename(name).lower() == MANIFEST), None)
    start = package.opening(name, MANIFEST_OPENING) if name else ""
    if MANIFEST_END.search(start[-200:]) or len(start) > MANIFEST_OPENING // 2:
        return start
    members = [name for name in package.files if name.lower().endswith((".xml", ".qti", ".dat"))]
    return "\n".join([start, *(package.opening(name) for name in members[:SEARCHED])])


def source_of(element: Any, namespaces: tuple[str, ...]) -> str:
    """The source of an element, without the namespace that the whole format has."""
    copy = deepcopy(element)
    for node in copy.iter():
        if isinstance(node.tag, str) and node.tag.startswith("{") and node.tag[1:].partition("}")[0] in namespaces:
            node.tag = local(node)
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode", with_tail=False)


def media_refs(source: str, media: list[Media], folder: str) -> dict[str, bytes]:
    """The media that a source in XML shows, by the paths that they have for a file in `folder`."""
    by_name = {medium.name: medium for medium in media}
    found: dict[str, bytes] = {}
    for written in REFERENCE.findall(html.unescape(html.unescape(source))):
        path = unquote(written.strip().partition("?")[0])
        path = next((path[len(base) :] for base in BASES if path.startswith(base)), path).lstrip("/")
        medium = by_name.get(NOT_IN_NAMES.sub("_", posixpath.basename(path)))
        place = posixpath.normpath(posixpath.join(folder, path))
        if medium is not None and not is_elsewhere(written) and not place.startswith(".."):
            found[place] = medium.data
    return found
