"""Reads GIFT block by block: a block is a question with the comments above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, unreadable
from quizapp.formats.collector import MAX_WEIGHT, QUESTION_TOO_LARGE, VALUE_WEIGHT, Collector
from quizapp.formats.gift.answers import read_answers
from quizapp.formats.gift.braces import parts_of
from quizapp.formats.gift.escapes import BLANK, marked_text, protect, restore, unprotect
from quizapp.formats.gift.gaps import has_gaps, read_gaps
from quizapp.formats.items import Item
from quizapp.formats.moodle_categories import category_path
from quizapp.formats.schema import texts_of
from quizapp.formats.text import decode, lines_of

PLUGIN_FILE = re.compile(r"""@@PLUGINFILE@@/([^\s"'<>)]+)""")
CATEGORY = re.compile(r"\s*\$CATEGORY:(?P<path>.*)", re.IGNORECASE)
ID = re.compile(r"\[id:((?:\\\]|[^\]]){1,250})\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]]){1,250})\]")
BRACE = re.compile("[{}｛｝]")
NEXT = re.compile(r"\s*::[^:].*?::")
TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)


@dataclass
class QuestionBlock:
    """The lines of one question, with the comments above it."""

    line: int
    lines: list[str] = field(default_factory=list)
    comment: str = ""
    category: list[str] = field(default_factory=list)
    weight: int = 0
    depth: int = 0
    closed: bool = False
    split: bool = False

    def add(self, line: str) -> None:
        """One line more; of a question that is too large anyway, only its length.

        `closed`: answers ended in it or before, so that a new title begins a new question.
        """
        self.weight += VALUE_WEIGHT + len(line)
        if self.weight > MAX_WEIGHT:
            return
        self.lines.append(line)
        for brace in BRACE.findall(protect(line)):
            self.depth = self.depth + 1 if brace in "{｛" else max(0, self.depth - 1)
            self.closed = self.closed or brace in "}｝"


def read_gift(data: bytes, language: str | None, name: str) -> Reading:
    """The questions of a file; `name` is that of the format."""
    try:
        source, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    collector = Collector(name, loose_ids=True)
    collector.reading.encoding = encoding
    spoken = language or language_of(source)
    for block in blocks(source):
        if collector.is_full:
            collector.refuse_many(block.line)
            break
        take(block, spoken, collector)
    if not collector.reading.found:
        collector.report([Problem(N_("The file holds no question."), code="empty")], 1)
    return collector.reading


def blocks(source: str) -> Iterator[QuestionBlock]:
    """The questions' lines: separated by blank lines, with comments and categories taken out.

    A title or a category below answers begins a new question even where the blank line is missing. The comments
    between them are the new one's.
    """
    category: list[str] = []
    comments: list[str] = []
    own = 0
    block: QuestionBlock | None = None
    for number, line in enumerate(lines_of(source), 1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            continue
        split = block is not None and (
            (block.closed and CATEGORY.match(line)) or ((block.closed or block.depth) and NEXT.match(line))
        )
        if block is not None and (split or not line.strip()):
            kept = own if split else len(comments)
            yield replace(block, comment="\n".join(comments[:kept]))
            block, comments = None, comments[kept:]
        if match := CATEGORY.match(line):
            category = category_path(match["path"])
        elif line.strip():
            block = block or QuestionBlock(number, category=list(category), split=bool(split))
            block.add(line)
            own = len(comments)
        else:
            comments = []
    if block is not None:
        yield replace(block, comment="\n".join(comments))


def take(block: QuestionBlock, language: str, collector: Collector) -> None:
    """Read one question, and keep it or say why not. Each of its problems shows the line that it begins with."""
    if block.weight > MAX_WEIGHT:
        collector.fail([QUESTION_TOO_LARGE], block.line)
        return
    item, problems = read_block(block, language)
    before = len(collector.reading.problems)
    if any(problem.is_error for problem in problems):
        collector.fail(problems, block.line)
    else:
        collector.take(item, problems, block.line)
    excerpt = block.lines[0].strip()[:200]
    new = collector.reading.problems[before:]
    collector.reading.problems[before:] = [replace(problem, text=problem.text or excerpt) for problem in new]


def read_block(block: QuestionBlock, language: str) -> tuple[Item, list[Problem]]:
    """The item that a block makes, and what is wrong with it."""
    source = protect("\n".join(block.lines))
    item = Item(category=block.category, tags=names_in(block.comment, TAG))
    if ids := names_in(block.comment, ID):
        item.id = ids[0]
        item.provenance["source_id"] = ids[0]
    if title := TITLE.match(source):
        item.title = {language: restore(title["title"]).strip()} if title["title"].strip() else {}
        source = source[title.end() :]
    problems = [unseparated()] if block.split else []
    if has_gaps(unprotect(source)):
        return item, [*problems, *read_gaps(item, unprotect(source), language)]
    parts = parts_of(source)
    problems += parts.problems
    if any(problem.is_error for problem in problems):
        return item, problems
    stem = f"{parts.before}{BLANK}{parts.after}" if parts.after.strip() else parts.before
    item.stem, form = marked_text(stem, language, "moodle")
    problems += read_answers(item, parts.answer, language, form)
    return item, [*problems, *missing_files(item)]


def names_in(comment: str, pattern: re.Pattern[str]) -> list[str]:
    """What the comment above a question says in `[id:…]` or `[tag:…]`."""
    return [name.replace("\\]", "]").strip() for name in pattern.findall(comment)]


def unseparated() -> Problem:
    return Problem(
        N_("There is no blank line before this question; its title was taken for the start of a new one."),
        code="blank-line",
        severity="warning",
        mend=N_("Put a blank line between questions."),
    )


def missing_files(item: Item) -> Iterator[Problem]:
    """A warning for each of Moodle's files that a text shows: GIFT holds none."""
    parts = [part for text in texts_of(item) for part in text.values()]
    for name in dict.fromkeys(name for part in parts for name in PLUGIN_FILE.findall(part)):
        yield Problem(
            N_("The file “%(name)s” that the text shows is missing."),
            {"name": unquote(name)},
            code="missing-media",
            severity="warning",
            mend=N_("Export the questions as Moodle XML, which holds their files."),
        )
