"""Checks of a question's body, shared by the kinds: each takes any JSON and returns the problems found.

A path says where a problem stands below the body, such as `("choices", 2, "fraction")`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from quizapp.errors import N_, Path, Problem
from quizapp.kinds.base import excerpt

TEXT_FORMATS = ("markdown", "html", "plain")
MAX_NUMBER_CHARACTERS = 100
MAX_ID = 200
"""Characters of an id within a question: pages and responses repeat it."""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?[12]?\d{1,2})?", re.ASCII)


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, else {}: `check_keys` has said so then."""
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """The mappings of a list with their places: `check_list` has said what else stands there."""
    if not isinstance(value, list):
        return []
    return [(index, entry) for index, entry in enumerate(value) if isinstance(entry, dict)]


def check_keys(value: Any, allowed: Collection[str], *path: str | int) -> list[Problem]:
    """A mapping with none but the allowed keys."""
    if not isinstance(value, dict):
        return [Problem(N_("A mapping of names and values is missing here."), code="no-mapping", path=path)]
    return [
        Problem(
            N_("Unknown key “%(key)s”; what can stand here: %(allowed)s."),
            {"key": excerpt(key), "allowed": ", ".join(allowed)},
            code="unknown-key",
            path=(*path, str(key)),
        )
        for key in value
        if key not in allowed
    ]


def check_scoring(body: dict[str, Any], *allowed: str) -> list[Problem]:
    """The rule of scoring, if there is one: a mapping with none but the allowed keys."""
    if not allowed and body.get("scoring"):
        return [Problem(N_("This kind of question has no scoring rule."), code="unknown-key", path=("scoring",))]
    return check_keys(body.get("scoring", {}), allowed, "scoring")


def check_list(value: Any, minimum: int, allowed: Collection[str], *path: str | int) -> list[Problem]:
    """A list of at least `minimum` mappings, each with none but the allowed keys."""
    if not isinstance(value, list):
        return [Problem(N_("A list is missing here."), code="no-list", path=path)]
    problems = [problem for index, entry in enumerate(value) for problem in check_keys(entry, allowed, *path, index)]
    if len(value) < minimum:
        problems.append(
            Problem(
                N_("Too few entries here: at least %(minimum)s are needed."),
                {"minimum": minimum},
                code="too-few",
                path=path,
            )
        )
    return problems


def check_entries(value: Any, minimum: int, allowed: Collection[str], *path: str | int) -> list[Problem]:
    """A list as in `check_list`, in which each mapping has an id of its own."""
    problems = check_list(value, minimum, allowed, *path)
    for index, entry in entries(value):
        if not isinstance(entry.get("id"), str) or not entry["id"]:
            problems.append(Problem(N_("An identifier is missing here."), code="no-id", path=(*path, index, "id")))
        elif len(entry["id"]) > MAX_ID or not entry["id"].isprintable():
            problems.append(
                Problem(
                    N_("An identifier is a short name of at most %(limit)s characters, all of them visible."),
                    {"limit": MAX_ID},
                    code="id",
                    path=(*path, index, "id"),
                )
            )
    return problems + check_distinct((((*path, index, "id"), entry.get("id")) for index, entry in entries(value)))


def check_distinct(ids: Iterable[tuple[Path, Any]]) -> list[Problem]:
    """No id twice, of ids given with their paths. What is no text is passed over."""
    seen: set[str] = set()
    problems = []
    for path, name in ids:
        if isinstance(name, str) and name in seen:
            problems.append(
                Problem(
                    N_("The identifier “%(id)s” appears twice; the identifiers within a question have to differ."),
                    {"id": excerpt(name)},
                    code="same-id",
                    path=path,
                )
            )
        elif isinstance(name, str) and name:
            seen.add(name)
    return problems


def check_text(value: Any, *path: str | int) -> list[Problem]:
    """A text that says something in one language or more."""
    if not is_text(value) or not any(item.strip() for key, item in value.items() if key != "format"):
        return [Problem(N_("A text is missing here: give it for each language."), code="no-text", path=path)]
    return check_one_of(value["format"], TEXT_FORMATS, *path, "format") if "format" in value else []


def is_text(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and isinstance(item, str) for key, item in value.items()
    )


def check_feedback(entry: dict[str, Any], *path: str | int) -> list[Problem]:
    """The feedback, if there is one."""
    return check_text(entry["feedback"], *path, "feedback") if entry.get("feedback") else []


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_fraction(value: Any) -> bool:
    return is_number(value) and -1 <= value <= 1


def fraction_of(entry: dict[str, Any]) -> float:
    """The fraction of an entry of an unchecked body; 0 where it is none."""
    value = entry.get("fraction", 0)
    return value if is_fraction(value) else 0


def check_fraction(value: Any, *path: str | int) -> list[Problem]:
    if is_fraction(value):
        return []
    return [Problem(N_("A share of the points is a number from -1 to 1."), code="fraction", path=path)]


def check_share(value: Any, *path: str | int) -> list[Problem]:
    if is_number(value) and 0 <= value <= 1:
        return []
    return [Problem(N_("A share is a number from 0 to 1."), code="share", path=path)]


def check_flag(value: Any, *path: str | int) -> list[Problem]:
    if isinstance(value, bool):
        return []
    return [Problem(N_("Write true or false here."), code="flag", path=path)]


def check_number(value: Any, *path: str | int) -> list[Problem]:
    """A decimal number written as text, so that it is exact."""
    if isinstance(value, str) and len(value) <= MAX_NUMBER_CHARACTERS and NUMBER.fullmatch(value):
        return []
    return [Problem(N_("A number is missing here: write it as text, such as “3.14”."), code="number", path=path)]


def check_not_negative(value: Any, *path: str | int) -> list[Problem]:
    problems = check_number(value, *path)
    if not problems and value.startswith("-"):
        problems.append(Problem(N_("This number can't be negative."), code="number", path=path))
    return problems


def check_positive(value: Any, *path: str | int) -> list[Problem]:
    problems = check_not_negative(value, *path)
    if not problems and not Decimal(value):
        problems.append(Problem(N_("This number must be greater than 0."), code="number", path=path))
    return problems


def check_one_of(value: Any, allowed: Iterable[str], *path: str | int) -> list[Problem]:
    allowed = list(allowed)
    if value in allowed:
        return []
    return [
        Problem(
            N_("“%(value)s” is not known here; it can be %(allowed)s."),
            {"value": excerpt(value), "allowed": ", ".join(allowed)},
            code="unknown-value",
            path=path,
        )
    ]
