"""Lists of answers in tables: below headings, behind them, or with each cell on a line of its own.

번호 | 정답 | 배점        번호 | 1 | 2        번호
1 | ⑤ | 3              정답 | ⑤ | 응고      정답
2 | 응고 | 4            배점 | 3 | 4        1
                                         ⑤
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from quizapp.formats.exam_text.labels import LABELS
from quizapp.formats.exam_text.line import OBJECT, TABLE_RULE, Line, Objects, with_objects

NAMES = {
    "number": re.compile(r"(?:(?:문항|문제)\s*번호|번호|문번|문항|문제|No\.?|Questions?)\s*:?", re.IGNORECASE),
    "key": re.compile(r"(?:정\s?답|답|Answers?|Keys?)\s*:?", re.IGNORECASE),
    "points": re.compile(r"(?:배점|점수|Points?)\s*:?", re.IGNORECASE),
    "solution": re.compile(r"(?:해설|풀이|Explanations?)\s*:?", re.IGNORECASE),
    "level": re.compile(r"(?:난이도|Difficulty)\s*:?", re.IGNORECASE),
    "unit": re.compile(r"(?:단원|Unit|Category)\s*:?", re.IGNORECASE),
}
"""What the headings of columns and rows call their cells."""
BETWEEN = (
    re.compile(r"\s{0,40}\|\s*"),
    re.compile(r"\s{2,}"),
    re.compile(r"\s/\s"),
    re.compile(r"(?<!문항)(?<!문제)(?<!정)\s+|\s+(?!번호|답)"),
)
"""What parts the cells of a line: the first of them that it has."""
IS_NUMBER = re.compile(r"[\[(]?\s*(?:문항|문제|문)?\s*(\d{1,3})\s*(?:번|[.)\]])?")
LOOK = 12
IS_POINTS = re.compile(r"\d{1,4}(?:\.\d{1,3})?\s*점?")
SOLUTIONS = re.compile(
    r"[\[(<■◆▶※*#\-\s]*(?:정답\s*)?(?:해설|풀이|Explanations?|Solutions?)[\])>*\-\s]*:?", re.IGNORECASE
)
"""A heading below which the answers are explained."""
Columns = dict[str, list[Line]]
"""The cells below each other, by what their heading calls them."""


@dataclass(frozen=True)
class Row:
    """What a table says of a question: its cells by what their heading calls them."""

    number: int
    cells: dict[str, Line]


@dataclass
class Table:
    """The rows of a table, how many lines it has, and those that don't fit."""

    height: int = 1
    rows: list[Row] = field(default_factory=list)
    unread: list[Line] = field(default_factory=list)


def table_at(lines: Sequence[Line], place: int) -> Table | None:
    """The table that begins at this line, if one does."""
    if not lines[place].text:
        return None
    if names := names_in(lines[place]):
        return by_columns(lines, place, names)
    if numbers_behind(lines[place]):
        return by_rows(lines, place)
    return by_lines(lines, place) if begins_lines(filled(lines, place)) else None


def begins_table(lines: Sequence[Line]) -> bool:
    """Whether a table begins with the first of some lines that aren't empty."""
    if len(lines) < 2:
        return False
    if names := names_in(lines[0]):
        below = next((line for line in lines[1:] if not is_rule(line)), lines[0])
        return bool(rows_in(below, names))
    return bool(numbers_behind(lines[0])) or begins_lines(lines)


def filled(lines: Sequence[Line], place: int) -> list[Line]:
    """The next lines that aren't empty, as many as tell what begins there."""
    return [line for line in lines[place : place + LOOK] if line.text]


def is_rule(line: Line) -> bool:
    return not line.plain.strip("|-+:= ") or TABLE_RULE.fullmatch(line.plain) is not None


def name_of(cell: Line) -> str:
    """What a heading says that its cells are; "" if it is none."""
    return next((name for name, words in NAMES.items() if words.fullmatch(cell.plain)), "")


