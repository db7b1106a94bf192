"""Movements between our own accounts: both lines found, both posted, each facility in balance."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.money import Money
from hms_ach.outbox.models import Event as Told
from ledger.models import Posting
from ledger.queries import affiliate_pairs, balance_of
from reconciliation.commands import (
    MatchUndone,
    NothingToPropose,
    OtherSideElsewhere,
    PlanOutdated,
    TransferNotChosen,
    approve,
    approve_day_correction,
    pair_sweeps,
    propose,
    propose_day_correction,
    reconcile_account,
    undo_match,
)
from reconciliation.models import BankAccount, DayClose, Discrepancy, Match, Proposal, StatementLine, Sweep
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db

DAY = LATER.date()
REFERENCE = "TRF20260320"


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def main(north):
    return make.bank_account(north, code="NORTH-MAIN")


@pytest.fixture
def clinic(north) -> BankAccount:
    """A clinic of the same legal entity, whose account is emptied into the main one each night."""
    place: Facility = access.facility("CLIN", legal_entity=north.legal_entity)
    return make.bank_account(place, code="CLIN-ZBA", number="CLIN-777777")


@pytest.fixture
def lake(north) -> BankAccount:
    """A hospital of another legal entity."""
    return make.bank_account(make.hospital("LAKE"), code="LAKE-OP", number="LAKE-111111")


def booked(account: BankAccount, *lines, days: int = 0) -> None:
    on = DAY + timedelta(days=days)
    make.statement(account, *lines, number=account.number, on=on, statement_id=f"Z{days}")


def line(minor: int, *references: str, days: int = 0, **more):
    return make.line(minor, *references, on=DAY + timedelta(days=days), **more)


def swept(main, clinic) -> list[Match]:
    """900.00 out of the clinic's account into the main one."""
    booked(main, line(900_00, REFERENCE))
    booked(clinic, line(-900_00, REFERENCE))
    reconcile_account(account=main)
    return list(Match.objects.order_by("id"))


def on_the_next_day(*accounts) -> None:
    with clock.at(LATER + timedelta(days=1)):
        for account in accounts:
            reconcile_account(account=account)


def of_lines():
    """Discrepancies of bank lines; days without a statement have others."""
    return Discrepancy.objects.filter(line__isnull=False).order_by("id")


def due(account: BankAccount, role: str) -> int:
    facility = account.facility
    rows = Posting.objects.filter(role=role, facility=facility)
    return sum(row.amount_minor for row in rows)


def between(*accounts) -> list:
    ids = {account.facility_id for account in accounts}
    return affiliate_pairs(facility_ids=ids, as_of=DAY + timedelta(days=5), by_item=True)


def test_a_sweep_is_matched_on_both_accounts_and_the_entity_owes_itself_nothing(north, main, clinic):
    matches = swept(main, clinic)

    assert [match.pass_name for match in matches] == ["sweep", "sweep"]
    assert {match.account for match in matches} == {main, clinic}
    assert (due(main, "bank.operating"), due(clinic, "bank.operating")) == (900_00, -900_00)
    assert (due(main, "affiliate.due_from"), due(clinic, "affiliate.due_from")) == (-900_00, 900_00)
    assert balance_of("affiliate.due_from", legal_entity=north.legal_entity, currency="USD").minor == 0
    assert between(main, clinic) == []


def test_between_two_legal_entities_both_books_mirror_item_by_item(main, lake):
    swept(lake, main)

    (pair,) = between(main, lake)
    assert (pair.creditor, pair.debtor) == ("ENORTH", "ELAKE")
    assert (pair.claimed, pair.owed, pair.mirrors) == (Money(900_00, "USD"), Money(900_00, "USD"), True)
    assert pair.reference.startswith("swp_")


def test_the_side_that_comes_the_next_banking_day_finds_the_other(main, clinic):
    booked(main, line(900_00, REFERENCE))
    on_the_next_day(main)
    found = of_lines().get()
    assert Match.objects.count() == 0
    booked(clinic, line(-900_00, REFERENCE, days=3), days=3)  # from a Friday to a Monday

    reconcile_account(account=clinic)
    reconcile_account(account=main)

    found.refresh_from_db()
    assert Sweep.objects.count() == 1
    assert found.closed_by_match.account == main


