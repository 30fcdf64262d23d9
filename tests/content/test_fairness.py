"""What the courses that we ship promise of their questions, measured over each; `docs/courses/` has it in words.

Each measure is a function that gives what it finds, so that a planted fault shows that it can find something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from quizapp.config import bundled
from quizapp.content.folder import CourseFolder, read_course
from quizapp.formats.items import Item
from quizapp.formats.schema import texts
from quizapp.rules.authoring import MOST_TELLING, is_extreme, lengths_of
from tests.content import facts
from tests.content.folders import COURSE

COURSES = sorted(one.parent.name for one in bundled("questions").glob("*/course.yaml"))
ENDS = re.compile(r"(니까\?|니다\.)$")


@cache
def course(slug: str) -> CourseFolder:
    return read_course(bundled("questions") / slug)


def items_of(slug: str) -> list[Item]:
    return [item for reading in course(slug).banks.values() for item in reading.items]


def by_id(slug: str, id: str) -> Item:
    """A copy of one item, to be spoilt."""
    return deepcopy(next(item for item in items_of(slug) if item.id == id))


# --- the measures ---


def share_of_extremes(items: list[Item], language: str, pick: Any) -> float:
    """The share of single choices whose key alone is the shortest or the longest."""
    known = [found for item in items if (found := lengths_of(item, language))]
    return sum(is_extreme(found, pick) for found in known) / len(known)


def silent(items: list[Item]) -> Iterator[str]:
    """Options, rows and gaps without feedback in both languages; orderings and essays have it as a whole."""
    for item in items:
        parts = [*item.response.get("choices", ()), *item.response.get("rows", ()), *item.response.get("answers", ())]
        for gap in item.response.get("gaps", ()):
            parts += [*gap.get("choices", ()), *gap.get("answers", ())]
        if item.kind == "truefalse":
            parts = [{"feedback": item.response.get("feedback", {}).get(key)} for key in ("true", "false")]
        if item.kind in ("order", "essay"):
            parts = [{"feedback": item.feedback.get("general") or item.feedback.get("solution")}]
        yield from (item.id for part in parts if set(part.get("feedback") or ()) != {"ko", "en"})


def shallow(items: list[Item]) -> Iterator[str]:
    """Items that are said to be hard, and stand on one passage."""
    for item in items:
        passages = {(one["lesson"], one["anchor"]) for one in item.citations}
        if item.difficulty == 3 and len(passages) < 2:
            yield item.id


def years_told(items: list[Item]) -> Iterator[tuple[str, str]]:
    """A year that an item asks for, and an item that tells it before it is answered and may be drawn with the other."""
    drawn = [item for item in items if not item.use]
    for item in drawn:
        keys = [one["value"] for one in item.response.get("answers", ()) if one.get("fraction") == 1 and "value" in one]
        for year in (key for key in keys if re.fullmatch("(19|20)[0-9]{2}", key)):
            for other in drawn:
                met = other.id in item.enemies or item.id in other.enemies
                if other is not item and not met and re.search(rf"{year}(?!\d|-\d|년 \d)", shown(other)):
                    yield item.id, other.id


def shown(item: Item) -> str:
    """What an item shows in Korean before it is answered."""
    body = item.response
    entries = [entry for name in ("choices", "options", "rows", "items") for entry in body.get(name, [])]
    found = [item.stimulus, item.stem, body.get("text", {}), *(entry["text"] for entry in entries)]
    return "\n".join(text.get("ko", "") for text in found)


def unlike(items: list[Item]) -> Iterator[str]:
    """Korean stems that neither ask nor state in the register of lessons."""
    for item in items:
        written = re.sub(r"<[^>]+>", "", item.stem.get("ko", "")).strip()
        if not ENDS.search(written):
            yield item.id


# --- what they find ---


@pytest.mark.parametrize("slug", COURSES)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("pick", [min, max])
def test_a_key_s_length_tells_nothing(slug: str, language: str, pick: Any) -> None:
    assert share_of_extremes(items_of(slug), language, pick) <= MOST_TELLING


def test_a_telling_length_is_measured() -> None:
    items = [deepcopy(item) for item in items_of(COURSE)]
    for item in items:
        for one in item.response.get("choices", ()) if item.kind == "choice" else ():
            one["text"]["ko"] = "짧다" if one["fraction"] == 1 else "이것은 길다"
    assert share_of_extremes(items, "ko", min) == 1
    assert share_of_extremes(items, "ko", max) == 0


@pytest.mark.parametrize("slug", COURSES)
def test_every_option_row_and_gap_teaches(slug: str) -> None:
    assert list(silent(items_of(slug))) == []


@pytest.mark.parametrize("id", ["board-leader", "board-nature", "board-guardian-cloze", "structure-own-site"])
def test_a_missing_feedback_is_found(id: str) -> None:
    item = by_id(COURSE, id)
    body = item.response
    parts = body["gaps"][0]["choices"] if "gaps" in body else body.get("choices") or body.get("rows")
    del (parts[0]["feedback"] if parts else body["feedback"]["true"])["en"]
    assert list(silent([item])) == [id]


@pytest.mark.parametrize("slug", COURSES)
def test_what_is_hard_needs_more_than_one_passage(slug: str) -> None:
    assert list(shallow(items_of(slug))) == []
    hard = next(deepcopy(item) for item in items_of(slug) if item.difficulty == 3)
    hard.citations = hard.citations[:1] * 2
    assert list(shallow([hard])) == [hard.id]


@pytest.mark.parametrize("slug", COURSES)
def test_no_question_tells_a_year_that_another_asks_for(slug: str) -> None:
    assert list(years_told(items_of(slug))) == []


def test_a_told_year_is_found() -> None:
    asks, tells = by_id(COURSE, "funding-agreement-year"), by_id(COURSE, "funding-agreement-terms")
    asks.enemies, tells.enemies = [], []
    assert list(years_told([asks, tells])) == [(asks.id, tells.id)]


@pytest.mark.parametrize("slug", COURSES)
def test_stems_keep_one_register(slug: str) -> None:
    assert list(unlike(items_of(slug))) == []
    item = by_id(slug, items_of(slug)[0].id)
    item.stem["ko"] = "누구일까요?"
    assert list(unlike([item])) == [item.id]


# --- the words ---


def korean(slug: str) -> Iterator[tuple[str, str]]:
    for item in items_of(slug):
        yield from ((item.id, text["ko"]) for _path, text in texts(item.to_json()) if "ko" in text)
    yield from ((lesson.slug, lesson.body["ko"]) for lesson in course(slug).lessons.values())


@pytest.mark.parametrize("slug", COURSES)
def test_one_word_for_one_thing(slug: str) -> None:
    """`코스` is 과정, the article is 글, and the timeline 연표."""
    assert [(id, word) for id, text in korean(slug) for word in ("코스", "이 기사", "시간표") if word in text] == []


def test_names_are_spelt_as_the_glossary_says() -> None:
    """The standard's spelling stands in the glossary, in explained words and among accepted answers only."""
    board = course(COURSE).lessons["board"].body["ko"]
    rows = re.findall(r"^\| ([A-Z][\w' ]+) \| ([^|]+) \| ([^|]+) \|$", board, re.MULTILINE)
    assert len(rows) >= 12
    standard = {row[2].strip().split()[-1] for row in rows if row[2].strip() not in row[1]} - {"매콜리", "잡스"}
    assert {"올트먼", "브록먼", "수츠케버", "시어"} <= standard
    for id, text in korean(COURSE):
        plain = re.sub(r"\(term: \"[^\"]*\"\)|^\|.*\|$", "", text, flags=re.MULTILINE)
        found = [
            name for name in standard if re.search(rf"(?<![가-힣]){name}(?=[이가은는을를과와의도만에 .,’)]|$)", plain)
        ]
        assert not found, (id, found)


