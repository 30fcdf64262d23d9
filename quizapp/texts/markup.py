"""Markdown and HTML by authors -> safe HTML.

Everything an author wrote passes nh3, whatever its format. Ids survive in lessons only (they are what citations
point at), so that a question's text can't collide with the page around it. Formulas become MathML, in Markdown by
`$`, in HTML by `\\(...\\)` and `\\[...\\]` as well; the classes that survive are those that we write ourselves.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import ParamSpec, cast

import nh3
from markdown_it.utils import EnvType
from pygments.token import STANDARD_TYPES

from quizapp.kinds.base import Text, say
from quizapp.texts import maths
from quizapp.texts.markdown import DOLLARS, MARKDOWN, formula

FORMULAS = maths.ELEMENTS | {"math"}

MOST_REMEMBERED = 2_000
"""The longest text, in characters, whose HTML is kept for the next page: what is long costs memory, and is rare."""
P = ParamSpec("P")
PLAYED = {"audio", "video"}
INLINE = PLAYED | {"a", "abbr", "b", "br", "code", "del", "em", "i", "img", "kbd", "mark", "s", "small", "source",
                   "span", "strong", "sub", "sup", "u", "ruby", "rt", "rp"} | FORMULAS  # fmt: skip
BLOCK = INLINE | {"blockquote", "dd", "dl", "div", "dt", "figure", "figcaption", "hr", "li", "ol", "p", "pre", "table",
                  "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class", "title"},
    "span": {"class"},
    "img": {"src", "alt", "title"},
    "audio": {"src", "title"},
    "video": {"src", "title"},
    "source": {"src", "type"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "*": {"lang"},
    "math": {"alttext", "display"},
    **dict.fromkeys(maths.ELEMENTS, maths.ATTRIBUTES),
}
CODE_CLASSES = {name for name in STANDARD_TYPES.values() if name}
NONE = re.compile("(?!)")
OWN_ADDRESS = re.compile(r"/[^/\\]")
"""Of a file of this site: sounds and films are played from nowhere else."""
OWN_CLASSES = {
    "code": re.compile(r"language-[A-Za-z0-9_+#.-]{1,40}|tex-error"),
    "button": re.compile("term"),
    "div": re.compile("table-scroll"),
    "span": re.compile("|".join(map(re.escape, sorted({"term-told", *CODE_CLASSES})))),
}
"""By element. Bootstrap's would let an author lay a text over the page."""
DROPPED = {"script", "style", "annotation", "annotation-xml"}
"""Elements whose content isn't meant to be seen."""

OPENING = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
UNNESTED = {"br", "dd", "dt", "hr", "img", "li", "p"}
"""Elements that end by themselves, also where nobody has closed them."""
MOST_OPEN = 500
"""How many elements may be open at once. The parser looks through all of them at every tag."""

HTML_PART = re.compile(r"""(<(?:[^<>"]|"[^"]*")*+>)""")
HTML_FORMULA = re.compile(
    rf"(?<!\\)\\\((?P<within>(?:[^\\]|\\[^()])++)\\\)|(?<!\\)\\\[(?P<alone>(?:[^\\]|\\[^\[\]])++)\\\]|{DOLLARS}",
    re.DOTALL,
)
STAND_IN = "zqtex"
"""The start of the words that stand for formulas while the words around them are looked at."""
VERBATIM = re.compile(r"<(/?)(?:code|pre|kbd|math)\b")
TEX_ERROR = 'class="tex-error"'
BROKEN = re.compile(r'<code class="tex-error"[^>]*>([^<]*)</code>')
SHOWN_FORMULA = re.compile(r'<math\b[^<>]*?\balttext="([^"]*)"[^<>]*>.*?</math>', re.DOTALL)


def remembering(most: int) -> Callable[[Callable[P, str]], Callable[P, str]]:
    """Keep what a function makes of short texts, its first argument: of as many as that, the ones asked for last."""

    def around(make: Callable[P, str]) -> Callable[P, str]:
        kept = lru_cache(most)(make)

        @wraps(make)
        def made(*args: P.args, **kwargs: P.kwargs) -> str:
            return (kept if len(cast("str", args[0])) <= MOST_REMEMBERED else make)(*args, **kwargs)

        return made

    return around


