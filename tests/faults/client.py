"""A learner without a browser: takes a quiz as a guest over HTTP, and remembers what the server has acknowledged."""

from __future__ import annotations

import http.client
import json
import math
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

from tests.site import Site

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Acknowledged:
    """What the server said is saved: this answer in words, as the answer of this number."""

    attempt: str
    position: int
    seq: int
    text: str
    at: float


@dataclass(frozen=True)
class Failure:
    """A request without a reply: why, and when its connection was made, if it was."""

    error: str
    connected_at: float


@dataclass
class Reply:
    """An answer of the server."""

    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Learner:
    """A guest at one quiz. `sent` counts the different answers given; `failures` are requests without a reply."""

    site: Site
    quiz: str
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    cookies: dict[str, str] = field(default_factory=dict)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    connected_at: float = math.inf
    attempt: str = ""
    token: str = ""
    questions: int = 0

    def request(
        self, method: str, url: str, fields: Fields = (), accept: str = "text/html", timeout: float = 20
    ) -> Reply:  # type: ignore[assignment]
        """One request on a connection of its own. Raises OSError or HTTPException where no whole reply comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=timeout)
        headers = {"Accept": accept, "Accept-Language": "en"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connected_at = math.inf
        try:
            connection.connect()
            self.connected_at = time.monotonic()
            connection.request(method, url, urlencode(fields) if fields else None, headers)
            reply = connection.getresponse()
            body = reply.read().decode()
        finally:
            connection.close()
        for cookie in reply.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        return Reply(reply.status, reply.headers, body)

    def start(self) -> Learner:
        """Open the quiz and begin an attempt as a new guest."""
        url = f"/quizzes/{self.quiz}"
        self.token = html.fromstring(self.request("GET", url).body).xpath("//input[@name='csrf_token']/@value")[0]
        reply = self.request("POST", f"{url}/attempts", [("csrf_token", self.token)])
        assert reply.status == 303, reply.body
        self.attempt = urlsplit(reply.headers["Location"]).path.split("/")[2]
        page = html.fromstring(self.request("GET", reply.headers["Location"]).body)
        self.token = page.xpath("//form[@id='answer']//input[@name='csrf_token']/@value")[0]
        self.questions = len(page.xpath("//ol[@class='navigator-slots']/li"))
        return self

    def url(self, position: int) -> str:
        return f"/attempts/{self.attempt}/questions/{position}"

    def fill(self, position: int) -> Fields:
        """Look at a question and fill in its form by chance, with the number that the page has."""
        page = self.request("GET", self.url(position))
        if page.status == 503:
            raise OSError("the database is away")
        if page.status != 200:
            raise AssertionError(f"{page.status}: {page.body[-1500:]}")
        form = html.fromstring(page.body).get_element_by_id("answer")
        fields: Fields = [("csrf_token", self.token), ("seq", form.xpath(".//input[@name='seq']/@value")[0])]
        radios = form.xpath(".//input[@type='radio']")
        for name in dict.fromkeys(one.name for one in radios):
            fields.append((name, self.chance.choice([one.get("value") for one in radios if one.name == name])))
        boxes = form.xpath(".//input[@type='checkbox']")
        ticked = self.chance.sample(boxes, min(2, len(boxes)))
        fields += [(box.name, box.get("value")) for box in boxes if box in ticked]  # as a browser sends them
        places = form.xpath(".//select[starts-with(@name, 'pos-')]")
        order = self.chance.sample(range(1, len(places) + 1), len(places))
        fields += [(one.name, str(place)) for one, place in zip(places, order, strict=True)]
        for one in form.xpath(".//select[starts-with(@name, 'row-') or starts-with(@name, 'gap-')]"):
            fields.append((one.name, self.chance.choice([value for value in one.value_options if value])))
        for one in form.xpath(".//textarea | .//input[@type='text']"):
            fields.append((one.name, f"{self.chance.randrange(10**9)}"))
        return fields

    def send(self, position: int, fields: Fields, **how: Any) -> Reply:
        """Send an answer as the player does, and keep what the server acknowledges."""
        reply = self.request("POST", self.url(position), fields, accept="application/json", **how)
        if reply.status == 200:
            said = reply.json
            self.acknowledged.append(Acknowledged(self.attempt, position, said["seq"], said["text"], time.monotonic()))
        return reply

    def send_until_taken(self, position: int, fields: Fields, stop: Callable[[], bool]) -> None:
        """Send the same answer until the server has it, as the player does after a lost connection."""
        while not stop():
            try:
                reply = self.send(position, fields)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(Failure(repr(error), self.connected_at))
                time.sleep(0.1)
                continue
            if reply.status == 200:
                return
            if reply.status != 503:
                raise AssertionError(f"{reply.status}: {reply.body[:300]}")
            time.sleep(0.2)

    def go_on(self, stop: Callable[[], bool]) -> None:
        """Answer one question after another, again and again, until told to stop."""
        position = 0
        while not stop():
            position = position % self.questions + 1
            try:
                fields = self.fill(position)
            except (OSError, http.client.HTTPException, IndexError) as error:
                self.failures.append(Failure(repr(error), self.connected_at))
                time.sleep(0.1)
                continue
            self.send_until_taken(position, fields, stop)


class Load:
    """Learners who answer at the same time, until the block ends; a failed check of one of them is raised then."""

    def __init__(self, site: Site, quiz: str, learners: int = 20) -> None:
        self.learners = [Learner(site, quiz, random.Random(number)).start() for number in range(learners)]
        self.errors: list[BaseException] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(one,)) for one in self.learners]

    def run(self, learner: Learner) -> None:
        try:
            learner.go_on(self.over.is_set)
        except BaseException as error:
            self.errors.append(error)

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)
        if self.errors:
            raise self.errors[0]

    @property
    def acknowledged(self) -> list[Acknowledged]:
        return [one for learner in self.learners for one in list(learner.acknowledged)]

    @property
    def failures(self) -> list[Failure]:
        return [one for learner in self.learners for one in list(learner.failures)]

    def wait_for(self, answers: int, seconds: float = 20) -> None:
        """Until so many more answers are acknowledged."""
        goal, end = len(self.acknowledged) + answers, time.monotonic() + seconds
        while len(self.acknowledged) < goal:
            assert time.monotonic() < end, (
                f"{len(self.acknowledged)} of {goal} answers in {seconds} s: {self.failures[-3:]}"
            )
            time.sleep(0.02)


def hang_up(site: Site, learner: Learner, position: int, fields: Fields, *, half: bool) -> None:
    """Send an answer and close the connection: after half the body, or before the reply."""
    body = urlencode(fields).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in learner.cookies.items())
    head = (
        f"POST {learner.url(position)} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nCookie: {cookies}\r\n"
        f"Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(head.encode() + (body[: len(body) // 2] if half else body))
