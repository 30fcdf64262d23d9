"""The zip of a document, opened safely: bounded, not encrypted, its parts by name and by relationship."""

from __future__ import annotations

import posixpath
from typing import Any

from quizapp.errors import N_
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.base import FormatError
from quizapp.formats.documents.tree import attribute
from quizapp.formats.xml import check_nodes, parse

MAX_XML = 48 * 1024 * 1024
"""Of one part. A document of 2,000 questions has a few megabytes."""
MAX_NODES = 700_000
"""Of one part too; each is held beside the lines that it becomes."""


class Package:
    def __init__(self, data: bytes) -> None:
        self.files: Archive = open_archive(data)

    def tree(self, name: str) -> Any | None:
        """The root of a part; None if the document has none of that name."""
        if name not in self.files:
            return None
        if self.files.size(name) > MAX_XML:
            raise FormatError(
                N_("“%(name)s” in the document is larger than %(limit)s MB. Split the document."),
                name=name,
                limit=MAX_XML // 1024 // 1024,
            )
        data = self.files[name]
        check_nodes(data, MAX_NODES)
        return parse(data)

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """By id: the part or the address that is meant, and whether it lies outside of the document."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, bool]] = {}
        for one in root if root is not None else ():
            target, outside = attribute(one, "Target"), attribute(one, "TargetMode") == "External"
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[attribute(one, "Id")] = (target if outside else inside, outside)
        return found
