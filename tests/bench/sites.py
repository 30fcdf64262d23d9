"""The two servers of a comparison, ours and the bare one, and people at them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.load import Connection, Reply
from tests.conftest import SECRET, admin, prepare
from tests.postgres import DURABLE, free_port, server
from tests.site import ROOT, Site


@contextmanager
def databases(folder: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Addresses of two databases of one kind: a prepared one for us, an empty one for the bare application."""
    if kind == "sqlite":
        path = folder / "site.sqlite3"
        prepare(f"sqlite:///{path}")
        yield f"sqlite:///{path}", f"sqlite:///{folder / 'bare.sqlite3'}"
        return
    with server(DURABLE) as address:
        with admin(address) as run:
            run("CREATE DATABASE site")
            run("CREATE DATABASE bare")
        prepare(f"{address}/site")
        yield f"{address}/site", f"{address}/bare"


@contextmanager
def our_site(folder: Path, address: str) -> Iterator[Site]:
    site = Site(folder, demo=False, QUIZAPP_DATABASE_URL=address, QUIZAPP_SECRET_KEY=SECRET)
    site.forks = False
    site.start()
    try:
        yield site
    finally:
        site.end()


@contextmanager
def bare_site(folder: Path, address: str) -> Iterator[int]:
    """The port of the bare application, under the same gunicorn with as many workers and threads."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-k", "gthread", "-w", "2", "--threads", "4",
               "-b", f"127.0.0.1:{port}", "--keep-alive", "5", "--log-level", "error",
               "tests.bench.bare:create()"]  # fmt: skip
    environment = os.environ | {"QUIZAPP_DATABASE_URL": address}
    subprocess.run([sys.executable, "-m", "tests.bench.bare"], cwd=ROOT, env=environment, check=True)
    with (folder / "bare.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(port, folder / "bare.log")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(port: int, log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            waiting = Connection(port)
            waiting.ask("GET", "/login/1")
            waiting.close()
            return
        except OSError:
            if time.monotonic() > end:
                raise AssertionError(log.read_text()[-2000:]) from None
            time.sleep(0.1)


class Guest:
    """Somebody at one quiz of ours, with an attempt under way."""

    def __init__(self, port: int, quiz: str) -> None:
        self.connection = Connection(port)
        page = self.connection.ask("GET", f"/quizzes/{quiz}").body.decode()
        self.token = found(r'name="csrf_token" value="([^"]+)"', page)
        begun = self.connection.ask("POST", f"/quizzes/{quiz}/attempts", urlencode({"csrf_token": self.token}))
        assert begun.status == 303, begun.body[-500:]
        self.attempt = begun.header("Location").split("/")[2]
        self.forms: dict[int, Form] = {}
        self.questions = self.look(1).body.count(b'class="slot ')
        self.acknowledged: list[tuple[int, int]] = []

    def url(self, position: int) -> str:
        return f"/attempts/{self.attempt}/questions/{position}"

    def hand_in(self) -> None:
        self.connection.ask("POST", f"/attempts/{self.attempt}/submission", urlencode({"csrf_token": self.token}))

    @property
    def results(self) -> str:
        return f"/attempts/{self.attempt}/results"

    def look(self, position: int) -> Reply:
        """Fetch a question's page, and remember how it can be answered."""
        reply = self.connection.ask("GET", self.url(position))
        if reply.status == 200:
            page = reply.body.decode()
            self.token = found(r'name="csrf_token" value="([^"]+)"', page)
            self.forms[position] = Form(page)
        return reply

    def look_at_all(self) -> None:
        for position in range(1, self.questions + 1):
            self.look(position)

    def in_turn(self, act: Callable[[int], Reply]) -> Callable[[], Reply]:
        """The same at one question after the other, and from the first one again."""
        positions = cycle(range(1, self.questions + 1))
        return lambda: act(next(positions))

    def answer(self, position: int) -> Reply:
        """Give another answer than the last one, as the player's script does."""
        form = self.forms[position]
        body = urlencode([("csrf_token", self.token), ("seq", form.seq), ("do", "stay"), *form.next_fields()])
        reply = self.connection.ask("POST", self.url(position), body, "application/json")
        if reply.status == 200:
            form.seq = json.loads(reply.body)["seq"]
            self.acknowledged.append((position, form.seq))
        return reply


class Form:
    """How a question can be answered: every kind in at least two ways."""

    def __init__(self, page: str) -> None:
        form = " ".join(page.split('id="answer"')[1].split("</form>")[0].split())
        self.seq = int(found(r'name="seq" value="(\d+)"', form))
        self.turn = 0
        self.choices = re.findall(r'name="(choices?)" value="([^"]+)"', form)
        self.options: dict[str, list[str]] = {}
        for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
            shown = re.findall(r'<option(?: value="([^"]*)")?[^>]*>([^<]*)', inner)
            self.options[name] = [value or words for value, words in shown if value or words.isdigit()]
        for name, value in re.findall(r'type="radio" name="(row-[^"]+)" value="([^"]+)"', form):
            self.options.setdefault(name, []).append(value)
        self.options = {name: values for name, values in self.options.items() if values}
        texts = re.findall(r'<(?:textarea|input)[^>]*name="((?:text|gap-)[^"]*)"', form)
        self.texts = [name for name in dict.fromkeys(texts) if name not in self.options]
        assert self.choices or self.options or self.texts, form[-300:]

    def next_fields(self) -> list[tuple[str, str]]:
        self.turn += 1
        if self.choices:
            return [self.choices[self.turn % len(self.choices)]]
        fields = [(name, f"{self.turn}") for name in self.texts]
        for place, (name, options) in enumerate(self.options.items()):
            at = place + self.turn if name.startswith("pos-") else self.turn
            fields.append((name, options[at % len(options)]))
        return fields


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"no {pattern} in {text[:500]}"
    return match[1]


def bare_person(port: int, number: int) -> tuple[Connection, Connection]:
    """Somebody at the bare application: a connection to save by, and one to fetch the page by."""
    saving, looking = Connection(port), Connection(port)
    for connection in (saving, looking):
        assert connection.ask("GET", f"/login/{number}").status == 200
    return saving, looking


def memory(pids: list[int]) -> float:
    """What these processes take of the machine's memory, in MB; what they share counts once."""
    total = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(found(r"\nPss:\s+(\d+)", rollup))
    return total / 1024


def processor(pids: list[int]) -> float:
    """The seconds that these processes have worked."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def copy_database(source: str, target: Path) -> str:
    shutil.copy(source.removeprefix("sqlite:///"), target)
    return f"sqlite:///{target}"
