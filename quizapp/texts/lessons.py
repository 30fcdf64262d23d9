"""A lesson's Markdown: its HTML with anchors, its directives, its headings, and the words of each passage.

Ids survive here only: they are what citations point at.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token
from markdown_it.utils import EnvType

from quizapp.errors import Problem
from quizapp.kinds.base import nfc
from quizapp.texts.directives import Directive, directives_in
from quizapp.texts.markdown import LESSON
from quizapp.texts.markup import ATTRIBUTES, BLOCK, INLINE, clean

HEADINGS = {"h2", "h3", "h4"}
LESSON_TAGS = BLOCK | HEADINGS | {"button"}
LESSON_ATTRIBUTES = ATTRIBUTES | {
    "*": {"lang", "id"},
    "div": {"class", "tabindex"},
    "td": ATTRIBUTES["td"] | {"data-label"},
    "button": {"class", "popovertarget"},
    "span": {"class", "popover"},
}
TAG = re.compile("<[^<>]*+>")
SAID = {"text", "code_inline", "math_inline"}
"""The parts of a line that are words."""


@dataclass(frozen=True)
class Heading:
    """A section's heading: its place in the table of contents."""

    anchor: str
    title: str
    level: int


@dataclass(frozen=True)
class Part:
    """A stretch of a lesson: `html` alone, or a directive, of which `html` is the text form.

    `steps` are the items of a list as HTML, `anchor` is what a citation calls the part.
    """

    html: str
    directive: Directive | None = None
    anchor: str = ""
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LessonPage:
    """A lesson's body in one language, ready for the page."""

    parts: tuple[Part, ...]
    headings: tuple[Heading, ...]
    passages: Mapping[str, str]

    @property
    def html(self) -> str:
        """All of it as text."""
        return "".join(part.html for part in self.parts)

    @property
    def text(self) -> str:
        """Its words."""
        return html.unescape(TAG.sub(" ", self.html))

    @property
    def directives(self) -> list[Directive]:
        return [part.directive for part in self.parts if part.directive]

    def quote(self, anchor: str) -> str:
        """The hash that a citation keeps of the passage: it tells later whether the passage has changed."""
        return quote_hash(self.passages[anchor])


@lru_cache(maxsize=4096)
def quote_hash(passage: str) -> str:
    return hashlib.sha256(nfc(" ".join(passage.split())).encode()).hexdigest()


@lru_cache(maxsize=256)
def lesson_page(source: str) -> LessonPage:
    """A lesson: its parts with anchors, its headings, and the text of each passage by anchor."""
    tokens = LESSON.parse(source)
    headings = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            anchor = str(token.attrGet("id") or f"section-{len(headings) + 1}")
            token.attrSet("id", anchor)
            headings.append(Heading(anchor, plain(tokens[index + 1]), int(token.tag[1])))
    return LessonPage(tuple(parts_of(tokens)), tuple(headings), dict(passages_in(tokens)))


def parts_of(tokens: list[Token]) -> Iterator[Part]:
    """The directives, and the HTML of what stands between them. A directive within a list or a quote is its text."""
    env: EnvType = {}
    run: list[Token] = []
    for token in tokens:
        if token.type != "directive":
            run.append(token)
        elif token.level:
            run += LESSON.parse(token.content)
        else:
            yield from [Part(lesson_markup(run, env))] if run else []
            yield directive_part(token, env)
            run = []
    yield from [Part(lesson_markup(run, env))] if run else []


def directive_part(token: Token, env: EnvType) -> Part:
    found: Directive = token.meta["directive"]
    source = found.source if found.chart is None else "\n".join(f"- {line}" for line in said_in(found))
    steps = tuple(
        (clean(LESSON.renderInline(one.head, env), INLINE | {"button"}, LESSON_ATTRIBUTES), as_lesson(one.rest, env))
        for one in found.steps
    )
    return Part(as_lesson(source, env), found, str(token.attrGet("id") or ""), steps)


def as_lesson(source: str, env: EnvType) -> str:
    return lesson_markup(LESSON.parse(source), env)


def lesson_markup(tokens: list[Token], env: EnvType) -> str:
    """Tokens as safe HTML; tables can be scrolled, and their cells know the heading of their column."""
    columns: list[str] = []
    place = 0
    for index, token in enumerate(tokens):
        if token.type == "thead_open":
            columns = []
        elif token.type == "th_open":
            columns.append(plain(tokens[index + 1]))
        elif token.type == "tr_open":
            place = 0
        elif token.type == "td_open":
            token.attrSet("data-label", columns[place])
            place += 1
    markup = LESSON.renderer.render(tokens, LESSON.options, env)
    scrollable = markup.replace("<table", '<div class="table-scroll" tabindex="0"><table').replace(
        "</table>", "</table></div>"
    )
    return clean(scrollable, LESSON_TAGS, LESSON_ATTRIBUTES)


def passages_in(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Each anchor with the words of its block, in order; anchors within a directive too."""
    for index, token in enumerate(tokens):
        anchor = str(token.attrGet("id") or "")
        if token.type == "directive":
            if anchor:
                yield anchor, " ".join(said_in(token.meta["directive"]))
            yield from passages_in(LESSON.parse(token.content))
        elif token.nesting == 1 and anchor:
            yield anchor, passage_text(tokens, index)


def passage_text(tokens: list[Token], start: int) -> str:
    """The plain text of the block that opens at `start`."""
    depth, parts = 0, []
    for place in range(start, len(tokens)):
        token = tokens[place]
        depth += token.nesting
        if token.type == "inline":
            parts.append(plain(token))
        elif token.type in ("fence", "code_block", "math_block"):
            parts.append(token.content)
        if depth == 0:
            break
    return " ".join(parts)


def said_in(directive: Directive) -> list[str]:
    """What a directive says, in lines of plain text."""
    if directive.chart:
        about = [f"{box.name}: {box.about}" for box in directive.chart.boxes if box.about]
        links = [f"{one.above} → {one.below}{f': {one.label}' if one.label else ''}" for one in directive.chart.links]
        return [*links, *about]
    if directive.steps:
        return [": ".join(filter(None, (words_of(one.head), words_of(one.rest)))) for one in directive.steps]
    return [words_of(directive.source)]


def words_of(source: str) -> str:
    return " ".join(plain(token) for token in LESSON.parse(source) if token.type == "inline")


def plain(token: Token) -> str:
    return "".join(
        child.content if child.type in SAID else " " if child.type == "softbreak" else ""
        for child in token.children or []
    )


def anchors(source: str) -> list[str]:
    """Every anchor of a lesson in order, with repeats: for the check of duplicates."""
    return [anchor for anchor, _ in passages_in(LESSON.parse(source))]


def directive_problems(source: str) -> list[Problem]:
    """What is wrong with a lesson's directives, each with its line."""
    return [problem for found in directives_in(LESSON.parse(source)) for problem in found.problems]
