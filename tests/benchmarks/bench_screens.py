"""Server time where people wait: the register, discrepancies and their approval, the trial balance.

The data is the demo's, told for fourteen days instead of thirty.

The whole stack answers (middleware, session, permissions, queries, template); only the socket is left out.
"""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from django.test import Client
from django.urls import reverse

from cashiering.models import Session
from hms_ach.access.models import User
from hms_ach.demo.past import past_told
from hms_ach.demo.story import tell_story
from reconciliation.commands import propose
from reconciliation.models import Discrepancy
from tests.benchmarks.figures import Figure, alone, percentile, within

SEED, DAYS = 20, 14
ROUNDS = 60
LIMIT_MS = 150
# From the decision to the next one's page.
NEXT_LIMIT_MS = 200


def run(place) -> Iterator[Figure]:
    """Each screen in turn, ROUNDS times, after one unmeasured visit."""
    with past_told():
        tell_story(seed=SEED, folder=Path(place.directory), say=lambda _day: None, length=DAYS)
    visits = {
        "register": _visitor(_cashier(), "cashiering:register"),
        "discrepancies": _visitor("reviewer.eve", "reconciliation:discrepancy-list"),
        "trial balance": _visitor("controller.gil", "ledger:trial-balance"),
    }
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
    yield within(
        "screens",
        "approval and the next discrepancy, server time p50",
        value=percentile(list(_approvals()), 0.5),
        unit="ms",
        limit=NEXT_LIMIT_MS,
    )


def _approvals() -> Iterator[float]:
    """What waits is proposed for suspense, and approved by another person, one after the other."""
    eve, finn = (User.objects.get(username=name) for name in ("reviewer.eve", "approver.finn"))
    lines = list(Discrepancy.objects.filter(kind="UNMATCHED_CREDIT", state="OPEN").order_by("pk"))
    for row in lines:
        propose(discrepancy_id=row.pk, action="SUSPENSE", reason="nobody knows the payer", actor=eve)
    browser = _signed_in(finn)
    for row in lines:
        address = reverse("reconciliation:decision", args=[row.public_id])
        started = perf_counter()
        answer = browser.post(f"{address}?state=PROPOSED", {"verdict": "approve"}, follow=True)
        yield (perf_counter() - started) * 1000
        row.refresh_from_db()
        if (answer.status_code, row.state) != (200, "APPROVED"):
            raise RuntimeError(f"{address} answered {answer.status_code}, and {row.public_id} is {row.state}")


def _cashier() -> str:
    """Somebody whose register is open now."""
    return Session.objects.filter(state=Session.State.OPEN).order_by("pk")[0].cashier.username


def _visitor(username: str, url_name: str):
    """A visit of one signed-in person to one screen; it answers how many milliseconds it took."""
    browser = _signed_in(User.objects.get(username=username))
    address = reverse(url_name)

    def visit() -> float:
        started = perf_counter()
        answer = browser.get(address)
        took = (perf_counter() - started) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code} to {username}")
        return took

    return visit


def _signed_in(person: User) -> Client:
    browser = Client(headers={"host": "localhost"})
    browser.force_login(person)
    return browser
