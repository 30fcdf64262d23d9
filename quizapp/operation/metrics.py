"""Figures for Prometheus, over all workers of this host. They need the extra `metrics` and `QUIZAPP_METRICS_TOKEN`.

prometheus_client decides at its import whether it counts over several processes, so it is imported after
`prepare` has named the folder that the processes share.
"""

from __future__ import annotations

import hmac
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import NotFound

from quizapp import events
from quizapp.db import after_commit
from quizapp.errors import ConfigError
from quizapp.operation import backups
from quizapp.permissions import public

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


def prepare(token: str) -> None:
    """Before the workers start: a folder of their own for what they count. Raises ConfigError without the extra."""
    if not token:
        return
    if find_spec("prometheus_client") is None:
        raise ConfigError("QUIZAPP_METRICS_TOKEN is set, but prometheus-client isn't there: install quizapp[metrics].")
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="quizapp-metrics-")


def worker_gone(pid: int) -> None:
    """Keep what a worker counted, and forget what it was doing."""
    if FOLDER in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)


def clear() -> None:
    if FOLDER in os.environ:
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def init(app: Flask) -> None:
    """Count requests, answers and attempts handed in, where a token asks for it."""
    if not app.config["SETTINGS"].metrics_token:
        return
    from prometheus_client import Counter, Histogram

    requests = Counter("quizapp_requests_total", "Requests answered.", ["endpoint", "method", "status"], registry=None)
    seconds = Histogram("quizapp_request_seconds", "Time to answer.", ["endpoint"], buckets=SECONDS, registry=None)
    answers = Counter("quizapp_answers_total", "Answers taken.", registry=None)
    submissions = Counter("quizapp_submissions_total", "Attempts handed in.", registry=None)

    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        requests.labels(endpoint, request.method, response.status_code).inc()
        if "began" in g:
            seconds.labels(endpoint).observe(time.perf_counter() - g.began)
        return response

    def saved(_slot: Any) -> None:
        answers.inc()

    def submitted(_attempt: Any, **_more: Any) -> None:
        after_commit(submissions.inc)

    app.after_request(count)
    events.saved.connect(saved, weak=False)
    events.submitted.connect(submitted, weak=False)
    app.add_url_rule("/metrics", "operation.metrics", metrics)


@public
def metrics() -> Response:
    """All figures in Prometheus' text format, for who has the token; nothing is here for anybody else."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    sent = request.headers.get("Authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {current_app.config['SETTINGS'].metrics_token}".encode()):
        raise NotFound
    registry: CollectorRegistry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(BackupAge())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class BackupAge:
    """How old the newest scheduled backup is; absent where none is scheduled or there is none yet."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        age = backups.age(current_app.config["SETTINGS"].backups)
        if age is not None:
            yield GaugeMetricFamily(
                "quizapp_backup_age_seconds", "Age of the newest backup.", value=age.total_seconds()
            )
