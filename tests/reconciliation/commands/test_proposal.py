"""From a discrepancy to the book: two people, exact journals, nothing rounded."""

from datetime import UTC, datetime

import pytest

from cashiering.models import Deposit
from hms_ach import clock, files
from hms_ach.money import Money
from ledger.queries import balance_of
from reconciliation.commands import (
    ApprovalBySamePerson,
    DiscrepancyClosed,
    PlanUnbalanced,
    ProposalDecided,
    ScoreBelowThreshold,
    WriteOffAboveLimit,
    approve,
    approve_all,
    attach_file,
    propose,
    reconcile_account,
    send_back,
    undo_match,
)
from reconciliation.models import Discrepancy, DiscrepancyFile, Expectation, Match, Suggestion
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.fixture
def account(db):
    with clock.at(LATER):
        yield make.bank_account(make.hospital())


def _balance(account, role: str) -> Money:
    entity = account.facility.legal_entity
    return balance_of(role, legal_entity=entity, facility=account.facility, currency="USD")


def _reconciled(account, *entries) -> None:
    make.statement(account, *entries)
    reconcile_account(account=account)


def _one(kind: str) -> Discrepancy:
    return Discrepancy.objects.exclude(state="APPROVED").get(kind=kind)


def test_a_match_posts_bank_against_clearing_and_confirms_the_deposit(account):
    deposit = make.deposit_in_transit(account.facility, 1_000_00)

    _reconciled(account, make.line(1_000_00, deposit.bag_number))

    assert _balance(account, "bank.operating") == Money(1_000_00, "USD")
    assert _balance(account, "deposit.in_transit") == Money.zero("USD")
    assert Deposit.objects.get().state == "CONFIRMED"


def test_undoing_a_match_reverses_the_entry_and_the_deposit_waits_again(account):
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    _reconciled(account, make.line(1_000_00, deposit.bag_number))

    undo_match(match_id=Match.objects.get().pk, reason="wrong bag", actor=make.approver(account.facility))

    assert _balance(account, "bank.operating") == Money.zero("USD")
    assert _balance(account, "deposit.in_transit") == Money(1_000_00, "USD")
    assert Deposit.objects.get().state == "IN_TRANSIT"


def test_an_unknown_credit_goes_to_suspense_by_two_people(account):
    eve, finn = make.reviewer(account.facility), make.approver(account.facility)
    _reconciled(account, make.line(77_00))
    row = _one("UNMATCHED_CREDIT")
    proposal = propose(discrepancy_id=row.pk, action="SUSPENSE", reason="unknown", actor=eve)

    approve(proposal_id=proposal.pk, actor=finn)

    assert _balance(account, "suspense.unidentified") == Money(-77_00, "USD")
    assert proposal.journal == [
        {"role": "bank.operating", "amount_minor": 77_00, "reference": ""},
        {"role": "suspense.unidentified", "amount_minor": -77_00, "reference": row.public_id},
    ]


def test_nobody_approves_their_own_proposal(account):
    finn = make.approver(account.facility)
    _reconciled(account, make.line(77_00))
    row = _one("UNMATCHED_CREDIT")
    proposal = propose(discrepancy_id=row.pk, action="SUSPENSE", reason="unknown", actor=finn)

    with pytest.raises(ApprovalBySamePerson):
        approve(proposal_id=proposal.pk, actor=finn)


def test_a_difference_is_never_swallowed(account):
    eve = make.reviewer(account.facility)
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    _reconciled(account, make.line(998_00, deposit.bag_number))
    row = _one("AMOUNT_DIFFERENCE")

    with pytest.raises(PlanUnbalanced) as refused:
        propose(discrepancy_id=row.pk, action="MATCH", reason="close enough", actor=eve)

    assert "2.00" in str(refused.value)


def test_a_small_difference_is_written_off_within_the_limit(account):
    eve, finn = make.reviewer(account.facility), make.approver(account.facility)
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    _reconciled(account, make.line(998_00, deposit.bag_number))
    row = _one("AMOUNT_DIFFERENCE")
    proposal = propose(discrepancy_id=row.pk, action="WRITE_OFF", reason="torn note", actor=eve)

    approve(proposal_id=proposal.pk, actor=finn)

    assert _balance(account, "write_off.bank_difference") == Money(2_00, "USD")
    assert _balance(account, "deposit.in_transit") == Money.zero("USD")


def test_a_write_off_above_the_limit_is_refused(account):
    eve = make.reviewer(account.facility)
    _reconciled(account, make.line(-100_01))

    with pytest.raises(WriteOffAboveLimit):
        propose(discrepancy_id=_one("UNMATCHED_DEBIT").pk, action="WRITE_OFF", reason="fee", actor=eve)


def test_one_line_is_split_over_several_items(account):
    eve, finn = make.reviewer(account.facility), make.approver(account.facility)
    for minor in (300_00, 200_00):
        make.deposit_in_transit(account.facility, minor)
    _reconciled(account, make.line(500_00))
    items = list(Expectation.objects.values_list("pk", flat=True))
    row = _one("UNMATCHED_CREDIT")
    proposal = propose(discrepancy_id=row.pk, action="MATCH", reason="one van", actor=eve, item_ids=items)

    approve(proposal_id=proposal.pk, actor=finn)

    assert _balance(account, "deposit.in_transit") == Money.zero("USD")
    assert Discrepancy.objects.exclude(state="APPROVED").filter(expectation__isnull=False).count() == 0


