"""The fields of forms for structured things, questions and quizzes, and the way between a form and what it writes.

A form repeats the written shape of the thing: a field's name is the key, a `Part` is a mapping, a `Rows` a list. So one
function reads every form, and a problem's path leads to its field.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] -- the stubs lag behind
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.widgets import CheckboxInput, DateTimeLocalInput, ListWidget

from quizapp.errors import N_, NotFound, Path, QuizError
from quizapp.kinds.base import LANGUAGES
from quizapp.texts.clean import clean_json, is_whole, lines
from quizapp.web.i18n import ZONE, _l

MAX_LANGUAGE = 35
"""Characters of a language's name."""
MAX_ROWS = 1_000
"""Of all lists of a form together. Each is made, checked and shown; more would take seconds."""
ROW = re.compile(r"-([0-9]+)(?=-|\Z)", re.ASCII)
ALONE = {"id", "kind", "fraction", "option", "type"}
"""What a row may hold and still be blank: these are filled in before anybody types."""


class TooManyRows(QuizError):
    """A form with more rows than can be worked with in a browser."""

    status = 413
    template = N_(
        "This has more than %(limit)s rows, choices and answers, which is more than a form can hold. "
        "Write it into a file, and upload that."
    )


class TextForm(Form):
    """A text in both languages; `rest` keeps its format and any other language, as JSON."""

    ko = TextAreaField(_l("Korean"))
    en = TextAreaField(_l("English"))
    rest = HiddenField()


