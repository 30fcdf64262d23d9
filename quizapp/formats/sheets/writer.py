"""Items -> rows of our sheet."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.formats.items import Item
from quizapp.formats.plain_text import has_markup
from quizapp.formats.sheets.columns import HEADINGS, NO_PARTNER, TRUTHS, WORDS_OF_KIND, Column, heading_of
from quizapp.kinds.base import Body, Text

Cells = dict[Column, str]


def cells_of(item: Item, language: str) -> Cells:
    """The cells of one item; what they can't hold is left out."""
    cells: Cells = {}
    for name, value in single_cells(item, language).items():
        if value:
            cells[Column(name)] = value
    put(cells, "title", item.title)
    put(cells, "stimulus", item.stimulus)
    put(cells, "question", item.stem)
    put(cells, "feedback", item.feedback.get("general", {}))
    body_cells(cells, item.kind, item.response)
    return cells


def single_cells(item: Item, language: str) -> dict[str, str]:
    return {
        "id": item.id,
        "kind": WORDS_OF_KIND[item.kind][language][0],
        "points": "" if item.points == 1 else f"{item.points:.12g}",
        "difficulty": str(item.difficulty or ""),
        "tags": ", ".join(item.tags),
        "objectives": ", ".join(item.objectives),
        "category": " > ".join(item.category),
        "citations": ", ".join(f"{one.get('lesson', '')}#{one.get('anchor', '')}" for one in item.citations),
        "enemies": ", ".join(item.enemies),
        "use": item.use,
        "format": format_of(item),
    }


def format_of(item: Item) -> str:
    """Blank where the texts read the same without it."""
    texts = [item.stem, item.stimulus, item.title, *item.feedback.values(), *body_texts(item.response)]
    marked = next((text for text in texts if has_markup(text) and text.get("format") != "plain"), None)
    return "" if marked is None else marked.get("format", "markdown")


def body_texts(body: Body) -> list[Text]:
    entries = [entry for key in ("choices", "rows", "options", "items", "answers") for entry in body.get(key, [])]
    texts = [entry.get(key) for entry in [*entries, body] for key in ("text", "feedback")]
    found = [text for text in texts if isinstance(text, dict)]
    return [text for text in found if all(isinstance(part, str) for part in text.values())] + list(
        body["feedback"].values() if isinstance(body.get("answer"), bool) and "feedback" in body else []
    )


def put(cells: Cells, name: str, text: Text, number: int = 0) -> None:
    for language, value in text.items():
        if language != "format" and value.strip():
            cells[Column(name, number, language)] = value


def put_each(cells: Cells, name: str, texts: Iterable[Text]) -> None:
    """One text into each of the columns of this name."""
    for number, text in enumerate(texts, 1):
        put(cells, name, text, number)


def body_cells(cells: Cells, kind: str, body: Body) -> None:
    """The columns choice, answer, tolerance and numbered feedback."""
    entries = body.get("choices") or body.get("rows") or body.get("items") or body.get("answers") or []
    put_each(cells, "feedback", (entry.get("feedback", {}) for entry in entries))
    put_each(cells, "choice", (entry["text"] for entry in body.get("choices") or body.get("items") or []))
    if answer := answer_cell(kind, body):
        cells[Column("answer")] = answer
    if kind == "truefalse":
        put_each(cells, "feedback", (body.get("feedback", {}).get(key, {}) for key in ("true", "false")))
    elif kind == "number" and any("tolerance" in entry for entry in entries):
        cells[Column("tolerance")] = tolerances_cell(entries)
    elif kind in ("match", "categorise"):
        pair_cells(cells, body)


def answer_cell(kind: str, body: Body) -> str:
    if kind in ("choice", "multiple"):
        least = 1 if kind == "choice" else 1e-9
        right = (n for n, choice in enumerate(body["choices"], 1) if choice.get("fraction", 0) >= least)
        return ", ".join(map(str, right))
    if kind == "truefalse":
        return TRUTHS[body["answer"]][0]
    if kind in ("text", "number"):
        key = "text" if kind == "text" else "value"
        return " | ".join(entry[key].replace("|", "\\|") for entry in body["answers"])
    return ""


def tolerances_cell(answers: list[Body]) -> str:
    """The tolerance of all answers, or that of each."""
    tolerances = [tolerance_cell(answer) for answer in answers]
    return tolerances[0] if len(set(tolerances)) == 1 else " | ".join(tolerances)


def tolerance_cell(answer: Body) -> str:
    tolerance = answer.get("tolerance", "")
    return f"{float(tolerance) * 100:.12g}%" if answer.get("type") == "relative" and tolerance else tolerance


def pair_cells(cells: Cells, body: Body) -> None:
    """The rows with their options, then the options that no row has."""
    right = {option["id"]: option["text"] for option in body["options"]}
    used = {row["option"] for row in body["rows"]}
    pairs = [(row["text"], right[row["option"]]) for row in body["rows"]]
    pairs += [({}, text) for name, text in right.items() if name not in used]
    for number, (left, other) in enumerate(pairs, 1):
        for language in dict.fromkeys([*left, *other]):
            if language != "format":
                first = (
                    left.get(language, "").replace("=", "\\=") if left else NO_PARTNER.get(language, NO_PARTNER["en"])
                )
                cells[Column("choice", number, language)] = f"{first} = {other.get(language, '')}"


# --- tables ---


def sheet_of(items: Iterable[Item]) -> list[list[str]]:
    """The headings and a row for each item, in the columns that the items need."""
    items = list(items)
    language = "ko" if any("ko" in item.languages for item in items) else "en"
    rows = [cells_of(item, language) for item in items]
    columns = sorted(
        {column for row in rows for column in row} or set(map(Column, ("kind", "question", "answer"))), key=rank
    )
    return [
        [heading_of(column, language) for column in columns],
        *([row.get(column, "") for column in columns] for row in rows),
    ]


ORDER = {name: place for place, name in enumerate(HEADINGS)}


def rank(column: Column) -> tuple[int, int, tuple[bool, bool, str]]:
    """Columns stand in the order of HEADINGS; Korean before English.

    The kind comes first: a row that began with an id such as `#1` would be a comment.
    """
    code = column.language
    return ORDER[column.name], column.number, (code != "ko", code != "en", code)
