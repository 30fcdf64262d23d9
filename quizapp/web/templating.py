"""The environment of the templates, and their filters for texts.

Templates are compiled once for each language, with what every page says alike in place: its fixed words, its icons and
the addresses of other pages are a good part of a page, and of the work of making it. The templates' indentation is for
who reads them, and isn't sent.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any

from flask import Flask, has_request_context, request
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from quizapp.kinds import KINDS
from quizapp.kinds.base import say
from quizapp.kinds.cloze import MARKER
from quizapp.texts.markup import render, render_text, words
from quizapp.texts.maths import FormulaError, mathml
from quizapp.web.i18n import language, translated

TAG_OR_GAP = re.compile(f"<[^<>]*+>|{MARKER.pattern}")
"""In HTML that nh3 wrote: a tag, whose attributes may hold a marker too, or a marker in the words."""
TEX_ERROR = 'class="tex-error"'
INDENTATION = re.compile(r"(?<!\s)\s*\n\s*")
BROKEN_FORMULA = re.compile(rf'<code {TEX_ERROR} title="[^"]*">([^<]*)</code>')
MOST_OF_PAGE = 1_000_000
"""How many characters of authors' texts one page marks up, which takes up to ten seconds; what comes after them is
shown as it is written. No page for people has as many: five hundred sides of a book."""
WORDS, ADDRESSES, ICONS = "_", ("asset", "stylesheet", "url_for"), ("icon", "wordmark")
"""What is the same on every page of an edition, if its arguments are: two kinds of globals, and the macros of DRAWN."""
DRAWN = "macros/icons.html"
Edition = tuple[str, bool]
"""What templates are compiled for: the language, and whether the site stands at the root of its host."""


class Prepared(NodeTransformer):
    """Puts what a call says, of one that says the same on every page, in its place, and leaves out the indentation of
    the template itself. A sentence with variables is left to be filled in, any other call with variables to be made."""

    def __init__(self, same: Mapping[str, Callable[..., Any]], sentence: Callable[[str], Markup]) -> None:
        self.same, self.sentence = same, sentence

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name == WORDS:
            return self.said(node)
        given = [*node.args, *(one.value for one in node.kwargs)]
        said = [one.value for one in given if isinstance(one, nodes.Const)]
        if name not in self.same or node.dyn_args or node.dyn_kwargs:
            return node
        if len(said) < len(given):
            return node
        count = len(node.args)
        named = dict(zip((one.key for one in node.kwargs), said[count:], strict=True))
        return nodes.Const(self.same[name](*said[:count], **named), lineno=node.lineno)

    def said(self, node: nodes.Call) -> nodes.Node:
        if node.dyn_args or node.dyn_kwargs or not isinstance(node.args[0], nodes.Const):
            return node
        sentence = self.sentence(node.args[0].value)
        if not node.kwargs:
            return nodes.Const(sentence % {}, lineno=node.lineno)
        variables = [nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs]
        return nodes.Mod(nodes.Const(sentence), nodes.Dict(variables), lineno=node.lineno)

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        return nodes.TemplateData(INDENTATION.sub("\n", node.data), lineno=node.lineno)


class Pages(Environment):
    """The templates, of which each edition of the site has an environment: a page is looked up in its own, and what it
    takes in comes from there too, whatever is spoken meanwhile.

    `sentence` translates a message into a language and leaves its variables to be filled in. `own` is the edition that
    an environment was made for; the application's has none of its own, and goes by the request.
    """

    sentence: Callable[[str, str], Markup]
    own: Edition | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions: dict[Edition, Pages] = {}

    @property
    def edition(self) -> Edition:
        return self.own or edition()

    def here(self) -> Pages:
        """The environment of this request's edition."""
        if self.own:
            return self
        known = edition()
        return self.editions.get(known) or self.editions.setdefault(known, self.made_for(known))

    def made_for(self, known: Edition) -> Pages:
        found = self.overlay(cache_size=-1)
        found.own = known
        return found

    def get_template(self, name: str | Template, parent: str | None = None, globals: Any = None) -> Template:
        return super(Pages, self.here()).get_template(name, parent, globals)

    def select_template(self, names: Any, parent: str | None = None, globals: Any = None) -> Template:
        return super(Pages, self.here()).select_template(names, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """No template has globals of its own, and without a layer for them imported macros are found faster."""
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        spoken, at_root = self.edition
        same = {one: self.globals[one] for one in ADDRESSES} if at_root else {}
        if name != DRAWN:
            drawn = self.get_template(DRAWN).module
            same |= {one: getattr(drawn, one) for one in ICONS}
        return Prepared(same, partial(self.sentence, spoken)).visit(super()._parse(source, name, filename))


def edition() -> Edition:
    """This request's."""
    return language(), not (has_request_context() and request.environ.get("SCRIPT_NAME"))


def init(app: Flask) -> None:
    for filter in (md, md_inline, md_words, explained, formulas, gap_parts, label_of_kind):
        app.add_template_filter(filter)


def md(value: Any, media: Any = None) -> Markup:
    """A text as safe HTML blocks in the page's language."""
    return explained(marked_up(value, media=media))


def md_inline(value: Any, media: Any = None) -> Markup:
    """A text as safe HTML without paragraphs; of words, only the formulas are anything but words."""
    return formulas(value) if isinstance(value, str) else explained(marked_up(value, inline=True, media=media))


def md_words(value: Any) -> str:
    """A text as letters only, for the options of a list; a formula is its LaTeX."""
    return Markup(words(marked_up(value, inline=True))).striptags()  # noqa: S704 -- nh3 cleaned it


def formulas(words: str) -> Markup:
    """Words as they stand, but for their formulas: an answer that a kind has put into words."""
    return explained(render(words, "words") if has_room(words) else html.escape(words))


def marked_up(value: Any, **how: Any) -> str:
    """A text in the page's language as `render_text` makes it, as long as the page has room for it."""
    source = say(value, language()) if value else ""
    return render_text(value, language(), **how) if has_room(source) else html.escape(source)


def has_room(source: str) -> bool:
    """Whether the page that is being made may mark up this text as well; it is counted."""
    if has_request_context():
        so_far = request.environ["quizapp.marked_up"] = request.environ.get("quizapp.marked_up", 0) + len(source)
        return so_far <= MOST_OF_PAGE
    return True


def explained(markup: str) -> Markup:
    """Cleaned HTML, with what is wrong with its broken formulas said in the page's language."""
    if TEX_ERROR in markup:
        markup = BROKEN_FORMULA.sub(
            lambda found: f'<code {TEX_ERROR} title="{why(found[1])}">{found[1]}</code>', markup
        )
    return Markup(markup)  # noqa: S704 -- nh3 cleaned it


def why(latex: str) -> str:
    """Why the formula can't be shown, for an attribute."""
    try:
        mathml(html.unescape(latex))
    except FormulaError as error:
        return html.escape(translated(error))
    return html.escape(translated(FormulaError()))


def label_of_kind(name: str) -> str:
    """What people call a kind, to be translated."""
    return KINDS[name].LABEL if name in KINDS else name


def gap_parts(value: Any, gaps: list[dict[str, Any]]) -> list[tuple[Markup, dict[str, Any] | None]]:
    """A cloze's text, cut at its markers: the HTML before each gap with the gap, and what comes after the last."""
    by_name = {gap["id"]: gap for gap in gaps}
    markup = explained(marked_up(value, gaps=tuple(by_name)))
    parts, start = [], 0
    for found in TAG_OR_GAP.finditer(markup):
        if found[1]:
            parts.append((Markup(markup[start : found.start()]), by_name.get(found[1])))  # noqa: S704 -- nh3 cleaned it
            start = found.end()
    return [*parts, (Markup(markup[start:]), None)]  # noqa: S704 -- the same
