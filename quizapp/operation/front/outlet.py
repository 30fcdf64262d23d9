"""The way out: what a thread writes to instead of its client's socket, so that it never waits for the client."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

from quizapp.operation.front.spool import Full, Spool

PIECE = 64 * 1024


class Outlet:
    """Sends what the client takes at once, and keeps the rest for the loop to send.

    gunicorn's code for replies takes it for a socket. Closing isn't its business: the loop closes, when all is sent.
    """

    def __init__(self, sock: socket.socket, call_for_loop: Callable[[], None]) -> None:
        self.sock, self.call_for_loop = sock, call_for_loop
        self.waiting, self.lock = Spool(), threading.Lock()
        self.fresh, self.held = True, b""
        self.gone = False
        self.said = time.monotonic()
        """When something was last written to it."""

    def sendall(self, data: bytes) -> None:
        """Raise BrokenPipeError where there is no client any more, or none that can be waited for.

        A message's head, which comes first, goes out with what follows it: one packet, and one wait less.
        """
        if self.fresh:
            self.fresh, self.held = False, data
        else:
            self.say(self.held + data)
            self.held = b""

    send = sendall

    def end(self) -> None:
        """The message is complete."""
        held, self.fresh, self.held = self.held, True, b""
        if held:
            self.say(held)

    def say(self, data: bytes) -> None:
        with self.lock:
            self.said = time.monotonic()
            queued = bool(self.waiting)
            sent = 0 if queued else self.pushed(data)
            if self.gone:
                raise BrokenPipeError
            if sent < len(data):
                self.keep(memoryview(data)[sent:])
        if not queued and sent < len(data):
            self.call_for_loop()

    def keep(self, data: memoryview) -> None:
        try:
            self.waiting.put(data)
        except (Full, OSError) as error:
            self.gone = True
            raise BrokenPipeError from error

    def pushed(self, data: bytes) -> int:
        """How many bytes the socket has taken."""
        try:
            return 0 if self.gone else self.sock.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.gone = True
            return 0

    def flush(self) -> int:
        """The loop's part: send on, as far as the client takes it; how many bytes that were."""
        total = 0
        with self.lock:
            while self.waiting and (sent := self.pushed(self.waiting.peek(PIECE))):
                self.waiting.skip(sent)
                total += sent
        return total

    def close(self) -> None:
        """There is no client any more; a thread that goes on writing is told so."""
        with self.lock:
            self.gone = True
            self.waiting.close()

    # What gunicorn asks of a socket beside.

    def gettimeout(self) -> float:
        return 0.0

    def settimeout(self, _seconds: float) -> None:
        """It never waits."""

    def shutdown(self, _how: int) -> None:
        """A reply that failed half-way is cut off where it is."""

    def recv(self, _size: int) -> bytes:
        return b""
