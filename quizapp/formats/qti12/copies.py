"""The quizzes and banks of a package of QTI 1.2, each once.

A Common Cartridge from Canvas holds each quiz twice: reduced to what the cartridge allows, and whole in the
folder `non_cc_assessments`; the whole one is read, and of the other what it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from quizapp.formats.qti.documents import Document, local

WHOLE_QUIZZES = "non_cc_assessments"


@dataclass(frozen=True)
class Quiz:
    """Where a quiz or bank is: its file, its place in the file, its ident, and the idents of its items.

    Those in `passed_over` are read elsewhere.
    """

    name: str
    place: int
    ident: str
    items: frozenset[str] = frozenset()
    passed_over: frozenset[str] = frozenset()


def quizzes_in(document: Document) -> list[Quiz]:
    if local(document.root) != "questestinterop":
        return []
    return [
        Quiz(document.name, place, quiz.get("ident") or "", frozenset(map(ident_of, quiz.iter("{*}item"))))
        for place, quiz in enumerate(quizzes_of(document.root))
    ]


def ident_of(element: Any) -> str:
    return element.get("ident") or ""


def quizzes_of(root: Any) -> list[Any]:
    """The assessments and banks of a document; the document itself if its items stand in none."""
    found = [child for child in root if local(child) in ("assessment", "objectbank")]
    loose = any(local(child) in ("item", "section") for child in root)
    return [*found, root] if loose else found


def without_reduced_copies(quizzes: list[Quiz]) -> list[Quiz]:
    """The quizzes, without what a reduced copy shares with the whole one of the same ident."""
    whole: dict[str, frozenset[str]] = {}
    first: dict[str, int] = {}
    for at, quiz in enumerate(quizzes):
        first.setdefault(quiz.ident or f"#{at}", at)
        if WHOLE_QUIZZES in quiz.name and quiz.ident:
            whole[quiz.ident] = whole.get(quiz.ident, frozenset()) | quiz.items
    kept: list[tuple[int, Quiz]] = []
    for at, quiz in enumerate(quizzes):
        of_whole = whole.get(quiz.ident, frozenset()) if WHOLE_QUIZZES not in quiz.name else frozenset()
        if quiz.items - of_whole or quiz.ident not in whole or WHOLE_QUIZZES in quiz.name:
            kept.append((first[quiz.ident or f"#{at}"], replace(quiz, passed_over=of_whole)))
    return [quiz for _, quiz in sorted(kept, key=lambda one: one[0])]
