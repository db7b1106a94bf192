"""Runs `bin/run`'s supervisor on a data directory of its own, to be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
BYTECODE = ROOT / "var" / "test" / "bytecode"
_STARTED_SECONDS = 400


class RunningHub:
    """A started hub, its output and its parts."""

    def __init__(
        self,
        data: Path,
        *,
        python: str = sys.executable,
        root: Path = ROOT,
        popen_options: dict | None = None,
        **settings: str,
    ) -> None:
        self.data = data
        self.port = free_port()
        self.output = data.with_suffix(".output")
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # The first hub compiles what its programs import, and all that follow read it.
        environment |= {
            "HMS_ACH_DEMO": "0",
            "HMS_ACH_HTTPS": "0",
            "PYTHONPYCACHEPREFIX": str(BYTECODE),
            **settings,
        }
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [python, "-m", "hms_ach.supervisor", "--data", str(data), "--port", str(self.port)],
                cwd=root,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                **popen_options or {},
            )

    def wait_until_ready(self) -> "RunningHub":
        self.wait_for(lambda: "is ready at" in self.said(), seconds=_STARTED_SECONDS)
        return self

    def wait_for(self, holds, *, seconds: float = 45) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.terminate()
                raise AssertionError(self.said())
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text()

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return json.load(answer) == {"database": "ok"}
        except OSError:
            return False

    def part(self, word: str) -> psutil.Process | None:
        """The living direct child whose command line contains the word."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if word in " ".join(child.cmdline()):
                    return child
        return None

    def everything(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
