"""A period's close on screen."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach.access.models import Facility, User
from ledger.commands import build_gl_batch, hard_close, open_period
from ledger.models import CloseTask, Period, TieOut
from ledger.queries import checklist
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def where(facility):
    return [facility.legal_entity.code, "2026-03"]


@pytest.fixture
def gil(facility):
    return access.signed_in(access.user("CONTROLLER", facilities=[facility]))


@pytest.fixture
def eve(facility):
    return access.signed_in(access.user("FINANCE_REVIEWER", facilities=[facility]))


@pytest.fixture
def finn(facility):
    return access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))


def told(browser, name, args, sent=None):
    answer = browser.post(reverse(f"ledger:{name}", args=args), sent or {}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_whole_close_from_checklist_to_signature(facility, where, gil, eve, finn):
    make.entry(facility, postings=make.lines(debit="cash.safe", credit="income.other"))
    build_gl_batch(facility=facility, business_on=make.DAY, actor=None)

    assert "1 of 8 done" not in told(gil, "checklist-choice", where)
    for task in CloseTask.objects.filter(step__check_code="").order_by("step__position"):
        if task.step.name == "The trial balance is reviewed":
            continue
        assert "step of the finance reviewer" in told(gil, "close-task-completion", [*where, task.pk])
        proof = {"evidence": SimpleUploadedFile("a.txt", b"a")} if task.step.needs_evidence else {}
        assert "The step is done" in told(eve, "close-task-completion", [*where, task.pk], proof)
    told(gil, "tie-out-taking", where)
    first = TieOut.objects.order_by("id").first()
    assert "that agree" in told(finn, "tie-out-signature", [*where, first.public_id])
    page = told(finn, "tie-out-signatures", where)
    assert "7 of 8 done" in page
    last = CloseTask.objects.get(step__name="The trial balance is reviewed")
    refused = told(gil, "period-closure", where)
    assert '">March 2026' in refused
    assert "The trial balance is reviewed" in refused
    told(gil, "close-task-completion", [*where, last.pk], {"note": "Looked through"})
    told(gil, "period-closure", where)

    assert Period.objects.get().state == "HARD"


def test_a_step_without_its_evidence_is_told_so(where, gil, eve):
    told(gil, "checklist-choice", where)
    task = CloseTask.objects.get(step__needs_evidence=True)

    assert "needs evidence" in told(eve, "close-task-completion", [*where, task.pk])


def test_late_entries_are_shown_at_the_period_they_belong_to(facility, where, gil):
    april = open_period(legal_entity=facility.legal_entity, starts_on=make.DAY.replace(month=4), actor=None)
    late = make.entry(facility, day=april.starts_on, belongs_on=make.DAY)

    assert late.public_id in gil.get(reverse("ledger:period-detail", args=where)).content.decode()


def test_the_next_period_is_opened(facility, gil):
    told(gil, "period-opening", [facility.legal_entity.code])

    assert [period.code for period in Period.objects.order_by("id")] == ["2026-03", "2026-04"]


def test_a_year_is_closed_from_its_last_period_by_two(gil, finn):
    place = Facility.objects.get()
    december = make.DAY.replace(month=12)
    hard_close(period_id=Period.objects.get().pk, actor=make.person("closer"))
    where = [place.legal_entity.code, "2026-12"]
    open_period(legal_entity=place.legal_entity, starts_on=december, actor=None)
    assert "nothing is opened between" in told(gil, "year-close-request", where)
    for month in range(4, 12):
        opened = open_period(
            legal_entity=place.legal_entity, starts_on=make.DAY.replace(month=month), actor=None
        )
        hard_close(period_id=opened.pk, actor=User.objects.get(username="closer"))
    lines = make.lines(debit="cash.safe", credit="income.other")
    make.entry(place, day=december, postings=lines)

    page = told(gil, "year-close-request", where)
    assert "awaits another person" in page
    assert "Close fiscal year" not in page
    assert "Close fiscal year 2026" in finn.get(reverse("ledger:period-detail", args=where)).content.decode()
    closed = told(finn, "year-closing", where)
    assert "are in net assets" in closed
    assert "Ask to close fiscal year" not in closed


def test_a_closing_of_a_year_is_declined_with_a_reason():
    december = make.book(day=make.DAY.replace(month=12), code="SOUTH")
    where = [december.legal_entity.code, "2026-12"]
    gil_there = access.signed_in(access.user("CONTROLLER", facilities=[december]))
    told(gil_there, "year-close-request", where)

    assert "stays as it is" in told(gil_there, "year-close-declination", where, {"reason": "Too early"})
    assert gil_there.post(reverse("ledger:year-closing", args=where)).status_code == 404


def test_a_calendar_of_weeks_is_chosen_after_the_last_period(facility, gil):
    where = [facility.legal_entity.code]
    sent = {"pattern": "4-4-5", "year_starts_month": "1", "week_ends_on": "6", "applies_from": "2026-04-01"}

    early = gil.post(reverse("ledger:calendar-choice", args=where), sent | {"applies_from": "2026-03-31"})
    assert "has periods up to Mar 31, 2026" in early.content.decode()
    told(gil, "calendar-choice", where, sent)
    told(gil, "period-opening", where)

    assert str(Period.objects.get(number=4)) == "P04 of 2026, 1 Apr to 25 Apr"


def steps_sent(*rows: dict) -> dict:
    sent = {"step-TOTAL_FORMS": str(len(rows)), "step-INITIAL_FORMS": "0"}
    usual = {"owner_role": "CONTROLLER", "due_days": "1", "due_hour": "9", "check_code": "", "after": ""}
    for place, row in enumerate(rows):
        sent |= {f"step-{place}-{name}": value for name, value in (usual | row).items()}
    return sent


def test_a_checklist_is_written_in_the_order_of_its_numbers(facility, gil):
    where = [facility.legal_entity.code]
    rows = [
        {"number": "20", "name": "Review", "after": "10"},
        {"number": "10", "name": "Count the safe", "owner_role": "FINANCE_REVIEWER", "needs_evidence": "on"},
        {"number": "30", "name": ""},
    ]
    assert (
        "Every business day is in a GL batch"
        in gil.get(reverse("ledger:checklist-definition", args=where)).content.decode()
    )

    assert "The next close starts with these" in told(gil, "checklist-definition", where, steps_sent(*rows))

    steps = checklist(legal_entity=facility.legal_entity)
    assert [(step.name, step.owner_role, step.needs_evidence) for step in steps] == [
        ("Count the safe", "FINANCE_REVIEWER", True),
        ("Review", "CONTROLLER", False),
    ]
    assert steps[1].after == steps[0]


@pytest.mark.parametrize(
    "rows, why",
    [
        ([{"number": "1", "name": ""}], "it has no step"),
        ([{"number": "1", "name": "A", "after": "2"}, {"number": "2", "name": "B"}], "does not stand before"),
        ([{"number": "1", "name": "A", "due_hour": "25"}], "less than or equal to 23"),
        ([{"number": "1", "name": "A", "owner_role": "CASHIER"}], "Select a valid choice"),
    ],
)
def test_a_checklist_that_cannot_be_worked_is_told_so(facility, gil, rows, why):
    where = reverse("ledger:checklist-definition", args=[facility.legal_entity.code])

    answer = gil.post(where, steps_sent(*rows))

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert checklist(legal_entity=facility.legal_entity) == []


def test_an_approver_reads_the_checklist_and_changes_nothing(facility, finn):
    where = [facility.legal_entity.code]

    answer = finn.post(
        reverse("ledger:checklist-definition", args=where), steps_sent({"number": "1", "name": "A"})
    )

    assert "Keep the checklist" not in answer.content.decode()
    assert checklist(legal_entity=facility.legal_entity) == []


def test_other_steps_are_proposed_approved_and_declined_on_the_page(facility, gil, finn):
    where = [facility.legal_entity.code]
    page = reverse("ledger:checklist-definition", args=where)
    told(gil, "checklist-definition", where, steps_sent({"number": "1", "name": "Count the safe"}))

    assert "Propose these steps" in gil.get(page).content.decode()
    sent = steps_sent({"number": "1", "name": "Count the safe twice"})
    assert "count once another person approves" in told(gil, "checklist-definition", where, sent)
    assert "Approve these steps" not in gil.get(page).content.decode()
    assert "another person must approve" in told(gil, "checklist-approval", where)
    assert "needs a reason" in told(finn, "checklist-declination", where)
    assert "stay as they are" in told(finn, "checklist-declination", where, {"reason": "Once is enough"})
    assert finn.post(reverse("ledger:checklist-approval", args=where)).status_code == 404
    told(gil, "checklist-definition", where, sent)
    assert "Close checklists to decide" in finn.get("/").content.decode()
    assert "The next close starts with these" in told(finn, "checklist-approval", where)

    assert [step.name for step in checklist(legal_entity=facility.legal_entity)] == ["Count the safe twice"]


def test_a_stale_tie_out_says_why_and_is_not_signed(facility, where, gil, finn):
    told(gil, "tie-out-taking", where)
    row = TieOut.objects.get(role="cash.drawer")
    make.entry(facility)

    page = finn.get(reverse("ledger:period-detail", args=where)).content.decode()

    assert "a posting came since: take it again" in page
    assert "no longer says how things are" in told(finn, "tie-out-signature", [*where, row.public_id])


def test_a_tie_out_opens_the_postings_of_its_book_figure_as_they_were_then(facility, where, gil, eve):
    make.entry(facility, postings=make.lines(125_00, debit="cash.drawer", credit="income.other"))
    told(eve, "tie-out-taking", where)
    make.entry(facility, postings=make.lines(9_00, debit="cash.drawer", credit="income.other"))

    content = gil.get(reverse("ledger:period-detail", args=where)).content.decode()
    address = re.search(r'href="([^"]*role=cash.drawer[^"]*)">\$125\.00<', content)
    assert address
    rows = gil.get(unescape(address[1])).content.decode()

    assert "Total of 1 posting: $125.00" in rows


def test_a_period_leads_to_the_statements_of_its_days(where, gil):
    content = gil.get(reverse("ledger:period-detail", args=where)).content.decode()

    for name in ("trial-balance", "receivable-list", "entry-list", "gl-batch-list"):
        asked = f"?entity={where[0]}&amp;since=2026-03-01&amp;until=2026-03-31"
        assert f'href="{reverse(f"ledger:{name}")}{asked}"' in content
