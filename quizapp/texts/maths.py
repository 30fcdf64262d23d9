"""LaTeX formulas -> MathML, which browsers show without a script.

latex2mathml does the reading. What it gives is not trusted: only the elements and attributes of MathML Core that
are listed here are written out, every text escaped, and lengths bounded, so that a formula can't leave its place.
A formula that can't be read raises FormulaError, which says why; that is the only error that comes out of here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal
from xml.etree.ElementTree import Element

from latex2mathml import exceptions
from latex2mathml.converter import Converter

from quizapp.errors import N_, QuizError

MOST_CHARACTERS = 2000
MOST_DEPTH = 40
"""How deeply the elements of a formula may nest; a page of mathematics needs about ten."""
GAP = 0xE000
"""The first character of Unicode's private area: each gap of a cloze is one of them while the formula is read."""

LENGTHS = {"width", "height", "depth", "lspace", "rspace", "voffset", "minsize", "maxsize", "linethickness"}
ATTRIBUTES = LENGTHS | {
    "accent", "accentunder", "columnalign", "columnspan", "displaystyle", "fence", "form", "largeop", "mathvariant",
    "movablelimits", "notation", "rowspan", "scriptlevel", "separator", "stretchy", "symmetric",
}  # fmt: skip
ELEMENTS = {
    "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover", "semantics",
}  # fmt: skip
CHILDREN = {"mfrac": 2, "mover": 2, "mroot": 2, "msub": 2, "msubsup": 3, "msup": 2, "munder": 2, "munderover": 3}
LENGTH = re.compile(r"[+-]?(?:\d?(?:\.\d+)?(?:em|ex)|\d{0,2}(?:\.\d+)?(?:pt|px|mu|%)?)")
"""Lengths that stay beside the formula: less than 10 em."""

LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
LIMIT_NAMES = {"det", "gcd", "inf", "lim", "max", "min", "sup"}
"""What stands below these names, or above, in a formula on its own line."""

VARIANTS = {
    "bold": "BOLD",
    "bold-fraktur": "BOLD FRAKTUR",
    "bold-italic": "BOLD ITALIC",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "bold-script": "BOLD SCRIPT",
    "double-struck": "DOUBLE-STRUCK",
    "fraktur": "FRAKTUR",
    "monospace": "MONOSPACE",
    "sans-serif": "SANS-SERIF",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC",
    "sans-serif-italic": "SANS-SERIF ITALIC",
    "script": "SCRIPT",
}
"""The values of mathvariant that browsers no longer know, by the names of the letters that show the same."""

MACROS = re.compile(r"\\(?:newcommand|renewcommand|newenvironment|DeclareMathOperator|def|let)(?![a-zA-Z])")
NUMBERED = re.compile(r"(\\(?:begin|end)\s*\{align)\}")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


class FormulaError(QuizError):
    """A formula that can't be shown; the sentence says why."""

    template = N_("This formula can't be read.")


LACKING = N_("A command in this formula has nothing to apply to.")
REASONS = {
    exceptions.MissingSuperScriptOrSubscriptError: N_("Something is missing after ^ or _ in this formula."),
    exceptions.DoubleSuperscriptsError: N_("There are two ^ in a row in this formula; put one of them in braces."),
    exceptions.DoubleSubscriptsError: N_("There are two _ in a row in this formula; put one of them in braces."),
    exceptions.ExtraLeftOrMissingRightError: N_("A \\left or \\right in this formula has no partner."),
    exceptions.MissingEndError: N_("A \\begin in this formula has no \\end."),
    exceptions.NoAvailableTokensError: LACKING,
    exceptions.NumeratorNotFoundError: N_("A fraction in this formula has no numerator."),
    exceptions.DenominatorNotFoundError: N_("A fraction in this formula has no denominator."),
}