def test_a_late_deposit_opens_a_discrepancy_and_a_later_line_closes_it(account):
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    _reconciled(account)
    before = _one("UNMATCHED_DEPOSIT").state
    make.statement(account, make.line(1_000_00, deposit.bag_number), statement_id="S2")

    reconcile_account(account=account)

    assert before == "OPEN"
    assert Discrepancy.objects.get(kind="UNMATCHED_DEPOSIT").closed_by_match is not None


def test_what_is_sent_back_is_proposed_anew_and_decided_once(account):
    eve, finn = make.reviewer(account.facility), make.approver(account.facility)
    _reconciled(account, make.line(77_00))
    row = _one("UNMATCHED_CREDIT")
    first = propose(discrepancy_id=row.pk, action="SUSPENSE", reason="unknown", actor=eve)
    send_back(proposal_id=first.pk, reason="ask the bank", actor=finn)
    second = propose(discrepancy_id=row.pk, action="SUSPENSE", reason="bank does not know", actor=eve)
    approve(proposal_id=second.pk, actor=finn)

    with pytest.raises(ProposalDecided):
        approve(proposal_id=second.pk, actor=finn)

    assert Match.objects.count() == 1


def _two_proposals(account):
    """A line to be matched with a late deposit, and the deposit's own discrepancy for suspense."""
    eve = make.reviewer(account.facility)
    make.deposit_in_transit(account.facility, 500_00)
    _reconciled(account, make.line(499_00, "OTHER-9999"))
    first, second = _one("UNMATCHED_CREDIT"), _one("UNMATCHED_DEPOSIT")
    item = Expectation.objects.get()
    return (
        propose(discrepancy_id=first.pk, action="WRITE_OFF", reason="fee", actor=eve, item_ids=[item.pk]),
        propose(discrepancy_id=second.pk, action="SUSPENSE", reason="late", actor=eve),
    )


def test_a_proposal_that_anothers_match_made_idle_is_put_aside_kindly(account):
    finn = make.approver(account.facility)
    match, idle = _two_proposals(account)
    approve(proposal_id=match.pk, actor=finn)

    with pytest.raises(DiscrepancyClosed):
        approve(proposal_id=idle.pk, actor=finn)
    send_back(proposal_id=idle.pk, reason="It came", actor=finn)

    assert Discrepancy.objects.get(pk=idle.discrepancy_id).state == "APPROVED"


def test_undoing_a_match_leaves_an_undecided_proposal_to_its_approver(account):
    finn = make.approver(account.facility)
    match, idle = _two_proposals(account)
    approve(proposal_id=match.pk, actor=finn)

    undo_match(match_id=Match.objects.get().pk, reason="wrong", actor=finn)

    assert Discrepancy.objects.get(pk=idle.discrepancy_id).state == "PROPOSED"
    approve(proposal_id=idle.pk, actor=finn)
    assert _balance(account, "deposit.in_transit") == Money.zero("USD")
    assert _balance(account, "suspense.unidentified") == Money(500_00, "USD")


def test_what_a_person_took_apart_no_pass_puts_together_again(account):
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    _reconciled(account, make.line(1_000_00, deposit.bag_number))
    undo_match(match_id=Match.objects.get().pk, reason="wrong bag", actor=make.approver(account.facility))

    again = reconcile_account(account=account)

    assert again.matched == 0
    assert _one("UNMATCHED_CREDIT").line.amount_minor == 1_000_00


@pytest.fixture
def picked(account):
    """A line that two deposits of its amount fit, the reviewer's choice of one, and an unknown credit."""
    for _ in range(2):
        make.deposit_in_transit(account.facility, 310_00)
    _reconciled(account, make.line(310_00), make.line(77_00))
    return propose(
        discrepancy_id=Discrepancy.objects.get(line__amount_minor=310_00).pk,
        action="MATCH",
        reason="the bank named it",
        item_ids=[Expectation.objects.first().pk],
        actor=make.reviewer(account.facility),
    )


def test_a_choice_of_the_engines_suggestions_has_their_score(picked):
    suggested = Suggestion.objects.get(expectation_id=picked.plan["items"][0])

    assert picked.score == suggested.score


def test_what_the_engine_has_no_view_of_is_not_approved_with_others(account, picked):
    finn = make.approver(account.facility)
    row = Discrepancy.objects.get(line__amount_minor=77_00)
    held = propose(discrepancy_id=row.pk, action="SUSPENSE", reason="unknown", actor=picked.proposed_by)

    with pytest.raises(ScoreBelowThreshold):
        approve_all(proposal_ids=[picked.pk, held.pk], at_least=picked.score, actor=finn)
    with pytest.raises(ScoreBelowThreshold):
        approve_all(proposal_ids=[picked.pk], at_least=picked.score + 1, actor=finn)
    approve_all(proposal_ids=[picked.pk], at_least=picked.score, actor=finn)

    assert Match.objects.count() == 1


def test_evidence_is_kept_with_a_discrepancy(account):
    eve = make.reviewer(account.facility)
    _reconciled(account, make.line(77_00))
    row = _one("UNMATCHED_CREDIT")
    said = {"name": "letter.pdf", "media_type": "application/pdf", "kind": "discrepancy_evidence"}
    stored = files.store(b"the bank says", facility=account.facility, actor=eve, **said)

    attach_file(discrepancy_id=row.pk, file_id=stored.public_id, actor=eve)

    assert DiscrepancyFile.objects.get(discrepancy=row).file == stored
