"""Training: the register works as ever, says so everywhere, and nothing of it remains."""

import pytest
from django.apps import apps

from billing.models import Invoice
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def everything() -> dict[str, int]:
    """The number of rows of every table of ours; signing in and looking around are left out."""
    ours = ("access", "audit", "outbox", "ledger", "billing", "cashiering", "reconciliation", "idempotency")
    models = [one for one in apps.get_models() if one._meta.app_label in ours]
    return {one._meta.label: one._default_manager.count() for one in models}


def test_a_payment_in_training_leaves_no_trace():
    given = make.till()
    bill = make.invoice(given, 31_07)
    browser = Browser(given.ana)
    place = f"/cashiering/training/{given.facility.code}/"
    shown = browser.get(f"{place}?patient={given.patient.pk}")
    before = everything()

    typed = fields(shown)
    done = browser.post(f"{place}payment/", **typed, cash="40").content.decode()
    printed = browser.post(f"{place}payment/", **typed, cash="40", **{"as": "escpos"})
    paper = browser.post(f"{place}payment/", **typed, cash="40", **{"as": "pdf"})

    assert everything() == before
    assert Invoice.objects.get(pk=bill.pk).settled_minor == 0
    assert "TRAINING, no receipt" in done
    assert "$8.93" in done
    assert "-T" not in done.split("receipt__training")[1].split("</article>")[0]
    assert printed.content.count(b"*** TRAINING, NO RECEIPT ***") == 2
    assert paper.content.startswith(b"%PDF")
    assert "TRAINING: nothing is booked" in shown.content.decode()


def test_a_refused_payment_in_training_is_refused_as_ever():
    given = make.till()
    make.invoice(given, 31_07)
    browser = Browser(given.ana)
    place = f"/cashiering/training/{given.facility.code}/"
    typed = fields(browser.get(f"{place}?patient={given.patient.pk}"))

    refused = browser.post(f"{place}payment/", **typed, cash="30")

    assert refused.status_code == 422
    assert "$1.07 is missing" in refused.content.decode()
    assert f'action="{place}payment/"' in refused.content.decode()


def test_training_and_real_money_never_mix():
    given = make.till()
    session = make.opened(given)
    browser = Browser(given.ana)

    shown = browser.get(f"/cashiering/training/{given.facility.code}/").content.decode()

    assert "No training now" in shown
    assert session.number in shown
    assert "TRAINING" not in browser.get("/cashiering/register/").content.decode()


def test_one_trains_only_where_one_works():
    given, elsewhere = make.till(), make.till()
    browser = Browser(given.ana)

    assert browser.get(f"/cashiering/training/{elsewhere.facility.code}/").status_code == 404
    assert given.facility.code in browser.get("/cashiering/training/").redirect_chain[0][0]
    assert Browser(given.dan).get("/cashiering/training/").status_code == 403
