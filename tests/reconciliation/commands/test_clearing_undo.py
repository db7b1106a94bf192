"""A clearing of suspense is taken back by two people, and only while what it placed lies there whole."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cashiering.commands import request_refund
from cashiering.models import Payment, PaymentVoid
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry
from ledger.queries import held_for
from reconciliation.commands import (
    ClearingNotPosted,
    ClearingUndoDecided,
    ClearingUndoWaits,
    ClearingUsed,
    UndoneBySamePerson,
    approve_clearing,
    approve_clearing_undo,
    propose_clearing,
    propose_clearing_undo,
    refuse_clearing_undo,
)
from reconciliation.models import ClearingUndo, SuspenseClearing
from reconciliation.queries import suspense_balance
from tests.make import access, billing, ledger
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import (
    ITEM,
    LATER,
    drawn_from_account,
    in_suspense,
    on,
    untied,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def people(north):
    return make.reviewer(north), make.approver(north)


def _cleared(north: Facility, people, purpose: str = "INCOME", document: str = "") -> SuspenseClearing:
    eve, finn = people
    item = in_suspense(north, 125_00)
    proposed = propose_clearing(
        item=item, purpose=purpose, document=document, amount=Money(125_00, "USD"), reason="Letter", actor=eve
    )
    return approve_clearing(clearing_id=proposed.pk, actor=finn)


def _held(north: Facility) -> Money:
    return -suspense_balance(north, reference=ITEM, currency="USD")


def test_two_people_take_a_clearing_back_and_the_item_waits_again(north, people):
    eve, finn = people
    clearing = _cleared(north, people)
    assert not _held(north)

    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Not ours", actor=eve)
    assert not _held(north)
    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    assert _held(north) == Money(125_00, "USD")
    assert on("income.other", north) == 0


def test_an_invoice_that_was_settled_is_open_again(north, people):
    eve, finn = people
    clerk = billing.clerk(north)
    invoice = billing.issued(north, billing.patient(north, clerk), clerk, 200_00)
    clearing = _cleared(north, people, "INVOICE", invoice.number)
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Another payer", actor=eve)

    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    invoice.refresh_from_db()
    assert invoice.balance == Money(200_00, "USD")
    assert _held(north) == Money(125_00, "USD")


def test_what_stayed_on_account_is_the_patients_no_more(north, people):
    eve, finn = people
    patient = billing.patient(north, billing.clerk(north))
    clearing = _cleared(north, people, "ON_ACCOUNT", patient.mrn)
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Another patient", actor=eve)

    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    void = PaymentVoid.objects.get()
    assert (void.voided_by, void.approved_by, void.reason) == (eve, finn, "Another patient")
    assert held_for(patient.public_id, facility_ids=[north.pk]) == []
    assert _held(north) == Money(125_00, "USD")
    assert on("transfer.clearing", north) == 0
    assert untied(north) == []


@pytest.mark.parametrize("is_asked_before", [True, False])
def test_what_the_patient_used_of_it_stays(north, people, is_asked_before):
    eve, finn = people
    clerk = billing.clerk(north)
    patient = billing.patient(north, clerk)
    invoice = billing.issued(north, patient, clerk, 50_00)
    clearing = _cleared(north, people, "ON_ACCOUNT", patient.mrn)
    asked = {"clearing_id": clearing.pk, "reason": "Another patient", "actor": eve}
    undo = propose_clearing_undo(**asked) if is_asked_before else None
    drawn_from_account(north, patient, invoice)

    with pytest.raises(ClearingUsed, match=r"\$75.00 of \$125.00 is left"):
        approve_clearing_undo(undo_id=undo.pk, actor=finn) if undo else propose_clearing_undo(**asked)

    assert not PaymentVoid.objects.exists()
    assert untied(north) == []


def test_what_a_refund_holds_of_it_stays(north, people):
    eve, finn = people
    patient = billing.patient(north, billing.clerk(north))
    clearing = _cleared(north, people, "ON_ACCOUNT", patient.mrn)
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Another patient", actor=eve)
    receipt, usd = Payment.objects.get(), Money(10_00, "USD")
    request_refund(payment=receipt, tender=None, amount=usd, reason="Moves away", key="r", actor=eve)

    with pytest.raises(Refusal) as refused:
        approve_clearing_undo(undo_id=undo.pk, actor=finn)

    assert refused.value.code == "payment_refunded"
    assert not _held(north)


def test_who_asks_never_approves(north, people):
    eve, _finn = people
    undo = propose_clearing_undo(clearing_id=_cleared(north, people).pk, reason="Not ours", actor=eve)

    with pytest.raises(UndoneBySamePerson):
        approve_clearing_undo(undo_id=undo.pk, actor=eve)


def test_a_clearing_is_undone_once_and_asked_for_once(north, people):
    eve, finn = people
    clearing = _cleared(north, people)
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Not ours", actor=eve)
    with pytest.raises(ClearingUndoWaits):
        propose_clearing_undo(clearing_id=clearing.pk, reason="Again", actor=finn)
    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    with pytest.raises(ClearingUndoDecided):
        approve_clearing_undo(undo_id=undo.pk, actor=finn)
    with pytest.raises((ClearingUndoWaits, ClearingUsed)):
        propose_clearing_undo(clearing_id=clearing.pk, reason="Again", actor=eve)


def test_a_wish_that_was_refused_may_be_made_again(north, people):
    eve, finn = people
    clearing = _cleared(north, people)
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Not ours", actor=eve)

    assert refuse_clearing_undo(undo_id=undo.pk, actor=finn).verdict == "REJECTED"

    again = propose_clearing_undo(clearing_id=clearing.pk, reason="Surely not ours", actor=eve)
    assert refuse_clearing_undo(undo_id=again.pk, actor=eve).verdict == "WITHDRAWN"


def test_what_is_only_proposed_is_withdrawn_not_undone(north, people):
    eve, _finn = people
    item = in_suspense(north, 125_00)
    proposed = propose_clearing(
        item=item, purpose="INCOME", amount=Money(125_00, "USD"), reason="Letter", actor=eve
    )

    with pytest.raises(ClearingNotPosted):
        propose_clearing_undo(clearing_id=proposed.pk, reason="Not ours", actor=eve)


def test_what_was_given_back_meanwhile_is_not_undone(north, people):
    eve, _finn = people
    clearing = _cleared(north, people, "GIVE_BACK")
    post_entry(
        key="test.refund",
        facility=north,
        effective_on=ledger.DAY,
        source=("refund", "ref_1"),
        memo="paid out",
        postings=[
            Posting("refund.clearing", Money(100_00, "USD"), reference=clearing.public_id),
            Posting("bank.operating", Money(-100_00, "USD")),
        ],
        actor=None,
    )

    with pytest.raises(ClearingUsed) as refused:
        propose_clearing_undo(clearing_id=clearing.pk, reason="Not ours", actor=eve)

    assert "$25.00 of $125.00" in str(refused.value)


@pytest.mark.parametrize(
    "sql, says",
    [
        ("UPDATE reconciliation_clearingundo SET reason = 'x'", "decided once"),
        ("DELETE FROM reconciliation_clearingundo", "permission denied"),
        (
            """UPDATE reconciliation_clearingundo
                  SET verdict = 'APPROVED', decided_by_id = proposed_by_id, decided_at = now()""",
            "reconciliation_clearingundo_two_people",
        ),
    ],
)
def test_the_database_refuses(north, people, sql, says):
    propose_clearing_undo(clearing_id=_cleared(north, people).pk, reason="Not ours", actor=people[0])

    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_items_page_leads_two_people_through_it(north, people):
    clearing = _cleared(north, people)
    eve, finn = map(access.signed_in, people)
    address = reverse("reconciliation:suspense-detail", args=[north.code, "USD", ITEM])
    undoing = reverse("reconciliation:clearing-undo", args=[clearing.public_id])
    assert b"Ask to undo" in eve.get(address).content

    eve.post(undoing, {"step": "ask", "reason": ""})
    assert not ClearingUndo.objects.exists()
    eve.post(undoing, {"step": "ask", "reason": "Not ours"})
    assert b"asks to undo it" in eve.get(address).content
    assert b"Undo and reverse" in finn.get(address).content
    finn.post(undoing, {"step": "approve"})

    assert ClearingUndo.objects.get().verdict == "APPROVED"
    assert b"Undone by" in finn.get(address).content


def test_a_stranger_undoes_nothing(north, people):
    clearing = _cleared(north, people)
    mallory = access.signed_in(access.user("FINANCE_REVIEWER", username="mallory"))
    undoing = reverse("reconciliation:clearing-undo", args=[clearing.public_id])

    assert mallory.post(undoing, {"step": "ask", "reason": "mine"}).status_code == 404
