"""Payments a second that 8 programs send through the API, beside /healthz of the same server."""

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import httpx

from ledger.commands import open_period
from tests.benchmarks.figures import Figure, alone, beside, percentile
from tests.benchmarks.web_server import web_server
from tests.make import access, billing
from tests.make import cashiering as make

CLIENTS = 8
SECONDS, WARM = 5, 10
_Ask = Callable[[httpx.Client, int], httpx.Response]


def run(place) -> Iterator[Figure]:
    """Each program pays an invoice of its own, as fast as it is answered."""
    given = make.till(code="BENCH")
    open_period(legal_entity=given.facility.legal_entity, starts_on=billing.DAY, actor=None)
    yield from _payments_a_second(given)


def _payments_a_second(given: make.Till) -> Iterator[Figure]:
    bills = [make.invoice(given, 1_000_000_00).public_id for _ in range(CLIENTS)]
    program = access.api_client("payments:write", facilities=[given.facility])
    with web_server() as site:
        token = _token(site, str(program))
        empty = _sent(site, lambda client, _: client.get("/healthz"))
        paid = _sent(site, lambda client, number: _pay(client, given, bills[number], token))
    yield beside(
        "till",
        f"payments over HTTP, {CLIENTS} clients",
        value=paid.rate,
        unit="1/s",
        against="/healthz of the same server",
        against_value=empty.rate,
    )
    for name, sent in (("/healthz", empty), ("payments", paid)):
        yield alone("till", f"{name} over HTTP, p95", value=percentile(sent.milliseconds, 0.95), unit="ms")


def _token(site: str, program: str) -> str:
    answer = httpx.post(
        f"{site}/oauth/token/", data={"grant_type": "client_credentials"}, auth=(program, "secret")
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


@dataclass(frozen=True, slots=True)
class _Sent:
    rate: float
    milliseconds: list[float]


def _sent(site: str, ask: _Ask) -> _Sent:
    """What CLIENTS connected clients, each after WARM requests, send together in SECONDS.

    ask  sends one request through a client, given its number from 0
    """
    with ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [stack.enter_context(httpx.Client(base_url=site, timeout=30)) for _ in range(CLIENTS)]
        for _ in range(WARM):
            for answer in pool.map(ask, clients, range(CLIENTS)):
                answer.raise_for_status()
        started = perf_counter()
        taken = list(pool.map(partial(_until, started + SECONDS, ask), clients, range(CLIENTS)))
        spent = perf_counter() - started
    together = [time for times in taken for time in times]
    return _Sent(len(together) / spent, together)


def _until(end: float, ask: _Ask, client: httpx.Client, number: int) -> list[float]:
    """The milliseconds of each request of one client."""
    times = []
    while (began := perf_counter()) < end:
        ask(client, number).raise_for_status()
        times.append((perf_counter() - began) * 1000)
    return times


def _pay(http: httpx.Client, given: make.Till, invoice: str, token: str) -> httpx.Response:
    """An instalment of an invoice that only this client pays."""
    key = uuid.uuid4().hex
    money = {"amount": "10.00", "currency": "USD"}
    body = {
        "facility": given.facility.code,
        "method": "transfer",
        "amount": money,
        "allocations": [{"invoice": invoice, "amount": money}],
        "reference": key,
    }
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    headers["Content-Type"] = "application/json"
    return http.post("/api/ach/payments", content=json.dumps(body), headers=headers)
