"""`quizapp serve`, `quizapp demo`: the server, and what it shows at first."""

from __future__ import annotations

import click

from quizapp import clock, config
from quizapp.cli.site import report, site
from quizapp.errors import QuizError


@click.command()
@click.option("--demo", is_flag=True, help="Load the courses in questions/ and make the demo accounts first.")
def serve(demo: bool) -> None:
    """Bring the database up to date and serve it under gunicorn."""
    from quizapp.app import create_app
    from quizapp.operation import metrics
    from quizapp.operation.server import run

    try:
        settings = config.from_environment()
        metrics.prepare(settings.metrics_token)
    except QuizError as error:
        raise click.ClickException(error.message) from error
    with site():
        if demo:
            load_demo()
    run(settings, create_app)


@click.command()
def demo() -> None:
    """Load the courses in questions/ and make a demo learner and a demo instructor."""
    with site():
        load_demo()


def load_demo() -> None:
    from quizapp.operation import demo

    problems = demo.load(config.from_environment().questions, clock.now())
    report(problems)
    for email, password, role in demo.ACCOUNTS:
        click.echo(f"  {role:<11} {email:<24} {password}")
