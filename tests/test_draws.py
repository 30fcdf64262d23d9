"""The gate is the same each time; an exploration isn't, and says how what it has found is done again."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import ids

ROOT = Path(__file__).parent.parent


def drawn() -> list[object]:
    found: list[object] = []

    @given(st.text() | st.integers() | st.binary())
    def draw(value: object) -> None:
        found.append(value)

    draw()
    return found


def test_the_gate_draws_the_same_whatever_was_loaded_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    loaded = tmp_path / "loaded.py"
    loaded.write_text("\n".join(f"c{number} = {10**9 + number}, 'constant {number}'" for number in range(100)))
    monkeypatch.syspath_prepend(tmp_path)
    __import__("loaded")
    assert drawn() == before


def test_the_gate_draws_the_same_whichever_test_a_process_runs_first(tmp_path: Path) -> None:
    path, record = tmp_path / "test_that_draws.py", tmp_path / "record"
    path.write_text(f"""
import pytest
from hypothesis import given, settings, strategies as st

@pytest.fixture(params=["first", "second"])
def name(request):
    return request.param

@settings(max_examples=3, suppress_health_check=["function_scoped_fixture"])
@given(number=st.integers(0, 10**9))
def test_with_parameters(name, number):
    with open({str(record)!r}, "a") as opened:
        print(name, number, file=opened)
""")

    def drawn_by(which: str) -> list[str]:
        record.write_text("")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.draws", "-p", "no:cacheprovider", which]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        return record.read_text().splitlines()

    both, alone = drawn_by(str(path)), drawn_by(f"{path}::test_with_parameters[second]")
    assert len(alone) == 3
    assert both[3:] == alone
    assert [line.split()[1] for line in both[:3]] != [line.split()[1] for line in alone]


def explore(seconds: float, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.explore", f"--seconds={seconds}", str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_an_exploration_draws_anew_in_every_round(tmp_path: Path) -> None:
    """And only with what draws or is too large for the gate."""
    path, record = tmp_path / "test_that_draws.py", tmp_path / "record"
    path.write_text(f"""
import pytest
from hypothesis import given, settings, strategies as st

def note(word):
    with open({str(record)!r}, "a") as opened:
        print(word, file=opened)

@settings(max_examples=1)
@given(st.integers(0, 10**9).map(str))
def test_with_hypothesis(number):
    note("hypothesis")

def test_with_chance(chance):
    note(chance.random())

@pytest.mark.explore
def test_that_is_large():
    note("large")

def test_that_draws_nothing():
    note("nothing")
""")
    with explore(600, path) as running:
        while len(numbers := re.findall(r"0\.\d+", record.read_text() if record.exists() else "")) < 2:
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
        running.terminate()
    assert len(set(numbers)) == len(numbers)
    assert {"hypothesis", "large"} <= set(record.read_text().split())
    assert "nothing" not in record.read_text()


def test_an_exploration_ends_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "test_that_draws.py"
    path.write_text("def test_with_chance(chance):\n    pass\n")
    with explore(0.1, path) as running:
        said, _ = running.communicate()
    assert running.returncode == 0
    assert "1 skipped" in said
    assert said.endswith("1 rounds, and nothing found.\n")


def test_what_an_exploration_finds_can_be_found_again(tmp_path: Path) -> None:
    path = tmp_path / "test_that_fails.py"
    path.write_text("def test_with_chance(chance):\n    assert 0, f'drawn: {chance.random()}.'\n")
    with explore(600, path) as running:
        said, _ = running.communicate()
    assert running.returncode == 1
    command = said.split("Again: ")[1].split()
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    number = re.findall(r"drawn: [\d.]+", said)
    assert number
    assert number[0] in again.stdout


def test_the_order_of_a_quiz_comes_again() -> None:
    """In each run of the gate this is the first seed that this test draws."""
    assert ids.seed() == "927b8dd31090d1dbc9b0b18ad8e6e129"
