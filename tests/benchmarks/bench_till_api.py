"""The till through HTTP: payments a second with 8 clients, and what one cashier waits for."""

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import httpx
from django.test import Client

from ledger.commands import open_period
from tests.benchmarks.figures import Figure, alone, beside, percentile, within
from tests.make import access, billing
from tests.make import cashiering as make

CLIENTS = 8
SECONDS, WARM = 5, 10
_Ask = Callable[[httpx.Client, int], httpx.Response]
VISITS = 40


def run(place) -> Iterator[Figure]:
    """Payments through a real web server, then searches and commits of one cashier."""
    given = make.till(code="BENCH")
    open_period(legal_entity=given.facility.legal_entity, starts_on=billing.DAY, actor=None)
    yield from _payments_a_second(given)
    yield from _cashier(given)


def _payments_a_second(given: make.Till) -> Iterator[Figure]:
    bills = [make.invoice(given, 1_000_000_00).public_id for _ in range(CLIENTS)]
    program = access.api_client("payments:write", facilities=[given.facility])
    site = f"http://127.0.0.1:{_free_port()}"
    with _web_server(site):
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


def _web_server(site: str):
    """Gunicorn as in production, two workers of four threads, on this benchmark's database."""
    command = [sys.executable, "-m", "gunicorn", "hms_ach.wsgi", "--bind", site.removeprefix("http://")]
    command += ["--workers", "2", "--threads", "4", "--log-level", "error", "--no-control-socket"]
    server = subprocess.Popen(command, env={**os.environ, "API_RATE": "1000000/min"})
    for _ in range(300):
        try:
            httpx.get(f"{site}/healthz")
            return _Stopping(server)
        except httpx.TransportError:
            time.sleep(0.1)
    server.terminate()
    raise RuntimeError("the web server does not answer")


class _Stopping:
    """Ends the server when the block ends."""

    def __init__(self, server: subprocess.Popen) -> None:
        self.server = server

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error) -> None:
        self.server.terminate()
        self.server.wait()


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


def _cashier(given: make.Till) -> Iterator[Figure]:
    """Server time of a search and of a committed payment, each in the whole stack but the socket."""
    make.opened(given)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(given.ana)
    searches, commits = [], []
    for number in range(VISITS):
        bill = make.invoice(given, 10_00)
        searches.append(_timed(lambda: browser.get("/cashiering/register/?q=Okaf", follow=True)))
        form = {
            "key": f"bench{number}",
            "patient": given.patient.pk,
            "invoice": bill.pk,
            f"amount-{bill.pk}": "10.00",
            f"seen-{bill.pk}": "10.00",
            "cash": "20",
        }
        commits.append(_timed(lambda form=form: browser.post("/cashiering/register/payment/", form)))
    for name, times, limit in (("search", searches, 150), ("commit", commits, 300)):
        for share in (0.5, 0.95):
            yield within(
                "till",
                f"{name}, server time p{share * 100:.0f}",
                value=percentile(times, share),
                unit="ms",
                limit=limit,
            )


def _timed(act) -> float:
    started = perf_counter()
    answer = act()
    took = (perf_counter() - started) * 1000
    if answer.status_code not in (200, 302):
        raise RuntimeError(f"the register answered {answer.status_code}")
    return took


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
