"""A question as a page of this room shows it: as a learner would see it, with the right answer filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import get_template_attribute, url_for
from markupsafe import Markup

from quizapp.errors import Problem
from quizapp.formats.items import Item, Media
from quizapp.kinds import KINDS
from quizapp.web import controls
from quizapp.web.i18n import language


@dataclass(frozen=True)
class SolvedItem:
    """An item with its key, and with what its control needs.

    `arranged` is None for what has no answer. `suffix` keeps the ids of several on a page apart.
    """

    item: Item
    media: dict[str, str]
    suffix: str
    arranged: controls.ArrangedItem | None
    fields: controls.Fields
    state: controls.State
    solution: str


def stored_address(media: Media) -> str:
    return url_for("banks.media", media_hash=media.hash)


def solved(item: Item, seed: str, suffix: str, address: Callable[[Media], str] = stored_address) -> SolvedItem:
    """The item with its key marked. `address` says where its media are."""
    media = {one.name: address(one) for one in item.media}
    if item.kind not in KINDS:
        return SolvedItem(item, media, suffix, None, {}, controls.State(disabled=True, suffix=suffix), "")
    kind = KINDS[item.kind]
    arranged = controls.arrange(item, seed, False, media)
    solution = kind.solution(item.body, language())
    return SolvedItem(
        item=item,
        media=media,
        suffix=suffix,
        arranged=arranged,
        fields=arranged.fields(solution),
        state=replace(controls.revealed(item, arranged, solution), suffix=suffix),
        solution=kind.text(item.body, solution, language()) if solution else "",
    )


def opening_of(item: Item) -> str:
    """What pages call a question: its opening words, as plain text."""
    return Markup(get_template_attribute("macros/question.html", "opening")(item)).striptags()  # noqa: S704 -- a template


def with_opening(problem: Problem, items: Mapping[str, Item]) -> Problem:
    """A remark that names another question by its key, with what pages call that question."""
    other = problem.values.get("other", "")
    return replace(problem, values={**problem.values, "other": opening_of(items[other])}) if other in items else problem
