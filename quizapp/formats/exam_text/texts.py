"""Lines to our texts and back: plain where only words stand in them, Markdown where a formula or a picture does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.formats.exam_text.line import OBJECT, Line, Objects, exam_lines
from quizapp.formats.markup import words_of
from quizapp.formats.plain_text import as_plain, is_plain
from quizapp.kinds.base import Text, nfc, say

SPECIAL = re.compile(r"[\\`*_{}\[\]<>#&|~^$]|^[-+=:]|^\d+(?=[.)])|  +")
ESCAPE = re.compile(r"\\([^A-Za-z0-9\s])")
BREAK = "\\\n"
UNDERLINE = "underline"


def text_of(lines: Sequence[Line], objects: Objects, language: str) -> Text:
    """The text that the lines make; {} where they hold nothing."""
    lines = trimmed(lines)
    if not lines:
        return {}
    if any(OBJECT.search(line.text) or underlined(line) for line in lines):
        return {language: nfc(markdown_of(lines, objects))}
    words = "\n".join(" " * deep + line.text for line, deep in zip(lines, depths(lines), strict=True))
    return as_plain({language: nfc(words)})


def depths(lines: Sequence[Line]) -> list[int]:
    """How deep each line is indented, as code is, below the first and beyond what all of those have."""
    least = min((line.indent for line in lines[1:] if line.text), default=0)
    return [0, *(max(line.indent - least, 0) for line in lines[1:])]


def trimmed(lines: Sequence[Line]) -> list[Line]:
    """Without empty lines at the ends."""
    held = [place for place, line in enumerate(lines) if line.text.strip()]
    return list(lines[held[0] : held[-1] + 1]) if held else []


def underlined(line: Line) -> list[tuple[int, int]]:
    return [(start, stop) for start, stop, how in line.marks if how == UNDERLINE]


def markdown_of(lines: Sequence[Line], objects: Objects) -> str:
    """Markdown that shows the lines as they are, each in a line of its own."""
    blocks: list[list[str]] = [[]]
    for line, deep in zip(lines, depths(lines), strict=True):
        is_block = bool(OBJECT.fullmatch(line.text)) and objects.of(line.text).startswith(("|", "$$"))
        if is_block:
            blocks += [[objects.of(line.text)], []]
        elif not line.text:
            blocks.append([])
        else:
            blocks[-1].append("&nbsp;" * deep + marked_line(line, objects))
    return "\n\n".join(BREAK.join(block) for block in blocks if block)


def marked_line(line: Line, objects: Objects) -> str:
    """One line in Markdown, its underlined parts in `<u>`."""
    pieces, place = [], 0
    for start, stop in underlined(line):
        pieces += [escaped(line.text[place:start], place == 0), "<u>", escaped(line.text[start:stop], False), "</u>"]
        place = stop
    pieces.append(escaped(line.text[place:], place == 0))
    return objects.shown("".join(pieces))


def escaped(words: str, begins: bool) -> str:
    """Words that Markdown shows as they stand; `begins`: at the beginning of a line, where more has a meaning."""

    def safe(found: re.Match[str]) -> str:
        if found[0].isspace():
            return "&nbsp;" * (len(found[0]) - 1) + " "
        if found[0].isdigit():
            return f"{found[0]}\\"
        return f"\\{found[0]}"

    return SPECIAL.sub(safe, words) if begins else SPECIAL.sub(safe, f"x{words}")[1:]


# --- and back ---


def written_lines(text: Text | None, language: str) -> list[str]:
    """The lines of a text for a file of plain words. Markup that has no place there becomes words."""
    written = say(text, language)
    if not text or is_plain({language: written}) or text.get("format") == "plain":
        return written.split("\n")
    if text.get("format") == "html":
        return [words_of(text, language)]
    lines = unmarked(written)
    objects = Objects()
    again = text_of(exam_lines("\n".join(lines), objects), objects, language)
    return lines if again.get(language) == written else written.split("\n")


def unmarked(markdown: str) -> list[str]:
    """What `markdown_of` made the Markdown of, if it did."""
    objects = Objects()
    lines = exam_lines(markdown, objects)
    words = "\n".join(line.text for line in lines).replace(BREAK, "\n").replace("&nbsp;", " ")
    return objects.shown(ESCAPE.sub(r"\1", words)).split("\n")


def is_carried(text: Text | None, language: str) -> bool:
    """Whether the text comes back from its lines as it is."""
    objects = Objects()
    lines = exam_lines("\n".join(written_lines(text, language)), objects)
    said = say(text, language)
    return not said or text_of(lines, objects, language) == {
        key: value for key, value in (text or {}).items() if key in (language, "format")
    }
