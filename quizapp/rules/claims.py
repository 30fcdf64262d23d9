"""What a course wants asked, and whose claims it tells: facts that no question asks, and claims told as facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from quizapp.errors import N_, Problem
from quizapp.kinds.base import LANGUAGES, Text, nfc
from quizapp.rules.authoring import remark


class Fact(Protocol):
    """An entry of a course's list: the passage that teaches it, and whether somebody claims it."""

    @property
    def fact(self) -> str: ...
    @property
    def lesson(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def claim(self) -> bool: ...


class Asking(Protocol):
    """What is read of an item."""

    stem: Text
    stimulus: Text
    response: dict[str, Any]
    citations: list[dict[str, str]]
    use: str


Cited = Collection[tuple[str, str]]
"""Passages by the lesson and the anchor."""


def cited(citations: Iterable[Mapping[str, str]]) -> set[tuple[str, str]]:
    return {(one.get("lesson", ""), one.get("anchor", "")) for one in citations}


def unasked(facts: Iterable[Fact], asked: Cited) -> Iterator[tuple[int, Problem]]:
    """The facts of a list that no question asks, each with its place in the list."""
    for place, fact in enumerate(facts):
        if (fact.lesson, fact.anchor) not in asked:
            said = remark(
                N_("No question asks the fact “%(fact)s”: none cites %(passage)s."),
                "unasked-fact",
                mend=N_("Write one, or take the fact off the list."),
                fact=fact.fact,
                passage=f"{fact.lesson}#{fact.anchor}",
            )
            yield place, said


def told_as_fact(item: Asking, facts: Iterable[Fact], attribution: Sequence[str]) -> Iterator[Problem]:
    """A question that stands on claims only, and says nowhere whose they are; a check is met below its passage."""
    claims = {(fact.lesson, fact.anchor): fact for fact in facts if fact.claim}
    passages = cited(item.citations)
    if item.use or not attribution or not passages or not passages <= claims.keys():
        return
    fact = claims[min(passages)]
    for language in LANGUAGES:
        shown = [text.get(language, "") for text in (item.stimulus, item.stem, item.response.get("text") or {})]
        if any(shown) and not is_attributed("\n".join(shown), attribution):
            yield remark(
                N_("This question asks about the claim “%(fact)s”, but doesn't say whose it is."),
                "unattributed-question",
                ("stem", language),
                mend=N_("Say so, for example with “%(phrase)s”."),
                fact=fact.fact,
                phrase=attribution[0],
            )


def is_attributed(text: str, attribution: Iterable[str]) -> bool:
    """Whether a text says whose claims it tells, with one of these phrases: at the beginning of a word, since “구글은”
    isn't “글은”."""
    read = " ".join(nfc(text).casefold().split())
    return any(re.search(rf"\b{re.escape(' '.join(nfc(one).casefold().split()))}", read) for one in attribution)
