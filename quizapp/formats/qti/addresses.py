"""The addresses in QTI's texts, and what they name: a file of the package, or something outside of it."""

from __future__ import annotations

import re
from urllib.parse import unquote

BASES = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILEBASE$", "$CANVAS_COURSE_REFERENCE$/file_contents/course%20files")
"""Placeholders for the folder of a course's files."""
FOLDERS = ("", "web_resources/", "course files/")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|/")
"""Addresses that lie outside of a package: nothing is fetched."""
NOT_IN_NAMES = re.compile(r"""[\s"'<>()\[\]:?#%&]+""")


def is_elsewhere(address: str) -> bool:
    """Whether an address lies outside of the package."""
    known = unquote(address).startswith(BASES)
    return not known and bool(ELSEWHERE.match(address))
