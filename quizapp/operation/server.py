"""Serving under gunicorn: threads over a few processes, each with an application of its own."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from quizapp.config import Settings
from quizapp.operation import backups, logs, metrics

SILENCE = 10
"""Seconds for which a client may be silent within a request, or take nothing of a reply, before it is hung up on."""
PATIENCE = 20
"""Seconds that a request may take to arrive, however small it is; each further SLOWEST bytes have a second more."""
SLOWEST = 8 * 1024


class Patient:
    """A client's socket that is read from for as long as a request may take to arrive."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.end = sock, 0.0

    def begin(self) -> None:
        """A request begins."""
        self.end = time.monotonic() + PATIENCE

    def recv(self, size: int) -> bytes:
        """Raise BlockingIOError, as the socket does for a client that is silent, when the time is over."""
        data = self.sock.recv(size)
        self.end += len(data) / SLOWEST
        if time.monotonic() > self.end:
            raise BlockingIOError
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class Worker(ThreadWorker):
    """A worker of threads, none of which a dribbling client can keep: `bound_silence` is for one that says nothing."""

    def handle(self, conn: Any) -> Any:
        if not isinstance(conn.sock, Patient):
            conn.sock = Patient(conn.sock)
        conn.sock.begin()
        return super().handle(conn)


class Server(BaseApplication):
    """gunicorn with our settings."""

    def __init__(self, settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
        self.settings, self.make_app = settings, make_app
        super().__init__()

    def load_config(self) -> None:
        settings = self.settings
        options: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": Worker,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "limit_request_line": 4094,
            "control_socket_disable": True,
            "forwarder_headers": "",  # no header says where the application begins
            "logger_class": logs.ServerLogger,
            "when_ready": bound_silence,
            "post_worker_init": look_after_backups,
            "child_exit": forget_worker,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.make_app(self.settings)


def bound_silence(arbiter: Any) -> None:
    """A thread waits for its client; without a bound, a few clients that stop half-way would stop the server.

    What is set on the listening sockets counts for the connections that come from them.
    """
    for listener in arbiter.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", SILENCE, 0))


def look_after_backups(worker: Any) -> None:
    backups.start(worker.wsgi)


def forget_worker(_server: Any, worker: Any) -> None:
    metrics.worker_gone(worker.pid)


def run(settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
    """Serve until told to stop."""
    logs.configure(settings.log)
    print(f"quizapp: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201 -- the command's own output
    try:
        Server(settings, make_app).run()
    finally:
        metrics.clear()
