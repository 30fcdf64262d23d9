r"""Where the answers of a GIFT question stand: of several pairs of braces, the one that holds answers.

Moodle takes the first `{` and the first `}`, so that a formula such as `$\frac{1}{2}$` before the answers makes an
answer of its numerator. Here the braces of formulas and sets are text where that is clear; where it isn't, the
question is refused. The source is that of `escapes.protect`: a brace that was written with a backslash is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem

FORMULA = re.compile(r"(?:\\[A-Za-z]+\*?(?:\[[^\[\]]{0,40}\])?|\^|(?<!_)_)\Z")
"""What stands right before a brace of a formula: a command, an exponent, an index."""
NEAR = 60
"""How far back that is looked for."""
ANSWERS = re.compile(r"\s*(?:[=~#＝～〜＃]|(?:T|TRUE|F|FALSE)\s*(?:#|\Z)|\Z)", re.IGNORECASE)
"""How answers begin; between empty braces an essay is written."""
WIDE = str.maketrans("｛｝", "{}")
MEND = N_(
    "Write { before the answers and } after them, and \\{ or \\} for a brace in the text. A blank line ends a question."
)


@dataclass
class Parts:
    """A question in three parts. `answer` is None where it has no braces at all."""

    before: str
    answer: str | None = None
    after: str = ""
    problems: list[Problem] = field(default_factory=list)


def parts_of(source: str) -> Parts:
    """The parts of a question; among its problems is an error where they can't be told for sure."""
    parts = narrow_parts(source)
    if "｛" not in source and "｝" not in source:
        return parts
    if parts.answer is None or any(problem.is_error for problem in parts.problems):
        wide = narrow_parts(source.translate(WIDE))
        if wide.answer is not None and ANSWERS.match(wide.answer) and not any(one.is_error for one in wide.problems):
            return wide
        if parts.answer is None and not parts.problems:
            parts.problems.append(warning(N_("Full-width braces hold no answers here; they were read as text.")))
    return parts


def narrow_parts(source: str) -> Parts:
    """The parts by the plain braces."""
    groups, left_open = groups_of(source)
    likely = [group for group in groups if is_likely(source, group)]
    if (left_open and not likely) or (not groups and "}" in source):
        return Parts(source, problems=[error(N_("The braces of this question don't match."))])
    if not groups:
        return Parts(source)
    chosen = likely or [group for group in groups if not is_formula(source, group)]
    if len(chosen) > 1:
        return Parts(source, problems=[error(N_("Two pairs of braces could hold the answers of this question."))])
    if not chosen:
        return Parts(source, problems=[error(N_("Only the braces of formulas were found, and none with answers."))])
    start, end = chosen[0]
    parts = Parts(source[:start], source[start + 1 : end], source[end + 1 :])
    if "{" in parts.before + source[start + 1 :]:
        parts.problems.append(warning(N_("Braces that hold no answers were read as text.")))
    return parts


def groups_of(source: str) -> tuple[list[tuple[int, int]], bool]:
    """The outermost pairs of braces by their places, and whether a brace is left open."""
    groups: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in re.finditer("[{}]", source):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if not opened:
                groups.append((start, match.start()))
    return groups, bool(opened)


def is_likely(source: str, group: tuple[int, int]) -> bool:
    """Whether answers stand between the braces. The empty ones of `{}^2` belong to a formula."""
    start, end = group
    inside = source[start + 1 : end]
    if ANSWERS.match(inside) is None:
        return False
    return inside.lstrip()[:1] in tuple("=~#＝～〜＃") or not (
        is_formula(source, group) or source[end + 1 : end + 2] in ("^", "_")
    )


def is_formula(source: str, group: tuple[int, int]) -> bool:
    """Whether the braces belong to a formula: after a command, or right after other braces that do."""
    start = group[0]
    before = source[max(0, start - NEAR) : start]
    while before.endswith("}") and "{" in before:
        before = before[: before.rindex("{")]
    return FORMULA.search(before) is not None


def error(template: str) -> Problem:
    return Problem(template, code="braces", mend=MEND)


def warning(template: str) -> Problem:
    return Problem(template, code="braces-as-text", severity="warning",
                   mend=N_("Write \\{ or \\} for a brace in the text."))  # fmt: skip
