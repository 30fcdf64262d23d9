"""A request on its way in. It is whole before anything is done for it, and gunicorn's own parser says what it means.

What is found here is only where a request ends; the parser gets exactly that much. Where the two disagree, it misses
something and refuses the request: nothing of one request can pass for another.
"""

from __future__ import annotations

import re
from typing import Any

from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.errors import NoMoreData
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader

from quizapp.operation.front.spool import Spool
from quizapp.web.bodies import MAX_UPLOAD

HEAD = 64 * 1024
LARGEST = MAX_UPLOAD
PIECE = 64 * 1024
CHUNK_LINE = 4096
FEW_CHUNKS, LEAST_CHUNK = 1_000, 512
"""So many chunks a body may always have, and more only of so many bytes on average: each takes time, and the loop does
nothing else meanwhile. No browser sends chunks, and a proxy sends what its buffer holds."""
BARE_LF = re.compile(rb"(?<!\r)\n")
CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}(?=[ \t]*;|\r\n)")


class RequestRefused(Exception):
    """The request is answered with this status, and no application sees it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Whole(Unreader):
    """What has arrived of one request, for the parser to read: the head at first, then the body."""

    def __init__(self, head: bytes, body: Spool) -> None:
        super().__init__()
        self.unread(head)
        self.body = body

    def chunk(self, size_hint: int | None = None) -> bytes:
        return self.body.read(max(size_hint or 0, PIECE))


class Chunks:
    """Where a body in chunks ends. What breaks the rules ends it too: the parser says what is wrong."""

    def __init__(self) -> None:
        self.line, self.skip, self.last, self.size = b"", 0, False, 0
        self.count = self.bytes = 0

    def taken(self, data: bytes) -> tuple[int, bool]:
        """How much of the data belongs to the body, and whether it ends there.

        Raises RequestRefused for a body in crumbs.
        """
        place = 0
        while place < len(data):
            if self.skip:
                step = min(self.skip, len(data) - place)
                place, self.skip = place + step, self.skip - step
                continue
            end = data.find(b"\n", place) + 1
            self.line += data[place : end or len(data)]
            place = end or len(data)
            if len(self.line) > CHUNK_LINE:
                return place, True
            if end and self.ends():
                return place, True
        return place, False

    def ends(self) -> bool:
        """Whether the body ends with this line: a size, or a trailer after the last chunk."""
        line, self.line = self.line, b""
        if self.last:
            self.size += len(line)
            return line == b"\r\n" or self.size > HEAD
        size = CHUNK_SIZE.match(line)
        if size is None or not line.endswith(b"\r\n"):
            return True
        length = int(size[0], 16)
        self.last, self.skip = not length, length + 2 if length else 0
        self.count, self.bytes = self.count + 1, self.bytes + length
        if self.count > FEW_CHUNKS + self.bytes // LEAST_CHUNK:
            raise RequestRefused(400, "Bad Request")
        return False


class Arrival:
    """One request, fed with what its client sends."""

    def __init__(self, cfg: Any, client: Any, number: int) -> None:
        self.cfg, self.client, self.number = cfg, client, number
        self.head, self.body = bytearray(), Spool()
        self.request: Any = None
        self.left = 0
        self.chunks: Chunks | None = None

    @property
    def begun(self) -> bool:
        return bool(self.head)

    def feed(self, data: bytes) -> bytes | None:
        """What is left over of the data when the request is whole; None while it isn't.

        Raises RequestRefused, the parser's own errors, and what a spool raises.
        """
        if self.request is None:
            seen = max(0, len(self.head) - 3)
            self.head += data
            end = self.head.find(b"\r\n\r\n", seen)
            if end < 0 and not BARE_LF.search(self.head, seen):
                if len(self.head) > HEAD:
                    raise RequestRefused(431, "Request Header Fields Too Large")
                return None
            data = bytes(self.head[end + 4 :]) if end >= 0 else b""
            del self.head[end + 4 if end >= 0 else len(self.head) :]
            self.parse()
        return self.take_body(data)

    def parse(self) -> None:
        try:
            self.request = Request(self.cfg, Whole(bytes(self.head), self.body), self.client, self.number)
        except (NoMoreData, StopIteration):
            raise RequestRefused(400, "Bad Request") from None
        reader = self.request.body.reader
        if isinstance(reader, ChunkedReader):
            self.chunks = Chunks()
        elif reader.length > LARGEST:
            self.request.force_close()  # the application says that it is too large; nobody reads it
        else:
            self.left = reader.length

    def take_body(self, data: bytes) -> bytes | None:
        if self.chunks is None:
            part, whole = data[: self.left], len(data) >= self.left
            self.left -= len(part)
        else:
            place, whole = self.chunks.taken(data)
            part = data[:place]
        if part:
            self.body.put(part)
        if len(self.body) > LARGEST:
            raise RequestRefused(413, "Content Too Large")
        if not whole:
            return None
        if self.chunks is not None:
            self.unwrap()
        return data[len(part) :]

    def unwrap(self) -> None:
        """Take a body out of its chunks, all of it: what is wrong with them is found before the application runs."""
        plain, wrapped = Spool(), self.body
        self.body = plain
        try:
            while data := self.request.body.read(PIECE):
                plain.put(data)
            if wrapped or self.request.unreader.take_buffered():
                raise RequestRefused(400, "Bad Request")
        except NoMoreData:
            raise RequestRefused(400, "Bad Request") from None
        finally:
            wrapped.close()
        self.request.body = Body(LengthReader(Whole(b"", plain), len(plain)))

    def wants_to_be_asked(self) -> bool:
        """Whether the client waits for a word before it sends the body; true once, and then it is no longer."""
        if self.request is None or not self.request._expected_100_continue:
            return False
        self.request._expected_100_continue = False
        return True

    def close(self) -> None:
        self.body.close()
