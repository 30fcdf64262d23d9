"""Markdown and HTML by authors -> safe HTML, and the passages of a lesson.

Everything an author wrote passes nh3, whatever its format. Ids survive in lessons only (they are what citations
point at), so that a question's text can't collide with the page around it. Formulas become MathML, in Markdown by
`$`, in HTML by `\\(...\\)` and `\\[...\\]` as well; the classes that survive are those that we write ourselves.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it.token import Token
from markdown_it.utils import EnvType
from pygments.token import STANDARD_TYPES

from quizapp.errors import Problem
from quizapp.kinds.base import Text, nfc, say
from quizapp.texts import maths
from quizapp.texts.directives import Directive, directives_in
from quizapp.texts.markdown import DOLLARS, LESSON, MARKDOWN, formula

FORMULAS = maths.ELEMENTS | {"math"}

INLINE = {"a", "abbr", "b", "br", "code", "del", "em", "i", "img", "kbd", "mark", "s", "small", "span", "strong",
          "sub", "sup", "u", "ruby", "rt", "rp"} | FORMULAS  # fmt: skip
BLOCK = INLINE | {"blockquote", "dd", "dl", "div", "dt", "figure", "figcaption", "hr", "li", "ol", "p", "pre", "table",
                  "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}  # fmt: skip
HEADINGS = {"h2", "h3", "h4"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class", "title"},
    "span": {"class"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "*": {"lang"},
    "math": {"alttext", "display"},
    **dict.fromkeys(maths.ELEMENTS, maths.ATTRIBUTES),
}
LESSON_TAGS = BLOCK | HEADINGS | {"button"}
LESSON_ATTRIBUTES = ATTRIBUTES | {
    "*": {"lang", "id"},
    "div": {"class", "tabindex"},
    "td": ATTRIBUTES["td"] | {"data-label"},
    "button": {"class", "popovertarget"},
    "span": {"class", "popover"},
}

CODE_CLASSES = {name for name in STANDARD_TYPES.values() if name}
NONE = re.compile("(?!)")
OWN_CLASSES = {
    "code": re.compile(r"language-[A-Za-z0-9_+#.-]{1,40}|tex-error"),
    "button": re.compile("term"),
    "div": re.compile("table-scroll"),
    "span": re.compile("|".join(map(re.escape, sorted({"term-told", *CODE_CLASSES})))),
}
"""By element. Bootstrap's would let an author lay a text over the page."""
DROPPED = {"script", "style", "annotation", "annotation-xml"}
"""Elements whose content isn't meant to be seen."""

OPENING = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
UNNESTED = {"br", "dd", "dt", "hr", "img", "li", "p"}
"""Elements that end by themselves, also where nobody has closed them."""
MOST_OPEN = 500
"""How many elements may be open at once. The parser looks through all of them at every tag."""

HTML_PART = re.compile(r"""(<(?:[^<>"]|"[^"]*")*+>)""")
HTML_FORMULA = re.compile(
    rf"(?<!\\)\\\((?P<within>(?:[^\\]|\\[^()])++)\\\)|(?<!\\)\\\[(?P<alone>(?:[^\\]|\\[^\[\]])++)\\\]|{DOLLARS}",
    re.DOTALL,
)
VERBATIM = re.compile(r"<(/?)(?:code|pre|kbd|math)\b")
BROKEN = re.compile(r'<code class="tex-error"[^>]*>([^<]*)</code>')
TAG = re.compile("<[^<>]*+>")
SAID = {"text", "code_inline", "math_inline"}
"""The parts of a line that are words."""
SHOWN_FORMULA = re.compile(r'<math\b[^<>]*?\balttext="([^"]*)"[^<>]*>.*?</math>', re.DOTALL)