@lru_cache(maxsize=2048)
def mathml(latex: str, display: Literal["inline", "block"] = "inline", gaps: tuple[str, ...] = ()) -> str:
    """A formula as a `math` element with its LaTeX in `alttext`. `gaps` names the markers `{{name}}` that stay.

    Raises FormulaError, and nothing else, for a formula that is broken, too long, or nested too deeply.
    """
    if len(latex) > MOST_CHARACTERS:
        raise FormulaError(N_("This formula is longer than %(limit)s characters."), limit=MOST_CHARACTERS)
    if MACROS.search(latex):
        raise FormulaError(N_("A formula can't define commands of its own."))
    check_braces(latex)
    names = {name: chr(GAP + place) for place, name in enumerate(gaps)}
    spoken, read = latex, NUMBERED.sub(r"\1*}", latex)
    for name, sign in names.items():
        read, spoken = read.replace(f"{{{{{name}}}}}", sign), spoken.replace(f"{{{{{name}}}}}", "{___}")
    markers = {sign: f"{{{{{name}}}}}" for name, sign in names.items()}
    row = element(read, display)
    if display == "block":
        put_limits_below(row)
    inner = "".join(written(row, markers, 0))
    alttext = html.escape(" ".join(spoken.split()))
    return f'<math display="{display}" alttext="{alttext}">{inner}</math>'


def check_braces(latex: str) -> None:
    """Every `{` has its `}`, and there aren't more of them open than can be read."""
    depth = deepest = 0
    for found in BRACE.findall(latex):
        depth += {"{": 1, "}": -1}.get(found, 0)
        deepest = max(depth, deepest)
        if depth < 0:
            break
    if depth:
        raise FormulaError(N_("The braces { and } of this formula don't match."))
    if deepest > MOST_DEPTH:
        raise FormulaError(N_("This formula is nested too deeply."))


def element(latex: str, display: str) -> Element:
    """What latex2mathml makes of the formula: the outermost row."""
    try:
        return Converter(display=display).convert_to_element(latex)[0]
    except RecursionError as error:
        raise FormulaError(N_("This formula is nested too deeply.")) from error
    except Exception as error:  # the reader raises whatever it stumbles over: IndexError, StopIteration, ValueError ...
        raise FormulaError(REASONS.get(type(error), "")) from error


def put_limits_below(row: Element) -> None:
    """Indices of lim, max and their like go below them, as TeX sets them on a line of their own."""
    for node in row.iter():
        if node.tag in LIMITS and (node[0].text in LIMIT_NAMES or node[0].get("movablelimits")):
            node.tag = LIMITS[node.tag]


def written(node: Element, markers: dict[str, str], depth: int) -> Iterator[str]:
    """The element and what is in it as markup; of what isn't listed, only the content."""
    if depth > MOST_DEPTH:
        raise FormulaError(N_("This formula is nested too deeply."))
    text = html.unescape(node.text or "")
    if text.startswith("\\") and node.tag == "mi":
        raise FormulaError(N_("This formula has a command that isn't known: %(command)s"), command=text)
    if len(node) != CHILDREN.get(node.tag, len(node)):
        raise FormulaError(LACKING)
    tag = "mtext" if text in markers else node.tag if node.tag in ELEMENTS else "mrow"
    yield f"<{tag}{''.join(attributes(node))}>"
    yield markers.get(text) or html.escape(lettered(text, node.get("mathvariant", "")), quote=False)
    for child in node:
        yield from written(child, markers, depth + 1)
    yield f"</{tag}>"


def attributes(node: Element) -> Iterator[str]:
    for name, value in node.items():
        if name in ATTRIBUTES and (name not in LENGTHS or LENGTH.fullmatch(value)) and value not in VARIANTS:
            yield f' {name}="{html.escape(value)}"'


def lettered(text: str, variant: str) -> str:
    """The text in the letters of a mathematical alphabet, as MathML Core wants it: 𝐀 for a bold A."""
    style = VARIANTS.get(variant)
    return "".join(in_style(letter, style) for letter in text) if style else text


def in_style(letter: str, style: str) -> str:
    name = unicodedata.name(letter, "")
    for script in ("LATIN ", "GREEK "):
        name = name.removeprefix(script).replace("LETTER ", "")
    older = style.replace("FRAKTUR", "BLACK-LETTER")
    for known in (f"MATHEMATICAL {style} {name}", f"{older} {name}"):
        try:
            return unicodedata.lookup(known)
        except KeyError:
            continue
    return letter
