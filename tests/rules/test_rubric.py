"""The lines of a rubric: read from notes in Korean and English, or steps of the points."""

from __future__ import annotations

import pytest

from quizapp.rules.rubric import RubricLine, rubric


def test_criteria_that_make_up_the_points_add_up() -> None:
    found = rubric("1점: 알트만 쪽의 생각. 1점: 반대편의 생각. 1점: 갈라지는 지점.", 3)
    assert found.several
    assert [line.points for line in found.lines] == [1, 1, 1]
    assert found.lines[1].words == "반대편의 생각."
    assert found.points([0, 2]) == 2


def test_levels_are_one_of_several() -> None:
    found = rubric("Look at the reasons.\n- 4 points: two reasons\n- 2 pts: one reason\n- 0,5 point: an opinion", 4)
    assert not found.several
    assert found.lines == (RubricLine(4, "two reasons"), RubricLine(2, "one reason"), RubricLine(0.5, "an opinion"))


@pytest.mark.parametrize(
    "notes",
    [
        "",
        "근거가 둘 이상이면 만점입니다.",
        "3 points: all",
        "9점: 하나\n1점: 둘",
        "1점:" * 12,
        "-1점: 맞춤법\n−1점: 글씨",
        "2-3 points: full\n0 – 1 points: part",
        "1,000점: 하나\n2,000점: 둘",
    ],
)
def test_notes_without_lines_give_steps(notes: str) -> None:
    assert [line.points for line in rubric(notes, 3).lines] == [0, 1, 2, 3]


def test_points_are_read_as_any_number() -> None:
    assert [line.points for line in rubric("0,125 point: one\n0,5 point: other", 1).lines] == [0.125, 0.5]
    assert [line.points for line in rubric("1,000 points: one\n500 points: other", 1000).lines] == [1000, 500]


@pytest.mark.parametrize(
    ("points", "expected"),
    [(1, [0, 0.25, 0.5, 0.75, 1]), (8, [*range(9)]), (10, [0, 2.5, 5, 7.5, 10]), (2.5, [0, 0.625, 1.25, 1.875, 2.5])],
)
def test_steps_reach_all_points(points: float, expected: list[float]) -> None:
    assert [line.points for line in rubric("", points).lines] == expected
