"""Panels: parts of a page that later rooms fill.

A bank's page shows how the citations of its questions stand, and banks know nothing of citations. So the page has a
place for panels, `create_app` says who fills it, and the view asks for what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup, escape

from quizapp.web.pages import address

Panel = Callable[..., Markup | Mapping[int, Markup]]
"""Takes what the page is about, by keyword, and gives HTML; "" where it has nothing to show. One that stands beside the
rows of a list gives it by their ids."""

KEY = "quizapp.panels"


def add(app: Flask, place: str, panel: Panel) -> None:
    """Have the pages that ask for `place` show the panel, after those that were added before."""
    app.extensions.setdefault(KEY, {}).setdefault(place, []).append(panel)


def of(place: str, **about: Any) -> Markup:
    """All panels of this place, filled."""
    filled = [panel(**about) for panel in current_app.extensions[KEY].get(place, ())]
    return Markup("".join(filled))  # noqa: S704 -- each is


def beside(place: str, rows: Sequence[Any]) -> dict[int, Markup]:
    """What the rows of a list have beside them, by id. A panel fills the whole list, so that it asks once for all."""
    found = {row.id: Markup() for row in rows}
    for panel in current_app.extensions[KEY].get(place, ()) if rows else ():
        for id, filled in panel(rows=rows).items():
            found[id] += filled
    return found


def way(message: str, endpoint: str, **values: Any) -> Markup:
    """A panel that is but a link: a page of results has some for each question, too many to render a template for.

    `message` is said in the language of the page.
    """
    words = current_app.jinja_env.globals["_"](message)
    where = escape(address(endpoint, **values))
    return Markup(f'<p class="way no-print"><a href="{where}">{words}</a></p>')  # noqa: S704 -- escaped, and ours
