"""What headings leave open, told by the cells: which of two columns is the question, and choices of any name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence

from quizapp.formats.sheets.columns import Column
from quizapp.formats.sheets.guessing import CHOICE_KEYS, TableCells, is_passed_over

NUMBER = re.compile(r"(?:문제|문항|문|q)?\.?[0-9]{1,4}[.)번]?")
FAMILY = re.compile(r"(?P<name>.*[^\W\d_])[\W_]*(?:(?P<number>[1-9]|1[0-9])|(?<=[\W_])(?P<letter>[a-h]))번?[\W_]*")
"""A heading that is one of several: `선택1`, `Distractor (2)`, `item-B`."""
FEWEST = 2


def columns_completed(
    headings: Sequence[str], columns: Mapping[int, Column], rows: Sequence[Sequence[str]]
) -> tuple[dict[int, Column], bool]:
    """The columns with what their cells say of them, and whether that was needed."""
    found = dict(columns)
    table = TableCells(rows)
    asked = [place for place, column in found.items() if column == Column("question")]
    numbers = [place for place in asked if table.are_folded(place, NUMBER)]
    if len(numbers) < len(asked):
        found |= {place: Column("number") for place in numbers}
    names = {column.name for column in found.values()}
    answers = [place for place, column in found.items() if column.name == "answer"]
    if len(answers) == 1 and not names & {"choice", "wrong"}:
        found |= {place: Column("choice", number) for number, place in family(headings, found, table, answers[0])}
    return found, found != columns


def family(
    headings: Sequence[str], columns: Mapping[int, Column], table: TableCells, answer: int
) -> list[tuple[int, int]]:
    """The numbers and places of columns headed alike of which the answers name one, or repeat its words."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for place, heading in enumerate(headings):
        match = FAMILY.fullmatch(unicodedata.normalize("NFKC", heading).casefold().strip())
        if match and place not in columns and not is_passed_over(heading):
            number = int(match["number"]) if match["number"] else ord(match["letter"]) - ord("a") + 1
            found[match["name"]].setdefault(number, place)
    for members in found.values():
        numbered = sorted(members.items())
        if len(numbered) < FEWEST or [number for number, _ in numbered] != list(range(1, len(numbered) + 1)):
            continue
        if table.name_or_repeat(answer, [place for _, place in numbered], CHOICE_KEYS):
            return numbered
    return []
