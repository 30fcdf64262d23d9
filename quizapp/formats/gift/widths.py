"""The full-width signs that a Korean keyboard writes in place of GIFT's own.

They are read as those where that is clear: at the start of an answer, in a question that has no others, or an arrow
in every pair. Between numbers a wave is a range. It is always said.
"""

from __future__ import annotations

import re

from quizapp.errors import N_, Problem

PLAIN = {"＝": "=", "～": "~", "〜": "~", "＃": "#"}
WAVES = "～〜"
FIRST = re.compile(r"^([^\S\n]*)([＝～〜])", re.MULTILINE)
INNER = re.compile(r"(?<=\s)[＝～〜](?=\S)")
WEIGHT = re.compile(r"([=~]\s*)％([-－]?[0-9.,]+)％")
DOUBTFUL = re.compile(rf"[^\s0-9０-９][{WAVES}]|[{WAVES}][^\s0-9０-９]")
RANGE = re.compile(rf"[0-9０-９]\S{{0,3}}\s*[{WAVES}]\s*[0-9０-９]")
FEEDBACK = re.compile(r"#[^=~]*")
SAID = N_("Full-width signs (%(signs)s) were read as those of GIFT.")


def plain_marks(answer: str) -> tuple[str, list[Problem]]:
    """What stands between the braces, with plain signs, and what is to be said of it."""
    plain = all_plain(answer) if is_wide(answer) else leading_plain(answer)
    plain = plain_arrows(plain)
    signs = "".join(sign for sign in (*PLAIN, "→", "％") if answer.count(sign) > plain.count(sign))
    problems = [] if plain == answer else [warning(SAID, "full-width", signs=" ".join(signs))]
    words = FEEDBACK.sub("", plain)
    if "~" not in words and DOUBTFUL.search(words) and not words.lstrip().startswith("#"):
        said = N_("A wave dash (%(sign)s) was read as part of an answer; if a wrong answer follows it, write ~.")
        problems.append(warning(said, "wave", sign=next(sign for sign in words if sign in WAVES)))
    if "→" in words and "->" not in words and words.count("=") > 1:
        said = N_("An arrow (→) was read as part of an answer; between the sides of a pair write ->.")
        problems.append(warning(said, "arrow"))
    return plain, problems


def is_wide(answer: str) -> bool:
    """Whether the answers have full-width signs only, the first one where an answer begins."""
    return answer.lstrip()[:1] in tuple(PLAIN) and not any(sign in answer for sign in "=~")


def all_plain(answer: str) -> str:
    ranges = [match.span() for match in RANGE.finditer(answer)]
    kept = {n for start, end in ranges for n in range(start, end)}
    plain = "".join(sign if n in kept else PLAIN.get(sign, sign) for n, sign in enumerate(answer))
    return WEIGHT.sub(lambda match: f"{match[1]}%{match[2].replace('－', '-')}%", plain)


def leading_plain(answer: str) -> str:
    """The signs with which an answer begins: those of a line, and those between a space and a word."""
    answer = FIRST.sub(lambda match: match[1] + PLAIN[match[2]], answer)

    def plain(match: re.Match[str]) -> str:
        sides = answer[max(0, match.start() - 3) : match.start()].rstrip()[-1:] + answer[match.end()]
        return match[0] if sides.isdigit() else PLAIN[match[0]]

    return INNER.sub(plain, answer)


def plain_arrows(answer: str) -> str:
    """`->` for the arrows, where every answer is a pair."""
    parts = answer.split("=")
    pairs = [part for part in parts if part.strip()]
    if "~" in answer or len(pairs) < 2 or not all("->" in part or part.count("→") == 1 for part in pairs):
        return answer
    return "=".join(part if "->" in part else part.replace("→", "->") for part in parts)


def warning(template: str, code: str, **values: str) -> Problem:
    return Problem(template, values, code=code, severity="warning")
