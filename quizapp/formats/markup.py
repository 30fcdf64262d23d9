"""The HTML of QTI, Moodle and Canvas to and from our texts: plain words, equations, and the addresses of media.

HTML without any markup of its own becomes words without a format, so that a plain question is the same
one whichever way it came; all other HTML stays HTML. The equations that Canvas writes as images become `\\(...\\)`, and
that is how our own formulas are written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from quizapp.formats.plain_text import has_markup
from quizapp.kinds.base import Text, nfc, say
from quizapp.texts.markup import has_formula, portable, render

OUTER = re.compile(r"<(p|div)>(.*)</\1>", re.DOTALL)
MOST_WRAPPERS = 20
BLANK = re.compile(r"[ \t\r\n\f]+")
TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>")
SPAN = re.compile("</?span>")
"""Of an element that shows nothing of its own, and parts no words."""
SHOWS = re.compile(r"<(?:img|audio|video|object|math|svg|iframe|hr|table|input|source|embed)\b", re.IGNORECASE)
IMAGE = re.compile(r"<img\b([^<>]*+)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
ADDRESS = re.compile(r"""((?<![\w-])(?:src|href|data|poster)\s*+=\s*+)("[^"]*+"|'[^']*+')""", re.IGNORECASE)
EQUATION = ("data-equation-content", "title", "alt")
HTML_TEXT = re.compile(
    r"</?(?:p|div|br|span|b|i|u|em|strong|sub|sup|img|ul|ol|li|table|tr|td|th|a|pre|code|h[1-6]|"
    r"blockquote|hr|dl|dt|dd|video|audio|math|svg|figure|small|del|ins|strike|font|center|section)\b[^<>]*>",
    re.I,
)
"""Tags by which a text of no declared type is recognised as HTML."""
MARKER = re.compile(r"\{\{[A-Za-z0-9_-]+\}\}")
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML can't hold."""


def text_from_html(markup: str, language: str) -> Text:
    """The Text of a piece of HTML; {} if it shows nothing."""
    markup = IMAGE.sub(equation, nfc(markup)).strip()
    for _ in range(MOST_WRAPPERS):
        if (inner := inside(markup)) is None:
            break
        markup = inner
    if TAG.search(markup) or has_formula(markup):
        return {language: markup, "format": "html"} if words_of_html(markup) or SHOWS.search(markup) else {}
    return text_from_plain(html.unescape(BLANK.sub(" ", markup)), language)


def inside(markup: str) -> str | None:
    """The inside of the one paragraph or block that encloses all of the markup; None if there is none."""
    outer = OUTER.fullmatch(markup)
    if outer is None:
        return None
    depth = 0
    for tag in re.finditer(rf"<(/?){outer[1]}\b", markup):
        depth += -1 if tag[1] else 1
        if depth == 0 and tag.end() < len(markup) - 1:
            return None
    return outer[2].strip() if depth == 0 else None


def text_from_plain(written: str, language: str) -> Text:
    """The Text of plain words, marked as plain only where Markdown would read more into it."""
    written = nfc(writable(written)).strip(" \t\r\n")
    if not written.strip():
        return {}
    text = {language: written}
    return text if is_bare(text) else {**text, "format": "plain"}


def writable(written: str) -> str:
    """What XML can hold of a text."""
    return UNWRITABLE.sub("", written)


def is_bare(text: Text) -> bool:
    """Whether Markdown shows the text as it stands; the markers of gaps don't count."""
    return not has_markup({key: MARKER.sub("gap", part) for key, part in text.items()})


def paragraphs(pieces: Sequence[str]) -> str:
    """Pieces of HTML one after another; of several, words without an element become a paragraph each."""
    if len(pieces) > 1:
        pieces = [piece if piece.lstrip().startswith(("<p", "<div")) else f"<p>{piece.strip()}</p>" for piece in pieces]
    return "\n".join(pieces)


def words_of_html(markup: str) -> str:
    """The visible words of a piece of HTML."""
    return BLANK.sub(" ", html.unescape(TAG.sub(" ", SPAN.sub("", markup)))).strip()


def words_of(text: Text | None, language: str) -> str:
    """A text as plain words, whatever its format."""
    written = say(text, language)
    if not text or is_bare({language: written}) or text.get("format") == "plain":
        return written
    return words_of_html(portable(written) if text.get("format", "markdown") == "markdown" else render(written, "html"))


def html_of(text: Text | None, language: str) -> str:
    """The text as HTML. An author's HTML stays as it is; whoever shows it has to clean it."""
    written = writable(say(text, language))
    if not text or not written:
        return ""
    if text.get("format") == "html":
        return written
    if text.get("format") == "plain" or is_bare({language: written}):
        return html.escape(written, quote=False)
    kept = written.replace("(media:", "(media%3A").replace('"media:', '"media%3A')
    return portable(kept).replace("media%3A", "media:").strip()


def equation(image: re.Match[str]) -> str:
    """`\\(...\\)` for an image that shows an equation; any other image as it is."""
    found = attributes(image[1])
    if "data-equation-content" not in found and "equation_image" not in found.get("class", ""):
        return image[0]
    written = next((found[name] for name in EQUATION if found.get(name)), "")
    if not written and "/equation_images/" in found.get("src", ""):
        written = unquote(unquote(found["src"].partition("/equation_images/")[2].partition("?")[0]))
    written = written.removeprefix("LaTeX:").strip()
    return rf"\({html.escape(written, quote=False)}\)" if written else image[0]


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case."""
    return {name.lower(): html.unescape(double or single) for name, double, single in ATTRIBUTE.findall(written)}


def alts(markup: str) -> dict[str, str]:
    """The alternative texts of the images, by the name of the media."""
    images = [attributes(written) for written in IMAGE.findall(markup)]
    shown = [(one.get("src", ""), one["alt"]) for one in images if "alt" in one]
    return {address.removeprefix("media:"): alt for address, alt in shown if address.startswith("media:")}


def rewrite(markup: str, address: Callable[[str], str | None]) -> str:
    """The markup with its addresses replaced; those for which `address` gives None stay."""

    def replaced(found: re.Match[str]) -> str:
        new = address(html.unescape(found[2][1:-1]))
        return found[0] if new is None else f'{found[1]}"{html.escape(new)}"'

    return ADDRESS.sub(replaced, markup)
