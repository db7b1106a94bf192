"""Server time of the screens where people wait, on the demo data: the register, discrepancies, trial balance.

The whole stack answers (middleware, session, permissions, queries, template); only the socket is left out.
"""

from collections.abc import Iterator
from time import perf_counter

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from hms_ach.access.models import User
from tests.benchmarks.figures import Figure, alone, percentile, within

SCREENS = {
    "register": ("cashier.ana", "cashiering:register"),
    "discrepancies": ("reviewer.eve", "reconciliation:discrepancy-list"),
    "trial balance": ("controller.gil", "ledger:trial-balance"),
}
ROUNDS = 60
LIMIT_MS = 150


def run(place) -> Iterator[Figure]:
    """Each screen in turn, ROUNDS times, after one unmeasured visit."""
    call_command("demo")
    visits = {screen: _visitor(*who_and_where) for screen, who_and_where in SCREENS.items()}
    taken: dict[str, list[float]] = {screen: [] for screen in visits}
    for visit in visits.values():
        visit()
    for _ in range(ROUNDS):
        for screen, visit in visits.items():
            taken[screen].append(visit())
    for screen, times in taken.items():
        yield alone("screens", f"{screen}, server time p50", value=percentile(times, 0.5), unit="ms")
        yield within(
            "screens", f"{screen}, server time p95", value=percentile(times, 0.95), unit="ms", limit=LIMIT_MS
        )


def _visitor(username: str, url_name: str):
    """A visit of one signed-in person to one screen; it answers how many milliseconds it took."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(User.objects.get(username=username))
    address = reverse(url_name)

    def visit() -> float:
        started = perf_counter()
        answer = browser.get(address)
        took = (perf_counter() - started) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code} to {username}")
        return took

    return visit
