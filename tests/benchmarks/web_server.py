"""Gunicorn as in production, two workers of four threads, on the benchmark's database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def web_server() -> Iterator[str]:
    """Its address; it ends with the block."""
    site = f"http://127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "gunicorn", "hms_ach.wsgi", "--bind", site.removeprefix("http://")]
    command += ["--workers", "2", "--threads", "4", "--log-level", "error", "--no-control-socket"]
    server = subprocess.Popen(command, env={**os.environ, "API_RATE": "1000000/min"})
    try:
        _await(site)
        yield site
    finally:
        server.terminate()
        server.wait()


def _await(site: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{site}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
