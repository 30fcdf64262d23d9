"""Repair: the sentence that a missed question stands on, with its key words blanked. Pure; nothing is made up.

The sentence of the passage that shares most with the right answer, then with the question, is taken; blanked are the
words that it shares with the right answer, else its rarest ones. A word is compared by its stem: in Korean without the
particle that clings to it, which stays beside the blank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.kinds.base import nfc

WORD = re.compile(r"[^\W_]+(?:[.’'·-][^\W_]+|(?<=\d),(?=\d)[^\W_]+)*")
END = re.compile(r"(?<=[.!?。])[\"'”’)\]]*\s+")
HANGUL = re.compile(r"[가-힣]")
PARTICLES = sorted(
    WORD.findall("""은 는 이 가 을 를 의 에 와 과 로 도 에서 에게 께서 으로 까지 부터 처럼 보다 이나 이라 이라고 라고
    이라는 라는 에는 에도 에서는 에서도 으로는 로는 으로도 로도 이고 이며 였고 였다 입니다 이었고 인데 이라면 라면
    에서의 과의 와의 에게는"""),
    key=len,
    reverse=True,
)
COMMON = frozenset(
    WORD.findall("""a after an and are as at be been before between but by did do does for from had has have he her his
    if in into is it its longer more most no not of on one or really she since so than that the their them then there
    they this to was were what when whether which while who will with would
    이 그 저 것 수 등 및 더 또 그리고 그러나 하지만 있는 있습니다 있었습니다 없습니다 합니다 했습니다 하는 한 할 됩니다
    되었습니다 위해 대한 대해 모두 다른 같은 때 때문 글 글은 글이 글의""")
)
PREDICATE = re.compile(r"(?:다|고|며|면|서|게|는|던|긴|린|된|한|지|져)$")
"""How Korean verbs and adjectives mostly end: they are hard to guess exactly, so that nouns are blanked first."""
MAX_BLANKS, LONG = 3, 60
"""Blanks of a sentence, and the words after which it is cut around them: a table's row is one long sentence."""


@dataclass(frozen=True)
class Piece:
    """A part of the sentence: a text, or a blank with the word that belongs there and what clings to it."""

    text: str
    blank: bool = False
    tail: str = ""


@dataclass(frozen=True)
class Word:
    """A word of a text, from `start` to `end`; `stem` is what of it is compared, `end` where that ends."""

    stem: str
    start: int
    end: int
    tail: str = ""


def words(text: str) -> list[Word]:
    return [word_of(found) for found in WORD.finditer(text)]


def word_of(found: re.Match[str]) -> Word:
    """A word without its particle, where two letters or more are left, or with all of it."""
    text = found[0]
    if HANGUL.search(text[-1]):
        for particle in PARTICLES:
            rest = text[: -len(particle)]
            if text.endswith(particle) and len(rest) >= 2:
                return Word(folded(rest), found.start(), found.start() + len(rest), particle)
    for tail in ("’s", "'s"):
        if text.endswith(tail):
            return Word(folded(text[:-2]), found.start(), found.end() - 2, tail)
    return Word(folded(text), found.start(), found.end())


def folded(text: str) -> str:
    return nfc(text).casefold()


def stems(text: str) -> set[str]:
    """The words of a text that say something."""
    return {word.stem for word in words(text) if says(word)}


def says(word: Word) -> bool:
    return word.stem not in COMMON and (len(word.stem) > 1 or word.stem.isdigit())


def frequencies(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in a lesson."""
    return Counter(word.stem for text in texts for word in words(text))


def gapped(passage: str, key: str, question: str, often: Mapping[str, int]) -> Sequence[Piece]:
    """The passage's sentence in pieces, one to MAX_BLANKS of them blanks; () where it has no word to blank.

    key: the right answer in words.  question: its stem.  often: the `frequencies` of the lesson.
    """
    wanted, asked = stems(key), stems(question)
    sentences = [nfc(one) for one in END.split(passage.strip()) if one]

    def fit(sentence: str) -> tuple[int, int]:
        own = stems(sentence)
        return len(own & wanted), len(own & asked)

    best = max(sentences, key=fit, default="")  # the first of those that fit best
    return cut(best, blanked(best, wanted, often))


def blanked(sentence: str, wanted: set[str], often: Mapping[str, int]) -> list[Word]:
    """The words to blank, in their order."""
    known: dict[str, Word] = {}
    for word in words(sentence):
        if says(word):
            known.setdefault(word.stem, word)
    limit = max(1, min(MAX_BLANKS, len(known) // 3))
    shared = [word for stem, word in known.items() if stem in wanted]
    if shared:
        chosen = sorted(shared, key=lambda word: (often.get(word.stem, 0), word.start))[:limit]
    else:
        rarest = sorted(
            known.values(),
            key=lambda word: (bool(PREDICATE.search(word.stem)), often.get(word.stem, 0), -len(word.stem), word.start),
        )
        chosen = rarest[: min(2, limit)]
    return sorted(chosen, key=lambda word: word.start)


def cut(sentence: str, blanks: Sequence[Word]) -> Sequence[Piece]:
    """The sentence in pieces; of a long one what stands around the blanks."""
    if not blanks:
        return ()
    start, end = 0, len(sentence)
    own = words(sentence)
    if len(own) > LONG:
        first, last = (next(i for i, one in enumerate(own) if one.start == word.start) for word in
                       (blanks[0], blanks[-1]))  # fmt: skip
        last = min(last, first + LONG // 2)
        blanks = [word for word in blanks if word.start <= own[last].start]
        start, end = own[max(0, first - LONG // 4)].start, own[min(len(own) - 1, last + LONG // 4)].end
    pieces, at = [Piece("… ")] if start else [], start
    for word in blanks:
        pieces.append(Piece(sentence[at : word.start]))
        pieces.append(Piece(sentence[word.start : word.end], blank=True, tail=word.tail))
        at = word.end
    pieces.append(Piece(sentence[at:end] + (" …" if end < len(sentence) else "")))
    return [one for one in pieces if one.text]


def fills(typed: str, piece: Piece) -> bool:
    """Whether what was typed fills the blank: case, spaces and the particle beside it don't matter."""
    given = compact(typed)
    return bool(given) and given in (compact(piece.text), compact(piece.text + piece.tail))


def compact(text: str) -> str:
    return "".join(WORD.findall(folded(text))).replace("’", "'")
