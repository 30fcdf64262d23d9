"""Commands of quizapp, each in a process of its own, which is forked from one that has imported everything already.

Half of what a short command costs is importing, and the tests run some two hundred. The process that is forked has run
nothing of quizapp, so a command begins as it does from a shell; `tests/test_make.py` and the wheel's test start Python.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from jinja2 import FileSystemBytecodeCache

from tests.compiled import ByEdition

ROOT = Path(__file__).parent.parent
LARGEST_ORDER = 1 << 20


@cache
def forker() -> socket.socket:
    """The end of a line to this worker's forking process, which ends with us."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        command = [sys.executable, "-m", "tests.forked", str(its.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
    atexit.register(lambda: (ours.close(), process.wait()))
    return ours


class Command:
    """`quizapp WORDS` as a running process, the first of its own session: what tests need of `subprocess.Popen`."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        files: tuple[IO[bytes], IO[bytes], IO[bytes]],
        folder: Path = ROOT,
    ) -> None:
        self.ended, told = os.pipe()
        order = json.dumps([list(words), dict(environment), str(folder)]).encode()
        socket.send_fds(forker(), [order], [*(one.fileno() for one in files), told])
        os.close(told)
        self.pid = int(forker().recv(64))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self.ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            self.returncode = int(os.read(self.ended, 64))
            os.close(self.ended)
        return self.returncode

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def run(words: Sequence[str], environment: Mapping[str, str], typed: str = "") -> subprocess.CompletedProcess[str]:
    """The command and what it said, when it has ended."""
    made = [os.memfd_create(name) for name in ("stdin", "stdout", "stderr")]
    files = tuple(os.fdopen(one, "w+b") for one in made)
    files[0].write(typed.encode())
    files[0].seek(0)
    code = Command(words, environment, (files[0], files[1], files[2])).wait()
    said = []
    for one in files[1:]:
        one.seek(0)
        said.append(one.read().decode())
    for one in files:
        one.close()
    return subprocess.CompletedProcess(list(words), code, *said)


# --- the forking process ---


@dataclass(frozen=True)
class Order:
    """What a new process has to become. Its streams are those of the forking process, on other files."""

    words: list[str]
    environment: dict[str, str]
    folder: str
    files: list[int]

    def follow(self) -> None:
        os.setsid()
        for number, descriptor in enumerate(self.files):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.environ.clear()
        os.environ.update(self.environment)
        time.tzset()
        os.chdir(self.folder)
        if self.environment.get("PYTHONWARNINGS"):
            warnings.simplefilter("error")
        sys.argv = ["quizapp", *self.words]


def take_orders(line: socket.socket) -> Order | None:
    """Fork for each order until the line is cut. In a process that was forked it returns what that has to do."""
    heard, woken = socket.socketpair()
    heard.setblocking(False)
    woken.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken.fileno())
    waiting: dict[int, int] = {}  # process -> where to tell how it ended
    selector = selectors.DefaultSelector()
    selector.register(line, selectors.EVENT_READ)
    selector.register(heard, selectors.EVENT_READ)
    while True:
        for key, _events in selector.select():
            if key.fileobj is heard:
                heard.recv(4096)
                tell_who_ended(waiting)
                continue
            order, files, _flags, _address = socket.recv_fds(line, LARGEST_ORDER, 4)
            if not order:
                return None
            process = os.fork()
            if not process:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for one in (selector, line, heard, woken):
                    one.close()
                for descriptor in [*waiting.values(), files[3]]:
                    os.close(descriptor)
                words, environment, folder = json.loads(order)
                return Order(words, environment, folder, files[:3])
            for descriptor in files[:3]:
                os.close(descriptor)
            waiting[process] = files[3]
            line.send(str(process).encode())


def tell_who_ended(waiting: dict[int, int]) -> None:
    while waiting:
        process, status = os.waitpid(-1, os.WNOHANG)
        if not process:
            return
        told = waiting.pop(process)
        os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(told)


def main() -> None:
    from quizapp.app import Application  # what every command needs
    from quizapp.cli import main as quizapp_command

    kept = tempfile.mkdtemp(prefix="quizapp-templates-")
    Application.jinja_options = Application.jinja_options | {"bytecode_cache": Compiled(kept)}
    with socket.socket(fileno=int(sys.argv[1])) as line:
        order = take_orders(line)
    if order:
        order.follow()
        quizapp_command.main(prog_name="quizapp")
    else:
        shutil.rmtree(kept)


class Compiled(ByEdition, FileSystemBytecodeCache):
    """In files, for the servers of this worker."""


if __name__ == "__main__":
    main()
