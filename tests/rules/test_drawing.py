"""The draw never takes two questions that answer one another, and takes as many as there are otherwise."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.drawing import DrawableQuestion, draw, most_together

KEYS = "abcdefghij"


@st.composite
def banks(draw: st.DrawFn) -> list[DrawableQuestion]:
    """Up to ten questions of which some name others, or nobody, as their enemies."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=10))
    named = [draw(st.frozensets(st.sampled_from([*KEYS, "?"]), max_size=2)) - {key} for key in keys]
    return [
        DrawableQuestion(place, place, key, enemies)
        for place, (key, enemies) in enumerate(zip(keys, named, strict=True))
    ]


def suits(one: DrawableQuestion, other: DrawableQuestion) -> bool:
    return one.key not in other.enemies and other.key not in one.enemies


@given(banks(), st.none() | st.integers(1, 10), st.integers(0, 3))
def test_no_two_enemies_are_drawn(bank: list[DrawableQuestion], count: int | None, before: int) -> None:
    drawn = draw(bank[:before], None, ())
    order = bank[before:]
    found = draw(order, count, drawn)
    assert all(suits(one, other) for one, other in combinations([*drawn, *found], 2))
    assert len(set(found)) == len(found)
    left = [one for one in order if one not in found and all(suits(one, other) for other in [*drawn, *found])]
    assert len(found) == count or not left, "fewer are taken although another one suits"


@given(banks(), st.none() | st.integers(1, 10))
def test_without_enemies_the_first_are_drawn(bank: list[DrawableQuestion], count: int | None) -> None:
    friends = [one._replace(enemies=frozenset()) for one in bank]
    assert draw(friends, count, ()) == friends[:count]


def test_an_enemy_at_the_centre_gives_way_where_all_are_needed() -> None:
    """Who comes first keeps two others out; three can be asked, and three are wanted."""
    star = [
        DrawableQuestion(0, 0, "a", frozenset("bcd")),
        *(DrawableQuestion(n, n, key) for n, key in enumerate("bcd", 1)),
    ]
    assert [one.key for one in draw(star, 1, ())] == ["a"]
    assert [one.key for one in draw(star, 3, ())] == ["b", "c", "d"]
    assert [one.key for one in draw(star, None, ())] == ["b", "c", "d"]
    assert most_together(star) == star[1:]
