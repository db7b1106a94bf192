"""Money between legal entities: posted in both books at once, seen pair by pair."""

from datetime import timedelta

import pytest

from hms_ach.money import Money
from ledger.commands import (
    EntryRefused,
    PeriodClosed,
    Posting,
    hard_close,
    receive_for_affiliate,
    settle_affiliate,
)
from ledger.commands.affiliate import (
    AffiliateAmountUnfit,
    AffiliateItemTooSmall,
    AffiliateSame,
    AffiliateWithoutDocument,
)
from ledger.models import Entry, Period
from ledger.models import Posting as Row
from ledger.queries import affiliate_pairs, rule_uses
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def north():
    return make.book(code="NORTH")


@pytest.fixture
def harbor():
    return make.book(code="HARB")


def received(north, harbor, minor=100_00, *, reference="pay_1", key="k1", owed=None):
    """The north's bank took money that an insurer owed the harbor, on an invoice."""
    return receive_for_affiliate(
        key=key,
        receiver=north,
        owner=harbor,
        held=Posting("bank.operating", usd(minor), reference=reference),
        owed=owed or Posting("receivable.insurer", usd(-minor), reference="inv_1"),
        reference=reference,
        source=("affiliate", reference),
        effective_on=make.DAY,
        memo="Transfer of an insurer to the wrong account",
        actor=None,
    )


def transferred(north, harbor, minor, transfer="swp_1") -> None:
    """Both banks' lines of a transfer to the harbor, as matches post them."""
    out = [
        Posting("affiliate.due_from", usd(minor), payer="EHARB", reference=transfer),
        Posting("bank.operating", usd(-minor)),
    ]
    came = [
        Posting("bank.operating", usd(minor)),
        Posting("affiliate.due_to", usd(-minor), payer="ENORTH", reference=transfer),
    ]
    make.entry(north, postings=out, source=("match", transfer))
    make.entry(harbor, postings=came, source=("match", transfer))


def settled(north, harbor, minor, key="s1", transfer="swp_1"):
    return settle_affiliate(
        key=key,
        debtor=north,
        creditor=harbor,
        amount=usd(minor),
        reference="pay_1",
        transfer=transfer,
        source=("affiliate", "pay_1"),
        effective_on=make.DAY,
        memo="Passed on",
        actor=None,
    )


def paid(north, harbor, minor, key="s1", transfer="swp_1"):
    """A transfer of the amount, and what it settles."""
    transferred(north, harbor, minor, transfer)
    return settled(north, harbor, minor, key, transfer)


def pairs(*facilities, **asked):
    return affiliate_pairs(facility_ids=[each.pk for each in facilities], as_of=make.DAY, **asked)


def test_both_books_say_the_same(north, harbor):
    received(north, harbor)

    (pair,) = pairs(north, harbor)

    assert (pair.creditor, pair.debtor) == ("EHARB", "ENORTH")
    assert (pair.claimed, pair.owed, pair.mirrors) == (usd(100_00), usd(100_00), True)


def test_what_is_passed_on_is_owed_no_more(north, harbor):
    received(north, harbor)
    paid(north, harbor, 40_00)
    assert [pair.owed for pair in pairs(north, harbor)] == [usd(60_00)]

    paid(north, harbor, 60_00, key="s2", transfer="swp_2")

    assert pairs(north, harbor) == []


def test_a_transfer_is_in_the_banks_accounts_once(north, harbor):
    received(north, harbor)
    paid(north, harbor, 100_00)

    rows = {each: Row.objects.filter(role="bank.operating", facility=each) for each in (north, harbor)}
    assert [sum(row.amount_minor for row in rows[each]) for each in (north, harbor)] == [0, 100_00]


def test_no_more_is_settled_than_is_owed_and_was_transferred(north, harbor):
    received(north, harbor)
    with pytest.raises(AffiliateItemTooSmall, match="swp_1, EHARB owes"):
        settled(north, harbor, 100_00)
    transferred(north, harbor, 100_01)
    with pytest.raises(AffiliateItemTooSmall, match="pay_1, ENORTH owes"):
        settled(north, harbor, 100_01)

    settled(north, harbor, 100_00)

    with pytest.raises(AffiliateItemTooSmall):
        settled(north, harbor, 1, key="s2")
    assert [each.pk for each in settled(north, harbor, 100_00)]
    assert [(pair.reference, pair.owed) for pair in pairs(north, harbor, by_item=True)] == [("swp_1", usd(1))]


def test_an_item_in_one_book_only_differs_and_says_which(north, harbor):
    received(north, harbor)
    one_sided = [
        Posting("bank.operating", usd(9_00)),
        Posting("affiliate.due_to", usd(-9_00), payer="EHARB", reference="pay_2"),
    ]
    make.entry(north, postings=one_sided)

    (pair,) = pairs(north, harbor)
    items = pairs(north, harbor, by_item=True)

    assert (pair.mirrors, pair.difference) == (False, usd(-9_00))
    assert {item.reference: item.mirrors for item in items} == {"pay_1": True, "pay_2": False}


def test_a_posting_that_names_no_entity_mirrors_nothing(north, harbor):
    nameless = [Posting("bank.operating", usd(9_00)), Posting("affiliate.due_to", usd(-9_00), reference="x")]
    make.entry(north, postings=nameless)

    (pair,) = pairs(north, harbor)

    assert (pair.creditor, pair.claimed, pair.mirrors) == ("", None, None)


def test_a_book_that_is_not_open_to_the_reader_is_unknown_and_never_zero(north, harbor):
    received(north, harbor)

    (pair,) = pairs(north)

    assert (pair.claimed, pair.owed, pair.difference, pair.mirrors) == (None, usd(100_00), None, None)


def test_when_one_book_refuses_the_other_has_nothing(north, harbor):
    harbors = Period.objects.get(legal_entity=harbor.legal_entity)
    hard_close(period_id=harbors.pk, actor=None)

    with pytest.raises((PeriodClosed, EntryRefused)):
        received(north, harbor)

    assert not Entry.objects.exists()


def test_the_same_again_posts_once(north, harbor):
    assert [each.pk for each in received(north, harbor)] == [each.pk for each in received(north, harbor)]


def test_one_entity_owes_itself_nothing_and_nobody_less_than_zero(north, harbor):
    with pytest.raises(AffiliateSame):
        received(north, north)
    with pytest.raises(AffiliateAmountUnfit):
        received(north, harbor, -1)
    with pytest.raises(AffiliateAmountUnfit):
        settled(north, harbor, 0)
    with pytest.raises(AffiliateAmountUnfit):
        received(north, harbor, owed=Posting("receivable.insurer", usd(-99_00), reference="inv_1"))


@pytest.mark.parametrize("role", ["receivable.insurer", "liability.patient_deposits"])
@pytest.mark.parametrize("reference", ["pay_1", ""])
def test_an_account_that_documents_keep_takes_only_what_a_document_gives(north, harbor, role, reference):
    with pytest.raises(AffiliateWithoutDocument, match="document"):
        received(north, harbor, owed=Posting(role, usd(-100_00), reference=reference))

    assert not Entry.objects.exists()


def test_every_entry_between_affiliates_follows_a_posting_rule(north, harbor):
    received(north, harbor)
    paid(north, harbor, 100_00)

    since = make.DAY - timedelta(days=1)
    uses = rule_uses(since=since, until=make.DAY, facility_ids=[north.pk, harbor.pk])
    by_source = sorted(use.rule.source for use in uses if use.rule)
    assert by_source == ["affiliate", "affiliate", "affiliate", "match", "match"]
