"""Children of an earlier start that outlived it: known by number and moment of birth, then ended."""

import json
from pathlib import Path

import psutil

from hms_ach.supervisor.process import Process


def remember(path: Path, processes: list[Process]) -> None:
    """Write down who runs, for a later start to find."""
    running = [process.child.pid for process in processes if process.child and process.is_running]
    births = {}
    for number in running:
        try:
            births[number] = psutil.Process(number).create_time()
        except psutil.NoSuchProcess:
            continue
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(births))
    unfinished.replace(path)


def end_leftovers(path: Path, *, timeout_seconds: float = 60) -> int:
    """Wait until those still alive have stopped, then kill; how many there were.

    The kernel asked them to stop when their supervisor died. A number that now belongs to a
    stranger has another moment of birth and is left alone.
    """
    alive = [process for number, birth in _remembered(path).items() if (process := _same(number, birth))]
    _, slow = psutil.wait_procs(alive, timeout=timeout_seconds)
    for process in slow:
        process.kill()
    psutil.wait_procs(slow, timeout=timeout_seconds)
    path.unlink(missing_ok=True)
    return len(alive)


def _remembered(path: Path) -> dict[str, float]:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _same(number: str, birth: float) -> psutil.Process | None:
    try:
        process = psutil.Process(int(number))
    except psutil.NoSuchProcess:
        return None
    return process if abs(process.create_time() - birth) < 1 else None
