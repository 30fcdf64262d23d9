"""How a citation stands after the lessons have changed, and where the cited passage is to be read now.

A citation names a lesson and an anchor in it. What the passage said when it was cited is compared with the passages
that the course has now:

- intact: the same words at the same anchor;
- moved: the same words at another anchor, in the same lesson or in another one of the course;
- changed: other words; at the anchor or, if a passage elsewhere is far more like the cited words, there;
- gone: none of these.

Words are compared in each language that the cited passage had, in NFC and with white space folded: a passage that
has changed in one language only has changed. Where a changed passage is follows from the language in which it is most
alike (a new translation doesn't make it another passage); how much it has changed, from the one in which it is least.
The likeness is that of `rules.similarity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from quizapp.kinds.base import nfc
from quizapp.rules.similarity import ALIKE, dice, pairs
from quizapp.texts.lessons import quote_hash

State = Literal["intact", "moved", "changed", "gone"]
STATES: tuple[State, ...] = ("gone", "changed", "moved", "intact")
"""What needs somebody's hand first comes first."""

FAR = 0.3
"""By how much a passage elsewhere must be more like the cited one than what stands at the anchor now."""

Wording = Mapping[str, str]
"""A passage's plain text by language."""

Piece = tuple[Literal["same", "old", "new"], str]


class Place(NamedTuple):
    """Where a passage stands: the lesson's slug and the anchor in it; an empty anchor is the lesson as a whole."""

    lesson: str
    anchor: str


@dataclass(frozen=True)
class CitationStanding:
    """How a citation stands. `place`: where its passage is now; None if it is gone.

    `likeness`: from 0 to 1, how much of the cited words is left there; None where they aren't known.
    """

    state: State
    place: Place | None
    likeness: float | None = 1.0

    @property
    def holds(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.state == "intact"


class Passages:
    """The passages of a course as they are now, in reading order, to look the cited ones up in."""

    def __init__(self, now: Mapping[Place, Wording]) -> None:
        self.now = {place: folded(wording) for place, wording in now.items()}
        self._letters: dict[Place, dict[str, frozenset[str]]] = {}

    def standing(self, cited: Place, then: Wording | None, quote: str = "") -> CitationStanding:
        """How a citation stands.

        then: what the passage said when it was cited; None if nobody knows any more. Then the citation's `quote`, the
        hash of those words in one language, has to do; and without it, that the anchor is there.
        """
        if then is None:
            return self.by_quote(cited, quote)
        then = folded(then)
        if cited in self.now and says(self.now[cited], then):
            return CitationStanding("intact", cited)
        if any(then.values()):
            for place in self.around(cited):
                if says(self.now[place], then):
                    return CitationStanding("moved", place)
        return self.most_like(cited, then)

    def by_quote(self, cited: Place, quote: str) -> CitationStanding:
        if cited in self.now and (not quote or quoted(self.now[cited], quote)):
            return CitationStanding("intact", cited)
        for place in self.around(cited):
            if quote and quoted(self.now[place], quote):
                return CitationStanding("moved", place)
        return CitationStanding("changed", cited, None) if cited in self.now else CitationStanding("gone", None, None)

    def most_like(self, cited: Place, then: Wording) -> CitationStanding:
        """The words aren't there any more: is the passage?"""
        letters = {language: pairs(text) for language, text in then.items()}
        here = max(self.likenesses(cited, letters)) if cited in self.now else 0.0
        found, best = cited, here
        for place in self.around(cited):
            likeness = max(self.likenesses(place, letters))
            if likeness > best and likeness >= max(ALIKE, here + FAR):
                found, best = place, likeness
        if found not in self.now:
            return CitationStanding("gone", None, 0.0)
        return CitationStanding("changed", found, min(self.likenesses(found, letters)))

    def likenesses(self, place: Place, letters: Mapping[str, frozenset[str]]) -> list[float]:
        """How like the passage at the place is, in each of the languages."""
        if place not in self._letters:
            self._letters[place] = {language: pairs(text) for language, text in self.now[place].items()}
        there = self._letters[place]
        return [dice(found, there.get(language, frozenset())) for language, found in letters.items()] or [0.0]

    def around(self, cited: Place) -> Iterator[Place]:
        """Every other place; those of the same lesson first."""
        yield from (place for place in self.now if place.lesson == cited.lesson and place != cited)
        yield from (place for place in self.now if place.lesson != cited.lesson)


def folded(wording: Wording) -> dict[str, str]:
    return {language: nfc(" ".join(text.split())) for language, text in wording.items()}


def says(wording: Wording, then: Wording) -> bool:
    """Whether the wording is the same in every language that the other has."""
    return all(wording.get(language) == text for language, text in then.items())


def quoted(wording: Wording, quote: str) -> bool:
    """Whether a citation's quote is of this passage, in any language."""
    return any(quote_hash(text) == quote for text in wording.values())


def text_changes(then: str, now: str) -> list[Piece]:
    """Both texts as one, word by word: what is in both, what only the old one has, what only the new one has."""
    old, new = then.split(), now.split()
    pieces: list[Piece] = []
    for kind, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", " ".join(old[start:end])))
            continue
        if end > start:
            pieces.append(("old", " ".join(old[start:end])))
        if stop > begin:
            pieces.append(("new", " ".join(new[begin:stop])))
    return pieces
