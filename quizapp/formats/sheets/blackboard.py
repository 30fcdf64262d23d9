"""Blackboard's files of tabs: the kind of question, its text, and behind it what the kind needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from quizapp.errors import N_
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.plain_text import as_plain
from quizapp.formats.sheets.columns import Column, folded
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.reader import take_row
from quizapp.formats.sheets.row import QuestionRow, RowError

TYPES = frozenset(
    {
        "MC",
        "MA",
        "TF",
        "ESS",
        "SR",
        "ORD",
        "MAT",
        "FIB",
        "NUM",
        "FIL",
        "OP",
        "FIB_PLUS",
        "JUMBLED_SENTENCE",
        "QUIZ_BOWL",
    }
)
FEWEST_CELLS = 2
RIGHT = {"correct": True, "incorrect": False}
Cells = dict[str, str]


def is_blackboard(rows: Sequence[RawRow]) -> bool:
    """Whether each of the first rows begins with a kind as Blackboard names it."""
    filled = [raw for raw in rows if raw.filled]
    return bool(filled) and all(raw.values[0].strip() in TYPES and len(raw.filled) >= FEWEST_CELLS for raw in filled)


def read_blackboard(rows: Iterable[RawRow], language: str | None, collector: Collector) -> None:
    for raw in rows:
        if not raw.filled:
            continue
        if collector.is_full:
            collector.refuse_many(raw.line, raw.place)
            break
        kind, question, *rest = [*map(str.strip, raw.values), *[""] * (FEWEST_CELLS - len(raw.values))]
        while rest and not rest[-1]:
            rest.pop()
        if kind in ("ESS", "SR"):
            take_essay(raw, question, rest, language or language_of(question), collector)
            continue
        try:
            cells = CELLS[kind](rest) if kind in CELLS else unknown(kind)
        except RowError as error:
            collector.fail([error.problem], raw.line, raw.place)
            continue
        row = QuestionRow(
            {column(name): value for name, value in {"question": question, **cells}.items() if value},
            raw.line,
            raw.place,
        )
        take_row(row, language, collector)


def column(name: str) -> Column:
    """The column of `choice 2`, or of a name alone."""
    word, _, number = name.partition(" ")
    return Column(word, int(number or 0))


def numbered(texts: Iterable[str]) -> Cells:
    return {f"choice {number}": text for number, text in enumerate(texts, 1)}


def choices(rest: Sequence[str], kind: str) -> Cells:
    """Pairs of a choice and whether it is right."""
    texts, signs = rest[::2], [RIGHT.get(folded(sign)) for sign in rest[1::2]]
    if len(texts) != len(signs) or None in signs:
        raise RowError(
            N_("Behind each choice has to stand whether it is right."),
            "no-right",
            mend=N_("Write “correct” or “incorrect” into the cell behind each choice."),
        )
    right = [str(number) for number, sign in enumerate(signs, 1) if sign]
    return {"kind": kind, "answer": ", ".join(right), **numbered(texts)}


def pairs(rest: Sequence[str]) -> Cells:
    sides = [text.replace("=", "\\=") for text in rest]
    if len(sides) % 2:
        raise RowError(N_("“%(text)s” is not a pair."), "pair", text=rest[-1][:80])
    return {
        "kind": "match",
        **numbered(f"{left} = {right}" for left, right in zip(sides[::2], sides[1::2], strict=True)),
    }


def typed(rest: Sequence[str]) -> Cells:
    return {"kind": "text", "answer": " | ".join(text.replace("|", "\\|") for text in rest if text)}


def number(rest: Sequence[str]) -> Cells:
    if len(rest) > len(("answer", "tolerance")):
        raise RowError(N_("“%(text)s” is not a number."), "number", text=", ".join(rest)[:40])
    return {"kind": "number", **dict(zip(("answer", "tolerance"), rest, strict=False))}


def unknown(kind: str) -> Cells:
    raise RowError(
        N_("Blackboard's question type “%(kind)s” can't be read from this file."),
        "kind",
        mend=N_("Export the pool as a QTI 2.1 package, or write the question again here."),
        kind=kind,
    )


CELLS: dict[str, Callable[[Sequence[str]], Cells]] = {
    "MC": lambda rest: choices(rest, "choice"),
    "MA": lambda rest: choices(rest, "multiple"),
    "TF": lambda rest: {"kind": "truefalse", "answer": " | ".join(rest)},
    "ORD": lambda rest: {"kind": "order", **numbered(rest)},
    "MAT": pairs,
    "FIB": typed,
    "NUM": number,
}


def take_essay(raw: RawRow, question: str, rest: Sequence[str], language: str, collector: Collector) -> None:
    """A question that a person grades, with the model answer for them."""
    notes = "\n".join(rest)
    response = {"grader_notes": as_plain({language: notes})} if notes else {}
    item = Item(kind="essay", stem=as_plain({language: question}), response=response)
    collector.take(item, (), raw.line, raw.place)
