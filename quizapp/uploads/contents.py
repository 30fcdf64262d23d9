"""What reading an upload gives; and the contents that were asked for last, as far as a bounded memory holds them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from quizapp.formats.base import Reading
from quizapp.formats.items import Item


@dataclass(frozen=True)
class Way:
    """How a file is to be read: a format of FORMATS, a language, an encoding of ENCODINGS; "" as the file tells."""

    form: str = ""
    language: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Source:
    """What decides a reading. `load` gives the bytes; it is called only if the reading isn't remembered."""

    upload_id: str
    filename: str
    way: Way
    load: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the file that could go into a bank. `place` counts the file's usable questions from 0."""

    place: int
    item: Item
    key: str
    hash: str


@dataclass(frozen=True)
class Content:
    """What a file held: the format it was read as ("" if none fits), the reading, and the candidates."""

    form: str
    reading: Reading
    candidates: tuple[Candidate, ...]


class Remembered:
    """The contents that were asked for last, as many as fit into `budget` bytes; a larger one isn't kept at all."""

    QUESTION = 4_000
    """Bytes that a question takes beside its text, by measurement."""

    def __init__(self, budget: int) -> None:
        self.budget, self.lock = budget, Lock()
        self.kept: OrderedDict[Source, tuple[Content, int]] = OrderedDict()

    def get(self, source: Source) -> Content | None:
        with self.lock:
            if source not in self.kept:
                return None
            self.kept.move_to_end(source)
            return self.kept[source][0]

    def keep(self, source: Source, content: Content, size: int) -> None:
        """Remember, and forget what was asked for longest ago. `size` is that of the file in bytes."""
        media = sum(len(one.data) for candidate in content.candidates for one in candidate.item.media)
        weight = size + media + self.QUESTION * (len(content.candidates) + len(content.reading.problems))
        if weight > self.budget:
            return
        with self.lock:
            self.kept[source] = content, weight
            while sum(weight for _, weight in self.kept.values()) > self.budget:
                self.kept.popitem(last=False)

    def forget(self, upload_id: str) -> None:
        """What was imported or dropped won't be asked for again."""
        with self.lock:
            for source in [source for source in self.kept if source.upload_id == upload_id]:
                del self.kept[source]
