"""`python -m quizapp.cli`: the same without the script."""

from quizapp.cli import main

if __name__ == "__main__":
    main(prog_name="quizapp")
