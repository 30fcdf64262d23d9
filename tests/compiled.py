"""Compiled templates, kept for the next application of a test: most of what a page costs one that is new."""

from __future__ import annotations

from typing import Any

from jinja2.bccache import Bucket, BytecodeCache


class ByEdition(BytecodeCache):
    """Each edition of the site compiles the same template otherwise."""

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        return super().get_bucket(environment, f"{environment.edition} {name}", filename, source)
