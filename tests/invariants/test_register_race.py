"""No cent is lost or doubled, and no receipt's number, however many registers pay the same invoices."""

import re
from collections import Counter

import pytest
import time_machine
from django.db.models import Sum

from billing.models import Invoice
from cashiering.models import Payment, Session
from cashiering.queries import expected_cash
from hms_ach.outbox.models import Event
from ledger.models import Posting
from tests.invariants.register_race import Desk, Told, race
from tests.make import cashiering as make


@pytest.mark.parametrize(
    "desks, machines, bills",
    [(12, 2, 4), pytest.param(50, 6, 60, marks=pytest.mark.nightly)],
    ids=["twelve", "fifty"],
)
def test_registers_that_race_for_the_same_invoices_lose_and_double_nothing(site, desks, machines, bills):
    """Takes some seconds: every payment goes over HTTP, twice."""
    with time_machine.travel("2026-03-12T15:00:00Z"):
        given = make.till()
        shared = [make.invoice(given, 20_00 + number) for number in range(bills)]

        all_of_them = race(site, given, desks=desks, machines=machines, bills=shared, seed=7)

    told = [one.told for one in all_of_them]
    assert sum(one.refused for one in told) > 0
    _payments_are_those_told(told)
    _invoices_are_paid_to_the_cent(told, shared)
    _drawers_hold_what_was_told([one for one in all_of_them if isinstance(one, Desk)])
    _the_ledger_ties(told)
    _receipts_run_without_gaps()


def _payments_are_those_told(told: list[Told]) -> None:
    ids = [payment for one in told for payment in one.payments]
    assert sorted(ids) == sorted(Payment.objects.values_list("public_id", flat=True))
    events = Event.objects.filter(type="payment.received").values_list("subject", flat=True)
    assert sorted(events) == sorted(ids)


def _invoices_are_paid_to_the_cent(told: list[Told], shared: list[Invoice]) -> None:
    paid = sum((one.by_invoice for one in told), Counter())
    for bill in Invoice.objects.filter(pk__in=[bill.pk for bill in shared]):
        assert paid[bill.pk] == bill.settled_minor == bill.total_minor
        assert bill.settlements.aggregate(sum=Sum("amount_minor"))["sum"] == bill.total_minor


def _drawers_hold_what_was_told(desks: list[Desk]) -> None:
    for desk in desks:
        session = Session.objects.get(pk=desk.session.pk)
        held = 200_00 + desk.told.by_tender["CASH"]
        assert session.cash_minor == expected_cash(session).minor == held
        assert _book("cash.drawer", session.public_id) == held
        assert _book("cheque.drawer", session.public_id) == desk.told.by_tender["CHEQUE"]


def _the_ledger_ties(told: list[Told]) -> None:
    kinds = sum((one.by_tender for one in told), Counter())
    assert _book("card.clearing") == kinds["CARD"]
    assert _book("transfer.clearing") == kinds["TRANSFER"]
    assert _book("receivable.patient") == 0
    assert Posting.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0


def _receipts_run_without_gaps() -> None:
    series: dict[str, list[int]] = {}
    for number in Payment.objects.order_by("receipt_number").values_list("receipt_number", flat=True):
        name, last = re.fullmatch(r"(.+)-(\d{6})", number).groups()
        series.setdefault(name, []).append(int(last))
    assert all(found == list(range(1, len(found) + 1)) for found in series.values())


def _book(role: str, reference: str | None = None) -> int:
    rows = Posting.objects.filter(role=role, **({"reference": reference} if reference else {}))
    return int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
