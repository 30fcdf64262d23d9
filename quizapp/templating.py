"""The environment of the templates: compiled once for each language, with its words in place.

A page says a hundred fixed words. Looked up at each rendering, they would cost a tenth of it.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from quizapp.i18n import language


class Said(NodeTransformer):
    """Puts what `_("words")` says in the place of the call. One with variables is left to the rendering."""

    def __init__(self, say: Any) -> None:
        self.say = say

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        if isinstance(node.node, nodes.Name) and node.node.name == "_" and not (node.kwargs or node.args[1:]):
            (words,) = node.args
            if isinstance(words, nodes.Const):
                return nodes.Const(self.say(words.value), lineno=node.lineno)
        return self.generic_visit(node)


class Pages(Environment):
    """The templates. None has globals of its own, and without a layer for them imported macros are found faster."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return Said(self.globals["_"]).visit(super()._parse(source, name, filename))

    @property
    def cache(self) -> Any:
        """The compiled templates of this page's language."""
        return self._caches.setdefault(language(), self._empty.copy())

    @cache.setter
    def cache(self, empty: Any) -> None:
        self._empty, self._caches = empty, {}
