"""The categories of Moodle, which GIFT and Moodle XML write alike: names with slashes between them."""

from __future__ import annotations

import re

from quizapp.kinds.base import nfc

CONTEXT = re.compile(r"\$\w+\$")
"""The part of a Moodle site to which a category belongs."""


def category_path(written: str) -> list[str]:
    """The names in a category of Moodle, without its root (`$course$`, `top`); `//` stands for a slash."""
    parts = [part.strip().replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", nfc(written))]
    parts = [part for part in parts if part and not CONTEXT.fullmatch(part)]
    return parts[1:] if parts[:1] == ["top"] else parts
