"""Made-up bodies and responses: any JSON, and right ones that were broken in one place or a few."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial
from typing import Any

from hypothesis import strategies as st

from quizapp.errors import ResponseError
from quizapp.kinds import KINDS
from quizapp.kinds.base import Body, Kind, Response

KEYS = tuple(dict.fromkeys(key for kind in KINDS.values() for body in (kind.EXAMPLE, kind.OTHER) for key in body))
WORDS = (
    *KEYS,
    *("id", "fraction", "feedback", "value", "tolerance", "type", "option", "kind", "weight", "method", "format"),
    *("a", "b", "r1", "g1", "ko", "en", "sum", "choice", "order", "pairs", "unit", "true", "1e9", "*", "", "html"),
)

GONE = object()

words = st.sampled_from(WORDS) | st.text(max_size=8)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words, st.just(10**400))
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5), max_leaves=25
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every part of a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for key, part in parts for below in places(part, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    """A copy of the value with `part` at the path, or without what stood there if `part` is GONE."""
    if not path:
        return None if part is GONE else part
    copied = copy.copy(value)
    if len(path) == 1 and part is GONE:
        del copied[path[0]]
    else:
        copied[path[0]] = replaced(value[path[0]], path[1:], part)
    return copied


@st.composite
def broken(draw: st.DrawFn, value: Any) -> Any:
    """`value` with up to three of its parts taken out, or replaced by anything or by another part of it."""
    for _ in range(draw(st.integers(0, 3))):
        paths = st.sampled_from(places(value))
        part = draw(st.one_of(anything, scalars, st.just(GONE), paths.map(partial(part_at, value))))
        value = replaced(value, draw(paths), part)
    return value


def part_at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def names_in(value: Any) -> set[str]:
    """The ids of all things below."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = {value["id"]} if isinstance(value, dict) and isinstance(value.get("id"), str) else set()
    return own.union(*map(names_in, inner))


def altered(response: Response, names: set[str]) -> Iterator[Response]:
    """The response with one part exchanged: an id for another, a word for a number, a list turned round or short."""
    for path in places(response):
        part = part_at(response, path)
        if isinstance(part, list):
            yield from (
                replaced(response, path, some) for some in (part[::-1], part[:1], *([name] for name in sorted(names)))
            )
        elif isinstance(part, str):
            others = sorted(names - {part}) if part in names else ["987654321"]
            yield from (replaced(response, path, word) for word in others)


def wrong(kind: Kind, body: Body) -> Response:
    """A response of the solution's shape that earns less. Where a person grades: any."""
    for response in altered(kind.solution(body) or {}, names_in(kind.public(body))):
        try:
            if (kind.score(body, response).fraction or 0) < 1:
                return response
        except ResponseError:
            continue
    return {"text": "987654321"}


def bodies(example: Any) -> st.SearchStrategy[Any]:
    return broken(example)


def responses(solution: Any) -> st.SearchStrategy[Any]:
    """Any JSON, the parts of a solution with any text or anything in them, and broken solutions."""
    parts = st.fixed_dictionaries({key: st.text() | anything for key in solution})
    return st.one_of(anything, parts, broken(solution))
