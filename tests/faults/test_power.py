"""A power cut: what was on the disk for certain is there afterwards, whatever became of the rest.

SQLite promises with synchronous=FULL that a commit is on the disk before it returns. So at a cut the write-ahead log
holds every commit that was acknowledged, and behind the last one anything at all.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from quizapp.db import db
from tests.faults.client import Load
from tests.faults.conftest import assert_kept
from tests.site import Site

pytestmark = pytest.mark.xdist_group("faults")

WAL_HEADER, FRAME_HEADER = 32, 24


def test_every_commit_waits_for_the_disk(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        asked = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")}
        assert asked == {"synchronous": 2, "journal_mode": "wal"}
    else:
        assert db.session.execute(text("SHOW synchronous_commit")).scalar() == "on"


def end_of_last_commit(wal: bytes) -> int:
    """Where the last whole transaction of the log ends."""
    size = FRAME_HEADER + int.from_bytes(wal[8:12], "big")
    salts, end = wal[16:24], WAL_HEADER
    for start in range(WAL_HEADER, len(wal) - size + 1, size):
        if wal[start + 8 : start + 16] != salts:
            break  # what an earlier round of the log has left
        if int.from_bytes(wal[start + 4 : start + 8], "big"):
            end = start + size
    return end


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    site: Site, exam: str, tmp_path: Path, chance: random.Random
) -> None:
    cuts = []
    with Load(site, exam) as load:
        for number in range(4):
            load.wait_for(25)
            os.killpg(site.pid, signal.SIGSTOP)  # the moment of the cut
            before = load.acknowledged
            folder = tmp_path / f"cut-{number}"
            folder.mkdir()
            for file in tmp_path.glob("site.sqlite3*"):
                if not file.name.endswith("-shm"):  # memory, and gone
                    shutil.copy(file, folder / file.name)
            os.killpg(site.pid, signal.SIGCONT)
            cuts.append((folder, before))
    for number, (folder, before) in enumerate(cuts):
        log = folder / "site.sqlite3-wal"
        wal = log.read_bytes()
        end = end_of_last_commit(wal)
        torn = wal[WAL_HEADER : WAL_HEADER + 3000] if len(wal) > WAL_HEADER else b""
        tail = [b"", chance.randbytes(5000), torn, bytes(8192)][number]
        log.write_bytes(wal[:end] + tail)
        assert_kept(folder / "site.sqlite3", before)
        elsewhere = {"QUIZAPP_DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}"}
        checked = site.run("check", **elsewhere)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(cuts[-1][1]) > len(cuts[0][1]) > 0
