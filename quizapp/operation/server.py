"""Serving under gunicorn: a few processes, each with a front for all its clients and threads for its application."""

from __future__ import annotations

import resource
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from quizapp.config import Settings
from quizapp.operation import backups, logs, metrics, tasks
from quizapp.operation.front.worker import Worker


class Server(BaseApplication):
    """gunicorn with our settings."""

    def __init__(self, settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
        self.settings, self.make_app = settings, make_app
        super().__init__()

    def load_config(self) -> None:
        settings = self.settings
        options: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_connections": most_connections(),
            "worker_class": Worker,
            "timeout": 60,
            "graceful_timeout": 20,
            "sendfile": False,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "limit_request_line": 4094,
            "control_socket_disable": True,
            "forwarder_headers": "",  # no header says where the application begins
            "logger_class": logs.ServerLogger,
            "post_worker_init": look_after_tasks,
            "child_exit": forget_worker,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.make_app(self.settings)


def most_connections() -> int:
    """For one worker: half of the files that a process may have open, as a request may need some of its own."""
    return min(1000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


def look_after_tasks(worker: Any) -> None:
    backups.start(worker.wsgi)
    tasks.start(worker.wsgi)


def forget_worker(_server: Any, worker: Any) -> None:
    metrics.worker_gone(worker.pid)


def run(settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
    """Serve until told to stop."""
    logs.configure(settings.log)
    print(f"quizapp: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201 -- the command's own output
    try:
        Server(settings, make_app).run()
    finally:
        metrics.clear()
