"""PostgreSQL and Redis of one data directory, and the environment that leads to them."""

import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hms_ach.supervisor.identity import Identity, database_identity, reachable, socket_directory
from hms_ach.supervisor.postgres import APP, OWNER, Postgres
from hms_ach.supervisor.redis import Redis
from hms_ach.supervisor.secrets import kept_secrets

_OURS = {
    "DATABASE_SUPERUSER_PASSWORD",
    "DATABASE_OWNER_PASSWORD",
    "DATABASE_APP_PASSWORD",
    "REDIS_PASSWORD",
}


@dataclass
class Services:
    """What is embedded, with its secrets; the files of the database's user lie in `files`."""

    data: Path
    files: Path
    identity: Identity
    secrets: dict[str, str]
    postgres: Postgres
    redis: Redis

    def start(self) -> None:
        self.postgres.start()
        self.redis.start()
        self.postgres.ensure_role(OWNER, self.secrets["DATABASE_OWNER_PASSWORD"])
        self.postgres.ensure_role(APP, self.secrets["DATABASE_APP_PASSWORD"])

    def ensure_database(self, name: str) -> bool:
        """Whether the database had to be made."""
        return self.postgres.ensure_database(name, owner=OWNER, app=APP)

    def stop(self) -> None:
        for process in (self.redis.process, self.postgres.process):
            if process:
                process.stop()

    def environment(self, database: str) -> dict[str, str]:
        """The settings that name these services, as environment variables."""
        owner_password = self.secrets["DATABASE_OWNER_PASSWORD"]
        app_password = self.secrets["DATABASE_APP_PASSWORD"]
        url = self.postgres.url
        passed_on = {name: value for name, value in self.secrets.items() if name not in _OURS}
        return {
            **passed_on,
            "DATABASE_URL": url(user=APP, password=app_password, database=database),
            "DATABASE_OWNER_URL": url(user=OWNER, password=owner_password, database=database),
            "DATABASE_APP_ROLE": APP,
            "REDIS_URL": self.redis.url(0),
            "CACHE_URL": self.redis.url(1),
            "BROKER_URL": self.redis.broker_url(0),
        }


def embedded(data: Path, *, settings: dict[str, str] | None = None, is_durable: bool = True) -> Services:
    """The services of an absolute data directory, not yet started.

    settings  PostgreSQL settings on top of our own
    """
    data.mkdir(parents=True, exist_ok=True)
    identity = database_identity()
    files = reachable(data, identity)
    files.mkdir(parents=True, exist_ok=True)
    secrets = kept_secrets(data / "secrets.env")
    sockets = socket_directory(data, identity)
    mirror = files / "programs"
    postgres = Postgres(
        data=files / "postgres",
        sockets=sockets,
        log=data / "postgres.log",
        password=secrets["DATABASE_SUPERUSER_PASSWORD"],
        identity=identity,
        mirror=mirror,
        settings=settings or {},
    )
    redis = Redis(
        data=files / "redis",
        sockets=sockets,
        log=data / "redis.log",
        password=secrets["REDIS_PASSWORD"],
        identity=identity,
        mirror=mirror,
        is_durable=is_durable,
    )
    return Services(data, files, identity, secrets, postgres, redis)


def locked(path: Path) -> IO | None:
    """The open lock file, ours alone until it is closed; None when somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