def cells_of(line: Line, most: int | None = None) -> list[Line]:
    """The cells of a line, the blank ones between two marks too. `most`: so many where only spaces part them."""
    between = next((one for one in BETWEEN if one.search(line.plain)), BETWEEN[-1])
    found = list(between.finditer(line.plain))
    found = found[: most - 1] if most and between is BETWEEN[-1] else found
    starts, ends = [0, *(one.end() for one in found)], [*(one.start() for one in found), len(line.text)]
    return [line.cut(start, end) for start, end in zip(starts, ends, strict=True)]


def number_in(cell: Line) -> int | None:
    found = IS_NUMBER.fullmatch(cell.plain)
    return int(found[1]) if found else None


def count_on(numbers: Sequence[int | None]) -> bool:
    return None not in numbers and all(later == (earlier or 0) + 1 for earlier, later in pairwise(numbers))


# --- headings above ---


def names_in(line: Line) -> list[str]:
    """What the columns below a line of headings are; [] if it is none."""
    names = [name_of(cell) for cell in cells_of(line)] if line.text else []
    return names if "" not in names and {"number", "key"} <= {*names} else []


def period(names: list[str]) -> list[str]:
    """The names up to where they begin again; all of them if they don't."""
    size = next((at for at in range(1, len(names)) if names[at] == names[0]), len(names))
    return names[:size] if names == names[:size] * (len(names) // size) else names


def by_columns(lines: Sequence[Line], place: int, names: list[str]) -> Table:
    found = Table()
    for line in takewhile(
        lambda line: not line.text or is_rule(line) or IS_NUMBER.match(line.plain), rest(lines, place)
    ):
        rows = rows_in(line, names)
        found.rows += rows
        found.unread += [] if rows or not line.text or is_rule(line) else [line]
        found.height += 1
    return found


def rest(lines: Sequence[Line], place: int) -> Iterator[Line]:
    """The lines below one."""
    return (lines[at] for at in range(place + 1, len(lines)))


def rows_in(line: Line, names: list[str]) -> list[Row]:
    """The rows of a table that a line holds; [] where it doesn't fit. The last cell may have several words."""
    group, cells = period(names), cells_of(line, len(names) if names[-1] == "key" else None)
    if len(cells) > len(names):
        return []
    chunks = [cells[at : at + len(group)] for at in range(0, len(cells), len(group))]
    chunks = [chunk for chunk in chunks if any(cell.text for cell in chunk)]
    rows = [row_of(dict(zip(group, chunk, strict=False))) for chunk in chunks if len(chunk) == len(group)]
    return [row for row in rows if row] if len(rows) == len(chunks) and None not in rows else []


def row_of(cells: dict[str, Line]) -> Row | None:
    number, points = number_in(cells["number"]), cells.get("points")
    if number is None or (points and points.text and not IS_POINTS.fullmatch(points.plain)):
        return None
    return Row(number, {name: cell for name, cell in cells.items() if name != "number" and cell.text})


# --- headings before ---


def numbers_behind(line: Line) -> list[int | None]:
    """The numbers of the questions behind a heading that says so; [] if there is none."""
    first, *others = cells_of(line)
    numbers = [number_in(cell) for cell in others] if name_of(first) == "number" else []
    return numbers if len(numbers) > 1 and None not in numbers else []


def by_rows(lines: Sequence[Line], place: int) -> Table:
    found = Table()
    columns: Columns = {"number": cells_of(lines[place])[1:]}
    for line in rest(lines, place):
        name, cells = name_of(cells_of(line)[0]), cells_of(line)[1:]
        if (line.text and not is_rule(line) and not name) or name in columns:
            break
        found.height += 1
        if name and len(cells) == len(columns["number"]):
            columns[name] = cells
        elif name:
            found.unread.append(line)
    rows = rows_by(columns)
    found.rows += [row for row in rows if row]
    found.unread += [columns["number"][at] for at, row in enumerate(rows) if row is None]
    return found


def rows_by(columns: Columns) -> list[Row | None]:
    """The rows that columns of the same length make; None for one that doesn't fit."""
    return [row_of(dict(zip(columns, cells, strict=True))) for cells in zip(*columns.values(), strict=True)]


# --- each cell on a line of its own ---


def begins_lines(lines: Sequence[Line]) -> bool:
    """Whether a table begins here of which each line is a cell: with headings, or with a number, its answer and the
    next number."""
    numbers = [number_in(line) for line in lines]
    if name_of(lines[0]) == "number":
        below = next((at for at, line in enumerate(lines) if not name_of(line)), 0)
        names = [name_of(line) for line in lines[:below]]
        return below > 0 and numbers[below] is not None and ("key" in names or count_on(numbers[1:3]))
    return lines[0].plain.isdigit() and len(lines) > 2 and (numbers[0] or 0) + 1 in numbers[1:3]


def by_lines(lines: Sequence[Line], place: int) -> Table:
    """The cells down to a heading or a label, if they fit all together."""
    run = list(takewhile(lambda line: not is_beyond(line), rest(lines, place - 1)))
    cells = [line for line in run if line.text]
    found = list(columns_in(headed(cells)))
    if all(map(fits, found)):
        return Table(len(run), [row for columns in found for row in rows_by(columns) if row])
    return Table(len(run), unread=cells)


def is_beyond(line: Line) -> bool:
    label = LABELS.match(line.plain)
    return SOLUTIONS.fullmatch(line.plain) is not None or (label is not None and label.end() < len(line.text))


def headed(cells: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Headings, each with the cells behind it."""
    found: list[tuple[str, list[Line]]] = []
    for line in cells:
        name = name_of(line)
        if name or not found:
            found.append((name, []))
        if not name:
            found[-1][1].append(line)
    return found


def columns_in(parts: Sequence[tuple[str, list[Line]]]) -> Iterator[Columns]:
    """The columns that headings and the cells behind them make: behind each of them its own, or behind the last all."""
    names, cells = [name for name, _ in parts], parts[-1][1]
    if names == [""]:
        half = len(cells) // 2
        in_turn = not count_on([number_in(cell) for cell in cells[:half]])
        numbers, keys = (cells[::2], cells[1::2]) if in_turn else (cells[:half], cells[half:])
        yield {"number": numbers, "key": keys}
    elif not any(part for _, part in parts[:-1]):
        names = period(names)
        yield {name: cells[at :: len(names)] for at, name in enumerate(names)}
    else:
        starts = [at for at, name in enumerate(names) if name == "number"]
        yield from (dict(parts[start:end]) for start, end in pairwise([*starts, len(parts)]))


def fits(columns: Columns) -> bool:
    """Whether the columns have a number and an answer in each row, and the numbers count on: so no cell is missing."""
    numbers = [number_in(cell) for cell in columns.get("number", ())]
    same = {len(cells) for cells in columns.values()} == {len(numbers)}
    return same and "key" in columns and len(numbers) > 0 and count_on(numbers) and None not in rows_by(columns)


# --- tables of Markdown ---


def opened(lines: Sequence[Line], objects: Objects) -> list[Line]:
    """The lines of an exam, with a line for each row of a table that lists answers."""
    return [row for line in lines for row in (rows_of(line, objects) if OBJECT.fullmatch(line.text) else [line])]


def rows_of(line: Line, objects: Objects) -> list[Line]:
    """The rows of a table that lists answers, as lines; the line itself, if it is none."""
    written = objects.of(line.text).split("\n")
    rows = [Line(row.strip()[1:-1].strip(), line.number + at) for at, row in enumerate(written)]
    if not written[0].startswith("|") or not (names_in(rows[0]) or numbers_behind(rows[0])):
        return [line]
    return [replace(row, text=with_objects(row.text, objects)) for row in rows]