@pytest.mark.parametrize(
    "other",
    [
        line(-899_99, REFERENCE),
        line(-900_00, "TRF20260321"),
        line(-900_00),
        line(900_00, REFERENCE),
    ],
    ids=["another amount", "another reference", "no reference", "the same side"],
)
def test_what_no_reference_proves_stays_for_people(main, clinic, other):
    booked(main, line(900_00, REFERENCE))
    booked(clinic, other)

    reconcile_account(account=main)

    assert Match.objects.count() == 0


def test_two_banking_days_apart_is_no_pair(main, clinic):
    booked(main, line(900_00, REFERENCE))
    booked(clinic, line(-900_00, REFERENCE, days=4), days=4)

    reconcile_account(account=main)

    assert Match.objects.count() == 0


def test_between_equals_nothing_is_guessed(main, clinic):
    booked(main, line(900_00, REFERENCE))
    booked(clinic, line(-900_00, REFERENCE), line(-900_00, REFERENCE))

    on_the_next_day(main, clinic)

    assert Match.objects.count() == 0


def test_a_senders_number_that_other_lines_bear_too_proves_nothing(main, clinic):
    booked(main, line(900_00, "1234567890"), line(45_00, "1234567890"))
    booked(clinic, line(-900_00, "1234567890"))

    reconcile_account(account=main)

    assert Match.objects.count() == 0


def test_what_an_expected_item_is_named_by_is_no_sweep(main, clinic):
    make.expected(main, 950_00, REFERENCE, on=DAY)
    booked(main, line(900_00, REFERENCE))
    booked(clinic, line(-900_00, REFERENCE))

    assert pair_sweeps(account=main) == 0


def test_one_side_alone_stays_a_discrepancy_that_says_so(main, clinic):
    booked(main, line(900_00, description="ZBA SWEEP FROM CLINIC"))

    on_the_next_day(main, clinic)

    found = of_lines().get()
    assert found.reasons[-1] == (
        "Reads like a transfer, but no one line of another own account is its other side."
    )
    with pytest.raises(NothingToPropose):
        propose(discrepancy_id=found.pk, action="TRANSFER", reason="x", actor=make.reviewer(main.facility))


def test_a_second_run_does_nothing(main, clinic):
    swept(main, clinic)

    assert pair_sweeps(account=main) == pair_sweeps(account=clinic) == 0
    on_the_next_day(main, clinic)

    assert Posting.objects.count() == 4
    assert of_lines().count() == 0


def test_undo_reverses_both_halves_and_the_pair_waits_for_people(main, clinic):
    one, two = swept(main, clinic)

    undo_match(match_id=two.pk, reason="Two payments", actor=make.approver(main.facility, clinic.facility))

    for account in (main, clinic):
        assert (due(account, "bank.operating"), due(account, "affiliate.due_from")) == (0, 0)
    assert one.lines.get().undo.match == one
    told = Told.objects.filter(type="match.undone").order_by("id")
    assert [each.subject for each in told] == [two.public_id, one.public_id]
    reconcile_account(account=main)
    assert Match.objects.count() == 2
    with pytest.raises(MatchUndone):
        undo_match(
            match_id=one.pk, reason="x", actor=make.approver(main.facility, clinic.facility, username="f")
        )


@pytest.mark.parametrize("is_first_half", [True, False])
def test_both_halves_of_a_final_day_are_put_right_by_two_people(main, clinic, is_first_half):
    one, two = swept(main, clinic)
    finn, gil = (make.approver(main.facility, clinic.facility, username=name) for name in ("finn", "gil"))
    closed = {"closed_by": finn, "closed_at": clock.now(), "gl_batch_id": "", "board": []}
    DayClose.objects.create(facility=main.facility, business_on=DAY, **closed)
    half = one if is_first_half else two
    asked = propose_day_correction(match_id=half.pk, reason="Two payments", actor=finn)

    approve_day_correction(correction_id=asked.pk, actor=gil)

    assert {one.lines.get().undo.match, two.lines.get().undo.match} == {one, two}
    for account in (main, clinic):
        assert (due(account, "bank.operating"), due(account, "affiliate.due_from")) == (0, 0)


