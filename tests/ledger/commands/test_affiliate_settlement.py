"""Setting a transfer off against what one entity owes another: two people, both books at once."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from ledger.commands import (
    PeriodClosed,
    approve_affiliate_settlement,
    approve_journal_limit,
    propose_affiliate_settlement,
    propose_journal_limit,
    soft_close,
)
from ledger.commands.affiliate import AffiliateItemTooSmall
from ledger.commands.affiliate_settlement import (
    SettlementBySamePerson,
    SettlementDecided,
    SettlementWaits,
    refuse_affiliate_settlement,
)
from ledger.commands.journal import JournalAboveLimit
from ledger.models import AffiliateSettlement, Entry, Period
from ledger.queries import affiliate_pairs, waiting
from tests.ledger.commands.test_affiliate import received, transferred, usd
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

ITEM = "creditor=EHARB&debtor=ENORTH&currency=USD&reference=pay_1"


@pytest.fixture
def books():
    """The north owes the harbor 100.00 of an insurer's payment, and has sent 60.00 of it."""
    north, harbor = make.book(code="NORTH"), make.book(code="HARB")
    received(north, harbor)
    transferred(north, harbor, 60_00)
    return north, harbor


@pytest.fixture
def people(books):
    return [access.user("CONTROLLER", facilities=books, username=name) for name in ("eve", "finn")]


def _ask(books, actor, minor=60_00) -> AffiliateSettlement:
    north, harbor = books
    return propose_affiliate_settlement(
        debtor=north,
        creditor=harbor,
        amount=usd(minor),
        reference="pay_1",
        transfer="swp_1",
        effective_on=make.DAY,
        memo="Part of the insurer's payment",
        actor=actor,
    )


def _items(books) -> dict[str, tuple[int, int]]:
    rows = affiliate_pairs(facility_ids=[each.pk for each in books], as_of=make.DAY, by_item=True)
    return {row.reference: (row.claimed.minor, row.owed.minor) for row in rows}


def test_two_people_settle_what_a_transfer_paid(books, people):
    eve, finn = people
    asked = _ask(books, eve)
    assert _items(books) == {"pay_1": (100_00, 100_00), "swp_1": (60_00, 60_00)}

    approve_affiliate_settlement(settlement_id=asked.pk, actor=finn)

    assert _items(books) == {"pay_1": (40_00, 40_00)}
    with pytest.raises(SettlementDecided):
        approve_affiliate_settlement(settlement_id=asked.pk, actor=finn)


def test_nobody_approves_their_own_and_only_one_waits(books, people):
    eve, finn = people
    asked = _ask(books, eve)

    with pytest.raises(SettlementBySamePerson):
        approve_affiliate_settlement(settlement_id=asked.pk, actor=eve)
    with pytest.raises(SettlementWaits):
        _ask(books, finn)

    refuse_affiliate_settlement(settlement_id=asked.pk, actor=eve)
    assert AffiliateSettlement.objects.get().verdict == "WITHDRAWN"
    assert _ask(books, eve).verdict is None


def test_more_than_both_books_have_is_not_asked_for(books, people):
    with pytest.raises(AffiliateItemTooSmall):
        _ask(books, people[0], 60_01)


def test_a_day_on_which_one_of_the_books_takes_nothing_is_not_asked_for(books, people):
    soft_close(period_id=Period.objects.get(legal_entity=books[1].legal_entity).pk, actor=people[0])

    with pytest.raises(PeriodClosed, match="soft closed"):
        _ask(books, people[1])


def test_above_the_approvers_limit_nothing_is_posted(books, people):
    asked = _ask(books, people[0])
    approver = access.user("FINANCE_APPROVER", facilities=books, username="ida")

    def awaited() -> int:
        rows = waiting(approver, [each.pk for each in books])
        return sum(row.count for row in rows if row.title.startswith("Settlements between"))

    assert awaited() == 1
    lower = {"legal_entity": books[1].legal_entity, "role": "FINANCE_APPROVER", "limit": usd(1)}
    approve_journal_limit(limit_id=propose_journal_limit(**lower, actor=people[0]).pk, actor=people[1])

    assert awaited() == 0
    with pytest.raises(JournalAboveLimit):
        approve_affiliate_settlement(settlement_id=asked.pk, actor=approver)

    assert not Entry.objects.filter(source_id=asked.public_id).exists()


@pytest.mark.parametrize(
    "change, says",
    [
        ("amount_minor = 1", "asked for first and decided once"),
        ("verdict = 'APPROVED', decided_by_id = proposed_by_id, decided_at = now()", "two_people"),
    ],
)
def test_the_database_refuses(books, people, change, says):
    _ask(books, people[0])

    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ledger_affiliatesettlement SET {change}")


def test_the_pages_lead_two_people_through_it(books, people):
    eve, finn = people
    listed = f"{reverse('ledger:affiliate-list')}?items=on&until={make.DAY}"
    page = access.signed_in(eve).get(listed).content.decode()
    address = (
        f"{reverse('ledger:settlement-asking')}?creditor=EHARB&debtor=ENORTH&currency=USD&reference=pay_1"
    )
    assert address.replace("&", "&amp;") in page
    form = access.signed_in(eve).get(address).content.decode()
    assert 'value="60.00"' in form
    asked = {"transfer": "swp_1", "effective_on": str(make.DAY), "memo": "Paid"}

    assert access.signed_in(eve).post(address, asked | {"amount": "sixty"}).status_code == 422
    assert access.signed_in(eve).post(address, asked | {"amount": "100.00"}).status_code == 422
    assert access.signed_in(eve).post(address, asked | {"amount": "60.00"}).status_code == 302
    decision = reverse("ledger:settlement-decision", args=[AffiliateSettlement.objects.get().public_id])
    assert "Withdraw" in access.signed_in(eve).get(listed).content.decode()
    assert "Approve $60.00" in access.signed_in(finn).get(listed).content.decode()
    access.signed_in(finn).post(decision, {"step": "approve"})

    assert _items(books) == {"pay_1": (40_00, 40_00)}


def test_a_stranger_sees_no_item(books):
    stranger = access.user("CONTROLLER", facilities=[make.book(code="SOUTH")], username="sam")
    address = (
        f"{reverse('ledger:settlement-asking')}?creditor=EHARB&debtor=ENORTH&currency=USD&reference=pay_1"
    )

    assert access.signed_in(stranger).get(address).status_code == 404
