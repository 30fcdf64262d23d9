"""An application that says what reached it, under our server or under gunicorn's own workers of threads.

`python -m tests.faults.echo PORT [ours|gthread] [SETTING=NUMBER...]`, where SENDING and TAKING are seconds of patience.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from gunicorn.workers.gthread import ThreadWorker

from quizapp.config import Settings
from quizapp.operation.front import connection
from quizapp.operation.server import Server
from tests.site import Site

Start = Callable[[str, list[tuple[str, str]]], object]


class Echo:
    """`config` and `extensions` are what our server's hooks look for: it has no database, so no tasks."""

    extensions: dict[str, object] = {}

    def __init__(self, settings: Settings) -> None:
        self.config = {"SETTINGS": settings}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        act = getattr(self, environ["PATH_INFO"].strip("/"), None)
        number = int(parse_qs(environ["QUERY_STRING"]).get("number", ["0"])[0])
        if act is None:
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(told(environ)).encode()]
        return act(environ, start, number)

    def healthz(self, _environ: Any, start: Start, _number: int) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def body(self, environ: Any, start: Start, _number: int) -> Iterable[bytes]:
        digest, size = hashlib.sha256(), 0
        while data := environ["wsgi.input"].read(10_007):
            digest.update(data)
            size += len(data)
        said = f"{size} {digest.hexdigest()}".encode()
        start("200 OK", [("Content-Length", str(len(said)))])
        return [said]

    def unread(self, _environ: Any, start: Start, _number: int) -> Iterable[bytes]:
        start("413 Content Too Large", [("Content-Length", "9")])
        return [b"too large"]

    def lines(self, _environ: Any, start: Start, number: int) -> Iterator[bytes]:
        start("200 OK", [])
        for line in range(number):
            yield b"%d\n" % line
            time.sleep(0.4)

    def large(self, _environ: Any, start: Start, number: int) -> Iterator[bytes]:
        start("200 OK", [])
        for place in range(0, number, 65_536):
            yield bytes(min(65_536, number - place))

    def slow(self, _environ: Any, start: Start, number: int) -> Iterable[bytes]:
        time.sleep(number)
        start("200 OK", [("Content-Length", "4")])
        return [b"done"]

    def half(self, _environ: Any, start: Start, _number: int) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"half"
        raise RuntimeError("the other half")

    def empty(self, _environ: Any, start: Start, _number: int) -> Iterable[bytes]:
        start("204 No Content", [("X-Empty", "yes")])
        return []


def told(environ: dict[str, Any]) -> dict[str, Any]:
    """The environment, as far as two servers can agree on it; what isn't plain is told by its type."""
    body = environ["wsgi.input"].read()
    plain = {name: value if isinstance(value, str | int | bool | tuple) else type(value).__name__
             for name, value in environ.items()
             if name not in ("SERVER_PORT", "REMOTE_PORT", "gunicorn.socket")}  # fmt: skip
    return {**plain, "body": body.decode("latin-1")}


class EchoSite(Site):
    """A server of that application."""

    def __init__(self, folder: Path, worker: str = "ours", **settings: int) -> None:
        super().__init__(folder)
        folder.mkdir(exist_ok=True)
        changed = [f"{name}={value}" for name, value in settings.items()]
        self.command = [sys.executable, "-m", "tests.faults.echo", str(self.port), worker, *changed]


def main(port: str, worker: str, *changed: str) -> None:
    server = Server(Settings("sqlite://", "", port=int(port)), Echo)  # type: ignore[arg-type]
    if worker == "gthread":
        server.cfg.set("worker_class", ThreadWorker)
    for setting in changed:
        name, _, value = setting.partition("=")
        if name.isupper():
            setattr(connection, name, replace(getattr(connection, name), patience=int(value)))
        else:
            server.cfg.set(name, int(value))
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
