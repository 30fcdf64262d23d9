"""Bytes that wait for somebody slower, in memory or, above a size, on the disk."""

from __future__ import annotations

import tempfile
import threading
from typing import IO

IN_MEMORY = 128 * 1024
ON_DISK = 1024 * 1024 * 1024
"""What all spools of a process may keep on the disk together."""


class Full(Exception):
    """The disk's share is used up."""


class Share:
    """The part of the disk that a process's spools have taken together."""

    def __init__(self, most: int = ON_DISK) -> None:
        self.most, self.taken = most, 0
        self.lock = threading.Lock()

    def take(self, size: int) -> None:
        with self.lock:
            if self.taken + size > self.most:
                raise Full
            self.taken += size

    def give_back(self, size: int) -> None:
        with self.lock:
            self.taken -= size


DISK = Share()


class Spool:
    """A queue of bytes: what is put at its end is read from its beginning."""

    def __init__(self) -> None:
        self.file: IO[bytes] | None = None
        self.begin = self.end = self.on_disk = 0

    def __len__(self) -> int:
        return self.end - self.begin

    def put(self, data: bytes | memoryview) -> None:
        """Raise Full, or OSError where the disk itself is."""
        wanted = self.end + len(data) - IN_MEMORY - self.on_disk
        if wanted > 0:
            DISK.take(wanted)
            self.on_disk += wanted
        if self.file is None:
            self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- `close` closes it
        self.file.seek(self.end)
        self.file.write(data)
        self.end += len(data)

    def peek(self, size: int) -> bytes:
        if self.file is None:
            return b""
        self.file.seek(self.begin)
        return self.file.read(min(size, len(self)))

    def skip(self, size: int) -> None:
        self.begin += size
        if self.begin == self.end:
            self.close()

    def read(self, size: int) -> bytes:
        data = self.peek(size)
        self.skip(len(data))
        return data

    def close(self) -> None:
        """Forget everything, and give the disk's share back."""
        if self.file is not None:
            self.file.close()
            DISK.give_back(self.on_disk)
            self.file = None
            self.begin = self.end = self.on_disk = 0
