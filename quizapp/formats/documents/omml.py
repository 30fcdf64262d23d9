"""Formulas of Word (OMML) as LaTeX: fractions, roots, powers, sums, brackets, matrices; of the rest its content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.formats.documents.latex import COMMANDS, FUNCTIONS, latex_of
from quizapp.formats.documents.tree import child, children, local, value

ACCENTS = {"̂": "hat", "̃": "tilde", "̄": "bar", "̅": "overline", "⃗": "vec", "̇": "dot", "̈": "ddot", "̌": "check", "→": "vec"}
BRACES = {"(": "(", ")": ")", "[": "[", "]": "]", "{": r"\{", "}": r"\}", "|": "|", "‖": r"\|",
          "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor",
          "⌈": r"\lceil", "⌉": r"\rceil", "": "."}  # fmt: skip


ROW = r" \\ "


def latex(element: Any) -> str:
    """The LaTeX of an element of a formula."""
    rule = RULES.get(local(element))
    if rule is not None:
        return rule(element)
    return inside(element)


def inside(element: Any | None) -> str:
    if element is None:
        return ""
    return "".join(latex(one) for one in element if not local(one).endswith("Pr"))


def part(element: Any, name: str) -> str:
    return inside(child(element, name)).strip()


def run(element: Any) -> str:
    words = "".join(one.text or "" for one in children(element, "t"))
    upright = child(child(element, "rPr"), "nor") is not None
    return rf"\text{{{words}}}" if upright and words.strip() and "\\" not in words else latex_of(words)


def fraction(element: Any) -> str:
    numerator, denominator = part(element, "num"), part(element, "den")
    kind = value(child(child(element, "fPr"), "type"))
    if kind == "lin":
        return f"{numerator}/{denominator}"
    if kind == "noBar":
        return rf"\begin{{matrix}}{numerator}\\{denominator}\end{{matrix}}"
    return rf"\frac{{{numerator}}}{{{denominator}}}"


def root(element: Any) -> str:
    degree = part(element, "deg")
    return rf"\sqrt[{degree}]{{{part(element, 'e')}}}" if degree else rf"\sqrt{{{part(element, 'e')}}}"


def scripts(element: Any) -> str:
    below, above = part(element, "sub"), part(element, "sup")
    return f"{{{part(element, 'e')}}}" + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def before(element: Any) -> str:
    return f"{{}}_{{{part(element, 'sub')}}}^{{{part(element, 'sup')}}}{{{part(element, 'e')}}}"


def large(element: Any) -> str:
    sign = child(child(element, "naryPr"), "chr")
    written = COMMANDS.get(value(sign) if sign is not None else "∫", "int")
    below, above = part(element, "sub"), part(element, "sup")
    limits = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return rf"\{written}{limits} {part(element, 'e')}"


def brackets(element: Any) -> str:
    settings = child(element, "dPr")
    opens, closes, parts = (child(settings, name) for name in ("begChr", "endChr", "sepChr"))
    left = value(opens) if opens is not None else "("
    right = value(closes) if closes is not None else ")"
    between = latex_of(value(parts)) if parts is not None else "|"
    said = between.join(inside(one).strip() for one in children(element, "e"))
    return rf"\left{BRACES.get(left, '.')} {said} \right{BRACES.get(right, '.')} "


def function(element: Any) -> str:
    return f"{named(part(element, 'fName'))} {{{part(element, 'e')}}}"


def named(words: str) -> str:
    plain = words.removeprefix(r"\text{").removesuffix("}") if words.startswith(r"\text{") else words
    return f"\\{plain}" if plain in FUNCTIONS else words


def limit(mark: str) -> Callable[[Any], str]:
    def written(element: Any) -> str:
        base = named(part(element, "e"))
        if base.startswith("\\") and base[1:] in FUNCTIONS:
            return f"{base}{mark}{{{part(element, 'lim')}}}"
        name = "underset" if mark == "_" else "overset"
        return rf"\{name}{{{part(element, 'lim')}}}{{{base}}}"

    return written


def accent(element: Any) -> str:
    sign = child(child(element, "accPr"), "chr")
    return rf"\{ACCENTS.get(value(sign) if sign is not None else '̂', 'hat')}{{{part(element, 'e')}}}"


def bar(element: Any) -> str:
    place = value(child(child(element, "barPr"), "pos"))
    return rf"\{'overline' if place == 'top' else 'underline'}{{{part(element, 'e')}}}"


def matrix(element: Any) -> str:
    rows = [" & ".join(inside(one).strip() for one in children(row, "e")) for row in children(element, "mr")]
    return rf"\begin{{matrix}}{ROW.join(rows)}\end{{matrix}}"


def equations(element: Any) -> str:
    rows = [inside(one).strip().replace(r"\&", "&") for one in children(element, "e")]
    return rf"\begin{{aligned}}{ROW.join(rows)}\end{{aligned}}"


RULES: dict[str, Callable[[Any], str]] = {
    "r": run, "f": fraction, "rad": root, "sSup": scripts, "sSub": scripts, "sSubSup": scripts, "sPre": before,
    "nary": large, "d": brackets, "func": function, "limLow": limit("_"), "limUpp": limit("^"), "acc": accent,
    "bar": bar, "m": matrix, "eqArr": equations,
}  # fmt: skip
