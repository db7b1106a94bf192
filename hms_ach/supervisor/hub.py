"""Starts everything in order, keeps it running, stops it cleanly."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from hms_ach.supervisor import leftovers
from hms_ach.supervisor.parts import Part, part_of, preparation, programs
from hms_ach.supervisor.process import CannotStart, Process, wait_until
from hms_ach.supervisor.secrets import kept_secrets
from hms_ach.supervisor.services import Services, embedded, locked
from hms_ach.supervisor.welcome import welcome

DATABASE = "hms_ach"
_LOG_BYTES = 20 * 1024 * 1024


class Hub:
    """One hub on one data directory.

    data  everything that is kept: database, broker, secrets, logs
    """

    def __init__(self, *, data: Path, bind: str, port: int) -> None:
        self.data = data
        self.address = f"{bind}:{port}"
        self.url = f"http://{'127.0.0.1' if bind == '0.0.0.0' else bind}:{port}"  # noqa: S104
        self.services: Services | None = None
        self.parts: list[Part] = []
        self.is_stopping = False

    def run(self) -> None:
        """Until a signal says stop. Raises CannotStart with the reason and the remedy."""
        started_at = time.monotonic()
        lock = self._lock()
        leftovers.end_leftovers(self._running_file)
        self._refuse_taken_port()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        try:
            self._start()
            if not self.is_stopping:
                seconds = time.monotonic() - started_at
                print(welcome(self.environment, url=self.url, seconds=seconds), flush=True)
            while not self.is_stopping:
                self._mend()
                time.sleep(0.2)
        except Interrupted:
            return
        finally:
            self._stop()
            lock.close()

    @property
    def _running_file(self) -> Path:
        return self.data / "running.json"

    def _lock(self):
        lock = locked(self.data / "lock")
        if lock is None:
            where = (self.data / "lock").read_text().strip()
            raise CannotStart(
                f"HMS-ACH already runs on {self.data}{f', at {where}' if where else ''}."
                " Use that one, stop it with Ctrl-C in its window, or start another with --data and --port."
            )
        lock.truncate(0)
        lock.write(self.url)
        lock.flush()
        return lock

    def _refuse_taken_port(self) -> None:
        host, port = self.address.rsplit(":", 1)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
            except OSError as error:
                raise CannotStart(
                    f"Port {port} of {host} cannot be used ({error.strerror})."
                    " Choose another: bin/run --port 8080"
                ) from error

    def _start(self) -> None:
        logs = self.data / "log"
        logs.mkdir(parents=True, exist_ok=True)
        self.environment = self._environment()
        if self.services:
            self._start_services(self.services)
        self._prepare()
        for process in programs(self.environment, address=self.address, logs=logs):
            if process.log and process.log.exists() and process.log.stat().st_size > _LOG_BYTES:
                process.log.rename(process.log.with_suffix(".log.1"))
            self.parts.append(part_of(process))
            self.parts[-1].begin()
        self._remember()
        web = next(part.process() for part in self.parts if part.process().name == "web")
        wait_until(self._is_answering, process=web)

    def _environment(self) -> dict[str, str]:
        """Ours on top of what was set outside; the services' addresses when they are embedded."""
        given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
        if len(given) == 1:
            raise CannotStart(f"Only {given[0]} is set. Set both DATABASE_URL and REDIS_URL, or neither.")
        settings = {
            "HMS_ACH_DEMO": "0" if given else "1",
            "SITE_URL": self.url,
            "STATIC_ROOT": str(self.data / "static"),
            "DEMO_FOLDER": str(self.data / "demo-bank"),
            "PYTHONUNBUFFERED": "1",
        }
        if given:
            secrets = kept_secrets(self.data / "secrets.env")
            return settings | {name: secrets[name] for name in OWN_SECRETS} | os.environ
        self.services = embedded(self.data)
        self.services.postgres.log = self.services.redis.log = self.data / "log" / "services.log"
        if "TERMINAL_SIMULATOR_PORT" not in os.environ:
            settings["TERMINAL_SIMULATOR_PORT"] = str(_free_port())
            settings["SMS_URL"] = f"http://127.0.0.1:{_free_port()}/"
        return settings | self.services.environment(DATABASE) | os.environ

    def _start_services(self, services: Services) -> None:
        services.start()
        for server in (services.postgres, services.redis):
            self.parts.append(Part(process=partial(getattr, server, "process"), start=server.start))
            self.parts[-1].started_at = time.monotonic()
        self._remember()
        # A first start that was interrupted left a database nobody was ever let into: begin again.
        if self._unfinished_file.exists():
            services.postgres.drop_database(DATABASE)
        if services.ensure_database(DATABASE):
            self._unfinished_file.touch()

    @property
    def _unfinished_file(self) -> Path:
        return self.data / "first-start-unfinished"

    def _prepare(self) -> None:
        """Migrate and fill in a child process, so that Ctrl-C is heard meanwhile."""
        process = preparation(self.environment)
        process.start()
        while process.is_running:
            if self.is_stopping:
                process.stop()
                raise Interrupted
            time.sleep(0.05)
        if process.exit_code:
            raise CannotStart("The database could not be prepared; the reason stands above.")
        self._unfinished_file.unlink(missing_ok=True)

    def _is_answering(self) -> bool:
        if self.is_stopping:
            raise Interrupted
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310
                return answer.status == 200
        except OSError:
            return False

    def _mend(self) -> None:
        """Start again what has ended, the services first because the others lean on them."""
        for part in self.parts:
            process = part.process()
            if process.is_running:
                continue
            if part.retry_at <= part.started_at:
                process.kill_group()
                wait = part.plan_restart()
                print(
                    f"{process.name} ended with code {process.exit_code}; again in {wait:.1f} s", flush=True
                )
            elif time.monotonic() >= part.retry_at:
                self._begin_again(part)

    def _begin_again(self, part: Part) -> None:
        try:
            part.begin()
        except CannotStart as reason:
            print(reason, flush=True)
        else:
            print(f"{part.process().name} runs again", flush=True)
        self._remember()

    def _remember(self) -> None:
        leftovers.remember(self._running_file, self._processes())

    def _processes(self) -> list[Process]:
        return [part.process() for part in self.parts]

    def _stop(self) -> None:
        """Ours first, all at once; then what they lean on."""
        programs_of_ours = [
            process for process in self._processes() if process.name not in {"postgres", "redis"}
        ]
        if self.parts:
            print("Stopping …", flush=True)
        for process in programs_of_ours:
            process.ask_to_stop()
        for process in programs_of_ours:
            process.stop()
        if self.services:
            self.services.stop()
        self._running_file.unlink(missing_ok=True)

    def _note_stop(self, number, frame) -> None:
        self.is_stopping = True


class Interrupted(Exception):
    """Somebody asked to stop while the hub was starting."""


OWN_SECRETS = ("SECRET_KEY", "VAULT_KEYS", "VAULT_INDEX_KEY", "DEMO_PASSWORD")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
