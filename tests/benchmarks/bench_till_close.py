"""Closing a drawer after a long day: the count is committed, then approved."""

from collections.abc import Iterator
from time import perf_counter

from django.test import Client

from cashiering.commands import approve_session, commit_count, start_counting, take_payment
from cashiering.queries import expected_cash
from hms_ach.money import Money
from ledger.commands import open_period
from tests.benchmarks.figures import Figure, alone
from tests.make import billing
from tests.make import cashiering as make

RECEIPTS = 400


def run(_place) -> Iterator[Figure]:
    """Commit and approval of a session with 400 receipts, and the sheet that shows the result."""
    given = make.till(code="CLOSE")
    open_period(legal_entity=given.facility.legal_entity, starts_on=billing.DAY, actor=None)
    session = make.opened(given)
    bill = make.invoice(given, 10_00 * RECEIPTS)
    for number in range(RECEIPTS):
        tender = (make.cash(20_00), make.card(10_00), make.cheque(10_00, f"{number}"))[number % 3]
        take_payment(
            session=session,
            patient=given.patient,
            allocations=[(bill.pk, Money(10_00, "USD"))],
            tenders=[tender],
            key=f"close{number}",
            actor=given.ana,
        )
    counted = make.pieces(expected_cash(session).minor)
    start_counting(session=session, actor=given.ana)
    yield _timed(
        "count committed", lambda: commit_count(session=session, denominations=counted, actor=given.ana)
    )
    browser = Client(headers={"host": "localhost"})
    browser.force_login(given.cora)
    address = f"/cashiering/sessions/{session.public_id}/"
    browser.get(address)
    yield _timed("result sheet", lambda: browser.get(address))
    yield _timed("approved", lambda: approve_session(session=session, actor=given.cora))


def _timed(name: str, act) -> Figure:
    started = perf_counter()
    act()
    took = (perf_counter() - started) * 1000
    return alone("till", f"close with {RECEIPTS} receipts: {name}", value=took, unit="ms")
