"""gunicorn's configuration, for `bin/run` and for production."""

import os

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 25
keepalive = 5
preload_app = True
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# The access log would show addresses with identifiers of patients; the request log names ids only.
accesslog = None


def on_starting(server) -> None:
    """Refuse to serve without keys, or from a database that could forget what it has confirmed."""
    from django.db import connection

    from hms_ach.supervisor.durability import unsafe_settings
    from hms_ach.supervisor.required import missing_settings

    unsafe = missing_settings() or unsafe_settings(connection)
    connection.close()
    if unsafe:
        raise SystemExit("\n".join(unsafe))
