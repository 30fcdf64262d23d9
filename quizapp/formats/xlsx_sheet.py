"""XLSX: our sheet as an Excel workbook. Every sheet with our headings is read; other sheets are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from openpyxl.worksheet.datavalidation import DataValidation

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.sheets.answer_sheet import answer_key, keys_by_sheet
from quizapp.formats.sheets.columns import WORDS_OF_KIND, columns_of
from quizapp.formats.sheets.layout import HEADINGS_WITHIN
from quizapp.formats.sheets.losses import losses_of_row
from quizapp.formats.sheets.table import no_headings, no_question, read_table, sheet_left_out
from quizapp.formats.sheets.template import COLUMNS, GUIDE, examples, headings, sample
from quizapp.formats.sheets.writer import cells_of, sheet_of
from quizapp.formats.workbook import MAX_CELL, NOT_IN_CELLS, Sheet, is_workbook, saved, sheets_in, workbook

NAME = "xlsx"
LABEL = N_("Sheet (Excel)")
SUFFIXES = (".xlsx",)
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

QUESTIONS = {"ko": "문제", "en": "Questions"}
GUIDE_NAME = {"ko": "안내", "en": "Guide"}
ROWS_OF_TEMPLATE = 1000


def sniff(data: bytes) -> float:
    if not is_workbook(data):
        return 0.0
    try:
        found = sheets_in(data, HEADINGS_WITHIN + 1)
    except FormatError:
        return 0.2
    return 0.9 if any(columns_of(row.values) for one in found for row in one.rows) else 0.3


def read(data: bytes, language: str | None = None, chosen: Mapping[str, Sequence[str]] | None = None) -> Reading:
    try:
        found = sheets_in(data)
    except FormatError as error:
        return unreadable(error)
    collector = Collector(NAME)
    keys = {sheet.name: key for sheet in found if (key := answer_key(sheet.name, sheet.rows))}
    asking = [sheet for sheet in found if sheet.name not in keys and sheet.name not in GUIDE_NAME.values()]
    key_of, problems = keys_by_sheet([(sheet.name, sheet.rows) for sheet in asking], list(keys.values()))
    collector.report(problems)

    def is_read(sheet: Sheet, by_content: bool = False) -> bool:
        return read_table(sheet.rows, language, collector, chosen, sheet.name, key_of.get(sheet.name), by_content)

    known = [sheet for sheet in asking if is_read(sheet)]
    known = known or [sheet for sheet in asking if is_read(sheet, by_content=True)]
    if not known:
        collector.report([no_headings()], place=found[0].name if found else "")
        return collector.reading
    for sheet in found:
        if sheet.name not in keys:
            collector.report(remarks_of(sheet, sheet in known))
    for key in keys.values():
        collector.report(key.unused())
    if not collector.reading.found:
        collector.report([no_question()], place=found[0].name)
    return collector.reading


def remarks_of(one: Sheet, is_known: bool) -> Iterator[Problem]:
    """What is to be said of a whole sheet: that it was left out, and that merged cells were filled in."""
    if is_known and one.merged:
        yield Problem(
            N_("Merged cells were read as if each row had their value: %(cells)s."),
            {"cells": ", ".join(one.merged[:10])},
            code="merged",
            severity="warning",
            place=one.name,
        )
    if is_known and one.hidden:
        yield Problem(
            N_("This sheet is hidden in Excel; it was read as well.")
            if one.hidden == "sheet"
            else N_("Rows that are hidden in Excel were read as well: %(rows)s."),
            {"rows": one.hidden},
            code="hidden",
            severity="warning",
            place=one.name,
            mend=N_("Delete what isn't to be imported."),
        )
    if not is_known and one.name not in GUIDE_NAME.values() and any(row.filled for row in one.rows):
        yield sheet_left_out(one.name)


def carries(item: Item) -> list[Problem]:
    """What a row loses, and what no cell of Excel holds."""
    problems = losses_of_row(item)
    if any(problem.is_error for problem in problems):
        return problems
    for column, value in cells_of(item, "en").items():
        if len(value) > MAX_CELL or NOT_IN_CELLS.search(value):
            problems.append(
                Problem(
                    N_("“%(column)s” is longer than %(limit)s characters or has a character that Excel can't hold."),
                    {"column": column.name, "limit": MAX_CELL},
                    code="cell",
                )
            )
    return problems


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    language = "ko" if any("ko" in item.languages for item in items) else "en"
    return saved(workbook([(QUESTIONS[language], sheet_of(items))]))


def template(language: str) -> bytes:
    """A blank workbook with an example of each kind, a list of the kinds to choose from, and a guide."""
    rows = [headings(language), *examples(language)]
    blank = [[""] * len(COLUMNS)] * 200  # text cells, so that Excel makes no dates of answers
    guide = [[GUIDE_NAME[language]], *([line] for line in GUIDE[language])]
    book = workbook([(QUESTIONS[language], [*rows, *blank]), (GUIDE_NAME[language], guide)])
    sheet = book.worksheets[0]
    names = [words[language][0] for kind, words in WORDS_OF_KIND.items() if kind]
    choice = DataValidation(type="list", formula1=f'"{",".join(names)}"', allow_blank=True, showErrorMessage=False)
    choice.add(f"A2:A{ROWS_OF_TEMPLATE}")
    sheet.add_data_validation(choice)
    return saved(book)


SAMPLE = saved(workbook([(QUESTIONS["ko"], sample())]))
