"""The tables of what each format reads, writes and loses, asked of the formats themselves.

What is lost is what `carries` says of a question that has it; what is passed over on reading is the written list on
which `accounting` relies. `python -m tests.formats.page` makes `docs/formats.md` of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quizapp.formats import FORMATS, READ_ONLY
from quizapp.formats.base import Format
from quizapp.formats.items import Item, Media
from quizapp.formats.losses import FIELDS
from quizapp.formats.refused import DOCUMENTS
from quizapp.formats.sheets.columns import HEADINGS
from quizapp.formats.unspoken import UNSPOKEN
from quizapp.kinds import KINDS

HEAD = """# The formats of files

Made by `make docs` from what the formats say of themselves. Whatever is lost on the way in or out is also said of
each question, before anything is stored or written.
"""
TEXT = {"en": "Some words."}
PROBES: dict[str, object] = {
    "id": "an-id",
    "title": TEXT,
    "stimulus": TEXT,
    "category": ["Geography"],
    "tags": ["capitals"],
    "objectives": ["places"],
    "difficulty": 2,
    "citations": [{"lesson": "intro", "anchor": "first"}],
    "enemies": ["another-id"],
    "feedback": {"general": TEXT},
    "hints": [TEXT],
    "media": [Media("a.png", b"\x89PNG\r\n\x1a\n", "image/png")],
    "licence": "CC BY 4.0",
    "scoring": {"method": "all"},
    "status": "draft",
    "points": 2,
    "shuffle": False,
}
"""A value for each field that a format may have no place for."""
PLAIN = {
    "choices": [{"id": "a", "text": {"en": "one"}, "fraction": 1}, {"id": "b", "text": {"en": "two"}, "fraction": 0}]
}
KNOWN = """Headings that are known, whatever program wrote them; what others are can be said in the preview. Choices may
be numbered by letters or circled numbers too.

A sheet may also have one choice in each row, with a mark beside the right ones; be an exam whose lines stand down a
column; or be one of Blackboard's files of tabs. Where no answer is written, the choice that alone is bold, coloured or
filled is taken as right, and the preview says so. Hidden rows and sheets are read and named.
"""
YES, LOSSY, NO = "yes", "in part", "–"


def item_of(kind: str, **fields: object) -> Item:
    """A question of one language, with the kind's own example."""
    response = in_english(KINDS[kind].EXAMPLE)
    stem = {} if kind == "cloze" else {"en": "What is it?"}
    return Item(kind=kind, stem=stem, response=response, **fields)  # type: ignore[arg-type]


def in_english(value: object) -> object:
    """The value without its texts in Korean."""
    if isinstance(value, dict):
        return {key: in_english(part) for key, part in value.items() if not (key == "ko" and "en" in value)}
    return [in_english(part) for part in value] if isinstance(value, list) else value


def written(form: Format, item: Item) -> str:
    problems = form.carries(item)
    return NO if any(problem.is_error for problem in problems) else LOSSY if problems else YES


def read_kinds(form: Format) -> list[str]:
    """The kinds that reading gives: of the sample, and of what the format can write itself."""
    found = {item.kind for item in form.read(form.SAMPLE).items}
    if form.NAME not in READ_ONLY:
        for kind in KINDS:
            item = item_of(kind)
            if written(form, item) != NO:
                found |= {one.kind for one in form.read(form.write([item])).items}
    return [kind for kind in (*KINDS, "description", "opaque") if kind in found]


def losses(form: Format) -> list[str]:
    """Every loss that the format names of a question of any kind, with any field, in two languages."""
    probes = [item_of(kind) for kind in KINDS] + [item_of("choice", **{name: PROBES[name]}) for name in PROBES]
    asked = {"ko": "무엇입니까?", "en": "What?"}
    probes.append(Item(kind="choice", title=TEXT, stem=asked, response=KINDS["choice"].EXAMPLE))
    found = [problem for item in probes for problem in form.carries(item) if not problem.is_error]
    return list(dict.fromkeys(problem.message for problem in found))


