"""What the documents say is there: the tests and files that they name, the addresses that they link to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMED_TEST = re.compile(r"`(test_\w+)`")
NAMED_FILE = re.compile(r"`((?:quizapp|tests|templates|docs|questions)/[\w./-]+\.\w+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
CODE = re.compile(r"`[^`\n]*`")
DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.fixture(scope="module")
def tests() -> set[str]:
    """The names of all tests."""
    sources = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)}


@DOCUMENT
def test_every_test_that_is_named_exists(document: Path, tests: set[str]) -> None:
    assert set(NAMED_TEST.findall(document.read_text())) - tests == set()


@DOCUMENT
def test_every_file_that_is_named_exists(document: Path) -> None:
    source = document.read_text()
    named = [ROOT / name for name in NAMED_FILE.findall(source)]
    linked = [document.parent / name for name in LINK.findall(CODE.sub("", source))]
    assert [str(path) for path in [*named, *linked] if not path.exists()] == []


def test_the_checklist_names_each_requirement_once() -> None:
    """Numbers of ASVS 4.0.3: ranges are spelled out, and none stands twice."""
    numbers: list[tuple[int, ...]] = []
    for line in (ROOT / "docs" / "security.md").read_text().splitlines():
        cell = re.match(r"\| (\d[^|]*) \|", line)
        for part in cell[1].split(",") if cell else []:
            first, _, last = part.strip().partition("–")
            begin, end = (tuple(map(int, one.split("."))) for one in (first, last or first))
            assert begin[:2] == end[:2], line
            numbers += [(*begin[:2], number) for number in range(begin[2], end[2] + 1)]
    assert len(numbers) > 200
    assert len(numbers) == len(set(numbers)), [number for number in numbers if numbers.count(number) > 1]


def test_the_settings_of_a_quiz_are_described_as_they_are() -> None:
    from quizapp.content import reference

    assert (ROOT / "docs" / "quiz-settings.md").read_text() == reference.page(), "make docs"


def test_the_formats_are_described_as_they_are() -> None:
    from tests.formats import page

    assert (ROOT / "docs" / "formats.md").read_text() == page.made(), "make docs"


def test_every_package_has_a_licence_and_is_listed() -> None:
    """All that this Python needs; another one may need a few others."""
    from tests import licences

    rows = licences.rows()
    assert len(rows) > 30
    assert [row for row in rows if row.endswith("|  |\n")] == []
    assert set(rows) - set((ROOT / "docs" / "licences.md").read_text().splitlines(keepends=True)) == set(), "make docs"
