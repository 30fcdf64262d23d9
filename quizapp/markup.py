"""Markdown and HTML by authors -> safe HTML, and the passages of a lesson.

Everything an author wrote passes nh3, whatever its format. Ids survive in lessons only (they are what citations
point at), so that a question's text can't collide with the page around it.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.attrs import attrs_block_plugin

from quizapp.kinds.base import Text, nfc, say

INLINE = {"a", "abbr", "b", "br", "code", "del", "em", "i", "img", "kbd", "mark", "s", "small", "span", "strong",
          "sub", "sup", "u", "ruby", "rt", "rp"}  # fmt: skip
BLOCK = INLINE | {"blockquote", "dd", "dl", "div", "dt", "figure", "figcaption", "hr", "li", "ol", "p", "pre", "table",
                  "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}  # fmt: skip
HEADINGS = {"h2", "h3", "h4"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "*": {"lang"},
}
LESSON_ATTRIBUTES = ATTRIBUTES | {"*": {"lang", "id"}, "div": {"class", "tabindex"}}

CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]"
)


class KoreanInline(StateInline):
    """CommonMark asks for a space or punctuation beside `**`; Korean particles follow a word without one.

    A Korean, Chinese or Japanese neighbour therefore counts as white space: `**강조(強調)**는` is bold.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        opens, closes = scanned.can_open, scanned.can_close
        if CJK.match(before) and not after.isspace():
            opens = True
        if CJK.match(after) and not before.isspace():
            closes = True
        return Scanned(opens, closes, scanned.length)


class KoreanParser(ParserInline):
    """The inline parser with our rule of emphasis; markdown-it has no setting for it."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = KoreanInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True})
    korean = KoreanParser()
    korean.ruler.enableOnly(markdown.get_active_rules()["inline"])
    korean.ruler2.enableOnly(markdown.get_active_rules()["inline2"])
    markdown.inline = korean
    return markdown.enable(["table", "strikethrough"])


MARKDOWN = parser()
LESSON = parser().use(attrs_block_plugin)


def clean(markup: str, tags: set[str], attributes: Mapping[str, set[str]] = ATTRIBUTES) -> str:
    """The markup with nothing left that could run, load from elsewhere, or restyle the page."""
    return nh3.clean(
        markup,
        tags=tags,
        attributes=dict(attributes),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


@lru_cache(maxsize=4096)
def render(source: str, form: str = "markdown", inline: bool = False) -> str:
    """Safe HTML of a text in one language. `form` is markdown, html or plain; `inline` makes no paragraphs."""
    if form == "plain":
        return html.escape(source).replace("\n", "<br>\n")
    if form == "html":
        return clean(source, INLINE if inline else BLOCK)
    return clean(MARKDOWN.renderInline(source) if inline else MARKDOWN.render(source), INLINE if inline else BLOCK)


def render_text(text: Text | None, language: str, inline: bool = False, media: Mapping[str, str] | None = None) -> str:
    """Safe HTML of a text in `language` (or in what it has). `media` maps the names in `media:NAME` to addresses."""
    if not text:
        return ""
    source = say(text, language)
    for name, address in (media or {}).items():
        source = source.replace(f"media:{name}", address)
    return render(source, text.get("format", "markdown"), inline)


@dataclass(frozen=True)
class Heading:
    """A section's heading: its place in the table of contents."""

    anchor: str
    title: str
    level: int


@dataclass(frozen=True)
class LessonPage:
    """A lesson's body in one language, ready for the page."""

    html: str
    headings: tuple[Heading, ...]
    passages: Mapping[str, str]

    def quote(self, anchor: str) -> str:
        """The hash that a citation keeps of the passage: it tells later whether the passage has changed."""
        return quote_hash(self.passages[anchor])


def quote_hash(passage: str) -> str:
    return hashlib.sha256(nfc(" ".join(passage.split())).encode()).hexdigest()


@lru_cache(maxsize=256)
def lesson_page(source: str) -> LessonPage:
    """A lesson: its HTML with anchors, its headings, and the text of each passage by anchor."""
    tokens = LESSON.parse(source)
    headings = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            anchor = str(token.attrGet("id") or f"section-{len(headings) + 1}")
            token.attrSet("id", anchor)
            headings.append(Heading(anchor, plain(tokens[index + 1]), int(token.tag[1])))
    markup = LESSON.renderer.render(tokens, LESSON.options, {})
    passages = {str(token.attrGet("id")): passage_text(tokens, index) for index, token in enumerate(tokens)
                if token.nesting == 1 and token.attrGet("id")}  # fmt: skip
    scrollable = markup.replace("<table", '<div class="table-scroll" tabindex="0"><table').replace(
        "</table>", "</table></div>"
    )
    return LessonPage(clean(scrollable, BLOCK | HEADINGS, LESSON_ATTRIBUTES), tuple(headings), passages)


def passage_text(tokens: list[Token], start: int) -> str:
    """The plain text of the block that opens at `start`."""
    depth, parts = 0, []
    for token in tokens[start:]:
        depth += token.nesting
        if token.type == "inline":
            parts.append(plain(token))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content)
        if depth == 0:
            break
    return " ".join(parts)


def plain(token: Token) -> str:
    return "".join(child.content if child.type in ("text", "code_inline") else " " if child.type == "softbreak" else ""
                   for child in token.children or [])  # fmt: skip


def anchors(source: str) -> list[str]:
    """Every anchor of a lesson in order, with repeats: for the check of duplicates."""
    return [str(token.attrGet("id")) for token in LESSON.parse(source) if token.nesting == 1 and token.attrGet("id")]
