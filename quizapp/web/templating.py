"""The environment of the templates, and their filters for texts.

Templates are compiled once for each language, with its words in place: a page says a hundred fixed words, and looked up
at each rendering they would cost a tenth of it. Their indentation is for who reads them, and isn't sent.
"""

from __future__ import annotations

import html
import re
from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from quizapp.kinds import KINDS
from quizapp.kinds.cloze import MARKER
from quizapp.texts.markup import render, render_text, words
from quizapp.texts.maths import FormulaError, mathml
from quizapp.web.i18n import language, translated

TAG_OR_GAP = re.compile(f"<[^<>]*+>|{MARKER.pattern}")
"""In HTML that nh3 wrote: a tag, whose attributes may hold a marker too, or a marker in the words."""
TEX_ERROR = 'class="tex-error"'
INDENTATION = re.compile(r"(?<!\s)\s*\n\s*")
BROKEN_FORMULA = re.compile(rf'<code {TEX_ERROR} title="[^"]*">([^<]*)</code>')


class Prepared(NodeTransformer):
    """Puts what `_("words")` says in the place of the call, and leaves out the indentation of the template itself.

    A call with variables is left to the rendering.
    """

    def __init__(self, say: Any) -> None:
        self.say = say

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        if isinstance(node.node, nodes.Name) and node.node.name == "_" and not (node.kwargs or node.args[1:]):
            (words,) = node.args
            if isinstance(words, nodes.Const):
                return nodes.Const(self.say(words.value), lineno=node.lineno)
        return self.generic_visit(node)

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        return nodes.TemplateData(INDENTATION.sub("\n", node.data), lineno=node.lineno)


class Pages(Environment):
    """The templates. None has globals of its own, and without a layer for them imported macros are found faster."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return Prepared(self.globals["_"]).visit(super()._parse(source, name, filename))

    @property
    def cache(self) -> Any:
        """The compiled templates of this page's language."""
        found = self._caches.get(language())
        return self._caches.setdefault(language(), self._empty.copy()) if found is None else found

    @cache.setter
    def cache(self, empty: Any) -> None:
        self._empty, self._caches = empty, {}


def init(app: Flask) -> None:
    for filter in (md, md_inline, md_words, explained, formulas, gap_parts, label_of_kind):
        app.add_template_filter(filter)


def md(value: Any, media: Any = None) -> Markup:
    """A text as safe HTML blocks in the page's language."""
    return explained(render_text(value, language(), media=media))


def md_inline(value: Any, media: Any = None) -> Markup:
    """A text as safe HTML without paragraphs; of words, only the formulas are anything but words."""
    return (
        formulas(value)
        if isinstance(value, str)
        else explained(render_text(value, language(), inline=True, media=media))
    )


def md_words(value: Any) -> str:
    """A text as letters only, for the options of a list; a formula is its LaTeX."""
    return Markup(words(render_text(value, language(), inline=True))).striptags()  # noqa: S704 -- nh3 cleaned it


def formulas(words: str) -> Markup:
    """Words as they stand, but for their formulas: an answer that a kind has put into words."""
    return explained(render(words, "words"))


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
    markup = explained(render_text(value, language(), gaps=tuple(by_name)))
    parts, start = [], 0
    for found in TAG_OR_GAP.finditer(markup):
        if found[1]:
            parts.append((Markup(markup[start : found.start()]), by_name.get(found[1])))  # noqa: S704 -- nh3 cleaned it
            start = found.end()
    return [*parts, (Markup(markup[start:]), None)]  # noqa: S704 -- the same
