"""`make explore`: the tests that draw by chance, again and again from new seeds, and those too large for the gate.

It goes on for the seconds that it is given, or until something fails; then it says how that is done again.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("words", nargs="*", help="for pytest: paths, or options after --")
    chosen = parser.parse_args()
    end = time.time() + chosen.seconds
    rounds = 0
    while time.time() < end:
        rounds += 1
        command = [*again(secrets.randbelow(2**32)), *chosen.words]
        if subprocess.run([*command, f"--until={end}"], check=False).returncode:
            say(f"Again: {' '.join(command)}")
            sys.exit(1)
    say(f"{rounds} rounds, and nothing found.")


def again(seed: int) -> list[str]:
    """The command that draws from this seed."""
    profile = ["--hypothesis-profile=explore", f"--hypothesis-seed={seed}", "-o", "faulthandler_timeout=0"]
    return [sys.executable, "-m", "pytest", "-p", "tests.draws", "-q", "-x", "--dist=loadgroup", *profile]


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- the command's own output


if __name__ == "__main__":
    main()
