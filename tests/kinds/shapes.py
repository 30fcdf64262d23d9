"""Made-up bodies and responses: any JSON, and right ones that were broken in one place or a few."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = ("answers", "choices", "rows", "options", "items", "gaps", "text", "answer", "scoring", "units", "min_words")
WORDS = (
    *KEYS,
    *("id", "fraction", "feedback", "value", "tolerance", "type", "option", "kind", "weight", "method", "format"),
    *("a", "b", "r1", "g1", "ko", "en", "sum", "choice", "order", "pairs", "unit", "true", "1e9", "*", "", "html"),
)

words = st.sampled_from(WORDS) | st.text(max_size=8)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words, st.just(10**400))
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5), max_leaves=25
)


@st.composite
def broken(draw: st.DrawFn, value: Any, depth: int = 0) -> Any:
    """`value` with some of its parts left out, repeated, or replaced by anything."""
    if draw(st.integers(0, 9)) == 0:
        return draw(anything)
    if depth < 5 and isinstance(value, dict):
        kept = {key: part for key, part in value.items() if draw(st.integers(0, 9))}
        return {key: draw(broken(part, depth + 1)) for key, part in kept.items()}
    if depth < 5 and isinstance(value, list):
        listed = value + value[:1] * (draw(st.integers(0, 9)) == 0)
        return [draw(broken(part, depth + 1)) for part in listed if draw(st.integers(0, 9))]
    return value


def bodies(example: Any) -> st.SearchStrategy[Any]:
    return broken(example)


def responses(solution: Any) -> st.SearchStrategy[Any]:
    """Any JSON, the parts of a solution with any text or anything in them, and broken solutions."""
    parts = st.fixed_dictionaries({key: st.text() | anything for key in solution})
    return st.one_of(anything, parts, broken(solution))
