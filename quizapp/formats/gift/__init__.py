r"""GIFT, Moodle's plain-text format: `::Title:: Stem {=right ~wrong}`.

    // [id:capital-1] [tag:geography]
    ::Capital:: The capital of Korea is {=Seoul#Right. ~Busan#The second largest city.}.

A blank line ends a question; only the first pair of braces counts; `~ = # { } : \` are written with a backslash and
`\n` is a new line. The grammar is that of Moodle's importer (`question/format/gift/format.php`), read leniently:
where Moodle refuses a file or drops a part of it in silence, this reader says so and keeps what is clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, refuse_uncarried, unreadable, written_language
from quizapp.formats.collector import Collector
from quizapp.formats.gift import writer
from quizapp.formats.gift.answers import read_answers
from quizapp.formats.gift.texts import BLANK, marked_text, protect, restore
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.formats.moodle_categories import category_path
from quizapp.formats.schema import texts
from quizapp.formats.text import decode, opening

PLUGIN_FILE = re.compile(r"""@@PLUGINFILE@@/([^\s"'<>)]+)""")

NAME = "gift"
LABEL = N_("GIFT (Moodle, plain text)")
SUFFIXES = (".gift", ".txt")
MIME = "text/plain"

SAMPLE = """\
$CATEGORY: 역사/조선

// 세종과 한글
// [id:king-1] [tag:한글] [tag:임금]
::훈민정음을 만든 임금:: 훈민정음을 만든 임금은 누구입니까? {
    =세종#맞습니다.
    ~태종#세종의 아버지입니다.
    ~%-50%문종
    ####세종은 1443년에 훈민정음을 만들었습니다.
}

Which numbers are prime? {~%50%2 ~%50%7 ~%-100%9}

한글날은 10월 9일입니다. {T#한글날을 찾아보세요.#맞습니다.}

The Korean alphabet is called {=Hangul =Hangeul =%50%Hunminjeongeum#Its first name.}.

When was it created? {#=1443:0 =%50%1440..1446#Close.}

$CATEGORY: $course$/Geography

Match the capitals. {=Korea -> Seoul =Japan -> Tokyo = -> Beijing}

[markdown]Explain **why** a king would make an alphabet. {}

[html]<p>A text between questions, with a colon\\: and braces \\{ \\}.</p>
""".encode()

CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(?P<path>.*?)\s*$", re.IGNORECASE)
ID = re.compile(r"\[id:((?:\\\]|[^\]]){1,250})\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]]){1,250})\]")
TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)
LIKELY = (
    re.compile(r"^\s*\$CATEGORY:", re.MULTILINE),
    re.compile(r"^\s*::[^\n]+::", re.MULTILINE),
    re.compile(r"(?<!\\)\{\s*(?:[=~#]|T\b|F\b|TRUE|FALSE|\})[^{]*\}|(?<!\\)\{[^{}]*(?<!\\)[=~][^{}]*\}"),
)


@dataclass
class Block:
    """The lines of one question, with the comments above it."""

    line: int
    lines: list[str] = field(default_factory=list)
    comment: str = ""
    category: list[str] = field(default_factory=list)


def sniff(data: bytes) -> float:
    start = opening(data)
    if start.lstrip().startswith(("<", "PK")) or re.search(r"^\s*ANSWER:", start, re.MULTILINE):
        return 0.0
    return min(
        0.9, 0.35 * sum(1 for pattern in LIKELY if pattern.search(start)) + (0.2 if LIKELY[2].search(start) else 0)
    )


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        source, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    collector = Collector(NAME, loose_ids=True)
    collector.reading.encoding = encoding
    spoken = language or language_of(source)
    for block in blocks(source):
        take(block, spoken, collector)
    if not collector.reading.found:
        collector.tell([Problem(N_("The file holds no question."), code="empty")], 1)
    return collector.reading


def blocks(source: str) -> Iterator[Block]:
    """The questions' lines: separated by blank lines, with comments and categories taken out."""
    category: list[str] = []
    comments: list[str] = []
    block: Block | None = None
    for number, line in enumerate(source.split("\n"), 1):
        if line.lstrip().startswith("//"):
            comments.append(line)
        elif match := CATEGORY.match(line):
            category = category_path(match["path"])
        elif not line.strip():
            if block is not None:
                yield replace(block, comment="\n".join(comments))
            block, comments = None, []
        else:
            block = block or Block(number, category=list(category))
            block.lines.append(line)
    if block is not None:
        yield replace(block, comment="\n".join(comments))


def take(block: Block, language: str, collector: Collector) -> None:
    """Read one question, and keep it or say why not."""
    source = protect("\n".join(block.lines))
    item = Item(category=block.category)
    for pattern, found in ((ID, "id"), (TAG, "tags")):
        names = [name.replace("\\]", "]").strip() for name in pattern.findall(block.comment)]
        if found == "tags":
            item.tags = names
        elif names:
            item.id = names[0]
            item.provenance["source_id"] = names[0]
    if title := TITLE.match(source):
        item.title = {language: restore(title["title"]).strip()} if title["title"].strip() else {}
        source = source[title.end() :]
    before, brace, rest = source.partition("{")
    answer, closing, after = rest.partition("}")
    problems: list[Problem] = []
    if (brace and not closing) or (not brace and "}" in before):
        problems.append(
            Problem(
                N_("The braces of this question don't match."),
                code="braces",
                text=block.lines[0].strip()[:200],
                mend=N_(
                    "Write { before the answers and } after them, and \\{ or \\} for a brace in the text. "
                    "A blank line ends a question."
                ),
            )
        )
    else:
        stem = f"{before}{BLANK}{after}" if after.strip() else before
        item.stem, form = marked_text(stem, language, "moodle")
        problems += read_answers(item, answer if brace else None, language, form)
        problems += missing_files(item)
    told = len(collector.reading.problems)
    if any(problem.is_error for problem in problems):
        collector.fail(problems, block.line)
    else:
        collector.take(item, problems, block.line)
    excerpt = block.lines[0].strip()[:200]
    new = collector.reading.problems[told:]
    collector.reading.problems[told:] = [replace(problem, text=problem.text or excerpt) for problem in new]


def carries(item: Item) -> list[Problem]:
    """What writing loses; what is written is read again, so that no loss goes untold."""
    problems = list(writer.losses(item))
    if any(problem.is_error for problem in problems):
        return problems
    again = read(writer.written([item]).encode(), written_language(item)).items
    if len(again) != 1:
        return [*problems, Problem(N_("GIFT can't hold this question: it would not be read again."), code="unreadable")]
    if not problems and (again[0].id, again[0].content()) != (item.id, item.content()):
        problems.append(loss(N_("The question comes back in another spelling."), "spelling"))
    return problems


def write(items: Iterable[Item]) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries)
    return writer.written(items).encode()


def missing_files(item: Item) -> Iterator[Problem]:
    """Files of Moodle that a text shows, in a format that holds no files."""
    parts = [part for _, text in texts(item.to_json()) for part in text.values()]
    for name in dict.fromkeys(name for part in parts for name in PLUGIN_FILE.findall(part)):
        yield Problem(
            N_("The file “%(name)s” that the text shows is missing."),
            {"name": unquote(name)},
            code="missing-media",
            severity="warning",
            mend=N_("Export the questions as Moodle XML, which holds their files."),
        )
