"""A real server: gunicorn on a SQLite file, to be asked, killed, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests import forked
from tests.postgres import free_port

ROOT = Path(__file__).parent.parent
QUIZAPP = [sys.executable, "-m", "quizapp.cli"]


class Site:
    """A server that can be killed and started again on the same database.

    With `demo` it makes its database itself; without, `folder` holds one already. `environment` are more settings.
    """

    def __init__(self, folder: Path, *, demo: bool = True, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.database, self.log = folder / "site.sqlite3", folder / "server.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [*QUIZAPP, "serve", *(["--demo"] if demo else [])]
        self.environment = os.environ | {
            "QUIZAPP_DATABASE_URL": f"sqlite:///{self.database}",
            "PORT": str(self.port),
            "WORKERS": "2",
            **environment,
        }
        self.forks = True  # or the start is what is measured
        self.process: forked.Command | subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that keeps the workers."""
        assert self.process is not None
        return self.process.pid

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    @property
    def processor_seconds(self) -> float:
        """What the server and all its processes have cost so far, ended ones too, whoever else is at work."""
        spent = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()  # from the third on, see proc(5)
            except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
                continue
            if int(fields[2]) == self.pid:
                spent += sum(map(int, fields[11:15]))
        return spent / os.sysconf("SC_CLK_TCK")

    def start(self) -> float:
        """Start and wait until it answers; the seconds that took."""
        began = time.monotonic()
        with Path(os.devnull).open("rb") as nothing, self.log.open("ab") as log:
            if self.forks and self.command[: len(QUIZAPP)] == QUIZAPP:
                words = self.command[len(QUIZAPP) :]
                self.process = forked.Command(words, self.environment, (nothing, log, log))
            else:
                self.process = subprocess.Popen(
                    self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
                )
        while time.monotonic() - began < 30:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as reply:  # noqa: S310
                    if reply.status == 200:
                        return time.monotonic() - began
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text()[-3000:])

    def kill(self) -> None:
        """kill -9 for the server and all its workers: what a power cut leaves of the processes."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait()

    def end(self) -> None:
        """When a test is over: an end in order would cost more than most starts do."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def stop(self) -> None:
        """In order: what has begun is finished."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A `quizapp` command on the same database."""
        return forked.run(words, self.environment | environment)
