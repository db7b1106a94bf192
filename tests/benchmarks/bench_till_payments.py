"""Payments a second at 50 registers through the web server, beside the same statements issued by pgbench."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from ledger.commands import open_period
from tests.benchmarks.commit_pgbench import commits_a_second, number_apart, script
from tests.benchmarks.desk import Desk
from tests.benchmarks.figures import Figure, alone, beside, interleaved_medians, percentile
from tests.benchmarks.web_server import web_server
from tests.make import billing
from tests.make import cashiering as make

REGISTERS = 50
SECONDS = 5


def run(place) -> Iterator[Figure]:
    """Nobody thinks: each register sends the next payment as soon as it has a receipt."""
    given = make.till(code="BENCH")
    open_period(legal_entity=given.facility.legal_entity, starts_on=billing.DAY, actor=None)
    number_apart()
    times: list[float] = []
    with web_server() as site:
        desks = [Desk(site, given) for _ in range(REGISTERS)]
        text = script(desks)
        taken = interleaved_medians(
            {
                "ours": lambda: _ours(desks, times),
                "pgbench": lambda: commits_a_second(
                    place.postgres_programs, text, clients=REGISTERS, seconds=SECONDS
                ),
            }
        )
    yield beside(
        "till",
        f"payments over HTTP, {REGISTERS} registers",
        value=taken["ours"],
        unit="1/s",
        against="pgbench, the same statements",
        against_value=taken["pgbench"],
    )
    yield alone("till", "commit when nobody thinks, p95", value=percentile(times, 0.95), unit="ms")


def _ours(desks: list[Desk], times: list[float]) -> float:
    """Commits a second of all desks; how long each took is added to `times`."""
    for desk in desks:
        desk.read_balance()
    started = perf_counter()
    with ThreadPoolExecutor(len(desks)) as pool:
        taken = [
            took for each in pool.map(lambda desk: _until(desk, started + SECONDS), desks) for took in each
        ]
    times += taken
    return len(taken) / (perf_counter() - started)


def _until(desk: Desk, end: float) -> list[float]:
    desk.think(0)
    taken = []
    while perf_counter() < end:
        taken.append(desk.commit()[0])
    return taken
