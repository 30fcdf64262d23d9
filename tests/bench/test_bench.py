"""The bench in miniature, so that it keeps working; what it finds is measured by `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.attempts.models import Answer
from quizapp.db import db
from tests.bench import __main__ as bench
from tests.bench import report
from tests.bench import scenario as scenario_of
from tests.bench.growth import grown
from tests.bench.scenario import run_class
from tests.bench.waiting import GOALS, Flow
from tests.conftest import make_app
from tests.faults.hostile import attack


def test_the_bench_runs_and_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario_of, "THINKING", (0.1, 0.3))
    said: list[str] = []
    result = bench.measure("sqlite", "final-exam", rounds=1, seconds=0.1)
    assert {one.name for one in result.compared} == {"answer save", "quiz page", "results", "home"}
    for one in result.compared:
        assert one.ratio > 0.01
        assert one.name == "answer save" or one.sizes[0] == pytest.approx(one.sizes[1], rel=0.03), one.name
    scenario = run_class(10, 1, said.append, questions=2)
    assert (scenario.answers, scenario.lost, scenario.errors) == (20, 0, [])
    beset = run_class(5, 1, said.append, questions=1, beside=attack)
    assert (beset.answers, beset.lost, beset.errors) == (5, 0, [])
    flow = Flow({name: [goal + 1.0, 1.0, 2.0] for name, goal in GOALS.items()}, 50_000)
    report.write(tmp_path, [result], result.compared, scenario, beset, 1000, 60, load=7.0, flow=flow)
    page, chart = (tmp_path / "measured.md").read_text(), (tmp_path / "measured.svg").read_text()
    assert "| sqlite | answer save |" in page
    assert "wasn't quiet" in page
    assert f"on sqlite {result.ready:.1f} s after its command" in page
    assert result.ready > 0.2
    assert f"| verdict | 2 ms | {GOALS['verdict']} ms | {report.verdict(2, 1)} |" in page
    assert f"| first load of a question | 50.0 kB | 45 kB | {report.verdict(1, 2)} |" in page
    assert chart.count("<rect") == 8


def test_a_history_can_be_grown(tmp_path: Path) -> None:
    app = make_app(grown(tmp_path / "site.sqlite3", 2000))
    with app.app_context():
        assert db.session.query(Answer).count() == 2000
        db.session.remove()
        db.engine.dispose()
