"""The categories of Moodle, as both of its formats write them: names with slashes between them."""

from __future__ import annotations

import re

from quizapp.kinds.base import nfc

CONTEXT = re.compile(r"\$\w+\$")
"""Which part of a site a category of Moodle belongs to."""


def category_path(written: str) -> list[str]:
    """The names in a category of Moodle. Where it begins, `$course$` and `top`, is no part of it; `//` is a slash."""
    parts = [part.strip().replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", nfc(written))]
    parts = [part for part in parts if part and not CONTEXT.fullmatch(part)]
    return parts[1:] if parts[:1] == ["top"] else parts
