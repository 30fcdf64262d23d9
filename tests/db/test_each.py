"""Things that are done one after the other, each in a transaction of its own."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.db import db, each


def test_what_can_t_be_committed_isn_t_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, seen, full = db.session.commit, [], [OSError("the disk is full")]

    def commit_but_once() -> None:
        if len(seen) == 2 and full:
            raise full.pop()
        commit()

    monkeypatch.setattr(db.session, "commit", commit_but_once)
    with pytest.raises(ExceptionGroup, match="1 failed, 3 were done") as raised:
        each(range(5), lambda one: seen.append(one) or one != 4)
    assert [str(one) for one in raised.value.exceptions] == ["the disk is full"]
    assert seen == [0, 1, 2, 3, 4]


def test_enough_is_enough(app: Flask) -> None:
    seen: list[int] = []
    assert each(range(5), lambda one: seen.append(one) or one, 2) == 2
    assert seen == [0, 1, 2], "the first did nothing"
