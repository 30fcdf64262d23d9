"""What stands above a question of QTI 1.2: the passage that questions share, the texts of sections, rubrics."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import Media
from quizapp.formats.losses import loss
from quizapp.formats.markup import words_of
from quizapp.formats.qti.documents import local
from quizapp.formats.qti12.material import materials
from quizapp.formats.qti12.question import RESPONSES, Qti12Question
from quizapp.kinds.base import Text, nfc

DEFAULT_TITLES = ("", "question")
"""What Canvas calls a question that has no name."""
PARENT_IDENT = "parent_stimulus_item_ident"
LEARNERS = ("", "all", "candidate")
"""To whom a rubric has to be addressed for a learner to see it."""


@dataclass
class Passages:
    """The passages of one quiz by ident, and the texts that were made of them."""

    by_ident: dict[str, Any] = field(default_factory=dict)
    made: dict[tuple[Any, ...], Shared] = field(default_factory=dict)


@dataclass
class Shared:
    """A text that several questions show, with its media."""

    text: Text
    media: dict[str, Media]
    alts: dict[str, str]
    missing: list[str]


def passages_in(quiz: Any) -> Passages:
    """The items of a quiz to which others belong."""
    named = {node.get(PARENT_IDENT) for node in quiz.iter() if node.get(PARENT_IDENT)}
    for node in quiz.iter("{*}fieldlabel"):
        if (node.text or "").strip() == PARENT_IDENT:
            named |= {(one.text or "").strip() for one in node.itersiblings("{*}fieldentry")}
    return Passages({node.get("ident"): node for node in quiz.iter("{*}item") if node.get("ident") in named})


def is_passage(element: Any, passages: Passages) -> bool:
    """Whether an item is only shown with those that belong to it."""
    return element.get("ident") in passages.by_ident and not any(local(node) in RESPONSES for node in element.iter())


def stimulus_of(question: Qti12Question, passages: Passages, above: tuple[Any, ...], parent: str) -> Text:
    """The text above a question: of its sections, its passage, and its own rubric for learners."""
    parent = question.meta.get(PARENT_IDENT) or parent
    passage = passages.by_ident.get(parent)
    if parent and passage is None:
        question.problems.append(
            loss(N_("The passage “%(ident)s” of this question isn't in the file."), "missing-passage", ident=parent)
        )
    shared = (*above, *(() if passage is None else (passage,)))
    own = rubrics(question.element, learners=True)
    if own or not shared:
        return question.text([node for one in (*shared, *own) for node in shown_by(one)])
    return made_once(question, passages, shared)


def made_once(question: Qti12Question, passages: Passages, shared: tuple[Any, ...]) -> Text:
    """The text of what several questions show; it is made anew only where its media need other names."""
    key = (question.language, *shared)
    found = passages.made.get(key)
    taken = question.shelf.media
    if found is None or any(name in taken and taken[name].data != one.data for name, one in found.media.items()):
        shelf = replace(question.shelf, media=dict(taken), missing=[])
        inner = Qti12Question(question.element, shelf, question.language)
        text = inner.text([node for one in shared for node in shown_by(one)])
        added = {name: one for name, one in shelf.media.items() if name not in taken}
        found = passages.made[key] = Shared(text, added, inner.alts, shelf.missing)
    taken.update({name: replace(one) for name, one in found.media.items() if name not in taken})
    question.alts.update(found.alts)
    question.shelf.missing += found.missing
    return found.text


def shown_by(element: Any) -> Iterator[Any]:
    """The materials of a passage, of a section's text, or of a rubric; a passage with its title and instructions."""
    if local(element) != "item":
        yield from materials(element, ())
        return
    title = nfc(element.get("title") or "").strip()
    if title.lower() not in DEFAULT_TITLES:
        yield said(element, f"<p><strong>{html.escape(title)}</strong></p>")
    yield from instructions(element)
    for child in element:
        if local(child) == "presentation":
            yield from materials(child, RESPONSES)


def instructions(element: Any) -> Iterator[Any]:
    """What Canvas writes beside a passage as an attribute."""
    if written := nfc(element.get("instructions") or "").strip():
        yield said(element, f"<p>{html.escape(written)}</p>")


def said(element: Any, markup: str) -> Any:
    """A material with this markup."""
    material = element.makeelement("material")
    part = material.makeelement("mattext", {"texttype": "text/html"})
    part.text = markup
    material.append(part)
    return material


def rubrics(element: Any, learners: bool) -> list[Any]:
    """The rubrics of an item or section that learners see, or those for others."""
    return [
        node
        for node in element
        if local(node) == "rubric" and ((node.get("view") or "").lower() in LEARNERS) == learners
    ]


def lost_text(question: Qti12Question, element: Any) -> Problem | None:
    """A loss for an element that has a text and no place here."""
    if not (words := words_of(question.text_inside(element), question.language)):
        return None
    return Problem(
        N_("“%(name)s” is left out."),
        {"name": local(element)},
        code="left-out",
        severity="loss",
        line=element.sourceline,
        text=words,
    )
