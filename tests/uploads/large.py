"""Large uploads for the tests: files of as many questions as wanted, and an instructor at a real server."""

from __future__ import annotations

import http.cookiejar
import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from lxml import html

from tests.site import Site

KINDS = (
    "무엇에 관한 {n}번째 설명입니까? Which one of these holds? {{\n=옳은 것 {n}#맞습니다.\n~틀린 것 {n}#아닙니다.\n"
    "~%-50%반쯤 틀린 것\n~또 다른 것\n####{n}쪽을 다시 읽어 보세요.\n}}",
    "한글날은 10월 {n}일입니다. {{T#찾아보세요.#맞습니다.}}",
    "What is the name of number {n}? {{=Hangul {n} =Hangeul =%50%Hunminjeongeum#Its first name.}}",
    "How much is {n} and 1? {{#={n}:0 =%50%{n}..{n}5#Close.}}",
    "Match the capitals of {n}. {{=Korea -> Seoul =Japan -> Tokyo =France {n} -> Paris}}",
)


def gift(count: int) -> bytes:
    """A GIFT file of so many different questions, of five kinds in turn."""
    return "\n\n".join(
        f"// [id:q-{n}] [tag:t{n % 20}]\n::문제 {n}::{KINDS[n % len(KINDS)].format(n=n)}" for n in range(count)
    ).encode()


class Instructor:
    """The demo instructor at a running server, with what the upload page's scripts send."""

    def __init__(self, site: Site) -> None:
        self.site = site
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.opener.addheaders = [("Accept-Language", "en")]
        self.token = html.fromstring(self.get("/login")).xpath("//main//input[@name='csrf_token']/@value")[0]
        fields = {"email": "instructor@example.com", "password": "instructor-demo"}
        self.post("/login", urlencode(fields | {"csrf_token": self.token}).encode()).close()
        self.token = html.fromstring(self.get("/banks/upload")).xpath("//main//input[@name='csrf_token']/@value")[0]

    def get(self, path: str) -> str:
        with self.opener.open(self.site.url + path, timeout=60) as reply:
            return reply.read().decode()

    def post(self, path: str, data: bytes, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.opener.open(urllib.request.Request(self.site.url + path, data, sent), timeout=60)  # noqa: S310

    def upload(self, data: bytes, name: str = "large.gift", waited: bool = True) -> str:
        """Send a file, and wait until it is read; the address of its preview."""
        fields = {"csrf_token": self.token, "bank": "", "name": "", "form": "", "language": ""}
        parts = [(f'name="{key}"', value.encode()) for key, value in fields.items()]
        parts.append((f'name="files"; filename="{name}"', data))
        body = b"".join(
            b"--part\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (head.encode(), content)
            for head, content in parts
        )
        kind = "multipart/form-data; boundary=part"
        with self.post("/banks/upload", body + b"--part--\r\n", Content_Type=kind, Accept="application/json") as reply:
            address = json.load(reply)["location"]
        end = time.monotonic() + 120
        while waited and "The file is being read" in self.get(address) and time.monotonic() < end:
            time.sleep(0.2)
        return address

    def open_import(self, address: str) -> Any:
        """Press "import" as the script does; the reply, of which nothing is read yet."""
        data = urlencode({"csrf_token": self.token, "do": "import"}).encode()
        return self.post(f"{address}/import", data, Accept="application/json, application/x-ndjson")

    def imports(self, address: str) -> Iterator[dict[str, Any]]:
        """Import, and give every line that the server tells."""
        with self.open_import(address) as reply:
            for line in reply:
                yield json.loads(line)

    def sums(self, address: str) -> dict[str, int]:
        """The numbers at the top of a preview or a result."""
        tree = html.fromstring(self.get(address))
        numbers = [int(text.replace(",", "")) for text in tree.xpath("//dl[@class='sums']//dd/text()")]
        return dict(zip(tree.xpath("//dl[@class='sums']//dt/text()"), numbers, strict=True))