def test_who_does_not_work_on_the_other_side_undoes_neither(main, clinic):
    one, _ = swept(main, clinic)

    with pytest.raises(OtherSideElsewhere):
        undo_match(match_id=one.pk, reason="x", actor=make.approver(one.account.facility))

    assert due(main, "bank.operating") == 900_00


@pytest.fixture
def worded(main, clinic) -> Discrepancy:
    """Both sides are there, but only the wording says that they belong together."""
    booked(main, line(900_00, description="ZBA SWEEP"))
    booked(clinic, line(-900_00))
    on_the_next_day(main, clinic)
    assert Match.objects.count() == 0
    return of_lines().get(account=main)


def test_what_only_the_wording_says_two_people_agree_on(main, clinic, worded):
    eve, finn = (who(main.facility, clinic.facility) for who in (make.reviewer, make.approver))
    assert "CLIN-ZBA shows the opposite amount" in worded.reasons[-1]
    proposal = propose(discrepancy_id=worded.pk, action="TRANSFER", reason="Nightly", actor=eve)

    approve(proposal_id=proposal.pk, actor=finn)

    assert [row.state for row in of_lines()] == ["APPROVED", "APPROVED"]
    assert (due(main, "bank.operating"), due(clinic, "bank.operating")) == (900_00, -900_00)
    assert between(main, clinic) == []
    undo_match(match_id=Sweep.objects.get().incoming_id, reason="Wrong", actor=finn)
    assert {row.state for row in of_lines()} == {"OPEN"}


def test_the_screen_offers_the_transfer_and_shows_both_matches(main, clinic, worded):
    places = (main.facility, clinic.facility)
    reviewer = access.signed_in(make.reviewer(*places))
    address = reverse("reconciliation:discrepancy-detail", args=[worded.public_id])
    page = reviewer.get(address).content.decode()
    assert 'value="TRANSFER"' in page
    assert "CLIN-ZBA" in page
    said = {"action": "TRANSFER", "cause": "SWEEP"}
    reviewer.post(reverse("reconciliation:proposals", args=[worded.public_id]), said)

    proposal = Proposal.objects.get()
    approve(proposal_id=proposal.pk, actor=make.approver(*places))

    match = Match.objects.get(account=main)
    shown = reviewer.get(reverse("reconciliation:match-detail", args=[match.public_id])).content.decode()
    assert Match.objects.get(account=clinic).public_id in shown


def test_a_number_of_the_other_account_says_it_as_well(main, clinic):
    booked(main, line(900_00, description="TRANSFER FROM CLIN-777777"))
    booked(clinic, line(-900_00))

    on_the_next_day(main)

    assert of_lines().get().reasons[-1].endswith("names the account CLIN-ZBA.")


def test_who_does_not_work_on_the_other_side_cannot_propose(main, worded):
    with pytest.raises(OtherSideElsewhere):
        propose(discrepancy_id=worded.pk, action="TRANSFER", reason="x", actor=make.reviewer(main.facility))


def test_an_equal_that_comes_before_the_approval_stops_it(main, clinic, worded):
    eve, finn = (who(main.facility, clinic.facility) for who in (make.reviewer, make.approver))
    proposal = propose(discrepancy_id=worded.pk, action="TRANSFER", reason="Nightly", actor=eve)
    booked(clinic, line(-900_00, days=1), days=1)

    with pytest.raises(PlanOutdated):
        approve(proposal_id=proposal.pk, actor=finn)

    assert Match.objects.count() == 0


