"""An exam that was written down the rows of a table: its lines stand in one column, marks and answers beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from quizapp.errors import N_, Problem
from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.line import Line, Mark, Objects, tidy, with_objects
from quizapp.formats.exam_text.reader import Exam, read_exam
from quizapp.formats.exam_text.signs import label_at_start, start_of
from quizapp.formats.sheets.choice_rows import NO, YES
from quizapp.formats.sheets.columns import folded
from quizapp.formats.sheets.raw import RawRow

MOST_BESIDE = 40
"""Characters of an answer beside its question."""
FEWEST_LABELS = 2


def is_exam(rows: Sequence[RawRow]) -> bool:
    """Whether the rows are an exam's lines: most begin with a number or a label, and have at most one cell more."""
    firsts = [Line(next(iter(raw.filled.values())), 0) for raw in rows if raw.filled]
    starts = [bool(start_of(line)) for line in firsts]
    labels = sum(
        label_at_start(line) is not None for line, starting in zip(firsts, starts, strict=True) if not starting
    )
    narrow = sum(len(raw.filled) <= FEWEST_LABELS for raw in rows if raw.filled)
    return (
        any(starts)
        and labels >= FEWEST_LABELS
        and labels * 2 >= len(firsts) - labels
        and narrow * 10 >= len(firsts) * 9
    )


def read_exam_rows(rows: Iterable[RawRow], language: str | None, collector: Collector) -> None:
    own = Collector(collector.format)
    objects = Objects()
    own.report([READ_AS_EXAM])
    lines = [objects.hold(line) for raw in rows for line in lines_of(raw, objects)]
    collector.take_over(read_exam(Exam(lines, objects, own), language))


def lines_of(raw: RawRow, objects: Objects) -> Iterator[Line]:
    """The lines of a row; what stands beside a choice may mark it, and beside a question be its answer."""
    number = raw.line or 0
    if not raw.filled:
        yield Line("", number)
        return
    (at, first), *others = raw.filled.items()
    ways = sorted(raw.ways.get(at, ()))
    found = [line_of(words, number, ways, objects) for words in first.split("\n")]
    is_choice = label_at_start(found[0]) is not None and start_of(found[0]) is None
    for _, cell in others:
        if is_choice and folded(cell) in YES:
            found[-1] = Line(f"{found[-1].text} ✓", number, found[-1].marks)
        elif start_of(found[0]) and len(cell) <= MOST_BESIDE:
            found.append(Line(f"정답: {tidy(cell)}", number))
        elif not (is_choice and folded(cell) in NO):
            found[-1] = line_of(f"{found[-1].text}  {cell}", number, [], objects)
    yield from found


def line_of(words: str, number: int, ways: Iterable[str], objects: Objects) -> Line:
    text = with_objects(tidy(words), objects).strip()
    marks: tuple[Mark, ...] = tuple((0, len(text), way) for way in ways)
    return Line(text, number, marks)


READ_AS_EXAM = Problem(
    N_("The rows of this sheet were read as the lines of an exam."),
    code="exam-rows",
    severity="warning",
    mend=N_("Check the choices and the right answers of some of the questions."),
)
