"""Beside each passage of a lesson a quiet link, to mark it and to write a note on it."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from flask import get_template_attribute
from markupsafe import Markup

PASSAGE = re.compile(r'<(p|h[2-4])(?: [^<>]*)? id="([^"<>]+)"[^<>]*>')
BLOCK = re.compile(
    r'(?:<div class="table-scroll"[^<>]*>)?<(ul|ol|table|blockquote|pre)(?: [^<>]*)? id="([^"<>]+)"[^<>]*>'
)
"""In HTML that nh3 wrote: passages that a link may stand in, and those that it has to stand before."""


@dataclass(frozen=True)
class Marks:
    """What a learner's page of a lesson says of bookmarks; `marked` are the anchors that have one."""

    course: str
    lesson: str
    marked: Collection[str]

    def within(self, markup: str) -> Markup:
        """The HTML with a link at each passage."""

        def link(found: re.Match[str]) -> str:
            return str(self.link(html.unescape(found[2])))

        inside = PASSAGE.sub(lambda found: found[0] + link(found), str(markup))
        return Markup(BLOCK.sub(lambda found: link(found) + found[0], inside))  # noqa: S704 -- and a template

    def link(self, anchor: str) -> Markup:
        mark = get_template_attribute("notes/_mark.html", "mark")
        return Markup(mark(self.course, self.lesson, anchor, anchor in self.marked)).strip()  # noqa: S704 -- a template