def test_the_database_undoes_no_half_alone(main, clinic):
    one, _ = swept(main, clinic)
    finn = make.approver(main.facility)

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reconciliation_matchundo (match_id, reason, undone_by_id, undone_at)"
            " VALUES (%s, 'x', %s, now())",
            [one.pk, finn.pk],
        )
        with pytest.raises(DatabaseError, match="both matches of a sweep"), transaction.atomic():
            cursor.execute("SET CONSTRAINTS reconciliation_sweep_undone_whole IMMEDIATE")
        transaction.set_rollback(True)


def test_the_database_ties_only_opposite_amounts_of_two_accounts(main, clinic):
    one, two = swept(main, clinic)

    with pytest.raises(DatabaseError, match="a sweep is one line out"), transaction.atomic():
        Sweep.objects.create(outgoing=one, incoming=two if two.account == clinic else one)


@pytest.fixture
def equals(main, clinic) -> Discrepancy:
    """Two lines of the clinic are alike: either may be the other side."""
    booked(main, line(900_00, description="ZBA SWEEP"))
    booked(clinic, line(-900_00, "A-ONE"), line(-900_00, "B-TWO"))
    on_the_next_day(main, clinic)
    return of_lines().get(account=main)


def test_between_equal_sweeps_two_people_choose(main, clinic, equals):
    eve, finn = (who(main.facility, clinic.facility) for who in (make.reviewer, make.approver))
    second = StatementLine.objects.get(account=clinic, references__contains=["B-TWO"])
    with pytest.raises(TransferNotChosen, match="2 lines of other own accounts fit equally"):
        propose(discrepancy_id=equals.pk, action="TRANSFER", reason="Nightly", actor=eve)
    proposal = propose(
        discrepancy_id=equals.pk,
        action="TRANSFER",
        reason="Told by the clinic",
        actor=eve,
        line_ids=[second.pk],
    )

    approve(proposal_id=proposal.pk, actor=finn)

    assert Sweep.objects.get().outgoing.lines.get().line == second
    assert of_lines().get(line__references__contains=["A-ONE"]).state == "OPEN"
    assert (
        equals.reasons[-1] == "May be a transfer, but lines of own accounts fit equally. Choose among them."
    )


def test_a_third_equal_stops_the_choice_and_a_matched_one_does_not(main, clinic, lake, equals):
    eve, finn = (who(main.facility, clinic.facility) for who in (make.reviewer, make.approver))
    first, second = StatementLine.objects.filter(account=clinic).order_by("pk")
    proposal = propose(
        discrepancy_id=equals.pk, action="TRANSFER", reason="x", actor=eve, line_ids=[first.pk]
    )
    booked(lake, line(-900_00, days=1), days=1)

    with pytest.raises(PlanOutdated):
        approve(proposal_id=proposal.pk, actor=finn)

    other = of_lines().get(line=second)
    suspense = propose(discrepancy_id=other.pk, action="SUSPENSE", reason="x", actor=eve)
    approve(proposal_id=suspense.pk, actor=finn)
    with pytest.raises(PlanOutdated):
        approve(proposal_id=proposal.pk, actor=finn)


def test_a_line_that_does_not_fit_cannot_be_chosen(main, clinic, equals):
    booked(clinic, line(-1_00, "C-TREE", days=1), days=1)
    wrong = StatementLine.objects.get(references__contains=["C-TREE"])

    with pytest.raises(NothingToPropose):
        propose(
            discrepancy_id=equals.pk,
            action="TRANSFER",
            reason="x",
            actor=make.reviewer(main.facility, clinic.facility),
            line_ids=[wrong.pk],
        )


def test_the_screen_lets_a_person_choose_among_equal_sweeps(main, clinic, equals):
    reviewer = access.signed_in(make.reviewer(main.facility, clinic.facility))
    address = reverse("reconciliation:discrepancy-detail", args=[equals.public_id])
    page = reviewer.get(address).content.decode()
    assert "2 lines of other own accounts fit equally. Choose one of them." in page
    second = StatementLine.objects.get(account=clinic, references__contains=["B-TWO"])

    said = {"action": "TRANSFER", "cause": "SWEEP", "line": second.pk}
    reviewer.post(reverse("reconciliation:proposals", args=[equals.public_id]), said)

    assert Proposal.objects.get().plan["other_line"] == second.pk