def clean(markup: str, tags: set[str], attributes: Mapping[str, set[str]] = ATTRIBUTES) -> str:
    """The markup with nothing left that could run, load from elsewhere, or restyle the page.

    What is nested too deeply for any page is shown as it is written.
    """
    return nh3.clean(
        html.escape(markup) if is_too_deep(markup) else markup,
        tags=tags,
        attributes=dict(attributes),
        tag_attribute_values={"pre": {"tabindex": {"0"}}, "button": {"type": {"button"}}},
        attribute_filter=bounded,
        clean_content_tags=DROPPED,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def is_too_deep(markup: str) -> bool:
    opened: Counter[str] = Counter()
    depth = 0
    for closing, written in OPENING.findall(markup):
        name = written.lower()
        change = -1 if closing and opened[name] else 1 if not closing and name not in UNNESTED else 0
        opened[name] += change
        depth += change
        if depth > MOST_OPEN:
            return True
    return False


def bounded(tag: str, name: str, value: str) -> str | None:
    """Lengths in an author's MathML stay as small as in our own, and of classes only those that we write ourselves."""
    if name == "class":
        return " ".join(one for one in value.split() if OWN_CLASSES.get(tag, NONE).fullmatch(one)) or None
    large = tag in FORMULAS and name in maths.LENGTHS and not maths.LENGTH.fullmatch(value)
    return None if large else value


@lru_cache(maxsize=4096)
def render(source: str, form: str = "markdown", inline: bool = False, gaps: tuple[str, ...] = ()) -> str:
    """Safe HTML of a text in one language. `form` is markdown, html or plain; `inline` makes no paragraphs.
    The form words is plain but for its formulas.

    `gaps` are the names of a cloze's gaps: their markers stay markers in formulas, where braces mean something else.
    """
    if form == "plain":
        return html.escape(source).replace("\n", "<br>\n")
    env: EnvType = {"inline": inline, "gaps": gaps}
    tags = INLINE if inline else BLOCK
    if form == "words":
        return clean(with_formulas(html.escape(source, quote=False), {"inline": True}), INLINE)
    if form == "html":
        cleaned = clean(source, tags)
        shown = with_formulas(cleaned, env)
        return cleaned if shown == cleaned else clean(shown, tags)
    return clean(MARKDOWN.renderInline(source, env) if inline else MARKDOWN.render(source, env), tags)


@lru_cache(maxsize=1024)
def portable(source: str) -> str:
    """Safe HTML of Markdown for other systems: formulas as LaTeX in `\\(...\\)`, which they read, code uncoloured."""
    return clean(MARKDOWN.render(source, {"portable": True}), BLOCK)


# --- formulas in HTML ---


def with_formulas(markup: str, env: EnvType) -> str:
    """HTML that nh3 wrote, with the formulas of its texts as MathML; code keeps its backslashes."""
    if "$" not in markup and "\\" not in markup:
        return markup
    parts, verbatim = HTML_PART.split(markup), 0
    for index, part in enumerate(parts):
        if index % 2:
            tag = VERBATIM.match(part)
            verbatim += 0 if tag is None else -1 if tag[1] else 1
        elif not verbatim:
            parts[index] = HTML_FORMULA.sub(lambda found: html_formula(found, env), part)
    return "".join(parts)


def html_formula(found: re.Match[str], env: EnvType) -> str:
    alone = found["alone"] or found["shown"]
    latex = html.unescape(alone or found["within"] or found["told"]).replace("\xa0", " ").strip()
    return formula(latex, "block" if alone else "inline", env)


def has_formula(markup: str) -> bool:
    """Whether words of an HTML text would be shown as a formula."""
    return HTML_FORMULA.search(markup) is not None


def broken_formulas(source: str, form: str) -> list[maths.FormulaError]:
    """What is wrong with the formulas of a text that can't be shown as such."""
    found = []
    for latex in BROKEN.findall(render(source, form)) if "$" in source or "\\" in source else ():
        try:
            maths.mathml(html.unescape(latex))
        except maths.FormulaError as error:
            found.append(error)
    return found


def words(markup: str) -> str:
    """What `render` gave as HTML without formulas: each is its LaTeX, for places that can hold only letters."""
    return SHOWN_FORMULA.sub(r"\1", markup)


# --- texts ---


def render_text(
    text: Text | None,
    language: str,
    inline: bool = False,
    media: Mapping[str, str] | None = None,
    gaps: tuple[str, ...] = (),
) -> str:
    """Safe HTML of a text in `language` (or in what it has). `media` maps the names in `media:NAME` to addresses."""
    if not text:
        return ""
    source = say(text, language)
    for name, address in (media or {}).items():
        source = source.replace(f"media:{name}", address)
    return render(source, text.get("format", "markdown"), inline, gaps)


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
