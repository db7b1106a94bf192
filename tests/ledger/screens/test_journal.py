"""Writing, deciding and taking back journals on screen."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach import clock
from ledger.commands import open_period, set_calendar
from ledger.models import Journal, JournalTemplate
from ledger.rules.fiscal_calendar import Pattern
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    facility = make.book(code="NORTH")
    open_period(legal_entity=facility.legal_entity, starts_on=make.DAY.replace(month=4), actor=None)
    return facility


@pytest.fixture
def eve(facility):
    return access.signed_in(access.user("FINANCE_REVIEWER", facilities=[facility]))


@pytest.fixture
def finn(facility):
    return access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))


def form(*lines, **header):
    sent = {"effective_on": make.DAY.isoformat(), "memo": "Rent", "currency": "USD"} | header
    sent |= {"line-TOTAL_FORMS": "8", "line-INITIAL_FORMS": "0"}
    for number, (account, debit, credit) in enumerate(lines):
        sent |= {f"line-{number}-account": account, f"line-{number}-debit": debit}
        sent[f"line-{number}-credit"] = credit
    return sent


RENT = [("8510", "1,200.00", ""), ("1001", "", "1200.00")]


def test_a_journal_is_written_approved_and_taken_back(facility, eve, finn):
    evidence = SimpleUploadedFile("lease.pdf", b"%PDF-1.7 lease")
    where = eve.post(reverse("ledger:journal-preparation"), {**form(*RENT), "evidence": evidence})["Location"]
    journal = Journal.objects.get()

    shown = finn.get(where).content.decode()
    assert "lease.pdf" in shown
    assert "Approve and post $1,200.00" in shown
    finn.post(reverse("ledger:journal-approval", args=[journal.public_id]))
    journal.refresh_from_db()
    entry = eve.get(reverse("ledger:entry-detail", args=[journal.entry.public_id])).content.decode()
    assert where in entry

    back = reverse("ledger:journal-reversal", args=[journal.entry.public_id])
    eve.post(back, {"effective_on": make.DAY.isoformat(), "reason": "Wrong month"})
    reversal = Journal.objects.get(reverses=journal.entry)
    finn.post(reverse("ledger:journal-approval", args=[reversal.public_id]))
    reversal.refresh_from_db()
    assert reversal.entry.reverses == journal.entry
    assert eve.get(back).status_code == 404


@pytest.mark.parametrize(
    "lines, words",
    [
        ([("8510", "100", ""), ("1001", "", "100.00")], "exactly 2 decimals"),
        ([("8510", "100.00", "100.00")], "Clear one of them"),
        ([("", "100.00", "")], "Choose the account"),
        ([("8510", "-100.00", "")], "on the other side"),
        ([("8510", "100.00", ""), ("1001", "", "99.00")], "Correct the lines until they are equal"),
        ([("1022", "100.00", ""), ("1001", "", "100.00")], "Select a valid choice"),
    ],
)
def test_a_wrong_line_is_told_at_its_field_and_nothing_is_kept(eve, lines, words):
    answer = eve.post(reverse("ledger:journal-preparation"), form(*lines))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Error:" in answer.content.decode()
    assert not Journal.objects.exists()


def test_evidence_that_is_too_large_is_told_at_its_field_and_the_order_is_kept(eve, monkeypatch):
    monkeypatch.setattr("ledger.commands.journal_evidence.EVIDENCE_BYTES", 1024 * 1024)
    where = reverse("ledger:journal-preparation")
    large = SimpleUploadedFile("scan.tif", b"x" * (1024 * 1024 + 1))

    refused = eve.post(where, {**form(*RENT), "evidence": large}).content.decode()
    files = [SimpleUploadedFile(name, b"%PDF-1.7 " + name.encode()) for name in ("b.pdf", "a.pdf", "c.pdf")]
    shown = eve.post(where, {**form(*RENT), "evidence": files}, follow=True).content.decode()

    assert "Evidence: The file is larger than 1 MB." in " ".join(refused.replace("</a>", "").split())
    assert [shown.index(name) for name in ("b.pdf", "a.pdf", "c.pdf")] == sorted(
        shown.index(name) for name in ("b.pdf", "a.pdf", "c.pdf")
    )


def test_a_rejection_needs_a_reason_and_a_withdrawal_its_preparer(eve, finn):
    eve.post(reverse("ledger:journal-preparation"), form(*RENT))
    journal = Journal.objects.get()

    without = finn.post(reverse("ledger:journal-rejection", args=[journal.public_id]))
    assert "This needs a reason" in without.content.decode()
    assert finn.post(reverse("ledger:journal-withdrawal", args=[journal.public_id])).status_code == 403
    finn.post(reverse("ledger:journal-rejection", args=[journal.public_id]), {"reason": "Paid twice"})

    assert (
        "Paid twice" in eve.get(reverse("ledger:journal-detail", args=[journal.public_id])).content.decode()
    )
    assert "Rejected" in eve.get(reverse("ledger:journal-list"), {"state": "REJECTED"}).content.decode()


def test_a_template_is_kept_used_and_retired(facility, eve):
    sent = form(*RENT) | {"name": "Rent", "cadence": "NONE", "is_accrual": "on"}
    eve.post(reverse("ledger:journal-template-new"), sent)
    template = JournalTemplate.objects.get()

    begun = eve.get(reverse("ledger:journal-preparation"), {"template": template.public_id})
    assert 'value="1200.00"' in begun.content.decode()
    eve.post(reverse("ledger:journal-template-retirement", args=[template.public_id]))

    assert "No template yet" in eve.get(reverse("ledger:journal-template-list")).content.decode()


def test_an_accrual_is_taken_back_after_the_period_of_its_own_calendar():
    facility = make.book(day=date(2025, 12, 1), code="WEEKS")
    weeks = {"pattern": Pattern.WEEKS_445, "applies_from": date(2026, 1, 1), "actor": make.person("gil")}
    set_calendar(legal_entity=facility.legal_entity, **weeks)
    eve = access.signed_in(access.user("FINANCE_REVIEWER", facilities=[facility]))
    sent = form(*RENT) | {"name": "Rent", "cadence": "NONE", "is_accrual": "on"}
    eve.post(reverse("ledger:journal-template-new"), sent)

    with clock.at(datetime(2026, 3, 12, 12, tzinfo=UTC)):
        asked = {"template": JournalTemplate.objects.get().public_id}
        begun = eve.get(reverse("ledger:journal-preparation"), asked)

    assert begun.context["form"]["reverses_on"].value() == date(2026, 3, 29)


def test_a_template_out_of_balance_is_refused_unless_a_line_is_left_to_fill_in(facility, eve):
    new, shared = reverse("ledger:journal-template-new"), {"name": "Rent", "cadence": "NONE"}

    refused = eve.post(new, form(RENT[0], ("1001", "", "1100.00")) | shared)
    assert refused.status_code == 422
    assert "no line is left to fill in" in refused.content.decode()
    eve.post(new, form(RENT[0], ("1001", "", "")) | shared)

    shown = eve.get(reverse("ledger:journal-template-list")).content.decode()
    assert "debit $1,200.00" in shown
    assert "filled in at each use" in shown


def test_foreign_journals_are_as_if_they_were_not(facility, eve):
    eve.post(reverse("ledger:journal-preparation"), form(*RENT))
    stranger = access.signed_in(access.user("CONTROLLER", facilities=[make.book()]))

    where = reverse("ledger:journal-detail", args=[Journal.objects.get().public_id])

    assert stranger.get(where).status_code == 404
