"""Accepted answers of formats that know no wildcard, to and from those of the kind `text`, where `*` is one."""

from __future__ import annotations

from quizapp.kinds.text import WILDCARD


def pattern_of(plain: str) -> str:
    """The accepted answer that matches exactly this text."""
    return plain.replace("*", r"\*")


def plain_of(pattern: str) -> str | None:
    """The text that an accepted answer matches; None if it has a wildcard and so matches many."""
    return None if WILDCARD.search(pattern) else pattern.replace(r"\*", "*")
