"""What an uploaded file holds; and the contents that were asked for last, as far as a bounded memory holds them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from quizapp.banks.diff import IncomingItem
from quizapp.formats.base import Reading
from quizapp.formats.whole_file import ReadingOptions as ReadingOptions


@dataclass(frozen=True)
class SentFile:
    """A file of an upload and how it is to be read: what decides its content. `since`: when its bytes came."""

    upload_id: str
    since: datetime
    filename: str
    options: ReadingOptions


@dataclass(frozen=True)
class Content:
    """What a file held: the format it was read as ("" if none fits), the reading, and what of it a bank could take."""

    form: str
    reading: Reading
    incoming: tuple[IncomingItem, ...]


class ContentCache:
    """The contents that were asked for last, as many as fit into `budget` bytes; a larger one isn't kept at all."""

    QUESTION = 4_000
    """Bytes that a question takes beside its text, by measurement."""

    def __init__(self, budget: int) -> None:
        self.budget, self.lock = budget, Lock()
        self.kept: OrderedDict[SentFile, tuple[Content, int]] = OrderedDict()

    def get(self, file: SentFile) -> Content | None:
        with self.lock:
            if file not in self.kept:
                return None
            self.kept.move_to_end(file)
            return self.kept[file][0]

    def keep(self, file: SentFile, content: Content, size: int) -> None:
        """Remember, and forget what was asked for longest ago. `size` is that of the file in bytes."""
        media = sum(len(one.data) for incoming in content.incoming for one in incoming.item.media)
        weight = size + media + self.QUESTION * (len(content.incoming) + len(content.reading.problems))
        if weight > self.budget:
            return
        with self.lock:
            self.kept[file] = content, weight
            while sum(weight for _, weight in self.kept.values()) > self.budget:
                self.kept.popitem(last=False)

    def forget(self, upload_id: str) -> None:
        """What was imported or dropped won't be asked for again."""
        with self.lock:
            for file in [file for file in self.kept if file.upload_id == upload_id]:
                del self.kept[file]
