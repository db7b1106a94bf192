"""The bank's screens, as each kind of person meets them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach import clock
from reconciliation.commands import approve, propose, reconcile_account
from reconciliation.models import Discrepancy, Match, Proposal, Statement
from tests.make import access
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.fixture
def day(db):
    """A day with one matched deposit and one unknown credit, seen a week later."""
    with clock.at(LATER):
        north = make.hospital()
        account = make.bank_account(north)
        deposit = make.deposit_in_transit(north, 1_000_00)
        entries = [make.line(1_000_00, deposit.bag_number), make.line(77_00, counterparty="Unknown")]
        make.statement(account, *entries)
        reconcile_account(account=account)
        yield account


def _browser(account, make_person, username):
    return access.signed_in(make_person(account.facility, username=username))


def test_every_page_answers(day):
    browser = _browser(day, make.reviewer, "eve")
    statement, match = Statement.objects.get(), Match.objects.get()
    row = Discrepancy.objects.get(kind="UNMATCHED_CREDIT")
    pages = [
        reverse("reconciliation:statement-list"),
        reverse("reconciliation:statement-detail", args=[statement.public_id]),
        reverse("reconciliation:statement-upload"),
        reverse("reconciliation:match-list"),
        reverse("reconciliation:match-detail", args=[match.public_id]),
        reverse("reconciliation:discrepancy-list"),
        reverse("reconciliation:discrepancy-detail", args=[row.public_id]),
        reverse("reconciliation:day-list"),
        reverse("reconciliation:day-detail", args=["NORTH", make.DAY.isoformat()]),
    ]

    answers = {address: browser.get(address).status_code for address in pages}

    assert set(answers.values()) == {200}, answers
    assert "Booked in all" in browser.get(pages[0]).content.decode()
    assert "<span>Total (" in browser.get(pages[5]).content.decode()


def test_a_discrepancy_goes_from_one_person_to_another(day):
    reviewer = _browser(day, make.reviewer, "eve")
    approver = _browser(day, make.approver, "finn")
    row = Discrepancy.objects.get(kind="UNMATCHED_CREDIT")
    propose = reverse("reconciliation:proposals", args=[row.public_id])
    decide = reverse("reconciliation:decision", args=[row.public_id])

    reviewer.post(propose, {"action": "SUSPENSE", "reason": "nobody knows it"})
    reviewer.post(decide, {"verdict": "approve"})
    approver.post(decide, {"verdict": "approve"})

    row.refresh_from_db()
    assert row.state == "APPROVED"
    assert Proposal.objects.get().decided_by.username == "finn"


def test_a_match_names_who_agreed_to_it_or_what_the_engine_considered(day):
    reviewer, approver = make.reviewer(day.facility), make.approver(day.facility)
    row = Discrepancy.objects.get(kind="UNMATCHED_CREDIT")
    propose(discrepancy_id=row.pk, action="SUSPENSE", reason="nobody knows it", actor=reviewer)
    approve(proposal_id=Proposal.objects.get().pk, actor=approver)

    by_people, by_engine = (
        access.signed_in(reviewer)
        .get(reverse("reconciliation:match-detail", args=[match.public_id]))
        .content.decode()
        for match in (Match.objects.get(made_by=reviewer), Match.objects.get(made_by=None))
    )

    told = ("none: people agreed", "nobody knows it", approver.get_full_name(), row.public_id)
    assert [text for text in told if text not in by_people] == []
    assert "of 100" not in by_people
    assert ("100 of 100" in by_engine, "nothing else fitted" in by_engine) == (True, True)


def test_a_proposal_shows_its_journal_before_and_after(day):
    reviewer = _browser(day, make.reviewer, "eve")
    row = Discrepancy.objects.get(kind="UNMATCHED_CREDIT")
    propose = reverse("reconciliation:proposals", args=[row.public_id])

    shown = reviewer.post(propose, {"action": "WRITE_OFF", "reason": "small", "preview": "1"})

    assert b"Bank differences written off" in shown.content
    assert Proposal.objects.count() == 0


def test_somebody_of_another_facility_sees_nothing_of_it(day):
    stranger = access.signed_in(make.reviewer(make.hospital("LAKE"), username="zoe"))
    row = Discrepancy.objects.first()

    answer = stranger.get(reverse("reconciliation:discrepancy-detail", args=[row.public_id]))

    assert answer.status_code == 404


def test_an_upload_shows_what_the_file_says_before_it_is_taken_in(day):
    reviewer = _browser(day, make.reviewer, "eve")
    content = make.statement_file(
        make.line(5_00, on=make.DAY + timedelta(days=1)),
        statement_id="S2",
        opening=1_077_00,
        on=make.DAY + timedelta(days=1),
    )

    upload = {"file": SimpleUploadedFile("s2.xml", content)}
    preview = reviewer.post(reverse("reconciliation:statement-upload"), upload)
    before = Statement.objects.count()
    shown = reviewer.get(preview["Location"])
    reviewer.post(preview["Location"])

    assert b"Statement S2" in shown.content
    assert (before, Statement.objects.count()) == (1, 2)


def test_a_refused_file_lists_every_finding(day):
    reviewer = _browser(day, make.reviewer, "eve")
    content = make.statement_file(make.line(5_00), statement_id="S3", number="STRANGER-1")

    preview = reviewer.post(
        reverse("reconciliation:statement-upload"), {"file": SimpleUploadedFile("x.xml", content)}
    )
    shown = reviewer.get(preview["Location"])

    assert b"is not one of your bank accounts" in shown.content


def test_the_queue_costs_the_same_however_long_it_is(day, django_assert_max_num_queries):
    reviewer = _browser(day, make.reviewer, "eve")
    address = reverse("reconciliation:discrepancy-list")
    reviewer.get(address)

    with django_assert_max_num_queries(26):
        reviewer.get(address)


def _tables(lines: str, items: str) -> dict:
    return {
        "lines": SimpleUploadedFile("lines.csv", lines.encode(), content_type="text/csv"),
        "expectations": SimpleUploadedFile("items.csv", items.encode(), content_type="text/csv"),
    }


GOOD_LINES = "id,date,amount,reference\nL1,2026-03-12,73144,TRC100002\n"
GOOD_ITEMS = "id,date,amount,reference\nI1,2026-03-12,73144,TRC100002\n"


def test_a_bank_is_tried_on_a_page_and_as_csv(day):
    browser = _browser(day, make.reviewer, "eve")
    address = reverse("reconciliation:trial")

    shown = browser.post(address, _tables(GOOD_LINES, GOOD_ITEMS))
    sent = browser.post(address, _tables(GOOD_LINES, GOOD_ITEMS) | {"csv": "1"})

    assert "reference equal" in shown.content.decode()
    assert sent["Content-Type"].startswith("text/csv")
    assert b"L1,I1" in sent.content


def test_a_trial_shows_an_id_as_it_is_and_guards_it_for_spreadsheets(day):
    browser = _browser(day, make.reviewer, "eve")
    tables = GOOD_LINES.replace("L1,", "=1+1,"), GOOD_ITEMS.replace("I1,", "-5,")

    shown = browser.post(reverse("reconciliation:trial"), _tables(*tables)).content.decode()
    sent = browser.post(reverse("reconciliation:trial"), _tables(*tables) | {"csv": "1"})

    assert "<td>=1+1</td><td>-5</td>" in shown
    assert b",'=1+1,-5," in sent.content


def test_a_trial_shows_what_it_leaves_with_the_best_suggestion(day):
    browser = _browser(day, make.reviewer, "eve")
    lines = GOOD_LINES + "L2,2026-03-12,5000,\n"
    items = GOOD_ITEMS + "I2,2026-03-12,5000,\nI3,2026-03-12,5000,\n"

    shown = browser.post(reverse("reconciliation:trial"), _tables(lines, items)).content.decode()
    sent = browser.post(reverse("reconciliation:trial"), _tables(lines, items) | {"rest": "1"})

    assert "1 of them with a suggestion" in shown
    assert "Others have the same amount." in shown
    assert sent.content.decode().count("L2,") == 2


def test_a_trial_counts_all_lines_with_a_suggestion_and_shows_the_first(day):
    browser = _browser(day, make.reviewer, "eve")
    rows = range(201)
    lines = GOOD_LINES + "".join(f"L-{n},2026-03-12,{5000 + n},\n" for n in rows)
    items = GOOD_ITEMS + "".join(f"{side}{n},2026-03-12,{5000 + n},\n" for n in rows for side in "AB")

    shown = browser.post(reverse("reconciliation:trial"), _tables(lines, items)).content.decode()

    assert "201 of them with a suggestion" in shown
    assert "the first 200 lines:" in shown
    assert shown.count("<td>L-") == 200


def test_a_trial_table_that_cannot_be_read_is_refused_at_its_field(day):
    browser = _browser(day, make.reviewer, "eve")

    answer = browser.post(
        reverse("reconciliation:trial"), _tables(GOOD_LINES, GOOD_ITEMS.replace("73144", "731.44"))
    )

    assert answer.status_code == 422
    assert "column amount_minor of expectations" in answer.content.decode()
    assert "This was not tried" in answer.content.decode()
