"""Directives of lessons: what they become, their text forms, and every mistake with its line."""

from __future__ import annotations

import pytest

from quizapp.texts.charts import read_chart, wide, wrapped
from quizapp.texts.lessons import anchors, directive_problems, lesson_page

LESSON = """## Who

{#one}
[Altman](term: "Sam Altman, <b>샘 올트먼</b>") led it.

{#asks}
::: check bank/q-1
:::

{#chart}
::: chart Who controls whom
Inc -> LP: owns
LP -> LLC: runs
Inc: a nonprofit
:::

{#when}
::: timeline
- 2019 | the company is founded
- 2023-11-17 | the **dismissal**,
  of two people
:::

{#note}
::: note 2025-10-28
{#inner}
It has changed.
:::

| Side | Wants |
|---|---|
| one | speed |
"""


def test_a_lesson_is_parts_and_passages() -> None:
    page = lesson_page(LESSON)
    assert [one.name for one in page.directives] == ["check", "chart", "timeline", "note"]
    assert dict(page.passages) == {
        "section-1": "Who",
        "one": "Altman led it.",
        "asks": "",
        "chart": "Inc → LP: owns LP → LLC: runs Inc: a nonprofit",
        "when": "2019: the company is founded 2023-11-17: the dismissal, of two people",
        "note": "It has changed.",
        "inner": "It has changed.",
    }
    assert anchors(LESSON) == ["one", "asks", "chart", "when", "note", "inner"]
    assert directive_problems(LESSON) == []
    timeline = next(part for part in page.parts if part.directive and part.directive.name == "timeline")
    assert timeline.steps[1] == ("2023-11-17", "<p>the <strong>dismissal</strong>, of two people</p>\n")
    assert timeline.anchor == "when"


def test_all_of_it_is_there_as_text() -> None:
    """What a page without our templates shows: nothing of a directive is lost."""
    shown = lesson_page(LESSON).html
    for words in ("Inc → LP: owns", "Inc: a nonprofit", "2019 | the company", 'id="inner">It has changed.'):
        assert words in shown
    assert '<td data-label="Wants">speed</td>' in shown


def test_a_word_is_explained_without_scripts_and_nothing_runs() -> None:
    shown = lesson_page(LESSON + '\n\n<button onclick="x()" type="submit" class="btn" form="f">a</button>').html
    assert '<button type="button" class="term" popovertarget="told-1">Altman</button>' in shown
    assert '<span class="term-told" id="told-1" popover="auto">Sam Altman, &lt;b&gt;샘 올트먼&lt;/b&gt;</span>' in shown
    assert "<button>a</button>" in shown


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("::: chekc bank/q\n:::", [(1, "unknown-directive")]),
        ("::: check q\n:::", [(1, "check-name")]),
        ("::: reveal\n:::", [(1, "empty-directive")]),
        ("::: note yesterday\nx\n:::", [(1, "note-date")]),
        ("text\n\n::: note 2025-01-01\nx\n\nmore", [(3, "open-directive")]),
        ("::: timeline\n- 2019\n:::", [(1, "no-date")]),
        ("::: steps\nfirst\n:::", [(1, "no-item")]),
        ("::: compare\nx\n:::", [(1, "no-table")]),
        ("::: figure Cap\nx\n:::", [(1, "no-image")]),
        ("::: figure Cap\n![](/x.png)\n:::", [(1, "no-alternative")]),
        ("::: figure\n![a cat](/x.png)\n:::", [(1, "no-caption")]),
        ("::: chart\nA -> B\nB -> C\n\nC -> A: back\nwhat\n:::", [(5, "chart-circle"), (6, "chart-line")]),
        ("::: chart\n:::", [(1, "empty-chart")]),
        ("::: chart\nA -> B\nA -> B: twice\n:::", [(3, "chart-twice")]),
        ("::: chart\n" + "\n".join(f"A -> B{n}" for n in range(16)) + "\n:::", [(1, "large-chart")]),
    ],
)
def test_a_mistake_is_told_with_its_line(written: str, said: list[tuple[int, str]]) -> None:
    found = directive_problems(written)
    assert [(one.line, one.code) for one in found] == said
    assert all(one.message and one.mend for one in found)


def test_an_unclosed_directive_ends_with_its_paragraph() -> None:
    page = lesson_page("::: reveal Why?\nbecause\n\n{#after}\nThe lesson goes on.")
    assert page.passages == {"after": "The lesson goes on."}
    page = lesson_page("::: reveal Why?\nbecause\n::: check bank/q\n:::")
    assert [one.name for one in page.directives] == ["reveal", "check"]


def test_a_chart_says_the_circle_and_draws_the_rest() -> None:
    chart, problems = read_chart([(1, "A -> B: owns"), (2, "B → C"), (3, "C -> A")])
    assert problems[0].values["circle"] == "A -> B -> C -> A"
    assert chart is not None
    first, *_ = chart.boxes
    assert [one.below for one in chart.below(first)] == ["B"]
    assert chart.above(first) == []
    assert chart.further(first) == ["C"]


def test_boxes_stand_below_one_another_and_beside_one_another_within_the_drawing() -> None:
    names = ["한국어 이름이 아주 길어서 여러 줄이 되는 회사", "B", "C", "D", "E"]
    chart, _ = read_chart([(n, f"Top -> {name}: controls it") for n, name in enumerate(names, 1)])
    assert chart is not None
    boxes = {one.name: one for one in chart.boxes}
    assert all(one.y > boxes["Top"].y + boxes["Top"].height for one in chart.boxes if one.name != "Top")
    for one in chart.boxes:
        assert one.x >= 0
        assert one.x + one.width <= chart.width
        assert one.y + one.height <= chart.height
        assert all(wide(text) * 13 <= one.width for text, _ in one.lines)
        for other in chart.boxes:
            apart = one.x + one.width <= other.x or one.y + one.height <= other.y
            assert one == other or apart or other.x + other.width <= one.x or other.y + other.height <= one.y


def test_words_are_wrapped_without_losing_a_letter() -> None:
    said = "a word averyveryverylongword 한국어"
    assert "".join("".join(wrapped(said, 5)).split()) == "".join(said.split())
    assert all(wide(one) <= 5 for one in wrapped(said, 5))
