"""The review screen: what is chosen is what is shown, and what comes next is there."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach import clock
from reconciliation.commands import assign_discrepancy, propose, reconcile_account
from reconciliation.commands.opening import open_discrepancy
from reconciliation.models import Discrepancy, DiscrepancyFile, Expectation, Proposal, Suggestion
from tests.make import access
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.fixture
def day(db):
    """A credit that two items fit, an unknown credit, and a deposit that did not come, a week later."""
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        for n in range(2):
            make.deposit_in_transit(account.facility, 310_00, bag=f"BAG{n}31000")
        make.statement(account, make.line(310_00), make.line(77_00, counterparty="Stranger Mutual"))
        make.deposit_in_transit(account.facility, 500_00, bag="BAG000500")
        reconcile_account(account=account)
        yield account


@pytest.fixture
def eve(day):
    return make.reviewer(day.facility)


def _row(minor: int) -> Discrepancy:
    return Discrepancy.objects.get(amount_minor=minor)


def _open(browser, row, **more):
    return browser.get(reverse("reconciliation:discrepancy-detail", args=[row.public_id]), **more)


def _post(browser, row, what="proposals", query="", **said):
    address = reverse(f"reconciliation:{what}", args=[row.public_id])
    return browser.post(f"{address}?{query}", said)


def test_what_stands_chosen_at_first_is_what_the_journal_shows(eve):
    browser = access.signed_in(eve)

    unknown = _open(browser, _row(77_00)).content.decode()
    absent = _open(browser, _row(-500_00)).content.decode()

    assert (
        'value="SUSPENSE" form="proposal" data-key="X" data-key-label="Difference to suspense" checked'
        in (unknown)
    )
    assert "Unidentified receipts" in unknown
    assert "checked" not in absent.split('class="stack endings"')[1].split("endings__why")[0]
    assert "Nothing is posted yet" in absent


def test_a_choice_shows_its_journal_and_marks_what_differs(eve):
    item = Expectation.objects.get(references__contains=["BAG000500"])

    shown = _post(
        access.signed_in(eve), _row(77_00), action="WRITE_OFF", item=item.pk, preview="1"
    ).content.decode()

    assert "Bank differences written off" in shown
    assert "less by $423.00" in shown
    assert Proposal.objects.count() == 0


def test_a_match_that_does_not_balance_says_so_instead_of_a_journal(eve):
    item = Expectation.objects.get(references__contains=["BAG000500"])

    shown = _post(access.signed_in(eve), _row(77_00), action="MATCH", item=item.pk, preview="1")

    assert "Lines and items differ by $423.00" in shown.content.decode()


@pytest.mark.parametrize("cause", ["", "EVIDENCE"])
def test_what_is_not_chosen_is_asked_for_before_the_cause(eve, cause):
    refused = _post(access.signed_in(eve), _row(310_00), action="MATCH", cause=cause)

    assert refused.status_code == 422
    assert "Nothing is chosen in the book yet" in refused.content.decode().split('class="errors"')[1]
    assert refused.context["form"].errors.keys() == {"__all__"}


def test_the_address_of_a_page_with_errors_leads_to_its_discrepancy(eve):
    row = _row(77_00)

    answer = access.signed_in(eve).get(
        reverse("reconciliation:proposals", args=[row.public_id]), {"state": "OPEN"}
    )

    assert answer.url == f"{reverse('reconciliation:discrepancy-detail', args=[row.public_id])}?state=OPEN"


def test_the_evidence_of_a_picked_candidate_is_its_reason(eve):
    row = _row(310_00)
    item = Expectation.objects.filter(amount_minor=310_00).first()

    _post(access.signed_in(eve), row, action="MATCH", item=item.pk)

    assert "amount equal" in Proposal.objects.get().reason


def test_suspense_needs_a_cause_of_its_own(eve):
    browser = access.signed_in(eve)

    without = _post(browser, _row(77_00), action="SUSPENSE")
    foreign = _post(browser, _row(77_00), action="SUSPENSE", cause="BANK_FEE")
    _post(browser, _row(77_00), action="SUSPENSE", cause="PAYER_UNKNOWN")

    assert (without.status_code, foreign.status_code) == (422, 422)
    assert all(part in foreign.content.decode() for part in ('href="#cause"', 'id="cause"'))
    assert Proposal.objects.get().reason == "The payer is not known yet"


def test_a_match_that_nothing_suggested_needs_words_and_shows_what_was_chosen(day, eve):
    item = make.expected(day, 77_00, "BAG000077")
    said = {"action": "MATCH", "cause": "EVIDENCE", "item": item.pk}

    shown = _post(access.signed_in(eve), _row(77_00), **said).content.decode()

    assert "The engine suggested none of these: say why they belong together." in shown
    assert '<details open><summary data-key="S"' in shown
    assert '<details ><summary data-key="M"' in shown


def test_after_a_proposal_the_next_one_is_there_and_the_filter_stays(eve):
    browser = access.signed_in(eve)
    first = _row(77_00)

    answer = _post(browser, first, query="kind=UNMATCHED_CREDIT", action="SUSPENSE", cause="PAYER_UNKNOWN")
    page = browser.get(answer["Location"]).content.decode()

    assert _row(310_00).public_id in answer["Location"]
    assert "kind=UNMATCHED_CREDIT" in answer["Location"]
    assert re.search(r"\d+ of \d+ done today", page).group() == "1 of 10 done today"
    assert 'data-key="U"' in page


def test_own_proposals_cannot_be_approved_and_are_passed_over(day, eve):
    finn = make.approver(day.facility)
    own, others = _row(77_00), _row(310_00)
    propose(discrepancy_id=own.pk, action="SUSPENSE", reason="x", actor=finn)
    propose(discrepancy_id=others.pk, action="SUSPENSE", reason="x", actor=eve)
    browser = access.signed_in(finn)

    refused = _post(browser, own, "decision", verdict="approve")
    _post(browser, others, "decision", verdict="approve")
    page = browser.get(f"{reverse('reconciliation:discrepancy-list')}?state=PROPOSED").content.decode()

    own.refresh_from_db()
    assert own.public_id in refused["Location"]
    assert own.state == "PROPOSED"
    assert "Yours, waits" in page


def test_who_comes_second_is_told_and_keeps_what_was_typed(day, eve):
    row = _row(77_00)
    said = {"action": "SUSPENSE", "cause": "PAYER_UNKNOWN", "reason": "I asked the bank"}
    other = access.signed_in(make.reviewer(day.facility, username="rob"))

    _post(access.signed_in(eve), row, **said)
    late = _post(other, row, **said)
    shown = other.get(late["Location"]).content.decode()

    assert "Somebody was quicker: nothing of yours was proposed." in shown
    assert "You had written: “I asked the bank”." in shown
    assert Proposal.objects.get().proposed_by == eve


def test_what_is_merged_into_anothers_proposal_says_so(day, eve):
    row, other = _row(77_00), _row(310_00)
    said = {"action": "SUSPENSE", "reason": "One sender in two parts"}
    propose(discrepancy_id=row.pk, line_ids=[other.line_id], actor=eve, **said)
    browser = access.signed_in(eve)

    shown, own = (_open(browser, each).content.decode() for each in (other, row))

    assert "It is in another proposal." in shown
    assert (
        reverse("reconciliation:discrepancy-detail", args=[row.public_id]) in shown.split("split__scroll")[1]
    )
    assert "It is in another proposal." not in own


def test_a_proposal_that_the_bank_overtook_needs_nobody(day, eve):
    found = Discrepancy.objects.filter(kind="STATEMENT_MISSING").order_by("due_on")[0]
    propose(discrepancy_id=found.pk, action="ACCEPT", reason="Nothing moved", actor=eve)

    make.statement(day, statement_id="LATE", on=found.due_on, opening=387_00)
    shown = _open(access.signed_in(make.approver(day.facility)), found).content.decode()

    found.refresh_from_db()
    assert found.state == "APPROVED"
    assert "Overtaken:" in shown
    assert 'value="approve"' not in shown


def test_bulk_approval_takes_what_scores_enough_after_the_typed_count(day, eve):
    row, held = _row(310_00), _row(77_00)
    item = Expectation.objects.filter(amount_minor=310_00).first()
    Suggestion.objects.filter(expectation=item).update(score=84)
    picked = propose(discrepancy_id=row.pk, action="MATCH", reason="x", item_ids=[item.pk], actor=eve)
    propose(discrepancy_id=held.pk, action="SUSPENSE", reason="x", actor=eve)
    browser = access.signed_in(make.approver(day.facility))
    address = reverse("reconciliation:approvals")

    wrong = browser.post(address, {"threshold": "80", "count": "2"}, follow=True).content.decode()
    before = Proposal.objects.filter(verdict="APPROVED").count()
    browser.post(address, {"threshold": "80", "count": "1"})

    assert before == 0
    assert "Nothing was approved." in wrong
    assert '<option value="80" selected>' in wrong
    assert list(Proposal.objects.filter(verdict="APPROVED")) == [picked]


@pytest.mark.parametrize("text", ["stranger", "77.00", "$77.00", "77", "dis_"])
def test_the_queue_is_searched_by_name_amount_or_id(eve, text):
    browser = access.signed_in(eve)

    page = browser.get(reverse("reconciliation:discrepancy-list"), {"q": text}).content.decode()

    assert "$77.00" in page.split("<hms-list")[1].split("</hms-list>")[0]


def test_an_amount_is_searched_in_the_digits_of_its_currency(day, eve):
    item = make.expected(day, 5_000, "YEN5")
    open_discrepancy(
        kind="UNMATCHED_DEPOSIT",
        facility_id=day.facility_id,
        expectation_id=item.pk,
        due_on=make.DAY,
        amount_minor=-5_000,
        currency="JPY",
    )
    browser = access.signed_in(eve)
    address = reverse("reconciliation:discrepancy-list")

    found = {text: browser.get(address, {"q": text}).content.decode() for text in ("5,000", "50.00")}

    assert {text: "1 waiting" in page for text, page in found.items()} == {"5,000": True, "50.00": False}
    with clock.at(LATER.replace(day=27)):
        late = access.signed_in(eve).get(address, {"overdue": "1", "q": "5,000"}).content.decode()
    assert "1 waiting" in late


def test_an_empty_queue_says_whether_a_filter_empties_it(day, eve):
    browser = access.signed_in(eve)
    address = reverse("reconciliation:discrepancy-list")

    narrowed = browser.get(address, {"q": "nothing like it"}).content.decode()
    Discrepancy.objects.update(state="APPROVED", closed_at=LATER)
    empty = browser.get(address).content.decode()

    assert ("Something else may wait" in narrowed, "is matched or approved" in narrowed) == (True, False)
    assert ("is matched or approved" in empty, "Clear the filter" in empty) == (True, False)


def test_the_causes_stand_by_the_ending_they_belong_to(day, eve):
    shown = _open(access.signed_in(eve), _row(77_00)).content.decode()

    groups = re.findall(r'<optgroup label="[^"]*" data-ending="(\w+)">(.*?)</optgroup>', shown)
    assert [ending for ending, _causes in groups] == ["MATCH", "WRITE_OFF", "SUSPENSE"]
    assert 'value="PAYER_UNKNOWN"' in dict(groups)["SUSPENSE"]
    assert '<hms-causes class="stack endings">' in shown


def test_mine_and_overdue_narrow_the_queue(day, eve):
    assign_discrepancy(discrepancy_id=_row(77_00).pk, owner=eve, actor=eve)
    browser = access.signed_in(eve)
    address = reverse("reconciliation:discrepancy-list")

    mine = browser.get(address, {"mine": "1"}).content.decode()
    in_time = browser.get(address, {"overdue": "1"}).content.decode()
    with clock.at(LATER.replace(day=27)):
        late = access.signed_in(eve).get(address, {"overdue": "1"}).content.decode()

    waiting = [re.search(r"(\d+) waiting", page).group(1) for page in (mine, in_time, late)]
    assert waiting == ["1", "0", "10"]


def test_a_file_is_attached_and_offered(day, eve):
    browser = access.signed_in(eve)
    row = _row(77_00)

    _post(browser, row, "discrepancy-files", file=SimpleUploadedFile("letter.pdf", b"%PDF-1.7"))
    page = _open(browser, row).content.decode()

    assert DiscrepancyFile.objects.get().file.name == "letter.pdf"
    assert "letter.pdf was attached" in page
    _post(browser, row, "discrepancy-files", file=SimpleUploadedFile("empty.pdf", b""))
    assert "empty.pdf has no bytes" in _open(browser, row).content.decode()
    _post(browser, row, "discrepancy-files", file=SimpleUploadedFile("run.exe", b"MZ\x90\0"))
    assert "run.exe is no file that is kept as evidence. Send a PDF" in _open(browser, row).content.decode()
    assert DiscrepancyFile.objects.count() == 1


def test_what_is_above_ones_limit_says_so_before_it_is_proposed(eve):
    shown = _post(access.signed_in(eve), _row(-500_00), action="WRITE_OFF", preview="1").content.decode()

    assert "$500.00 is more than the $100.00 you may write off" in shown
    assert "Bank differences written off" in shown


def test_a_duplicate_shows_the_line_it_repeats_and_what_became_of_that(day, eve):
    make.statement(
        day,
        make.line(78_00, bank_reference="WIRE77001"),
        make.line(78_00, bank_reference="WIRE77001", on=make.DAY + timedelta(days=2)),
        statement_id="AGAIN",
        on=make.DAY + timedelta(days=2),
    )
    reconcile_account(account=day)
    row = Discrepancy.objects.filter(kind="DUPLICATE").latest("line__booked_on")

    shown = _open(access.signed_in(eve), row).content.decode()

    assert "It repeats an earlier line" in shown
    assert "not matched either" in shown
