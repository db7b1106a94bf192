"""`bin/manage`: manage.py with the services of the data directory, started when nobody runs them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hms_ach.supervisor.hub import DATABASE, OWN_SECRETS
from hms_ach.supervisor.leftovers import end_leftovers, remember
from hms_ach.supervisor.parts import ROOT
from hms_ach.supervisor.process import CannotStart
from hms_ach.supervisor.secrets import kept_secrets
from hms_ach.supervisor.services import Services, embedded, locked

_TIMEOUT_MS = "1800000"


def main() -> int:
    data = (ROOT / os.environ.get("HMS_ACH_DATA", "var")).resolve()
    try:
        with _surroundings(data) as environment:
            return _run(sys.argv[1:], environment)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], env=environment).returncode


@contextmanager
def _surroundings(data: Path) -> Iterator[dict[str, str]]:
    """The environment of manage.py; what had to be started for it is stopped afterwards."""
    settings = {
        "STATIC_ROOT": str(data / "static"),
        "DEMO_FOLDER": str(data / "demo-bank"),
        "LOG_LEVEL": "WARNING",
        "DATABASE_STATEMENT_TIMEOUT_MS": _TIMEOUT_MS,
    }
    if os.environ.get("DATABASE_URL"):
        secrets = kept_secrets(data / "secrets.env")
        yield settings | {name: secrets[name] for name in OWN_SECRETS} | os.environ
        return
    services = embedded(data)
    environment = settings | {"HMS_ACH_DEMO": "1"} | services.environment(DATABASE) | os.environ
    lock = _lock(data / "lock")
    if lock is None:
        if not services.postgres.answers():
            raise CannotStart(f"HMS-ACH is just starting on {data}. Try again in a moment.")
        yield environment
        return
    with lock:
        try:
            _start(services, environment)
            yield environment
        finally:
            services.stop()
            (data / "running.json").unlink(missing_ok=True)


def _lock(path: Path) -> IO | None:
    """The data directory's lock, after whoever else holds it for a command; None when the hub runs."""
    while (lock := locked(path)) is None:
        if path.read_text():
            return None
        time.sleep(0.2)
    # The hub writes its address here, which is how it is told from a command.
    lock.truncate(0)
    return lock


def _start(services: Services, environment: dict[str, str]) -> None:
    """PostgreSQL and Redis with the tables of this version; a demo hospital is left to bin/run."""
    running, unfinished = services.data / "running.json", services.data / "first-start-unfinished"
    end_leftovers(running)
    services.start()
    remember(running, [each for each in (services.postgres.process, services.redis.process) if each])
    if unfinished.exists():
        services.postgres.drop_database(DATABASE)
    if services.ensure_database(DATABASE):
        unfinished.touch()
    if _run(["install_schema"], environment):
        raise CannotStart("The database could not be prepared; the reason stands above.")
    unfinished.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
