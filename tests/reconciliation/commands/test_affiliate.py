"""Another legal entity's money: two people say so, both books have it, and every sub-ledger still ties."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import Invoice
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.money import Money
from ledger.commands import settle_affiliate
from ledger.models import Posting
from ledger.queries import affiliate_pairs, control_totals
from reconciliation.commands import (
    ClearedBySamePerson,
    ClearingUsed,
    DocumentNotFound,
    OtherSideElsewhere,
    OwnerUnfit,
    approve_clearing,
    approve_clearing_undo,
    pair_sweeps,
    propose_clearing,
    propose_clearing_undo,
)
from reconciliation.models import BankAccount, SuspenseClearing
from reconciliation.queries import suspense_items
from tests.make import access, billing
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def harbor(north):
    return make.hospital("HARB")


@pytest.fixture
def eve(north, harbor):
    return make.reviewer(north, harbor)


@pytest.fixture
def finn(north, harbor):
    return make.approver(north, harbor)


@pytest.fixture
def item(north, eve, finn):
    return make.in_suspense(north, 77_00, eve=eve, finn=finn)


@pytest.fixture
def invoice(harbor):
    """A bill of the harbor's over 77.00."""
    clerk = billing.clerk(harbor)
    return billing.issued(harbor, billing.patient(harbor, clerk), clerk, 77_00)


def proposed(item, eve, owner: Facility | None, minor: int = 77_00, document: str = "") -> SuspenseClearing:
    asked = {"amount": usd(minor), "reason": "The sender meant the harbor", "document": document}
    return propose_clearing(item=item, purpose="AFFILIATE", owner=owner, actor=eve, **asked)


def untied(*facilities: Facility) -> list[tuple[str, Money, Money]]:
    totals = [
        t for each in facilities for t in control_totals(legal_entity=each.legal_entity, on=LATER.date())
    ]
    return [(total.role, total.documents, total.booked) for total in totals if not total.ties]


def due(*facilities: Facility) -> list[tuple[Money | None, Money | None]]:
    pairs = affiliate_pairs(facility_ids=[each.pk for each in facilities], as_of=LATER.date(), by_item=True)
    return [(pair.claimed, pair.owed) for pair in pairs]


def test_an_invoice_that_another_entity_was_paid_for_is_settled_and_every_sub_ledger_ties(
    north, harbor, item, invoice, eve, finn
):
    clearing = proposed(item, eve, harbor, document=invoice.number)

    approve_clearing(clearing_id=clearing.pk, actor=finn)

    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    assert due(north, harbor) == [(usd(77_00), usd(77_00))]
    assert untied(north, harbor) == []


def test_without_an_invoice_it_lies_in_the_owners_suspense_and_finds_its_place_there(
    north, harbor, item, invoice, eve, finn
):
    approve_clearing(clearing_id=proposed(item, eve, harbor, 70_00).pk, actor=finn)
    assert untied(north, harbor) == []

    (theirs,) = suspense_items([harbor], today=LATER.date())
    assert theirs.held == usd(70_00)
    key = item._replace(facility=harbor, reference=theirs.item.reference)
    found = propose_clearing(
        item=key, purpose="INVOICE", amount=usd(70_00), reason="Asked", document=invoice.number, actor=eve
    )
    approve_clearing(clearing_id=found.pk, actor=finn)

    assert invoice.settlements.get().amount_minor == 70_00
    assert untied(north, harbor) == []


def test_it_needs_another_person_and_an_owner_elsewhere(north, harbor, item, eve):
    with pytest.raises(OwnerUnfit):
        proposed(item, eve, None)
    with pytest.raises(OwnerUnfit):
        proposed(item, eve, north)
    with pytest.raises(DocumentNotFound, match="HARB"):
        proposed(item, eve, harbor, document="N-1")

    clearing = proposed(item, eve, harbor)

    with pytest.raises(ClearedBySamePerson):
        approve_clearing(clearing_id=clearing.pk, actor=eve)
    assert due(north, harbor) == []


def test_both_people_work_at_both_entities(north, harbor, item, eve):
    with pytest.raises(OtherSideElsewhere):
        proposed(item, make.reviewer(north, username="lou"), harbor)
    clearing = proposed(item, eve, harbor)

    with pytest.raises(OtherSideElsewhere):
        approve_clearing(clearing_id=clearing.pk, actor=make.approver(north, username="max"))


@pytest.mark.parametrize("has_invoice", [True, False])
def test_two_people_take_it_back_in_both_books(north, harbor, item, invoice, eve, finn, has_invoice):
    clearing = proposed(item, eve, harbor, document=invoice.number if has_invoice else "")
    approve_clearing(clearing_id=clearing.pk, actor=finn)

    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="It was ours", actor=eve)
    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.ISSUED
    assert due(north, harbor) == []
    assert [row.held for row in suspense_items([north, harbor], today=LATER.date())] == [usd(77_00)]
    assert untied(north, harbor) == []


