"""The lists of a Word document: which paragraphs are numbered, and how."""

from __future__ import annotations

from typing import Any

from quizapp.formats.documents.numbering import Level, Lists
from quizapp.formats.documents.package import Package
from quizapp.formats.documents.tree import attribute, child, children, value

MOST_BASES = 10
"""How many styles may be based one on the other."""


class WordLists:
    def __init__(self, package: Package) -> None:
        numbering, styles = package.tree("word/numbering.xml"), package.tree("word/styles.xml")
        self.lists = Lists()
        self.abstract: dict[str, str] = {}
        self.styles = {attribute(one, "styleId"): one for one in children(styles, "style")}
        for one in children(numbering, "abstractNum"):
            self.lists.levels[attribute(one, "abstractNumId")] = levels_of(one)
        for one in children(numbering, "num"):
            self.take(one)

    def take(self, num: Any) -> None:
        """A list: one that starts anew counts for itself."""
        name, base = attribute(num, "numId"), value(child(num, "abstractNumId"))
        overrides = list(children(num, "lvlOverride"))
        self.abstract[name] = base
        if overrides:
            levels = dict(self.lists.levels.get(base, {}))
            for one in overrides:
                depth = whole_number(attribute(one, "ilvl"))
                own = child(one, "lvl")
                level = level_of(own) if own is not None else levels.get(depth)
                start = value(child(one, "startOverride"))
                if level is not None:
                    levels[depth] = Level(level.form, level.text, whole_number(start, level.start))
            self.abstract[name] = f"num {name}"
            self.lists.levels[f"num {name}"] = levels

    def label(self, properties: Any | None) -> str:
        """The number before a paragraph."""
        found = self.numbered(properties)
        if found is None or found[0] == "0":
            return ""
        return self.lists.next(self.abstract.get(found[0], ""), found[1])

    def numbered(self, properties: Any | None) -> tuple[str, int] | None:
        """The list of a paragraph and its depth: its own, or that of its style."""
        style = value(child(properties, "pStyle"))
        for _ in range(MOST_BASES):
            numbering = child(properties, "numPr")
            if numbering is not None and child(numbering, "numId") is not None:
                return value(child(numbering, "numId")), whole_number(value(child(numbering, "ilvl")))
            if style not in self.styles:
                return None
            properties = child(self.styles[style], "pPr")
            style = value(child(self.styles[style], "basedOn"))
        return None


def levels_of(abstract: Any) -> dict[int, Level]:
    return {whole_number(attribute(one, "ilvl")): level_of(one) for one in children(abstract, "lvl")}


def level_of(element: Any) -> Level:
    form = value(child(element, "numFmt"), "decimal")
    return Level(form, value(child(element, "lvlText")), whole_number(value(child(element, "start")), 1))


def whole_number(written: str, otherwise: int = 0) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else otherwise
