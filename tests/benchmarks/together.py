"""How often several processes do the same at once."""

import multiprocessing
import time
from collections.abc import Callable
from threading import BrokenBarrierError
from typing import Any

from django.db import connections


def rate(work: Callable[[str], Any], *, clients: int, seconds: float) -> float:
    """The sum of what each client does in a second, once all are connected and warm.

    work  takes a key that no other call is given

    Raises ClientFailed when work raises in one of them; the others are not waited for.
    """
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    start, answers = forked.Barrier(clients), forked.Queue()
    arguments = (work, seconds, start, answers)
    workers = [forked.Process(target=_until_done, args=arguments) for _ in range(clients)]
    for worker in workers:
        worker.start()
    try:
        return sum(_answer(answers.get(timeout=60 + seconds)) for _ in workers)
    finally:
        for worker in workers:
            worker.join()


class ClientFailed(Exception):
    """One of the clients failed; says with which error."""


def _answer(said: float | str) -> float:
    if isinstance(said, str):
        raise ClientFailed(said)
    return said


def _until_done(work: Callable[[str], Any], seconds: float, start: Any, answers: Any) -> None:
    try:
        answers.put(_rate_of_one(work, seconds, start))
    except BrokenBarrierError:
        pass  # Another client failed, and says why.
    except Exception as error:
        answers.put(f"{type(error).__name__}: {error}")
        start.abort()
    finally:
        connections.close_all()


def _rate_of_one(work: Callable[[str], Any], seconds: float, start: Any) -> float:
    name = f"{multiprocessing.current_process().name}:{time.monotonic_ns()}"
    connections.close_all()
    for n in range(10):
        work(f"warm:{name}:{n}")
    start.wait()
    begin, n = time.perf_counter(), 0
    while (spent := time.perf_counter() - begin) < seconds:
        work(f"{name}:{n}")
        n += 1
    return n / spent
