"""A worker whose clients are the loop's business: threads only run the application, so no client can hold one."""

from __future__ import annotations

import errno
import math
import os
import selectors
import socket
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from quizapp.operation.front.connection import PARTING, Connection

UNSENT = 128 * 1024
"""Bytes of a reply that the kernel takes before they can go on their way; more of it would hide who takes nothing."""
MARGIN = 2
"""Seconds before the arbiter's own end of patience at which a stopping worker closes what is left."""


class Worker(ThreadWorker):
    """gunicorn's worker of threads, with a front of ours: what it does with a whole request is its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()
        self.threads: dict[Connection, int] = {}
        self.poller: Any
        self.swept = 0.0

    def run(self) -> None:
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        for listener in self.sockets:
            if listener.family != socket.AF_UNIX:
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
            listener.setblocking(False)
        while self.alive and self.is_parent_alive():
            self.take_connections(len(self.connections) < self.worker_connections or self.yielding() is not None)
            self.turn()
        self.drain()

    def take_connections(self, enabled: bool) -> None:
        if enabled != self._accepting:
            self._accepting = enabled
            for listener in self.sockets:
                if enabled:
                    self.poller.register(
                        listener, selectors.EVENT_READ, lambda _events, one=listener: self.take_one(one)
                    )
                else:
                    self.poller.unregister(listener)

    def turn(self) -> None:
        """Do what there is to do; once a second tell the arbiter that we live, and look whose time is over."""
        for key, events in self.poller.select(1.0):
            key.data(events)
        now = time.monotonic()
        if now - self.swept >= 1:
            self.swept = now
            self.notify()
            for one in [one for one in self.connections if one.due < now]:
                one.overdue()
            self.replace_if_stuck()

    def take_one(self, listener: Any) -> bool:
        """Take one connection. Where there is no room, the one that keeps us waiting the longest makes it."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.make_room()
            return False  # otherwise another worker has it, or its client is gone
        sock.setblocking(False)
        if len(self.connections) >= self.worker_connections:
            self.make_room()
        connection = Connection(self, sock, client, listener.getsockname())
        self.connections.add(connection)
        connection.read_on()
        return True

    def make_room(self) -> None:
        if yielding := self.yielding():
            yielding.close()

    def yielding(self) -> Connection | None:
        """Of the address with the most connections, the one whose time is over first: idle ones before busy ones."""
        able = [one for one in self.connections if one.due < math.inf]
        if not able:
            return None
        count = Counter(one.address for one in able)
        return min(able, key=lambda one: (-count[one.address], one.due))

    def drain(self) -> None:
        """Answer whoever has come so far, and close nobody's connection in the middle of something."""
        self.alive = False
        self.take_connections(False)
        for listener in self.sockets:
            for _ in range(self.cfg.backlog):
                if not self.take_one(listener):
                    break
            listener.close()
        end = time.monotonic() + self.cfg.graceful_timeout - MARGIN
        while self.waited_for() and time.monotonic() < end:
            for one in self.connections:
                if one.idle:
                    one.due = min(one.due, PARTING.begin())
            self.turn()
        for one in list(self.connections):
            one.close()
        self.tpool.shutdown(wait=False)
        if self.stuck():
            sys.stderr.flush()
            os._exit(1)  # the interpreter would wait for its threads

    def waited_for(self) -> set[Connection]:
        return self.connections - set(self.stuck())

    def stuck(self) -> list[Connection]:
        """Those whose request has kept a thread, without a word, for longer than a worker may be silent."""
        long_ago = time.monotonic() - self.cfg.timeout
        return [one for one in list(self.threads) if max(one.since, one.sock.said) < long_ago]

    def replace_if_stuck(self) -> None:
        """A thread can't be stopped, a process can: this one takes nothing more, and ends when the others are done."""
        for one in self.stuck() if self.alive else ():
            self.alive = False
            frame = sys._current_frames().get(self.threads.get(one, 0))
            where = "".join(traceback.format_stack(frame)) if frame else ""
            request = one.arrival.request
            self.log.error("stuck, so this worker is replaced: %s %s\n%s", request.method, request.path, where)

    # What a connection asks for.

    def watch(self, connection: Connection, events: int) -> None:
        if events == connection.watched:
            return
        if not events:
            self.poller.unregister(connection.peer)
        elif connection.watched:
            self.poller.modify(connection.peer, events, connection.ready)
        else:
            self.poller.register(connection.peer, events, connection.ready)
        connection.watched = events

    def hand_over(self, connection: Connection) -> None:
        """Let a thread answer the request, and go on when it has."""

        def done(future: Future[bool]) -> None:
            self.defer(lambda: self.back(connection, future))

        self.tpool.submit(self.answer, connection).add_done_callback(done)

    def back(self, connection: Connection, future: Future[bool]) -> None:
        self.threads.pop(connection, None)
        connection.finished(keep=not future.exception() and future.result())

    def forget(self, connection: Connection) -> None:
        self.connections.discard(connection)

    def defer(self, act: Callable[[], None]) -> None:
        self.method_queue.defer(act)

    # What threads do.

    def answer(self, connection: Any) -> bool:
        """Run the application; whether the connection is kept."""
        request = connection.arrival.request
        connection.since = time.monotonic()
        self.threads[connection] = threading.get_ident()
        try:
            return self.handle_request(request, connection)
        except (StopIteration, BrokenPipeError):
            return False  # it failed half-way, which is logged, or the client has left
        except Exception as error:
            self.handle_error(request, connection.sock, connection.client, error)
            return False
