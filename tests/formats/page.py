"""Makes `docs/formats.md`: the tables of the formats, with the count of mutations that the tests try on each."""

from __future__ import annotations

from quizapp.formats.reference import page
from tests.formats.mutations import MUTATED, mutations


def made() -> str:
    return page({form: sum(1 for _ in mutations(form)) for form in MUTATED})


if __name__ == "__main__":
    print(made(), end="")  # noqa: T201 -- the page is what the command makes