def passed_on(clearing: SuspenseClearing, north, harbor, finn) -> None:
    """Both banks' lines of a transfer of 77.00 to the harbor, and what it settles."""
    ours = BankAccount.objects.get(facility=north)
    theirs = make.bank_account(harbor, code="HARB-OP", number="HARB-111111")
    for account, minor in ((ours, -77_00), (theirs, 77_00)):
        line = make.line(minor, "TRF20260320", on=LATER.date())
        make.statement(account, line, number=account.number, on=LATER.date(), statement_id="T1")
    assert pair_sweeps(account=ours) == 1
    transfer = Posting.objects.get(role="affiliate.due_from", facility=north).reference
    settle_affiliate(
        key="s1",
        debtor=north,
        creditor=harbor,
        amount=usd(77_00),
        reference=clearing.public_id,
        transfer=transfer,
        source=("affiliate", clearing.public_id),
        effective_on=LATER.date(),
        memo="Passed on",
        actor=finn,
    )


def at_bank(facility: Facility) -> int:
    return sum(row.amount_minor for row in Posting.objects.filter(role="bank.operating", facility=facility))


def test_what_both_banks_lines_pass_on_is_booked_once_and_owed_no_more(north, harbor, item, eve, finn):
    clearing = proposed(item, eve, harbor)
    approve_clearing(clearing_id=clearing.pk, actor=finn)
    before = at_bank(north)

    passed_on(clearing, north, harbor, finn)

    assert (at_bank(north) - before, at_bank(harbor)) == (-77_00, 77_00)
    assert due(north, harbor) == []
    assert untied(north, harbor) == []


def test_what_was_passed_on_is_not_taken_back(north, harbor, item, eve, finn):
    clearing = proposed(item, eve, harbor)
    approve_clearing(clearing_id=clearing.pk, actor=finn)
    passed_on(clearing, north, harbor, finn)

    with pytest.raises(ClearingUsed):
        propose_clearing_undo(clearing_id=clearing.pk, reason="It was ours", actor=eve)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("owner_id = facility_id", "another legal entity"),
        ("owner_id = NULL", "names_owner"),
        ("decided_by_id = proposed_by_id, verdict = 'APPROVED', decided_at = now()", "two_people"),
        ("amount_minor = -amount_minor", "purpose_fits"),
    ],
)
def test_the_database_refuses(north, harbor, item, eve, change, says):
    """A copy of a waiting row, of another item, with one thing wrong."""
    row = proposed(item, eve, harbor)
    columns = [field.column for field in SuspenseClearing._meta.fields if field.column != "id"]
    wrong = dict(part.split(" = ") for part in change.split(", "))
    wrong |= {"public_id": "'scl_x'", "reference": "'other'"}
    chosen = ", ".join(wrong.get(column, column) for column in columns)

    with pytest.raises(IntegrityError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reconciliation_suspenseclearing ({', '.join(columns)})"
            f" SELECT {chosen} FROM reconciliation_suspenseclearing WHERE id = %s",
            [row.pk],
        )


def test_its_pages_are_for_both_entities_and_for_nobody_else(north, harbor, item, eve, finn):
    clearing = proposed(item, eve, harbor)
    theirs = access.signed_in(make.reviewer(harbor, username="hal"))
    stranger = access.signed_in(make.reviewer(access.facility("LAKE"), username="lou"))
    listed, shown = "/reconciliation/affiliate-receipts/", f"/reconciliation/clearings/{clearing.public_id}/"

    assert "$77.00" in theirs.get(listed).content.decode()
    assert "Due to affiliates" in theirs.get(shown, follow=True).content.decode()
    assert "$77.00" not in stranger.get(listed).content.decode()
    assert stranger.get(shown).status_code == 404
    assert access.signed_in(access.user("CASHIER", facilities=[north])).get(listed).status_code == 403


def test_the_form_offers_the_other_entities_of_the_person(north, harbor, item, eve, finn):
    address = f"/reconciliation/suspense/NORTH/USD/{item.reference}/"
    browser = access.signed_in(eve)
    assert "Another legal entity&#x27;s money" in browser.get(address).content.decode()
    said = {"purpose": "AFFILIATE", "owner": "HARB", "amount": "77.00", "reason": "meant the harbor"}

    assert "needs a facility" in browser.post(f"{address}clearing/", said | {"owner": ""}).content.decode()
    assert browser.post(f"{address}clearing/", said).status_code == 302

    shown = access.signed_in(finn).get(address).content.decode()
    assert "HARB: Due from affiliates" in shown
    assert "Approve and post" in shown
