"""What a row of our sheet loses of an item: it is written and read again, so that no loss goes unreported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.losses import FIELDS, loss, lost_fields
from quizapp.formats.plain_text import as_plain
from quizapp.formats.sheets.bodies import BODIES
from quizapp.formats.sheets.columns import UNKNOWN_HEADING, column_of, heading_of
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.table import no_question, read_table
from quizapp.formats.sheets.writer import cells_of, sheet_of
from quizapp.kinds.base import nfc

CHANGEABLE = (
    "id",
    "stem",
    "title",
    "stimulus",
    "category",
    "tags",
    "objectives",
    "difficulty",
    "citations",
    "enemies",
    "use",
    "points",
)
CARRIED = (*CHANGEABLE, "feedback")
CALLED = FIELDS | {"stem": N_("the question")}


def losses_of_row(item: Item) -> list[Problem]:
    """The fields and languages without a column, and what reading the row again shows."""
    if item.kind not in BODIES:
        return [Problem(N_("A sheet has no rows for this kind of question."), code="kind")]
    problems = [*lost_fields(item, CARRIED)]
    if set(item.feedback) - {"general"}:
        problems.append(
            loss(N_("Of the feedback for different outcomes, only the general one is written."), "lost-moments")
        )
    columns = [*lost_columns(item)]
    again = read_again(item)
    if not again.items:
        first = next(iter([*again.errors, *columns, no_question()]))
        return [Problem(first.template, first.values, code="unwritable")]
    return [*problems, *columns, *differences(item, again.items[0])]


def lost_columns(item: Item) -> Iterator[Problem]:
    """A loss for each heading that can't be read back: a choice above 99, a language such as pt-BR."""
    for column in cells_of(item, "en"):
        heading = heading_of(column, "en")
        if column_of(heading) != column:
            yield loss(UNKNOWN_HEADING, "lost-column", heading=heading)


def read_again(item: Item) -> Reading:
    """The item's table as a file gives it back."""
    collector = Collector("")
    rows = ([nfc(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in row] for row in sheet_of([item]))
    read_table(map(RawRow, rows), None, collector)
    return collector.reading


def differences(item: Item, back: Item) -> list[Problem]:
    """Losses that show only when the row is read again."""
    changed = [name for name in CHANGEABLE if level(getattr(item, name)) != level(getattr(back, name))]
    if item.feedback.get("general") and level(item.feedback["general"]) != level(back.feedback.get("general")):
        changed.append("feedback")
    problems = [loss(N_("Writing it into a sheet changes %(what)s."), "changed", what=CALLED[name]) for name in changed]
    if level(item.response) != level(back.response) or item.kind != back.kind:
        problems.append(
            loss(N_("Partial scores, identifiers, units or other details of the answers are left out."), "lost-details")
        )
    return problems


def level(value: Any) -> Any:
    """The value without what makes no difference: texts marked as plain that read the same anyway."""
    if isinstance(value, dict):
        value = {key: level(part) for key, part in value.items()}
        is_text = value.get("format") == "plain" and all(isinstance(part, str) for part in value.values())
        return as_plain({key: part for key, part in value.items() if key != "format"}) if is_text else value
    return [level(part) for part in value] if isinstance(value, list) else value