class Part(FormField):
    """A mapping within a question. `folded`: the page shows it on demand, unless it holds something."""

    def __init__(
        self, form_class: type[Form], label: str | None = None, *, folded: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(form_class, label, **kwargs)
        self.folded = folded


class Texts(Part):
    """A text by language. `rows`: lines of its boxes."""

    def __init__(self, label: str | None = None, *, rows: int = 2, folded: bool = False, **kwargs: Any) -> None:
        super().__init__(TextForm, label, folded=folded, **kwargs)
        self.rows = rows

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        data = dict(data) if isinstance(data, Mapping) else {}
        if "rest" not in data:  # a stored text, and not what a form held
            rest = {key: value for key, value in data.items() if key not in LANGUAGES}
            data["rest"] = json.dumps(rest, ensure_ascii=False) if rest else ""
        super().process(formdata, data)

    def written(self) -> dict[str, str]:
        found = {key: lines(self.form[key].data) for key in LANGUAGES}
        found = {key: text for key, text in found.items() if text}
        rest = rest_of(self.form["rest"].data)
        return found | rest if found or set(rest) - {"format"} else {}


def rest_of(sent: str | None) -> dict[str, str]:
    """What a hidden field says of a text; anything that isn't a mapping of texts comes from a forged request."""
    try:
        rest = clean_json(json.loads(sent or "{}"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(rest, dict):
        return {}
    return {key: lines(text) for key, text in rest.items() if isinstance(text, str) and 0 < len(key) <= MAX_LANGUAGE
            and key not in LANGUAGES}  # fmt: skip


class Rows(FieldList):
    """A list within a question. `one` names a row, `add` the button for another; `ids` begins the ids of new rows."""

    def __init__(
        self,
        unbound: Any,
        label: str | None = None,
        *,
        one: str,
        add: str,
        ids: str = "",
        least: int = 0,
        movable: bool = False,
        folded: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(unbound, label, min_entries=least, **kwargs)
        self.one, self.add, self.ids, self.movable, self.folded = one, add, ids, movable, folded

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data if isinstance(data, list) else [])
        if self.ids:
            self.name_rows()

    def _extract_indices(self, prefix: str, formdata: Any) -> list[int]:
        """The places of the rows in what was sent. WTForms' own takes other digits, and looks at all for each list."""
        if not hasattr(formdata, "rows"):
            formdata.rows = rows_of(formdata)
        return sorted(formdata.rows.get(prefix, ()))

    def name_rows(self) -> None:
        """Give an id to every row that has none."""
        known = {row.form["id"].data for row in self.entries}
        free = (
            name
            for number in range(1, len(known) + 2 + len(self.entries))
            if (name := f"{self.ids}{number}") not in known
        )
        for row in self.entries:
            row.form["id"].data = row.form["id"].data or next(free)


def rows_of(names: Iterable[str]) -> dict[str, set[int]]:
    """The lists in a form by their names, and the places of their rows. Raises TooManyRows."""
    found: dict[str, set[int]] = {}
    for name in names:
        for row in ROW.finditer(name):
            if is_whole(row[1]):
                found.setdefault(name[: row.start()], set()).add(int(row[1]))
    refuse_many_rows(sum(map(len, found.values())))
    return found


def refuse_many_rows(count: int) -> None:
    if count > MAX_ROWS:
        raise TooManyRows(limit=MAX_ROWS)


class Choice(SelectField):
    """One of several values. A value that isn't among them, from an import, is kept and shown as it is.

    `enough`: a row in which nothing but this is chosen says something."""

    def __init__(
        self, label: str | None = None, choices: Sequence[tuple[str, str]] = (), *, enough: bool = False, **kwargs: Any
    ) -> None:
        self.enough = enough
        super().__init__(label, choices=options(choices), validate_choice=False, coerce=str, **kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, as_typed(data, str(self.default or "")))
        known: list[SelectChoice] = list(self.choices or ())
        if self.data not in [one.value for one in known] and (known or self.data):
            self.choices = [*known, SelectChoice(self.data, self.name_of(self.data))]

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """These values with their names, and the present one."""
        known = dict(choices)
        if self.data:
            known.setdefault(self.data, self.data)
        self.choices = options(known.items())

    def name_of(self, value: str) -> str:
        return value


def options(choices: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in choices]


class Number(StringField):
    """A number; what is none stays the text that it is, for the check to find."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, as_typed(data, str(self.default or "")))

    def written(self) -> Any:
        return number_of(lines(self.data))


class Level(Choice):
    """One of several numbers."""

    def written(self) -> Any:
        return number_of(self.data)


class Percent(Level):
    """A share of the points, chosen from the usual ones."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        shares = ("1", "0.75", "0.6666667", "0.5", "0.3333333", "0.25", "0.1", "0", "-0.25", "-0.3333333", "-0.5", "-1")
        super().__init__(label, [(share, percent(share)) for share in shares], default="0", **kwargs)

    def name_of(self, value: str) -> str:
        return percent(value)


def percent(share: str) -> str:
    value = number_of(share)
    return f"{100 * value:.4g}%" if isinstance(value, int | float) else "—"


def as_typed(value: Any, otherwise: str) -> str:
    """A stored value as a field shows it: 1.0 as “1”; `otherwise` where there is none."""
    if value is None or value is unset_value:
        return otherwise
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def number_of(text: str) -> Any:
    """The number that a text says; None for an empty one, the text itself where it says none."""
    try:
        value = float(text)
    except ValueError:
        return text or None
    if not math.isfinite(value):
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


class Lines(TextAreaField):
    """A list of words, one a line."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, "\n".join(data) if isinstance(data, list) else data)

    def written(self) -> list[str]:
        return [" ".join(line.split()) for line in lines(self.data).split("\n") if line.strip()]


class Ticks(SelectMultipleField):
    """Any number of values. What they can be is said once the form is filled, by `offer`."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str | None = None, *, folded: bool = False, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, coerce=str, **kwargs)
        self.folded = folded

    def offer(self, choices: Iterable[tuple[Any, str]]) -> None:
        """These values with their names; those that are ticked and aren't among them stay."""
        known = {str(value): name for value, name in choices}
        self.choices = options({**known, **{value: value for value in self.data or () if value not in known}}.items())

    def written(self) -> list[Any]:
        return list(self.data or ())


class Share(Number):
    """A share, typed in percent."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, round(data * 100, 6) if isinstance(data, int | float) else data)

    def written(self) -> Any:
        typed_in = super().written()
        return typed_in / 100 if isinstance(typed_in, int | float) else typed_in


class Moment(StringField):
    """A point in time, typed in the site's zone; written in UTC as ISO 8601."""

    widget = DateTimeLocalInput()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, local(data) if isinstance(data, str) else "")

    def written(self) -> str | None:
        if not self.data:
            return None
        try:
            return datetime.fromisoformat(self.data).replace(tzinfo=ZONE).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            return lines(self.data)


def local(stored: str) -> str:
    """A stored point in time as the browser's field shows it; one that came from it stays as it is."""
    try:
        at = datetime.fromisoformat(stored)
        return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if at.tzinfo else stored
    except (ValueError, OverflowError):
        return stored


class Flag(BooleanField):
    """Yes or no. What is as usual isn't written. `folded`: as in `Part`."""

    def __init__(self, label: str | None = None, *, folded: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.folded = folded

    def written(self) -> bool | None:
        return None if bool(self.data) == bool(self.default) else bool(self.data)


def form_value(field: Any) -> Any:
    """What a form or one of its fields says, in the written shape; what is empty is left out."""
    if hasattr(field, "written"):
        return field.written()
    if isinstance(field, Rows):
        rows = [(row, form_value(row)) for row in field.entries]
        return [said for row, said in rows if not is_blank(row, said)]
    if isinstance(field, FormField):
        return form_value(field.form)
    if isinstance(field, BaseForm):
        found = {part.short_name: (part, form_value(part)) for part in field}
        return {name: value for name, (part, value) in found.items() if value not in (None, "", [], {}) or needed(part)}
    return lines(field.data) if isinstance(field.data, str) else field.data


def needed(field: Field) -> bool:
    """Whether a list has to be there, however short."""
    return isinstance(field, Rows) and field.min_entries > 0


def is_blank(row: Any, said: Any) -> bool:
    """Whether nothing was typed into a row that says this: ids are given, and one of several values is chosen."""
    if isinstance(said, dict) and not isinstance(row, Texts):
        named = [row.form[name] for name in said if name != "id"]
        return all(isinstance(field, Choice) and not field.enough for field in named)
    return not said


def prune(form: BaseForm) -> None:
    """Drop the rows in which nothing was typed, so that places in the form are those in what it says."""
    for field in form:
        if isinstance(field, Rows):
            field.entries = [row for row in field.entries if not is_blank(row, form_value(row))]
            for row in field.entries:
                prune(row.form)
        elif isinstance(field, FormField):
            prune(field.form)


def fields_at(form: BaseForm, path: Path) -> Iterator[Any]:
    """The fields along a path, from the outermost; it ends where the form has no such field."""
    here: Any = form
    for step in path:
        if isinstance(here, FormField):
            here = here.form
        if isinstance(here, Rows):
            entries = here.entries
            if not isinstance(step, int) or step >= len(entries):
                return
            here = entries[step]
        elif isinstance(here, BaseForm) and str(step) in here:
            here = here[str(step)]
        else:
            return
        yield here


# --- rows: each step changes the form's data, and says which field is next ---


def rows_at(data: Any, name: str) -> list[Any]:
    """The list at a field's name, such as “response-gaps-0-choices”. Raises NotFound for what the form doesn't have."""
    for step in name.split("-"):
        if isinstance(data, list) and is_whole(step) and int(step) < len(data):
            data = data[int(step)]
        elif isinstance(data, dict) and step in data:
            data = data[step]
        else:
            raise NotFound
    if not isinstance(data, list):
        raise NotFound
    return data


def place_in(data: Any, name: str) -> tuple[list[Any], int, str]:
    """The list, the place in it, and the list's name, of a row's name such as “response-choices-2”."""
    rows_name, _dash, place = name.rpartition("-")
    rows = rows_at(data, rows_name)
    if not is_whole(place) or int(place) >= len(rows):
        raise NotFound
    return rows, int(place), rows_name


def add(data: Any, name: str) -> str:
    refuse_many_rows(count_rows(data) + 1)
    rows = rows_at(data, name)
    rows.append({})
    return f"{name}-{len(rows) - 1}"


def count_rows(data: Any) -> int:
    """How many rows all lists in a form's data have together."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    own = sum(isinstance(part, dict) for part in parts) if isinstance(data, list) else 0
    return own + sum(map(count_rows, parts))


def take_out(data: Any, name: str) -> str:
    rows, place, rows_name = place_in(data, name)
    rows.pop(place)
    return f"{rows_name}-{min(place, len(rows) - 1)}" if rows else rows_name


def move_up(data: Any, name: str) -> str:
    rows, place, rows_name = place_in(data, name)
    target = max(0, place - 1)
    rows.insert(target, rows.pop(place))
    return f"{rows_name}-{target}"


def move_down(data: Any, name: str) -> str:
    rows, place, rows_name = place_in(data, name)
    target = min(len(rows) - 1, place + 1)
    rows.insert(target, rows.pop(place))
    return f"{rows_name}-{target}"


def refresh(_data: Any, name: str) -> str:
    return name


ROW_ACTIONS = {"add": add, "drop": take_out, "up": move_up, "down": move_down, "refresh": refresh}


def name_of_field(path: Sequence[Any]) -> str:
    """What a form calls the last of these fields, for a list of problems: “Gap 1, Accepted answer”. "" without one."""
    steps = pairwise(path)
    rows = [f"{outer.one} {outer.entries.index(inner) + 1}" for outer, inner in steps if isinstance(outer, Rows)]
    is_row = len(path) > 1 and isinstance(path[-2], Rows)
    return ", ".join(rows if is_row else [*rows, *(str(one.label.text) for one in path[-1:])])
