"""What only the site's own user may read, and headers that say where the application is: on a real server."""

from __future__ import annotations

import http.client
import os
from pathlib import Path

import pytest

from tests.faults.client import Learner
from tests.site import Site

pytestmark = pytest.mark.xdist_group("front")


def open_to_others(folder: Path) -> list[str]:
    return [f"{file.name} {file.stat().st_mode & 0o777:o}" for file in folder.rglob("*")
            if file.is_file() and file.name != "server.log" and file.stat().st_mode & 0o077]  # fmt: skip


def test_no_file_of_a_site_is_for_others(tmp_path: Path) -> None:
    """The database with all that stands beside it, the key, and backups; with the most open umask, and old files."""
    folder = tmp_path / "site"
    folder.mkdir()
    mask = os.umask(0)
    try:
        for name in ("site.sqlite3", "site.sqlite3-line"):
            (folder / name).touch(0o644)
        site = Site(folder, QUIZAPP_BACKUPS=str(folder / "backups"))
        site.start()
        try:
            learner = Learner(site, "writing-tasks")
            assert learner.request("GET", "/courses").status == 200
            assert site.run("backup", str(folder / "own.sqlite3")).returncode == 0
            exists = {file.name for file in folder.iterdir()}
            assert {"site.sqlite3", "site.sqlite3-wal", "site.sqlite3-shm", "site.sqlite3-line", "secret_key"} <= exists
            assert open_to_others(folder) == []
        finally:
            site.stop()
        assert site.run("restore", "--yes", str(folder / "own.sqlite3")).returncode == 0
        assert site.run("db", "copy", f"sqlite:///{site.database}", f"sqlite:///{folder}/copy.sqlite3").returncode == 0
        assert open_to_others(folder) == []
    finally:
        os.umask(mask)


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script_Name", "PATH_INFO", "Script-Name", "X-Forwarded-Prefix"])
def test_no_header_says_where_the_application_begins(site: Site, name: str) -> None:
    for value in ("/evil.example", "/courses", "//evil.example", "/cour"):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
        connection.request("GET", "/courses", headers={name: value})
        reply = connection.getresponse()
        body = reply.read()
        assert reply.status == 200, (name, value)
        assert b"evil.example" not in body
        assert b'href="/courses/courses' not in body
        connection.close()
