"""What a cashier waits for with a year of the hospital loaded: 50 registers, each thinking as people do.

HMS_ACH_BENCH_BEDS says how large the hospital is (15 when it does not; 300 for the figures of docs/till.md).
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from hms_ach import clock
from tests.benchmarks.desk import Desk
from tests.benchmarks.figures import Figure, alone, percentile, within
from tests.benchmarks.hospital_year import BEDS, Year, load
from tests.benchmarks.web_server import web_server
from tests.make import cashiering as make

REGISTERS = 50
SECONDS = 60
# A receipt every 20 s at each of the 50 desks is twice as many as people bring about (docs/till.md).
THOUGHT = {"search": 8.0, "commit": 8.0, "receipt": 4.0}
LIMITS = {"search": 150, "commit": 300}


def run(_place) -> Iterator[Figure]:
    """Search, choose, commit and receipt, over and over, at every register at once."""
    given = make.till(code="YEAR")
    started = perf_counter()
    year = load(given, day=clock.today("America/New_York"))
    yield alone("till", f"loading a year of {BEDS} beds", value=perf_counter() - started, unit="s")
    with web_server() as site:
        desks = [Desk(site, given) for _ in range(REGISTERS)]
        end = perf_counter() + SECONDS
        with ThreadPoolExecutor(REGISTERS) as pool:
            days = list(pool.map(lambda number: _work(desks[number], number, year, end), range(REGISTERS)))
    yield from _figures(days)


def _work(desk: Desk, number: int, year: Year, end: float) -> dict[str, list[float]]:
    """One cashier's minute; the first receipt of each warms the server and is not counted."""
    luck = random.Random(number)
    taken: dict[str, list[float]] = {"search": [], "person": [], "commit": [], "receipt": []}
    desk.think(luck.uniform(0, sum(THOUGHT.values())))
    turn = 0
    while perf_counter() < end:
        searched = desk.search(year.search(number * 1000 + turn))
        person = desk.person()
        desk.think(_thought("search", luck))
        committed, address = desk.commit()
        shown = desk.show(address)
        desk.think(_thought("commit", luck) + _thought("receipt", luck))
        turn += 1
        if turn > 1:
            for name, took in zip(taken, (searched, person, committed, shown), strict=True):
                taken[name].append(took)
    return taken


def _thought(what: str, luck: random.Random) -> float:
    return luck.uniform(0.5, 1.5) * THOUGHT[what]


def _figures(days: list[dict[str, list[float]]]) -> Iterator[Figure]:
    for name in days[0]:
        times = [took for day in days for took in day[name]]
        label = f"{name}, {REGISTERS} registers, {BEDS} beds"
        yield alone("till", f"{label}, p50", value=percentile(times, 0.5), unit="ms")
        if name in LIMITS:
            p95 = percentile(times, 0.95)
            yield within("till", f"{label}, p95", value=p95, unit="ms", limit=LIMITS[name])
    yield alone(
        "till",
        "receipts a second meanwhile",
        value=sum(len(day["commit"]) for day in days) / SECONDS,
        unit="1/s",
    )
