"""`make dev` serves the demo. What `make test` and `make run` do, the other tests show."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from tests.postgres import free_port
from tests.site import ROOT


def test_dev_serves_the_demo(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = outside | {"QUIZAPP_DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "PORT": str(port)}
    with log.open("wb") as said:
        running = subprocess.Popen(
            ["make", "-s", "dev"], cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True
        )
    try:
        assert b"/courses/openai-devday" in fetched(f"http://127.0.0.1:{port}/courses", running, log)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert "learner@example.com" in log.read_text()


def fetched(url: str, running: subprocess.Popen[bytes], log: Path) -> bytes:
    end = time.monotonic() + 60
    while time.monotonic() < end and running.poll() is None:
        try:
            with urlopen(url, timeout=20) as reply:  # noqa: S310
                return reply.read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text()[-3000:])
