"""Which format a file has: by its content, and by its suffix where several are equally likely."""

from __future__ import annotations

from pathlib import PurePath


def detect(data: bytes, name: str = "") -> str | None:
    """The name of the likeliest format; the suffix decides between equals, and alone where the content gives no hint.

    None if nothing fits.
    """
    from quizapp.formats import FORMATS  # the formats' package imports its modules first

    suffix = PurePath(name).suffix.lower()
    chances = {key: (form.sniff(data), suffix in form.SUFFIXES) for key, form in FORMATS.items()}
    best = max(chances, key=lambda key: chances[key], default=None)
    return best if best is not None and any(chances[best]) else None
