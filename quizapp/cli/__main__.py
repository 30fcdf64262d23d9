"""`python -m quizapp.cli`: the same without the script."""

from quizapp.cli import main

main(prog_name="quizapp")
