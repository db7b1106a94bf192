"""What every start needs before anybody is let in."""

import os
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from redis.exceptions import RedisError

from hms_ach.logs import redacted
from hms_ach.supervisor.durability import unsafe_settings
from hms_ach.supervisor.required import missing_settings


class Command(BaseCommand):
    """Check the database's safety, migrate as its owner, collect static files, fill a new demo."""

    help = "Check the database, migrate it, collect static files and, in a demo, load the demo hospital."

    def handle(self, **options) -> None:
        _refuse_silence()
        unsafe = missing_settings() or unsafe_settings(connection)
        if unsafe:
            raise CommandError("\n".join(unsafe))
        call_command("install_schema")
        self._collect_static_files()
        if settings.IS_DEMO and not apps.get_model("access.Facility").objects.exists():
            self._load_demo()

    def _collect_static_files(self) -> None:
        """Copy them when one is newer than the last copy, or when the program was installed since."""
        sources = [Path(folder) for folder in settings.STATICFILES_DIRS]
        sources.append(settings.BASE_DIR / "requirements.txt")
        newest = max((_newest(source) for source in sources if source.exists()), default=0.0)
        mark = Path(settings.STATIC_ROOT) / ".collected"
        if not mark.exists() or mark.stat().st_mtime < newest:
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            mark.touch()

    def _load_demo(self) -> None:
        if "demo" in get_commands():
            self.stdout.write("Building the demo hospital …")
            call_command("demo")


def _refuse_silence() -> None:
    """Raises CommandError, naming the setting whose server does not answer; never its password."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(
            "The server of DATABASE_URL does not let us in. Check the address, the user and that it runs."
            f" It said: {redacted(str(error).splitlines()[0])}"
        ) from error
    try:
        cache.get("hms_ach")
    except RedisError as error:
        raise CommandError(
            "The server of REDIS_URL (or CACHE_URL) does not answer. Check the address and that it runs."
        ) from error


def _newest(path: Path) -> float:
    """The latest change below a path, in seconds since the epoch."""
    if path.is_file():
        return path.stat().st_mtime
    return max(
        (os.stat(Path(top) / name).st_mtime for top, _, names in os.walk(path) for name in [".", *names])
    )