def clean(markup: str, tags: set[str], attributes: Mapping[str, set[str]] = ATTRIBUTES) -> str:
    """The markup with nothing left that could run, load from elsewhere, or restyle the page.

    What is nested too deeply for any page is shown as it is written.
    """
    return nh3.clean(
        html.escape(markup) if is_too_deep(markup) else markup,
        tags=tags,
        attributes=dict(attributes),
        tag_attribute_values={"pre": {"tabindex": {"0"}}, "button": {"type": {"button"}}},
        set_tag_attribute_values={tag: {"controls": "controls", "preload": "metadata"} for tag in PLAYED},
        attribute_filter=bounded,
        clean_content_tags=DROPPED,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def is_too_deep(markup: str) -> bool:
    opened: Counter[str] = Counter()
    depth = 0
    for closing, written in OPENING.findall(markup):
        name = written.lower()
        change = -1 if closing and opened[name] else 1 if not closing and name not in UNNESTED else 0
        opened[name] += change
        depth += change
        if depth > MOST_OPEN:
            return True
    return False


def bounded(tag: str, name: str, value: str) -> str | None:
    """Lengths in an author's MathML stay as small as in our own, and of classes only those that we write ourselves."""
    if name == "class":
        return " ".join(one for one in value.split() if OWN_CLASSES.get(tag, NONE).fullmatch(one)) or None
    if name == "src" and tag in (*PLAYED, "source") and not OWN_ADDRESS.match(value):
        return None
    large = tag in FORMULAS and name in maths.LENGTHS and not maths.LENGTH.fullmatch(value)
    return None if large else value


@remembering(4096)
def render(source: str, form: str = "markdown", inline: bool = False, gaps: tuple[str, ...] = ()) -> str:
    """Safe HTML of a text in one language. `form` is markdown, html or plain; `inline` makes no paragraphs.
    The form words is plain but for its formulas.

    `gaps` are the names of a cloze's gaps: their markers stay markers in formulas, where braces mean something else.
    """
    env: EnvType = {"inline": inline, "gaps": gaps}
    tags = INLINE if inline else BLOCK
    if form == "plain":
        return plain_words(html.escape(source).replace("\n", "<br>\n"), env)
    if form == "words":
        return clean(with_formulas(html.escape(source, quote=False), {"inline": True}), INLINE)
    if form == "html":
        cleaned = clean(source, tags)
        shown = with_formulas(cleaned, env)
        return cleaned if shown == cleaned else clean(shown, tags)
    return clean(MARKDOWN.renderInline(source, env) if inline else MARKDOWN.render(source, env), tags)


def plain_words(escaped: str, env: EnvType) -> str:
    """Words that aren't marked up, as HTML with their formulas. What is no whole formula stays as it stands."""
    shown = with_formulas(escaped, env)
    if shown == escaped or TEX_ERROR in shown:
        return escaped
    return clean(shown, INLINE)


@remembering(1024)
def portable(source: str) -> str:
    """Safe HTML of Markdown for other systems: formulas as LaTeX in `\\(...\\)`, which they read, code uncoloured.

    Where other words would pass for a formula, an element parts the signs that would begin one.
    """
    word = STAND_IN
    while word in source:
        word += STAND_IN[-1]
    env: EnvType = {"portable": word, "kept": []}
    shown = clean(MARKDOWN.render(source, env), BLOCK)
    whole = with_kept(shown, env)
    if formulas_in(whole) == env["kept"]:
        return whole
    signs = re.compile(rf"(?<=\\)[(\[]|\$|\\(?={word})")
    return with_kept(in_words(shown, lambda words: signs.sub(r"<span>\g<0></span>", words)), env)


def with_kept(markup: str, env: EnvType) -> str:
    """The markup with the formulas that were kept for the words that stand for them."""
    return re.sub(rf"{env['portable']}(\d+)z", lambda word: env["kept"][int(word[1])], markup)


def formulas_in(markup: str) -> list[str]:
    """The formulas that `with_formulas` would find, as they are written."""
    found: list[str] = []
    in_words(markup, lambda words: HTML_FORMULA.sub(lambda one: found.append(one[0]) or one[0], words))
    return found


# --- formulas in HTML ---


def with_formulas(markup: str, env: EnvType) -> str:
    """HTML that nh3 wrote, with the formulas of its texts as MathML; code keeps its backslashes."""
    return in_words(markup, lambda words: HTML_FORMULA.sub(lambda found: html_formula(found, env), words))


def in_words(markup: str, changed: Callable[[str], str]) -> str:
    """The markup with each piece of its words `changed`, between two tags and outside of code."""
    if "$" not in markup and "\\" not in markup:
        return markup
    parts, verbatim = HTML_PART.split(markup), 0
    for index, part in enumerate(parts):
        if index % 2:
            tag = VERBATIM.match(part)
            verbatim += 0 if tag is None else -1 if tag[1] else 1
        elif not verbatim:
            parts[index] = changed(part)
    return "".join(parts)


def html_formula(found: re.Match[str], env: EnvType) -> str:
    alone = found["alone"] or found["shown"]
    latex = html.unescape(alone or found["within"] or found["told"]).replace("\xa0", " ").strip()
    return formula(latex, "block" if alone else "inline", env)


def has_formula(markup: str) -> bool:
    """Whether words of an HTML text would be shown as a formula."""
    return HTML_FORMULA.search(markup) is not None


def broken_formulas(source: str, form: str) -> list[maths.FormulaError]:
    """What is wrong with the formulas of a text that can't be shown as such."""
    found = []
    for latex in BROKEN.findall(render(source, form)) if "$" in source or "\\" in source else ():
        try:
            maths.mathml(html.unescape(latex))
        except maths.FormulaError as error:
            found.append(error)
    return found


def words(markup: str) -> str:
    """What `render` gave as HTML without formulas: each is its LaTeX, for places that can hold only letters."""
    return SHOWN_FORMULA.sub(r"\1", markup)


# --- texts ---


def render_text(
    text: Text | None,
    language: str,
    inline: bool = False,
    media: Mapping[str, str] | None = None,
    gaps: tuple[str, ...] = (),
) -> str:
    """Safe HTML of a text in `language` (or in what it has). `media` maps the names in `media:NAME` to addresses."""
    if not text:
        return ""
    source = with_addresses(say(text, language), media or {})
    return render(source, text.get("format", "markdown"), inline, gaps)


def with_addresses(source: str, media: Mapping[str, str]) -> str:
    """The text with the addresses of its files for their names; of two names the longer one is meant."""
    for name in sorted(media, key=len, reverse=True) if "media:" in source else ():
        source = source.replace(f"media:{name}", media[name])
    return source
