"""How Canvas's New Quizzes compare a typed text with an answer (`scoring_algorithm`), as accepted answers of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.losses import loss
from quizapp.formats.qti.refusals import Unsupported
from quizapp.formats.qti12.question import Qti12Question
from quizapp.formats.wildcards import pattern_of

AS_WRITTEN = ("", "textinchoices", "textequivalence", "equivalence")
"""The answer as it is written; the first two also where a blank has several."""
CONTAINS, CLOSE, REGEX = "textcontainsanswer", "textcloseenough", "textregex"
SETMATCH = {"contains": CONTAINS, "matches": REGEX}
CHOSEN_ANSWERS = ("dropdown", "wordbank")
"""The types of answers that are chosen and not typed."""
TYPED_ANSWERS = ("", "openentry")
IGNORE_CASE = "(?i)"
GROUP = re.compile(r"\((?:\?:)?(.*)\)", re.DOTALL)
LITERAL = re.compile(r"(?:[^\\.^$*+?()\[\]{}|]|\\[^A-Za-z0-9])+")
ESCAPED = re.compile(r"\\(.)")
MIXED = N_("Capitals matter in some of the answers; here they matter in none.")


def algorithm_of(node: Any) -> str:
    return (node.get("scoring_algorithm") or "").lower()


def answer_type_of(node: Any) -> str:
    return (node.get("answer_type") or "").lower()


def comparison_of(node: Any) -> str:
    """How an answer is compared: by Canvas's algorithm, or by Blackboard's `setmatch` of a typed text."""
    match = (node.get("setmatch") or "").lower()
    return algorithm_of(node) or SETMATCH.get(match, "")


def patterns_of(question: Qti12Question, node: Any, written: str) -> list[str]:
    """The accepted answers that take what is accepted there. Raises Unsupported where there are none such."""
    algorithm = comparison_of(node)
    if algorithm in AS_WRITTEN:
        return [pattern_of(written)]
    if algorithm == CONTAINS:
        return [f"*{pattern_of(written)}*"]
    if algorithm == CLOSE:
        question.problems.append(
            loss(
                N_("There, up to %(count)s wrong letters in “%(words)s” are forgiven; here, it must be spelled right."),
                "close-enough",
                count=node.get("levenshtein_distance") or "1",
                words=written,
            )
        )
        return [pattern_of(written)]
    if algorithm == REGEX:
        if found := listed_by(written):
            return [pattern_of(one) for one in found]
        raise Unsupported(N_("Any text that matches the pattern “%(words)s” is an answer."), words=written)
    raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=node.get("scoring_algorithm"))


def listed_by(pattern: str) -> list[str]:
    """The texts that a regular expression lists, `^(red|crimson)$`; [] for one that says more."""
    pattern = pattern.removeprefix(IGNORE_CASE)
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return []
    inner = pattern[1:-1]
    group = GROUP.fullmatch(inner)
    parts = re.split(r"(?<!\\)\|", group[1]) if group else [inner]
    return [ESCAPED.sub(r"\1", part) for part in parts] if all(map(LITERAL.fullmatch, parts)) else []


def case_of(question: Qti12Question, node: Any, written: str) -> bool:
    """Whether capitals matter in an answer."""
    if comparison_of(node) == REGEX:
        return not written.startswith(IGNORE_CASE)
    if algorithm_of(node) == CLOSE:
        return (node.get("ignore_case") or "").lower() != "true"
    return (node.get("case") or question.meta.get("case_sensitive", "")).lower() in ("yes", "true")


def case_rule(question: Qti12Question, cases: Iterable[bool]) -> dict[str, bool]:
    """The rule of scoring for answers in which capitals matter or not; a loss where that differs."""
    found = set(cases)
    if found == {True, False}:
        question.problems.append(Problem(MIXED, code="case", severity="loss"))
    return {"case": True} if found == {True} else {}
