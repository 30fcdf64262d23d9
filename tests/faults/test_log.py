"""The server's log holds no secret: no password, cookie, token, key or answer, not even after errors."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from lxml import html

from tests.faults.client import Learner
from tests.site import Site

pytestmark = pytest.mark.xdist_group("faults")


def test_no_secret_is_logged(site: Site, exam: str) -> None:
    learner = Learner(site, exam)
    secrets = [
        "learner-demo",
        "a wrong pass phrase",
        "a pass phrase of my own",
        "learner@example.com",
        "an@example.com",
    ]
    for url, email, password in (
        ("/login", "learner@example.com", "a wrong pass phrase"),
        ("/signup", "an@example.com", "a pass phrase of my own"),
    ):
        page = html.fromstring(learner.request("GET", url).body)
        learner.token = page.xpath("//input[@name='csrf_token']/@value")[0]
        fields = [("csrf_token", learner.token), ("email", email), ("password", password), ("name", "Somebody")]
        assert learner.request("POST", url, fields).status in (302, 422)
    learner.start()
    fields = learner.fill(1)
    with closing(sqlite3.connect(site.database, isolation_level=None)) as other:
        other.execute("ALTER TABLE answers RENAME TO gone")  # a defect, with values in the statement that fails
        assert learner.send(1, fields).status >= 500
        other.execute("ALTER TABLE gone RENAME TO answers")
    secrets += [learner.token, *learner.cookies.values(), (site.folder / "secret_key").read_text().strip()]
    secrets += [value for name, value in fields if name not in ("seq", "csrf_token") and len(value) > 3]
    log = site.log.read_text()
    assert "answers" in log, "the failure is in the log"
    assert not [secret for secret in secrets if secret in log]
