"""One child process that never outlives the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


class CannotStart(Exception):
    """Why the hub, or a part of it, does not start, and what to do about it."""


@dataclass
class Process:
    """A program, how to stop it, and the running child, if any.

    stop_signal    what asks it to stop; also sent by the kernel when the supervisor dies (Linux)
    grace_seconds  how long it may take to stop before it is killed with its group
    log            where its output goes; ours when absent
    """

    name: str
    argv: list[str]
    env: dict[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 20
    log: Path | None = None
    working_directory: Path | None = None
    popen_options: dict = field(default_factory=dict)
    child: subprocess.Popen | None = None

    def start(self) -> None:
        output = self.log.open("ab") if self.log else None
        try:
            self.child = subprocess.Popen(
                self.argv,
                env=self.env,
                cwd=self.working_directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=self._die_with_parent,
                **self.popen_options,
            )
        finally:
            if output:
                output.close()

    def _die_with_parent(self) -> None:
        if _LIBC:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(self.stop_signal))

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self.child.poll() if self.child else None

    def ask_to_stop(self) -> None:
        if self.child is not None and self.is_running:
            self.child.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask it to stop, wait, and kill what is left of its group."""
        if self.child is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.child.wait(self.grace_seconds)
        self.kill_group()
        self.child.wait()

    def kill_group(self) -> None:
        """Kill whatever is left of the child's session, orphans included."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)


def wait_until(is_ready, *, process: Process | None, timeout_seconds: float = 300) -> None:
    """Poll until `is_ready()` holds; stop the start when the process ends or time runs out."""
    assert process is not None, "start it first"
    deadline = time.monotonic() + timeout_seconds
    while not is_ready():
        if not process.is_running:
            raise CannotStart(f"{process.name} ended with code {process.exit_code}; see {process.log}")
        if time.monotonic() > deadline:
            raise CannotStart(
                f"{process.name} was not ready after {timeout_seconds:.0f} s; see {process.log}"
            )
        time.sleep(0.03)
