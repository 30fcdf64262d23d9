"""`python -m quizapp.formats.child`: reads one file in a process with limits of its own.

The standard input has a line of JSON, with the file's name and how it is to be read, and then the file; its reading
goes out by the standard output. Where it takes more memory or time than anybody's file needs, only this process ends:
with TOO_LARGE, or killed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

from quizapp.formats.whole_file import ReadingOptions, broken, options_from, read_file, too_large
from quizapp.formats.written_reading import packed, packed_pieces

MOST_MEMORY = 400 * 1024 * 1024
MOST_SECONDS = 30
"""Of the processor."""
PATIENCE = 180.0
"""Seconds on the wall: a busy machine may well need more of these."""
TOO_LARGE = 3
KILLED = range(-64, 0)
"""What `subprocess` says of a process that a signal has ended."""
COMMAND = [sys.executable, "-m", "quizapp.formats.child"]


def read_apart(data: bytes, name: str, options: ReadingOptions) -> bytes:
    """What the child wrote of the file; whatever happens to it, there is an answer.

    It is a new program, never a copy of this one: a copy of a process with threads may stand still for ever.
    """
    head = json.dumps({"name": name, "options": options.to_json()}).encode() + b"\n"
    try:
        done = subprocess.run(COMMAND, input=head + data, stdout=subprocess.PIPE, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return packed(options.form, too_large())
    if done.returncode == 0:
        return done.stdout
    return packed(options.form, too_large() if done.returncode in (TOO_LARGE, *KILLED) else broken())


def main() -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        head = json.loads(sys.stdin.buffer.readline())
        found = read_file(sys.stdin.buffer.read(), head["name"], options_from(head["options"]))
        for piece in packed_pieces(*found):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except MemoryError:
        return TOO_LARGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
