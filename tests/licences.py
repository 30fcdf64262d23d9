"""Makes `docs/licences.md`: the licence of every package that the application needs to run, as the package says it."""

from __future__ import annotations

import re
from importlib import metadata

from packaging.requirements import Requirement

HEAD = """# Licences

`make docs` makes this page. The application itself is under the MIT licence. To run, it needs these packages, each
under its own; their versions stand in `requirements.lock`. What only the tests need (`requirements-dev.lock`) isn't
passed on with it. `quizapp/static/bootstrap.css` is cut from Bootstrap, which is under the MIT licence too.

| Package | Licence |
|---|---|
"""
LONGEST = 40
"""Of a licence's name. Some packages write the whole text in its place."""


def needed(name: str, found: dict[str, metadata.Distribution], extras: frozenset[str] = frozenset()) -> None:
    """Add a package and all that it needs here, with these extras."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return
    found[key] = metadata.distribution(name)
    for written in found[key].requires or []:
        one = Requirement(written)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            needed(one.name, found, frozenset(one.extras))


def licence_of(package: metadata.Distribution) -> str:
    """As its newest field says it, else its short one, else its classifiers; "" where none does."""
    about = package.metadata
    classified = [
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License ::")
    ]
    written = about.get("License-Expression") or about.get("License") or ""
    return written if written and len(written) <= LONGEST else ", ".join(classified)


def rows() -> list[str]:
    found: dict[str, metadata.Distribution] = {}
    needed("quizapp", found, frozenset(metadata.distribution("quizapp").metadata.get_all("Provides-Extra") or []))
    del found["quizapp"]
    return [f"| {name} | {licence_of(package)} |\n" for name, package in sorted(found.items())]


if __name__ == "__main__":
    print(HEAD + "".join(rows()), end="")  # noqa: T201 -- the page is what the command makes