def table(heads: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "| " + " | ".join(["---"] * len(heads)) + " |"
    yield from ("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows)


def page(mutations: Mapping[str, int]) -> str:
    """The whole page, in Markdown. `mutations`: how many marked words the tests put into each format."""
    lines = [HEAD, "## What is read\n", *table(["format", "files", "kinds of questions", "marked words that come out"],
                                               rows_of_reading(mutations)), ""]  # fmt: skip
    lines += [
        "A marked word is put in turn into every text, line or cell of a format's sample. The test fails if one of",
        "them comes out neither in a question nor in a problem, nor stands on the list of what carries no meaning.\n",
        "## What is written\n",
        *table(["kind", *writable()], rows_of_kinds()), "",
        *table(["field", *writable()], rows_of_fields()), "",
        f"“{LOSSY}”: written, and what is lost of it is named.\n",
        "## What is named as lost when a question is written\n",
    ]  # fmt: skip
    for name in writable():
        lines += [f"- **{FORMATS[name].LABEL}**: " + (" ".join(losses(FORMATS[name])) or "Nothing.")]
    lines += ["", "## What carries no meaning when a file is read\n", *rows_of_silence(), ""]
    lines += ["## The columns of sheets\n", KNOWN, *table(["column", "English", "Korean"], rows_of_headings()), ""]
    lines += ["## What is refused\n", *(f"- {what} {mend}" for _, what, mend in DOCUMENTS)]
    return "\n".join(lines) + "\n"


def writable() -> list[str]:
    return [name for name in FORMATS if name not in READ_ONLY]


def rows_of_reading(mutations: Mapping[str, int]) -> Iterator[list[str]]:
    for name, form in FORMATS.items():
        suffixes = " ".join(form.SUFFIXES)
        yield [form.LABEL, suffixes, ", ".join(read_kinds(form)), str(mutations.get(name, "")) or NO]


def rows_of_kinds() -> Iterator[list[str]]:
    for kind in KINDS:
        yield [kind, *(written(FORMATS[name], item_of(kind)) for name in writable())]


def rows_of_fields() -> Iterator[list[str]]:
    """What a field changes: a format that loses something of the plain question loses that without it too."""
    for field, label in FIELDS.items():
        if field in PROBES:
            yield [label, *(kept(FORMATS[name], field) for name in writable())]


def kept(form: Format, field: str) -> str:
    stem = {"en": "Which is it? ![](media:a.png)"} if field == "media" else TEXT
    plain = Item(kind="choice", stem=TEXT, response=PLAIN)
    with_it = Item(kind="choice", stem=stem, response=PLAIN, **{field: PROBES[field]})  # type: ignore[arg-type]
    before = {problem.message for problem in form.carries(plain)}
    more = [problem for problem in form.carries(with_it) if problem.message not in before]
    is_lost = any(problem.code == f"lost-{field}" or FIELDS[field] in problem.message.lower() for problem in more)
    return NO if is_lost else LOSSY if more else YES


PLAIN = {
    "choices": [{"id": "a", "text": {"en": "one"}, "fraction": 1}, {"id": "b", "text": {"en": "two"}, "fraction": 0}]
}


def rows_of_silence() -> Iterator[str]:
    for name, silent in UNSPOKEN.items():
        elements = ", ".join(f"`{element}`" for element in sorted(silent.elements))
        said = [f"the elements {elements}"] if elements else []
        begun = ", ".join(f"`{start}…`" for start in silent.settings)
        said += [f"those that begin with {begun}"] if begun else []
        named = ", ".join(f"`{element}`" for element in sorted(silent.references))
        said += [f"the identifiers in {named}"] if named else []
        said += ["its own signs"] if silent.marks else []
        said += ["comments"] if silent.comment else []
        said += ["settings that are true or false"] if silent.values and silent.elements else []
        yield f"- **{FORMATS[name].LABEL}**: {'; '.join(said)}."


def rows_of_headings() -> Iterator[list[str]]:
    for name, words in HEADINGS.items():
        yield [name, ", ".join(words["en"]), ", ".join(words["ko"])]
