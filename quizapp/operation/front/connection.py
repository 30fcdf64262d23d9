"""One client's connection, as the loop sees it: requests come in one after another, and so do their replies go out."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any, Protocol

from gunicorn import util

from quizapp.operation.front.arrival import Arrival, RequestRefused
from quizapp.operation.front.outlet import Outlet
from quizapp.operation.front.spool import Full

PIECE = 64 * 1024
NO_ROOM = RequestRefused(503, "Service Unavailable")


@dataclass(frozen=True)
class Pace:
    """How slow a client may be: it has `patience` seconds in hand, and wins one back with each `least` bytes."""

    patience: float
    least: float

    def begin(self) -> float:
        """Until when it is waited for."""
        return time.monotonic() + self.patience

    def moved(self, due: float, size: int) -> float:
        """Until when, now that so many bytes have moved."""
        return min(due + size / self.least, self.begin())


SENDING = Pace(20, 8 * 1024)
TAKING = Pace(30, 1024)
IDLE = Pace(5, math.inf)
PARTING = Pace(2, 8 * 1024)
"""What a client may still send after we have said our last word: a browser reads a refusal after it has sent all."""
PARTING_BYTES = 256 * 1024 * 1024


class Host(Protocol):
    """What a connection asks of the worker."""

    cfg: Any

    def watch(self, connection: Connection, events: int) -> None: ...
    def hand_over(self, connection: Connection) -> None: ...
    def forget(self, connection: Connection) -> None: ...
    def defer(self, act: Callable[[], None]) -> None: ...
    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None: ...


class Connection:
    """`due` is when the client's patience, or ours with it, ends; never while the application works for it."""

    def __init__(self, host: Host, sock: socket.socket, client: Any, server: Any) -> None:
        self.host, self.peer, self.client, self.server = host, sock, client, server
        self.sock: Any = Outlet(sock, lambda: host.defer(self.look_to_writing))  # as gunicorn calls it
        self.watched, self.number = 0, 0
        self.working = self.keep = self.parting = self.closed = False
        self.since = math.inf
        """When a thread began with its request."""
        self.to_discard = PARTING_BYTES
        self.ahead = b""
        self.next_request()

    @property
    def address(self) -> str:
        return self.client[0] if isinstance(self.client, tuple) else ""

    @property
    def idle(self) -> bool:
        return not (self.working or self.parting or self.arrival.begun or self.sock.waiting)

    def next_request(self) -> None:
        self.number += 1
        self.arrival = Arrival(self.host.cfg, self.client, self.number)
        self.due = IDLE.begin()
        self.host.watch(self, EVENT_READ)

    def ready(self, events: int) -> None:
        """The socket can be read, or written to."""
        if events & EVENT_WRITE:
            self.write_on()
        elif events & EVENT_READ:
            self.read_on()

    def read_on(self) -> None:
        try:
            data = self.peer.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
        elif self.parting:
            self.to_discard -= len(data)
            self.due = PARTING.moved(self.due, len(data)) if self.to_discard > 0 else 0
        else:
            self.take(data)

    def take(self, data: bytes) -> None:
        """Feed the request that is arriving, and have it answered when it is whole."""
        before, begun = self.due, self.arrival.begun
        try:
            left = self.arrival.feed(data)
            if self.arrival.wants_to_be_asked() and left is None and not self.arrival.body:
                self.sock.say(b"HTTP/1.1 100 Continue\r\n\r\n")
        except BrokenPipeError:
            self.close()
        except RequestRefused as refusal:
            self.refuse(refusal)
        except (Full, OSError):
            self.refuse(NO_ROOM)
        except Exception as error:  # what the parser refuses, and why
            self.host.handle_error(None, self.sock, self.client, error)
            self.finished(keep=False)
        else:
            if left is None:
                self.due = SENDING.moved(before, len(data)) if begun else SENDING.begin()
                return
            self.ahead, self.working, self.due = left, True, math.inf
            self.host.watch(self, 0)
            self.host.hand_over(self)

    def refuse(self, refusal: RequestRefused) -> None:
        util.write_error(self.sock, refusal.status, refusal.reason, "")
        self.finished(keep=False)

    def finished(self, keep: bool) -> None:
        """The application has said all that it has to say."""
        self.working, self.keep, self.since = False, keep, math.inf
        self.arrival.close()
        with suppress(BrokenPipeError):
            self.sock.end()
        if self.sock.gone:
            self.close()
        elif self.sock.waiting:
            self.look_to_writing()
        else:
            self.go_on()

    def go_on(self) -> None:
        """All is sent: the next request's turn, or the end."""
        if not self.keep:
            self.part()
            return
        self.next_request()
        if self.ahead:
            data, self.ahead = self.ahead, b""
            self.take(data)

    def look_to_writing(self) -> None:
        """Something waits to be sent."""
        if self.sock.waiting and not self.watched & EVENT_WRITE and not self.closed:
            self.due = TAKING.begin()
            self.host.watch(self, EVENT_WRITE)

    def write_on(self) -> None:
        moved = self.sock.flush()
        if self.sock.gone:
            self.close()
        elif self.sock.waiting:
            self.due = TAKING.moved(self.due, moved)
        elif self.working:
            self.due = math.inf
            self.host.watch(self, 0)
        else:
            self.go_on()

    def overdue(self) -> None:
        """Its time is over. Who was still sending is told so; of the others nobody listens."""
        if self.arrival.begun and not (self.working or self.parting or self.sock.waiting):
            self.refuse(RequestRefused(408, "Request Timeout"))
        elif self.idle:
            self.part()
        else:
            self.close()

    def part(self) -> None:
        """Say that this was all, and wait for the other's end: closed at once, what was sent last could be lost."""
        try:
            self.peer.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()
            return
        self.parting, self.due = True, PARTING.begin()
        self.host.watch(self, EVENT_READ)

    def close(self) -> None:
        """A thread may still work for it; it is told when it writes."""
        if not self.closed:
            self.closed = True
            self.host.watch(self, 0)
            self.host.forget(self)
            self.sock.close()
            self.peer.close()
            if not self.working:
                self.arrival.close()
