"""The programs of ours that make up the hub, and how to restart any part."""

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hms_ach.supervisor.process import Process

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "interactive,bank,nightly"
_WORKER_STATEMENT_TIMEOUT_MS = "900000"


@dataclass
class Part:
    """One supervised process, and when it may be started again."""

    process: Callable[[], Process]
    start: Callable[[], None]
    failures: int = 0
    started_at: float = 0.0
    retry_at: float = 0.0

    def begin(self) -> None:
        self.started_at = time.monotonic()
        self.start()

    def plan_restart(self) -> float:
        """Wait longer each time it fails soon after its start, at most ten seconds; the wait chosen."""
        lived = time.monotonic() - self.started_at
        self.failures = 0 if lived > 30 else self.failures + 1
        wait = min(0.2 * 2**self.failures, 10.0)
        self.retry_at = time.monotonic() + wait
        return wait


def part_of(process: Process) -> Part:
    return Part(process=lambda: process, start=process.start)


def programs(environment: dict[str, str], *, address: str, logs: Path) -> list[Process]:
    """Web, worker, beat and, for the demo, the card terminal's simulator; none started yet."""
    at_work = environment | {"DATABASE_STATEMENT_TIMEOUT_MS": _WORKER_STATEMENT_TIMEOUT_MS}
    celery = [sys.executable, "-m", "celery", "-A", "hms_ach"]
    worker = [
        *celery,
        "worker",
        "-Q",
        QUEUES,
        "-c",
        "2",
        "--without-mingle",
        "--without-gossip",
        "-l",
        "info",
    ]
    beat = [*celery, "beat", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler", "--pidfile="]
    web = [sys.executable, "-m", "gunicorn", "hms_ach.wsgi", "-c", "python:hms_ach.supervisor.web_server"]
    found = [
        _program("web", web, environment | {"WEB_BIND": address}, logs),
        _program("worker", worker, at_work, logs),
        _program("beat", beat, at_work, logs),
    ]
    if environment["HMS_ACH_DEMO"] == "1" and _has_terminal_simulator():
        terminal = [sys.executable, "manage.py", "terminal_simulator"]
        found.append(_program("terminal", terminal, environment, logs))
    return found


def preparation(environment: dict[str, str]) -> Process:
    argv = [sys.executable, "manage.py", "prepare"]
    longer = environment | {"DATABASE_STATEMENT_TIMEOUT_MS": _WORKER_STATEMENT_TIMEOUT_MS}
    return Process("prepare", argv, longer, stop_signal=signal.SIGTERM, working_directory=ROOT)


def _program(name: str, argv: list[str], environment: dict[str, str], logs: Path) -> Process:
    log = logs / f"{name}.log"
    return Process(name, argv, environment, grace_seconds=30, log=log, working_directory=ROOT)


def _has_terminal_simulator() -> bool:
    return (ROOT / "cashiering" / "management" / "commands" / "terminal_simulator.py").exists()