# --- the table of facts ---


def rows_of_facts() -> list[list[str]]:
    table = (bundled("docs") / "courses" / f"{COURSE}.md").read_text()
    return [
        [cell.strip() for cell in row.split(" | ")] for row in re.findall(r"^\| (\d+ \| .*) \|$", table, re.MULTILINE)
    ]


def test_what_follows_from_the_course_is_as_make_docs_writes_it() -> None:
    written = facts.PAGE.read_text()
    assert facts.page(written, course(COURSE)) == written, "make docs"
    assert facts.page(written.replace("| 40 |", "| 41 |").replace("Of 10", "Of 20"), course(COURSE)) == written
    forgotten = facts.page(written.replace("`timeline-planned`, ", ""), course(COURSE))
    assert "`timeline-longest-order`, `timeline-planned`, `writing-evaluate-forecast`" in forgotten
    assert (
        facts.page(written.replace("| `check-board-chain` | `board#how-possible-list` |\n", ""), course(COURSE))
        == written
    )


def test_every_fact_is_asked_or_says_why_not() -> None:
    rows = rows_of_facts()
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    asked = [row for row in rows if re.match(r"`[a-z0-9-]+`", row[3])]
    assert all(re.match(r"not asked: \S+ \S+", row[3]) for row in rows if row not in asked)
    words = (bundled("docs") / "courses" / f"{COURSE}.md").read_text()
    assert f"Of {len(rows)} facts, {len(asked)} are asked; the other {len(rows) - len(asked)} say why not." in words


def test_a_fact_s_items_cite_its_passage_s_lesson_or_say_so() -> None:
    """Who asks a fact stands on one of the passages that teach it."""
    cited = {item.id: {f"{one['lesson']}#{one['anchor']}" for one in item.citations} for item in items_of(COURSE)}
    for _number, fact, passages, asked in rows_of_facts():
        taught = set(re.findall(r"`([a-z]+#[a-z0-9-]+)`", passages))
        items = re.findall(r"`([a-z0-9-]+)`", asked) if asked.startswith("`") else []
        assert not items or any(taught & cited[id] for id in items), fact
