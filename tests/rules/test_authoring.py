"""The remarks for authors: each fault is found where it was planted, and sound questions are left alone."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.formats.items import Item
from quizapp.rules.authoring import remarks, telling_lengths
from quizapp.rules.copies import RUN, SourceText, copied

KEY = {"ko": "비영리단체의 이사회가 끝까지 통제한다", "en": "The board of the nonprofit keeps control"}


def choice(*texts: dict[str, str], name: str = "q", stem: str = "Which?", **more: Any) -> Item:
    """A question whose first option is right."""
    entries = [{"id": f"o{n}", "text": text, "fraction": int(n == 0)} for n, text in enumerate(texts)]
    return Item(id=name, stem={"ko": stem, "en": stem}, response={"choices": entries}, **more)


def both(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


def bank(*keys: str, others: tuple[str, ...] = ("four", "fives")) -> list[Item]:
    return [choice(both(key), *map(both, others), name=f"q{n}") for n, key in enumerate(keys)]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["a"] * 3 + ["four"] * 7, []),
        (["a"] * 4 + ["four"] * 6, ["ko shortest 4", "en shortest 4"]),
        (["longer"] * 4 + ["four"] * 6, ["ko longest 4", "en longest 4"]),
        (["a"] * 9, []),  # too few to tell
        (["five5"] * 10, []),  # as long as another one
    ],
)
def test_keys_that_can_be_guessed_by_their_length(keys: list[str], found: list[str]) -> None:
    said = list(telling_lengths(bank(*keys)))
    assert [
        f"{one.values['language']} {'shortest' if 'shortest' in one.message else 'longest'} {one.values['count']}"
        for one in said
    ] == found
    assert all(f"of {len(keys)} questions" in one.message and one.severity == "warning" for one in said)


@pytest.mark.parametrize(
    ("text", "generic"),
    [
        ("맞습니다.", True),
        ("글에 없습니다", True),
        ("이는 글에 나오지 않습니다.", True),
        ("글에 언급되지 않은 내용입니다.", True),
        ("Right.", True),
        ("That’s right!", True),
        ("Not mentioned in the article.", True),
        ("This is not in the article.", True),
        ("맞습니다. 통제는 비영리 이사회에 있습니다.", False),
        ("글에 없는 숫자이지만, 다른 보도에 나와 끌립니다.", False),
        ("Right: the board could do so alone.", False),
    ],
)
@pytest.mark.parametrize("place", ["option", "general", "truth", "gap"])
def test_feedback_that_teaches_nothing(text: str, generic: bool, place: str) -> None:
    said = both(text)
    entry = {"id": "a", "text": both("x"), "fraction": 1, "feedback": said}
    item, path = {
        "option": (Item(response={"choices": [entry]}), ("response", "choices", 0, "feedback")),
        "general": (Item(feedback={"wrong": said}), ("feedback", "wrong")),
        "truth": (Item(response={"answer": True, "feedback": {"false": said}}), ("response", "feedback", "false")),
        "gap": (Item(response={"gaps": [{"choices": [entry]}]}), ("response", "gaps", 0, "choices", 0, "feedback")),
    }[place]
    assert [one.path for one in remarks(item)] == [(*path, "ko"), (*path, "en")] * generic


@pytest.mark.parametrize(
    ("key", "others", "found"),
    [
        ("사 년마다 국민이 직접 뽑는다", ("오 년", "육 년"), "longer"),
        ("국민", ("대통령과 국회가 나누어 가진다", "재판관들이 함께 나누어 가진다"), "shorter"),
        ("사 년마다 국민이 직접 뽑는다", ("오 년마다 뽑는다", "육 년"), ""),  # not twice as long
        ("미라 무라티", ("쉬어", "토너"), ""),  # names
        ("국민", ("대통령과 국회가 나누어 가진다", "국회"), ""),
    ],
)
def test_a_key_that_stands_out_by_its_length_in_its_own_question(key: str, others: tuple[str, ...], found: str) -> None:
    korean = [{"ko": text, "en": ""} for text in (key, *others)]
    said = list(remarks(choice(*korean)))
    assert [one.path for one in said] == [("response", "choices", 0)] * bool(found)
    assert all(f"In the Korean text, the right answer is far {found}" in one.message for one in said)


def test_options_that_changed_places_between_the_languages() -> None:
    long, short = "so long that it can't be missed", "short"
    texts = [{"ko": long, "en": short}, {"ko": "중간이다 중간", "en": "of middle length"}]
    texts.append({"ko": "여기도 중간쯤", "en": "of some length, too"})
    texts = [texts[1], texts[0], texts[2]]
    assert [one.path for one in remarks(choice(*texts))] == [("response", "choices", 1)]
    near = [{"ko": "가나다라마", "en": "abcde"}, {"ko": "가나다라", "en": "abcdef"}, {"ko": "가나다", "en": "abcdefg"}]
    assert not list(remarks(choice(*near))), "not clearly another order"


def test_runs_of_a_source() -> None:
    source = SourceText("이사회는 비영리의 사명을 지키기 위해 대표를 해임하기로 결정했다고 밝혔다.")
    run = "비영리의 사명을 지키기 위해 대표를 해임하기로"
    (found,) = copied(source, f"글에 따르면, {run} 한 것입니다.")
    assert found.values["run"] == run.replace(" ", "")
    short = run.replace(" ", "")[: RUN - 1]
    assert not list(copied(source, f"그래서 {short}요"))
    assert len(list(copied(source, f"{run}. 그리고 또 {run}."))) == 2


@pytest.mark.parametrize(
    ("fractions", "found"), [((1, 0, 0), []), ((1, 0.5, 0), []), ((1, 0, 1), [2]), ((1, 1, 1), [2])]
)
def test_two_keys_of_which_one_can_be_chosen_are_remarked(fractions: tuple[float, ...], found: list[int]) -> None:
    choices = [{"id": f"c{at}", "text": {"en": f"Word {at}"}, "fraction": one} for at, one in enumerate(fractions)]
    for kind, expected in (("choice", found), ("multiple", [])):
        said = remarks(Item(id="q", kind=kind, stem={"en": "Which?"}, response={"choices": choices}))
        assert [one.path[2] for one in said if one.code == "several-keys"] == expected
