"""Likeness of texts: the same whatever its composition and case, and alike where people would say so."""

from __future__ import annotations

import unicodedata

import pytest

from quizapp.rules.similarity import ALIKE, nearest, similarity

KOREAN = "훈민정음을 만든 임금은 누구입니까?"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KOREAN, KOREAN),
        (KOREAN, unicodedata.normalize("NFD", KOREAN)),
        (KOREAN, "훈민정음을 만든  임금은 누구입니까"),
        ("What is the Capital?", "what is the capital"),
        ("왕", "왕"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert similarity(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KOREAN, "훈민정음을 만든 임금은 누구인가요?"),
        (KOREAN, "훈민정음을 지은 임금은 누구입니까?"),
        ("대한민국의 수도는 어디입니까?", "대한민국의 수도는 어디인가?"),
        ("What is the capital of Korea?", "What is the capital city of Korea?"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert ALIKE <= similarity(one, other) < 1
    assert similarity(one, other) == similarity(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KOREAN, "태양은 무엇으로 이루어져 있습니까?"),
        ("What is the capital of Korea?", "Which king created Hangul?"),
        ("", ""),
        ("?!", "?!"),
        (KOREAN, ""),
    ],
)
def test_unlike(one: str, other: str) -> None:
    assert similarity(one, other) < ALIKE


def test_the_nearest_of_many() -> None:
    others = [("far", "태양은 별이다."), ("near", "훈민정음을 만든 임금은 누구인가요?"), ("same", KOREAN)]
    assert nearest({1: KOREAN, 2: "지구는 둥글다."}, others) == {1: ("same", 1.0)}
    assert nearest({1: KOREAN}, others[:2])[1][0] == "near"
    assert nearest({}, others) == {}


def test_a_long_text_costs_no_more_than_its_opening() -> None:
    assert similarity("가나다라" * 250 + "마", "가나다라" * 250 + "바") == 1
