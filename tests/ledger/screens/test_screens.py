"""Every screen of the book shows what was posted, to those who may see it."""

import pytest
from django.test import Client
from django.urls import reverse

from ledger.commands import approve_gl_batch, build_gl_batch, hard_close, reject_gl_batch
from ledger.models import Period
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def entry(facility):
    return make.entry(facility, postings=make.lines(125_00, reference="ses_1"))


@pytest.fixture
def controller(facility) -> Client:
    return access.signed_in(access.user("CONTROLLER", facilities=[facility]))


def shown(client, name, *args, **query):
    response = client.get(reverse(f"ledger:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_trial_balance_leads_to_the_statement_the_entry_and_its_totals(controller, facility, entry):
    entity = facility.legal_entity.code
    until = make.DAY.isoformat()

    table = shown(controller, "trial-balance", until=until)
    statement = shown(controller, "account-detail", entity, "1005", until=until)
    detail = shown(controller, "entry-detail", entry.public_id)

    assert "$125.00" in table
    assert "In balance" in table
    assert reverse("ledger:account-detail", args=[entity, "1005"]) in table
    assert reverse("ledger:entry-detail", args=[entry.public_id]) in statement
    assert "ses_1" in detail


def test_the_trial_balance_takes_a_stated_number_of_queries(
    controller, facility, entry, django_assert_max_num_queries
):
    shown(controller, "trial-balance")  # the first page after signing in also renews the session

    with django_assert_max_num_queries(6):
        shown(controller, "trial-balance")


def test_the_journal_and_the_open_items_show_the_entry(controller, facility, entry):
    day = make.DAY.isoformat()

    assert entry.public_id in shown(controller, "entry-list", since=day, until=day)
    assert "ses_1" in shown(controller, "open-item-list", role="cash.drawer")


def test_empty_lists_say_what_to_do(controller, facility):
    for name in ["trial-balance", "entry-list", "gl-batch-list", "open-item-list"]:
        assert 'class="empty"' in shown(controller, name)


def test_a_batch_is_listed_shown_and_downloaded_with_the_same_bytes(controller, facility, entry):
    batch = make.released_batch(facility)

    assert batch.number in shown(controller, "gl-batch-list")
    assert "1005" in shown(controller, "gl-batch-detail", batch.public_id)
    address = reverse("ledger:gl-batch-download", args=[batch.public_id, "csv"])
    assert controller.get(address).getvalue() == controller.get(address).getvalue()


def test_no_byte_is_handed_out_before_approval_and_after_rejection(controller, facility, entry):
    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    address = reverse("ledger:gl-batch-download", args=[batch.public_id, "csv"])

    assert "no file of it is handed out" in controller.get(address, follow=True).content.decode()
    approve_gl_batch(batch=batch, actor=make.person("approver"))
    assert controller.get(address).getvalue()
    reject_gl_batch(batch=batch, reason="Wrong day", actor=make.person("rejecter"))
    assert "is rejected" in controller.get(address, follow=True).content.decode()


def test_other_facilities_are_as_if_they_were_not(entry, facility):
    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    foreign = access.signed_in(access.user("CONTROLLER", facilities=[make.book()]))

    for name, *args in [
        ("entry-detail", entry.public_id),
        ("account-detail", facility.legal_entity.code, "1005"),
        ("gl-batch-detail", batch.public_id),
        ("gl-batch-download", batch.public_id, "csv"),
    ]:
        assert foreign.get(reverse(f"ledger:{name}", args=args)).status_code == 404


def test_closing_and_reopening_a_month_on_screen(controller, facility):
    where = [facility.legal_entity.code, "2026-03"]
    other = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    controller.post(reverse("ledger:period-soft-closure", args=where))
    controller.post(reverse("ledger:period-closure", args=where))
    assert Period.objects.get().state == "HARD"

    controller.post(reverse("ledger:period-reopening-request", args=where), {"reason": "Late invoice"})
    own = controller.post(reverse("ledger:period-reopening", args=where), follow=True)
    assert "another person must approve" in own.content.decode()
    assert "Approve reopening" in shown(other, "period-list")
    other.post(reverse("ledger:period-reopening", args=where))

    assert Period.objects.get().state == "OPEN"


def test_a_reopening_is_declined_with_a_reason_or_withdrawn(controller, facility):
    where = [facility.legal_entity.code, "2026-03"]
    decline = reverse("ledger:period-reopening-declination", args=where)
    asking = reverse("ledger:period-reopening-request", args=where)
    other = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    hard_close(period_id=Period.objects.get().pk, actor=access.user("CONTROLLER"))

    controller.post(asking, {"reason": "Late invoice"})
    assert "Decline" in other.get(reverse("ledger:period-detail", args=where)).content.decode()
    assert "Say why" in other.post(decline, follow=True).content.decode()
    told = other.post(decline, {"reason": "Post it in April"}, follow=True).content.decode()
    assert "stays hard closed" in told
    assert "awaits another person" not in told
    assert other.post(decline, {"reason": "Again"}).status_code == 404
    controller.post(asking, {"reason": "Late invoice"})
    assert "Withdraw" in controller.get(reverse("ledger:period-detail", args=where)).content.decode()
    assert Period.objects.get().state == "HARD"


def test_a_reopening_without_a_reason_keeps_the_form(controller, facility):
    hard_close(period_id=Period.objects.get().pk, actor=access.user("CONTROLLER"))
    where = reverse("ledger:period-reopening-request", args=[facility.legal_entity.code, "2026-03"])

    answer = controller.post(where, {"reason": " "})

    assert "Error:" in answer.content.decode()


def test_an_auditor_reads_and_changes_nothing(facility, entry):
    auditor = access.signed_in(access.user("AUDITOR", facilities=[facility]))
    where = [facility.legal_entity.code, "2026-03"]

    assert "Soft close" not in shown(auditor, "period-list")
    for name in [
        "period-soft-closure",
        "period-closure",
        "period-reopening",
        "period-reopening-declination",
    ]:
        assert auditor.post(reverse(f"ledger:{name}", args=where)).status_code == 403
    assert auditor.get(reverse("ledger:period-closure", args=where)).status_code == 403
